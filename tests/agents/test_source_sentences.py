"""Sentences of sources are compared once, however often somebody asks about them."""

import asyncio

import numpy as np

from agents.brains.sources.passages import Library
from agents.speech.providers.scripted import ScriptedMeaning


def test_sentences_that_were_looked_at_are_not_made_again():
    class Counted(ScriptedMeaning):
        made = 0

        async def vectors(self, texts, *, who=None):
            self.made += len(texts)
            return await super().vectors(texts, who=who)

    meaning, lines = Counted(), ["The battery is charged indoors.", "It takes four hours."]
    library = Library([], "none:1")
    once = asyncio.run(library.sentences(meaning).vectors(lines))
    again = asyncio.run(library.sentences(meaning).vectors(lines[::-1]))
    assert meaning.made == 2 and np.array_equal(once[0], again[1])
    assert library.sentences(ScriptedMeaning()) is not library.sentences(meaning)
