"""What people ought to know without looking for it, one row for each kind and day. Gathered by the worker."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from agents.locks import Gone, hold
from agents.models import Member, Project, Role
from agents.people import roles
from calling.models import Conversation, Notice
from calling.record import topic_uses
from widgets.models import RefusedHost

Kind = Notice.Kind
FAILED = ("failed", "shutdown")  # causes of an end that nobody wanted
LONGEST_CALL = timedelta(hours=5)  # what ended lately began at most so long before
DETAILS_MOST = 20  # codes or sites of a day that are named; the rest is counted
KEPT = timedelta(days=90)
# Who may read what a notice is about, is told of it.
NEEDS = {
    Kind.FAILED: "conversations.read",
    Kind.QUESTIONS: "conversations.read",
    Kind.REFUSED: "widgets.read",
}


def look(since: datetime, until: datetime) -> None:
    """Gather what happened in all projects after the one moment, up to the other, and which topic answered."""
    for project in Project.objects.order_by("pk"):
        calls = Conversation.objects.filter(project=project, is_test=False, end_cause__in=FAILED)
        ended = calls.filter(started_at__gt=since - LONGEST_CALL, ended_at__gt=since, ended_at__lte=until)
        codes = ended.order_by().values_list("error_code").annotate(Count("pk"))
        add(project, Kind.FAILED, {code or "other": n for code, n in codes}, until)
        sites = RefusedHost.objects.filter(widget__project=project, last_seen__gt=since, last_seen__lte=until)
        hosts = sites.order_by("-last_seen").values_list("host", flat=True)[: 2 * DETAILS_MOST]
        add(project, Kind.REFUSED, dict.fromkeys(hosts, 1), until)
        topic_uses.count(project, since, until)


def add(project: Project, kind: str, counted: Mapping[str, int], at: datetime) -> None:
    """So many more of each on that day. A site is one site however often it asks."""
    if not counted:
        return
    with transaction.atomic():
        try:
            hold(project)
        except Gone:
            return
        row = Notice.objects.filter(project=project, kind=kind, day=at.date()).first()
        row = row or Notice(project=project, kind=kind, day=at.date())
        details: Counter[str] = Counter(row.details)
        new = sum(n for name, n in counted.items() if kind != Kind.REFUSED or name not in details)
        if kind == Kind.REFUSED:
            details.update(name for name in counted if name not in details)
        else:
            details.update(counted)
        if not new:
            return
        row.count += new
        row.details = dict(details.most_common(DETAILS_MOST))
        row.last_at = at
        row.save()


def for_member(member: Member) -> Any:
    """The notices that this member's role lets them know."""
    allowed = roles.permissions_of(member)
    kinds = [kind for kind, needed in NEEDS.items() if needed in allowed]
    return Notice.objects.filter(project=member.project_id, kind__in=kinds)


def unread(member: Member) -> int:
    rows = for_member(member)
    return rows.filter(last_at__gt=member.notices_seen_at).count() if member.notices_seen_at else rows.count()


def mark_seen(member: Member) -> None:
    """Up to now. It is the member's own, and nobody else's."""
    Member.objects.filter(pk=member.pk).update(notices_seen_at=timezone.now())


def by_mail(member: Member) -> bool:
    """Whether they want them by mail: owners do unless they said otherwise."""
    return member.role == Role.OWNER if member.notices_by_mail is None else member.notices_by_mail


def choose_mail(member: Member, wanted: bool) -> None:
    Member.objects.filter(pk=member.pk).update(notices_by_mail=wanted)


def forget_old(now: datetime) -> None:
    Notice.objects.filter(last_at__lt=now - KEPT).delete()
    topic_uses.forget_old(now.date())
