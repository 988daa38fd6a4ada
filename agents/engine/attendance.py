"""Is anybody there, and how long has this lasted? What the clocks call for, and the ends that nobody can talk over."""

from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.engine.clocks import Clocks, Holder
from agents.engine.line import MUTED, TYPING
from agents.engine.notes import Ending
from agents.engine.replying import Replying
from agents.engine.speaking import Utterance

ASIDES = frozenset({"silence", "muted", "not_heard"})  # sources of what the agent says of the call itself


class Attendance:
    def __init__(self, replying: Replying, memory: Memory, settings: TalkSettings) -> None:
        self._replying = replying
        self._memory = memory
        self._clocks = Clocks(memory, settings)

    def alive(self) -> None:
        """The visitor did something."""
        self._clocks.alive()

    def sounded(self) -> None:
        """The agent was heard until now."""
        self._clocks.sounded()

    def mute(self, on: bool, reason: str) -> None:
        """The visitor cannot be heard from now on, or can be again."""
        self._clocks.mute(on, reason)

    def tick(self, holder: Holder) -> Utterance | None:
        """One frame has passed. What has to be said over everything else; without frames the clocks stand still."""
        own = phrases(self._memory.language)
        match self._clocks.tick(holder):
            case "time_limit":
                return Utterance(own.time_limit, "time_limit", uninterruptible=True, then=Ending("time_limit"))
            case "muted":
                self._replying.say(Utterance(self._goodbye(), "muted", then=Ending("silence")))
            case "goodbye":
                self._replying.say(Utterance(own.silence_goodbye, "silence", then=Ending("silence")))
            case "ask":
                prompts = own.silence
                prompt = prompts[min(self._memory.unanswered, len(prompts)) - 1]
                self._replying.say(Utterance(prompt, "silence"))
        return None

    def _goodbye(self) -> str:
        """To a visitor who could not be heard for too long."""
        own, unheard = phrases(self._memory.language), self._memory.unheard
        if TYPING in unheard:  # they know that they have no microphone
            return own.silence_goodbye
        return own.muted_goodbye if unheard == [MUTED] else own.microphone_goodbye
