"""The studio app: the console, and the start-up work of every process."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"

    def ready(self) -> None:
        from calling.record import source_work, tasks  # noqa: F401  (it registers its work)
        from studio.running import logs, mail

        logs.set_up()
        tasks.register(mail.HANDLERS, {"notices": mail.LOOK_EVERY})
