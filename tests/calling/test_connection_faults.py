"""A sound connection whose parts die: it is over, so that the page is asked for another one, and it is counted."""

import asyncio

import pytest

from calling import faults
from calling.lines.webrtc import aiortc_hooks
from calling.lines.webrtc import connection as connection_module
from calling.lines.webrtc.addresses import MediaSettings
from calling.lines.webrtc.connection import Connection
from calling.lines.webrtc.sender import FIRST_COMFORT
from tests.fakes.visitor import Visitor, tone


class QuietSeat:
    line = None

    def attach(self, line):
        self.line = line

    def detach(self, line=None, unheard_s=0.0):
        self.line = None

    def exchange(self, heard):
        return FIRST_COMFORT


def fails(*_given, **_named):
    raise RuntimeError("never seen before")


async def fails_later(*_given, **_named):
    raise RuntimeError("never seen before")


@pytest.fixture
async def connection():
    faults.counted.clear()
    connection = Connection(MediaSettings(allow_loopback=True))
    yield connection
    await connection.close()
    faults.counted.clear()


@pytest.mark.parametrize("part", ["exchange", "receiver", "sender", "knock"])
async def test_a_connection_that_lost_a_part_is_over_and_lets_go_of_its_seat(connection, part, monkeypatch):
    seat = QuietSeat()
    async with Visitor() as visitor:
        await visitor.connect(connection.answer)
        await connection.connected()
        if part == "knock":
            monkeypatch.setattr(connection_module, "KNOCK_AFTER_S", 0.0)
            monkeypatch.setattr(aiortc_hooks, "knock", fails_later)
        connection.start(seat)
        if part == "exchange":
            seat.exchange = fails
        elif part == "receiver":
            connection._receiver.packet = fails
        elif part == "sender":
            connection._sender._fill = fails
        visitor.say(tone(300, 0.5))
        await connection.over()
    assert connection.is_over and seat.line is None
    assert faults.counted[part] >= 1


async def test_a_connection_that_is_closed_as_it_should_be_counts_as_no_fault(connection):
    async with Visitor() as visitor:
        await visitor.connect(connection.answer)
        await connection.connected()
        connection.start(QuietSeat())
        await connection.close()
    assert not faults.counted


async def test_a_visitor_who_says_goodbye_while_the_agent_speaks_counts_as_no_fault(connection):
    seat = QuietSeat()
    seat.exchange = lambda heard: FIRST_COMFORT
    async with Visitor() as visitor:
        await visitor.connect(connection.answer)
        await connection.connected()
        connection.start(seat)
        while not connection.stats["sent"]:
            await asyncio.sleep(0)
    await connection.over()
    await connection.close()
    assert not faults.counted
