"""What an agent keeps in mind during one conversation. Plain JSON, so that another process can go on from it."""

from dataclasses import asdict, dataclass, field
from typing import Any

KEPT_PAUSES = 12  # of the visitor's pauses that tell their tempo …
KEPT_TURNS = 3  # … and of the turns
KEPT_LEVELS = 5
KEPT_EXCHANGES = 10  # that a language model is told of …
EXCHANGE_CHARS = 700  # … and so much of what each side said in one
_CHANGED = (
    *("asked", "question", "offered", "unknown", "last_said", "spoken", "before", "others", "rest", "message", "flow"),
    *("act",),
    *("said", "doubts", "doubts_in_all", "understood", "strange", "language", "offered_language"),
    *("history", "by_model"),  # but not the tokens: they are spent
)  # by a reply
PAGE_NAMES = 50  # names a page may set in all; later ones are dropped …
_TUPLES = ("asked", "others", "offered_language")  # lists in JSON
PAGE_CHARS = 16_000  # … and so are values beyond this: all of it is written down with each turn


@dataclass(slots=True)
class Memory:
    next_index: int = 0  # of the next turn
    greeted: bool = False
    language: str = ""  # that is spoken; "": the agent's first
    offered_language: tuple[str, str] | tuple[()] = ()  # in which an answer was offered, and whose: the topic's name
    talked_s: float = 0.0  # without the gaps
    unanswered: int = 0  # silence prompts since the visitor last said something
    asked: tuple[str, ...] = ()  # names of the topics in the last "Do you mean …?"
    question: str = ""  # … and what it was asked about
    offered: bool = False  # the last thing said was "Is there anything else?"
    unknown: int = 0  # questions in a row without an answer
    said: str = ""  # what the visitor was asked to have said …
    doubts: int = 0  # … how often in a row their words were asked for …
    doubts_in_all: int = 0  # … and in the whole call
    understood: bool = False  # something was heard well in this call
    strange: int = 0  # turns in a row that may have been in another language
    last_said: str = ""
    spoken: str = ""  # the topic that was answered last …
    before: str = ""  # … and the question it answered
    others: tuple[str, ...] = ()  # topics that may have been meant instead
    rest: str = ""  # what the last answer left unsaid
    history: tuple[tuple[str, str], ...] = ()  # what visitor and agent said, where a language model is to know it
    by_model: bool = False  # the last answer was worded by one
    tokens: int = 0  # that it has used
    message: dict[str, str] | None = None  # a message being taken: the step, and what is known of it
    flow: dict[str, Any] | None = None  # a flow on its way: the step, and what it has collected
    act: dict[str, Any] | None = None  # a tool that is about to be called, or whose outcome was not told yet
    acted: bool = False  # something was done for the visitor, or noted
    page: dict[str, Any] = field(default_factory=dict)  # what the page told, untrusted
    pauses: list[float] = field(default_factory=list)  # seconds for which the visitor paused and then went on
    tempo: list[tuple[float, int]] = field(
        default_factory=list
    )  # of their latest turns: seconds of speech, in how many bits
    levels: list[float] = field(default_factory=list)  # loudness of the visitor's latest turns in dBFS
    barge_ins: int = 0  # how often the agent was stopped
    unsaid: str = ""  # what the visitor has not heard of the answer that was stopped last …
    unsaid_source: str = ""  # … and what answered
    unheard: list[str] = field(default_factory=list)  # why the visitor cannot be heard now: reasons of `Muted`

    def learn(self, data: dict[str, Any]) -> None:
        """Keep what a page sends."""
        chars = sum(map(_chars, self.page.items()))
        for name, value in data.items():
            more = _chars((name, value)) - (_chars((name, self.page[name])) if name in self.page else 0)
            if (name in self.page or len(self.page) < PAGE_NAMES) and chars + more <= PAGE_CHARS:
                self.page[name] = value
                chars += more

    def keep_history(self, history: tuple[tuple[str, str], ...]) -> None:
        """Keep the latest of what was said."""
        self.history = tuple(
            (theirs[:EXCHANGE_CHARS], ours[:EXCHANGE_CHARS]) for theirs, ours in history[-KEPT_EXCHANGES:]
        )

    def learn_pauses(self, pauses: list[float]) -> None:
        """Keep the latest pauses of the visitor."""
        self.pauses = [*self.pauses, *pauses][-KEPT_PAUSES:]

    def learn_tempo(self, told: tuple[float, int], *, again: bool = False) -> None:
        """Keep how the visitor has spoken in a turn; `again`: there is more of the last one."""
        before = self.tempo[:-1] if again else self.tempo
        self.tempo = [*before, told][-KEPT_TURNS:]

    def before_reply(self) -> dict[str, Any]:
        """What a reply is about to change."""
        return {name: getattr(self, name) for name in _CHANGED}

    def take_back(self, before: dict[str, Any]) -> None:
        """As if that reply had not been given."""
        for name, value in before.items():
            setattr(self, name, value)

    @property
    def awaits_digits(self) -> bool:
        """Is something asked for that may come from the keypad?"""
        asked = self.flow is not None and bool(self.flow.get("keypad"))
        return asked or (self.message is not None and self.message.get("step") == "number")

    def learn_level(self, dbfs: float) -> None:
        """Keep how loud the visitor was in a turn."""
        self.levels = [*self.levels, round(dbfs, 1)][-KEPT_LEVELS:]

    @property
    def own_level_dbfs(self) -> float | None:
        """How loud the visitor usually is; None before their first turn."""
        return sorted(self.levels)[len(self.levels) // 2] if self.levels else None

    def to_json(self) -> dict[str, Any]:
        state = asdict(self)
        for name in _TUPLES:
            state[name] = list(state[name])
        state["history"] = [list(pair) for pair in self.history]
        state["tempo"] = [list(told) for told in self.tempo]
        return state

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> "Memory":
        known = {name: state[name] for name in cls.__dataclass_fields__ if name in state}
        known |= {name: tuple(known.get(name, ())) for name in _TUPLES}
        known["tempo"] = [(spoken_s, bits) for spoken_s, bits in known.get("tempo", ())]
        known["history"] = tuple((theirs, ours) for theirs, ours in known.get("history", ()))
        return cls(**known)


def _chars(named: tuple[str, Any]) -> int:
    name, value = named
    return len(name) + (len(value) if isinstance(value, str) else 8)
