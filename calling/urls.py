"""What browsers and probes ask the gateway for over HTTP."""

from django.urls import path

from calling import views
from calling.gateway import check_page

app_name = "calling"
urlpatterns = [
    path("api/v1/ice-servers", views.ice_servers, name="ice-servers"),
    path("api/v1/widget/rating", views.rating, name="rating"),
    path("api/v1/widget/unreached", views.unreached, name="unreached"),
    path("api/v1/widget/missed", views.missed, name="missed"),
    path("check", check_page.page, name="check"),
    path("health", views.health, name="health"),
]
