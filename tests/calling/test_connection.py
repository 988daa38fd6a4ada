"""The sound connection with a real visitor over loopback: what is said at one end is what is heard at the other."""

import asyncio
import gc
import os
import threading

import numpy as np
import pytest

from agents.engine.line import Clip, Gap, Left, Say
from calling.call.seat import Seat
from calling.lines import LineError
from calling.lines.webrtc import aiortc_hooks, opus
from calling.lines.webrtc import connection as connection_module
from calling.lines.webrtc.addresses import MediaSettings
from calling.lines.webrtc.connection import Connection, warm_up
from tests.fakes.visitor import Visitor, every, loudness_at, tone

LOOPBACK = MediaSettings(allow_loopback=True)


class Agent:
    """Somebody on the other side of the seat who keeps all that was heard."""

    def __init__(self):
        self.seat = Seat(encode=opus.encode_clip)
        self.frames = []
        self._more = asyncio.Event()
        self._task = asyncio.ensure_future(self._listen())

    async def _listen(self):
        async for frame in self.seat.heard():
            self.frames.append(frame)
            self._more.set()

    def heard(self):
        return np.concatenate(self.frames) if self.frames else np.zeros(0, np.int16)

    async def heard_until(self, condition):
        while not condition(self.heard()):
            self._more.clear()
            await self._more.wait()
        return self.heard()

    async def say(self, pcm):
        await self.seat.play(Say(Clip("word", pcm, (len(pcm) / 24_000,)), 1))

    async def leave(self):
        self.seat.report(Left("visitor_ended"))
        await self._task


@pytest.fixture
async def agent():
    agent = Agent()
    yield agent
    await agent.leave()


@pytest.fixture
async def connection():
    connection = Connection(LOOPBACK)
    yield connection
    await connection.close()


async def up(visitor, connection, agent):
    await visitor.connect(connection.answer)
    await connection.connected()
    connection.start(agent.seat)


def speech_in(sound, threshold=500):
    """The part of a sound from its first loud sample to its last."""
    loud = np.flatnonzero(np.abs(sound) > threshold)
    return sound[loud[0] : loud[-1] + 1] if len(loud) else sound[:0]


def notes(*pitches, seconds=0.3):
    """A tune: which note came when is what arrival in order means."""
    return np.concatenate([tone(pitch, seconds) for pitch in pitches])


def tune_in(sound, pitches, seconds=0.3):
    """How much each part of a tune is the note that it should be."""
    part = round(seconds * 16_000)
    edge = part // 5
    return [loudness_at(sound[at * part + edge : (at + 1) * part - edge], hz) for at, hz in enumerate(pitches)]


async def test_sound_arrives_both_ways_at_the_same_time(agent, connection):
    up_pitches, down_pitches = (300, 500, 400), (700, 900, 800)
    async with Visitor() as visitor:
        await up(visitor, connection, agent)
        await agent.say(notes(*down_pitches))
        visitor.say(notes(*up_pitches))
        at_visitor = await visitor.listened(1.0)
        at_agent = await agent.heard_until(lambda sound: len(speech_in(sound)) > 0.88 * 16_000)
    assert min(tune_in(speech_in(at_visitor), down_pitches)) > 0.9
    assert min(tune_in(speech_in(at_agent), up_pitches)) > 0.9
    assert connection.stats | {"lost": 0, "skipped": 0, "broken": 0} == connection.stats


async def test_what_is_said_after_a_silence_arrives_too(agent, connection):
    async with Visitor() as visitor:
        await up(visitor, connection, agent)
        visitor.say(notes(300))
        await agent.heard_until(lambda sound: len(speech_in(sound)) > 0.28 * 16_000)
        quiet = len(agent.frames)
        await agent.heard_until(lambda sound: len(sound) > (quiet + 40) * 320)
        visitor.say(notes(500))
        sound = await agent.heard_until(lambda sound: len(speech_in(sound[quiet * 320 + 8000 :])) > 0.28 * 16_000)
    assert loudness_at(speech_in(sound[quiet * 320 + 8000 :])[1000:4000], 500) > 0.9
    assert connection.stats["lost"] == 0


@pytest.mark.long
async def test_of_5_percent_lost_packets_less_than_2_percent_of_the_speech_is_missing(agent, connection):
    voice = sum(tone(hz, 6.0, level=0.3 / at) for at, hz in enumerate(range(150, 1650, 150), 1)).astype(np.int16)
    async with Visitor(lose_sent=every(20)) as visitor:
        await up(visitor, connection, agent)
        visitor.say(voice)
        await visitor.finished_speaking()
        await agent.heard_until(lambda sound: len(sound) > 0 and not np.any(sound[-3200:]) and len(sound) > 96_000)
    stats = connection.stats
    sound = speech_in(agent.heard())
    frames = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    silent = int((np.abs(frames).max(axis=1) < 50).sum())
    assert visitor.sent_lost >= 15
    assert stats["lost"] >= 15 and stats["recovered"] + stats["concealed"] >= stats["lost"] - 1
    assert silent < 0.02 * len(frames)
    assert len(sound) > 0.98 * 6 * 16_000


async def test_the_answer_is_complete_and_plain(connection):
    async with Visitor() as visitor:
        answer = await connection.answer(await visitor.offer())
    assert "a=fmtp:96 minptime=10;useinbandfec=1;usedtx=1\r\n" in answer
    assert "a=candidate:" in answer and "a=end-of-candidates" in answer
    assert not any(name in answer for name in ("PCMU", "PCMA", "G722"))
    assert "127.0.0.1" in answer


async def test_a_second_offer_is_refused_and_the_call_goes_on(agent, connection):
    async with Visitor() as visitor, Visitor() as second:
        await up(visitor, connection, agent)
        with pytest.raises(LineError) as refused:
            await connection.answer(await second.offer())
        visitor.say(tone(300, 0.3))
        await agent.heard_until(lambda sound: len(speech_in(sound)) > 0.28 * 16_000)
    assert refused.value.code == "CALL_EXISTS"


async def test_an_offer_that_cannot_be_used_is_refused_with_a_code():
    async with Visitor() as visitor:
        offer = await visitor.offer()
    before = open_files()
    for change, code in (
        (lambda sdp: "garbage", "INVALID_ARGUMENT"),
        (lambda sdp: sdp + "a=x:" + "y" * 40_000, "INVALID_ARGUMENT"),
        (lambda sdp: sdp.replace("a=ice-pwd", "a=no-pwd"), "INVALID_ARGUMENT"),
        (lambda sdp: sdp.replace("a=rtcp-mux", "a=no-mux"), "INVALID_ARGUMENT"),
        (lambda sdp: sdp.replace("a=setup:actpass", "a=setup:sideways"), "INVALID_ARGUMENT"),
        (lambda sdp: sdp.replace("c=IN IP4 ", "c=IN IPX "), "INVALID_ARGUMENT"),
        (lambda sdp: sdp.replace("sendrecv", "recvonly"), "NO_AUDIO"),
        (lambda sdp: sdp.replace("opus/48000/2", "opus/8000"), "NO_AUDIO"),
        (lambda sdp: sdp.split("m=audio")[0], "NO_AUDIO"),
    ):
        assert change(offer) != offer
        connection = Connection(LOOPBACK)
        with pytest.raises(LineError) as refused:
            await connection.answer(change(offer))
        assert refused.value.code == code
    assert open_files() == before


async def test_a_call_that_does_not_come_up_can_be_closed(connection):
    async with Visitor() as visitor:
        await connection.answer(await visitor.offer())
        waiting = asyncio.ensure_future(connection.connected())
        await connection.close()
        with pytest.raises(LineError) as failed:
            await waiting
    assert failed.value.code == "MEDIA_BRIDGE_FAILURE"


async def test_closing_works_in_every_state_and_twice(agent):
    never = Connection(LOOPBACK)
    await never.close()
    with pytest.raises(LineError):
        await never.answer("v=0")
    for stage in range(3):
        connection = Connection(LOOPBACK)
        async with Visitor() as visitor:
            answer = await connection.answer(await visitor.offer())
            if stage > 0:
                await visitor.accept(answer)
            if stage > 1:
                await connection.connected()
                connection.start(agent.seat)
            await asyncio.gather(connection.close(), connection.close())
            await connection.close()
    assert agent.seat.line is None


async def test_both_ends_notice_that_the_other_has_closed(agent):
    first, second = Connection(LOOPBACK), Connection(LOOPBACK)
    async with Visitor() as visitor, Visitor() as other:
        await up(visitor, first, agent)
        await visitor.close()
        await first.over()
        await other.connect(second.answer)
        await second.connected()
        await second.close()
        await other.gone.wait()
    await first.close()
    assert agent.seat.line is None


async def test_the_seat_learns_of_a_lost_line_and_of_the_next(agent):
    events = agent.seat.events()
    for _ in range(2):
        connection = Connection(LOOPBACK)
        async with Visitor() as visitor:
            await up(visitor, connection, agent)
        await connection.over()
        await connection.close()
    assert [await anext(events) for _ in range(3)] == [Gap(True), Gap(False), Gap(True)]


async def test_what_is_said_while_the_seat_is_empty_is_not_heard_later(agent, connection):
    async with Visitor() as visitor:
        await up(visitor, connection, agent)
        agent.seat.detach()
        visitor.say(notes(300, 300))
        await visitor.finished_speaking()
        visitor.say(notes(500))
        agent.seat.attach(connection)
        sound = await agent.heard_until(
            lambda sound: len(speech_in(sound)) > 0.28 * 16_000 and not np.any(sound[-640:])
        )
    tune = speech_in(sound)[-4800:]
    assert loudness_at(tune[500:4000], 500) > 0.9
    assert len(speech_in(sound)) < 0.45 * 16_000  # the buffer's own delay of the end of what was missed, and the note


async def test_silence_is_measured_from_the_last_packet(agent, connection):
    async with Visitor() as visitor:
        await up(visitor, connection, agent)
        connection._receiver._last -= 5
        before = connection.silent_s()
        visitor.say(tone(300, 0.1))
        await agent.heard_until(lambda sound: len(speech_in(sound)) > 0)
        after = connection.silent_s()
    assert before >= 5 > after


async def test_a_seat_that_fails_ends_the_connection(agent, connection, caplog):
    class Broken:
        line = None

        def attach(self, line):
            self.line = line

        def detach(self, line=None, unheard_s=0.0):
            self.line = None

        def exchange(self, heard):
            raise RuntimeError("broken")

    async with Visitor() as visitor:
        await visitor.connect(connection.answer)
        await connection.connected()
        connection.start(Broken())
        await connection.over()
    assert "'part': 'exchange'" in caplog.text


async def test_warming_up_leaves_nothing_behind():
    await warm_up()
    before = open_files(), tasks()
    await warm_up()
    assert (open_files(), tasks()) == before


@pytest.mark.long
async def test_30_calls_leave_no_task_no_socket_and_no_thread_behind(agent):
    await one_call(agent)
    gc.collect()
    before = tasks(), open_files(), threading.active_count()
    for _ in range(10):
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(one_call(Agent(), leave=True))
    gc.collect()
    assert (tasks(), open_files(), threading.active_count()) == before


async def one_call(agent, leave=False):
    connection = Connection(LOOPBACK)
    async with Visitor() as visitor:
        await up(visitor, connection, agent)
        await agent.heard_until(lambda sound: len(sound) >= 640)
        await connection.close()
    if leave:
        await agent.leave()


def tasks():
    return len(asyncio.all_tasks())


def open_files():
    gc.collect()
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


async def test_calls_given_up_half_way_leave_nothing_behind():
    async with Visitor() as visitor:
        offer = await visitor.offer()
    before = tasks(), open_files()
    for _ in range(5):
        connection = Connection(LOOPBACK)
        await connection.answer(offer)
        await connection.close()
    await settled(before[0])
    assert (tasks(), open_files()) == before


async def settled(count):
    """Let tasks that have been told to end do so: aiortc's checks look up every 20 ms."""
    async with asyncio.timeout(5):
        while tasks() > count:
            await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=0.02)


async def test_a_visitor_whose_microphone_gives_nothing_is_known_to_be_there(connection, agent, monkeypatch):
    monkeypatch.setattr(aiortc_hooks, "watch_rtcp", lambda pc, on_rtcp: None)  # reports may be 7 s apart
    monkeypatch.setattr(connection_module, "KNOCK_AFTER_S", 0.0)
    async with Visitor(lose_sent=lambda number: True) as visitor:
        await up(visitor, connection, agent)
        known = asyncio.Event()
        connection._receiver.sign_of_life = known.set
        await asyncio.wait_for(known.wait(), 10)


async def test_a_visitor_who_is_gone_without_a_word_answers_no_knock(connection, agent):
    async with Visitor() as visitor:
        await up(visitor, connection, agent)
        assert await aiortc_hooks.knock(connection._pc)
        for protocol in aiortc_hooks._dtls(visitor.pc).transport._connection._protocols:
            protocol.transport.abort()
        assert not await aiortc_hooks.knock(connection._pc)
