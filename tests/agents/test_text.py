"""The agent in writing: answers for readers, and nothing of it anywhere between two turns."""

import json

import pytest

from agents.brains.phrases import phrases
from agents.brains.snapshot import legible, read
from agents.engine.text import TextAgent
from agents.speech.providers.scripted import ScriptedMeaning

LISTED = "We open at **9:30**:\n\n- Monday\n- Friday\n\nSee [the map](https://example.com/map)."
WHERE = "At ${variant_street} 7. You find us at ${variant_no}."
CONFIG = {
    "schema": 2,
    "agent": {
        "name": "Robin",
        "greeting": "Hello ${page.name}, this is Robin.",
        "disclaimer": "",
        "voice": "scripted:tones",
        "language": "en",
    },
    "topics": [
        {"name": "Hours", "samples": ["when are you open"], "content": LISTED},
        {"name": "Where", "samples": ["where are you"], "content": WHERE},
        {"name": "Page", "samples": ["pasted page"], "content": "<p>One<br>Two</p><ul><li>a</li></ul>"},
        {"name": "Prices", "samples": ["what does a repair cost"], "content": "From 1.299,00 € to $12.50."},
    ],
    "variants": [
        {"key": "a", "name": "A", "is_default": True, "attributes": {"street": "[x](javascript:alert(1))Road"}},
    ],
}  # fmt: skip


@pytest.fixture
def agent():
    def make(state=None, language="", **agent):
        config = CONFIG | {"agent": CONFIG["agent"] | agent}
        made = TextAgent(read(config), lambda language: ScriptedMeaning(), language=language)
        if state is not None:
            made.restore(json.loads(json.dumps(state)))
        return made

    return make


async def test_links_lists_and_emphasis_are_left_to_the_reader(agent):
    assert (await agent().answer("when are you open")).text == LISTED


async def test_figures_stay_figures(agent):
    assert (await agent().answer("what does a repair cost")).text == "From 1.299,00 € to $12.50."


async def test_pasted_html_becomes_words(agent):
    text = (await agent().answer("pasted page")).text
    assert "<" not in text and "One" in text and "Two" in text


async def test_values_bring_no_markup_and_missing_ones_no_gap(agent):
    text = (await agent().answer("where are you")).text
    assert "javascript" not in text and "find us" not in text and text.startswith("At ") and text.endswith("7.")


def test_the_opening_is_written_once(agent):
    first = agent(disclaimer="You write with a machine.")
    assert [(one.text, one.source) for one in first.opening()] == [
        ("You write with a machine.", "disclaimer"),
        ("Hello, this is Robin.", "greeting"),
    ]
    assert first.opening() == [] and agent(first.state()).opening() == []


def test_whoever_comes_straight_to_the_matter_gets_the_disclaimer_alone(agent):
    assert [one.source for one in agent(disclaimer="A machine.").opening(greets=False)] == ["disclaimer"]


async def test_another_process_goes_on_where_this_one_stopped(agent):
    first = agent()
    await first.answer("when are you open")
    assert json.loads(json.dumps(first.state())) == first.state()
    assert (await agent(first.state()).answer("could you repeat that")).text == LISTED


async def test_a_goodbye_ends_it_in_words_for_readers(agent):
    written = await agent().answer("goodbye")
    assert written.ends and written.text == "Thank you for writing. Goodbye!"


async def test_a_question_back_brings_the_names_as_chips(agent, monkeypatch):
    one = agent()
    reply = one._brain.inner.in_language("en")._answers.ask(("Hours", "Where"), 0.4)

    async def asks(text, memory):
        return reply

    monkeypatch.setattr(one._brain.inner, "_reply", asks)
    written = await one.answer("hm")
    assert written.chips == ("Hours", "Where") and written.text == "Do you mean Hours, or Where?"


def test_a_text_for_readers_keeps_its_lines():
    assert legible("a\n\n- b ${variant_x}\n- c", {"x": "**v**"}) == "a\n\n- b v\n- c"


GERMAN = {
    "agent": {
        "wordings": {"de": {"voice": "scripted:tones", "greeting": "Guten Tag, hier ist Robin.", "disclaimer": ""}}
    },
    "wordings": {"de": {"content": "Wir öffnen um **9:30**.", "called": "die Zeiten", "samples": ["wann öffnen sie"]}},
}


@pytest.fixture
def bilingual(agent):
    topics = [CONFIG["topics"][0] | {"wordings": GERMAN["wordings"]}, *CONFIG["topics"][1:]]

    def make(state=None, language=""):
        config = CONFIG | {"agent": CONFIG["agent"] | GERMAN["agent"], "topics": topics}
        made = TextAgent(read(config), lambda _language: ScriptedMeaning(), language=language)
        if state is not None:
            made.restore(json.loads(json.dumps(state)))
        return made

    return make


async def test_who_comes_with_a_language_is_greeted_in_it(bilingual):
    assert [one.text for one in bilingual(language="de-AT").opening()] == ["Guten Tag, hier ist Robin."]
    assert [one.text for one in bilingual(language="fr").opening()] == ["Hello, this is Robin."]


async def test_who_writes_another_language_is_answered_in_it_from_then_on_in_any_process(bilingual):
    here = bilingual()
    here.opening()
    first = await here.answer("Können Sie mir sagen, wann Sie öffnen?")
    assert (
        first.text.endswith("Wir öffnen um **9:30**.")
        and ("language_changed", {"language": "de", "before": "en"}) in first.events
    )
    there = bilingual(here.state())
    assert (await there.answer("danke")).text == phrases("de", written=True).thanks
    assert (await there.answer("Thank you, when do you open?")).text.endswith(LISTED)
