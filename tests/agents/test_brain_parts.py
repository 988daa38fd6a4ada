"""The parts of the brain: choosing by cost, words and sounds, two questions in one breath, sentences, the bank."""

import json
from pathlib import Path

import numpy as np
import pytest

from agents.brains import decision, follow_ups, giving, intents, picking, several, small_talk
from agents.brains.closeness import ASK, GIVEN, SENTENCES_MOST, TopicLines, sentences
from agents.brains.decision import COSTS, choose
from agents.brains.word_signs import WordSigns, skeleton
from agents.speech.providers.base import rarity_of
from agents.speech.words import words

# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("probable", "way"),
    [
        ((0.95, 0.03, 0.02), "answer"),
        ((0.60, 0.20, 0.20), "lead"),
        ((0.44, 0.42, 0.14), "ask"),
        ((0.15, 0.10, 0.75), "unknown"),
    ],
)
def test_the_way_that_is_expected_to_cost_least_is_chosen(probable, way):
    choice = choose(np.array(probable), COSTS["even"])

    assert choice.way == way and choice.places[0] == 0


def test_a_bold_agent_leads_where_a_careful_one_asks():
    probable = np.array((0.45, 0.35, 0.20))

    assert choose(probable, COSTS["bold"]).way == "lead"
    assert choose(probable, COSTS["careful"]).way != "lead"


def test_nothing_to_choose_from_is_not_known():
    assert choose(np.array((1.0,)), COSTS["even"]).places == ()


def test_chances_add_up_to_one():
    assert decision.chances(np.array((3.0, 1.0)), 2.0).sum() == pytest.approx(1)


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────


def signs():
    return WordSigns([["Warranty", "Two years of warranty."], ["Delivery", "We deliver."]], rarity_of(None))


def test_rare_words_that_a_topic_has_count_for_it():
    shared, unseen = signs().shared("how long is the warranty")

    assert shared[0] > shared[1] == 0 and 0 < unseen < 1


def test_words_that_sound_alike_count_and_said_ones_do_not():
    assert signs().sounding("how long is the warrant tea")[0] > 0
    assert signs().sounding("how long is the warranty").tolist() == [0, 0]


def test_skeletons_keep_the_consonants_in_order():
    assert skeleton("warranty") == skeleton("warrant tea")
    assert skeleton("aeiou") == ""


# ── Two questions, follow-ups, small talk ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "when do you close and is there a sauna",
        "When do you close? Is there a sauna?",
        "wann schließen Sie und gibt es eine Sauna",
    ],
)
def test_two_questions_are_taken_apart(text):
    assert len(several.parts(text)[0]) == 2


@pytest.mark.parametrize("text", ["bed and breakfast", "and on Sundays?", "salt and pepper please", ""])
def test_one_question_stays_whole(text):
    assert several.parts(text) == []


@pytest.mark.parametrize("piece", ["\n", "A. ", "and what ", "what? ", "! ", "ein und "])
@pytest.mark.parametrize("length", [399, 2_000, 10_000])
def test_however_many_seams_a_text_has_few_are_tried(piece, length, monkeypatch):
    counted = []
    monkeypatch.setattr(several, "words", lambda text: counted.append(text) or words(text))

    several.parts((piece * length)[:length])

    assert sum(map(len, counted)) <= 2 * 400 * 5 * 12


@pytest.mark.parametrize("text", ["and on Sundays?", "what about kids", "und am Wochenende?"])
def test_questions_that_go_on_are_known_by_how_they_begin(text):
    assert follow_ups.OPENS.match(text)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Guten Tag", "de", "hello"),
        ("Vielen Dank!", "de", "thanks"),
        ("Danke, tschüss", "de", "goodbye"),
        ("Wie bitte?", "de", "repeat"),
        ("Sind Sie ein Roboter?", "de", "robot"),
        ("Kann ich mit einem Menschen sprechen?", "de", "human"),
        ("Wie heißen Sie?", "de", "who"),
        ("Danke, und wann machen Sie zu?", "de", ""),
        ("Good morning", "en", "hello"),
    ],
)
def test_small_talk_is_understood_in_the_languages_of_the_demo(text, language, kind):
    assert small_talk.kind(text, language) == kind


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("No, I meant the season pass", "en", "the season pass"),
        ("sorry, I mean parking", "en", "parking"),
        ("no, a cabin", "en", "a cabin"),
        ("nein, ich meinte die praktische", "de", "die praktische"),
        ("no", "en", ""),
        ("I need a cabin", "en", ""),
        ("nothing works", "en", ""),
    ],
)
def test_corrections_are_heard(text, language, meant):
    assert small_talk.corrected(text, language) == meant


@pytest.mark.parametrize(
    ("text", "language"), [("the other one", "en"), ("No, the other one", "en"), ("das andere", "de")]
)
def test_the_other_one_is_heard(text, language):
    assert small_talk.other(text, language)


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────────────────


def test_sentences_end_where_the_next_one_begins():
    assert sentences("We open at 9. Call 555-0177 at any hour! On Sunday, e.g. at noon, no.") == [
        "We open at 9.",
        "Call 555-0177 at any hour!",
        "On Sunday, e.g. at noon, no.",
    ]
    assert len(sentences("A. " * 200)) == SENTENCES_MOST


def test_what_answers_is_said_first_and_a_short_answer_whole():
    assert picking.arrange(["One.", "Two.", "Three."], [1, 0, 2], 1) == ("Two. One. Three.", "")


def test_of_a_long_answer_the_rest_is_kept_for_those_who_ask():
    long = " ".join(["word"] * picking.ALL_WORDS) + "."

    assert picking.arrange([long, "Two."], [1, 0], 1) == ("Two.", long)


def test_a_sentence_that_hangs_on_another_stays_behind_it():
    said, _rest = picking.arrange(["A crown costs 890.", "It needs two visits.", "Call us."], [2, 0, 1], 1)

    assert said == "Call us. A crown costs 890. It needs two visits."


# ── The bank ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_bank_knows_many_intents_in_both_languages_of_the_demo():
    english, german = intents.read("en"), intents.read("de")

    assert len(english) >= 390
    assert set(german) == set(english)
    assert all(intent.questions and intent.answers for intent in (*english.values(), *german.values()))


def test_what_was_learned_from_the_bank_is_as_new_as_the_bank():
    with np.load(intents.BANK / "intents.npz") as file:
        assert str(file["digest"]) == intents.digest(), "run `python -m bench.exam.learn`"


@pytest.mark.parametrize("mix", ["minilm+usem3", "usem3", "minilm"])
def test_every_mix_of_encoders_has_its_weights(mix):
    widths = {"minilm": 384, "usem3": 512}
    parts = tuple((name, widths[name]) for name in mix.split("+"))

    assert decision.learned(parts) is not None
    learned = intents.learned(parts)
    assert learned is not None and learned.of(
        np.ones((1, sum(width for _, width in parts)), np.float32)
    ).sum() == pytest.approx(1, abs=1e-3)


def test_each_intent_goes_to_one_topic_and_each_topic_gets_a_few_phrases():
    bank = {"a": intents.Intent("a", ("a1", "a2"), ()), "b": intents.Intent("b", tuple(f"b{n}" for n in range(20)), ())}
    profiles = np.array([[0.9, 0.1], [0.5, 0.8], [0.0, 0.05]])

    given = giving.shares(profiles, ["a", "b"], bank)

    assert given[0] == ("a1", "a2") and len(given[1]) == giving.MOST and given[2] == ()


def test_a_topic_gets_phrases_of_what_it_is_about_without_an_encoder():
    parts = (("usem3", 512),)
    known = intents.phrase_vectors(parts, "de")
    asked = intents.read("de")["parking"].questions[0]
    lines = TopicLines((asked, "Anderes"), (0, 1), (ASK, ASK))
    strange = np.zeros(512, np.float32)

    more, vectors = giving.extended(lines, np.stack([known[asked], strange]), 2, parts, "de")

    own = [
        text
        for text, owner, role in zip(more.texts, more.owners, more.roles, strict=True)
        if (owner, role) == (0, GIVEN)
    ]
    assert own and set(own) & set(intents.read("de")["parking"].questions)
    assert len(vectors) == len(more.texts)


def test_nothing_is_given_where_nothing_was_learned():
    lines = TopicLines(("Parken",), (0,), (ASK,))
    assert giving.extended(lines, np.ones((1, 3), np.float32), 1, (("other", 3),), "de")[0] is lines


def test_vectors_of_the_bank_are_of_length_one_in_every_mix():
    for parts in ((("minilm", 384), ("usem3", 512)), (("usem3", 512),)):
        rows = np.stack(list(intents.phrase_vectors(parts, "en").values()))
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
        assert len(intents.background_vectors(parts, "en")) == len(intents.background("en"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_bank_does_not_repeat_what_the_exam_asks(language):
    asked = set()
    for path in (Path(__file__).parents[2] / "bench" / "data").glob("*.json"):
        business = json.loads(path.read_text(encoding="utf-8"))
        asked |= {tuple(words(row["q"])) for name in ("questions", "out") for row in business[name]}

    said = {tuple(words(line)) for line in (*intents.phrases_of(language), *intents.background(language))}

    assert not said & asked, "an exam that the bank has seen tells nothing"
