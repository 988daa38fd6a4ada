"""A conversation's turns and events, in the order of the call, as the page draws them."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from agents.authoring.checking import language_name
from agents.authoring.topics import SAMPLE_MOST
from calling.models import Conversation, Event, ToolCall, Turn
from calling.record import end_reasons
from studio.pages import given
from studio.pages.agent import model_wording, source_wording, tool_wording
from studio.pages.calls import turn_wording, wording
from studio.pages.calls.waves import rail
from studio.templatetags.console import duration

TURNS_A_PART = 200
EVENTS_A_PART = 400
LETTERS_A_LINE = 64
BARS_A_LINE = 8
VALUES_SHOWN, VALUE_LETTERS = 8, 60  # of what a page told


@dataclass(slots=True)
class Line:
    """One line of the transcript: a turn, or something that happened."""

    at_s: float
    kind: str  # "visitor", "agent", "event"
    text: str = ""
    ends_s: float | None = None
    unheard: str = ""
    cut_at_s: float | None = None
    latency_ms: int | None = None
    stages: str = ""
    source: str = ""
    cited: dict[str, Any] | None = None  # what an answer of a source was taken from
    answered: str = ""
    score: int | None = None
    path: str = ""
    question: str = ""
    waited: str = ""
    waited_why: str = ""
    index: int | None = None  # of a turn
    medium: str = ""  # of a turn in a conversation that has both: "voice" or "text"
    typed: bool = False
    after: bool = False  # it came when the conversation was over
    overlaps: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a transcript as a page shows."""

    lines: list[Line]
    number: int  # from 1
    last: int
    first_turn: int
    last_turn: int
    turns: int  # in all


def part(call: Conversation, asked: object, peaks: dict[str, Any] | None) -> Part:
    """The part that was asked for; else the first one, or of a call that runs the last."""
    turns = call.turns.order_by("index")
    count = turns.count()
    last = max(1, -(-count // TURNS_A_PART))
    number = last if call.ended_at is None else 1
    if (wanted := given.number(asked)) is not None:
        number = min(max(1, wanted), last)
    start = (number - 1) * TURNS_A_PART
    shown = list(turns[start : start + TURNS_A_PART + 1])
    shown, following = shown[:TURNS_A_PART], shown[TURNS_A_PART:]
    events = call.events.order_by("at_s", "id")
    if number > 1 and shown:
        events = events.filter(at_s__gte=shown[0].started_s)
    if following:
        events = events.filter(at_s__lt=following[0].started_s)
    happening = list(events[: EVENTS_A_PART + 1])
    before = turns.filter(speaker="visitor", index__lt=shown[0].index).last() if number > 1 and shown else None
    found = _lines(shown, happening[:EVENTS_A_PART], peaks, before.text if before else "")
    if turns.filter(decision__has_key="typed").exists():
        _mark(found)
    since = shown[0].started_s if number > 1 and shown else None
    until = following[0].started_s if following else None
    found = sorted([*found, *_tools(call, since, until)], key=lambda line: line.at_s)
    if len(happening) > EVENTS_A_PART:
        found.append(Line(found[-1].at_s if found else 0.0, "event", _("More happened here than is shown")))
    return Part(found, number, last, start + 1, start + len(shown), count)


def _lines(turns: list[Turn], events: list[Event], peaks: dict[str, Any] | None, asked: str) -> list[Line]:
    found = []
    for turn in turns:
        line = _turn(turn, peaks)
        if turn.speaker == "visitor":
            asked = turn.text
        else:
            line.question = asked[:SAMPLE_MOST]  # as the topic form takes it; an address is not to hold a letter
        found.append(line)
    found += [
        Line(event.at_s, "event", words, after=event.name == "rated") for event in events if (words := happened(event))
    ]
    return sorted(found, key=lambda line: line.at_s)


def _mark(lines: list[Line]) -> None:
    """A call in which the visitor typed has both media; what carries no mark of its own was spoken."""
    for line in lines:
        if line.kind != "event":
            line.medium = line.medium or ("text" if line.typed else "voice")


def tool_calls(call: Conversation) -> list[tuple[float, ToolCall]]:
    """The tools that were called in it, with the second of each."""
    began = call.answered_at or call.started_at
    return [(round((one.at - began).total_seconds(), 2), one) for one in call.tool_calls.all()]


def _tools(call: Conversation, since: float | None, until: float | None) -> list[Line]:
    return [
        Line(at_s, "event", tool_wording.of_call(one))
        for at_s, one in tool_calls(call)
        if (since is None or at_s >= since) and (until is None or at_s < until)
    ]


def _turn(turn: Turn, peaks: dict[str, Any] | None) -> Line:
    rows = len(turn.planned or turn.text) // LETTERS_A_LINE + 1
    line = Line(turn.started_s, turn.speaker, turn.text, turn.ended_s)
    line.path = rail(peaks, turn.speaker, turn.started_s, turn.ended_s, rows * BARS_A_LINE)
    line.overlaps = [
        *turn_wording.went_on(turn.decision),
        *turn_wording.doubted(turn.decision),
        *turn_wording.corrected(turn.decision),
        *model_wording.of_turn(turn.decision),
        *tool_wording.never_sent(turn.decision),
    ]
    line.index = turn.index
    line.medium, line.typed = str(turn.decision.get("medium", "")), "typed" in turn.decision
    line.waited, line.waited_why = turn_wording.whose_turn(turn.decision)
    if turn.speaker == "agent":
        line.source = turn.source
        line.answered = wording.what_answered(turn.source) if turn.source else ""
        line.cited = source_wording.cited(turn.decision)
        if line.cited:
            line.text = source_wording.without_citation(line.text)
        line.score = round(turn.score * 100) if turn.score is not None else None
        first = turn.timings.get("first_sound")
        line.latency_ms = round(first) if isinstance(first, int | float) else None
        line.stages = _stages(turn.timings)
        if turn.interrupted:
            line.unheard = unheard(turn.text, turn.planned)
            line.cut_at_s = turn.ended_s
    return line


def unheard(heard: str, planned: str) -> str:
    """The words that were meant but never reached the visitor's ear. Compared as words, since what was heard may have
    other spaces and no closing stop."""
    said, meant = _bare(heard), planned.split()
    same = 0
    for word in meant:
        if same < len(said) and _bare(word) == [said[same]]:
            same += 1
        elif _bare(word):
            break
    if same < len(said):
        return ""  # something else was said than was planned: nothing can be struck through
    count = 0
    for place, word in enumerate(meant):
        if count == same:
            return " ".join(meant[place:])
        count += len(_bare(word)) > 0
    return ""


def _bare(text: str) -> list[str]:
    words = (re.sub(r"[^\w]+", "", word).lower() for word in text.split())
    return [word for word in words if word]


def _stages(timings: dict[str, Any]) -> str:
    """Where the time went, for the tooltip."""
    names = {
        "end_of_speech": _("end of speech"),
        "hearing": _("hearing"),
        "thinking": _("thinking"),
        "voice": _("voice"),
    }
    parts = [f"{label} {round(timings[name])} ms" for name, label in names.items() if name in timings]
    return ", ".join(parts)


def happened(event: Event) -> str:
    """An event in words; nothing for those that say nothing to a reader."""
    data = event.data or {}
    match event.name:
        case "muted" if data.get("reason") == "typing":
            return _("There was no microphone: the visitor typed, and was answered aloud and in captions")
        case "unmuted" if data.get("reason") == "typing":
            return _("The visitor went on talking")
        case "muted" if data.get("reason", "muted") != "muted":
            return _("The visitor’s microphone was lost")
        case "unmuted" if data.get("reason", "muted") != "muted":
            return _("The visitor’s microphone is back")
        case "muted":
            return _("The visitor muted the microphone")
        case "unmuted":
            return _("The visitor unmuted the microphone")
        case "talk_began":
            return _("The visitor went on talking")
        case "talk_ended":
            return _("Talked for %s; from here on in writing again") % duration(data.get("seconds", 0))
        case "hearing_degraded":
            return _("The machine is busy: words come late") if data.get("level") else _("Words come in time again")
        case "dtmf":
            return _("The visitor pressed %s") % data.get("digit", "")
        case "gap":
            return _("The connection was gone for a moment")
        case "browser_failed":
            code = data.get("code", "")
            return end_reasons.reason(code).rstrip(".") or _("The visitor’s browser reported %s") % code
        case "language_changed":
            return _("From here on: %s") % language_name(str(data.get("language", "")))
        case "variant_missing":
            return _("The variant was not found; the default was used")
        case "link_shown":
            return _("The agent showed “%s”") % _short(data.get("title", ""))
        case "page_info":
            return _said_by_page(data)
        case "rated":
            stars = _("Rated %d of 5") % data.get("stars", 0)
            return f"{stars}: {_('“%s”') % data['comment']}" if data.get("comment") else stars
        case "context_verified":
            return _("Your site vouched for: %s") % (", ".join(map(_short, data.get("names", []))) or _("nothing more"))
        case "context_refused":
            return _("What the page signed was not taken: %s") % end_reasons.not_vouched(str(data.get("why", "")))
        case "message_taken":
            told = [data.get("visitor", ""), data.get("number", ""), data.get("text", "")]
            return _("Message: %s") % ", ".join(filter(None, told))
        case "flow_started":
            return _("The flow “%s” began") % data.get("flow", "")
        case "flow_left":
            at = data.get("at", "")
            left = _("The flow “%s” was left") % data.get("flow", "")
            return f"{left}: {at}" if at else left
        case "flow_finished":
            told = "; ".join(f"{name}: {value}" for name, value in data.get("said", []))
            return _("Collected by “%(flow)s”: %(told)s") % {"flow": data.get("flow", ""), "told": told}
        case "dropped":
            return _("More happened than is kept: %d events") % sum(n for n in data.values() if isinstance(n, int))
        case "model_failed":
            why = model_wording.failed(data.get("code", ""))
            return _("The language model failed, and your own words were said: %s") % why
        case "model_withheld":
            return str(model_wording.WITHHELD.get(data.get("reason", ""), ""))
        case "service_failed":
            return _("“%s” failed: this server’s own engine stepped in") % data.get("service", "")
        case "provider_failed":
            return _("A speech engine failed: %s") % data.get("part", "")
        case _:
            return ""


def _said_by_page(data: dict[str, Any]) -> str:
    """`sendInfo` as the site's script had it: the name of what happened, and the values."""
    name, values = str(data.get("text", "")), data.get("data") or {}
    told = [f"{key} = {_short(value)}" for key, value in list(values.items())[:VALUES_SHOWN]]
    if len(values) > VALUES_SHOWN:
        told.append("…")
    if not name:
        return _("The page told the agent: %s") % ", ".join(told)
    if not told:
        return _("The page told the agent “%s”") % _short(name)
    return _("The page told the agent “%(name)s”: %(values)s") % {"name": _short(name), "values": ", ".join(told)}


def _short(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {True: _("yes"), False: _("no")}.get(value, "–")
    text = " ".join(str(value).split())
    return text if len(text) <= VALUE_LETTERS else text[: VALUE_LETTERS - 1] + "…"
