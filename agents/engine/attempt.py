"""One try at making out what is being said; a segment sees several."""

import asyncio
from dataclasses import dataclass, field

from agents.engine.segment import Segment


@dataclass(slots=True, eq=False)
class Attempt:
    """Something is being transcribed."""

    segment: Segment
    began_s: float
    sound_s: float
    speech_s: float  # of the segment, when it began
    cut: int  # how often the segment had been cut
    is_cut: bool  # it is one of the segment's cuts
    settles_s: float  # the words are final if nothing is said after this; negative for a caption
    task: "asyncio.Task[None] | None" = None
    done: asyncio.Event = field(default_factory=asyncio.Event)  # its words are there, or will not come

    @property
    def needed(self) -> bool:
        return self.is_cut or self.settles_s >= 0
