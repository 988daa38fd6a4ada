"""The languages of an agent: which it speaks, which one comes first, and what is not written in one yet."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from agents.authoring import flow_words
from agents.authoring.drafting import TOPIC_FIELDS
from agents.locks import Gone, check_mark, hold, locked, mark_of
from agents.models import Agent, Project, Topic
from agents.people import audit

LANGUAGES_MOST = 8
FIELDS = ("language", "voice", "wordings")
_OF_AGENT = ("greeting", "disclaimer", "voice")
_OF_TOPIC = ("content", "spoken", "samples")


class LanguageRefused(ValueError):
    """Nothing was written; its words are for the author."""


@dataclass(frozen=True, slots=True)
class Ability:
    """What can be done in a language with what is there; `here`: with what is installed on this machine."""

    code: str
    heard: bool
    spoken: bool
    phrased: bool  # the agent has sentences of its own in it

    @property
    def takes_calls(self) -> bool:
        return self.heard and self.spoken and self.phrased


def ability(code: str) -> Ability:
    """Brings the speech libraries along."""
    from agents.brains import phrases
    from agents.speech.providers import registry

    return Ability(code, registry.hears(code), bool(registry.voices(code)), phrases.has_own(code))


def known() -> list[Ability]:
    """Every language that something here can speak or hear, by its code."""
    from agents.speech.providers import table

    codes = {code for kind in ("voice", "hearing") for one in table.PROVIDERS[kind].values() for code in one.languages}
    return [ability(code) for code in sorted(codes)]


def takes_calls(code: str) -> bool:
    return ability(code).takes_calls


def name(code: str) -> str:
    """A language in the reader's words."""
    try:
        return str(get_language_info(code.split("-")[0].lower())["name_translated"])
    except KeyError:
        return code


def best_voice(code: str) -> str:
    """The first voice of a language that can run here; where none can, the first there is."""
    from agents.speech.providers import registry

    keys = [key for key, _label in registry.voices(code)]
    ready = {one.key for one in registry.installed_voices(settings.MODELS_DIR) if one.ready}
    return next((key for key in keys if key in ready), keys[0] if keys else "")


def of(agent: Agent) -> tuple[str, ...]:
    """All of an agent's, the first one first."""
    return (agent.language, *agent.wordings)


@locked
def add(project: Project, code: str, by: AbstractBaseUser | None) -> None:
    """Let the agent speak one more language. What was written in it before it was removed is there again.

    Holds the project. Raises LanguageRefused.
    """
    agent = _held(project)
    if code in of(agent):
        raise LanguageRefused(_("The agent speaks %s already.") % name(code))
    if not takes_calls(code):
        raise LanguageRefused(_("%s cannot take calls yet.") % name(code))
    if len(of(agent)) >= LANGUAGES_MOST:
        raise LanguageRefused(_("At most %d languages.") % LANGUAGES_MOST)
    agent.wordings = {**agent.wordings, code: {"voice": best_voice(code)}}
    agent.save(update_fields=["wordings", "updated_at"])
    audit.record(by, "language.add", project, agent, language=code)


@locked
def remove(project: Project, code: str, by: AbstractBaseUser | None) -> None:
    """Let the agent speak a language no more. The topics keep their words in it. Holds the project. Raises Gone."""
    agent = _held(project)
    if code not in agent.wordings:
        raise Gone(f"language {code}")
    agent.wordings = {other: words for other, words in agent.wordings.items() if other != code}
    agent.save(update_fields=["wordings", "updated_at"])
    audit.record(by, "language.remove", project, agent, language=code)


@locked
def make_first(project: Project, code: str, by: AbstractBaseUser | None) -> None:
    """Let another of its languages be the first: their words change places, the agent's and each topic's.

    Holds the project. Raises Gone, and LanguageRefused where something is not written in it.
    """
    agent = _held(project)
    if code not in agent.wordings:
        raise Gone(f"language {code}")
    missing = [topic.name for topic in project.topics.all() if not topic.wordings.get(code, {}).get("content")]
    flows = flow_words.missing(project, code)
    if not agent.wordings[code].get("greeting") or missing or flows:
        words = _(
            "%(language)s cannot be first yet: greeting, topics and flows have to be written in it. Missing: %(n)d."
        )
        count = len(missing) + (not agent.wordings[code].get("greeting")) + len(flows)
        raise LanguageRefused(words % {"language": name(code), "n": count})
    before = agent.language
    _change_places(agent, before, code, _OF_AGENT)
    agent.language = code
    agent.save(update_fields=["language", *_OF_AGENT, "wordings", "updated_at"])
    for topic in project.topics.all():
        _change_places(topic, before, code, _OF_TOPIC)
        topic.save(update_fields=[*_OF_TOPIC, "wordings", "updated_at"])
    for flow in project.flows.all():
        flow_words.change_places(flow, before, code)
        flow.save(update_fields=["name", "starts", "offer", "steps", "end", "wordings", "updated_at"])
    audit.record(by, "language.first", project, agent, language=code, before=before)


@locked
def save_words(
    project: Project, code: str, values: dict[str, str], by: AbstractBaseUser | None, seen: str | None = None
) -> None:
    """Keep what the agent says in one of its other languages: greeting, disclaimer, voice. Holds the project.

    `seen` is the mark of `FIELDS` as its author was shown them. Raises Stale and Gone.
    """
    agent = _held(project)
    check_mark(seen, mark_of(agent, FIELDS))
    if code not in agent.wordings:
        raise Gone(f"language {code}")
    words = {**agent.wordings[code], **values}
    if words == agent.wordings[code]:
        return
    agent.wordings = {**agent.wordings, code: words}
    agent.save(update_fields=["wordings", "updated_at"])
    audit.record_stretch(by, "agent.edit", project, agent, fields=[f"{field}:{code}" for field in values])


@locked
def save_topic_words(
    topic: Topic, code: str, values: dict[str, Any], by: AbstractBaseUser | None, seen: str | None = None
) -> None:
    """Keep a topic's words in another language: content, spoken, samples. Empty ones take them away. Holds the topic.

    `seen` is the mark of the topic as its author was shown it. Raises Stale and Gone.
    """
    check_mark(seen, mark_of(topic, TOPIC_FIELDS))
    others = {language: words for language, words in topic.wordings.items() if language != code}
    words = {field: values[field] for field in _OF_TOPIC if values.get(field)}
    if topic.wordings.get(code, {}) != words:
        topic.wordings = {**others, code: words} if words else others
        topic.save(update_fields=["wordings", "updated_at"])
        audit.record(by, "topic.edit", topic.project, topic, language=code)


def written(project: Project) -> dict[str, int]:
    """How many active topics have an answer in each of the other languages."""
    agent = project.agent
    kept = list(project.topics.filter(active=True).values_list("wordings", flat=True))
    return {code: sum(bool(words.get(code, {}).get("content")) for words in kept) for code in agent.wordings}


def of_topic(wordings: dict[str, Any], languages: Any) -> dict[str, Any]:
    """A topic's words in these languages, as versions keep them: without what is empty."""
    found = {}
    for code in languages:
        words = {field: value for field, value in wordings.get(code, {}).items() if field in _OF_TOPIC and value}
        if words.get("content"):
            found[code] = words
    return found


def _held(project: Project) -> Agent:
    agent: Agent = project.agent
    hold(agent)
    return agent


def _change_places(row: Agent | Topic, before: str, first: str, fields: tuple[str, ...]) -> None:
    """The words of `first` come to the first places, and those that stood there under `before`."""
    theirs = row.wordings.get(first, {})
    kept = {language: words for language, words in row.wordings.items() if language != first}
    row.wordings = {before: {field: getattr(row, field) for field in fields}, **kept}
    for field in fields:
        setattr(row, field, theirs.get(field, [] if field == "samples" else ""))
