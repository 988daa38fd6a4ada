"""`python -m bench.encoders usem3|minilm [--on] [--minutes N] [--rate R]`: teaches an encoder, writes what it learned.

A question is to be closer to the lines of its topic than to those of the business's other topics, or to none of them
where nobody answers it: a softmax over the topics, each as close as its closest example, sentence and whole (the
three roles of agents/brains/closeness.py). Then learn what the brain goes by anew: `python -m bench.exam.learn`.

Needs jax, as nothing else here: `pip install jax`. Some 7 s a business and core for MiniLM, 3 s for USE.
"""

import argparse
import hashlib
import random
import time
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from agents.brains.closeness import ASK, SAY, WHOLE
from agents.speech.providers import weights
from agents.speech.providers.weights import FILES, HERE
from bench.encoders import businesses, packing
from bench.encoders.businesses import NOBODY, Asked
from bench.encoders.minilm import MiniLm
from bench.encoders.usem3 import Usem3
from bench.exam.learn import models_dir

SHAPES = ((64, 16), (32, 32), (16, 96))  # texts a block, pieces a text; each shape is compiled once
LINES, QUESTIONS, TOPICS = 320, 160, 24  # of a business, at most
ROLES = (ASK, SAY, WHOLE)
SOFT = 0.05  # how soft the closest of a topic's lines is
LEFT_OUT = 0.3  # of the examples, so that it does not lean on them
GONE = 0.5  # of the times some topics are taken away, and their questions are nobody's
NOBODYS = 0.5  # what a question counts that nobody answers
SHARP, NOBODYS_CHANCE = 8.0, 5.0  # at the start; both are learned beside it
Block = tuple[list[int], Any, Any]  # the places of its texts, what is made of them, which pieces are there
SAME = 2e-3  # numbers of a vector of length one
TRIED = ("when do you open", "My son can't have nuts, and we would come on Sunday with five children.")
STUDENTS: dict[str, tuple[Any, tuple[str, ...], float]] = {
    "usem3": (Usem3, ("de", "en", "es"), 6e-5),
    "minilm": (MiniLm, ("en",), 2e-5),
}


class Lesson:
    def __init__(self, student: Any, start: dict[str, Any], dice: random.Random) -> None:
        self.student, self.dice = student, dice
        self.taught = jax.tree.map(jnp.asarray, start)
        self.head = {"sharp": jnp.full(3, np.log(SHARP)), "nobody": jnp.array(NOBODYS_CHANCE)}
        self._forward = jax.jit(student.forward)
        self._back = jax.jit(lambda p, x, there, slope: jax.vjp(lambda q: student.forward(q, x, there), p)[1](slope)[0])
        self._add = jax.jit(lambda a, b: jax.tree.map(jnp.add, a, b))
        self._slope = jax.jit(jax.value_and_grad(missed, argnums=(0, 1, 2)))

    def blocks(self, texts: Sequence[str]) -> list[Block]:
        """Texts of alike length together."""
        ids = [self.student.ids(text, SHAPES[-1][1]) for text in texts]
        found, shortest = [], 0
        for many, long in SHAPES:
            places = [place for place, each in enumerate(ids) if shortest < len(each) <= long]
            for start in range(0, len(places), many):
                part = places[start : start + many]
                block, there = np.zeros((many, long), np.int32), np.zeros((many, long), np.float32)
                there[:, 0] = 1
                for row, place in enumerate(part):
                    block[row, : len(ids[place])] = ids[place]
                    there[row, : len(ids[place])] = 1
                found.append((part, self.student.features(block, there), there))
            shortest = long
        return found

    def vectors(self, blocks: Sequence[Block], room: int) -> Any:
        found = np.zeros((room, self.student.width), np.float32)
        for part, features, there in blocks:
            found[part] = np.asarray(self._forward(self.taught, features, there))[: len(part)]
        return found

    def step(self, asked: Asked) -> tuple[float, Any]:
        """How much was missed on a business, and the slope of that."""
        named = [place == 0 or asked.owners[place - 1] != owner for place, owner in enumerate(asked.owners)]
        kept = [
            place
            for place, role in enumerate(asked.roles)
            if role != ASK or named[place] or self.dice.random() > LEFT_OUT
        ][:LINES]
        taken = self.dice.sample(range(len(asked.questions)), min(QUESTIONS, len(asked.questions)))
        lines, questions = (
            self.blocks([asked.lines[at] for at in kept]),
            self.blocks([asked.questions[at] for at in taken]),
        )
        owners, roles = np.full(LINES, NOBODY), np.full(LINES, NOBODY)
        owners[: len(kept)], roles[: len(kept)] = [asked.owners[at] for at in kept], [asked.roles[at] for at in kept]
        wanted, counts = np.full(QUESTIONS, TOPICS), np.zeros(QUESTIONS, np.float32)
        wanted[: len(taken)] = [asked.wanted[at] % (TOPICS + 1) for at in taken]  # NOBODY is the last
        counts[: len(taken)] = [NOBODYS if asked.wanted[at] == NOBODY else 1.0 for at in taken]
        there = np.arange(TOPICS) < asked.topics
        if self.dice.random() < GONE:
            gone = self.dice.sample(range(asked.topics), max(1, asked.topics // 8))
            there[gone] = False
            wanted = np.where(np.isin(wanted, gone), TOPICS, wanted)
        found = [self.vectors(lines, LINES), self.vectors(questions, QUESTIONS)]
        value, (*slopes, head) = self._slope(*found, self.head, owners, roles, wanted, counts, there)
        total: Any = None
        for blocks, slope in zip((lines, questions), slopes, strict=True):
            for part, features, own in blocks:
                rows = np.zeros((len(own), self.student.width), np.float32)
                rows[: len(part)] = np.asarray(slope)[part]
                more = self._back(self.taught, features, own, rows)
                total = more if total is None else self._add(total, more)
        return float(value), (total, head)


def missed(lines: Any, asked: Any, head: Any, owners: Any, roles: Any, wanted: Any, counts: Any, there: Any) -> Any:
    close, by_role = asked @ lines.T, []
    for role in ROLES:
        own = (owners[:, None] == jnp.arange(TOPICS)) & (roles == role)[:, None]
        each = jnp.where(own, close[:, :, None], -1e9)
        by_role.append(SOFT * jax.nn.logsumexp(each / SOFT, axis=1))
    topics = (jnp.stack(by_role, -1) * jnp.exp(head["sharp"])).sum(-1)
    nobody = jnp.full((len(asked), 1), 1.0) * head["nobody"]
    likely = jax.nn.log_softmax(jnp.concatenate([jnp.where(there, topics, -1e9), nobody], 1), -1)
    return -(jnp.take_along_axis(likely, wanted[:, None], 1)[:, 0] * counts).sum() / counts.sum()


@jax.jit
def adam(now: Any, slope: Any, drift: Any, swing: Any, step: Any, rates: Any) -> Any:
    size = jnp.sqrt(sum((each * each).sum() for each in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda each: each * jnp.minimum(1, 1 / size), slope)
    drift = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, drift, slope)
    swing = jax.tree.map(lambda a, b: 0.99 * a + 0.01 * b * b, swing, slope)
    even, wide = 1 - 0.9**step, 1 - 0.99**step
    now = jax.tree.map(lambda p, a, b, r: p - r * (a / even) / (jnp.sqrt(b / wide) + 1e-8), now, drift, swing, rates)
    return now, drift, swing


def teach(lesson: Lesson, pool: list[Asked], seconds: float, rate: float) -> None:
    """One business after the other, as long as there is time; the steps become smaller with it."""
    zero = jax.tree.map(jnp.zeros_like, (lesson.taught, lesson.head))
    drift, swing, number, began = zero, zero, 0, time.monotonic()
    while True:
        lesson.dice.shuffle(pool)
        values = []
        for asked in pool:
            left = 1 - (time.monotonic() - began) / seconds
            if left < 0:
                return
            number += 1
            now = rate * min(1, number / 20) * max(0.05, left)
            value, slope = lesson.step(asked)
            rates = (jax.tree.map(lambda _, r=now: r, lesson.taught), {"sharp": now * 30, "nobody": now * 300})
            (lesson.taught, lesson.head), drift, swing = adam(
                (lesson.taught, lesson.head), slope, drift, swing, number, rates
            )
            values.append(value)
        print(f"{number} businesses: missed {np.mean(values):.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("student", choices=STUDENTS)
    parser.add_argument("--on", action="store_true", help="from what ships, not from the untaught encoder")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    kind, languages, rate = STUDENTS[given.student]
    student = kind(models_dir())
    shipped = weights.arrays(f"{student.file} taught", models_dir()) if given.on else {}
    check(student, kind.product(models_dir()))
    lesson = Lesson(student, packing.opened(student.start, shipped), random.Random(given.seed))
    teach(lesson, businesses.every(languages), given.minutes * 60, given.rate or rate)
    write(student, jax.tree.map(np.asarray, lesson.taught))


def check(student: Any, product: Any) -> None:
    """Raises SystemExit where the network here is not the one that the product runs."""
    shipped = packing.opened(student.start, weights.arrays(f"{student.file} taught", models_dir()))
    wanted = product.encode(TRIED)
    for text, vector in zip(TRIED, wanted, strict=True):
        ids = np.array([student.ids(text, SHAPES[-1][1])])
        there = np.ones(ids.shape, np.float32)
        ours = np.asarray(student.forward(shipped, student.features(ids, there), there))[0]
        if not np.allclose(ours, vector, atol=2e-3):
            raise SystemExit(
                f"{student.file} is another network here than in the product: {np.abs(ours - vector).max()}"
            )


def write(student: Any, taught: Any) -> None:
    path = HERE / FILES[f"{student.file} taught"].path
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **packing.packed(student.start, taught))
    print(f"{path.name}: {path.stat().st_size} bytes, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
