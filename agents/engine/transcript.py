"""The transcript of a conversation: every turn gets its number here, is noted for good, and is shown to the page."""

from copy import deepcopy
from typing import Any

from agents.brains.memory import Memory
from agents.brains.snapshot import Link
from agents.engine.line import Info, Line
from agents.engine.notes import Notes, TurnNote
from agents.engine.speaking import Utterance
from agents.engine.turn_rules import VisitorTurn


class Transcript:
    def __init__(self, seat: Line, notes: Notes, memory: Memory) -> None:
        self._seat = seat
        self._notes = notes
        self._memory = memory
        self._visitor: int | None = None  # number of the visitor's turn that is still open
        self._caption = ""
        self._shown = ""

    def event(self, name: str, **data: Any) -> None:
        self._notes.event(name, self._seat.now_s(), **data)

    def state(self) -> None:
        self._notes.state(self._memory.to_json())

    async def show(self, state: str) -> None:
        """Tell the page what the agent is doing."""
        if state != self._shown:
            self._shown = state
            await self._seat.send(Info("state", {"state": state}))

    async def show_link(self, link: Link) -> None:
        """The page that goes with an answer, on the visitor's page."""
        self.event("link_shown", title=link.title, url=link.url)
        await self._seat.send(Info("info", {"kind": "link", "title": link.title, "url": link.url}))

    # ── The visitor ──────────────────────────────────────────────────────────────────────────────────────────

    async def hearing(self, text: str) -> None:
        """The words of the visitor's turn so far."""
        if text and text != self._caption:
            self._caption = text
            await self._tell(self._open(), "visitor", text, final=False)

    async def heard(self, turn: VisitorTurn) -> int:
        """The visitor's turn seems to be over. It stays open until `settle`: if more is said, it is noted again.

        Returns its number.
        """
        self._caption = turn.text
        index = self._open()
        await self.correct(index, turn)
        return index

    async def correct(self, index: int, turn: VisitorTurn) -> None:
        """A visitor's turn as it is known now."""
        self._notes.turn(
            TurnNote(index, "visitor", turn.text, turn.started_s, turn.ended_s, decision=dict(turn.decision))
        )
        await self._tell(index, "visitor", turn.text, final=True)

    async def forget(self, text: str) -> None:
        """What was shown was nothing: go back to the words before it."""
        if self._visitor is not None and self._caption != text:
            self._caption = text
            await self._tell(self._visitor, "visitor", text, final=True)

    def reopen(self, index: int, turn: VisitorTurn) -> None:
        """The visitor goes on with a turn that seemed to be over for good."""
        self._visitor, self._caption = index, turn.text

    async def split(self, turn: VisitorTurn) -> int:
        """The open turn was two: its first piece keeps the number, the rest gets the next one, which is returned."""
        assert turn.first is not None
        await self.correct(self._open(), turn.first)
        self._visitor = None
        return await self.heard(turn.apart())

    def settle(self) -> None:
        """The visitor's turn is over for good: the next words are a new turn."""
        self._visitor = None
        self._caption = ""

    def _open(self) -> int:
        if self._visitor is None:
            self._visitor = self._next()
        return self._visitor

    def _next(self) -> int:
        index = self._memory.next_index
        self._memory.next_index += 1
        return index

    # ── The agent ────────────────────────────────────────────────────────────────────────────────────────────

    async def saying(self, utterance: Utterance) -> None:
        """A clause of it has begun to sound."""
        if utterance.index < 0:
            utterance.index = self._next()
        text = " ".join(utterance.begun)
        self._agent(utterance, text)
        await self._tell(utterance.index, "agent", text, final=False)

    async def said(self, utterance: Utterance) -> None:
        """It was heard to its end, or cut."""
        if utterance.index < 0:
            return  # not a sound of it went out
        self._agent(utterance, utterance.heard)
        await self._tell(utterance.index, "agent", utterance.heard, final=True)

    def _agent(self, utterance: Utterance, text: str) -> None:
        self._notes.turn(
            TurnNote(
                utterance.index,
                "agent",
                text,
                utterance.started_s or 0.0,
                utterance.ended_s,
                planned=utterance.text,
                interrupted=utterance.interrupted,
                source=utterance.source,
                score=utterance.score,
                timings=dict(utterance.timings),
                decision={
                    **deepcopy(utterance.decision),  # of an answer that is still being written it changes
                    **({"overlaps": list(utterance.overlaps)} if utterance.overlaps else {}),
                },
            )
        )

    async def _tell(self, index: int, speaker: str, text: str, *, final: bool) -> None:
        await self._seat.send(Info("transcription", {"index": index, "speaker": speaker, "text": text, "final": final}))
