"""A visitor whose microphone is open all the time, and who tapes both sides: what went in, and when what came out.

Sound is mixed into the microphone as it is in a room: speech, what is around the caller, other people, and the agent's
own voice out of the loudspeaker.
"""

import asyncio
import random
from collections.abc import Callable

import numpy as np
from aiortc.rtp import RtpPacket

from agents.speech.providers.resampling import resample
from agents.speech.sound import FRAME_S, HEARD_HZ, SPOKEN_FRAME, SPOKEN_HZ, Pcm, as_float, from_float, level_dbfs
from bench.talk.surroundings import CLEAN, LOOP_S, Condition, noise, telephone
from bench.talk.voices import LEVEL_DB, Sound
from calling.lines.webrtc.opus import Decoder, is_comfort
from tests.fakes.visitor import NOTHING_LOST, Microphone, Visitor

LOUD_DBFS = -50.0  # a frame of the agent's from which it is heard
ECHO_S = 0.12  # from the loudspeaker back into the microphone, the browser's buffers included
QUEUED_S = 5.0  # packets that come in a burst, as on a busy machine, are played one after the other


class Mixer(Microphone):
    """The microphone: a strip of sound that is written ahead and sent frame by frame."""

    def __init__(self, condition: Condition) -> None:
        super().__init__(dtx=True)
        self.began_s = -1.0  # when the first frame went out, by the loop's clock
        self.taken = 0  # samples that went out
        self.sent: list[Pcm] = []
        self._condition = condition
        self._noise = noise(condition)
        self._ahead = np.zeros(0, np.float32)
        self._moved = asyncio.Event()

    def mix(self, sound: Sound, after_s: float = 0.0, *, is_clean: bool = False) -> tuple[float, float]:
        """Let this be heard from so long after the next frame on. The seconds at which it begins and ends."""
        if self._condition.telephone and not is_clean:
            sound = telephone(sound)
        begin = round(after_s * SPOKEN_HZ)
        missing = begin + len(sound) - len(self._ahead)
        if missing > 0:
            self._ahead = np.concatenate([self._ahead, np.zeros(missing, np.float32)])
        self._ahead[begin : begin + len(sound)] += sound
        begin_s = (self.taken + begin) / SPOKEN_HZ
        return begin_s, begin_s + len(sound) / SPOKEN_HZ

    async def until(self, second: float) -> None:
        """Return when so much of the strip has been sent."""
        while self.taken < second * SPOKEN_HZ:
            self._moved.clear()
            await self._moved.wait()

    def _next(self) -> bytes | None:
        if self.began_s < 0:
            self.began_s = asyncio.get_running_loop().time()
        frame, self._ahead = self._ahead[:SPOKEN_FRAME], self._ahead[SPOKEN_FRAME:]
        frame = np.pad(frame, (0, SPOKEN_FRAME - len(frame)))
        at = self.taken % (LOOP_S * SPOKEN_HZ)
        pcm = from_float(frame + self._noise[at : at + SPOKEN_FRAME])
        self.taken += SPOKEN_FRAME
        self.sent.append(pcm)
        self._moved.set()
        if np.any(pcm):
            self.packets.append(self.encoder.encode(pcm))
        return super()._next()


class TapedVisitor(Visitor):
    def __init__(self, condition: Condition = CLEAN) -> None:
        drawn = random.Random(7)
        lost: Callable[[int], bool] = (lambda _: drawn.random() < condition.lost) if condition.lost else NOTHING_LOST
        self.mixer = Mixer(condition)
        super().__init__(lose_sent=lost, listen=False, microphone=self.mixer)
        self.came: list[tuple[float, Pcm]] = []  # frames of the agent's sound at 16 kHz, by the loop's clock
        self.loud_s = -1.0  # when it was last heard
        self.echo_db: float | None = None  # of the agent's voice in the microphone, against the caller's own
        self._decoder = Decoder()
        self._agent_power: list[float] = []
        self._changed = asyncio.Event()

    def _hear(self, packet: RtpPacket) -> None:
        super()._hear(packet)
        if is_comfort(packet.payload):
            return
        now_s = asyncio.get_running_loop().time()
        pcm = self._decoder.decode(packet.payload)
        self.came.append((now_s, pcm))
        level = level_dbfs(pcm)
        if level > LOUD_DBFS:
            self.loud_s = now_s
            self._agent_power.append(level)
        if self.echo_db is not None:
            gain_db = LEVEL_DB + self.echo_db - float(np.percentile(self._agent_power, 75))
            echo = resample(as_float(pcm), HEARD_HZ, SPOKEN_HZ) * np.float32(10 ** (gain_db / 20))
            self.mixer.mix(echo, ECHO_S, is_clean=True)
        self._changed.set()

    async def sounds(self, after_s: float, within_s: float) -> float | None:
        """When the agent is first heard after that time; None where it is not in time."""
        loop = asyncio.get_running_loop()
        while self.loud_s <= after_s:
            left_s = after_s + within_s - loop.time()
            if left_s <= 0:
                return None
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left_s)
            except TimeoutError:
                return None
        return self.loud_s

    def tape(self, from_s: float, until_s: float) -> tuple[Pcm, Pcm]:
        """Both sides between two times of the loop's clock: caller and agent, at 16 kHz."""
        return self._caller(from_s, until_s), self._agent(from_s, until_s)

    def _caller(self, from_s: float, until_s: float) -> Pcm:
        first = max(0, round((from_s - self.mixer.began_s) / FRAME_S))
        last = max(first, round((until_s - self.mixer.began_s) / FRAME_S))
        frames = self.mixer.sent[first:last]
        if not frames:
            return np.zeros(0, np.int16)
        return from_float(resample(as_float(np.concatenate(frames)), SPOKEN_HZ, HEARD_HZ))

    def _agent(self, from_s: float, until_s: float) -> Pcm:
        out = np.zeros(round((until_s - from_s) * HEARD_HZ), np.int16)
        next_s = 0.0
        for came_s, pcm in self.came:
            at_s = next_s if 0 < next_s - came_s < QUEUED_S else came_s
            next_s = at_s + len(pcm) / HEARD_HZ
            place = round((at_s - from_s) * HEARD_HZ)
            if place < 0 or place + len(pcm) > len(out):
                continue
            out[place : place + len(pcm)] = pcm
        return out
