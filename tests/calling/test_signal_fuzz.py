"""Any messages in any order at the signalling socket: documented codes only, no hang, no slot that stays taken."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calling.call.parts import Patience
from tests.calling.conftest import SITE
from tests.fakes.caller import Caller
from tests.fakes.connection import OFFER, SILENT_OFFER
from widgets.admission import credentials
from widgets.admission.credentials import GrantClaims
from widgets.refusals import CODES

pytestmark = pytest.mark.long

QUICK = Patience(dead_s=0.2, rest_s=0.1, gone_s=0.3, tick_s=0.02, ping_s=0.05, held_s=0.05, connect_s=2.0)
LONGEST_S = 60.0

HUGE = [
    "x" * 40_000,
    "[" * 30_000,
    '{"type":' * 4_000,
    '{"type": "info", "text": "' + "x" * 20_000 + '"}',
    b"\0" * 40_000,
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
# Lines of a real offer in any order, some of them left out or replaced.
scrambled = st.lists(st.sampled_from(OFFER.splitlines()) | st.text(max_size=40), max_size=40).map("\r\n".join)
whole = st.sampled_from([OFFER, SILENT_OFFER, "v=0", "", OFFER.replace("a=", "b="), OFFER * 40])
offers = (whole | scrambled).map(lambda sdp: {"type": "offer", "data": {"type": "offer", "sdp": sdp}})
valid = st.one_of(
    st.sampled_from(["ticket", "spent", "resume", "move"]).map(lambda kind: {"type": "hello", "with": kind}),
    offers,
    offers,
    st.sampled_from(
        [
            {"type": "ice-candidate", "data": {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host"}},
            {"type": "ping"},
            {"type": "pong", "t": 1e15},
            {"type": "info", "text": "cart", "data": {"items": 3}},
            {"type": "dtmf", "digit": "5"},
            {"type": "dtmf", "digit": "9"},
            {"type": "dtmf", "digit": "0"},
            {"type": "muted", "muted": True},
            {"type": "report", "code": "ICE_FAILED"},
            {"type": "close"},
        ]
    ),
)
spoilt = st.tuples(
    valid,
    st.sampled_from(
        "type data sessionId ticket resumeToken lastEvent move text digit t muted code mode authToken callSid caller "
        "callee".split()
    ),
    anything,
).map(lambda parts: {**parts[0], parts[1]: parts[2]})
noise = st.one_of(anything, st.text(max_size=40), st.binary(max_size=40), st.sampled_from(HUGE))
frames = st.one_of(valid, valid, valid, spoilt, spoilt, noise)
# Most that goes wrong at the door closes it, so most sockets begin well.
CALL = [{"type": "hello", "with": "ticket"}, {"type": "offer", "data": {"type": "offer", "sdp": OFFER}}]
openings = st.sampled_from([[], CALL[:1], CALL, CALL, [{"type": "hello", "with": "resume"}]])
conversation = st.tuples(openings, st.lists(frames, max_size=12)).map(lambda parts: parts[0] + parts[1])


async def talk(caller, ticket, history):
    """Say it all, whatever comes back; what came back."""
    heard = []

    async def listen():
        while not heard or heard[-1]["type"] != "closed":
            heard.append(await caller.hears(pings=True, attached=True))

    listening = asyncio.ensure_future(listen())
    spent = await ticket()
    for frame in history:
        if caller.socket.future.done():
            break
        if isinstance(frame, dict) and frame.get("with"):
            kind = frame["with"]
            fields = {name: value for name, value in frame.items() if name != "with"}
            if kind in ("ticket", "spent"):
                fields.setdefault("ticket", spent if kind == "spent" else await ticket())
            else:
                fields.setdefault("resumeToken", caller.token or "a.b")
                fields.setdefault("move", kind == "move")
            frame = fields
        await caller.raw(frame if isinstance(frame, str | bytes) else json.dumps(frame))
        await asyncio.sleep(0)
    await caller.vanish()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    left = caller.socket.output_queue  # the consumer has ended, so this is all
    heard += [
        json.loads(out["text"]) for out in iter(lambda: left.get_nowait() if left.qsize() else {}, {}) if "text" in out
    ]
    return heard


@pytest.mark.usefixtures("widget")
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(conversation, min_size=1, max_size=3), st.integers(0, 10**6))
def test_a_socket_takes_anything(calls, widget, conversations, number):
    claims = GrantClaims(widget.code, SITE, credentials.EMBED)
    ticket = sync_to_async(lambda: credentials.make_ticket(claims))

    async def scene():
        here = calls(patience=QUICK, most=2)
        address = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1"
        heard, token = [], ""
        async with asyncio.timeout(LONGEST_S):
            for history in conversations:  # one socket after the other; each may come back to what the last one left
                caller = Caller(address=address)
                caller.token = token
                assert await caller.connect()
                heard += await talk(caller, ticket, history)
                token = caller.token
            for connection in here.connections:
                connection.die()
            await here.quiet()  # nobody is there any more: every call ends by itself
        codes = {message["data"]["code"] for message in heard if message["type"] == "error"}
        assert codes <= set(CODES) - {"HANDLER_ERROR"}
        assert here.slots.taken == 0 and not here.sessions

    asyncio.run(scene())
