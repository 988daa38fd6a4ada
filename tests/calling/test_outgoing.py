"""The way out of a visitor's socket: bounded, and closed for whoever does not read."""

from calling.call import protocol
from calling.gateway import consumers
from calling.gateway.consumers import Wire


async def drained(wire):
    sent = []

    async def send(message):
        sent.append(message)

    await wire.pump(send)
    return sent


async def test_a_reader_that_does_not_read_loses_the_socket():
    wire = Wire()
    for _ in range(consumers.OUTGOING_MESSAGES + 1):
        wire.send(protocol.Pong())
    assert wire.closed
    assert await drained(wire) == [{"type": "websocket.close", "code": 3008}]


async def test_a_reader_that_is_far_behind_is_asked_before_it_loses_the_socket():
    wire, event = Wire(), protocol.Event(1, "info", {"body": "x" * 10_000})
    for _ in range(100):
        wire.send(event)
        asked = wire._queue._queue[-1]
        if '"ping"' in asked:
            wire.heard()
    assert not wire.closed
    assert [text[:14] for text in wire._queue._queue if '"ping"' in text] == ['{"type":"ping"'] * 7


async def test_a_reader_that_never_says_pong_loses_the_socket():
    wire, sent = Wire(), 0
    event = protocol.Event(1, "info", {"body": "x" * 10_000})
    while not wire.closed:
        wire.send(event)
        sent += 1
    assert sent == consumers.UNANSWERED_BYTES // len(protocol.dump(event)) + 1


async def test_a_message_that_cannot_be_written_down_is_left_out():
    wire = Wire()
    wire.send(protocol.Failure("NOBODY_KNOWS"))
    wire.send(protocol.Event(1, "info", {"body": object()}))
    wire.send(protocol.Pong())
    wire.close(1000)
    sent = [message.get("text", message["type"]) for message in await drained(wire)]
    assert sent == [protocol.dump(protocol.Pong()), "websocket.close"]


async def test_a_pong_proves_that_everything_was_read():
    wire = Wire()
    for _ in range(consumers.OUTGOING_MESSAGES // 2):
        wire.send(protocol.Event(1, "info", {"body": "x" * 10_000}))
        wire.heard()
    assert not wire.closed


async def test_what_was_queued_goes_out_before_the_close():
    wire = Wire()
    wire.send(protocol.Pong())
    wire.close(1000)
    wire.send(protocol.Pong())
    assert [message["type"] for message in await drained(wire)] == ["websocket.send", "websocket.close"]


async def test_a_browser_that_closes_while_something_is_sent_is_no_error():
    wire = Wire()
    wire.send(protocol.Pong())

    async def send(message):
        raise RuntimeError("closed meanwhile")  # as daphne has it

    await wire.pump(send)
