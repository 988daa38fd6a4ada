"""Words that may have been misheard: what is answered all the same, what is asked, and how often at most."""

import pytest

from agents.brains import doubt
from agents.brains.asking_again import AskingAgain
from agents.brains.base import ONLY_THIS, SAID_BACK, SAY_AGAIN, Piece, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.engine import virtual_clock as clock
from agents.speech.heard import Heard
from agents.speech.providers.moonshine import sure_of_words
from tests.fakes.script import SNAPSHOT, Script

LEAST = 0.5
ANSWER = {"is_unknown": False, "score": 0.6, "stands": False, "twice": False, "has_topic": True}
BADLY = Heard("how much is the goal", (0.9, 0.9, 0.9, 0.8, 0.2))


def judged(heard=BADLY, *, row=0, asked=0, **reply):
    weighed = doubt.Reasoned(**{**ANSWER, **reply})
    found = doubt.judge(heard, heard.doubtful(LEAST), weighed, asked_in_a_row=row, asked=asked)
    return found.do, found.reasons[0]


# ── How sure an ear is ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_word_is_as_sure_as_all_its_pieces_and_marks_say_nothing():
    pieces = [b"\xe2\x96\x81For", b"ty", b"\xe2\x96\x81", b"miles", b"?"]

    assert sure_of_words(pieces, [0.5, 0.5, 1.0, 0.8, 0.1]) == (0.25, 0.8)


def test_how_sure_the_words_of_two_pieces_are_is_joined_with_them():
    assert Heard("a flat", (0.9, 0.2)).joined(Heard("tyre", (0.4,))) == Heard("a flat tyre", (0.9, 0.2, 0.4))
    assert Heard("a flat").joined(Heard("tyre", (0.4,))).sure == (1.0, 1.0, 0.4)
    assert Heard("a flat").joined(Heard("tyre")).sure == ()


def test_how_near_an_ear_was_to_a_question_mark_is_told_of_the_last_piece():
    assert Heard("a flat", asks=0.4).joined(Heard("tyre", asks=0.2)).asks == 0.2
    assert Heard("a flat", asks=0.4).joined(Heard()).asks == 0.4


def test_what_does_not_fit_the_words_is_not_believed():
    assert Heard("a flat tyre", (0.1, 0.2)).sure == ()


def test_sounds_of_hesitation_do_not_make_a_text_less_certain():
    assert Heard("um flat", (0.1, 0.8)).certainty == 0.8
    assert Heard("flat tyre").certainty == 1.0


# ── What is made of it ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"heard": Heard("how much is it", (0.9, 0.9, 0.8, 0.8))}, ("trust", "heard_well")),
        ({"heard": Heard("how much is it")}, ("trust", "heard_well")),
        ({}, ("say_back", "hangs_on_doubtful")),
        ({"stands": True}, ("trust", "stands_without")),
        ({"twice": True}, ("trust", "said_twice")),
        ({"score": 0.95}, ("trust", "matched_strongly")),
        ({"heard": Heard("how the goal", (0.2, 0.3, 0.1))}, ("again", "hardly_heard")),
        ({"heard": Heard(" ".join(["word"] * 14), (0.8,) * 13 + (0.1,))}, ("name", "hangs_on_doubtful")),
        (
            {"heard": Heard(" ".join(["word"] * 14), (0.8,) * 13 + (0.1,)), "has_topic": False},
            ("again", "hangs_on_doubtful"),
        ),
        ({"is_unknown": True}, ("trust", "heard_well")),
        ({"is_unknown": True, "heard": Heard("how the goal", (0.2, 0.9, 0.1))}, ("again", "hardly_heard")),
        ({"is_unknown": True, "heard": Heard("how the goal", (0.2, 0.9, 0.1)), "row": 2}, ("trust", "asked_enough")),
        ({"row": 2}, ("lead", "asked_enough")),
        ({"asked": 6}, ("lead", "asked_enough")),
    ],
)
def test_a_question_back_is_asked_where_the_reply_hangs_on_doubtful_words(given, wanted):
    assert judged(**given) == wanted


def test_a_verdict_keeps_places_and_no_words():
    verdict = doubt.judge(BADLY, BADLY.doubtful(LEAST), doubt.Reasoned(**ANSWER), asked_in_a_row=0, asked=0)

    assert verdict.to_json() == {
        "do": "say_back",
        "reasons": ["hangs_on_doubtful"],
        "certainty": 0.74,
        "doubtful": [4],
    }


# ── A mind that asks ─────────────────────────────────────────────────────────────────────────────────────────────────


class Parrot:
    """Answers with the topic that is the last word of the turn, and notes what it was asked."""

    def __init__(self):
        self.asked = []

    async def prepare(self):
        return None

    async def reply(self, turn, memory):
        self.asked.append(turn.text)
        name = turn.text.split()[-1]
        source = "unknown" if name == "nothing" else f"topic:{name}"
        kind = "message" if name == "nothing" else "answer"
        topics = () if name == "nothing" else (name,)
        yield Piece(name, Reply(f"About {name}.", source, kind, score=0.6, topics=topics))


class Talk:
    def __init__(self, least=LEAST):
        self.parrot, self.memory = Parrot(), Memory()
        self.mind = AskingAgain(self.parrot, language="en", names={"goal": "goals"}, least=least)

    def say(self, text, *sure):
        async def answer():
            return await whole(self.mind, Turn(text, sure), self.memory)

        reply = clock.run(answer())
        reply.remember(self.memory)
        return reply


def test_what_was_made_out_is_said_back_and_a_yes_answers_it():
    talk = Talk()

    asked = talk.say("the goal.", 0.9, 0.2)
    answered = talk.say("Yes.", 0.3)

    assert (asked.text, asked.source, asked.kind) == ("Did you say: the goal?", SAID_BACK, "ask")
    assert asked.decision["doubt"]["reasons"] == ["hangs_on_doubtful"]
    assert (answered.text, talk.memory.said) == ("About goal..", "")


def test_after_a_no_the_visitor_is_asked_to_say_it_again():
    talk = Talk()
    talk.say("the goal", 0.9, 0.2)

    again = talk.say("No.", 0.9)

    assert (again.text, again.source) == ("All right. Please say it again.", SAY_AGAIN)
    assert talk.say("the coal", 0.9, 0.9).text == "About coal."


def test_whoever_says_the_same_again_is_answered_and_not_asked_again():
    talk = Talk()
    talk.say("the goal", 0.9, 0.2)

    reply = talk.say("a goal", 0.9, 0.3)

    assert (reply.text, reply.decision["doubt"]["reasons"]) == ("About goal.", ["said_twice"])


def test_an_answer_that_does_not_hang_on_the_doubtful_words_is_given():
    assert Talk().say("that goal", 0.1, 0.9).text == "About goal."


def test_nobody_is_asked_more_than_twice_in_a_row_and_then_hears_what_is_assumed():
    talk = Talk()

    replies = [talk.say(f"the {word}", 0.9, 0.4) for word in ("coal", "bowl", "goal")]

    assert [reply.source for reply in replies] == [SAID_BACK, SAID_BACK, "topic:goal"]
    assert (replies[2].kind, replies[2].text) == ("lead", "If you mean goals: About goal.")


def test_an_answer_in_between_begins_the_count_anew_and_a_call_has_its_own():
    talk = Talk()
    sources = []
    for number in range(8):
        sources.append(talk.say(f"the w{number}", 0.9, 0.4).source)
        talk.say("the weather", 0.9, 0.9)

    assert sources == [SAID_BACK] * 6 + ["topic:w6", "topic:w7"]


def test_what_nothing_answers_is_asked_for_again_only_where_it_was_heard_badly():
    assert Talk().say("know nothing", 0.2, 0.4).source == SAY_AGAIN
    assert Talk().say("we all know nothing", 0.9, 0.9, 0.9, 0.4).source == "unknown"


def test_what_was_in_mind_before_the_question_stays_there():
    talk = Talk()
    talk.memory.asked, talk.memory.message, talk.memory.rest = ("goal",), {"step": "name"}, "more"

    talk.say("the goal", 0.9, 0.2)

    assert (talk.memory.asked, talk.memory.message, talk.memory.rest) == (("goal",), {"step": "name"}, "more")


def test_typed_words_and_ears_that_do_not_tell_are_never_doubted():
    talk = Talk()

    assert talk.say("the goal").text == "About goal."
    assert talk.parrot.asked == ["the goal"]


def test_an_agent_that_never_doubts_thinks_once():
    talk = Talk(least=0.0)

    assert talk.say("the goal", 0.1, 0.1).text == "About goal."
    assert talk.parrot.asked == ["the goal"]


# ── In a call ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_caller_who_was_misheard_is_asked_before_anything_wrong_is_said():
    call = (
        Script(sure={"do": 0.3, "you": 0.3, "open": 0.2})
        .says("So when do you open then?", after=0.5)
        .says("Yes please", after=0.5)
        .leaves(after=1)
        .play()
    )

    assert call.said[1:] == ["Did you say: So when do you open then?", SNAPSHOT.topics[0].content]
    assert call.decisions("agent")[1]["doubt"]["do"] == "say_back"
    assert call.decisions("visitor")[0]["heard"] == {"certainty": 0.63, "doubtful": [2, 3, 4]}


# ── Another language ─────────────────────────────────────────────────────────────────────────────────────────────────


STRANGE = ("Commenzing is an thus I goal", (0.1, 0.4, 0.5, 0.2, 0.6, 0.2))


class Quiet(Talk):
    """A caller in a quiet room."""

    def say(self, text, *sure, above_db=40.0):
        async def answer():
            return await whole(self.mind, Turn(text, sure, above_db), self.memory)

        reply = clock.run(answer())
        reply.remember(self.memory)
        return reply


def test_after_two_turns_of_no_known_words_the_agent_says_which_language_it_speaks():
    talk = Quiet()

    first, second = talk.say(STRANGE[0], *STRANGE[1]), talk.say(STRANGE[0], *STRANGE[1])

    assert first.source == SAY_AGAIN
    assert second.text == "I am sorry, I only speak English. Could you say it again in English?"
    assert second.decision["doubt"]["reasons"] == ["another_language"]


def test_a_caller_who_was_heard_well_before_is_never_taken_for_a_foreigner():
    talk = Quiet()
    talk.say("the coal", 0.9, 0.9)

    assert [talk.say(STRANGE[0], *STRANGE[1]).source for _ in range(3)][:1] != [ONLY_THIS]
    assert talk.memory.strange == 0


@pytest.mark.parametrize(
    ("text", "sure", "above_db"),
    [
        (STRANGE[0], STRANGE[1], 12.0),  # in noise
        (STRANGE[0], STRANGE[1], 0.0),  # nobody knows
        ("an odd goal", (0.1, 0.2, 0.1), 40.0),  # too few words
        (STRANGE[0], (0.9, 0.9, 0.9, 0.2, 0.9, 0.2), 40.0),  # most of them are known
        (STRANGE[0], (), 40.0),
    ],
)
def test_noise_short_answers_and_single_doubtful_words_are_no_other_language(text, sure, above_db):
    talk = Quiet()

    assert ONLY_THIS not in [talk.say(text, *sure, above_db=above_db).source for _ in range(4)]


def test_one_strange_turn_between_others_says_nothing_of_languages():
    talk = Quiet()
    sources = []
    for _ in range(3):
        sources.append(talk.say(STRANGE[0], *STRANGE[1]).source)
        sources.append(talk.say("oh goal", 0.5, 0.5).source)

    assert ONLY_THIS not in sources


def test_while_a_message_is_being_taken_nobody_is_told_about_languages():
    talk = Quiet()
    talk.memory.message = {"step": "name"}

    assert ONLY_THIS not in [talk.say(STRANGE[0], *STRANGE[1]).source for _ in range(3)]
