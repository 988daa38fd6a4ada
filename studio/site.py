"""The console's site: a Django admin site with pages of our own, one way in, and one way out."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from studio.pages.base import NoProjects, first_project
from studio.pages.people.login import SignIn


class Console(AdminSite):
    """Everybody with a membership may come in; what they may do there, each page asks agents/people/roles.py."""

    site_title = "Pickup"
    site_header = "Pickup"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_active

    def get_urls(self) -> list[URLPattern]:
        """The doors of the console. The pages behind them are listed in console_urls.py."""
        return [
            path("", self.index, name="index"),
            path("login/", self.login, name="login"),
            path("logout/", LogoutView.as_view(next_page="console:login", http_method_names=["post"]), name="logout"),
        ]

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return SignIn.as_view(extra_context=extra_context)(request)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """On to the project last looked at, or the first one; a plain page for somebody who is in none."""
        return first_project(request) or NoProjects.as_view()(request)


console = Console(name="console")
