"""A seat with a clock driven by hand, somebody on it, and everything around it to look at."""

import numpy as np

from agents.engine.line import Clip
from agents.speech.sound import FRAME_S, SILENT_FRAME, SPOKEN_FRAME
from calling.call.seat import Seat


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Tape:
    def __init__(self):
        self.frames = []

    def frame(self, at_s, visitor_16k, agent_24k):
        self.frames.append((round(at_s, 6), visitor_16k, agent_24k))


class Room:
    """A seat with somebody on it, and everything around it to look at."""

    def __init__(self):
        self.clock, self.tape, self.encoded = Clock(), Tape(), []
        self.seat = Seat(encode=self.encode, recorder=self.tape, clock=self.clock)
        self.line = object()
        self.seat.attach(self.line)
        self.seen = []

    def encode(self, clip):
        self.encoded.append(clip)
        count = -(-len(clip.pcm) // SPOKEN_FRAME)
        clip.packets = tuple(f"{clip.text[:1]}{index}".encode() for index in range(count))

    def tick(self, times=1, heard=SILENT_FRAME):
        """Frames on time; returns the packets that went out."""
        out = []
        for _ in range(times):
            out.append(self.seat.exchange(heard))
            self.clock.now += FRAME_S
        return out

    def events(self):
        """What has been reported since the last look."""
        new = list(self.seat._events._items)
        self.seat._events._items.clear()
        return new


def clip(text, frames=10, level=1000):
    """A clip in which each word takes the same time."""
    words = text.split()
    seconds = frames * FRAME_S
    ends = tuple(seconds * (at + 1) / len(words) for at in range(len(words)))
    return Clip(text, np.full(frames * SPOKEN_FRAME, level, np.int16), ends)
