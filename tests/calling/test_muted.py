"""A microphone that is closed: told to the agent as a state, whenever it began."""

import asyncio

import pytest

from agents.engine import virtual_clock as clock
from agents.engine.line import Muted
from calling.call import parsing, protocol
from tests.fakes.call import Call
from tests.fakes.connection import OFFER


def told(call):
    return [event for event in call.agent.events if isinstance(event, Muted)]


def noted(call):
    return [(name, data) for name, _at_s, data in call.notebook.events if name in ("muted", "unmuted")]


async def soon():
    await asyncio.sleep(0.1)


def test_the_agent_is_told_that_the_visitor_is_muted_and_is_not_any_more():
    async def scene():
        async with Call() as call:
            await call.answered()
            call.session.handle(protocol.Muted(True))
            call.session.handle(protocol.Muted(True))
            call.session.handle(protocol.Muted(False))
            await soon()
            call.session.handle(protocol.HangUp())
        assert told(call) == [Muted(True), Muted(False)]
        assert noted(call) == [("muted", {"reason": "muted"}), ("unmuted", {"reason": "muted"})]

    clock.run(scene())


def test_a_visitor_who_was_muted_before_the_call_was_answered_is_muted_for_the_agent_too():
    async def scene():
        async with Call() as call:
            call.session.handle(protocol.Muted(True))
            call.session.handle(protocol.Muted(True, "track_ended"))
            call.session.handle(protocol.Offer(OFFER))
            await call.answered()
            await soon()
            call.session.handle(protocol.HangUp())
        assert told(call) == [Muted(True), Muted(True, "track_ended")]

    clock.run(scene())


def test_a_reason_is_one_of_four_and_muted_unless_it_is_said():
    assert parsing.parse('{"type": "muted", "muted": true}') == protocol.Muted(True, "muted")
    assert parsing.parse('{"type": "muted", "muted": true, "reason": "taken"}') == protocol.Muted(True, "taken")
    assert parsing.parse('{"type": "muted", "muted": true, "reason": "typing"}') == protocol.Muted(True, "typing")
    with pytest.raises(protocol.ProtocolError) as refused:
        parsing.parse('{"type": "muted", "muted": true, "reason": "asleep"}')
    assert refused.value.code == "INVALID_ARGUMENT"
