"""A mind that does what another one has decided: it calls the tool at a flow's end, and says what came of it.

The other mind only decides, and may do so on speculation: what nobody hears in the end must do nothing. So the first
thing that is said is that it is being done, and it is done when that stands: what only reads once it is heard, what
changes something when the visitor does not go on over its first moments. From then on nothing stops it. Who talks over
it hears what came of it next.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from agents.brains.base import Brain, Piece, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.brains.snapshot import AgentSnapshot, legible, spoken
from agents.brains.tools import telling
from agents.brains.tools.acting import Acting
from agents.brains.tools.arguments import BadArguments, Value, checked
from agents.brains.tools.filling import filled
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool
from agents.brains.tools.words import tool_words

_GOES_ON = frozenset({"answer", "lead", "model", "goodbye", "flow"})  # replies that are about what was said meanwhile


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to be done, ready to be sent."""

    tool: Tool
    key: str
    arguments: dict[str, Value]
    problem: str = ""  # why it cannot be


class ActingBrain:
    """One object a conversation."""

    def __init__(
        self,
        inner: Brain,
        acting: Acting,
        snapshot: AgentSnapshot,
        *,
        variant: dict[str, str],
        language: str,
        written: bool = False,
    ) -> None:
        self._inner, self._acting, self._snapshot = inner, acting, snapshot
        self._variant, self._start, self._written = variant, language, written

    async def prepare(self) -> object:
        return await self._inner.prepare()

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        if memory.act:
            pieces = self._after(memory.act, turn, memory)
        else:
            pieces = self._thought_out(turn, memory)
        async with aclosing(pieces) as coming:  # type: ignore[type-var]
            async for piece in coming:
                yield piece

    async def _thought_out(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        async with aclosing(self._inner.reply(turn, memory)) as coming:  # type: ignore[type-var]
            async for piece in coming:
                if piece.reply.act is None or "key" in piece.reply.act:  # whoever gave it a key does it itself
                    yield piece
                    continue
                async for more in self._done(piece.reply, turn, memory):
                    yield more

    # ── Doing it ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _done(self, reply: Reply, turn: Turn, memory: Memory, before: str = "") -> AsyncIterator[Piece]:
        """`before`: what is said first."""
        asked = reply.act or {}
        language = reply.language or memory.language or self._start
        act = self._act(asked, memory, language)
        if act is None or act.problem:
            text = f"{before} {self._failed(act, asked, language, memory)}".strip()
            name = act.tool.name if act else str(asked.get("tool", ""))
            yield _last(reply, text, _kept(name, Outcome("failed", code="BAD_VALUE" if act else "GONE")))
            return
        say = self._say(memory)
        text = f"{before} {telling.start(act.tool, language, say)}".strip()
        if not self._written:
            yield Piece(text, replace(reply, text=text), more=True)
        if turn.standing:
            await (turn.standing.began if act.tool.reads else turn.standing.firm).wait()
        task = self._acting.begin(act.tool, act.arguments, act.key)
        done, _pending = await asyncio.wait({task}, timeout=act.tool.delay_s)
        if not done and not self._written:
            waiting = telling.delay(act.tool, language, say)
            text = f"{text} {waiting}"
            yield Piece(waiting, replace(reply, text=text), more=True)
        await asyncio.wait({task})
        outcome = task.result()
        told = self._told(act.tool, outcome, asked, language, memory)
        text = " ".join([before, told]).strip() if self._written else f"{text} {told}"
        final = _last(reply, text, _kept(act.tool.name, outcome, act.key)).reply
        yield Piece(text if self._written else told, final)

    async def _after(self, asked: dict[str, Any], turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        """Somebody talked over what was being done, or another process went on: what came of it is told first."""
        language = memory.language or self._start
        back = replace(memory, act=None, flow=asked.get("back"))
        act = self._act(asked, memory, language)
        outcome = await self._acting.before(act.key) if act else None
        if act is None or outcome is None:  # it was never sent: as if it had not been agreed upon
            async with aclosing(self._thought_out(turn, back)) as coming:  # type: ignore[type-var]
                async for piece in coming:
                    yield piece
            return
        told = self._told(act.tool, outcome, asked, language, memory)
        reply = await whole(self._inner, turn, replace(back, flow=None))
        if reply.act:
            async for piece in self._done(reply, turn, memory, before=told):
                yield piece
            return
        kept = _kept(act.tool.name, outcome, act.key)
        if reply.kind not in _GOES_ON:
            source = f"tool:{act.tool.name}"
            yield _last(Reply("", source, "flow", offered=True, history=reply.history, tokens=reply.tokens), told, kept)
            return
        text = f"{told.removesuffix(tool_words(language).anything_else).strip()} {reply.text}"
        yield Piece(text, replace(reply, text=text, decision={**reply.decision, **kept}))

    # ── What is asked, and what is said ──────────────────────────────────────────────────────────────────────

    def _act(self, asked: dict[str, Any], memory: Memory, language: str) -> Act | None:
        """None: this version has no such tool."""
        tool = next((one for one in self._snapshot.tools if one.name == asked.get("tool")), None)
        if tool is None:
            return None
        key = str(asked.get("key") or "") or self._acting.key(tool, str(asked.get("occasion", "")))
        try:
            return Act(
                tool, key, checked(tool, asked.get("given") or {}, filled(tool, self._variant, memory.page, language))
            )
        except BadArguments as problem:
            return Act(tool, key, {}, str(problem))

    def _say(self, memory: Memory) -> telling.Say:
        put_in = legible if self._written else spoken
        return lambda text: " ".join(put_in(text, self._variant, memory.page).split())

    def _told(self, tool: Tool, outcome: Outcome, asked: dict[str, Any], language: str, memory: Memory) -> str:
        words = tool_words(language)
        said = {str(key): str(value) for key, value in (asked.get("said") or {}).items()}
        text = telling.told(tool, outcome, language, said, self._say(memory), str(asked.get("usual", "")))
        later = words.later if outcome.state in ("failed", "unknown") else ""
        return " ".join(part for part in (text, later, words.anything_else) if part)

    def _failed(self, act: Act | None, asked: dict[str, Any], language: str, memory: Memory) -> str:
        if act:
            return self._told(act.tool, Outcome("failed"), asked, language, memory)
        words = tool_words(language)
        return f"{words.failure} {words.later} {words.anything_else}"


def _kept(name: str, outcome: Outcome, key: str = "") -> dict[str, Any]:
    """What is kept with the turn; arguments and answer are kept with the call of the tool."""
    told: dict[str, Any] = {"name": name, "state": outcome.state, "ms": outcome.ms, "key": key}
    if outcome.code:
        told["code"] = outcome.code
    if outcome.again:
        told["again"] = True
    return {"tools": [told]}


def _last(reply: Reply, text: str, kept: dict[str, Any]) -> Piece:
    """The end of what is said, with nothing left to be done."""
    history = reply.history
    if history:
        history = (*history[:-1], (history[-1][0], text))
    found = replace(reply, text=text, act=None, offered=True, history=history, decision={**reply.decision, **kept})
    return Piece(text, found)
