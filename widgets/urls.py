"""What visitors' browsers ask for: the script, the frame, and its credentials."""

from django.urls import path, re_path

from widgets.admission import chat_tickets, endpoints
from widgets.delivery import frame, page_views

app_name = "widgets"
urlpatterns = [
    # Whatever stands where a code should, the page gets a script: one console line tells its developer what is wrong.
    re_path(r"^widget/(?P<code>[^/]{1,200})\.js$", frame.loader, name="script"),
    path("widget/picture/<str:digest>", frame.picture, name="picture"),
    path("widget/<str:code>/frame", frame.frame, name="frame"),
    path("call/<str:slug>", page_views.page, name="call_page"),
    path("call/<str:slug>/frame", page_views.page_frame, name="call_page_frame"),
    path("test/<str:token>", page_views.test, name="test_page"),
    path("test/<str:token>/widget.js", page_views.test_script, name="test_script"),
    path("test/<str:token>/frame", page_views.test_frame, name="test_frame"),
    path("api/v1/widget/grant", endpoints.grant, name="grant"),
    path("api/v1/widget/consent", endpoints.record_consent, name="consent"),
    path("api/v1/widget/ticket", endpoints.ticket, name="ticket"),
    path("api/v1/chat/ticket", chat_tickets.ticket, name="chat_ticket"),
]
