"""Who may do what in a project: the one policy. Pages ask `may`; nothing else decides.

A role is a preset: a level in each area, and a few switches. An owner may change both for one member, which is kept
as the differences from the preset (Member.access). A permission's name is written in full wherever it is asked for,
so that a search for "widgets.publish" finds every place. A superuser is no member by magic: the raw admin is theirs,
a project's pages are its members'.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models import Member, Project, Role


class Level(models.TextChoices):
    NONE = "none", _("None")
    READ = "read", _("Read")
    EDIT = "edit", _("Edit")


# area: (what Read brings, what Edit adds)
AREAS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "agent": (frozenset({"agent.read", "versions.read"}), frozenset({"agent.edit", "agent.publish"})),
    "web_calling": (frozenset({"widgets.read"}), frozenset({"widgets.edit"})),
    "conversations": (frozenset({"conversations.read"}), frozenset({"conversations.delete"})),
    "settings": (
        frozenset({"members.read", "audit.read"}),
        frozenset({"members.edit", "project.edit", "connections.edit"}),
    ),
}

# switch: (the area and level without which it means nothing, what it brings)
SWITCHES: dict[str, tuple[str, str, frozenset[str]]] = {
    "publish_phone": ("web_calling", Level.EDIT, frozenset({"widgets.publish", "widgets.publish_phone"})),
    "publish_chat": ("web_calling", Level.EDIT, frozenset({"widgets.publish", "widgets.publish_chat"})),
    "personal_data": ("conversations", Level.READ, frozenset({"conversations.personal"})),
    "daily_work": ("conversations", Level.READ, frozenset({"conversations.handle"})),
}

PRESETS: dict[str, dict[str, Any]] = {
    Role.ANALYST: {
        **dict.fromkeys(("agent", "web_calling", "conversations"), Level.READ),
        "settings": Level.NONE,
        "publish_phone": False,
        "publish_chat": False,
        "personal_data": True,  # whoever reads conversations reads what was said, unless an owner switches that off
        "daily_work": False,
    },
    Role.EDITOR: {
        **dict.fromkeys(("agent", "web_calling"), Level.EDIT),
        "conversations": Level.READ,
        "settings": Level.NONE,
        **dict.fromkeys(SWITCHES, True),
    },
    Role.OWNER: {**dict.fromkeys(AREAS, Level.EDIT), **dict.fromkeys(SWITCHES, True)},
}

EVERY_MEMBER = frozenset({"project.read"})
OWNERS = frozenset({"project.delete"})  # what no level and no switch brings
ALL = (EVERY_MEMBER | OWNERS).union(
    *(read | edit for read, edit in AREAS.values()), *(brings for _area, _level, brings in SWITCHES.values())
)

Person = AbstractBaseUser | AnonymousUser


def access(role: str, differences: Mapping[str, Any]) -> dict[str, Any]:
    """The level in each area and the switches: the role's, with what was changed for one member.

    An owner is always all of it, so that nobody can lock a project's last owner out by a switch.
    """
    preset = PRESETS.get(role)
    if preset is None:
        return {**dict.fromkeys(AREAS, Level.NONE), **dict.fromkeys(SWITCHES, False)}
    if role == Role.OWNER:
        return dict(preset)
    return preset | {name: value for name, value in differences.items() if name in preset}


def differences(role: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What of the wanted access is not the role's own: what Member.access keeps."""
    preset = PRESETS[role]
    if role == Role.OWNER:
        return {}
    return {name: wanted[name] for name in preset if name in wanted and wanted[name] != preset[name]}


def permissions(role: str, differences: Mapping[str, Any]) -> frozenset[str]:
    """Everything that somebody with this role and these differences may do."""
    if role not in PRESETS:
        return frozenset()
    given = access(role, differences)
    found = set(EVERY_MEMBER | (OWNERS if role == Role.OWNER else frozenset()))
    for area, (read, edit) in AREAS.items():
        found |= read if given[area] in (Level.READ, Level.EDIT) else frozenset()
        found |= edit if given[area] == Level.EDIT else frozenset()
    for switch, (area, level, brings) in SWITCHES.items():
        reached = given[area] == Level.EDIT or given[area] == level
        found |= brings if given[switch] and reached else frozenset()
    return frozenset(found)


def permissions_of(member: Member) -> frozenset[str]:
    return permissions(member.role, member.access)


def member_of(user: Person, project: Project) -> Member | None:
    """The person's part in the project; None for strangers, and for people who may not sign in any more."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Member.objects.filter(project=project, user_id=user.pk).first()


def may(user: Person, project: Project, what: str) -> bool:
    """Whether the person may do that. A permission nobody knows is a mistake in the program, not a "no"."""
    if what not in ALL:
        raise ValueError(f"There is no permission {what!r}.")
    member = member_of(user, project)
    return member is not None and what in permissions_of(member)


def projects_of(user: Person) -> QuerySet[Project]:
    """The projects a person has a part in, by name."""
    if not user.is_authenticated or not user.is_active:
        return Project.objects.none()
    return Project.objects.filter(members__user_id=user.pk).order_by("name", "id")


def may_create_projects(user: Person) -> bool:
    """Who runs the installation, and who owns a project already: not everybody who was invited to look at one."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or Member.objects.filter(user_id=user.pk, role=Role.OWNER).exists()
