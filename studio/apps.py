"""The studio app: the console, and the start-up work of every process."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        from studio import checks, logs  # noqa: F401 (checks register themselves)

        logs.set_up()
