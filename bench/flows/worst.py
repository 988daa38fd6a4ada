"""What each rule costs on texts that are as bad as they come: processor time, the least of three goes.

Every kind that is collected, asked for and in passing, in both languages; whatever else is looked for in each turn; a
whole step of each flow. The texts have a thousand characters, more than is ever read at once.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from agents.brains import changes, messages, several, small_talk, statements
from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from agents.brains.flows import instead, naming, orders, passing, plan, questions, starting
from agents.brains.flows.filling import Filling
from agents.brains.flows.plan import Flow
from bench.flows import play

CHARACTERS = 1_000
GOES = 3
STEPS_EACH = 12  # of the texts every so many is tried on whole steps: these read all kinds one after the other
_PIECES = (
    *(
        "a |one |eins |1|1 |1.|1.1 |1,1,|1-|double |oh |null |hundred and |twenty |einundzwanzig|and |und |no |"
        "nein, |not |nicht a, |not a but b, |at |@|a@|a@a.|dot |a dot |a at b dot |ät |street |1 street |"
        "12 a street, |am weg 1 |weg |straße |the |the first of |monday |monday or |next |next week |"
        "the third of may |may |may the |am ersten |in a week |half |half past |quarter to |viertel vor |um halb |"
        "three thirty |12:30 |in the morning |my name is |ich heiße |spelled |A B |a b c d |b for bertie |alpha |"
        "capital a |euro |20 euros 50 |£1 |we are |me and my |two adults and |zu zweit |yes |yes and |ja, aber |"
        "well, |um |äh |sorry |i mean |make it |actually |what |can i |could you |is it |how much |i have never |"
        "noch nie |i can't make it |ich kann |muss |cancel |go back |start again |never mind |the same number |-|"
        "...|?!|'|''a|’s |ß|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx |a-b-|a.b.|_|+|(|Dr. |O'|I|l"
    ).split("|"),
    *("\u0661", "\u200b", "e\u0301", "\U0001f600"),
)


def texts() -> list[str]:
    """A piece said over and over; some in turn with another one, and with a correction at the end."""
    found = [(piece * CHARACTERS)[:CHARACTERS] for piece in _PIECES]
    pairs = zip(_PIECES[::4], _PIECES[7::4], strict=False)
    return [*found, *(f"{(one + other) * CHARACTERS}"[: CHARACTERS - 9] + " no, wait" for one, other in pairs)]


def rules(now: datetime) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Whatever reads a whole text at once, by name."""
    limits = {"options": [{"name": "Washing machine", "also": ["washer"]}, {"name": "After lunch", "also": ["late"]}]}
    for kind in kinds.KINDS:
        for language in ("en", "de"):
            for asked in (True, False):
                asking = Asking(
                    now, language, limits if kind == "choice" else {}, asked, "How many guests? Your birthday"
                )
                yield f"{kind}, {language}{', asked' * asked}", partial(_read, kind, asking)
    for language in ("en", "de"):
        yield f"small talk, {language}", partial(small_talk.kind, language=language)
        yield f"yes or no, {language}", partial(small_talk.yes_or_no, language=language)
        yield f"corrected, {language}", partial(small_talk.corrected, language=language)
        yield f"without a no, {language}", partial(small_talk.without_no, language=language)
        yield f"order, {language}", partial(orders.order, language=language)
    yield "value exchanged", partial(instead.exchanged, "Maple Grove 12")
    own: tuple[Callable[[str], object], ...] = (
        *(orders.nothing, orders.corrects, orders.is_short, questions.of_any_form, questions.is_request),
        *(passing.behind_yes, several.parts, statements.told, changes.wanted, messages.wanted, messages.name),
        messages.number,
    )
    yield from ((f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}", rule) for rule in own)


def steps(flows: tuple[tuple[Flow, str], ...], now: datetime) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Each step of each flow: what is filled while it is asked for, and what is put right once all is known."""
    for flow, language in flows:
        filling = Filling(flow, language, now)
        known = {step.key: _KNOWN[step.kind] for step in flow.steps}
        for step in flow.steps:
            yield f"{flow.name}, {step.name}: filled", partial(_fill, filling, step)
        yield f"{flow.name}: put right", partial(_put_right, filling, known)
        yield f"{flow.name}: bare", partial(filling.barely, values=known)
        yield f"{flow.name}: named", partial(_named, flow, language)
        yield f"{flow.name}: begun", partial(starting.begun_by, flows=(flow,))


_KNOWN = {
    "date": "2026-12-01", "time": "15:00", "number": "3", "amount": "20 EUR", "phone": "0201234567", "email": "a@b.com",
    "name": "Ann Bell", "address": "12 Mill Road", "choice": "Cut", "code": "AB12CDE", "text": "none", "yesno": "yes",
}  # fmt: skip


def _read(kind: str, asking: Asking, text: str) -> object:
    return kinds.read(kind, text, asking)


def _fill(filling: Filling, step: plan.Step, text: str) -> object:
    return filling.fill(text, {}, step)


def _put_right(filling: Filling, known: dict[str, str], text: str) -> object:
    return filling.corrected(text, known, tuple(known)[:2])


def _named(flow: Flow, language: str, text: str) -> object:
    return naming.named(flow.steps, text, language)


def slowest() -> list[tuple[float, str, str]]:
    """(milliseconds, rule, the text's beginning) of the slowest text of each rule, the slowest rule first."""
    now = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Europe/London"))
    rows = [row for name in ("first", "tenth") for row in play.read_set(name)["flows"].values()]
    flows = tuple((flow, row["language"]) for flow, row in zip(plan.read(rows), rows, strict=True))
    found, bad = [], texts()
    alone, together = [(*each, bad) for each in rules(now)], [(*each, bad[::STEPS_EACH]) for each in steps(flows, now)]
    for name, rule, own in (*alone, *together):
        rule("warm up")
        cost, text = max((_cost_ms(rule, text), text) for text in own)
        found.append((cost, name, text[:24]))
    return sorted(found, reverse=True)


def _cost_ms(rule: Callable[[str], object], text: str) -> float:
    goes = []
    for _ in range(GOES):
        began = time.process_time_ns()
        rule(text)
        goes.append(time.process_time_ns() - began)
        if goes[-1] < 4e6:
            break
    return min(goes) / 1e6
