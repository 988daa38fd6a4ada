"""The businesses that the encoders are taught by: `bench/data/asked/LANGUAGE_TRADE.txt`.

    @language: en
    @trade: a family restaurant in a small town
    # name | sample | sample            a topic, as an admin writes it
    > what it answers
    r: reworded                         i: indirect, s: a story, m: misheard by a recogniser
    near: fits the trade, and no topic answers it        far: has nothing to do with it
    f: first question => its topic => what hangs on it => its topic

Written for this and for nothing else: none of them is a business of the exam.
"""

from dataclasses import dataclass
from pathlib import Path

from agents.brains.closeness import TopicLines
from agents.brains.snapshot import TopicSnapshot
from agents.speech.words import even

FOLDER = Path(__file__).parent.parent / "data" / "asked"
NOBODY = -1
_ASKED = ("r", "i", "s", "m")


@dataclass(slots=True)
class Asked:
    key: str
    language: str
    topics: int
    lines: tuple[str, ...]
    owners: tuple[int, ...]
    roles: tuple[int, ...]
    questions: tuple[str, ...]
    wanted: tuple[int, ...]  # the place of each question's topic, or NOBODY


def read(path: Path) -> Asked:
    """Raises ValueError where a line is not of the form."""
    head: dict[str, str] = {}
    rows: list[tuple[str, list[str], list[str]]] = []  # name, samples, content
    asked: list[tuple[str, int]] = []
    follow_ups: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        kind, _, rest = line.partition(" ")
        text = rest.strip()
        if line.startswith("@"):
            head[kind[1:-1]] = text
        elif kind == "#":
            name, *samples = (part.strip() for part in text.split("|"))
            rows.append((name, samples, []))
        elif kind == ">":
            rows[-1][2].append(text)
        elif kind[:-1] in _ASKED:
            asked.append((text, len(rows) - 1))
        elif kind in ("near:", "far:"):
            asked.append((text, NOBODY))
        elif kind == "f:":
            first, topic = (part.strip() for part in text.split("=>")[:2])
            follow_ups.append((first, topic))
        elif line.strip():
            raise ValueError(f"{path.name}, line {number}: {line[:60]}")
    names = [name for name, _, _ in rows]
    asked += [(first, names.index(topic)) for first, topic in follow_ups]
    lines = TopicLines.of(
        [TopicSnapshot(name, tuple(samples), " ".join(content)) for name, samples, content in rows], {}
    )
    return Asked(
        path.stem, head["language"], len(rows), lines.texts, lines.owners, lines.roles,
        tuple(even(text) for text, _ in asked), tuple(place for _, place in asked),
    )  # fmt: skip


def every(languages: tuple[str, ...]) -> list[Asked]:
    return [each for each in map(read, sorted(FOLDER.glob("*.txt"))) if each.language in languages]
