"""What every voice activity promises."""

import numpy as np
import pytest

from agents.speech.sound import HEARD_FRAME, SILENT_FRAME
from tests.contracts.conftest import SPOKEN_CLIPS, read_clip


def frames(pcm):
    return [pcm[at : at + HEARD_FRAME] for at in range(0, len(pcm) - HEARD_FRAME + 1, HEARD_FRAME)]


def listen(activity, pcm):
    return [activity.speech(frame) for frame in frames(pcm)]


def test_silence_is_no_speech(make_activity):
    heard = [p for p in (make_activity().speech(SILENT_FRAME) for _ in range(1)) if p is not None]
    activity = make_activity()
    heard += [p for p in (activity.speech(SILENT_FRAME) for _ in range(100)) if p is not None]
    assert len(heard) >= 50
    assert max(heard) < 0.5


@pytest.mark.parametrize("clip", SPOKEN_CLIPS, ids=lambda clip: clip["file"])
def test_speech_is_speech(make_activity, clip):
    heard = [p for p in listen(make_activity(), read_clip(clip["file"])) if p is not None]
    assert max(heard) > 0.9
    assert all(0 <= p <= 1 for p in heard)


def test_the_first_frame_is_too_short_to_tell(make_activity):
    assert make_activity().speech(SILENT_FRAME) is None


def test_reset_forgets_what_was_heard(make_activity):
    pcm = read_clip("04-yes.wav")
    activity = make_activity()
    first = listen(activity, pcm)
    listen(activity, pcm[: len(pcm) // 2])
    activity.reset()
    assert listen(activity, pcm) == first


def test_two_calls_do_not_hear_each_other(make_activity):
    speech, silence = read_clip("04-yes.wav"), np.zeros(32_000, np.int16)
    alone = listen(make_activity(), silence)
    one, other = make_activity(), make_activity()
    together = []
    for loud, quiet in zip(frames(speech), frames(silence), strict=False):
        one.speech(loud)
        together.append(other.speech(quiet))
    assert together == alone[: len(together)]


@pytest.mark.speech
def test_silero_takes_bursts_of_noise_for_noise(make_activity):
    activity = make_activity()
    if type(activity).__name__ == "ScriptedActivity":
        pytest.skip("goes by loudness alone")
    heard = [p for p in listen(activity, read_clip("12-noise-bursts-only.wav")) if p is not None]
    assert max(heard) < 0.5
