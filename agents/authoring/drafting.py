"""What an agent's authors write: who it is, what it knows, its variants. Visitors meet it when it is published."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Project, Topic, Variant
from agents.people import audit

VARIANTS_MOST = 1000
ATTRIBUTES_MOST = 50
VALUE_MOST = 500


class NameTaken(ValueError):
    """Another topic or variant of the project has this name already."""


@transaction.atomic
def save_persona(agent: Agent, values: dict[str, Any], by: AbstractBaseUser) -> list[str]:
    """Keep who the agent is; the names of the fields that changed."""
    changed = [name for name, value in values.items() if getattr(agent, name) != value]
    if changed:
        for name in changed:
            setattr(agent, name, values[name])
        agent.save(update_fields=[*changed, "updated_at"])
        audit.record_stretch(by, "agent.edit", agent.project, agent, fields=changed)
    return changed


@transaction.atomic
def save_topic(project: Project, topic: Topic | None, values: dict[str, Any], by: AbstractBaseUser) -> Topic:
    """Keep a topic, a new one when `topic` is None. Raises NameTaken."""
    same_name = Topic.objects.filter(project=project, name=values["name"])
    if same_name.exclude(pk=topic.pk if topic else None).exists():
        raise NameTaken(_("Another topic has this name."))
    action = "topic.edit" if topic else "topic.create"
    topic = topic or Topic(project=project)
    for name, value in values.items():
        setattr(topic, name, value)
    topic.save()
    audit.record(by, action, project, topic)
    return topic


@transaction.atomic
def delete_topic(topic: Topic, by: AbstractBaseUser) -> None:
    audit.record(by, "topic.delete", topic.project, topic)
    topic.delete()


@transaction.atomic
def save_variants(project: Project, rows: list[dict[str, Any]], by: AbstractBaseUser) -> None:
    """Keep the variants exactly as given: rows of {key, name, is_default, attributes}; those not among them go."""
    Project.objects.select_for_update().get(pk=project.pk)
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
