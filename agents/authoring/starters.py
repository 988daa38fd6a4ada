"""A new project, from a starter: a small agent that already answers, to be made one's own.

The starters are starters/LANGUAGE/*.json, one file each: name, greeting, topics, one row of variants. Each is written
anew in its language, not translated line by line. A language without them begins with English ones.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import flows, languages, topics
from agents.locks import check_mark, locked, mark_of
from agents.models import Agent, Member, Project, Role, Variant
from agents.people import audit

FOLDER = Path(__file__).with_name("starters")
NAME_MOST = 60
SETTINGS = ("name", "time_zone")  # of a project, as one page shows them
BLANK = "blank"
ENGLISH = "en"  # stands in for languages that nothing is written in
WRITTEN = (ENGLISH, "de")
# Addresses of the console that are not projects.
RESERVED = frozenset({"account", "invitation", "login", "logout", "new", "search", "static"})

WORDS: dict[str, tuple[Any, Any]] = {
    BLANK: (gettext_lazy("Blank"), gettext_lazy("A greeting and nothing else. You write the rest.")),
    "restaurant": (
        gettext_lazy("Restaurant"),
        gettext_lazy("Opening hours, tables, the menu, allergies, parking, takeaway."),
    ),
    "dentist": (
        gettext_lazy("Dentist"),
        gettext_lazy("Pain, appointments, cleaning, costs, children, fear."),
    ),
    "clinic": (
        gettext_lazy("Clinic"),
        gettext_lazy("Surgery hours, appointments, prescriptions, what to bring, emergencies."),
    ),
    "shop": (
        gettext_lazy("Shop"),
        gettext_lazy("Opening hours, delivery, returns, payment, guarantee, gift cards."),
    ),
    "hotel": (
        gettext_lazy("Hotel"),
        gettext_lazy("Rooms, arriving and leaving, breakfast, parking, pets, families."),
    ),
    "law": (
        gettext_lazy("Law office"),
        gettext_lazy("Appointments, costs, deadlines, what to bring, confidentiality."),
    ),
}


class BadName(ValueError):
    """The project cannot have that name; the text says why."""


@dataclass(frozen=True, slots=True)
class Starter:
    key: str
    language: str  # that its texts are written in
    agent: dict[str, str]
    topics: list[dict[str, Any]]
    variant: dict[str, Any]

    @property
    def name(self) -> str:
        return str(WORDS[self.key][0])

    @property
    def description(self) -> str:
        return str(WORDS[self.key][1])


def read(key: str, language: str = ENGLISH) -> Starter:
    """One starter in a language, or in English where it is not written in that. Raises KeyError for an unknown one."""
    if key not in WORDS:
        raise KeyError(key)
    short = language.split("-")[0].lower()
    return _read(key, short if short in WRITTEN else ENGLISH)


@cache
def _read(key: str, language: str) -> Starter:
    found = json.loads((FOLDER / language / f"{key}.json").read_text(encoding="utf-8"))
    return Starter(key, language, found["agent"], found["topics"], found["variant"])


def every(language: str = ENGLISH) -> list[Starter]:
    return [read(key, language) for key in WORDS]


def untouched(config: dict[str, Any]) -> list[str]:
    """The topics of a frozen draft or version that still answer in a starter's words, which nobody has looked at."""
    return [row["name"] for row in config["topics"] if row["content"] in _given_words()]


@cache
def _given_words() -> frozenset[str]:
    return frozenset(topic["content"] for code in WRITTEN for starter in every(code) for topic in starter.topics)


@transaction.atomic
def create_project(name: str, starter: Starter, by: AbstractBaseUser) -> Project:
    """A project that its maker owns, filled from a starter, in its language. Nothing is published. Raises BadName."""
    name = clean_name(name)
    project = _with_free_slug(name)
    Member.objects.create(project=project, user=by, role=Role.OWNER)
    voice = {} if starter.language == ENGLISH else {"voice": languages.best_voice(starter.language)}
    Agent.objects.create(project=project, language=starter.language, **voice, **starter.agent)
    row = starter.variant
    Variant.objects.create(
        project=project,
        key=row["key"],
        name=row["name"],
        is_default=True,
        attributes={**row["attributes"], "business": name},
    )
    audit.record(by, "project.create", project, project, starter=starter.key, language=starter.language)
    if starter.topics:
        topics.import_topics(project, starter.topics, by=by)
    return project


@locked
def rename_project(project: Project, name: str, by: AbstractBaseUser) -> bool:
    """Another name; the address stays, because links to it are out in the world. Holds the project. Raises BadName."""
    name, before = clean_name(name), project.name
    if name == before:
        return False
    project.name = name
    project.save(update_fields=["name"])
    audit.record(by, "project.rename", project, project, before=before)
    return True


@locked
def save_settings(project: Project, name: str, zone: str, by: AbstractBaseUser, *, seen: str | None = None) -> bool:
    """Name and time zone, as one page shows them; True for another name. `seen`: the mark of what somebody was shown.

    Holds the project. Raises Stale, BadName, and ValueError for a place that nobody knows.
    """
    check_mark(seen, mark_of(project, SETTINGS))
    renamed = rename_project(project, name, by=by)
    flows.set_time_zone(project, zone, by=by)
    return renamed


def clean_name(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip()
    if not name:
        raise BadName(_("Give the project a name."))
    if len(name) > NAME_MOST:
        raise BadName(_("At most %d characters.") % NAME_MOST)
    return name


def _with_free_slug(name: str) -> Project:
    """The name as an address; with a number behind it where another project has it already."""
    base = slugify(name)[:50] or "project"
    taken = set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    slug = base if base not in taken else next(slug for slug in numbered if slug not in taken)
    try:
        with transaction.atomic():
            return Project.objects.create(name=name, slug=slug)
    except IntegrityError:  # somebody took it just now
        return _with_free_slug(name)
