"""The demo project: a bicycle shop with an agent, its topics and two call buttons, made once and then left alone.

What its user changes afterwards stays changed; only what a sign-in needs is put right on a later run.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.urls import reverse

from agents.authoring import flows, publish, tools, topics
from agents.authoring.rehearsals import writing
from agents.models import Agent, Environment, Member, Project, Role, Variant
from studio.checks import is_local
from studio.running import demo_service
from widgets import actions
from widgets.admission import call_page
from widgets.install import embed
from widgets.models import CallPage, Kind, Widget

USER = "demo"
SLUG = "harbour-bikes"
TOPICS_FILE = Path(__file__).with_name("demo_topics.json")
FLOWS_FILE = Path(__file__).with_name("demo_flows.json")
TOOLS_FILE = Path(__file__).with_name("demo_tools.json")  # of the service that runs beside it
REHEARSALS_FILE = Path(__file__).with_name("demo_rehearsals.json")
GERMAN_FILE = Path(__file__).with_name("demo_german.json")  # the same topics' German words, by name
GERMAN_FLOWS_FILE = Path(__file__).with_name("demo_german_flows.json")
GREETING = "Hello, this is Robin at ${variant_shop}. How can I help you?"
GERMAN = {
    "voice": "pico:de-DE",
    "greeting": "Guten Tag, hier ist Robin von ${variant_shop}. Wie kann ich Ihnen helfen?",
}
PLAIN, CONSENTING, CHAT = "Shop page", "Shop page with consent", "Shop chat"
APP_ID = "com.example.harbourbikes"
DISCLAIMER = (
    "By starting the call you agree that you talk with a computer voice and that the call is recorded, as our "
    "{{privacyPolicyUrl}} and {{termsUrl}} describe."
)
_CONFIGS: dict[str, dict[str, Any]] = {
    PLAIN: {"style": {"launcher_label": "Call us"}, "recording": "on"},
    CONSENTING: {
        "style": {"launcher_label": "Call us", "theme": "auto"},
        "consent": {"enabled": True, "message": DISCLAIMER},
        "policies": {
            "enabled": True,
            "privacy_url": "https://example.com/privacy",
            "terms_url": "https://example.com/terms",
        },
        "recording": "after_consent",
    },
}


@dataclass(frozen=True, slots=True)
class Demo:
    project: Project
    fresh_password: str  # only on the run that made it


def site_origin() -> str:
    """Where the demo customer site is: the same server under its other local name, so another origin. "" elsewhere."""
    parts = urlsplit(settings.PUBLIC_URL)
    other = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}.get(parts.hostname or "")
    if not other or not is_local(settings.PUBLIC_URL):
        return ""
    return f"{parts.scheme}://{other}" + (f":{parts.port}" if parts.port else "")


def site_url() -> str:
    origin = site_origin()
    return f"{origin}/demo/" if origin else ""


def page_url(widget: Widget) -> str:
    """The page of the demo site that shows this widget."""
    url = site_url()
    if url and widget.kind == Kind.CHAT:
        return f"{url}chat/"
    return f"{url}consent/" if url and _asks_consent(widget) else url


def where_password(fresh: str) -> str:
    """The password itself on the run that made it, later where it is."""
    if settings.DEMO_PASSWORD:
        return "the one in STUDIO_DEMO_PASSWORD"
    return fresh or f"in {password_file()}"


def find() -> Project | None:
    return Project.objects.filter(slug=SLUG).first()


def password_file() -> Path:
    return settings.DATA_DIR / "demo_password"


@transaction.atomic
def make() -> Demo:
    user, fresh = _user()
    project, created = Project.objects.get_or_create(slug=SLUG, defaults={"name": "Harbour Bikes"})
    Member.objects.get_or_create(project=project, user=user, defaults={"role": Role.OWNER})
    if created:
        _fill(project, user)
    return Demo(project, fresh)


def describe() -> dict[str, Any]:
    """What outside drivers need to know, in a documented shape. Null: not there."""
    project = find()
    if project is None:
        raise LookupError("The demo project is not there.")
    return {
        "console": {"url": settings.CONSOLE_URL, "user": USER, "password": _known_password()},
        "site": {"url": site_url() or None},
        "widgets": [
            {**shown, "kind": widget.kind, **({"app": _app(widget)} if widget.kind == Kind.CHAT else {})}
            for widget, shown in ((widget, show(widget)) for widget in project.widgets.order_by("id"))
        ],
        "topics": [
            {"name": topic.name, "samples": topic.samples, "content": topic.content}
            for topic in project.topics.filter(active=True)
        ],
        "call_page": _call_page(project),
        "api_page": f"{site_url()}api/" if site_url() else None,
        "check_page": f"{settings.PUBLIC_URL}{reverse('calling:check')}",
    }


def show(widget: Widget) -> dict[str, Any]:
    return {
        "name": widget.name,
        "code": widget.code,
        "script": embed.script_url(widget),
        "page": page_url(widget) or None,
        "consent": _asks_consent(widget),
    }


def _app(widget: Widget) -> dict[str, str] | None:
    """What an app shows for this widget, as far as this machine knows it."""
    if widget.kind != Kind.CHAT or not app_file().exists():
        return None
    kept: dict[str, str] = json.loads(app_file().read_text(encoding="utf-8"))
    return kept


def app_file() -> Path:
    """The tokens of the demo's app: they are told once, and the database has only their digests."""
    return settings.DATA_DIR / "demo_app.json"


def _call_page(project: Project) -> str | None:
    """The address of a call page that is open."""
    pages = CallPage.objects.filter(widget__project=project).order_by("id")
    return next((call_page.url(page) for page in pages if call_page.is_open(page)), None)


def _asks_consent(widget: Widget) -> bool:
    return bool((widget.published or widget.draft).get("consent", {}).get("enabled"))


def _fill(project: Project, user: AbstractBaseUser) -> None:
    Agent.objects.create(project=project, name="Robin", greeting=GREETING, wordings={"de": GERMAN})
    Variant.objects.create(
        project=project, key="harbour", name="Harbour", is_default=True, attributes={"shop": "Harbour Bikes"}
    )
    german = json.loads(GERMAN_FILE.read_text(encoding="utf-8"))
    known = json.loads(TOPICS_FILE.read_text(encoding="utf-8"))
    topics.import_topics(project, [{**one, "wordings": {"de": german[one["name"]]}} for one in known], by=user)
    desk = json.loads(TOOLS_FILE.read_text(encoding="utf-8"))
    keys = {one["name"]: {demo_service.KEY_HEADER: demo_service.key(settings.DATA_DIR)} for one in desk}
    tools.import_tools(project, desk, by=user, secrets=keys)
    german = json.loads(GERMAN_FLOWS_FILE.read_text(encoding="utf-8"))
    collected = json.loads(FLOWS_FILE.read_text(encoding="utf-8"))
    flows.import_flows(project, [{**one, "wordings": {"de": german[one["name"]]}} for one in collected], by=user)
    writing.import_rehearsals(project, json.loads(REHEARSALS_FILE.read_text(encoding="utf-8")), by=user)
    for environment in (Environment.SANDBOX, Environment.LIVE):
        publish.publish(project, by=user, note="The demo as it comes", environment=environment)
    site = urlsplit(site_origin()).hostname or ""
    phones = {
        name: actions.create_widget(project, by=user, name=name, address=site, environment=Environment.LIVE)
        for name in _CONFIGS
    }
    _add_chat(project, user, site)
    # The Phones are edited last: the console opens on one of them.
    for name, config in _CONFIGS.items():
        widget = phones[name]
        actions.save_draft(widget, config, by=user)
        actions.publish_widget(widget, by=user)
        if name == PLAIN:
            live = str(Environment.LIVE)
            actions.save_call_page(widget, by=user, enabled=True, environment=live, expires_at=None)


def _add_chat(project: Project, user: AbstractBaseUser, site: str) -> None:
    """A chat beside the Phone, on the site and for an app."""
    live = Environment.LIVE
    chat = actions.create_widget(project, by=user, name=CHAT, address=site, environment=live, kind=Kind.CHAT)
    actions.save_draft(chat, {**chat.draft, "rating": True}, by=user)
    actions.publish_widget(chat, by=user)
    actions.save_app_access(chat, by=user, enabled=True, app_ids=[APP_ID])
    token, calling_token = actions.new_app_token(chat, by=user), actions.new_calling_token(chat, by=user)
    _keep(app_file(), json.dumps({"token": token, "calling_token": calling_token, "host": APP_ID}))


def _user() -> tuple[AbstractBaseUser, str]:
    """The demo's user, able to sign in; and the password when it was made just now."""
    user = get_user_model().objects.filter(username=USER).first()
    given = settings.DEMO_PASSWORD
    if user and (user.check_password(given) if given else password_file().exists()):
        return user, ""
    password = given or secrets.token_urlsafe(12)
    user = user or get_user_model()(username=USER)
    user.set_password(password)
    user.save()
    if not given:
        _keep(password_file(), password)
    return user, "" if given else password


def _keep(path: Path, secret: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret)


def _known_password() -> str | None:
    """The password as far as this machine knows it; None once the user has chosen another."""
    user = get_user_model().objects.filter(username=USER).first()
    known = settings.DEMO_PASSWORD or (password_file().read_text() if password_file().exists() else "")
    return known if user and known and user.check_password(known) else None
