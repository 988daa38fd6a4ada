"""The agents room, who answers: words and voice, versions, and the engine that hears, thinks and speaks."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "agents"
