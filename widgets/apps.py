"""The widgets room: who may call, and what they see."""

from django.apps import AppConfig


class WidgetsConfig(AppConfig):
    name = "widgets"

    def ready(self) -> None:
        from widgets.admission import cors

        cors.connect()
