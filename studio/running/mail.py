"""Mail: asked for by pages and by the clock, written and sent by the worker. Only where a server for it is set.

What is asked for is an outbox row that says whom and what about; the mail itself, with whatever link is in it, is made
when it is sent. So no link lies in the database, and one that cannot be sent is tried again.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from agents.models import Invitation, Member
from agents.people import members
from calling.record import notices, outbox, tasks
from studio import languages

DIGEST_HOUR = 7  # of the day, UTC, after which the day before is told
LOOK_EVERY = timedelta(minutes=5)


def ask_for_reset(user: Any) -> None:
    """For nobody as for somebody: whoever asks learns nothing by how long it takes."""
    outbox.add("mail_reset", {"user": user.pk if user else 0})


def ask_for_invitation(invitation: Invitation, to: str) -> None:
    outbox.add("mail_invitation", {"invitation": invitation.pk, "to": to})


def send_reset(payload: dict[str, Any]) -> None:
    """A link that lets somebody choose another password; it works once, and for two hours."""
    user = get_user_model().objects.filter(pk=payload["user"], is_active=True).exclude(email="").first()
    if user is None:
        return
    given = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}
    _send("reset", user.email, user, link=_address("password_new", given), name=user.get_username())


def send_invitation(payload: dict[str, Any]) -> None:
    rows = Invitation.objects.select_related("project", "made_by")
    row = rows.filter(pk=payload["invitation"], used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()).first()
    if row is not None:
        link = _address("invitation", {"token": members.token_of(row)})
        _send("invitation", payload["to"], row.made_by, link=link, invitation=row)


def look(payload: dict[str, Any]) -> None:
    """Gather notices every few minutes, from where the last look ended; once a day they are mailed."""
    with transaction.atomic():  # counted once, also where this is tried again
        _look(payload, timezone.now())


def _look(payload: dict[str, Any], now: datetime) -> None:
    since = datetime.fromisoformat(payload["until"]) if payload.get("until") else now - timedelta(days=1)
    notices.look(since, now)
    told = datetime.fromisoformat(payload["told"]) if payload.get("told") else now
    morning = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if told < morning <= now:
        _plan_digests(told, now)
        told = now
    tasks.plan("notices", now + LOOK_EVERY, {"until": now.isoformat(), "told": told.isoformat()})


def _plan_digests(since: datetime, until: datetime) -> None:
    if not settings.SENDS_EMAIL:
        return
    people = Member.objects.filter(user__is_active=True).exclude(user__email="").select_related("user")
    told_of = {"since": since.isoformat(), "until": until.isoformat()}
    for member in people.filter(project__notices__last_at__gt=since).distinct():
        if notices.by_mail(member):
            outbox.add("mail_digest", {"member": member.pk, **told_of})


def send_digest(payload: dict[str, Any]) -> None:
    """What a member was to know of a day, in one mail."""
    member = Member.objects.select_related("user", "project").filter(pk=payload["member"]).first()
    if member is None or not member.user.email or not notices.by_mail(member):
        return
    since, until = datetime.fromisoformat(payload["since"]), datetime.fromisoformat(payload["until"])
    rows = list(notices.for_member(member).filter(last_at__gt=since, last_at__lte=until))
    if rows:
        link = _address("notices", {"project": member.project.slug})
        _send("digest", member.user.email, member.user, link=link, project=member.project, rows=rows)


def _send(template: str, to: str, reader: Any, **told: Any) -> None:
    """A mail in its reader's language; the first line of its template is the subject."""
    with translation.override(languages.chosen(reader) or settings.LANGUAGE_CODE):
        text = render_to_string(f"studio/mail/{template}.txt", told)
    subject, _line, body = text.strip().partition("\n")
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[to]).send()


def _address(name: str, kwargs: dict[str, Any]) -> str:
    return settings.CONSOLE_URL + reverse(f"console:{name}", kwargs=kwargs)


HANDLERS: dict[str, outbox.Handler] = {
    "mail_reset": send_reset,
    "mail_invitation": send_invitation,
    "mail_digest": send_digest,
    "notices": look,
}
