"""The bank of everyday intents: what people ask of any business, in other people's words.

`bank/LANGUAGE/*.txt` hold it: "== name", then questions separated by "|", then what might be answered after "!".
`bank/intents.npz` holds what was learned from it (bench/exam/learn.py): how likely each intent is, given a sentence's
vector; `bank/intents-e5.npz` holds the same for the encoder that is there where `manage.py better_meaning` was run. A
question and a topic that want the same everyday thing have the same likely intents, whatever their words.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ELSEWHERE = "(elsewhere)"  # the intent of whatever is in background.list
BANK = Path(__file__).parent / "bank"
FILES = ("intents.npz", "intents-e5.npz")
Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Intent:
    name: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]


@lru_cache(maxsize=8)
def read(language: str) -> dict[str, Intent]:
    """The intents of a language by name; empty where there are none."""
    found: dict[str, Intent] = {}
    for path in sorted((BANK / language).glob("*.txt")):
        name = ""
        questions: list[str] = []
        answers: list[str] = []
        for line in [*path.read_text(encoding="utf-8").splitlines(), "=="]:
            if line.startswith("=="):
                if name:  # a second block of the same name adds to the first
                    before = found.get(name, Intent(name, (), ()))
                    found[name] = Intent(name, (*before.questions, *questions), (*before.answers, *answers))
                name, questions, answers = line[2:].strip(), [], []
            elif line.startswith("!"):
                answers += _lines(line[1:])
            else:
                questions += _lines(line)
    return found


def languages() -> list[str]:
    return sorted(path.name for path in BANK.iterdir() if path.is_dir())


def digest() -> str:
    """Changes with every change of the bank: what was learned from another one is out of date."""
    content = hashlib.sha256()
    for path in sorted([*BANK.glob("*/*.txt"), *BANK.glob("*/*.list")]):
        content.update(path.relative_to(BANK).as_posix().encode() + path.read_bytes())
    return content.hexdigest()


@dataclass(frozen=True, slots=True)
class Likelihood:
    """From vectors to the chances of each intent."""

    names: tuple[str, ...]
    mean: Numbers
    into: Numbers  # dimensions × intents

    def of(self, vectors: Numbers) -> Numbers:
        """One row a vector, adding up to one."""
        logits = (vectors - self.mean) @ self.into
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        return chances / chances.sum(axis=1, keepdims=True)


@lru_cache(maxsize=4)
def learned(parts: Sequence[tuple[str, int]]) -> Likelihood | None:
    """What was learned for vectors made of these parts; None where nothing was."""
    key = "+".join(name for name, _ in parts)
    found = _learned(f"{key} into", f"{key} mean", "names") if key else None
    if found is None:
        return None
    into, mean, names = found
    return Likelihood(tuple(str(name) for name in names), mean.astype(np.float32), into.astype(np.float32))


def _learned(*names: str) -> list[npt.NDArray[Any]] | None:
    """What stands under these names in the file that has the first of them; None where none has."""
    for path in (BANK / name for name in FILES):
        if path.is_file():
            with np.load(path) as file:
                if names[0] in file.files:
                    return [file[name] for name in names]
    return None


def packed(vectors: Numbers) -> tuple[npt.NDArray[np.int8], Numbers]:
    """Vectors in a byte a number, each with its scale."""
    scale = np.abs(vectors).max(axis=1) / 127
    return np.round(vectors / scale[:, None]).astype(np.int8), scale.astype(np.float32)


@lru_cache(maxsize=8)
def phrase_vectors(parts: Sequence[tuple[str, int]], language: str) -> dict[str, Numbers]:
    """The vectors of the bank's questions, computed with what was learned; empty where nothing was."""
    columns = []
    for name, _ in parts:
        found = _learned(f"{name} phrases {language}", f"{name} scales {language}")
        if found is None:
            return {}
        own = found[0] * found[1][:, None]
        columns.append(own / np.linalg.norm(own, axis=1, keepdims=True))
    whole = np.concatenate(columns, axis=1) / math.sqrt(len(columns)) if columns else np.zeros((0, 0))
    return dict(zip(phrases_of(language), whole.astype(np.float32), strict=True)) if columns else {}


def phrases_of(language: str) -> tuple[str, ...]:
    """Every question of the bank once, in its order."""
    return tuple(dict.fromkeys(line for intent in read(language).values() for line in intent.questions))


@lru_cache(maxsize=8)
def background_vectors(parts: Sequence[tuple[str, int]], language: str) -> Numbers:
    """The vectors of `background`, computed with what was learned; none where nothing was."""
    key = "+".join(name for name, _ in parts)
    for each in (language, "en"):
        found = _learned(f"{key} background {each}")
        if found is not None:
            return np.asarray(found[0], np.float32)
    return np.zeros((0, sum(width for _, width in parts)), np.float32)


def background(language: str) -> tuple[str, ...]:
    """Things that nobody answers: how close a question is to them tells one that is meant for somebody else."""
    path = BANK / language / "background.list"
    if not path.is_file():
        path = BANK / "en" / "background.list"
    return tuple(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _lines(text: str) -> list[str]:
    return [each.strip() for each in text.split("|") if each.strip()]
