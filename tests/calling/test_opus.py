"""Our binding to libopus: what it makes can be heard by others, and it survives what others send."""

import gc

import av
import numpy as np
import pytest

from agents.engine.line import Clip
from agents.speech.sound import HEARD_FRAME, SPOKEN_FRAME
from calling.lines.webrtc import opus
from tests.fakes.visitor import loudness_at, tone


def packets_of(pcm, **options):
    encoder = opus.Encoder(**options)
    return [encoder.encode(frame) for frame in pcm.reshape(-1, SPOKEN_FRAME)]


def decoded_by_another(packets):
    """What PyAV's decoder makes of it, at 48 kHz."""
    codec = av.CodecContext.create("libopus", "r")
    codec.format, codec.layout, codec.sample_rate = "s16", "mono", 48_000
    frames = [frame for data in packets for frame in codec.decode(av.Packet(data))]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


def test_another_decoder_hears_what_we_encode():
    packets = packets_of(tone(440, 1.0))
    heard = decoded_by_another(packets)
    assert loudness_at(heard[9600:40_000], 440, rate=48_000) > 0.95


def test_we_hear_what_we_encode_at_16_khz():
    decoder = opus.Decoder()
    frames = [decoder.decode(packet) for packet in packets_of(tone(440, 1.0))]
    assert {len(frame) for frame in frames} == {HEARD_FRAME}
    assert loudness_at(np.concatenate(frames)[3200:], 440) > 0.95


def test_the_bit_rate_is_near_32_kilobits():
    size = sum(map(len, packets_of((np.random.default_rng(1).normal(0, 3000, 48_000)).astype(np.int16))))
    assert 24_000 < size * 8 / 2 < 36_000


def test_packets_carry_a_copy_of_the_one_before():
    voice = sum(tone(120 * harmonic, 1.0, level=0.3 / harmonic) for harmonic in range(1, 12))
    packets = packets_of(voice.astype(np.int16))
    assert sum(map(opus.carries_copy, packets)) > len(packets) * 0.4  # of frames without voice there is none


def test_a_lost_packet_is_recovered_better_than_it_is_concealed():
    sweep = (np.sin(np.cumsum(np.linspace(200, 900, 48_000)) * 2 * np.pi / 24_000) * 9000).astype(np.int16)
    packets = packets_of(sweep)
    whole, with_copy, without = opus.Decoder(), opus.Decoder(), opus.Decoder()
    recovered_error = concealed_error = 0.0
    for index, packet in enumerate(packets):
        original = whole.decode(packet).astype(float)
        if index % 10 == 5 and opus.carries_copy(packets[index + 1]):
            recovered_error += np.square(with_copy.recover(packets[index + 1], HEARD_FRAME) - original).sum()
            concealed_error += np.square(without.conceal(HEARD_FRAME) - original).sum()
        else:
            with_copy.decode(packet)
            without.decode(packet)
    assert 0 < recovered_error < concealed_error / 2


def test_concealment_has_the_length_that_is_asked_for():
    decoder = opus.Decoder()
    decoder.decode(packets_of(tone(440, 0.02))[0])
    assert [len(decoder.conceal(samples)) for samples in (40, 320, 960)] == [40, 320, 960]


def test_a_clip_without_dtx_is_encoded_in_its_silence_too():
    clip = Clip("pause", np.zeros(24_000, np.int16), (1.0,))
    opus.encode_clip(clip)
    assert len(clip.packets) == 51
    assert all(not opus.is_comfort(packet) for packet in clip.packets)


@pytest.mark.parametrize("samples", [1, SPOKEN_FRAME - 1, SPOKEN_FRAME, SPOKEN_FRAME + 1, 10 * SPOKEN_FRAME])
def test_a_clip_is_encoded_to_its_very_end(samples):
    clip = Clip("all of it", np.full(samples, 1000, np.int16), (0.1, 0.1, 0.1))
    opus.encode_clip(clip)
    assert len(clip.packets) * SPOKEN_FRAME >= samples + opus.LOOKAHEAD > (len(clip.packets) - 1) * SPOKEN_FRAME


def test_sound_that_does_not_change_is_encoded_once_for_all_its_clips():
    pcm = np.full(2 * SPOKEN_FRAME, 1000, np.int16)
    pcm.setflags(write=False)
    first, second = Clip("hello", pcm, (0.04,)), Clip("hello", pcm, (0.04,))
    opus.encode_clip(first)
    opus.encode_clip(second)
    assert second.packets is first.packets


def test_sound_that_may_change_is_encoded_each_time():
    pcm = np.full(2 * SPOKEN_FRAME, 1000, np.int16)
    first, second = Clip("hello", pcm, (0.04,)), Clip("hello", pcm, (0.04,))
    opus.encode_clip(first)
    pcm[:] = 0
    opus.encode_clip(second)
    assert second.packets != first.packets


def test_packets_are_forgotten_with_their_sound():
    pcm = np.full(2 * SPOKEN_FRAME, 1000, np.int16)
    pcm.setflags(write=False)
    before = len(opus._encoded)
    clip = Clip("hello", pcm, (0.04,))
    opus.encode_clip(clip)
    assert len(opus._encoded) == before + 1
    del clip, pcm
    assert len(opus._encoded) == before


def test_an_empty_clip_has_no_packets():
    clip = Clip("", np.zeros(0, np.int16), ())
    opus.encode_clip(clip)
    assert clip.packets == ()


@pytest.mark.parametrize("samples", [0, 479, 481])
def test_a_frame_of_the_wrong_length_is_refused(samples):
    with pytest.raises(opus.OpusError):
        opus.Encoder().encode(np.zeros(samples, np.int16))


@pytest.mark.parametrize("garbage", [b"", b"\x03", b"\x6b\x3f", b"\x6a\xff\xff"])
def test_garbage_raises_and_the_decoder_goes_on(garbage):
    decoder = opus.Decoder()
    with pytest.raises(opus.OpusError):
        decoder.decode(garbage)
    assert len(decoder.decode(packets_of(tone(440, 0.02))[0])) == HEARD_FRAME


def test_random_bytes_never_do_worse_than_an_error():
    decoder, dice = opus.Decoder(), np.random.default_rng(7)
    for size in dice.integers(1, 400, 300):
        try:
            sound = decoder.decode(dice.bytes(int(size)))
        except opus.OpusError:
            continue
        assert 0 < len(sound) <= 1920


def test_a_closed_decoder_says_so():
    decoder = opus.Decoder()
    decoder.close()
    decoder.close()
    with pytest.raises(opus.OpusError):
        decoder.conceal(HEARD_FRAME)


def test_handles_are_freed(monkeypatch):
    gc.collect()
    freed = []
    library = opus._library(True)
    destroy = library.opus_decoder_destroy
    monkeypatch.setattr(library, "opus_decoder_destroy", lambda handle: (freed.append(handle), destroy(handle)))
    decoders = [opus.Decoder() for _ in range(5)]
    decoders[0].close()
    del decoders
    gc.collect()
    assert len(freed) == 5 and len(set(freed)) == 5


@pytest.mark.parametrize(
    ("payload", "ticks"),
    [
        (b"\x68", 960),  # hybrid, 20 ms
        (b"\x60", 480),  # hybrid, 10 ms
        (b"\x18\0", 2880),  # SILK, 60 ms
        (b"\xf8\xff\xfe", 960),  # CELT, 20 ms
        (b"\xe0\0", 120),  # CELT, 2.5 ms
        (b"\x69\0\0", 1920),  # two frames
        (b"\x6b\x03\0", 2880),  # three frames
        (b"\x6b", 0),
        (b"", 0),
        (b"\x1b\x3f", 0),  # longer than 120 ms
    ],
)
def test_the_length_of_a_packet_is_read_from_its_first_bytes(payload, ticks):
    assert opus.duration_ticks(payload) == ticks


def test_the_comfort_packet_is_understood_as_20_ms_of_quiet():
    packets = packets_of(tone(440, 0.2))
    comfort = opus.comfort_after(packets[-1])
    assert opus.is_comfort(comfort) and opus.duration_ticks(comfort) == 960
    assert len(opus.Decoder().decode(comfort)) == HEARD_FRAME
