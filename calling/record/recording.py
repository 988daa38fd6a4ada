"""The sound of a call on its way to the disk, and from there to an Ogg Opus file.

While a call runs, one writer thread of the process appends what both sides said to two raw files, the spool. Afterwards
the worker makes one two-channel file of them: the visitor on the left, the agent on the right, on one clock.
"""

import os
import queue
import shutil
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from django.conf import settings

from agents.speech.sound import FRAME_S, HEARD_FRAME, HEARD_HZ, SPOKEN_FRAME, SPOKEN_HZ, Pcm
from calling import faults

QUEUED_FRAMES = 20_000  # of all calls together: 6 s of 64 calls, 32 MB; then frames are dropped and counted
MOST_BEHIND = 3  # frames that the clock may be ahead before silence fills the hole: jitter stays below
VISITOR, AGENT = "visitor.s16", "agent.s16"
BITRATE = 40_000
PEAKS_HZ = 10
BLOCK_S = 1  # what the encoder holds in memory
NO_SPEECH: Pcm = np.zeros(SPOKEN_FRAME, np.int16)


# ── While the call runs ──────────────────────────────────────────────────────────────────────────────────────


class SpoolRecorder:
    """Takes both sides of a call, 20 ms at a time, and never waits."""

    def __init__(self, conversation: uuid.UUID) -> None:
        self.conversation = conversation
        self.folder = spool_folder(conversation)
        self.dropped = 0
        self._finished: Future[None] | None = None
        self._spool: _Spool | None = None  # the writer thread's

    def frame(self, at_s: float, visitor_16k: Pcm, agent_24k: Pcm | None) -> None:
        """`at_s` is the clock of the call: what it skips becomes silence on both sides."""
        if self._finished is None and not _writer().put(self, (at_s, visitor_16k, agent_24k)):
            self.dropped += 1

    def finish(self) -> "Future[None]":
        """No more frames. Done when everything is on the disk."""
        if self._finished is None:
            self._finished = Future()
            _writer().put_last(self, self._finished)
        return self._finished


class _Spool:
    """The two open files of one call. Only the writer thread touches it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._visitor = _open_private(folder / VISITOR)
        self._agent = _open_private(folder / AGENT)
        self._frames = 0

    def append(self, at_s: float, visitor: Pcm, agent: Pcm | None) -> None:
        behind = round(at_s / FRAME_S) - self._frames
        if behind > MOST_BEHIND:
            for _ in range(behind):
                self._visitor.write(bytes(2 * HEARD_FRAME))
                self._agent.write(bytes(2 * SPOKEN_FRAME))
            self._frames += behind
        self._visitor.write(_exactly(visitor, HEARD_FRAME).tobytes())
        self._agent.write((NO_SPEECH if agent is None else _exactly(agent, SPOKEN_FRAME)).tobytes())
        self._frames += 1

    def close(self) -> None:
        self._visitor.close()
        self._agent.close()


class _Writer:
    """One thread for all recordings of the process, behind one bounded queue."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[SpoolRecorder, Any]] = queue.Queue(QUEUED_FRAMES)
        self._broken: set[uuid.UUID] = set()
        self.dead = False
        threading.Thread(target=self._run, name="recording", daemon=True).start()

    def put(self, recorder: SpoolRecorder, frame: Any) -> bool:
        try:
            self._queue.put_nowait((recorder, frame))
        except queue.Full:
            return False
        if self.dead:
            self._let_go()
        return True

    def put_last(self, recorder: SpoolRecorder, finished: "Future[None]") -> None:
        """The end of a recording is never dropped; where the queue is full, a short-lived thread waits for room."""
        if not self.put(recorder, finished):
            threading.Thread(target=self._queue.put, args=((recorder, finished),), daemon=True).start()

    def _run(self) -> None:
        try:
            while True:
                self._write(*self._queue.get())
        except BaseException as error:  # noqa: BLE001  the next recording gets a thread of its own
            faults.report("recording", error)
        self.dead = True
        self._let_go()

    def _let_go(self) -> None:
        """Nobody writes any more: the calls whose ends wait for this go on."""
        while True:
            try:
                recorder, item = self._queue.get_nowait()
            except queue.Empty:
                return
            if isinstance(item, Future):
                item.set_result(None)
            else:
                recorder.dropped += 1

    def _write(self, recorder: SpoolRecorder, item: Any) -> None:
        try:
            if isinstance(item, Future):
                self._broken.discard(recorder.conversation)
                spool, recorder._spool = recorder._spool, None
                try:
                    if spool is not None:
                        spool.close()
                finally:
                    item.set_result(None)
            elif recorder.conversation not in self._broken:
                if recorder._spool is None:
                    recorder._spool = _Spool(recorder.folder)
                recorder._spool.append(*item)
            else:
                recorder.dropped += 1
        except Exception as error:  # noqa: BLE001  a full disk ends this recording, not the call and not the others
            self._broken.add(recorder.conversation)
            faults.report("recording", error, conversation=str(recorder.conversation))


_the_writer: _Writer | None = None
_starting = threading.Lock()


def _writer() -> _Writer:
    global _the_writer
    if _the_writer is None or _the_writer.dead:
        with _starting:
            if _the_writer is None or _the_writer.dead:
                _the_writer = _Writer()
    return _the_writer


def spool_folder(conversation: uuid.UUID) -> Path:
    return Path(settings.SPOOL_DIR) / str(conversation)


def spools() -> list[uuid.UUID]:
    """The conversations that have a spool on this machine."""
    found = []
    with suppress(FileNotFoundError):
        for folder in Path(settings.SPOOL_DIR).iterdir():
            with suppress(ValueError):
                found.append(uuid.UUID(folder.name))
    return found


def spooled_s(conversation: uuid.UUID) -> float:
    """How long the sound in a spool lasts; nothing where there is none."""
    folder = spool_folder(conversation)
    return max(_seconds(folder / VISITOR, HEARD_HZ), _seconds(folder / AGENT, SPOKEN_HZ))


def delete_spool(conversation: uuid.UUID) -> None:
    shutil.rmtree(spool_folder(conversation), ignore_errors=True)


def _open_private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _exactly(pcm: Pcm, samples: int) -> Pcm:
    if len(pcm) == samples:
        return pcm
    return np.concatenate([pcm[:samples], np.zeros(max(0, samples - len(pcm)), np.int16)])


# ── After the call ───────────────────────────────────────────────────────────────────────────────────────────


class NothingRecorded(Exception):
    """The spool has no sound in it, or there is none."""


@dataclass(frozen=True, slots=True)
class Encoded:
    duration_s: float
    peaks: dict[str, Any]  # {"rate_hz": 10, "visitor": [0..100], "agent": [0..100]}


def encode(spool: Path, target: Path) -> Encoded:
    """Make one Ogg Opus file of a spool, a second at a time. What a crash cut off is filled up with silence."""
    seconds = max(_seconds(spool / VISITOR, HEARD_HZ), _seconds(spool / AGENT, SPOKEN_HZ))
    if not seconds:
        raise NothingRecorded
    peaks: dict[str, list[int]] = {"visitor": [], "agent": []}
    samples = round(seconds * SPOKEN_HZ)
    block = BLOCK_S * SPOKEN_HZ
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(handle, "wb") as file,
        closing(_Side(spool / VISITOR, HEARD_HZ)) as visitor,
        closing(_Side(spool / AGENT, SPOKEN_HZ)) as agent,
        av.open(file, "w", format="ogg") as out,
    ):
        stream = out.add_stream("libopus", rate=SPOKEN_HZ, layout="stereo", options={"application": "audio"})
        stream.bit_rate = BITRATE
        for start in range(0, samples, block):
            count = min(block, samples - start)
            left, right = visitor.take(count), agent.take(count)
            peaks["visitor"] += _peaks(left)
            peaks["agent"] += _peaks(right)
            frame = av.AudioFrame.from_ndarray(
                np.stack([left, right], axis=1).reshape(1, -1), format="s16", layout="stereo"
            )
            frame.sample_rate, frame.pts = SPOKEN_HZ, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return Encoded(seconds, {"rate_hz": PEAKS_HZ, **peaks})


class _Side:
    """One raw file, read at SPOKEN_HZ whatever its own rate is; silence after its end."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        self._file: BinaryIO | None = path.open("rb") if path.exists() else None
        self._rate_hz = rate_hz
        self._pieces = self._read()
        self._rest: Pcm = np.zeros(0, np.int16)

    def take(self, samples: int) -> Pcm:
        parts = [self._rest]
        have = len(self._rest)
        while have < samples:
            piece = next(self._pieces, None)
            if piece is None:
                piece = np.zeros(samples - have, np.int16)
            parts.append(piece)
            have += len(piece)
        joined = np.concatenate(parts)
        self._rest = joined[samples:]
        return joined[:samples]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _read(self) -> Iterator[Pcm]:
        if self._file is None:
            return
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SPOKEN_HZ)
        while raw := self._file.read(2 * self._rate_hz * BLOCK_S):
            pcm = np.frombuffer(raw[: len(raw) // 2 * 2], np.int16)
            if self._rate_hz == SPOKEN_HZ:
                yield pcm
                continue
            frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = self._rate_hz
            yield from (out.to_ndarray().reshape(-1) for out in resampler.resample(frame))
        if self._rate_hz != SPOKEN_HZ:
            yield from (out.to_ndarray().reshape(-1) for out in resampler.resample(None))


def _seconds(path: Path, rate_hz: int) -> float:
    return path.stat().st_size // 2 / rate_hz if path.exists() else 0.0


def _peaks(pcm: Pcm) -> list[int]:
    """The loudest sample of each tenth of a second, 0 to 100."""
    step = SPOKEN_HZ // PEAKS_HZ
    padded = np.abs(np.pad(pcm, (0, -len(pcm) % step)).astype(np.int32)).reshape(-1, step)
    return [int(peak) for peak in np.ceil(padded.max(axis=1) * 100 / 32768)]
