"""A mind that does what another one has decided: it calls the tool at a flow's end, and says what came of it.

The other mind only decides, and may do so on speculation: what nobody hears in the end must do nothing. So the first
thing that is said is that it is being done, and it is done when that stands: what only reads once it is heard, what
changes something when the visitor does not go on over its first moments. From then on nothing stops it. Who talks over
it hears what came of it next.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from agents.brains.base import Brain, Piece, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.brains.snapshot import AgentSnapshot, legible, spoken
from agents.brains.tools import saying, telling
from agents.brains.tools.acting import Acting
from agents.brains.tools.arguments import BadArguments, checked
from agents.brains.tools.filling import filled
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool
from agents.brains.tools.words import tool_words

_GOES_ON = frozenset({"answer", "lead", "model", "goodbye", "flow"})  # replies that are about what was said meanwhile


class ActingBrain:
    """One object a conversation."""

    def __init__(
        self,
        inner: Brain,
        acting: Acting | None,
        snapshot: AgentSnapshot,
        *,
        variant: dict[str, str],
        language: str,
        written: bool = False,
    ) -> None:
        """`acting`: None where nothing is done, as in trials: there all counts as having worked."""
        self.inner, self._acting, self._snapshot = inner, acting, snapshot
        self._variant, self._start, self._written = variant, language, written

    async def prepare(self) -> object:
        return await self.inner.prepare()

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        if memory.act and self._acting:
            pieces = self._after(memory.act, self._acting, turn, memory)
        else:
            pieces = self._thought_out(turn, memory)
        async with aclosing(pieces) as coming:  # type: ignore[type-var]
            async for piece in coming:
                yield piece

    async def _thought_out(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        async with aclosing(self.inner.reply(turn, memory)) as coming:  # type: ignore[type-var]
            async for piece in coming:
                if piece.reply.act is None or "key" in piece.reply.act:  # whoever gave it a key does it itself
                    yield piece
                    continue
                async for more in self._acted(piece.reply, turn, memory, saying.Said()):
                    yield more

    # ── Doing it ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _acted(self, reply: Reply, turn: Turn, memory: Memory, said: saying.Said) -> AsyncIterator[Piece]:
        """Do what a reply names, as far as anything is done here."""
        asked = reply.act or {}
        if "step" in asked:
            pieces = self._looked_up(reply, asked, turn, memory, said)
        elif self._acting and self._is_sent(asked, self._acting):
            pieces = self._done(reply, asked, self._acting, turn, memory, said)
        else:
            said.add(reply.text)
            bare = replace(reply, text=said.all)
            if self._acting:  # a trial
                trial = saying.kept(str(asked.get("tool", "")), Outcome("trial"))
                bare = replace(bare, act=None, decision=saying.joined(reply.decision, trial))
            yield Piece(said.take(), bare)
            return
        async with aclosing(pieces) as coming:  # type: ignore[type-var]
            async for piece in coming:
                yield piece

    async def _called(
        self,
        act: saying.Act,
        acting: Acting,
        reply: Reply,
        turn: Turn,
        memory: Memory,
        said: saying.Said,
        came: list[Outcome],
    ) -> AsyncIterator[Piece]:
        """What is said meanwhile; the outcome is in `came` then."""
        language, say = reply.language or memory.language or self._start, self._say(memory)
        if not self._written:
            said.add(telling.start(act.tool, language, say))
            yield Piece(said.take(), replace(reply, text=said.all), more=True)
        if turn.standing:
            await (turn.standing.began if act.tool.reads else turn.standing.firm).wait()
        task = acting.begin(act.tool, act.arguments, act.key)
        done, _pending = await asyncio.wait({task}, timeout=act.tool.delay_s)
        if not done and not self._written:
            said.add(telling.delay(act.tool, language, say))
            yield Piece(said.take(), replace(reply, text=said.all), more=True)
        await asyncio.wait({task})
        came.append(task.result())

    async def _done(
        self, reply: Reply, asked: dict[str, Any], acting: Acting, turn: Turn, memory: Memory, said: saying.Said
    ) -> AsyncIterator[Piece]:
        language = reply.language or memory.language or self._start
        act = self._act(asked, memory, language)
        if act is None or act.problem:
            said.add(self._failed(act, asked, language, memory))
            yield saying.last(reply, said, saying.kept(*saying.not_sent(act, asked)))
            return
        came: list[Outcome] = []
        async for piece in self._called(act, acting, reply, turn, memory, said, came):
            yield piece
        said.add(self._told(act.tool, came[0], asked, language, memory))
        yield saying.last(reply, said, saying.kept(act.tool.name, came[0], act.key))

    async def _after(self, asked: dict[str, Any], acting: Acting, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        """Somebody talked over what was being done, or another process went on: what came of it is told first."""
        language = memory.language or self._start
        back = replace(memory, act=None, flow=asked.get("back"))
        act = self._act(asked, memory, language)
        outcome = await acting.before(act.key) if act else None
        if act is None or outcome is None:  # it was never sent: as if it had not been agreed upon
            pieces = self._thought_out(turn, back)
        elif "step" in asked:
            pieces = self._looked_up_before(asked, act, outcome, turn, memory)
        else:
            pieces = self._told_late(asked, act, outcome, turn, back)
        async with aclosing(pieces) as coming:  # type: ignore[type-var]
            async for piece in coming:
                yield piece

    async def _told_late(
        self, asked: dict[str, Any], act: saying.Act, outcome: Outcome, turn: Turn, back: Memory
    ) -> AsyncIterator[Piece]:
        language = back.language or self._start
        told = self._told(act.tool, outcome, asked, language, back)
        reply = await whole(self.inner, turn, replace(back, flow=None))
        if reply.act:
            async for piece in self._acted(reply, turn, back, saying.Said.of(told)):
                yield piece
            return
        kept = saying.kept(act.tool.name, outcome, act.key)
        if reply.kind not in _GOES_ON:
            source = f"tool:{act.tool.name}"
            bare = Reply("", source, "flow", offered=True, history=reply.history, tokens=reply.tokens)
            yield saying.last(bare, saying.Said.of(told), kept)
            return
        text = f"{told.removesuffix(tool_words(language).anything_else).strip()} {reply.text}"
        yield Piece(text, replace(reply, text=text, decision={**reply.decision, **kept}))

    # ── Looking something up on the way ──────────────────────────────────────────────────────────────────────

    async def _looked_up(
        self, reply: Reply, asked: dict[str, Any], turn: Turn, memory: Memory, said: saying.Said
    ) -> AsyncIterator[Piece]:
        """A step's answer is looked up, and the flow goes on behind what came of it."""
        language = reply.language or memory.language or self._start
        act = self._act(asked, memory, language)
        say, came = self._say(memory), [Outcome("done")]
        said.add(reply.text)
        kept: dict[str, Any] = {}
        if self._acting and (act is None or act.problem or not act.tool.reads):
            came = [Outcome("failed")]
            said.add(telling.found(act.tool, came[0], language, {}, say) if act else tool_words(language).not_read)
            kept = saying.kept(*saying.not_sent(act, asked))
        elif self._acting and act:
            came = []
            async for piece in self._called(act, self._acting, reply, turn, memory, said, came):
                yield piece
            said.add(self._found(act.tool, came[0], asked, language, say))
            kept = saying.kept(act.tool.name, came[0], act.key)
        gone_on = await self._go_on(asked, came[0], turn, memory, language)
        own = {"events": (*reply.events, *gone_on.events), "near": reply.near, "score": reply.score}
        decision = saying.joined(reply.decision, kept)
        found = replace(gone_on, language=reply.language, decision=saying.joined(decision, gone_on.decision), **own)  # type: ignore[arg-type]
        async for piece in self._goes_on(found, turn, memory, said):
            yield piece

    async def _looked_up_before(
        self, asked: dict[str, Any], act: saying.Act, outcome: Outcome, turn: Turn, memory: Memory
    ) -> AsyncIterator[Piece]:
        """The same, told late: what was said meanwhile is heard as said to the next question."""
        language = memory.language or self._start
        said = saying.Said.of(self._found(act.tool, outcome, asked, language, self._say(memory)))
        reply = await self._go_on(asked, outcome, turn, memory, language)
        if reply.flow is not None and reply.act is None:
            meanwhile = await whole(self.inner, turn, replace(memory, act=None, flow=reply.flow))
            reply = replace(meanwhile, events=(*reply.events, *meanwhile.events))
        found = replace(reply, decision=saying.joined(saying.kept(act.tool.name, outcome, act.key), reply.decision))
        async for piece in self._goes_on(found, turn, memory, said):
            yield piece

    async def _go_on(self, asked: dict[str, Any], outcome: Outcome, turn: Turn, memory: Memory, language: str) -> Reply:
        """What the flow says next."""
        came = {"step": asked["step"], "how": outcome.state, "values": dict(outcome.values)}
        flow = {**asked["state"], "came": came}
        return await whole(self.inner, Turn(turn.text), replace(memory, act=None, flow=flow, language=language))

    async def _goes_on(self, reply: Reply, turn: Turn, memory: Memory, said: saying.Said) -> AsyncIterator[Piece]:
        if reply.act:
            async for piece in self._acted(reply, turn, memory, said):
                yield piece
            return
        said.add(reply.text)
        yield Piece(said.take(), replace(reply, text=said.all, history=saying.heard(reply.history, said.all)))

    def _found(self, tool: Tool, outcome: Outcome, asked: dict[str, Any], language: str, say: telling.Say) -> str:
        return telling.found(tool, outcome, language, saying.texts(asked.get("said")), say)

    # ── What is asked, and what is said ──────────────────────────────────────────────────────────────────────

    def _act(self, asked: dict[str, Any], memory: Memory, language: str) -> saying.Act | None:
        """None: this version has no such tool."""
        tool = next((one for one in self._snapshot.tools if one.name == asked.get("tool")), None)
        if tool is None:
            return None
        try:
            values = filled(tool, self._variant, memory.page, language)
            arguments, problem = checked(tool, asked.get("given") or {}, values), ""
        except BadArguments as bad:
            arguments, problem = {}, str(bad)
        key = str(asked.get("key") or "")
        if not key and self._acting:  # the same thing looked up with other values is another thing
            told = arguments if "step" in asked else None
            key = self._acting.key(tool, str(asked.get("occasion", "")), told)
        return saying.Act(tool, key, arguments, problem)

    def _is_sent(self, asked: dict[str, Any], acting: Acting) -> bool:
        tool = next((one for one in self._snapshot.tools if one.name == asked.get("tool")), None)
        return tool is None or acting.may(tool)

    def _say(self, memory: Memory) -> telling.Say:
        put_in = legible if self._written else spoken
        return lambda text: " ".join(put_in(text, self._variant, memory.page).split())

    def _told(self, tool: Tool, outcome: Outcome, asked: dict[str, Any], language: str, memory: Memory) -> str:
        words = tool_words(language)
        text = telling.told(
            tool, outcome, language, saying.texts(asked.get("said")), self._say(memory), str(asked.get("usual", ""))
        )
        later = words.later if outcome.state in ("failed", "unknown") else ""
        return " ".join(part for part in (text, later, words.anything_else) if part)

    def _failed(self, act: saying.Act | None, asked: dict[str, Any], language: str, memory: Memory) -> str:
        if act:
            return self._told(act.tool, Outcome("failed"), asked, language, memory)
        words = tool_words(language)
        return f"{words.failure} {words.later} {words.anything_else}"
