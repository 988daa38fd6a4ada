"""A version made the draft again, without losing what the draft held."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.authoring import flows, publish, tools
from agents.brains import snapshot
from agents.locks import locked
from agents.models import Agent, Project, Topic, Variant, Version
from agents.people import audit


@locked
def make_draft(project: Project, version: Version, *, by: AbstractBaseUser | None) -> Version | None:
    """Write the version's persona, topics, flows, tools, sources and variants over the draft's. What is switched off
    stays as it is.

    What the draft held is kept as a version that runs nowhere, and returned; None where some version holds it already.
    Holds the project.
    """
    held = publish.freeze(project)
    if held == snapshot.written(version.config):
        return None
    kept = None
    if not any(snapshot.written(row.config) == held for row in project.versions.iterator(chunk_size=20)):
        number = publish.newest_number(project) + 1
        note = _("Draft of %s") % timezone.localtime().strftime("%Y-%m-%d %H:%M")
        mark = publish.mark_of_config(held)
        kept = Version.objects.create(project=project, number=number, note=note, config=held, mark=mark, created_by=by)
    snapshot.read(version.config)  # a schema newer than this program is refused before anything is written
    _put_persona(project, version.config["agent"])
    _put_topics(project, version.config["topics"])
    _put_variants(project, version.config["variants"])
    flows.put(project, version.config.get("flows", []))
    tools.put(project, version.config.get("tools", []))
    _put_sources(project, version.config.get("sources", []))
    audit.record(by, "agent.restore", project, version, kept=kept.number if kept else None)
    return kept


def _put_persona(project: Project, who: dict) -> None:
    agent = Agent.objects.get(project=project)
    fields = ("name", "greeting", "disclaimer", "voice", "language", "persona", "rules")
    for name in fields:
        setattr(agent, name, who.get(name, ""))
    agent.manner, agent.wordings = dict(who.get("manner", {})), dict(who.get("wordings", {}))
    agent.words, agent.services = dict(who.get("words", {})), dict(who.get("services", {}))
    agent.actions = dict(who.get("actions", {}))
    agent.save(update_fields=[*fields, "manner", "wordings", "words", "services", "actions", "updated_at"])


def _put_topics(project: Project, topics: list[dict]) -> None:
    wanted = {topic["name"]: topic for topic in topics}
    project.topics.filter(active=True).exclude(name__in=wanted).delete()
    there = {topic.name: topic for topic in project.topics.filter(name__in=wanted)}
    for name, values in wanted.items():
        topic = there.get(name) or Topic(project=project, name=name)
        new = publish.thawed_topic(values) | {"active": True}
        if topic.pk and all(getattr(topic, key) == value for key, value in new.items()):
            continue
        for key, value in new.items():
            setattr(topic, key, value)
        topic.save()


def _put_sources(project: Project, wanted: list[int]) -> None:
    """Those that are still there."""
    project.sources.filter(pk__in=wanted, active=False).update(active=True, kept=True)
    project.sources.filter(active=True).exclude(pk__in=wanted).update(active=False)


def _put_variants(project: Project, rows: list[dict]) -> None:
    project.variants.all().delete()
    Variant.objects.bulk_create([Variant(project=project, **row) for row in rows], batch_size=200)
