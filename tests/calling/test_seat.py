"""The seat with a clock driven by hand: what is said, what was heard of it, and what happens when lines come and go."""

import asyncio
import itertools

import numpy as np
import pytest

from agents.engine.line import Clip, ClipEnded, ClipStarted, Dtmf, Gap, Info, Left, PageInfo, Played, Say
from agents.speech.sound import FRAME_S, HEARD_FRAME, SILENT_FRAME, SPOKEN_FRAME
from calling.call.seat import HEARD_QUEUE, PLAY_QUEUE_FRAMES, Seat
from tests.fakes.room import Clock, Room, clip


@pytest.fixture
async def room():
    return Room()


async def test_a_clip_goes_out_packet_by_packet_and_is_reported(room):
    say = Say(clip("alpha beta", 3), 1)
    await room.seat.play(say)
    assert room.tick(5) == [b"a0", b"a1", b"a2", None, None]
    started, ended = room.events()
    assert started == ClipStarted(say, pytest.approx(0.0)) and ended == ClipEnded(say, pytest.approx(0.06))


async def test_clips_follow_each_other_without_a_gap(room):
    for text in ("alpha", "beta"):
        await room.seat.play(Say(clip(text, 2), 1))
    assert room.tick(5) == [b"a0", b"a1", b"b0", b"b1", None]
    assert [type(event).__name__ for event in room.events()] == ["ClipStarted", "ClipEnded"] * 2


async def test_a_clip_is_encoded_once(room):
    shared = clip("alpha", 2)
    await room.seat.play(Say(shared, 1))
    await room.seat.play(Say(shared, 2))
    assert room.encoded == [shared]
    assert room.tick(4) == [b"a0", b"a1"] * 2


async def test_a_clip_that_was_prepared_is_not_encoded_again(room):
    ready = clip("alpha", 2)
    await room.seat.prepare(ready)
    assert room.tick(1) == [None]
    await room.seat.play(Say(ready, 1))
    assert room.encoded == [ready]
    assert room.tick(3) == [b"a0", b"a1", None]


async def test_clips_keep_their_order_even_if_a_later_one_is_encoded_already(room):
    first, second = clip("alpha", 1), clip("beta", 1)
    room.encode(second)
    async with asyncio.TaskGroup() as group:
        group.create_task(room.seat.play(Say(first, 1)))
        group.create_task(room.seat.play(Say(second, 1)))
    assert room.tick(2) == [b"a0", b"b0"]


async def test_an_empty_clip_starts_and_ends(room):
    say = Say(Clip("", np.zeros(0, np.int16), ()), 1)
    await room.seat.play(say)
    assert room.tick(1) == [None]
    assert [type(event) for event in room.events()] == [ClipStarted, ClipEnded]


async def test_play_waits_while_more_than_30_seconds_are_queued(room):
    await room.seat.play(Say(clip("long", PLAY_QUEUE_FRAMES + 1), 1))
    waiting = asyncio.ensure_future(room.seat.play(Say(clip("more", 1), 1)))
    for _ in range(5):
        await asyncio.sleep(0)
    room.tick(1)
    await waiting
    assert room.seat._queued_frames == PLAY_QUEUE_FRAMES + 1


@pytest.mark.parametrize(
    ("frames", "played"),
    [
        (0, Played("", 0.0)),
        (2, Played("", 0.04)),
        (3, Played("one", 0.06)),
        (11, Played("one two three", 0.22)),
        (12, Played("one two three four", 0.24)),
        (15, Played("one two three four five", 0.30)),
        (24, Played("one two three four five six seven eight", 0.48)),
        (30, Played("one two three four five six seven eight", 0.48)),
    ],
)
async def test_clear_tells_exactly_what_was_heard(room, frames, played):
    await room.seat.play(Say(clip("one two three four", 12), 1))
    await room.seat.play(Say(clip("five six seven eight", 12), 1))
    room.tick(frames)
    heard = await room.seat.clear()
    assert heard == Played(played.text, pytest.approx(played.seconds))
    assert room.tick(2) == [None, None]
    assert await room.seat.clear() == Played("", 0.0)


async def test_what_an_earlier_utterance_said_is_not_counted(room):
    await room.seat.play(Say(clip("first answer", 4), 1))
    await room.seat.play(Say(clip("second one", 4), 2))
    room.tick(6)
    assert await room.seat.clear() == Played("second", pytest.approx(0.04))


async def test_an_utterance_that_has_not_begun_was_not_heard(room):
    await room.seat.play(Say(clip("first answer", 2), 1))
    room.tick(2)
    await room.seat.play(Say(clip("second one", 4), 2))
    assert await room.seat.clear() == Played("", 0.0)


async def test_clips_dropped_by_clear_do_not_end(room):
    await room.seat.play(Say(clip("alpha", 4), 1))
    room.tick(2)
    await room.seat.clear()
    room.tick(5)
    assert [type(event) for event in room.events()] == [ClipStarted]


async def test_a_clip_still_waiting_for_room_is_dropped_by_clear(room):
    await room.seat.play(Say(clip("long", PLAY_QUEUE_FRAMES + 1), 1))
    waiting = asyncio.ensure_future(room.seat.play(Say(clip("more", 1), 1)))
    for _ in range(5):
        await asyncio.sleep(0)
    await room.seat.clear()
    await waiting
    assert room.tick(1) == [None]


async def test_what_the_visitor_says_reaches_the_agent_frame_by_frame(room):
    sounds = [np.full(HEARD_FRAME, at, np.int16) for at in range(3)]
    for sound in sounds:
        room.tick(1, sound)
    room.seat.report(Left("visitor_ended"))
    assert [int(frame[0]) async for frame in room.seat.heard()] == [0, 1, 2]


async def test_an_agent_that_does_not_listen_loses_the_oldest_sound(room):
    for at in range(HEARD_QUEUE + 5):
        room.tick(1, np.full(HEARD_FRAME, at, np.int16))
    room.seat.report(Left("visitor_ended"))
    heard = [int(frame[0]) async for frame in room.seat.heard()]
    assert heard == list(range(5, HEARD_QUEUE + 5))
    assert room.seat.stats["heard_dropped"] == 5


async def test_events_come_in_order_and_end_after_left(room):
    said = [Dtmf("5"), PageInfo("basket", {"items": 2}), Left("visitor_ended")]
    for event in [*said, Dtmf("6")]:
        room.seat.report(event)
    assert [event async for event in room.seat.events()] == said


async def test_after_left_nothing_is_said_and_nobody_waits(room):
    await room.seat.play(Say(clip("long", PLAY_QUEUE_FRAMES + 1), 1))
    waiting = asyncio.ensure_future(room.seat.play(Say(clip("more", 1), 1)))
    for _ in range(5):
        await asyncio.sleep(0)
    room.seat.report(Left("visitor_ended"))
    await waiting
    await room.seat.play(Say(clip("again", 1), 2))
    assert room.tick(3) == [None] * 3
    assert room.seat.line is None


async def test_what_was_heard_can_be_asked_for_after_the_visitor_left(room):
    await room.seat.play(Say(clip("one two three four five", frames=10), utterance=1))
    room.tick(6)

    room.seat.report(Left("visitor_ended"))

    assert await room.seat.clear() == Played("one two three", pytest.approx(6 * FRAME_S))


async def test_the_clock_starts_with_the_first_line():
    clock = Clock()
    seat = Seat(encode=lambda each: None, clock=clock)
    clock.now += 5
    before = seat.now_s()
    seat.attach(object())
    clock.now += 2
    seat.detach()
    seat.attach(object())
    assert (before, seat.now_s()) == (0.0, 2.0)


async def test_a_gap_is_reported_once_at_each_end_and_play_out_stands_still(room):
    await room.seat.play(Say(clip("alpha", 4), 1))
    room.tick(2)
    room.events()
    room.seat.detach()
    room.seat.report(Gap(True))
    room.clock.now += 12
    room.seat.attach(object())
    assert room.tick(2) == [b"a2", b"a3"]
    gone, back, ended = room.events()
    assert (gone, back) == (Gap(True), Gap(False))
    assert ended == ClipEnded(ended.say, pytest.approx(12 + 4 * FRAME_S, abs=0.13))


async def test_a_line_that_was_replaced_cannot_detach_the_new_one(room):
    old, new = room.line, object()
    room.seat.attach(new)
    room.seat.detach(old)
    assert room.seat.line is new
    assert room.events() == []


async def test_both_sides_of_the_recording_share_the_clock_of_frames(room):
    await room.seat.play(Say(clip("alpha", 2, level=7), 1))
    visitor = np.full(HEARD_FRAME, 9, np.int16)
    room.tick(3, visitor)
    times = [at for at, _, _ in room.tape.frames]
    assert times == [0.0, 0.02, 0.04]
    assert [int(sound[0]) for _, sound, _ in room.tape.frames] == [9, 9, 9]
    assert [None if said is None else (len(said), int(said[0])) for _, _, said in room.tape.frames] == [
        (SPOKEN_FRAME, 7),
        (SPOKEN_FRAME, 7),
        None,
    ]


async def test_frames_that_come_in_a_rush_after_a_stall_keep_their_distance(room):
    room.tick(2)
    room.clock.now += 1.0
    for _ in range(6):
        room.seat.exchange(SILENT_FRAME)
    times = [at for at, _, _ in room.tape.frames]
    steps = [round(after - before, 3) for before, after in itertools.pairwise(times)]
    assert steps == [0.02, 0.9, *[0.02] * 5]
    assert times[-1] == pytest.approx(room.seat.now_s(), abs=0.03)


async def test_nothing_passes_before_a_line_is_there():
    seat = Seat(encode=lambda each: None)
    assert seat.exchange(SILENT_FRAME) is None
    assert not seat._heard._items


async def test_messages_go_to_the_page(room):
    sent = []
    info = Info("state", {"state": "listening"})
    await room.seat.send(info)
    room.seat.outbound = sent.append
    await room.seat.send(info)
    assert sent == [info]


async def test_levels_are_of_the_latest_frame(room):
    assert room.seat.levels() == (-96.0, -96.0)
    await room.seat.play(Say(clip("alpha", 1, level=3277), 1))
    room.tick(1, np.full(HEARD_FRAME, 327, np.int16))
    visitor, agent = room.seat.levels()
    assert (round(visitor), round(agent)) == (-40, -20)


# ── Speech that nobody heard ─────────────────────────────────────────────────────────────────────────────────


async def test_speech_goes_on_where_it_was_last_heard(room):
    await room.seat.play(Say(clip("alpha beta", 10), 1))
    room.tick(6)
    room.seat.detach(room.line, 2 * FRAME_S)  # the last two frames met nobody
    room.seat.attach(object())
    assert room.tick(7) == [b"a4", b"a5", b"a6", b"a7", b"a8", b"a9", None]


async def test_unheard_speech_is_said_again_across_clauses_and_the_agent_hears_of_each_once(room):
    first, second = Say(clip("alpha", 5), 1), Say(clip("beta", 5), 1)
    await room.seat.play(first)
    await room.seat.play(second)
    room.tick(7)
    room.seat.detach(room.line, 4 * FRAME_S)
    room.seat.attach(object())
    assert room.tick(8) == [b"a3", b"a4", b"b0", b"b1", b"b2", b"b3", b"b4", None]
    told = [event for event in room.events() if not isinstance(event, Gap)]
    assert [(type(event), event.say) for event in told] == [
        (ClipStarted, first),
        (ClipEnded, first),
        (ClipStarted, second),
        (ClipEnded, second),
    ]


async def test_only_the_present_utterance_is_said_again(room):
    await room.seat.play(Say(clip("alpha", 5), 1))
    await room.seat.play(Say(clip("beta", 5), 2))
    room.tick(7)
    room.seat.detach(room.line, 5.0)
    room.seat.attach(object())
    assert room.tick(6) == [b"b0", b"b1", b"b2", b"b3", b"b4", None]


async def test_silence_that_nobody_heard_is_not_made_up_for(room):
    await room.seat.play(Say(clip("alpha", 5), 1))
    room.tick(15)
    room.seat.detach(room.line, 11 * FRAME_S)  # ten frames of silence, and the last one of the clip
    room.seat.attach(object())
    assert room.tick(3) == [b"a4", None, None]


async def test_what_was_heard_is_counted_from_where_it_goes_on(room):
    await room.seat.play(Say(clip("alpha beta", 10), 1))
    room.tick(8)
    room.seat.detach(room.line, 5 * FRAME_S)
    assert await room.seat.clear() == Played("", pytest.approx(3 * FRAME_S))


async def test_a_queue_that_grew_again_is_waited_for(room):
    await room.seat.play(Say(clip("alpha", PLAY_QUEUE_FRAMES), 1))
    room.tick(3)
    room.seat.detach(room.line, 3 * FRAME_S)
    room.seat.attach(object())
    room.tick(PLAY_QUEUE_FRAMES)
    await asyncio.wait_for(room.seat.play(Say(clip("beta", 1), 1)), 1)
    assert room.tick(2) == [b"b0", None]


async def test_what_is_timed_stands_at_the_same_place_as_the_sound_even_when_the_line_began_late(room):
    room.clock.now += 0.1  # within what a line catches up
    say = Say(clip("alpha", 2), 1)
    await room.seat.play(say)
    room.tick()
    assert room.events() == [ClipStarted(say, pytest.approx(0.0))]
    assert room.seat.now_s() == pytest.approx(FRAME_S)
    assert room.tape.frames[0][0] == 0.0
