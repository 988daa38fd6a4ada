"""The businesses of the exam, and vectors of their sentences that are kept between two runs.

`bench/data/NAME.json`: topics as an admin writes them; `questions` with topic, kind and the sentences that answer;
`out` of scope, near and far; `followups`; `two` questions in one breath; `corrections`. Synthetic. Where "lab" is said,
the data are those of the first experiment; all others were written before anything was changed.
"""

import asyncio
import json
import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.brains.snapshot import TopicSnapshot
from agents.speech.providers.base import Meaning, parts_of, rarity_of
from agents.speech.providers.registry import find_meaning

FOLDER = Path(__file__).parent.parent / "data"
LAB = ("dentist", "bike", "hotel", "appliances", "barber_de", "vet_es")
OWN = ("pool", "mover", "optician", "campsite", "fahrschule_de", "garten_de")
NAMES = (*LAB, *OWN)
KEPT = Path(os.environ.get("STUDIO_DATA_DIR") or "data") / "exam-vectors"


@dataclass(frozen=True, slots=True)
class Business:
    key: str
    language: str
    topics: tuple[TopicSnapshot, ...]
    content: dict[str, Any]

    def place(self, topic_key: str) -> int:
        return [row["key"] for row in self.content["topics"]].index(topic_key)


def load(key: str) -> Business:
    content = json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))
    topics = tuple(TopicSnapshot(row["name"], tuple(row["samples"]), row["content"]) for row in content["topics"])
    return Business(key, content["language"], topics, content)


class Kept:
    """A meaning whose vectors are kept in a file: a table is repeated in seconds."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning, self.parts, self.rarity = meaning, parts_of(meaning), rarity_of(meaning)
        self._path = KEPT / ("+".join(name for name, _ in self.parts) + ".pickle")
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        if self._path.is_file():
            self._vectors = pickle.loads(self._path.read_bytes())
        self._new = False

    async def vectors(self, texts: Any, *, who: Any = None) -> npt.NDArray[np.float32]:
        wanted = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if wanted:
            self._vectors.update(zip(wanted, await self.meaning.vectors(wanted, who=who), strict=True))
            self._new = True
        width = sum(size for _, size in self.parts)
        return np.stack([self._vectors[text] for text in texts]) if len(texts) else np.zeros((0, width), np.float32)

    def now(self, texts: Any) -> npt.NDArray[np.float32]:
        return asyncio.run(self.vectors(list(texts)))

    def save(self) -> None:
        if self._new:
            KEPT.mkdir(parents=True, exist_ok=True)
            self._path.write_bytes(pickle.dumps(self._vectors))


def kept_meaning(language: str, models_dir: Path, key: str = "") -> Kept:
    """The meaning of a language, or the one of that key."""
    from agents.speech.providers.registry import PROVIDERS

    return Kept(PROVIDERS["meaning"][key].make(models_dir) if key else find_meaning(language, models_dir))
