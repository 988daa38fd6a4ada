"""A published widget on a listed site, a gateway with room, and a way to see that nothing changed."""

import json
import re

import pytest
from django.apps import apps
from django.conf import settings

from agents.authoring import publish
from widgets import actions
from widgets.admission import access, credentials
from widgets.refusals import Refused

SITE = "https://shop.example.com"
SETTINGS = ("back", "code", "colours", "consent", "frame", "hosts", "label", "name", "no", "side", "theme", "x", "y")
LOADER = "(function (settings) { say(" + ", ".join(f"settings.{name}" for name in SETTINGS) + "); })(/*SETTINGS*/{});\n"


def settings_in(response):
    """What a served script was given, by name."""
    held = re.search(rb"\}\)\((.*)\);?\s*$", response.content, re.DOTALL)[1]
    return dict(zip(SETTINGS, json.loads(b"[" + held + b"]"), strict=True))


@pytest.fixture
def widget(project):
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="Shop phone", address="example.com")
    actions.publish_widget(widget, by=None)
    return widget


@pytest.fixture
def asking_widget(widget):
    """The same widget, with a wording that visitors agree to first."""
    draft = widget.draft | {
        "consent": {"enabled": True, "message": "You agree to our {{privacyPolicyUrl}}.", "button": "I agree"},
        "policies": {"enabled": True, "privacy_url": "https://example.com/privacy", "terms_url": ""},
    }
    actions.save_draft(widget, draft, by=None)
    actions.publish_widget(widget, by=None)
    return widget


@pytest.fixture
def room(monkeypatch):
    """A gateway that answers; `room["free"] = False` fills the house."""
    state = {"free": True}

    def check(claim):
        state["asked"] = claim
        if not state["free"]:
            raise Refused(state.get("code", "FULL"))

    monkeypatch.setattr(access, "_room", check)
    monkeypatch.setattr(access, "_ice", lambda admitted: [{"urls": "stun:stun.example.com"}])
    return state


@pytest.fixture
def grant(widget):
    return credentials.make_grant(widget.code, SITE)


@pytest.fixture
def post(client):
    """Asks one of the frame's endpoints as our own frame would."""

    def send(name, body, **headers):
        headers = {"Origin": settings.PUBLIC_URL} | headers
        data = body if isinstance(body, bytes) else json.dumps(body)
        return client.post(f"/api/v1/widget/{name}", data, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def rows():
    """Every row of the four rooms, but for the counter of refused hosts."""

    def read():
        found = {}
        for label in ("agents", "widgets", "calling"):
            for model in apps.get_app_config(label).get_models():
                if model.__name__ != "RefusedHost":
                    found[model.__name__] = list(model.objects.order_by("pk").values())
        return found

    return read


def code_of(response):
    return response.json()["error"]["code"]
