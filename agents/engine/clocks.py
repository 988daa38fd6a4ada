"""The clocks that judge a visitor: how long nobody has spoken, how long they were muted, how long the call lasts.

They run on frames of sound, so they stand still in a gap; and while our own work is outstanding, because what the
visitor does is not known then.
"""

from typing import Literal

from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.speech.sound import FRAME_S

Holder = Literal["agent", "visitor", "nobody", "unknown"]  # whose sound this frame belongs to
Due = Literal["", "time_limit", "muted", "ask", "goodbye"]


class Clocks:
    def __init__(self, memory: Memory, settings: TalkSettings) -> None:
        self._memory = memory
        self._settings = settings
        self._quiet_s = 0.0  # since the last sound of either
        self._unheard_s = 0.0  # since the visitor was muted

    def alive(self) -> None:
        """The visitor did something."""
        self._memory.unanswered = 0
        self._quiet_s = self._unheard_s = 0.0

    def sounded(self) -> None:
        """The agent was heard until now."""
        self._quiet_s = 0.0

    def mute(self, on: bool, reason: str) -> None:
        """The visitor cannot be heard, or can be again."""
        unheard = self._memory.unheard
        if on and reason not in unheard:
            unheard.append(reason)
        elif not on and reason in unheard:
            unheard.remove(reason)
        if not unheard:
            self.alive()

    def tick(self, holder: Holder) -> Due:
        """One frame has passed. What is due now."""
        settings, memory = self._settings, self._memory
        memory.talked_s += FRAME_S
        if memory.talked_s >= settings.call_max_s:
            return "time_limit"
        if holder == "agent":
            self._quiet_s = 0.0
        elif holder == "nobody" and memory.unheard:
            self._quiet_s = 0.0
            self._unheard_s += FRAME_S
            if self._unheard_s >= settings.muted_max_s:
                self._unheard_s = 0.0
                return "muted"
        elif holder == "nobody":
            self._quiet_s += FRAME_S
            if self._quiet_s >= settings.silence_prompt_s:
                return self._ask()
        return ""

    def _ask(self) -> Due:
        self._quiet_s = 0.0
        if self._memory.unanswered >= self._settings.silence_prompts:
            return "goodbye"
        self._memory.unanswered += 1
        return "ask"
