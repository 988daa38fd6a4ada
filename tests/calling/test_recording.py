"""From frames to a file that plays: both sides on one clock, nothing lost but what is counted."""

import stat
import threading
import uuid

import av
import numpy as np
import pytest

from agents.speech.sound import FRAME_S, HEARD_FRAME, HEARD_HZ, SPOKEN_FRAME, SPOKEN_HZ
from calling import faults
from calling.record import recording
from calling.record.recording import AGENT, VISITOR, NothingRecorded, SpoolRecorder, encode
from tests.fakes.visitor import loudness_at, tone


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.SPOOL_DIR = tmp_path / "spool"


def frames(visitor, agent, *, at_s=0.0):
    """(clock, visitor's frame, agent's frame) of two sounds of the same length."""
    for n in range(len(visitor) // HEARD_FRAME):
        yield (
            at_s + n * FRAME_S,
            visitor[n * HEARD_FRAME : (n + 1) * HEARD_FRAME],
            None if agent is None else agent[n * SPOKEN_FRAME : (n + 1) * SPOKEN_FRAME],
        )


def record(*parts):
    recorder = SpoolRecorder(uuid.uuid4())
    for part in parts:
        for frame in part:
            recorder.frame(*frame)
    recorder.finish().result(timeout=20)
    return recorder


def spooled(recorder):
    return tuple(np.fromfile(recorder.folder / name, np.int16) for name in (VISITOR, AGENT))


def played(path):
    """Both channels of the file as players decode it, at 48 kHz."""
    with av.open(path) as file:
        sound = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
    return sound[0], sound[1]


def test_what_both_sides_said_is_on_the_disk_word_for_word():
    visitor, agent = tone(300, 0.5, rate=HEARD_HZ), tone(700, 0.5)
    recorder = record(frames(visitor, agent))
    heard, spoken = spooled(recorder)
    assert np.array_equal(heard, visitor) and np.array_equal(spoken, agent)
    assert recorder.dropped == 0


def test_nobody_else_may_read_a_spool():
    recorder = record(frames(tone(300, 0.1, rate=HEARD_HZ), None))
    assert stat.S_IMODE(recorder.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((recorder.folder / name).stat().st_mode) for name in (VISITOR, AGENT)} == {0o600}


def test_a_gap_is_silence_of_its_length_on_both_sides():
    visitor, agent = tone(300, 0.2, rate=HEARD_HZ), tone(700, 0.2)
    heard, spoken = spooled(record(frames(visitor, agent), frames(visitor, agent, at_s=3.2)))
    assert len(heard) == round(3.4 * HEARD_HZ) and len(spoken) == round(3.4 * SPOKEN_HZ)
    assert np.array_equal(heard[-len(visitor) :], visitor) and np.array_equal(spoken[-len(agent) :], agent)
    assert not heard[len(visitor) : -len(visitor)].any() and not spoken[len(agent) : -len(agent)].any()


def test_jitter_of_the_clock_leaves_no_holes():
    sound = tone(300, 1.0, rate=HEARD_HZ)
    shaken = [(at + (0.03 if n % 7 == 0 else -0.01), v, a) for n, (at, v, a) in enumerate(frames(sound, None))]
    heard, _spoken = spooled(record(shaken))
    assert np.array_equal(heard, sound)


def test_frames_of_another_length_are_cut_or_filled():
    recorder = SpoolRecorder(uuid.uuid4())
    recorder.frame(0.0, np.ones(100, np.int16), np.ones(2 * SPOKEN_FRAME, np.int16))
    recorder.finish().result(timeout=20)
    heard, spoken = spooled(recorder)
    assert (len(heard), heard.sum(), len(spoken)) == (HEARD_FRAME, 100, SPOKEN_FRAME)


def test_a_full_queue_drops_and_counts_and_still_ends(monkeypatch):
    monkeypatch.setattr(recording, "_the_writer", None)
    monkeypatch.setattr(recording, "QUEUED_FRAMES", 1)
    writer = recording._writer()
    opened = recording._Spool
    monkeypatch.setattr(recording, "_Spool", lambda folder: (room.wait(), opened(folder))[1])
    room = recording.threading.Event()
    recorder = SpoolRecorder(uuid.uuid4())
    sent = 50
    for frame in list(frames(tone(300, sent * FRAME_S, rate=HEARD_HZ), None)):
        recorder.frame(*frame)
    finished = recorder.finish()
    room.set()
    finished.result(timeout=20)
    assert writer is recording._writer()
    assert recorder.dropped > 0
    assert len(spooled(recorder)[0]) // HEARD_FRAME + recorder.dropped == sent


def test_a_disk_that_cannot_be_written_ends_the_recording_and_nothing_else(settings, tmp_path):
    (tmp_path / "spool").write_text("a file where the folder should be")
    broken = record(frames(tone(300, 0.2, rate=HEARD_HZ), None))
    assert broken.dropped > 0
    settings.SPOOL_DIR = tmp_path / "elsewhere"
    assert len(spooled(record(frames(tone(300, 0.2, rate=HEARD_HZ), None)))[0])


@pytest.mark.parametrize("error", [OSError("disk full"), RuntimeError("unforeseen"), MemoryError(), SystemExit()])
@pytest.mark.parametrize("where", ["append", "close"])
def test_whatever_the_writer_meets_the_end_of_a_call_does_not_wait_for_it(monkeypatch, error, where):
    def fails(*_given):
        raise error

    told = threading.Event()
    monkeypatch.setattr(faults, "report", lambda part, error, **about: told.set())
    with monkeypatch.context() as patch:
        patch.setattr(recording._Spool, where, fails)
        record(frames(tone(300, 0.2, rate=HEARD_HZ), None))
        assert told.wait(30)
    good = record(frames(tone(300, 0.2, rate=HEARD_HZ), None))
    assert good.dropped == 0 and len(spooled(good)[0])


def test_each_side_plays_on_its_own_channel(tmp_path):
    silence = np.zeros(HEARD_HZ, np.int16)
    recorder = record(
        frames(tone(300, 1.0, rate=HEARD_HZ), None),
        frames(silence, tone(700, 1.0), at_s=1.0),
    )
    done = encode(recorder.folder, tmp_path / "call.ogg")
    left, right = played(tmp_path / "call.ogg")
    assert done.duration_s == pytest.approx(2.0)
    assert abs(len(left) / 48_000 - 2.0) < 0.03
    first, second = slice(9_600, 38_400), slice(57_600, 86_400)
    assert loudness_at(left[first], 300, rate=48_000) > 0.99 and loudness_at(right[second], 700, rate=48_000) > 0.99

    def rms(sound):
        return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))

    assert rms(right[first]) < rms(left[first]) / 1000 and rms(left[second]) < rms(right[second]) / 1000


def test_both_sides_stay_on_one_clock(tmp_path):
    click_at = 1.5
    visitor, agent = np.zeros(3 * HEARD_HZ, np.int16), np.zeros(3 * SPOKEN_HZ, np.int16)
    visitor[round(click_at * HEARD_HZ) :][:160] = 20_000
    agent[round(click_at * SPOKEN_HZ) :][:240] = 20_000
    encode(record(frames(visitor, agent)).folder, tmp_path / "call.ogg")
    at = [
        int(np.argmax(np.abs(channel) > 0.3 * np.abs(channel).max())) / 48_000
        for channel in played(tmp_path / "call.ogg")
    ]
    assert abs(at[0] - at[1]) < 0.003
    assert abs(at[0] - click_at) < 0.02


def test_peaks_show_who_spoke_when(tmp_path):
    silence = np.zeros(HEARD_HZ, np.int16)
    recorder = record(
        frames(tone(300, 1.0, rate=HEARD_HZ, level=0.5), None),
        frames(silence, tone(700, 1.0, level=0.25), at_s=1.0),
    )
    peaks = encode(recorder.folder, tmp_path / "call.ogg").peaks
    assert peaks["rate_hz"] == 10 and len(peaks["visitor"]) == len(peaks["agent"]) == 20
    assert set(peaks["visitor"][1:9]) <= {50, 51} and set(peaks["visitor"][11:]) == {0}
    assert set(peaks["agent"][:10]) == {0} and set(peaks["agent"][10:]) == {25}


def test_what_a_crash_cut_off_is_filled_up(tmp_path):
    recorder = record(frames(tone(300, 2.0, rate=HEARD_HZ), tone(700, 2.0)))
    agent = recorder.folder / AGENT
    agent.write_bytes(agent.read_bytes()[: SPOKEN_HZ + 1])  # half a second, and half a sample
    assert encode(recorder.folder, tmp_path / "call.ogg").duration_s == pytest.approx(2.0)
    _left, right = played(tmp_path / "call.ogg")
    assert not np.abs(right[48_000:]).max() > 100


@pytest.mark.parametrize("content", [None, b"", b"\0"])
def test_a_spool_without_sound_is_no_recording(tmp_path, content):
    spool = tmp_path / "spool" / str(uuid.uuid4())
    spool.mkdir(parents=True)
    if content is not None:
        (spool / VISITOR).write_bytes(content)
    with pytest.raises(NothingRecorded):
        encode(spool, tmp_path / "call.ogg")
    assert not (tmp_path / "call.ogg").exists()


def test_a_long_call_is_encoded_piece_by_piece(tmp_path, monkeypatch):
    """What the encoder asks for at once never grows with the call."""
    recorder = record(frames(tone(300, 12.0, rate=HEARD_HZ), tone(700, 12.0)))
    asked = []
    take = recording._Side.take
    monkeypatch.setattr(recording._Side, "take", lambda self, n: (asked.append(n), take(self, n))[1])
    encode(recorder.folder, tmp_path / "call.ogg")
    assert max(asked) == SPOKEN_HZ * recording.BLOCK_S and sum(asked) == 2 * 12 * SPOKEN_HZ
