"""What every page of the console derives from: the project by its address, the person's part in it, and the menu."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from agents.locks import Gone, Stale
from agents.models import Member, Project, Role
from agents.people import roles
from calling.record import notices
from studio.pages.draft import Draft

LAST_PROJECT = "last_project"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu. Only what works is in it, and a person sees only what their role may read."""

    key: str
    label: Any
    icon: str
    permission: str


MENU: list[tuple[Any, list[MenuEntry]]] = [
    (
        "",
        [
            MenuEntry("home", gettext_lazy("Home"), "home", "project.read"),
            MenuEntry("notices", gettext_lazy("Notices"), "bell", "project.read"),
        ],
    ),
    (
        gettext_lazy("Agent"),
        [
            MenuEntry("persona", gettext_lazy("Persona"), "persona", "agent.read"),
            MenuEntry("knowledge", gettext_lazy("Knowledge"), "book", "agent.read"),
            MenuEntry("flows", gettext_lazy("Flows"), "flow", "agent.read"),
            MenuEntry("tools", gettext_lazy("Tools"), "tool", "agent.read"),
            MenuEntry("variants", gettext_lazy("Variants"), "grid", "agent.read"),
            MenuEntry("languages", gettext_lazy("Languages"), "globe", "agent.read"),
        ],
    ),
    (
        gettext_lazy("Configure"),
        [
            MenuEntry("web_calling", gettext_lazy("Web Calling"), "phone", "widgets.read"),
            MenuEntry("voice", gettext_lazy("Agent voice"), "wave", "agent.read"),
            MenuEntry("model", gettext_lazy("Model"), "model", "agent.read"),
        ],
    ),
    (gettext_lazy("Channels"), [MenuEntry("voice_channel", gettext_lazy("Voice"), "mic", "agent.read")]),
    (
        "",
        [
            MenuEntry("conversations", gettext_lazy("Conversations"), "chat", "conversations.read"),
            MenuEntry("rehearsals", gettext_lazy("Rehearsals"), "rehearse", "agent.read"),
            MenuEntry("versions", gettext_lazy("Versions"), "layers", "versions.read"),
        ],
    ),
    (
        gettext_lazy("Settings"),
        [
            MenuEntry("members", gettext_lazy("Members"), "people", "members.read"),
            MenuEntry("audit", gettext_lazy("Audit"), "shield", "audit.read"),
            MenuEntry("project_settings", gettext_lazy("Project"), "gear", "project.edit"),
        ],
    ),
]


class ProjectPage(View):
    """A page inside a project. A stranger gets 404, so that nobody learns which projects exist; a member whose role
    may not, 403 with a plain page.

    `permission` is asked of every request, `write_permission` of those that change something besides.
    """

    permission: str
    write_permission: str = ""
    body_most: int  # of a request to a page that takes more than others (studio/running/intake.py)
    template_name: str = ""
    menu: str = ""
    title: Any = ""
    effect: str = ""  # when what is changed here is heard: "draft" (kept until a publish), "once" (at once)

    request: HttpRequest
    project: Project
    member: Member

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        with timezone.override(reader_zone(request)):
            self.member = self._membership(kwargs.pop("project"))
            self.project = self.member.project
            if request.session.get(LAST_PROJECT) != self.project.slug:
                request.session[LAST_PROJECT] = self.project.slug
            if not self._may_enter():
                return self.page("studio/not_allowed.html", status=403)
            try:
                response = super().dispatch(request, *args, **kwargs)
            except Gone as gone:  # deleted between the page's look and its write
                raise Http404 from gone
        return response

    def may(self, permission: str) -> bool:
        """As roles.may answers, without asking the database again: the membership is at hand."""
        if permission not in roles.ALL:
            raise ValueError(f"There is no permission {permission!r}.")
        return permission in self.permissions

    @cached_property
    def permissions(self) -> frozenset[str]:
        return roles.permissions_of(self.member)

    def may_write(self) -> bool:
        return self.may(self.write_permission or self.permission)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """The page, with what its class adds to every rendering and what this call gives."""
        shown = self.frame() | (self.context() if not template else {}) | context
        if status != 403:
            shown.setdefault("seen", self.seen or self.mark())
        return render(self.request, template or self.template_name, shown, status=status)

    def context(self) -> dict[str, Any]:
        """What the page's own template needs on every rendering."""
        return {}

    def mark(self) -> str:
        """Of what the page's form shows as it is kept now (agents/locks.py); empty where it has none."""
        return ""

    @property
    def seen(self) -> str | None:
        """The mark that came back with the form (studio/parts/seen.html)."""
        return self.request.POST.get("seen")

    def late(self, stale: Stale, **context: Any) -> HttpResponse:
        """Somebody else was faster, and nothing is kept. What was typed stays on the page; sent again, it wins."""
        return self.page(self.template_name, status=409, **context, seen=stale.now, late=True)

    def frame(self) -> dict[str, Any]:
        """What the frame of the console needs: the menu, the project, its agent, the other projects."""
        return {
            "title": self.title,
            "project": self.project,
            "agent": self.project.agent,
            "member": self.member,
            "other_projects": self._other_projects(),
            "may_create_projects": self.member.role == Role.OWNER or roles.may_create_projects(self.request.user),
            "menu": self._menu(),
            "may_write": self.may_write(),
            "effect": self.effect,
            "notices": notices.unread(self.member),
            "draft": self.draft if self.may("agent.read") else None,
        }

    @cached_property
    def draft(self) -> Draft:
        return Draft(self.project, self.may("agent.publish"), self.may("agent.edit"))

    def to(self, name: str, **kwargs: Any) -> HttpResponseRedirect:
        return redirect(self.address(name, **kwargs))

    def address(self, name: str, **kwargs: Any) -> str:
        return reverse(f"console:{name}", kwargs={"project": self.project.slug, **kwargs})

    def say(self, text: str) -> None:
        """A toast on the next page."""
        messages.success(self.request, text)

    def warn(self, text: str) -> None:
        messages.error(self.request, text)

    def _membership(self, slug: str) -> Member:
        members = Member.objects.select_related("project__agent")
        member = members.filter(user=self.request.user, project__slug=slug).first()
        if member is None:
            raise Http404
        return member

    def _may_enter(self) -> bool:
        needed = [self.permission]
        if self.request.method not in ("GET", "HEAD", "OPTIONS"):
            needed.append(self.write_permission or self.permission)
        return all(self.may(permission) for permission in needed)

    def _menu(self) -> list[dict[str, Any]]:
        groups = []
        for heading, entries in MENU:
            shown = [
                {"entry": entry, "url": self.address(entry.key), "here": entry.key == self.menu}
                for entry in entries
                if self.may(entry.permission)
            ]
            if shown:
                groups.append({"heading": heading, "entries": shown})
        return groups

    def _other_projects(self) -> list[Project]:
        return list(roles.projects_of(self.request.user).exclude(pk=self.project.pk)[:50])


def back(page: ProjectPage, otherwise: str, **kwargs: Any) -> HttpResponseRedirect:
    """To the page the form was on, when that is one of ours."""
    there = page.request.POST.get("next") or page.request.GET.get("next", "")
    if there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return HttpResponseRedirect(there)
    return page.to(otherwise, **kwargs)


class NoProjects(View):
    """Whoever may make projects is led to make one; others wait for an invitation."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if roles.may_create_projects(request.user):
            return redirect("console:project_new")
        return render(request, "studio/no_projects.html", {"title": _("No project yet")})


def first_project(request: HttpRequest) -> HttpResponse | None:
    """The way to the project last looked at, else the first by name; None for somebody who is in none."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    mine = roles.projects_of(request.user)
    project = mine.filter(slug=request.session.get(LAST_PROJECT, "")).first() or mine.first()
    return redirect("console:home", project=project.slug) if project else None


def reader_zone(request: HttpRequest) -> ZoneInfo:
    """The reader's time zone, as their browser told it (static/studio/theme.js); the server's where it did not."""
    try:
        return ZoneInfo(request.COOKIES.get("pickup_zone", "").replace("%2F", "/"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.get_default_timezone()
