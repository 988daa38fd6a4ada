"""Whose turn it is, decided from words and times."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.brains.base import Reply
from agents.brains.settings import TalkSettings
from agents.engine import turn_rules, turn_words
from agents.engine.expectation import Expected, expected_of
from agents.engine.replying import mind_of
from agents.speech.words import even, joined, real_words, words

SETTINGS = TalkSettings()


FREE, YES_OR_NO = Expected(), Expected("yesno")
NUMBER, EIGHT_DIGITS = Expected("number"), Expected("number", 8)
EMAIL, NAME, DATE = Expected("email"), Expected("name"), Expected("date")


@pytest.mark.parametrize(
    ("text", "expected", "tier", "reason"),
    [
        ("When do you open?", FREE, "over", "question"),
        ("And how long does delivery take.", FREE, "over", "question"),
        ("How long does delivery take.", FREE, "over", "question"),
        ("My fridge is too warm.", FREE, "unknown", "statement"),
        ("I want to book a repair and", FREE, "more", "open_word"),
        ("I would like, um", FREE, "more", "open_word"),
        ("Can you tell me the", FREE, "more", "open_word"),
        ("On Monday,", FREE, "more", "comma"),
        ("I wanted to ask...", FREE, "more", "lead_in"),
        ("I would like to know.", FREE, "more", "lead_in"),
        ("Do you?", FREE, "more", "question_begun"),
        ("Could you explain to me?", FREE, "more", "lead_in"),
        ("Would it be all right?", FREE, "more", "lead_in"),
        ("We would prefer.", FREE, "more", "lead_in"),
        ("Is it allowed to?", FREE, "more", "lead_in"),
        ("Which?", FREE, "unknown", "question_short"),
        ("How much?", FREE, "unknown", "question_short"),
        ("Where exactly is?", FREE, "more", "verb_missing"),
        ("Do you know where it is?", FREE, "over", "question"),
        ("Where are they?", FREE, "over", "question"),
        ("How much would it?", FREE, "more", "verb_missing"),
        ("At what time do they?", FREE, "more", "verb_missing"),
        ("Is he in?", FREE, "unknown", "question_short"),
        ("Where does the bus go to?", FREE, "over", "question"),
        ("Is it far from the?", FREE, "more", "open_word"),
        ("Can I pay?", FREE, "unknown", "question_short"),
        ("Hi there.", FREE, "more", "greeting"),
        ("Okay, great.", FREE, "more", "greeting"),
        ("I'm sorry.", FREE, "more", "greeting"),
        ("Yes.", FREE, "more", "greeting"),
        ("No.", FREE, "more", "greeting"),
        ("No, thank you.", FREE, "unknown", "statement"),
        ("Do you have anything?", FREE, "more", "half_a_sentence"),
        ("Do you have anything that?", FREE, "more", "half_a_sentence"),
        ("I am looking for something that.", FREE, "more", "half_a_sentence"),
        ("What happens?", FREE, "more", "half_a_sentence"),
        ("Do you have anything for children?", FREE, "over", "question"),
        ("What happened?", FREE, "unknown", "question_short"),
        ("It's anna at posts dot organization.", EMAIL, "over", "email_complete"),
        ("It's anna at posts dot co dot U K.", EMAIL, "over", "email_complete"),
        ("", FREE, "more", "no_words"),
        ("...", FREE, "more", "no_words"),
        ("My number is 555", FREE, "more", "digits_open"),
        ("five five", FREE, "more", "digits_open"),
        ("I have one.", FREE, "unknown", "statement"),
        ("S. M. T.", FREE, "more", "spelled"),
        ("Yes.", YES_OR_NO, "over", "yes_or_no"),
        ("No thanks.", YES_OR_NO, "over", "yes_or_no"),
        ("Yes,", YES_OR_NO, "unknown", "answer"),
        ("Yes, but not on Monday.", YES_OR_NO, "unknown", "statement"),
        ("four two one seven", EIGHT_DIGITS, "more", "digits_missing"),
        ("four two one seven, three three, oh six,", EIGHT_DIGITS, "over", "digits_complete"),
        ("555-0198", EIGHT_DIGITS, "more", "digits_missing"),
        ("4217-3306", EIGHT_DIGITS, "over", "digits_complete"),
        ("421-733-066-066", EIGHT_DIGITS, "unknown", "digits_too_many"),
        ("four two one", NUMBER, "more", "digits_open"),
        ("one eight zero zero three five six two two nine one", NUMBER, "unknown", "digits_many"),
        ("I do not have it here.", NUMBER, "unknown", "statement"),
        ("It's anna dot miller", EMAIL, "more", "email_open"),
        ("It's anna dot miller at gmail dot com.", EMAIL, "over", "email_complete"),
        ("I do not have one.", EMAIL, "unknown", "statement"),
        ("Smith.", NAME, "unknown", "half_a_name"),
        ("It's Thomas.", NAME, "unknown", "half_a_name"),
        ("Smith,", NAME, "more", "half_a_name"),
        ("Maria Jansen,", NAME, "unknown", "answer"),
        ("My name is Peter Brown.", NAME, "over", "answer"),
        ("Tomorrow at seven.", DATE, "over", "answer"),
        ("On the third of", DATE, "more", "open_word"),
    ],
)
def test_the_words_and_what_was_asked_tell_whether_a_turn_is_over(text, expected, tier, reason):
    end = turn_rules.end_of_turn(text, expected, (), SETTINGS)

    assert (end.tier, end.reasons) == (tier, (reason,))
    assert end.wait_ms == {"over": 400, "unknown": 900, "more": 1600}[tier]
    assert reason in turn_words.REASONS


@pytest.mark.parametrize(
    ("text", "mind", "wait_ms", "reasons"),
    [
        ("When do you open?", "answer", 400, ("question",)),
        ("When do you open?", "none", 800, ("question", "unanswered")),
        ("When do you open?", "thinking", 800, ("question", "thinking")),
        ("My fridge is too warm.", "answer", 1250, ("statement", "answered")),
        ("My fridge is too warm.", "sure", 1075, ("statement", "answered_surely")),
        ("D ran electric bikes.", "asked", 650, ("statement", "as_expected")),
        ("My fridge is too warm,", "sure", 1075, ("comma", "statement", "answered_surely")),
        ("D ran electric bikes,", "asked", 650, ("comma", "statement", "as_expected")),
        ("I want to book a repair.", "sure", 900, ("request",)),
        ("When do you open,", "sure", 650, ("comma", "question", "answered_surely")),
        ("When do you open?", "asked", 400, ("question",)),
        ("Can I pay?", "sure", 650, ("question_short", "answered_surely")),
        ("My fridge and", "asked", 1600, ("open_word",)),
        ("My fridge is too warm.", "none", 1250, ("statement", "unanswered")),
        ("I want to book a repair.", "answer", 900, ("request",)),
        ("I want to book a repair.", "none", 1250, ("request", "unanswered")),
        ("My fridge is too warm,", "answer", 1250, ("comma", "statement", "answered")),
        ("I want to book a repair,", "answer", 900, ("comma", "request", "answered")),
        ("When do you open,", "answer", 650, ("comma", "question", "answered")),
        ("When do you open,", "none", 900, ("comma", "question", "unanswered")),
        ("When do you open,", "thinking", 900, ("comma", "question", "thinking")),
        ("When do you open,", "", 900, ("comma", "question")),
        ("I want to book a repair,", "none", 1250, ("comma", "request", "unanswered")),
        ("I would like to,", "answer", 1600, ("open_word",)),
        ("My fridge is too warm,", "none", 1250, ("comma", "unanswered")),
        ("My fridge is too warm,", "thinking", 1600, ("comma", "thinking")),
        ("My fridge and", "answer", 1600, ("open_word",)),
        ("Can I pay?", "answer", 650, ("question_short", "answered")),
        ("Can I pay?", "none", 1250, ("question_short", "unanswered")),
    ],
)
def test_words_without_an_answer_are_waited_for_longer_and_a_comma_behind_words_with_one_is_no_sign(
    text, mind, wait_ms, reasons
):
    end = turn_rules.end_of_turn(text, FREE, (), SETTINGS, mind=mind)

    assert (end.wait_ms, end.reasons) == (wait_ms, reasons)


@pytest.mark.parametrize(
    ("text", "asks", "mind", "wait_ms"),
    [
        ("Dogs loud in the shop.", 0.2, "answer", 650),
        ("Dogs loud in the shop,", 0.2, "none", 900),
        ("Dogs loud in the shop.", 0.2, "thinking", 900),
        ("Dogs loud in the shop.", 0.05, "none", 1250),
        ("Ellie can cook.", 0.4, "none", 1250),  # of so few words an ear cannot tell
        ("Can my neighbour,", 0.4, "none", 1250),  # half a question is one, too
        ("I would like to", 0.4, "answer", 1600),
    ],
)
def test_a_sentence_behind_which_the_ear_nearly_put_a_question_mark_is_waited_for_as_one(text, asks, mind, wait_ms):
    end = turn_rules.end_of_turn(text, FREE, (), SETTINGS, mind=mind, asks=asks)

    assert end.wait_ms == wait_ms
    assert ("perhaps_asked" in end.reasons) == (wait_ms < 1000)


@pytest.mark.parametrize(
    ("reply", "mind"),
    [
        (Reply("", "topic:A", "answer", score=0.6), "answer"),
        (Reply("", "topic:A", "answer", score=0.6, like="asked"), "asked"),
        (Reply("", "topic:A", "answer", score=0.6, like="told"), "sure"),
        (Reply("", "topic:A", "answer", score=0.98, question="my battery is empty"), "sure"),
        (Reply("", "topic:A", "answer", score=0.98, question="at eight"), "answer"),
        (Reply("", "topic:A", "lead", score=0.98, question="my battery is empty", like="told"), "answer"),
        (Reply("", "unknown", "message"), "none"),
        (Reply("", "small_talk:told", "small_talk"), "none"),
        (Reply("", "small_talk:hello", "small_talk"), ""),
        (Reply("", "flow:A", "flow"), ""),
    ],
)
def test_a_mind_is_sure_of_its_owners_examples_and_of_what_can_hardly_be_anything_else(reply, mind):
    assert mind_of(reply) == mind


@pytest.mark.parametrize("mind", ["", "answer", "sure", "asked", "none", "thinking"])
def test_what_was_asked_for_is_whole_whatever_the_mind_makes_of_it(mind):
    assert turn_rules.end_of_turn("Yes.", YES_OR_NO, (), SETTINGS, mind=mind).wait_ms == 400
    assert turn_rules.end_of_turn("4217-3306", EIGHT_DIGITS, (), SETTINGS, mind=mind).wait_ms == 400


def test_who_has_paused_in_this_turn_is_given_such_a_pause_again():
    def wait_ms(text, *own_pauses):
        return turn_rules.end_of_turn(text, FREE, (), SETTINGS, own_pauses=own_pauses).wait_ms

    assert wait_ms("My fridge is too warm.", 1.1) == 1300
    assert wait_ms("My fridge is too warm.", 0.3) == 900  # a breath
    assert wait_ms("My fridge is too warm.", 5.0) == 1600
    assert wait_ms("When do you open?", 0.7) == 400  # one pause may have been the only one …
    assert wait_ms("When do you open?", 0.7, 0.6) == 900  # … two are a tempo


def test_who_speaks_word_by_word_is_given_another_pause_after_the_first():
    def wait_ms(spoken_s, *own_pauses):
        return turn_rules.end_of_turn(
            "Can we pay later?", FREE, (), SETTINGS, own_pauses=own_pauses, spoken_s=spoken_s, mind="answer"
        ).wait_ms

    assert wait_ms(0.9, 0.8) == 1000  # two bits of half a second
    assert wait_ms(1.6, 0.8) == 400
    assert wait_ms(0.9) == 400  # a short question is none
    assert wait_ms(0.9, 0.3) == 400  # a breath


def test_a_whole_question_without_an_answer_is_not_waited_for_as_after_half_a_sentence():
    end = turn_rules.end_of_turn("When do you open?", FREE, (), SETTINGS, own_pauses=(1.1,), spoken_s=3.0, mind="none")

    assert (end.wait_ms, end.reasons) == (800, ("question", "unanswered"))


@pytest.mark.parametrize(
    ("style_ms", "waits"),
    [
        (300, (300, 600, 1200)),
        (400, (400, 900, 1600)),
        (700, (700, 1300, 2400)),
        (550, (550, 1100, 2000)),
        (200, (200, 400, 800)),
        (1000, (1000, 1600, 2700)),
    ],
)
def test_a_style_gives_three_waits(style_ms, waits):
    assert turn_rules.waits_ms(style_ms) == waits


@given(st.integers(200, 2000))
def test_waits_of_any_style_are_in_order_and_grow_with_it(style_ms):
    over, unknown, more = turn_rules.waits_ms(style_ms)

    assert over == style_ms and over < unknown < more
    assert all(a <= b for a, b in zip((over, unknown, more), turn_rules.waits_ms(style_ms + 1), strict=True))


def test_a_caller_who_pauses_long_is_waited_for_longer_where_the_words_do_not_tell():
    pauses = (0.9, 1.0, 0.3, 1.0)

    assert turn_rules.end_of_turn("My fridge is warm.", FREE, pauses, SETTINGS).wait_ms == 1200
    assert turn_rules.end_of_turn("My fridge is warm.", FREE, pauses, SETTINGS).reasons == ("statement", "slow_caller")
    assert turn_rules.end_of_turn("My fridge is warm.", FREE, (5.0,) * 9, SETTINGS).wait_ms == 1600
    assert turn_rules.end_of_turn("When do you open?", FREE, pauses, SETTINGS).wait_ms == 400


@pytest.mark.parametrize("pauses", [(), (2.0, 2.0), (0.2, 0.3, 0.2, 0.4)])
def test_nothing_is_made_of_few_or_short_pauses(pauses):
    assert turn_rules.end_of_turn("My fridge is warm.", FREE, pauses, SETTINGS).wait_ms == 900


@given(st.text(), st.sampled_from([FREE, YES_OR_NO, NUMBER, EIGHT_DIGITS, EMAIL, NAME, DATE]))
def test_any_text_has_an_end(text, expected):
    end = turn_rules.end_of_turn(text, expected, (), SETTINGS)

    assert 400 <= end.wait_ms <= 1600 and end.reasons
    assert json.loads(json.dumps(end.to_json())) == end.to_json()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", FREE),
        ("We close at six.", FREE),
        ("Hello, this is Robin. How can I help?", FREE),
        ("What would you like to know?", FREE),
        ("Is there anything else?", YES_OR_NO),
        ("You can pay by card. Would you like that?", YES_OR_NO),
        ("What is your order number?", NUMBER),
        ("Could you tell me your order number?", NUMBER),
        ("What is your order number? It has eight digits.", EIGHT_DIGITS),
        ("Please enter the 8-digit code.", EIGHT_DIGITS),
        ("Which e-mail address did you use?", EMAIL),
        ("Please tell me your full name.", NAME),
        ("May I have your name?", NAME),
        ("Which day would suit you?", DATE),
        ("What is your order number? Thank you. We look it up.", FREE),
    ],
)
def test_what_the_agent_asks_for_is_read_from_its_words(said, expected):
    assert expected_of(said) == expected


@pytest.mark.parametrize(
    ("text", "speech_s", "understood"),
    [
        ("Stop", 0.3, True),
        ("mm", 1.0, False),
        ("Uh, hmm.", 1.0, False),
        ("", 2.0, False),
        ("...", 2.0, False),
        ("you", 0.4, False),
        ("You", 0.8, True),
        ("Thank you", 0.4, True),
        ("a\ufffdb", 1.0, False),
    ],
)
def test_only_words_count_as_speech(text, speech_s, understood):
    assert turn_rules.understood(text, speech_s) is understood


def test_words_are_evened_out():
    assert words("Good-bye, it’s 9:30 to-morrow!") == ["goodbye", "it's", "9", "30", "tomorrow"]
    assert even("Good-bye   to-morrow") == "goodbye tomorrow"
    assert real_words("Um, yes, uh-huh") == ["yes"]
    assert joined("Can you ", " mend it?") == "Can you mend it?"
    assert joined("", "mend") == "mend"
