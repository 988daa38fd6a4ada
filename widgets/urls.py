"""What visitors' browsers ask for: the script, the frame, and its credentials."""

from django.urls import path, re_path

from widgets import endpoints, views

app_name = "widgets"
urlpatterns = [
    # Whatever stands where a code should, the page gets a script: one console line tells its developer what is wrong.
    re_path(r"^widget/(?P<code>[^/]{1,200})\.js$", views.loader, name="script"),
    path("widget/<str:code>/frame", views.frame, name="frame"),
    path("api/v1/widget/grant", endpoints.grant, name="grant"),
    path("api/v1/widget/consent", endpoints.record_consent, name="consent"),
    path("api/v1/widget/ticket", endpoints.ticket, name="ticket"),
]
