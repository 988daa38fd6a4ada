"""What an agent's authors write: who it is, what it knows, its variants. Visitors meet it when it is published.

Each write holds the project: a draft is one thing, and a publish freezes it as it stands between two writes.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from agents.locks import check_mark, hold, locked, mark, mark_of
from agents.models import Agent, Project, Topic, Variant
from agents.people import audit

VARIANTS_MOST = 1000
ATTRIBUTES_MOST = 50
VALUE_MOST = 500


TOPIC_FIELDS = ("name", "samples", "content", "spoken", "first", "link", "link_title", "wordings", "refused", "active")


class NameTaken(ValueError):
    """Another topic or variant of the project has this name already."""


@transaction.atomic
def save_persona(
    agent: Agent, values: dict[str, Any], by: AbstractBaseUser | None, seen: str | None = None
) -> list[str]:
    """Keep who the agent is; the names of the fields that changed. Holds the project and the agent.

    `seen` is the mark of what its author was shown of these fields. Raises Stale.
    """
    hold(agent.project)
    hold(agent)
    check_mark(seen, mark_of(agent, values))
    changed = [name for name, value in values.items() if getattr(agent, name) != value]
    if changed:
        before = {name: getattr(agent, name) for name in changed}
        for name in changed:
            setattr(agent, name, values[name])
        agent.save(update_fields=[*changed, "updated_at"])
        after = {name: values[name] for name in changed}
        audit.record(by, "agent.edit", agent.project, agent, fields=changed, before=before, after=after)
    return changed


@locked
def save_topic(
    project: Project, topic: Topic | None, values: dict[str, Any], by: AbstractBaseUser | None, seen: str | None = None
) -> Topic:
    """Keep a topic, a new one when `topic` is None. Holds the project and the topic.

    `seen` is the mark of the topic (TOPIC_FIELDS) as its author was shown it. Raises NameTaken, Stale, and Gone.
    """
    if topic:
        hold(topic)
        check_mark(seen, mark_of(topic, TOPIC_FIELDS))
    same_name = Topic.objects.filter(project=project, name=values["name"])
    if same_name.exclude(pk=topic.pk if topic else None).exists():
        raise NameTaken(_("Another topic has this name."))
    action, before = ("topic.edit", _told(topic)) if topic else ("topic.create", {})
    topic = topic or Topic(project=project)
    for name, value in values.items():
        setattr(topic, name, value)
    topic.save()
    after = _told(topic)
    changed = [name for name in before if before[name] != after[name]]
    details = {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}} if changed else {}
    audit.record(by, action, project, topic, **details)
    return topic


def _told(topic: Topic) -> dict[str, Any]:
    """What the audit tells of a topic. Example questions are only counted: visitors may have asked them, and the audit
    forgets nothing."""
    told = {name: getattr(topic, name) for name in TOPIC_FIELDS}
    return told | {"samples": len(topic.samples)}


@transaction.atomic
def delete_topic(topic: Topic, by: AbstractBaseUser | None) -> None:
    """Delete a topic. Holds its project and itself. Raises Gone."""
    hold(topic.project)
    hold(topic)
    audit.record(by, "topic.delete", topic.project, topic)
    topic.delete()


@locked
def save_variants(
    project: Project, rows: list[dict[str, Any]], by: AbstractBaseUser | None, seen: str | None = None
) -> None:
    """Keep the variants exactly as given: rows of {key, name, is_default, attributes}; those not among them go.

    Holds the project. `seen` is the mark of `variant_rows` as its author was shown them. Raises Stale.
    """
    check_mark(seen, mark(variant_rows(project)))
    kept = {variant.key: variant for variant in project.variants.all()}
    given = {row["key"] for row in rows}
    removed = [key for key in kept if key not in given]
    if removed:
        project.variants.filter(key__in=removed).delete()
    project.variants.filter(is_default=True).update(is_default=False)  # one default at a time, also in between
    new, changed = [], []
    for row in rows:
        variant = kept.get(row["key"])
        values = {name: row[name] for name in ("name", "is_default", "attributes")}
        if variant is None:
            new.append(Variant(project=project, key=row["key"], **values))
        elif row["is_default"] or any(getattr(variant, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(variant, name, value)
            changed.append(variant)
    Variant.objects.bulk_create(new, batch_size=200)
    Variant.objects.bulk_update(changed, ["name", "is_default", "attributes"], batch_size=100)
    audit.record(by, "variants.edit", project, "variants", rows=len(rows), removed=removed[:20])


def variant_rows(project: Project) -> list[dict[str, Any]]:
    """The variants as the table shows them."""
    rows = project.variants.order_by("-is_default", "name", "key")
    return list(rows.values("key", "name", "is_default", "attributes"))
