"""The exam with a language model: what its words are judged as, and that a worse one is not recommended."""

import asyncio
from collections import Counter

import pytest

from agents.brains.base import Reply
from agents.brains.language_model.guardrails import UNKNOWN
from agents.brains.snapshot import TopicSnapshot
from agents.connections.service import Service
from agents.speech.providers.scripted import ScriptedMeaning
from bench.exam.data import Business
from bench.model import Marks, StandIn, examine, repeated, result, topic_said, verdict
from tests.fakes.model_service import ModelService, Says

TOPICS = (
    TopicSnapshot("Opening hours", ("when do you open",), "We open at nine and close at six."),
    TopicSnapshot("Repairs", ("what does a repair cost",), "A repair costs twelve euros and takes two days."),
)
SHOP = Business(
    "shop",
    "en",
    TOPICS,
    {
        "topics": [{"key": "hours"}, {"key": "repairs"}],
        "questions": [
            {"q": "when do you open", "topic": "hours", "kind": "paraphrase"},
            {"q": "my chain is broken, what will that be", "topic": "repairs", "kind": "indirect"},
        ],
        "out": [{"q": "who won the match", "kind": "far"}],
        "followups": [],
    },
)


def rarity(word):
    return 0.1 if len(word) < 4 else 0.6


def examined(service):
    given = Service(0, "openai", "x", service.address, service.key, True, {"model": "writer-mini"})
    return asyncio.run(examine(SHOP, ScriptedMeaning(), given))


def test_a_model_that_says_what_the_topics_say_is_recommended_beside_an_agent_that_does_not_know():
    without = asyncio.run(examine(SHOP, ScriptedMeaning(), None))
    with ModelService() as service:
        service.answers = [Says(["We open at nine."]), Says(["A repair costs twelve euros."]), Says([UNKNOWN])]
        with_model = examined(service)
        assert len(service.asked) == 3
    assert (without.right, with_model.right, with_model.wrong) == (1, 2, 0)
    assert with_model.ended == {"whole": 2, "unknown": 1} and len(with_model.first_ms) == 2
    assert verdict(without, with_model).startswith("Recommended: 1 right")


def test_a_model_that_answers_what_nothing_answers_is_not_recommended():
    without = asyncio.run(examine(SHOP, ScriptedMeaning(), None))
    with ModelService() as service:
        service.answers = [Says(["We open at nine and close at six."])]
        with_model = examined(service)
    assert (with_model.right, with_model.wrong) == (1, 2)
    assert verdict(without, with_model) == "NOT RECOMMENDED: worse than no model, 2 wrong ones more of 3."


def test_a_service_that_refuses_is_as_good_as_no_model_and_not_recommended():
    without = asyncio.run(examine(SHOP, ScriptedMeaning(), None))
    with ModelService() as service:
        service.key = "another"
        given = Service(0, "openai", "x", service.address, "wrong", True, {"model": "refused"})
        with_model = asyncio.run(examine(SHOP, ScriptedMeaning(), given))
    assert "costs time" in verdict(without, with_model) and with_model.ended["failed"] == 1


def test_the_stand_in_repeats_the_fact_that_shares_most_words_or_does_not_know():
    system = (
        "You are Robin.\n\n<facts>\n## Hours\nWe open at nine.\n\n## Repairs\nA repair costs twelve euros.\n</facts>"
    )
    assert repeated(system, "What does a repair cost?") == "A repair costs twelve euros."
    assert repeated(system, "Who won the match?") == UNKNOWN
    with StandIn() as service:
        assert examined(service).counts["paraphrase"] == {"right": 1}


@pytest.mark.parametrize(
    ("text", "wanted", "word"),
    [
        ("A repair costs twelve euros.", ("Repairs",), "right"),
        ("A repair costs twelve euros.", ("Opening hours",), "wrong"),
        ("A repair costs twelve euros.", (), "answered"),
        ("I do not know that, sorry.", ("Repairs",), "not known"),
        ("I do not have information about football.", (), "refused"),
        ("Football starts tonight around seven somewhere.", (), "answered"),
    ],
)
def test_a_models_words_are_judged_by_the_topic_that_holds_them(text, wanted, word):
    assert result(Reply(text, "model", "model"), wanted, TOPICS, rarity) == word


def test_what_no_topic_holds_half_of_is_no_topics():
    assert topic_said("Repairs happen overnight using lasers.", TOPICS, rarity) == ""


def test_fewer_right_answers_and_more_wrong_ones_are_both_told():
    better, worse = Marks({"x": Counter(right=9, asked=1)}), Marks({"x": Counter(right=6, wrong=4)})
    said = verdict(better, worse)
    assert said == "NOT RECOMMENDED: worse than no model, 3 right answers fewer of 10 and 4 wrong ones more of 10."
    assert verdict(worse, better) == "Recommended: 3 right answers more and 4 wrong ones fewer of 10."
