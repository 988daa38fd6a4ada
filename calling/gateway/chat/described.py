"""The addresses that the OpenAPI document describes: the messaging API's, and no others of this site."""

from django.urls import path

from calling.gateway.chat import views

urlpatterns = [
    path("api/v1/access-token", views.AccessToken.as_view()),
    path("api/v1/sessions", views.Sessions.as_view()),
    path("api/v1/chat/rating", views.Rating.as_view()),
]
