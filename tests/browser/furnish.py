"""Fills the product under test for the contact sheets: a project with something on every page, one with far too much
and the longest words, one with nothing. Runs inside the product's own database: `manage.py shell -c …`."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from agents.authoring import publish
from agents.authoring.rehearsals import runs, writing
from agents.connections import keeping
from agents.connections.model import Connection
from agents.models import (
    Agent,
    AuditEntry,
    Flow,
    Invitation,
    Member,
    Project,
    Rehearsal,
    RehearsalRun,
    Role,
    Tool,
    Topic,
    Variant,
)
from agents.people import members
from agents.source_models import Source
from calling.models import Conversation, Event, Note, Notice, Question, QuestionGroup, Recording, Tag, Turn
from calling.record import notices, outcomes
from widgets import actions
from widgets.models import RefusedHost, Widget

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihstelle"
WORDS = (
    f"Unsere {LONG} hat von Montag bis Freitag von neun bis achtzehn Uhr geöffnet, an Samstagen bis vierzehn Uhr. "
) * 6


def run() -> None:
    owner = get_user_model().objects.get(username="demo")
    # By name after the demo's project, which stays the one that a sign-in leads to.
    told = {"harbour-bikes": usual(Project.objects.get(slug="harbour-bikes"), owner)}
    for slug, make in (("too-much", much), ("with-nothing", nothing)):
        project, new = Project.objects.get_or_create(slug=slug, defaults={"name": slug.replace("-", " ").title()})
        with override_settings(SPEECH="scripted"):  # thirty times a hundred topics are encoded for minutes
            told[slug] = make(project, owner) if new else {}
    print(json.dumps(told))


def usual(project: Project, owner: Any) -> dict[str, Any]:
    widget = Widget.objects.filter(project=project, published__isnull=False).order_by("pk").first()
    other = Widget.objects.filter(project=project).exclude(pk=widget.pk).order_by("pk").first()
    RefusedHost.objects.get_or_create(
        widget=widget, host="xn--rder-loa.example.net", defaults={"count": 3, "last_seen": timezone.now()}
    )
    actions.make_test_link(widget, by=owner)
    actions.save_call_page(widget, by=owner, enabled=True, environment="live", expires_at=None)
    call = spoken(project, widget, 12)
    spoken(project, other or widget, 90, end_cause="failed", error_code="MICROPHONE_DENIED", answered_at=None)
    invitation = invite(project, owner)
    return numbers(project, owner, widget, call, invitation)


def much(project: Project, owner: Any) -> dict[str, Any]:
    Agent.objects.create(project=project, name=LONG[:50], greeting=WORDS[:500], disclaimer=WORDS[:500])
    Member.objects.create(project=project, user=owner, role=Role.OWNER)
    Variant.objects.bulk_create(
        Variant(
            project=project,
            key=f"v{n}",
            name=f"{n} {LONG}"[:60],
            is_default=n == 0,
            attributes={f"spalte_{at}": WORDS[: 40 + at] for at in range(12)},
        )
        for n in range(120)
    )
    for n in range(120):
        samples = [f"{n} {WORDS}"[:200]] * 1
        Topic.objects.create(project=project, name=f"{n} {LONG}"[:100], content=WORDS[:2000], samples=samples)
    steps = [
        {
            "key": f"s{n}",
            "name": f"{n} {LONG}"[:60],
            "kind": kind,
            "ask": WORDS[:500],
            "again": WORDS[:200],
            "optional": True,
            **({"only": {"step": "s0", "is": WORDS[:60]}} if n else {}),
            **({"limits": {"options": [{"name": LONG[:60], "also": [WORDS[:60]]}] * 30}} if kind == "choice" else {}),
        }
        for n, kind in enumerate(["choice", "date", "time", "number", "amount", "code", *["text"] * 9])
    ]
    for n in range(20):
        Flow.objects.create(
            project=project,
            name=f"{n} {LONG}"[:60],
            starts=[WORDS[:200]] * 20,
            topics=[f"{n} {LONG}"[:100]],
            offer=WORDS[:200],
            steps=steps,
            end={"kind": "say", "text": WORDS[:500]},
        )
    for n in range(30):
        Agent.objects.filter(project=project).update(greeting=f"{n} {WORDS}"[:500])
        publish.publish(project, by=owner, note=f"{n} {WORDS}"[:200], environment="live" if n == 10 else "sandbox")
    widget = actions.create_widget(project, by=owner, name=f"1 {LONG}"[:60], address="shop.example.com")
    hosts = [f"{'unterverzeichnis-' * 3}{n}.example.com" for n in range(60)]
    actions.set_domains(widget, hosts, by=owner)
    for n in range(25):
        style = widget.draft["style"] | {"agent_name": f"{n} {LONG}"[:50], "launcher_label": LONG[:24]}
        words = widget.draft["words"] | {"welcome": f"{n} {WORDS}"[:100], "start_label": WORDS[:100]}
        consent = widget.draft["consent"] | {"enabled": True, "message": WORDS[:500], "button": WORDS[:100]}
        actions.save_draft(widget, widget.draft | {"style": style, "words": words, "consent": consent}, by=owner)
        actions.publish_widget(widget, by=owner)
    for n in range(30):
        more = actions.create_widget(project, by=owner, name=f"{n + 2} {LONG}"[:60], address=f"w{n}.example.com")
        if n > 4:
            actions.archive_widget(more, by=owner)
    RefusedHost.objects.bulk_create(
        RefusedHost(widget=widget, host=f"{'fremd-' * 9}{n}.example.net", count=10**n % 99991, last_seen=timezone.now())
        for n in range(20)
    )
    calls = [
        spoken(project, widget, n * 37, title=f"{n} {LONG}"[:100], site=f"https://{'shop-' * 12}{n}.example.com")
        for n in range(60)
    ]
    people = get_user_model()
    for n in range(60):
        person = people.objects.create(
            username=f"person-{n}-{LONG}"[:150],
            first_name=f"{LONG[:30]} {n}",
            email=f"{LONG.lower()[:50]}{n}@example.com",
        )
        Member.objects.create(project=project, user=person, role=Role.ANALYST, access={"agent": "none"})
    AuditEntry.objects.bulk_create(
        AuditEntry(
            project=project,
            actor_name=f"person-{LONG}"[:150],
            action="widget.rename",
            target="widget:1",
            details={"name": LONG, "before": WORDS[:200]},
        )
        for _n in range(60)
    )
    return numbers(project, owner, widget, calls[0], invite(project, owner, LONG[:60]))


def nothing(project: Project, owner: Any) -> dict[str, Any]:
    Agent.objects.create(project=project, name="Robin", greeting="Hello, this is Robin.")
    Member.objects.create(project=project, user=owner, role=Role.OWNER)
    return {"member": Member.objects.get(project=project, user=owner).pk}


def rehearsed(project: Project) -> Rehearsal:
    """A rehearsal with calls that pass and one that fails; of all there are, so that the table is full."""
    if not project.rehearsals.exists():
        check = {"kind": "topic", "value": f"0 {LONG}"[:100]}
        rows = [{"say": WORDS[:400], "checks": [check, {"kind": "says", "value": WORDS[:200]}]}] * 6
        writing.import_rehearsals(
            project,
            [{"name": f"{n} {LONG}"[:100], "lines": rows, "checks": [{"kind": "ends"}]} for n in range(60)],
            None,
        )
    run = runs.start(project, None, times=5)
    row = project.rehearsals.order_by("name").first()
    for call in run.calls.all():
        passed = call.rehearsal_id != row.pk or call.number != 1
        said, findings = (
            [{"who": "agent", "text": "Hello!", "at_s": 0.0, "line": None, "source": "greeting", "score": None}],
            [],
        )
        for at, line in enumerate(row.lines):
            said.append(
                {"who": "caller", "text": line["say"], "at_s": 2.0 + at, "line": at, "source": "", "score": None}
            )
            answer = {"who": "agent", "text": WORDS[:200], "at_s": 3.0 + at, "line": at}
            said.append(answer | {"source": "topic:Parking", "score": 0.8})
            findings += [
                {**check, "line": at, "passed": passed, "instead": [] if passed else ["topic:Parking"]}
                for check in line["checks"]
            ]
        call.passed, call.result = passed, {"said": said, "cause": "visitor_ended", "findings": findings}
        call.save()
    RehearsalRun.objects.filter(pk=run.pk).update(state=RehearsalRun.State.DONE, config=None)
    return row


def connected(project: Project, owner: Any, count: int) -> Connection:
    """Services, one of them tested well and one not, with the longest names where there are many."""
    for n in range(count):
        name, address = (
            (f"{n} {LONG}"[:60], f"https://{'sprach-' * 8}{n}.example.com/v1") if count > 2 else (f"Ear {n}", "")
        )
        values = {"kind": "openai", "name": name, "address": address or "https://api.openai.com/v1"}
        if not project.connections.filter(name=name).exists():
            row = keeping.save(project, None, values, owner, key=f"sk-live-0123456789-{n:04d}")
            keeping.note_test(row, "hearing", keeping.Result("KEY" if n % 2 else "", 320))
    first = project.connections.first()
    if count > 2:  # other tests talk with the agent of the demo: it stays as it is
        Agent.objects.filter(project=project).update(services={"hearing": {"connection": first.pk, "name": first.name}})
    return first


def invite(project: Project, owner: Any, who: str = "A colleague") -> Invitation:
    member = Member.objects.select_related("user", "project").get(project=project, user=owner)
    return members.invite(project, Role.EDITOR, {}, who, by=member)


def spoken(project: Project, widget: Widget, minutes_ago: int, title: str = "Opening hours", **values: Any) -> Any:
    """A conversation with everything that one can have: an answer cut off, a question nobody could answer, events."""
    began = timezone.now() - timedelta(minutes=minutes_ago)
    given = {
        "reference": f"XX-{minutes_ago}{project.pk}",
        "widget": widget,
        "widget_name": widget.name,
        "version": project.versions.first(),
        "environment": "live",
        "site": "https://shop.example.com",
        "started_at": began,
        "answered_at": began + timedelta(seconds=1),
        "ended_at": began + timedelta(seconds=57),
        "end_cause": "visitor_ended",
        "rating": 4,
    } | values
    call = Conversation.objects.create(project=project, **given)
    if given["answered_at"] is None:
        outcomes.tell([call.pk])
        return call
    said = [
        ("agent", WORDS[:90], 0.0, 2.0, {"source": "greeting"}),
        ("visitor", "When are you open?", 3.0, 5.0, {}),
        (
            "agent",
            "We are open from nine",
            6.0,
            8.0,
            {
                "source": f"topic:{title}",
                "planned": WORDS,
                "interrupted": True,
                "score": 0.86,
                "timings": {"hearing": 90.0},
            },
        ),
        ("visitor", f"Do you sell {LONG}?", 8.0, 10.0, {}),
        ("agent", "I don’t know that.", 11.0, 13.0, {"source": "unknown", "timings": {"first_sound": 1800.0}}),
    ]
    for index, (speaker, text, start, end, more) in enumerate(said):
        Turn.objects.create(
            conversation=call, index=index, speaker=speaker, text=text, started_s=start, ended_s=end, **more
        )
    outcomes.tell([call.pk])
    Event.objects.create(conversation=call, name="muted", at_s=4.0)
    levels = {"rate_hz": 10, "visitor": [0, 40] * 280, "agent": [60, 0] * 280}
    ready = {"status": Recording.Status.READY, "file": "none.ogg", "duration_s": 56.0, "peaks": levels}
    Recording.objects.create(conversation=call, **ready)
    worked_with(project, call)
    return call


def worked_with(project: Project, call: Any) -> None:
    """What people and the worker add to a call afterwards."""
    Note.objects.create(conversation=call, by_name="Maya Berg", text=f"Rang twice, engaged. {LONG}")
    call.tags.add(*(Tag.objects.get_or_create(project=project, name=name)[0] for name in ("Call back", LONG[:40])))
    asked = call.turns.get(text__startswith="Do you sell")
    group, _new = QuestionGroup.objects.get_or_create(
        project=project, language="en", encoder="none", centre=b"", defaults={"last_at": call.started_at}
    )
    QuestionGroup.objects.filter(pk=group.pk).update(asked=F("asked") + 1)
    Question.objects.create(turn=asked, group=group, asked_at=call.started_at)
    notices.add(project, Notice.Kind.FAILED, {"MICROPHONE_DENIED": 2, "NO_UDP": 1}, timezone.now())
    notices.add(project, Notice.Kind.REFUSED, {"xn--rder-loa.example.net": 1}, timezone.now())


def chat_of(project: Project, owner: Any) -> Widget:
    """One with a page for apps."""
    found = project.widgets.filter(kind="chat").first()
    return found or actions.create_widget(project, by=owner, name="Chat", address="shop.example.com", kind="chat")


def tooled(project: Project) -> Tool:
    """The demo's first, or one with as much as goes."""
    if project.slug != "too-much":
        return project.tools.first()
    known = [{"key": f"n{n}", "name": LONG[:60], "kind": "text", "about": WORDS[:300]} for n in range(12)]
    for n in range(20):
        Tool.objects.create(
            project=project,
            name=f"{n} {LONG}"[:60],
            about=WORDS[:300],
            url=f"https://{LONG}.example/",
            parameters=known,
        )
    return project.tools.first()


def sourced(project: Project) -> Source:
    """What was read already, and what could not be."""
    name = f"{LONG} {LONG}"[:100] if project.slug == "too-much" else "Repairs"
    address = f"https://bikes.example/{'seite-' * 60 if project.slug == 'too-much' else 'repairs'}"
    read = {"kind": "page", "address": address, "active": True, "kept": True, "state": "ready", "pages": 1, "round": 1}
    source, _new = Source.objects.get_or_create(project=project, name=name, defaults=read)
    failed = {"kind": "file", "file_name": f"{name}.pdf", "kept": True, "state": "failed", "reason": "no_text"}
    Source.objects.get_or_create(project=project, name=f"Zz {name}"[:100], defaults=failed)
    return source


def numbers(project: Project, owner: Any, widget: Widget, call: Any, invitation: Invitation) -> dict[str, Any]:
    """What stands in the addresses of this project's pages."""
    return {
        "topic": project.topics.first().pk,
        "rehearsal": rehearsed(project).pk,
        "connection": connected(project, owner, 20 if project.slug == "too-much" else 2).pk,
        "flow": project.flows.first().pk,
        "tool": tooled(project).pk,
        "source": sourced(project).pk,
        "language": next(iter(project.agent.wordings), "de"),
        "widget": widget.pk,
        "chat": chat_of(project, owner).pk,
        "domain": widget.domains.first().pk,
        "refused": widget.refused_hosts.first().pk,
        "publication": widget.publications.first().pk,
        "number": project.versions.first().number,
        "conversation": str(call.pk),
        "member": Member.objects.get(project=project, user=owner).pk,
        "invitation": invitation.pk,
        "token": members.token_of(invitation),
    }
