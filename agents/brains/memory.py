"""What an agent keeps in mind during one conversation. Plain JSON, so that another process can go on from it."""

from dataclasses import asdict, dataclass, field
from typing import Any

KEPT_PAUSES = 12  # of the visitor's pauses that tell their tempo
PAGE_NAMES = 50  # names a page may set in all; later ones are dropped


@dataclass(slots=True)
class Memory:
    next_index: int = 0  # of the next turn
    greeted: bool = False
    talked_s: float = 0.0  # without the gaps
    unanswered: int = 0  # silence prompts since the visitor last said something
    asked: tuple[str, ...] = ()  # names of the topics in the last "Do you mean …?"
    offered: bool = False  # the last thing said was "Is there anything else?"
    unknown: int = 0  # questions in a row without an answer
    last_said: str = ""
    page: dict[str, Any] = field(default_factory=dict)  # what the page told, untrusted
    pauses: list[float] = field(default_factory=list)  # seconds for which the visitor paused and then went on
    unheard: list[str] = field(default_factory=list)  # why the visitor cannot be heard now: reasons of `Muted`

    def learn(self, data: dict[str, Any]) -> None:
        """Keep what a page sends."""
        for name, value in data.items():
            if name in self.page or len(self.page) < PAGE_NAMES:
                self.page[name] = value

    def learn_tempo(self, pauses: list[float]) -> None:
        """Keep the latest pauses of the visitor."""
        self.pauses = [*self.pauses, *pauses][-KEPT_PAUSES:]

    def to_json(self) -> dict[str, Any]:
        state = asdict(self)
        state["asked"] = list(self.asked)
        return state

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> "Memory":
        known = {name: state[name] for name in cls.__dataclass_fields__ if name in state}
        known["asked"] = tuple(known.get("asked", ()))
        return cls(**known)
