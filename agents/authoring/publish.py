"""From the draft to a frozen version, and from a version to an environment."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.authoring import flow_words, sayable
from agents.authoring import flows as authored_flows
from agents.authoring import languages as own_languages
from agents.authoring import tools as authored_tools
from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.locks import locked, mark
from agents.models import Agent, Deployment, Environment, Project, Version
from agents.people import audit

FROZEN = ("name", "samples", "content", "spoken", "first", "link", "link_title", "wordings", "refused")  # of a topic
NAMES_SHOWN = 4
_VARIANT_VARIABLE = re.compile(r"\$\{variant_([A-Za-z0-9_.-]+)\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the draft that stops a publish (error) or that somebody should know (warning)."""

    level: Literal["error", "warning"]
    code: str
    message: str


class DraftRefused(ValueError):
    """The draft cannot be published; `findings` says why, in words for its author."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class TooSoon(ValueError):
    """The project lets versions pass through Pre-release, and this one has not been there."""


def freeze(project: Project) -> dict[str, Any]:
    """The draft as agents/brains/snapshot.py reads it. The same draft always gives the same value."""
    agent = Agent.objects.get(project=project)
    who: dict[str, Any] = {
        "name": agent.name,
        "greeting": agent.greeting,
        "disclaimer": agent.disclaimer,
        "voice": agent.voice,
        "language": agent.language,
    }
    if agent.manner:  # absent where nobody chose anything, as in versions that are older than the choice
        who["manner"] = dict(agent.manner)
    if agent.words:
        who["words"] = dict(agent.words)
    who |= {name: getattr(agent, name) for name in ("persona", "rules") if getattr(agent, name)}
    if agent.services:
        who["services"] = dict(agent.services)
    sources = list(project.sources.filter(active=True).order_by("pk").values_list("pk", flat=True))
    flows = [frozen_flow(row, agent.wordings) for row in authored_flows.frozen(project)]
    if agent.wordings:
        who["wordings"] = {
            code: {name: text for name, text in words.items() if text} for code, words in agent.wordings.items()
        }
    return {
        "schema": snapshot.SCHEMA,
        "agent": who,
        # Without objects: every page of the agent asks for the whole draft.
        "topics": [
            frozen_topic(row, agent.wordings)
            for row in project.topics.filter(active=True).order_by("name").values(*FROZEN)
        ],
        "variants": list(project.variants.order_by("key").values("key", "name", "is_default", "attributes")),
        # Absent where there are none, as in versions that are older than flows.
        **({"flows": flows, "zone": project.time_zone or "UTC"} if flows else {}),
        **({"tools": tools} if (tools := authored_tools.frozen(project)) else {}),
        **({"sources": sources} if sources else {}),  # which ones; what they hold is read anew
    }


def mark_of_config(config: dict[str, Any]) -> str:
    """What an author wrote, in a few letters: a draft and the version that was made of it have the same."""
    return mark(snapshot.written(config))


def frozen_topic(row: dict[str, Any], languages: Iterable[str]) -> dict[str, Any]:
    """A topic as versions keep it: what nobody filled in is absent, as in versions that are older than the field.

    `languages`: those of the agent besides its first.
    """
    row = {**row, "wordings": own_languages.of_topic(row.get("wordings", {}), languages)}
    return {name: value for name, value in row.items() if name in ("name", "samples", "content") or value}


def frozen_flow(row: dict[str, Any], languages: Iterable[str]) -> dict[str, Any]:
    """A flow as versions keep it: absent are languages that it is not wholly written in, and no languages at all."""
    worded = flow_words.whole(row, languages)
    kept = {name: value for name, value in row.items() if name != "wordings"}
    return {**kept, "wordings": worded} if worded else kept


def thawed_topic(row: dict[str, Any]) -> dict[str, Any]:
    """All fields of a topic that a version keeps, without its name."""
    return {"spoken": "", "first": False, "link": "", "link_title": "", "wordings": {}, "refused": []} | {
        name: value for name, value in row.items() if name != "name"
    }


def draft(project: Project) -> AgentSnapshot:
    """The draft as a call would read it, for trying it out."""
    return snapshot.read(freeze(project))


def check(config: dict[str, Any]) -> list[Finding]:
    """What is wrong or doubtful in a frozen draft, errors first."""
    agent, variants = config["agent"], config["variants"]
    findings = []
    if not agent["name"].strip():
        findings.append(Finding("error", "name_empty", _("The agent has no name.")))
    if not agent["greeting"].strip():
        findings.append(Finding("error", "greeting_empty", _("The greeting is empty. Visitors would hear nothing.")))
    for language in (agent["language"], *agent.get("wordings", {})):
        if not can_hear(language):
            findings.append(Finding("error", "cannot_hear", deaf(agent["name"], language)))
    if variants and not any(row["is_default"] for row in variants):
        findings.append(Finding("error", "no_default_variant", _("No variant is marked as the default.")))
    if not config["topics"]:
        findings.append(
            Finding("warning", "no_topics", _("There are no active topics, so the agent cannot answer questions."))
        )
    findings += [Finding(level, code, words) for level, code, words in authored_flows.doubts(config)]
    findings += [Finding(level, code, words) for level, code, words in authored_tools.doubts(config)]
    findings += _unwritten(config)
    findings += [Finding("warning", "unsayable", words) for words in sayable.of_config(config)]
    return findings + _missing_variables(config)


def _unwritten(config: dict[str, Any]) -> Iterable[Finding]:
    """What an agent has no words for in one of its other languages, and what visitors hear instead."""
    agent = config["agent"]
    first = language_name(agent["language"])
    for code, words in agent.get("wordings", {}).items():
        language = language_name(code)
        said = {"language": language, "first": first}
        if not words.get("greeting"):
            text = _("There is no greeting in %(language)s. Visitors hear a plain one.")
            yield Finding("warning", "greeting_unwritten", text % said)
        if agent["disclaimer"] and not words.get("disclaimer"):
            text = _("The disclaimer is not written in %(language)s. It is said in %(first)s, with that voice.")
            yield Finding("warning", "disclaimer_unwritten", text % said)
        missing = [row["name"] for row in config["topics"] if code not in row.get("wordings", {})]
        if missing:
            text = ngettext(
                "%(n)d topic has no answer in %(language)s: %(names)s. Visitors are offered the one in %(first)s.",
                "%(n)d topics have no answer in %(language)s: %(names)s. Visitors are offered the ones in %(first)s.",
                len(missing),
            )
            names = ", ".join(f"“{each}”" for each in missing[:NAMES_SHOWN]) + (" …" if missing[NAMES_SHOWN:] else "")
            yield Finding("warning", "topics_unwritten", text % {**said, "n": len(missing), "names": names})
        flows = flow_words.unwritten(config, code)
        if flows:
            names = ", ".join(f"“{each}”" for each in flows[:NAMES_SHOWN]) + (" …" if flows[NAMES_SHOWN:] else "")
            text = _(
                "Flows that are not wholly written in %(language)s: %(names)s. Visitors are offered %(first)s there."
            )
            yield Finding("warning", "flows_unwritten", text % {**said, "names": names})
        unnamed = [row["name"] for row in config["topics"] if _is_unnamed(row.get("wordings", {}).get(code))]
        if unnamed:
            names = ", ".join(f"“{each}”" for each in unnamed[:NAMES_SHOWN]) + (" …" if unnamed[NAMES_SHOWN:] else "")
            text = _("Topics without a spoken name in %(language)s are named in %(first)s: %(names)s.")
            yield Finding("warning", "topics_unnamed", text % {**said, "names": names})


def _is_unnamed(words: dict[str, Any] | None) -> bool:
    return words is not None and not words.get("spoken") and not words.get("samples")


def can_hear(language: str) -> bool:
    """Whether visitors who speak this language are understood and answered. Brings the speech libraries along."""
    return own_languages.takes_calls(language)


def deaf(name: str, language: str) -> str:
    """Why an agent of this language cannot go on the phone."""
    words = _(
        "%(name)s cannot take calls in %(language)s yet, so it cannot be published for Phone. "
        "Choose another language on the page Languages."
    )
    return words % {"name": name, "language": language_name(language)}


def language_name(code: str) -> str:
    return own_languages.name(code)


def _missing_variables(config: dict[str, Any]) -> list[Finding]:
    """Variables that a text uses and a variant does not fill: there, the sentence is left out."""
    texts = [(_("the greeting"), config["agent"]["greeting"]), (_("the disclaimer"), config["agent"]["disclaimer"])]
    texts += [(_("the topic “%s”") % topic["name"], topic["content"]) for topic in config["topics"]]
    texts += [(_("the flow “%s”") % name, text) for name, text in authored_flows.spoken_texts(config)]
    for code, words in config["agent"].get("wordings", {}).items():
        language = language_name(code)
        texts += [
            (_("the greeting in %s") % language, words.get("greeting", "")),
            (_("the disclaimer in %s") % language, words.get("disclaimer", "")),
        ]
        where = _("the flow “%(flow)s” in %(language)s")
        texts += [
            (where % {"flow": name, "language": language}, text) for name, text in flow_words.spoken_texts(config, code)
        ]
    for topic in config["topics"]:
        for code, words in topic.get("wordings", {}).items():
            where = _("the topic “%(topic)s” in %(language)s")
            texts.append((where % {"topic": topic["name"], "language": language_name(code)}, words["content"]))
    used = [(name, where) for where, text in texts for name in dict.fromkeys(_VARIANT_VARIABLE.findall(text))]
    findings = []
    for name, where in used:
        if not config["variants"]:
            words = _("There are no variants, but %(where)s uses ${variant_%(name)s}.")
            findings.append(Finding("warning", "no_variants", words % {"name": name, "where": where}))
        for row in config["variants"]:
            if not str(row["attributes"].get(name, "")).strip():
                words = _("The variant “%(variant)s” has no “%(name)s”, which %(where)s uses.")
                values = {"variant": row["name"], "name": name, "where": where}
                findings.append(Finding("warning", "variable_missing", words % values))
    return findings


@locked
def publish(
    project: Project, *, by: AbstractBaseUser | None, note: str = "", environment: str = Environment.SANDBOX
) -> Version:
    """Freeze the draft into a version and let the environment run it. Raises DraftRefused.

    When the draft equals the newest version, that one is returned and no new number is spent. Holds the project: the
    draft stands still while it is frozen, and two publishes at once do not take the same number.
    """
    config = freeze(project)
    errors = [finding for finding in check(config) if finding.level == "error"]
    if errors:
        raise DraftRefused(errors)
    version = newest(project)
    if version is None or snapshot.written(version.config) != config:
        version = Version.objects.create(
            project=project,
            number=version.number + 1 if version else 1,
            note=note[:200],
            config=config,
            mark=mark_of_config(config),
            created_by=by,
        )
        audit.record(by, "agent.publish", project, version, note=version.note)
    deploy(project, environment, version, by)
    return version


@locked
def deploy(project: Project, environment: str, version: Version, by: AbstractBaseUser | None) -> Deployment:
    """Let the environment run that version from the next call on. Nothing is written when it does so already.

    Holds the project. Raises TooSoon.
    """
    if environment not in Environment.values:
        raise ValueError(f"There is no environment {environment!r}.")
    if version.project_id != project.pk:
        raise ValueError("The version belongs to another project.")
    newest_row = _newest_deployment(project, environment)
    if newest_row and newest_row.version_id == version.pk:
        return newest_row
    if not may_follow(project, environment, version):
        raise TooSoon(_("Version %d has to run in Pre-release before visitors hear it.") % version.number)
    before = newest_row.version.number if newest_row else None
    row = Deployment.objects.create(project=project, environment=environment, version=version, by=by)
    audit.record(by, "agent.deploy", project, version, environment=str(environment), before=before)
    return row


def may_follow(project: Project, environment: str, version: Version) -> bool:
    """Whether the version may run there: with Pre-release on, Live takes what was in Pre-release, or in Live before."""
    if environment != Environment.LIVE or not project.pre_release:
        return True
    rows = Deployment.objects.filter(project=project, version=version)
    return rows.filter(environment__in=(Environment.PRE_RELEASE, Environment.LIVE)).exists()


@locked
def set_pre_release(project: Project, on: bool, by: AbstractBaseUser | None) -> None:
    """Let versions pass through Pre-release on their way to Live, or not. Holds the project."""
    if project.pre_release != on:
        project.pre_release = on
        project.save(update_fields=["pre_release"])
        audit.record(by, "project.pre_release", project, project, on=on)


def _newest_deployment(project: Project, environment: str, *, config: bool = True) -> Deployment | None:
    rows = Deployment.objects.filter(project=project, environment=environment).select_related("version")
    return (rows if config else rows.defer("version__config")).order_by("-id").first()


def deployments(project: Project) -> dict[str, Deployment]:
    """What runs in each environment, without its (large) `config`: one question, however much was deployed before."""
    newest_rows = (
        Deployment.objects.filter(project=project)
        .order_by()
        .values("environment")
        .annotate(row=Max("id"))
        .values("row")
    )
    rows = Deployment.objects.filter(pk__in=newest_rows).select_related("version", "by").defer("version__config")
    return {row.environment: row for row in rows}


def running(project: Project, environment: str, *, config: bool = True) -> Version | None:
    """The version that calls in this environment get, if any; without its (large) `config` where nobody reads it."""
    row = _newest_deployment(project, environment, config=config)
    return row.version if row else None


def newest(project: Project) -> Version | None:
    """The version with the highest number, wherever it runs."""
    return Version.objects.filter(project=project).order_by("-number").first()


def newest_number(project: Project) -> int:
    """The highest number of a version; 0 before the first."""
    return Version.objects.filter(project=project).aggregate(most=Max("number"))["most"] or 0


def in_sandbox(project: Project) -> Version | None:
    """The version that a publish would replace: what Sandbox runs, else the newest that was made."""
    return running(project, Environment.SANDBOX) or newest(project)


def missing_variant(project: Project, environment: str, key: str) -> bool:
    """Whether calls with that variant key would fall back to the default in the running version."""
    version = running(project, environment)
    return bool(version and key) and not any(row["key"] == key for row in version.config["variants"])
