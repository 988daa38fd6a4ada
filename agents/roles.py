"""Who may do what in a project: the one table of permissions. Pages ask `may`; nothing else decides.

A permission's name is written in full wherever it is asked for, so that a search for "widgets.publish" finds every
place. A superuser is no member by magic: the raw admin is theirs, a project's pages are its members'.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from agents.models import Member, Project, Role

_READ = frozenset({"agent.read", "widgets.read", "conversations.read", "versions.read"})
_EDIT = frozenset({"agent.edit", "agent.publish", "widgets.edit", "widgets.publish"})
_OWN = frozenset({"conversations.delete", "members.read", "members.edit", "audit.read", "project.edit"})

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.ANALYST: _READ,
    Role.EDITOR: _READ | _EDIT,
    Role.OWNER: _READ | _EDIT | _OWN,
}
ALL = frozenset().union(*PERMISSIONS.values())

Person = AbstractBaseUser | AnonymousUser


def role_of(user: Person, project: Project) -> str | None:
    """The person's role in the project; None for strangers, and for people who may not sign in any more."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Member.objects.filter(project=project, user_id=user.pk).values_list("role", flat=True).first()


def may(user: Person, project: Project, what: str) -> bool:
    """Whether the person may do that. A permission nobody knows is a mistake in the program, not a "no"."""
    if what not in ALL:
        raise ValueError(f"There is no permission {what!r}.")
    role = role_of(user, project)
    return role is not None and what in PERMISSIONS.get(role, frozenset())


def projects_of(user: Person) -> QuerySet[Project]:
    """The projects a person has a part in, by name."""
    if not user.is_authenticated or not user.is_active:
        return Project.objects.none()
    return Project.objects.filter(members__user_id=user.pk).order_by("name", "id")
