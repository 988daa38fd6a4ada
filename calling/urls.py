"""What browsers and probes ask the gateway for over HTTP."""

from django.urls import URLPattern

app_name = "calling"
urlpatterns: list[URLPattern] = []
