"""From the draft to a frozen version, and from a version to an environment."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max
from django.utils.translation import gettext as _

from agents.authoring import checking, flow_words
from agents.authoring import flows as authored_flows
from agents.authoring import languages as own_languages
from agents.authoring import tools as authored_tools
from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.locks import locked, mark
from agents.models import Agent, Deployment, Environment, Project, Version
from agents.people import audit

FROZEN = ("name", "samples", "content", "spoken", "first", "link", "link_title", "wordings", "refused")  # of a topic


class DraftRefused(ValueError):
    """The draft cannot be published; `findings` says why, in words for its author."""

    def __init__(self, findings: list[checking.Finding]) -> None:
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
    if agent.actions:
        who["actions"] = dict(agent.actions)
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


@locked
def publish(
    project: Project, *, by: AbstractBaseUser | None, note: str = "", environment: str = Environment.SANDBOX
) -> Version:
    """Freeze the draft into a version and let the environment run it. Raises DraftRefused.

    When the draft equals the newest version, that one is returned and no new number is spent. Holds the project: the
    draft stands still while it is frozen, and two publishes at once do not take the same number.
    """
    config = freeze(project)
    errors = [finding for finding in checking.check(config) if finding.level == "error"]
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
