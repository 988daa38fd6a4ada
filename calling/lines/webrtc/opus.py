"""Opus by libopus itself: an encoder for the agent's speech, a decoder straight to what the agent hears.

aiortc's codecs cannot do this: no error correction, no concealment, stereo at 48 kHz, a resampler and a thread a frame.
The library is the one inside PyAV's wheel, which aiortc needs anyhow; else the system's.
"""

import ctypes
import ctypes.util
import weakref
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np

from agents.engine.line import Clip
from agents.speech.sound import HEARD_HZ, SPOKEN_FRAME, SPOKEN_HZ, Pcm

BITRATE = 32_000
COMPLEXITY = 5  # 1.4 times cheaper than the default 9; the difference is not audible in speech
EXPECTED_LOSS_PERCENT = 10
LOOKAHEAD = round(SPOKEN_HZ * 0.0065)  # the encoder's delay: the end of a clip comes out this much later
LARGEST_PACKET = 1275
LONGEST_PACKET_S = 0.120
RTP_HZ = 48_000  # Opus in RTP counts at 48 kHz, whatever is inside

_VOIP = 2048
_SET_BITRATE, _SET_COMPLEXITY, _SET_FEC, _SET_LOSS, _SET_DTX = 4002, 4010, 4012, 4014, 4016
_RESET = 4028


class OpusError(Exception):
    """libopus refused: a packet that is none, or no memory."""


@cache
def _path() -> str:
    wheel = Path(av.__file__).resolve().parent.parent / "av.libs"
    found = sorted(wheel.glob("libopus*")) if wheel.is_dir() else []
    path = str(found[0]) if found else ctypes.util.find_library("opus")
    if not path:
        raise OpusError("no libopus: neither in PyAV's wheel nor in the system")
    return path


@cache
def _library(keep_lock: bool) -> Any:
    """libopus. With `keep_lock` the interpreter lock is held during a call.

    A frame is decoded on the event loop in 25 µs; giving the lock away there could cost up to 5 ms until another
    thread hands it back. Clips are encoded in the pool, where the lock must be given away.
    """
    lib = (ctypes.PyDLL if keep_lock else ctypes.CDLL)(_path())
    integer, pointer, data = ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
        ("opus_strerror", ctypes.c_char_p, [integer]),
        ("opus_encoder_create", pointer, [integer, integer, integer, ctypes.POINTER(integer)]),
        ("opus_encoder_destroy", None, [pointer]),
        ("opus_encode", integer, [pointer, pointer, integer, pointer, integer]),
        ("opus_decoder_create", pointer, [integer, integer, ctypes.POINTER(integer)]),
        ("opus_decoder_destroy", None, [pointer]),
        ("opus_decode", integer, [pointer, data, integer, pointer, integer, integer]),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


def _checked(lib: Any, result: int) -> int:
    if result < 0:
        raise OpusError(lib.opus_strerror(result).decode())
    return result


class Encoder:
    """Speech at SPOKEN_HZ to 20 ms packets with in-band error correction."""

    def __init__(self, *, hz: int = SPOKEN_HZ, bitrate: int = BITRATE, complexity: int = COMPLEXITY, dtx: bool = False):
        self._lib = _library(False)
        error = ctypes.c_int()
        self._handle = self._lib.opus_encoder_create(hz, 1, _VOIP, ctypes.byref(error))
        _checked(self._lib, error.value)
        self.frame = hz // 50
        self._buffer = ctypes.create_string_buffer(LARGEST_PACKET)
        for request, value in (
            (_SET_BITRATE, bitrate),
            (_SET_COMPLEXITY, complexity),
            (_SET_FEC, 1),
            (_SET_LOSS, EXPECTED_LOSS_PERCENT),
            (_SET_DTX, int(dtx)),
        ):
            self._control(request, value)

    def encode(self, frame: Pcm) -> bytes:
        if len(frame) != self.frame:
            raise OpusError(f"a frame has {self.frame} samples, not {len(frame)}")
        samples = np.ascontiguousarray(frame, np.int16)
        length = self._lib.opus_encode(self._handle, samples.ctypes.data, self.frame, self._buffer, LARGEST_PACKET)
        return self._buffer.raw[: _checked(self._lib, length)]

    def close(self) -> None:
        handle, self._handle = self._handle, None
        if handle:
            self._lib.opus_encoder_destroy(handle)

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self.close()

    def _control(self, request: int, value: int) -> None:
        # A variadic function: no argument types, so each argument says its own.
        handle = ctypes.c_void_p(self._handle)
        _checked(self._lib, self._lib.opus_encoder_ctl(handle, ctypes.c_int(request), ctypes.c_int(value)))


class Decoder:
    """Packets to sound at HEARD_HZ, with concealment of what is missing."""

    def __init__(self, hz: int = HEARD_HZ) -> None:
        self._lib = _library(True)
        error = ctypes.c_int()
        self._handle = self._lib.opus_decoder_create(hz, 1, ctypes.byref(error))
        _checked(self._lib, error.value)
        self._room = round(hz * LONGEST_PACKET_S)
        self._buffer = np.empty(self._room, np.int16)
        self._address = self._buffer.ctypes.data

    def decode(self, payload: bytes) -> Pcm:
        return self._run(payload, self._room, 0)

    def recover(self, following: bytes, samples: int) -> Pcm:
        """The lost `samples` just before the packet `following`, from the copy that it may carry."""
        return self._run(following, samples, 1)

    def conceal(self, samples: int) -> Pcm:
        """Something that sounds like what went before. A multiple of 2.5 ms, at most 120 ms."""
        return self._run(None, samples, 0)

    def reset(self) -> None:
        """Forget what went before: a new stream begins."""
        _checked(self._lib, self._lib.opus_decoder_ctl(ctypes.c_void_p(self._handle), ctypes.c_int(_RESET)))

    def close(self) -> None:
        handle, self._handle = self._handle, None
        if handle:
            self._lib.opus_decoder_destroy(handle)

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self.close()

    def _run(self, payload: bytes | None, samples: int, fec: int) -> Pcm:
        if not self._handle:
            raise OpusError("the decoder is closed")
        if payload is not None and not payload:
            raise OpusError("an empty packet")
        length = len(payload) if payload else 0
        count = self._lib.opus_decode(self._handle, payload, length, self._address, samples, fec)
        return self._buffer[: _checked(self._lib, count)].copy()


# ── Reading a packet's first bytes (RFC 6716, section 3.1) ───────────────────────────────────────────────────

_SILK_TICKS = (480, 960, 1920, 2880)
_HYBRID_TICKS = (480, 960)
_CELT_TICKS = (120, 240, 480, 960)


def duration_ticks(payload: bytes) -> int:
    """How long a packet lasts, at RTP_HZ; 0 if it is no Opus packet."""
    if not payload:
        return 0
    config, code = payload[0] >> 3, payload[0] & 3
    if config < 12:
        frame = _SILK_TICKS[config & 3]
    elif config < 16:
        frame = _HYBRID_TICKS[config & 1]
    else:
        frame = _CELT_TICKS[config & 3]
    if code == 3:
        frames = payload[1] & 63 if len(payload) > 1 else 0
    else:
        frames = 1 if code == 0 else 2
    ticks = frame * frames
    return ticks if ticks <= RTP_HZ * LONGEST_PACKET_S else 0


def carries_copy(payload: bytes) -> bool:
    """Whether a packet holds a copy of the one before it. Of packets with one frame, which is what browsers send."""
    if len(payload) < 2 or payload[0] >> 3 >= 16 or payload[0] & 3:
        return False
    ticks = duration_ticks(payload)
    frames = max(1, ticks // 960)
    copy = payload[1] >> (7 - frames) & 1
    if payload[0] & 4:  # stereo: the side channel has flags of its own
        copy |= payload[1] >> (6 - 2 * frames) & 1
    return bool(copy)


def is_comfort(payload: bytes) -> bool:
    """A packet that only says: silence from here on (discontinuous transmission)."""
    return len(payload) <= 2


def comfort_after(payload: bytes) -> bytes:
    """The packet that says so after `payload`: its first byte alone, as one frame without content."""
    return bytes([payload[0] & 0xFC])


# ── Clips ────────────────────────────────────────────────────────────────────────────────────────────────────


_encoded: dict[int, tuple[bytes, ...]] = {}  # packets of sound that does not change, as long as somebody keeps it


def encode_clip(clip: Clip) -> None:
    """Fill `clip.packets`. Takes about 0.2 ms a packet: run it in the pool.

    Greetings and set phrases come from a cache of read-only sound; they are encoded once, however many calls say them.
    """
    key = id(clip.pcm)
    clip.packets = _encoded.get(key)
    if clip.packets is not None:
        return
    _encode(clip)
    if not clip.pcm.flags.writeable and clip.packets is not None:
        _encoded[key] = clip.packets
        weakref.finalize(clip.pcm, _encoded.pop, key, None).atexit = False


def _encode(clip: Clip) -> None:
    encoder = Encoder()
    try:
        count = -(-(len(clip.pcm) + LOOKAHEAD) // SPOKEN_FRAME) if len(clip.pcm) else 0
        padded = np.zeros(count * SPOKEN_FRAME, np.int16)
        padded[: len(clip.pcm)] = clip.pcm
        clip.packets = tuple(encoder.encode(frame) for frame in padded.reshape(count, SPOKEN_FRAME))
    finally:
        encoder.close()
