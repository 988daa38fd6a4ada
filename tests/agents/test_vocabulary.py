"""The words that callers use: what is put in their place by sound, what by correction, and what is left alone."""

import pytest

from agents.authoring import caller_words
from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.speech.heard import Heard
from agents.speech.sounds import alike, sounds
from agents.speech.vocabulary import Vocabulary
from tests.fakes.script import SNAPSHOT, Script


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brompton", "Brampton"),
        ("warranty", "warrant tea"),
        ("root canal", "route canal"),
        ("Knightsbridge", "nights bridge"),
        ("Shimano", "she man oh"),
        ("delivery", "the livery"),
    ],
)
def test_what_an_ear_mixes_up_sounds_alike(one, other):
    assert alike(sounds(one), sounds(other)) > 0.9


@pytest.mark.parametrize(("one", "other"), [("warranty", "delivery"), ("Brompton", "bring them"), ("", "word")])
def test_other_words_do_not_sound_alike(one, other):
    assert alike(sounds(one), sounds(other)) < 0.7


def test_a_doubtful_stretch_that_sounds_like_a_phrase_is_the_phrase():
    vocabulary = Vocabulary(["Knightsbridge"])

    found = vocabulary.correct(Heard("Are you in nights bitch?", (0.9, 0.9, 0.9, 0.4, 0.3)))

    assert found.text == "Are you in Knightsbridge?"
    assert found.changed == (("nights bitch", "Knightsbridge"),)
    assert len(found.sure) == 4 and found.sure[3] > 0.7


def test_what_the_ear_is_sure_of_is_left_alone_unless_it_sounds_just_the_same():
    vocabulary = Vocabulary(["Brompton"])

    assert vocabulary.correct(Heard("I come from den Haag", (0.9,) * 5)).changed == ()
    assert vocabulary.correct(Heard("a Brampton bike", (0.9,) * 3)).text == "a Brompton bike"


def test_a_phrase_that_was_made_out_is_written_as_the_owner_writes_it_and_is_no_change():
    found = Vocabulary(["Brompton", "Brampton"]).correct(Heard("a brompton please", (0.3,) * 3))

    assert (found.text, found.changed) == ("a Brompton please", ())


def test_two_phrases_of_one_sentence_are_both_found():
    found = Vocabulary(["Brompton", "Knightsbridge"]).correct(Heard("a Brampton in nights bridge", (0.3,) * 5))

    assert found.text == "a Brompton in Knightsbridge"


def test_a_correction_holds_wherever_it_is_heard_and_however_sure_the_ear_is():
    vocabulary = Vocabulary([], [("goal", "gold"), ("by cool", "bicycle")])

    found = vocabulary.correct(Heard("Goal, by cool and goal.", (0.99,) * 5))

    assert found.text == "gold, bicycle and gold."
    assert len(found.sure) == 4
    assert vocabulary.correct(Heard("goalkeeper")).changed == ()


def test_a_correction_that_contains_what_it_corrects_ends():
    assert Vocabulary([], [("bike", "city bike bike")]).correct(Heard("a bike")).text == "a city bike bike"


def test_without_words_of_the_owner_nothing_is_looked_for():
    assert not Vocabulary()
    assert Vocabulary().correct(Heard("anything", (0.1,))) == Heard("anything", (0.1,))


# ── As an owner writes them ──────────────────────────────────────────────────────────────────────────────────────────


def test_lines_become_phrases_and_pairs():
    assert caller_words.phrases(" Brompton \n\nKnightsbridge  Road\nBrompton") == ["Brompton", "Knightsbridge Road"]
    assert caller_words.corrections("goal = gold\nby cool → bicycle") == [["goal", "gold"], ["by cool", "bicycle"]]


@pytest.mark.parametrize("text", ["goal", "= gold", "goal =", "a = b = c", "x" * 61 + " = y"])
def test_a_line_that_is_no_correction_is_refused(text):
    with pytest.raises(caller_words.Unusable):
        caller_words.corrections(text)


@pytest.mark.parametrize("text", ["Bo", "x" * 61, "\n".join(f"Streetname{n}" for n in range(201))])
def test_a_phrase_that_is_too_short_or_too_long_and_too_many_are_refused(text):
    with pytest.raises(caller_words.Unusable):
        caller_words.phrases(text)


def test_a_version_without_words_reads_as_before():
    agent = {"name": "R", "greeting": "Hi", "voice": "v", "language": "en"}
    config = {"schema": 2, "agent": agent, "topics": [], "variants": []}

    assert (snapshot.read(config).phrases, snapshot.read(config).corrections) == ((), ())
    words = {"phrases": ["Brompton"], "corrections": [["goal", "gold"]]}
    read = snapshot.read({**config, "agent": {**agent, "words": words}})
    assert (read.phrases, read.corrections) == (("Brompton",), (("goal", "gold"),))


# ── In a call ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_sentence_is_what_is_shown_answered_and_kept():
    words = {name: getattr(SNAPSHOT, name) for name in AgentSnapshot.__slots__}
    heard = AgentSnapshot(**{**words, "corrections": (("bend", "mend"),)})

    call = Script(heard).says("Can you bend my flat tyre?", after=0.5).leaves(after=1).play()

    assert call.turns[1:] == [("visitor", "Can you mend my flat tyre?"), ("agent", SNAPSHOT.topics[1].content)]
    assert call.decisions("visitor")[0]["heard"] == {"changed": [["bend", "mend"]]}
