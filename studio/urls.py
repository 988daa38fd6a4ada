"""The site map."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("studio.console_urls")),
    path("", include("widgets.urls")),
    path("", include("calling.urls")),
    path("raw-admin/", admin.site.urls),
]
