"""The studio app: the console, and the start-up work of every process."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        from studio.running import logs

        logs.set_up()
