"""Whether the visitor is still there, and what follows when not, and when they are back. No Django.

Who gives neither pong nor sound is detached: the agent's speech stands still, after a moment others may have the
slot, and after a longer one the call is over.
"""

import asyncio
from typing import TYPE_CHECKING

from calling.call import protocol

if TYPE_CHECKING:
    from calling.call.session import Session


class Presence:
    def __init__(self, session: "Session") -> None:
        self._session = session
        self._patience = session.parts.patience
        self._loop = asyncio.get_running_loop()
        self._reminded_at = self._loop.time()
        self._detached_at: float | None = None
        self.has_slot = True

    def attached(self) -> None:
        """A page has come: it gets its time before it is reminded of its sound."""
        self._reminded_at = self._loop.time()

    async def watch(self) -> None:
        """Ping the page, and notice when nobody is there any more, or again."""
        while True:
            await asyncio.sleep(self._patience.tick_s)
            self._look()

    def _look(self) -> None:
        session, patience, now = self._session, self._patience, self._loop.time()
        session.page.ping_every(patience.ping_s)
        pongs = session.page.pongs(patience.dead_s)
        if session.seat is None:  # not answered yet: there is little to come back to
            if now - session.page.ponged_at > patience.dead_s:
                session.end("connection_lost")
            return
        sounds = session.link.sounds(patience.dead_s)
        session.link.mind_the_seat(sounds)
        if pongs or sounds:
            self.back()
        elif self._detached_at is None:
            self._detached_at = now
            session.enter("detached")
        else:
            self._while_detached(now - self._detached_at)
        if pongs and not sounds:
            self._while_unheard(now)
        elif sounds:
            self._watch_loss()

    def back(self) -> None:
        """The visitor is back, if gone: ahead of everybody, even in a full house."""
        if self._detached_at is None:
            return
        self._detached_at = None
        if not self.has_slot:
            self.has_slot = True
            self._session.parts.slot_taken()
        self._session.enter("answered")

    def _while_detached(self, away_s: float) -> None:
        if self.has_slot and away_s >= self._patience.slot_s:
            self.has_slot = False
            self._session.parts.slot_free()
        if away_s >= self._patience.gone_s:
            self._session.end("connection_lost")

    def _while_unheard(self, now: float) -> None:
        """The page answers, but its sound does not come: ask for a new sound connection, now and then."""
        session = self._session
        if session.link.silent_s() > self._patience.gone_s:
            session.end("connection_lost")
        elif not session.link.is_trying and now - self._reminded_at >= self._patience.dead_s:
            self._reminded_at = now
            session.page.send(protocol.Reconnect(session.id))

    def _watch_loss(self) -> None:
        link = self._session.link
        loss = link.loss()
        if loss is not None:
            self._session.tell("sound", quality="poor" if link.quality.poor else "good", loss=loss)
