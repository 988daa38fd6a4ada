"""A mind that words its answers with a language model, before the embedded one, which it never does without.

The embedded mind answers every turn first, in a few milliseconds: what is small talk, a message, a flow, a topic that
goes first, or a question back stays its own. Where it looked something up, the model words the answer from what was
found. Whatever happens to the model, at any moment, the embedded answer is there and is said instead, or goes on.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Any

from agents.brains.base import Brain, Piece, Reply, Turn, event, whole
from agents.brains.collecting.zones import clock_of
from agents.brains.language_model.answer import Answer, Unknown, Withheld
from agents.brains.language_model.asking import Asking
from agents.brains.language_model.base import ModelError, Usage
from agents.brains.language_model.hands import Hands
from agents.brains.language_model.own_actions import OwnActions
from agents.brains.language_model.thinking import Thinking
from agents.brains.language_model.words import in_crisis, model_words
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.snapshot import AgentSnapshot, Link
from agents.brains.tools.acting import Acting
from agents.speech.words import even

SOURCE = "model"
CRISIS = "model:crisis"
TEXT_MOST = 2_000  # characters of a turn
Pairs = tuple[tuple[str, str], ...]  # what the visitor said, and what the agent answered
_TALKED_ABOUT = frozenset({"small_talk:okay", "small_talk:no", "small_talk:go_on"})  # answers to what a model asked


class ModelBrain:
    """One object a conversation."""

    def __init__(
        self,
        inner: Brain,
        with_: Thinking,
        snapshot: AgentSnapshot,
        *,
        variant: dict[str, str],
        language: str,
        takes_messages: bool = True,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._inner, self._with, self._takes_messages = inner, with_, takes_messages
        self._snapshot, self._variant, self._start = snapshot, variant, language
        self._asking = Asking(with_, snapshot, variant, now or clock_of(snapshot.zone))
        self.acting: Acting | None = None  # how tools are called, where a model may
        self._spent = 0  # tokens, also of answers that nobody waited for

    async def prepare(self) -> object:
        return await self._inner.prepare()

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        self._spent = max(self._spent, memory.tokens)
        own = await whole(self._inner, turn, memory)
        text = even(turn.text[:TEXT_MOST])
        language = own.language or memory.language or self._start
        if in_crisis(text) and not self._goes_first(own):
            yield _piece(self._kept(Reply(model_words(language).crisis, CRISIS, "small_talk"), text, memory.history))
            return
        if not self._asks_model(own, memory):
            yield _piece(self._kept(own, text, memory.history))
            return
        if skipped := self._skipped():
            told = replace(own, decision={**own.decision, "model": {"name": self._with.model.name, "skipped": skipped}})
            yield _piece(self._kept(told, text, memory.history))
            return
        async with aclosing(self._worded(own, turn, text, language, memory)) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                yield piece

    # ── Whose answer it is ───────────────────────────────────────────────────────────────────────────────────

    def _asks_model(self, own: Reply, memory: Memory) -> bool:
        is_taken = memory.message is not None and memory.message.get("step") != "offer"
        if is_taken or own.flow is not None or own.offered_language or self._goes_first(own):
            return False
        if own.message is not None and own.source != "unknown":
            return False
        if own.source in _TALKED_ABOUT:
            return bool(memory.history) and memory.by_model and not memory.offered
        if own.source == "ask":
            return all(any(topic.name == name for topic in self._snapshot.topics) for name in own.asked)  # else a flow
        return own.source == "unknown" or own.kind in ("answer", "lead")

    def _goes_first(self, own: Reply) -> bool:
        return any(topic.first and topic.name in own.topics for topic in self._snapshot.topics)

    def _skipped(self) -> str:
        """Why the model is not asked now; "" where it is."""
        terms = self._with.terms
        if terms.conversation_most and self._spent >= terms.conversation_most:
            return "conversation"
        if terms.day_most and self._with.meter.used() >= terms.day_most:
            return "day"
        return "resting" if self._with.rest.resting else ""

    # ── Its words ────────────────────────────────────────────────────────────────────────────────────────────

    async def _worded(self, own: Reply, turn: Turn, text: str, language: str, memory: Memory) -> AsyncIterator[Piece]:
        facts, looked_up = self._asking.facts(own, language, memory)
        hands = self._hands(turn, language, memory)
        answer = self._asking.answer(text, facts, language, memory, hands)
        told: dict[str, Any] = {"name": self._with.model.name, "topics": [fact.name for fact in facts[:looked_up]]}
        began_s = time.monotonic()
        base, before = self._base(own, text, told), memory.history  # the memory learns while words still come
        if hands:
            base = replace(base, decision={**base.decision, "tools": hands.told})
        try:
            while True:
                async with aclosing(answer.clauses()) as coming:  # type: ignore[type-var]
                    async for clause, is_last in coming:
                        told.setdefault("first_ms", round((time.monotonic() - began_s) * 1000))
                        if hands:
                            hands.untold = False
                        if is_last:
                            self._with.rest.went_well()
                            acted = replace(base, acted=bool(hands and hands.has_changed))
                            said = _with_links(answer.text, hands.own.shows) if hands and answer.written else ""
                            final = self._ended(acted, answer, told, "whole", before, text, said)
                            yield Piece(final.text if answer.written else clause, final)
                            return
                        yield Piece(clause, self._kept(replace(base, text=answer.text), text, before), more=True)
                assert hands is not None
                async for saying in hands.do(answer.calls):
                    answer.said.append(saying.text)
                    announced = replace(base, text=answer.text, act=saying.act)
                    yield Piece(saying.text, self._kept(announced, text, before), more=True)
                if ended := hands.ended_by():
                    self._with.rest.went_well()
                    yield self._ended_by(ended, base, answer, told, before, text)
                    return
                base = replace(base, shows=tuple(dict.fromkeys([*base.shows, *hands.own.shows])))
                for found in hands.figures():
                    answer.guard.figures.add(found, trusted=False)
                answer.guard.done = answer.guard.done or hands.has_changed
                answer.goes_on(hands.results)
        except Unknown:
            self._with.rest.went_well()
            yield self._told_instead(self._with_hands(own, hands), answer, told, "unknown", before, text)
        except Withheld as withheld:
            self._with.rest.went_well()
            told["why"] = withheld.reason
            note = event("model_withheld", reason=withheld.reason, model=self._with.model.name)
            kept = self._with_hands(own, hands)
            yield self._instead(kept, answer, told, "withheld", before, text, language, note)
        except Exception as problem:  # noqa: BLE001  whatever it is, the conversation goes on without the model
            error = problem if isinstance(problem, ModelError) else ModelError("GARBAGE", type(problem).__name__)
            self._with.rest.failed(error)
            told["why"] = error.code
            note = event("model_failed", code=error.code, model=self._with.model.name, within=bool(answer.said))
            kept = self._with_hands(own, hands)
            yield self._instead(kept, answer, told, "failed", before, text, language, note)
        finally:
            usage = answer.usage
            self._with.meter.add(usage)
            self._spent += usage.all
            if "ended" not in told:  # somebody talked over it
                self._tell(told, answer, "cut")

    def _hands(self, turn: Turn, language: str, memory: Memory) -> Hands | None:
        written, snapshot, variant = self._with.brief.written, self._snapshot, self._variant
        own = OwnActions(snapshot, variant, language, memory, turn.text, written, self._takes_messages)
        hands = Hands(self.acting, own, snapshot, variant, language, memory, turn, written, told=own.told)
        return hands if hands.schemas else None

    def _with_hands(self, own: Reply, hands: Hands | None) -> Reply:
        """The embedded answer; where something was done, what came of it instead: that is never hidden."""
        if hands is None or not hands.outcomes:
            return replace(own, decision={**own.decision, "tools": hands.told}) if hands and hands.told else own
        return replace(
            own,
            text=hands.instead(),
            source=SOURCE,
            kind="model",
            message=None,
            asked=(),
            topics=(),
            shows=(),
            offered=True,
            acted=hands.has_changed,
            decision={**own.decision, "tools": hands.told},
        )

    def _told_instead(
        self, own: Reply, answer: Answer, told: dict[str, Any], how: str, before: Pairs, text: str
    ) -> Piece:
        """The embedded answer in place of the model's; behind what was said while it was done."""
        said = own.text if answer.written or not answer.said else f"{answer.text} {own.text}"
        return Piece(own.text, self._ended(own, answer, told, how, before, text, said=said))

    def _ended_by(
        self, last: Reply, base: Reply, answer: Answer, told: dict[str, Any], before: Pairs, text: str
    ) -> Piece:
        """The agent's own words behind the model's, where it has begun one of its own actions."""
        names = ("language", "heard", "near", "score", "decision")
        same: dict[str, Any] = {name: getattr(base, name) for name in names}
        shows = tuple(dict.fromkeys([*base.shows, *last.shows]))
        last = replace(last, events=(*base.events, *last.events), shows=shows, **same)
        return self._told_instead(last, answer, told, "whole", before, text)

    # ── Its end ──────────────────────────────────────────────────────────────────────────────────────────────

    def _base(self, own: Reply, text: str, told: dict[str, Any]) -> Reply:
        """The reply as the model gives it: what the embedded one was about, without what it alone would have asked."""
        return Reply(
            "",
            SOURCE,
            "model",
            score=own.score,
            topics=own.topics if own.kind in ("answer", "lead") else (),
            question=own.question or text,
            heard=own.heard,
            decision={**own.decision, "model": told},
            shows=own.shows if own.kind in ("answer", "lead") else (),
            language=own.language,
            near=own.near,
            events=own.events,
        )

    def _instead(
        self,
        own: Reply,
        answer: Answer,
        told: dict[str, Any],
        how: str,
        before: Pairs,
        text: str,
        language: str,
        note: tuple[str, dict[str, Any]],
    ) -> Piece:
        """The embedded answer in place of the model's, or behind what was said of it: one natural sentence."""
        own = replace(own, events=(*own.events, note))
        if told.get("why") == "human":
            robot = phrases(language, written=answer.written).robot.format(self._snapshot.name)
            own = replace(own, text=robot, source="small_talk:robot", kind="small_talk", message=None, asked=())
        if not answer.said or answer.written:
            return _piece(self._ended(own, answer, told, how, before, text, said=own.text))
        words = model_words(language)
        is_within = not answer.text.rstrip("\"'”’)").endswith((".", "!", "?", "…"))
        if own.decision.get("tools"):  # what came of them, behind what was said meanwhile
            rest = own.text
        elif own.kind in ("answer", "lead") or own.source == "small_talk:robot":
            rest = (words.again_within if is_within else words.again).format(own.text)
        else:
            rest = words.lost
            own = replace(own, kind="model", source=SOURCE, message=None, asked=())
        return Piece(rest, self._ended(own, answer, told, how, before, text, said=f"{answer.text} {rest}"))

    def _ended(
        self, reply: Reply, answer: Answer, told: dict[str, Any], how: str, before: Pairs, text: str, said: str = ""
    ) -> Reply:
        """The whole reply, with what it cost."""
        usage = self._tell(told, answer, how)
        decision = {**reply.decision, "model": told}
        return self._kept(replace(reply, text=said or answer.text, decision=decision), text, before, usage.all)

    def _tell(self, told: dict[str, Any], answer: Answer, how: str) -> Usage:
        """What is kept with the turn of an answer that is over."""
        usage = answer.usage
        told.update(ended=how, read=usage.read, written=usage.written)
        if usage.estimated:
            told["estimated"] = True
        if (cost := self._with.terms.cost(usage)) is not None:
            told["cost"] = cost
        return usage

    def _kept(self, reply: Reply, text: str, before: Pairs, tokens: int = 0) -> Reply:
        """With the conversation so far, for the next turn's prompt, and what it has cost."""
        return replace(reply, history=(*before, (text, reply.text)), tokens=self._spent + tokens)


def _with_links(text: str, links: list[Link]) -> str:
    """In a chat a page is shown by a link behind the words."""
    missing = [f"[{link.title}]({link.url})" for link in links if link.url not in text]
    return "\n\n".join([text, *missing])


def _piece(reply: Reply) -> Piece:
    return Piece(reply.text, reply)
