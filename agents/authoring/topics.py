"""Topics brought in from a list, all or none. A topic of the same name is replaced."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from agents.locks import locked
from agents.models import Project, Topic
from agents.people import audit

NAME_MOST = 100
SAMPLES_MOST = 20
SAMPLE_MOST = 200
CONTENT_MOST = 2000
TOPICS_MOST = 2000
SPOKEN_MOST = 60
LINK_MOST = 500
LINK_TITLE_MOST = 60
_FIELDS = {"name", "samples", "content", "spoken", "first", "link", "link_title", "active", "wordings"}
_WORDING = {"content", "spoken", "samples"}
_ADDRESS = re.compile(r"https://[^\s/?#<>\"'\\`{}@]+\.[^\s/?#<>\"'\\`{}@]+(?:[/?#][^\s<>\"'\\`{}]*)?")


class BadTopics(ValueError):
    """Nothing was imported; `problems` has one line for each thing to correct."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    updated: int
    unchanged: int


def link(typed: str) -> str:
    """A page that a topic may show, as it is kept; as people write addresses, without https too. Raises ValueError."""
    typed = typed.strip()
    if typed and "://" not in typed:
        typed = f"https://{typed}"
    if typed and (len(typed) > LINK_MOST or not _ADDRESS.fullmatch(typed)):
        raise ValueError(typed)
    return typed


def clean(item: Any) -> tuple[dict[str, Any], list[str]]:
    """One topic in its kept form, and what is wrong with it."""
    if not isinstance(item, dict):
        return {}, [_("is not an object with name, samples and content")]
    problems = []
    name, content, samples = item.get("name"), item.get("content"), item.get("samples", [])
    if unknown := sorted(str(key) for key in set(item) - _FIELDS):
        problems.append(_("has fields that nobody reads: %s") % ", ".join(unknown))
    if not isinstance(name, str) or not name.strip():
        problems.append(_("has no name"))
    elif len(name.strip()) > NAME_MOST:
        problems.append(_("has a name of more than %d characters") % NAME_MOST)
    if not isinstance(content, str) or not content.strip():
        problems.append(_("has no content to answer with"))
    elif len(content.strip()) > CONTENT_MOST:
        problems.append(_("has more than %d characters of content") % CONTENT_MOST)
    if not isinstance(samples, list) or not all(isinstance(sample, str) for sample in samples):
        problems.append(_("has samples that are not a list of questions"))
        samples = []
    kept = list(dict.fromkeys(sample.strip() for sample in samples if sample.strip()))
    if len(kept) > SAMPLES_MOST:
        problems.append(_("has more than %d sample questions") % SAMPLES_MOST)
    if any(len(sample) > SAMPLE_MOST for sample in kept):
        problems.append(_("has a sample question of more than %d characters") % SAMPLE_MOST)
    if not isinstance(item.get("active", True), bool):
        problems.append(_("is neither active nor not: “active” must be true or false"))
    spoken = item.get("spoken", "")
    if not isinstance(spoken, str) or len(spoken.strip()) > SPOKEN_MOST:
        problems.append(_("has a spoken name that is no text of at most %d characters") % SPOKEN_MOST)
    if not isinstance(item.get("first", False), bool):
        problems.append(_("goes first or not: “first” must be true or false"))
    shown, title = item.get("link", ""), item.get("link_title", "")
    try:
        shown = link(shown)
    except (AttributeError, ValueError):
        problems.append(_("has a link that is no complete address with https://"))
    if not isinstance(title, str) or len(title.strip()) > LINK_TITLE_MOST:
        problems.append(_("has a title of its link that is no text of at most %d characters") % LINK_TITLE_MOST)
    wordings, wrong = clean_wordings(item.get("wordings", {}))
    problems += wrong
    if problems:
        return {}, problems
    return {
        "name": name.strip(),
        "samples": kept,
        "content": content.strip(),
        "active": item.get("active", True),
        # A list that does not speak of these leaves them as they are.
        **({"spoken": spoken.strip()} if "spoken" in item else {}),
        **({"first": item["first"]} if "first" in item else {}),
        **({"link": shown} if "link" in item else {}),
        **({"link_title": title.strip()} if "link_title" in item else {}),
        **({"wordings": wordings} if "wordings" in item else {}),
    }, []


def clean_wordings(given: Any) -> tuple[dict[str, Any], list[str]]:
    """A topic's words in other languages, by language, in their kept form; and what is wrong with them."""
    if not isinstance(given, dict) or not all(isinstance(words, dict) for words in given.values()):
        return {}, [_("has other languages that are not objects with content, spoken and samples")]
    found: dict[str, Any] = {}
    problems = []
    for code, words in given.items():
        if unknown := sorted(str(key) for key in set(words) - _WORDING):
            problems.append(_("has fields that nobody reads: %s") % ", ".join(unknown))
        if not any(words.values()):
            continue
        row, wrong = clean({"name": "-", **{name: words[name] for name in _WORDING if name in words}})
        problems += [_("in %(language)s %(problem)s") % {"language": code, "problem": one} for one in wrong]
        if row:
            found[str(code)[:16]] = {name: row[name] for name in _WORDING if row.get(name)}
    return found, problems


def import_topics(project: Project, items: Any, by: AbstractBaseUser | None) -> Imported:
    """Bring in a list of topics. Holds the project. Raises BadTopics, and then nothing has changed."""
    if not isinstance(items, list):
        raise BadTopics([_("The file must hold a list of topics.")])
    if len(items) > TOPICS_MOST:
        raise BadTopics([_("More than %d topics at once.") % TOPICS_MOST])
    rows, problems, seen = [], [], {}
    for number, item in enumerate(items, start=1):
        row, wrong = clean(item)
        given = item.get("name") if isinstance(item, dict) else None
        label = f"{number} “{given.strip()[:60]}”" if isinstance(given, str) and given.strip() else str(number)
        if row and row["name"] in seen:
            wrong = [_("has the same name as topic %d") % seen[row["name"]]]
        if row:
            seen.setdefault(row["name"], number)
        problems += [_("Topic %(label)s %(problem)s.") % {"label": label, "problem": one} for one in wrong]
        rows.append(row)
    if problems:
        raise BadTopics(problems)
    return _write(project, rows, by)


@locked
def _write(project: Project, rows: list[dict[str, Any]], by: AbstractBaseUser | None) -> Imported:
    kept = {topic.name: topic for topic in Topic.objects.filter(project=project)}
    created = updated = 0
    for row in rows:
        topic = kept.get(row["name"])
        if topic is None:
            Topic.objects.create(project=project, **row)
            created += 1
        elif any(getattr(topic, name) != value for name, value in row.items()):
            for name, value in row.items():
                setattr(topic, name, value)
            topic.save()
            updated += 1
    if created or updated:
        audit.record(by, "topics.import", project, "topics", created=created, updated=updated)
    return Imported(created, updated, len(rows) - created - updated)
