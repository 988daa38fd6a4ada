"""Who belongs to a project, and how somebody new comes in: invitations by link, roles, leaving.

A link is the invitation's number and a nonce, signed; the row keeps only the nonce. It works once, for seven days,
until it is withdrawn. Nobody can give more than they have themselves, and a project always keeps an owner.

Every write about members holds the project, so that two owners do not remove each other at once, and reads anew who
asks and whom it is about: what they were when the page was loaded gives nobody anything.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.locks import check_mark, hold, locked, mark_of
from agents.models import Invitation, Member, Project, Role
from agents.people import audit, roles

LASTS = timedelta(days=7)
OPEN_MOST = 50
ACCESS = ("role", "access")
_SALT = "agents.people.members.invitation"


class NotPossible(ValueError):
    """What was asked would break a rule of the project; the text says which, for the person who asked."""


class LinkOver(LookupError):
    """The link does not work (any more). `why` is one of unknown, used, withdrawn, expired."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def may_give(giver: Member, role: str, access: dict[str, Any]) -> bool:
    """Whether the giver has all of that themselves. Only owners make owners."""
    if role == Role.OWNER and giver.role != Role.OWNER:
        return False
    return roles.permissions(role, access) <= roles.permissions_of(giver)


def may_touch(giver: Member, member: Member) -> bool:
    """Whether the giver may change or remove that member: nobody who may do more than they."""
    return may_give(giver, member.role, member.access)


@transaction.atomic
def change(member: Member, role: str, wanted: dict[str, Any], by: Member, seen: str | None = None) -> bool:
    """Give the member another role or other access; whether anything changed.

    Holds the project, the member and who asks. `seen` is the mark of ACCESS as it was shown. Raises NotPossible, Stale,
    and Gone.
    """
    if role not in Role.values:
        raise NotPossible(_("There is no such role."))
    _hold(member, by)
    check_mark(seen, mark_of(member, ACCESS))
    access = roles.differences(role, wanted)
    if (role, access) == (member.role, member.access):
        return False
    if not may_touch(by, member) or not may_give(by, role, access):
        raise NotPossible(_("You cannot give or take what you are not allowed yourself."))
    if member.role == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(member)
    before = member.role
    member.role, member.access = role, access
    member.save(update_fields=["role", "access"])
    for invitation in open_invitations(member.project).filter(made_by=member.user):
        if not may_give(member, invitation.role, invitation.access):
            withdraw(invitation, by.user)
    audit.record(
        by.user, "member.edit", member.project, member, name=_name(member.user), role=role, before=before, access=access
    )
    return True


@transaction.atomic
def remove(member: Member, by: Member) -> None:
    """End somebody's part in the project, their own included, and their open invitations.

    Holds the project, the member and who asks. Raises NotPossible, and Gone.
    """
    _hold(member, by)
    if member.pk != by.pk and not may_touch(by, member):
        raise NotPossible(_("You cannot remove somebody who may do more than you."))
    if member.role == Role.OWNER:
        _keep_an_owner(member)
    for invitation in open_invitations(member.project).filter(made_by=member.user):
        withdraw(invitation, by.user)
    action = "member.leave" if member.pk == by.pk else "member.remove"
    audit.record(by.user, action, member.project, member, name=_name(member.user), role=member.role)
    member.delete()


@locked
def invite(project: Project, role: str, access: dict[str, Any], for_whom: str, by: Member) -> Invitation:
    """Make an invitation; `token_of` gives the end of its link. Holds the project and who asks. Raises NotPossible."""
    hold(by)
    if role not in Role.values:
        raise NotPossible(_("There is no such role."))
    access = roles.differences(role, access)
    if not may_give(by, role, access):
        raise NotPossible(_("You cannot invite somebody to do more than you may yourself."))
    if open_invitations(project).count() >= OPEN_MOST:
        raise NotPossible(_("%d invitations are open. Withdraw one first.") % OPEN_MOST)
    invitation = Invitation.objects.create(
        project=project,
        role=role,
        access=access,
        for_whom=for_whom.strip()[:60],
        nonce=secrets.token_urlsafe(16),
        made_by=by.user,
        expires_at=timezone.now() + LASTS,
    )
    audit.record(by.user, "invitation.create", project, invitation, name=invitation.for_whom, role=role)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, by: AbstractBaseUser) -> None:
    """End a link that nobody has used yet; nothing happens to one that is over. One statement looks and writes."""
    ended = _open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    if ended:
        audit.record(by, "invitation.withdraw", invitation.project, invitation, name=invitation.for_whom)


def token_of(invitation: Invitation) -> str:
    return signing.dumps([invitation.pk, invitation.nonce], salt=_SALT)


def find(token: str) -> Invitation:
    """The open invitation behind a link. Raises LinkOver."""
    try:
        pk, nonce = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        raise LinkOver("unknown") from None
    invitation = Invitation.objects.select_related("project", "made_by").filter(pk=pk, nonce=nonce).first()
    if invitation is None:
        raise LinkOver("unknown")
    _check_open(invitation)
    return invitation


def _check_open(invitation: Invitation) -> None:
    if invitation.used_at:
        raise LinkOver("used")
    if invitation.withdrawn_at:
        raise LinkOver("withdrawn")
    if invitation.expires_at <= timezone.now():
        raise LinkOver("expired")


@transaction.atomic
def join(invitation: Invitation, user: AbstractBaseUser) -> Member:
    """Make the person a member; the link is used up. Holds the project and the invitation.

    Raises LinkOver, and NotPossible for who is a member already.
    """
    hold(invitation.project)
    hold(invitation)
    _check_open(invitation)
    if Member.objects.filter(project=invitation.project, user=user).exists():
        raise NotPossible(_("You are a member already. The link still works for somebody else."))
    invitation.used_at, invitation.used_by = timezone.now(), user
    invitation.save(update_fields=["used_at", "used_by"])
    member = Member.objects.create(
        project=invitation.project, user=user, role=invitation.role, access=invitation.access
    )
    audit.record(
        user, "member.join", invitation.project, member, name=_name(user), role=member.role, invitation=invitation.pk
    )
    return member


def open_invitations(project: Project) -> QuerySet[Invitation]:
    return _open().filter(project=project)


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


def _hold(member: Member, by: Member) -> None:
    hold(member.project)
    for row in (member, by):
        hold(row)


def _keep_an_owner(member: Member) -> None:
    others = Member.objects.filter(~Q(pk=member.pk), project=member.project, role=Role.OWNER, user__is_active=True)
    if not others.exists():
        raise NotPossible(_("A project needs an owner. Make somebody else an owner first."))


def _name(user: AbstractBaseUser) -> str:
    return (user.get_full_name() or user.get_username())[:120]
