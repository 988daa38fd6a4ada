"""The site map."""

from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from studio import demo_views
from studio.running import health

urlpatterns = [
    path("favicon.ico", lambda _: redirect(static("studio/favicon.svg"))),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("demo/", demo_views.page, name="demo"),
    path("demo/chat/", demo_views.page, {"chat": True}, name="demo-chat"),
    path("demo/api/", demo_views.api, name="demo-api"),
    path("demo/api/chat/", demo_views.chat_api, name="demo-chat-api"),
    path("demo/consent/", demo_views.page, {"consent": True}, name="demo-consent"),
    path("", include("widgets.urls")),
    path("", include("calling.urls")),
    # One door with one count of wrong passwords: the admin's own login has none.
    path("raw-admin/login/", RedirectView.as_view(pattern_name="console:login", query_string=True)),
    path("raw-admin/", admin.site.urls),
    path("console/account/", include("studio.account_urls")),
    path("", include("studio.console_urls")),
]
