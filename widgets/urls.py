"""What visitors' browsers ask for: the script, the frame, and its credentials."""

from django.urls import URLPattern

app_name = "widgets"
urlpatterns: list[URLPattern] = []
