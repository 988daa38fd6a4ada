"""Loader, types, page of the API and its document name the same commands and events."""

import re
from pathlib import Path

import pytest

from studio import demo_api, demo_chat_api

ROOT = Path(__file__).resolve().parent.parent
TYPES = (ROOT / "docs" / "polyphone-api.d.ts").read_text(encoding="utf-8")
LOADER = (ROOT / "static" / "widget" / "loader" / "api.js").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "page-api.md").read_text(encoding="utf-8")


def names(variable):
    found = re.search(rf"{variable} = (.*?)\.split", LOADER, re.DOTALL)
    return " ".join(re.findall(r"'([^']*)'", found[1])).split()


COMMANDS = {*names("COMMANDS"), "isConnected", "getCurrentSession", "off", "destroy"}
EVENTS = {f"on{name}" for name in names("EVENTS")}
MEMBERS = re.search(r"interface PolyphoneAPI \{(.*?)\n\}", TYPES, re.DOTALL)[1]


def test_the_types_have_every_command_and_event_and_nothing_else():
    assert len(COMMANDS) == 12 and len(EVENTS) == 18
    assert set(re.findall(r"^  (\w+)[(<]", MEMBERS, re.MULTILINE)) == COMMANDS | EVENTS
    for name in re.findall(r"(on\w+)\(handler", MEMBERS):
        key = name[2].lower() + name[3:]
        assert f"{name}(handler: PolyphoneEvents['{key}']): void;" in MEMBERS
        assert re.search(rf"^  {key}: ", TYPES, re.MULTILINE)


def test_the_demo_page_runs_every_command_and_hears_every_event():
    assert {one.name for one in demo_api.COMMANDS} == COMMANDS
    assert {one.name for one in demo_api.EVENTS} == EVENTS


@pytest.mark.parametrize("one", demo_api.COMMANDS, ids=lambda one: one.name)
def test_the_pages_signatures_are_those_of_the_types(one):
    assert f"  {one.signature};\n" in MEMBERS


@pytest.mark.parametrize("one", demo_api.EVENTS, ids=lambda one: one.name)
def test_the_pages_payloads_are_those_of_the_types(one):
    assert f"  {one.key}: {one.payload} => void;\n" in TYPES


def test_the_document_names_them_all():
    assert {name for name in COMMANDS | EVENTS if f"`{name}" not in DOCUMENT} == set()


CHAT = (ROOT / "static" / "widget" / "loader" / "webchat.js").read_text(encoding="utf-8")
CHAT_TYPES = (ROOT / "docs" / "webchat-api.d.ts").read_text(encoding="utf-8")


def test_what_a_chat_has_for_pages_is_what_its_types_and_its_document_say():
    events = re.search(r"EVENTS = '([^']*)'", CHAT)[1].split()
    held = re.search(r"var api = \{(.*?)\n\};", CHAT, re.DOTALL)[1]
    has = {*re.findall(r"^  (\w+):", held, re.MULTILINE), *(f"on{name}" for name in events)}
    members = re.search(r"interface WebchatAPI \{(.*?)\n\}", CHAT_TYPES, re.DOTALL)[1]

    assert len(has) == 22 and set(re.findall(r"^  (\w+)[(<]", members, re.MULTILINE)) == has
    signatures = [one.signature for one in demo_chat_api.COMMANDS]
    assert {one.name for one in [*demo_chat_api.COMMANDS, *demo_chat_api.EVENTS]} == has, "all of it runs on its page"
    assert [one for one in signatures if f"  {one};\n" not in members] == []
    payloads = [f"  {one.key}: {one.payload} => void;\n" for one in demo_chat_api.EVENTS]
    assert [one for one in payloads if one not in CHAT_TYPES] == []
    assert {
        name for name in has if f"`{name}" not in (ROOT / "docs" / "chat-api.md").read_text(encoding="utf-8")
    } == set()
