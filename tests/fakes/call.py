"""One session with everything around it in sight: a page, a notebook, an obedient agent, connections without sound."""

import asyncio
import json
from dataclasses import replace

from calling.call import protocol
from calling.call.parts import Parts, Patience
from calling.call.seat import Seat
from calling.call.session import Session
from tests.fakes.answerer import ObedientAnswerer
from tests.fakes.connection import OFFER, FakeConnection
from widgets.refusals import Refused


class Page:
    """The other end: reads, and says pong while it lives."""

    def __init__(self):
        self.session = None
        self.told = []
        self.closed = []
        self.alive = True

    def send(self, message):
        json.loads(protocol.dump(message))  # a message that cannot cross the wire fails here, as it would in a socket
        self.told.append(message)
        if isinstance(message, protocol.Ping) and self.alive:
            self.session.handle(protocol.Ponged(message.t))

    def close(self, code):
        self.closed.append(code)

    @property
    def token(self):
        return [message.token for message in self.told if isinstance(message, protocol.Attached)][-1]

    def errors(self):
        return [message.code for message in self.told if isinstance(message, protocol.Failure)]

    def events(self):
        return [message.name for message in self.told if isinstance(message, protocol.Event)]


class Notebook:
    def __init__(self):
        self.turns, self.events, self.was_answered = {}, [], 0

    def answered(self):
        self.was_answered += 1

    def turn(self, note):
        self.turns[note.index] = replace(note)

    def event(self, name, at_s, **data):
        json.dumps(data, allow_nan=False)  # as the database keeps it
        self.events.append((name, at_s, data))

    def state(self, state):
        pass


class FakePlace:
    """A line where there is `room`; `history` tells when it was taken, left to others, taken again."""

    def __init__(self, *, refuses="", opening=None):
        self.holds_line, self.room, self.opened = False, True, 0
        self.history = []
        self._refuses, self._opening = refuses, opening

    def take_line(self):
        if self._refuses:
            raise Refused(self._refuses)
        self.holds_line = True

    async def open(self):
        self.opened += 1
        if self._opening is not None:
            raise self._opening

    def rest(self):
        self.holds_line = False
        self.history.append(("free", asyncio.get_running_loop().time()))

    def resume(self):
        if not self.holds_line and self.room:
            self.holds_line = True
            self.history.append(("taken", asyncio.get_running_loop().time()))
        return self.holds_line


class Call:
    """A session with everything around it in sight."""

    def __init__(self, *, connection=None, answerer=None, patience=None, rating="", place=None):
        loop = asyncio.get_running_loop()
        self.loop, self.page, self.notebook = loop, Page(), Notebook()
        self.connection = connection or FakeConnection()
        self.connections = []
        self.next = [self.connection]  # those to come; then plain ones
        self.agent = ObedientAnswerer()
        self.place = place or FakePlace()

        async def ready():
            if isinstance(answerer, Exception):
                raise answerer
            return answerer or self.agent

        self.seat = Seat(encode=self.encode, clock=loop.time)
        self.session = Session(
            "s-1",
            "HB-7K2Q",
            "Robin",
            Parts(
                connection=self.connect,
                answerer=ready,
                seat=lambda: self.seat,
                record=self.notebook,
                place=self.place,
                rating=lambda: self.raises(rating) if isinstance(rating, Exception) else rating,
                patience=patience or Patience(),
            ),
        )
        self.page.session = self.session

    def connect(self):
        self.connections.append(self.next.pop(0) if self.next else FakeConnection())
        return self.connections[-1]

    def another_page(self):
        page = Page()
        page.session = self.session
        return page

    async def come_back(self, token, *, last_event=0, move=False):
        """A new page with this token; raises what the session does."""
        page = self.another_page()
        await self.session.come_back(token, page, last_event, move=move)
        return page

    @staticmethod
    def raises(error=None, *_args, **_named):
        raise error if isinstance(error, Exception) else KeyError("never seen before")

    @staticmethod
    def encode(clip):
        clip.packets = (b"\x78packet",) * 20

    async def __aenter__(self):
        self.running = asyncio.ensure_future(self.session.run())
        self.session.attach(self.page)
        return self

    async def __aexit__(self, *exc):
        if exc[0] is None:
            await self.running
        else:
            self.running.cancel()

    async def answered(self):
        self.session.handle(protocol.Offer(OFFER))
        while self.session.state != "answered":
            await asyncio.sleep(0.001)
