"""The calling room: what happens: sessions, lines, recordings, conversations."""

from django.apps import AppConfig


class CallingConfig(AppConfig):
    name = "calling"
