"""Connect, drop and return in any order: no slot leaks, one page at most holds the call, nothing is told twice."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine import virtual_clock as clock
from calling.call import protocol
from calling.call.protocol import ProtocolError
from tests.fakes.call import Call
from tests.fakes.connection import OFFER, FakeConnection

pytestmark = pytest.mark.long

WRONG = "s-1.not-a-token-of-this-call"

waits = st.sampled_from([0.1, 1.0, 4.0, 12.0]).map(lambda seconds: ("wait", seconds))
steps = st.one_of(
    waits,
    waits,
    st.sampled_from([("socket lost", None), ("page hangs", None), ("sound dies", None), ("sound stops", None)]),
    st.sampled_from([("sound flows", None), ("offer", True), ("offer", False), ("hang up", None)]),
    st.tuples(st.just("hello"), st.tuples(st.sampled_from(["latest", "oldest", "wrong"]), st.booleans())),
)


class History:
    """A call, and all pages that ever held it."""

    def __init__(self, call):
        self.call = call
        self.pages = [call.page]
        self.lost = []  # pages whose socket is gone
        self.tokens = [call.page.token]

    @property
    def page(self):
        """The one that holds the call, if any does."""
        return self.call.session.page.socket

    async def step(self, what, how):
        call, session = self.call, self.call.session
        match what:
            case "wait":
                await asyncio.sleep(how)
            case "socket lost":
                if self.page:
                    self.lost.append(self.page)
                    session.detach(self.page)
            case "page hangs":
                if self.page:
                    self.page.alive = False
            case "sound dies":
                call.connections[-1].die()
            case "sound stops":
                call.connections[-1].silent = 1000.0
            case "sound flows":
                call.connections[-1].silent = 0.0
            case "hang up" | "offer" if self.page and session.state != "ended":
                if what == "offer":
                    call.next = [FakeConnection(up=how)]
                self.say(protocol.Offer(OFFER) if what == "offer" else protocol.HangUp())
            case "hello":
                await self.hello(*how)

    def say(self, message):
        try:
            self.call.session.handle(message)
        except ProtocolError as error:
            assert error.code in ("SESSION_GONE", "RATE_LIMITED")

    async def hello(self, which, move):
        before = self.page
        token = {"latest": self.tokens[-1], "oldest": self.tokens[0], "wrong": WRONG}[which]
        try:
            page = await self.call.come_back(token, move=move)
        except ProtocolError as error:
            assert error.code in ("SESSION_GONE", "RESUME_INVALID", "CALL_ELSEWHERE")
            assert self.page is before or self.page is None
            return
        assert which != "wrong" and self.page is page
        self.pages.append(page)
        self.tokens.append(page.token)

    def check(self):
        balance = [what for what, _at in self.call.place.history]
        assert balance == ["free", "taken"] * (len(balance) // 2) + ["free"] * (len(balance) % 2)
        assert self.call.place.holds_line == (len(balance) % 2 == 0)
        open_pages = [page for page in self.pages if not page.closed and page not in self.lost]
        assert open_pages in ([], [self.page]), "two pages think that the call is theirs"
        behind = [connection for connection in self.call.connections if self.call.seat.line is connection]
        assert len(behind) <= 1 and not any(connection.closed for connection in behind)
        for page in self.pages:
            numbers = [message.n for message in page.told if isinstance(message, protocol.Event)]
            assert numbers == sorted(set(numbers)), "told twice, or out of order"


@settings(max_examples=300)
@given(st.lists(steps, max_size=25))
def test_whatever_happens_to_connections_the_books_are_right(history):
    async def scene():
        async with Call() as call:
            await call.answered()
            seen = History(call)
            for what, how in history:
                await seen.step(what, how)
                seen.check()
            call.session.end("shutdown")
        seen.check()
        assert call.session.history[-1] == "ended" and call.session.history.count("ended") == 1
        assert all(connection.closed for connection in call.connections)
        assert call.notebook.was_answered == 1 and list(call.notebook.turns) == [0]
        assert [name for name, _at, _data in call.notebook.events].count("sound") == 1
        told = [event for page in seen.pages for event in page.events()]
        assert told.count("ended") <= 1

    clock.run(scene())
