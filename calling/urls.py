"""What browsers and probes ask the gateway for over HTTP."""

from django.urls import path

from calling import views
from calling.gateway import check_page
from calling.gateway.chat import pages
from calling.gateway.chat import views as messaging

app_name = "calling"
urlpatterns = [
    path("api/v1/access-token", messaging.AccessToken.as_view(), name="access-token"),
    path("api/v1/sessions", messaging.Sessions.as_view(), name="sessions"),
    path("api/v1/chat/rating", messaging.Rating.as_view(), name="chat-rating"),
    path("api/v1/docs", pages.reference, name="api-reference"),
    path("api/v1/openapi.json", messaging.Description.as_view(), name="openapi"),
    path("api/v1/ice-servers", views.ice_servers, name="ice-servers"),
    path("api/v1/widget/rating", views.rating, name="rating"),
    path("api/v1/widget/unreached", views.unreached, name="unreached"),
    path("api/v1/widget/missed", views.missed, name="missed"),
    path("check", check_page.page, name="check"),
    path("health", views.health, name="health"),
]
