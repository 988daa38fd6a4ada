"""Everyday phrasings of the bank that a topic is given: its author sees them, and may refuse one."""

from pathlib import Path

import numpy as np

from agents.authoring import playground
from agents.brains import giving, intents
from agents.brains.closeness import ASK, GIVEN, TopicLines
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot

PARTS = (("usem3", 512),)
ASKED = intents.read("de")["parking"].questions[0]


class FromTheBank:
    """A meaning that knows the bank's own phrases, and nothing else."""

    parts = PARTS

    def rarity(self, word):
        return 0.5

    async def vectors(self, texts, *, who=None):
        known = intents.phrase_vectors(PARTS, "de")
        return np.stack([known.get(text, np.zeros(512, np.float32)) for text in texts])


def own(lines):
    return {text for text, role in zip(lines.texts, lines.roles, strict=True) if role == GIVEN}


def test_a_refused_phrase_is_not_given_and_nobody_else_gets_it():
    vectors = np.stack([intents.phrase_vectors(PARTS, "de")[ASKED], np.zeros(512, np.float32)])
    lines = TopicLines((ASKED, "Anderes"), (0, 1), (ASK, ASK))
    before = own(giving.extended(lines, vectors, 2, PARTS, "de")[0])
    one = sorted(before)[0]

    refusing = TopicLines(lines.texts, lines.owners, lines.roles, ((one,), ()))

    assert own(giving.extended(refusing, vectors, 2, PARTS, "de")[0]) == before - {one}
    assert one in giving.given(refusing, vectors, 2, PARTS, "de")[0]


async def test_the_console_is_told_a_topics_phrasings_with_the_refused_ones(monkeypatch):
    monkeypatch.setattr(playground.Trial, "meaning", lambda self, language: FromTheBank())
    trial = playground.Trial("scripted", Path("nowhere"))

    def draft(*refused):
        topic = TopicSnapshot("Parken", (ASKED,), "Hinter dem Haus.", refused=refused)
        return AgentSnapshot("Robin", "", "", "", "de", (topic, TopicSnapshot("Anderes", (), "Ja.")), ())

    found = await trial.phrasings(draft(), "Parken")

    assert set(found) & set(intents.read("de")["parking"].questions)
    assert await trial.phrasings(draft(*found), "Parken") == found
    assert await trial.phrasings(draft(), "Gone") == ()
