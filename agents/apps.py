"""The agents room: who answers: an agent's words and voice, its versions, and the engine that hears, thinks and speaks."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "agents"
