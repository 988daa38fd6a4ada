"""One conversation as a document: as plain data for programs, and as text for people.

`words`: whether the reader may see what was said. Without them a document has only what the list shows, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.db.models import Prefetch
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from agents.models import Project
from calling.models import Conversation, Event, Recording, Turn
from studio.pages.calls import transcript, wording
from studio.pages.calls.consent import agreed_words
from studio.templatetags.console import clock, dated, duration

LINES_MOST = 5_000  # turns and events of one conversation in a document: hours of talk

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """A conversation with all that its document needs at hand."""

    call: Conversation
    row: wording.Row
    said: wording.Said
    turns: list[Turn]
    events: list[Event]
    words: bool

    @property
    def recording(self) -> Recording | None:
        found = getattr(self.call, "recording", None)
        return found if found and found.status == Recording.Status.READY else None

    @property
    def sound_file(self) -> str:
        return f"{self.call.reference}.ogg" if self.recording and self.words else ""


def read(project: Project, calls: Iterable[UUID], words: bool, lines: bool = True) -> Iterator[Whole]:
    """These conversations, in this order, with a handful of queries however many there are."""
    ids = list(calls)
    rows = Conversation.objects.filter(project=project, pk__in=ids).select_related(
        "version", "recording", "consent__text", "identity"
    )
    rows = rows.defer("agent_state", "version__config", "recording__peaks")
    rows = rows.prefetch_related("tags")
    if lines:
        rows = rows.prefetch_related(
            Prefetch("turns", Turn.objects.order_by("index")),
            Prefetch("events", Event.objects.order_by("at_s", "id")),
            "notes",
            "tool_calls",
        )
    found = {call.pk: call for call in rows}
    said = wording.said_in(found)
    for pk in ids:
        call = found.get(pk)
        if call is None:  # deleted since it was listed
            continue
        turns = list(call.turns.all()[:LINES_MOST]) if lines and words else []
        events = list(call.events.all()[:LINES_MOST]) if lines and words else []
        yield Whole(call, wording.row(call, said[pk], words), said[pk], turns, events, words)


def data(whole: Whole, words: bool) -> Document:
    """Names in English and times in UTC: for programs, and the same in every language."""
    call, recording = whole.call, whole.recording
    found: Document = {
        "reference": call.reference,
        "id": str(call.pk),
        "channel": call.channel,
        "began": _utc(call.started_at),
        "answered": _utc(call.answered_at),
        "ended": _utc(call.ended_at),
        "seconds": call.talked_s,
        "end_cause": call.end_cause,
        "error_code": call.error_code,
        "widget": call.widget_name,
        "environment": call.environment,
        "version": call.version.number if call.version else None,
        "variant": call.variant_key,
        "language": call.language,
        "site": call.site,
        "test": call.is_test,
        "rating": call.rating,
        "topics": whole.said.topics,
        "unanswered": whole.said.unanswered,
        "messages": whole.said.messages,
        "consent": _consent(call),
        "handled": _utc(call.handled_at),
        "tags": [tag.name for tag in call.tags.all()],
        "recording": {"file": whole.sound_file, "seconds": recording.duration_s, "bytes": recording.size_bytes}
        if recording
        else None,
    }
    if words:
        who = getattr(call, "identity", None)
        found["visitor"] = {"name": who.name, "email": who.email, "id": who.given_id} if who else None
        found["turns"] = [_turn(turn) for turn in whole.turns]
        found["notes"] = [{"by": note.by_name, "at": _utc(note.at), "text": note.text} for note in call.notes.all()]
        found["events"] = [{"at_s": event.at_s, "name": event.name, "data": event.data} for event in whole.events]
        found["tools"] = [
            {"at_s": at_s, "tool": one.tool, "arguments": one.arguments, "outcome": one.outcome}
            for at_s, one in transcript.tool_calls(whole.call)[:LINES_MOST]
        ]
    return found


def _utc(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _consent(call: Conversation) -> Document | None:
    if not call.consent:
        return None
    text = call.consent.text
    return {
        "at": _utc(call.consent.at),
        "text": agreed_words(call.consent),
        "button": text.button,
        "language": call.consent.language,
    }


def _turn(turn: Turn) -> Document:
    found: Document = {
        "speaker": turn.speaker,
        "at_s": turn.started_s,
        "until_s": turn.ended_s,
        "text": turn.text,
    }
    if turn.speaker == "agent":
        found |= {"answered_by": turn.source, "interrupted": turn.interrupted}
        if turn.interrupted:
            found["planned"] = turn.planned
    return found


def text(whole: Whole, agent_name: str, words: bool) -> str:
    """To read, in the reader's language and time zone."""
    lines = [f"{whole.call.reference}: {whole.row.title}", ""]
    lines += [f"{label}: {value}" for label, value in facts(whole) if value]
    lines += ["", *(f"{at} {who}: {said}" for at, who, said in dialogue(whole, agent_name))]
    if words:
        notes = [f"{dated(note.at)}, {note.by_name}: {note.text}" for note in whole.call.notes.all()]
        lines += ["", _("Notes"), *notes] if notes else []
    else:
        lines.append(_("What was said here is personal data. An owner can let you see it."))
    return "\n".join(lines).rstrip() + "\n"


def facts(whole: Whole) -> list[tuple[str, str]]:
    call, recording = whole.call, whole.recording
    return [
        (_("Began"), dated(call.started_at)),
        (_("Length"), duration(call.talked_s)),
        (_("Result"), whole.row.result),
        (_("Ended"), wording.cause(call) if call.ended_at else ""),
        (_("Rating"), _("%(n)d of 5 stars") % {"n": call.rating} if call.rating else ""),
        (_("Widget"), call.widget_name),
        (_("Site"), call.site),
        (_("Environment"), call.get_environment_display()),
        (_("Agent"), _("Version %(n)s") % {"n": call.version.number} if call.version else ""),
        (_("Language"), _language(call.language)),
        (_("Agreed to"), f"{dated(call.consent.at)}: {agreed_words(call.consent)}" if call.consent else ""),
        (_("Tags"), ", ".join(tag.name for tag in call.tags.all())),
        (_("Recording"), " ".join([whole.sound_file, duration(recording.duration_s)]).strip() if recording else ""),
    ]


def _language(code: str) -> str:
    name = get_language_info(code)["name_translated"] if code in LANG_INFO else code
    return name[:1].upper() + name[1:]


def dialogue(whole: Whole, agent_name: str) -> list[tuple[str, str, str]]:
    """When, who, what: turns and events in the order of the call."""
    visitor = _("Visitor")
    found = []
    for turn in whole.turns:
        said = turn.text or _("Nothing could be made out")
        unheard = transcript.unheard(turn.text, turn.planned) if turn.interrupted else ""
        if unheard:
            said += " [" + _("not heard any more: %s") % unheard + "]"
        found.append((turn.started_s, agent_name if turn.speaker == "agent" else visitor, said))
    found += [(event.at_s, "–", words) for event in whole.events if (words := transcript.happened(event))]
    return [(clock(at_s), who, said) for at_s, who, said in sorted(found, key=lambda line: line[0])]
