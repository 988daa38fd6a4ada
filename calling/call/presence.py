"""Whether the visitor is still there, and what follows when not, and when they are back. No Django.

Who gives neither pong nor sound is detached: the agent's speech stands still, after a moment others may have the
line, and after a longer one the call is over. Who comes back to a house without a line for them waits as long.
"""

import asyncio
from typing import TYPE_CHECKING

from calling.call import protocol

if TYPE_CHECKING:
    from calling.call.session import Session


class Presence:
    def __init__(self, session: "Session") -> None:
        self._session = session
        self._place = session.parts.place
        self._patience = session.parts.patience
        self._loop = asyncio.get_running_loop()
        self._reminded_at = self._loop.time()
        self._detached_at: float | None = None
        self._kept_offer = ""
        self.waits = False  # is back, and there is no line

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
            if session.page.pings and now - session.page.ponged_at > patience.dead_s:
                session.end("connection_lost")
            return
        sounds = session.link.sounds(patience.dead_s)
        if pongs or sounds:
            self.back()
        elif self._detached_at is None:
            self._detached_at = now
            session.enter("detached")
        else:
            self.waits = False
        session.link.mind_the_seat(sounds and not self.waits)
        if self._detached_at is not None:
            self._while_detached(now - self._detached_at)
        elif not sounds:
            self._while_unheard(now)
        else:
            self._watch_loss()

    def back(self) -> None:
        """The visitor is back, if gone: ahead of everybody who waits for a first line."""
        session = self._session
        if self._detached_at is None:
            return
        if not self._place.resume():
            if not self.waits:
                self.waits = True
                session.page.send(protocol.Failure("FULL", session.id))
            return
        self._detached_at, self.waits = None, False
        session.enter("answered")
        offer, self._kept_offer = self._kept_offer, ""
        if offer:
            session.link.offer(offer)

    def offer(self, sdp: str) -> None:
        """A new sound connection, once there is a line for it: until then the page sees that it is not back yet."""
        if self.waits:
            self._kept_offer = sdp
        else:
            self._session.link.offer(sdp)

    def _while_detached(self, away_s: float) -> None:
        if self._place.holds_line and away_s >= self._patience.rest_s:
            self._place.rest()
        if away_s >= self._patience.gone_s:
            if self.waits:
                self._session.end("failed", "FULL")
            else:
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
