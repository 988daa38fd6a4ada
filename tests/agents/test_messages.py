"""Messages: name, number and text, read back and kept."""

import pytest

from agents.brains import messages, small_talk
from agents.brains.memory import Memory
from agents.brains.messages import Taking
from agents.brains.phrases import phrases


def take(said, known=None, language="en"):
    """Say one thing after the other; returns the replies."""
    memory, replies = Memory(message=known or {"step": "offer", "about": "do you sell kites"}), []
    for text in said:
        reply = Taking(phrases(language), memory.message).step(text, small_talk.yes_or_no(text, language))
        if reply:
            reply.remember(memory)
        replies.append(reply)
    return replies


def test_a_message_is_asked_for_read_back_and_kept():
    replies = take(
        ["Yes please", "My name is Ann Bell.", "five five five, oh one four two", "Call me on Monday.", "Yes"]
    )

    assert [reply.text for reply in replies[:3]] == [
        "Of course. What is your name?",
        "Thank you, Ann Bell. Which number can we reach you on?",
        "And what is your message?",
    ]
    assert replies[3].text == "I have: Ann Bell, number 5 5 5, 0 1 4 2, message: Call me on Monday. Is that right?"
    assert replies[3].events == ()
    kept = {"visitor": "Ann Bell", "number": "5550142", "text": "Call me on Monday.", "about": "do you sell kites"}
    assert replies[4].events == (("message_taken", kept),)
    assert {reply.kind for reply in replies} == {"message"}


def test_a_wrong_number_is_asked_for_again_and_the_rest_is_kept():
    replies = take(["yes", "Ann", "5550142", "Hello", "No, the number is wrong", "555 0143", "Yes"])

    assert replies[4].text == "Which number can we reach you on?"
    assert dict(replies[6].events)["message_taken"]["number"] == "5550143"
    assert dict(replies[6].events)["message_taken"]["text"] == "Hello"


def test_the_right_number_said_at_once_is_taken():
    replies = take(["yes", "Ann", "5550142", "Hello", "No, it is 555 0199"])

    assert "5 5 5, 0 1 9 9" in replies[4].text


def test_a_plain_no_is_asked_what_is_wrong():
    replies = take(["yes", "Ann", "5550142", "Hello", "No", "the name", "Anna"])

    assert replies[4].text == "What is wrong: the name, the number, or the message?"
    assert replies[5].text == "What is your name?"
    assert replies[6].text.startswith("I have: Anna,")


@pytest.mark.parametrize("said", ["I have no number", "no number", "skip", "I'd rather not say", "keine Nummer"])
def test_whoever_gives_no_number_goes_on_without_and_is_promised_no_call(said):
    replies = take(["yes", "Ann", said, "The gate is broken", "yes"])

    assert replies[2].text == "And what is your message?"
    assert replies[3].text == "I have: Ann, message: The gate is broken. Is that right?"
    assert replies[4].text.startswith("Thank you. Your message is kept, and somebody will read it.")
    assert dict(replies[4].events)["message_taken"]["number"] == ""


def test_a_number_that_is_not_understood_is_asked_for_once_more_and_can_still_be_given_at_the_end():
    replies = take(["yes", "Ann", "hm", "one two", "Hello", "No, the number is 555 0142", "yes"])

    assert replies[2].text == "I did not get a number. Please say it digit by digit. Which number can we reach you on?"
    assert replies[3].text == "And what is your message?"
    assert replies[5].text == "I have: Ann, number 5 5 5, 0 1 4 2, message: Hello. Is that right?"
    assert dict(replies[6].events)["message_taken"]["number"] == "5550142"


def test_a_message_may_be_nothing_but_a_name_and_a_number():
    replies = take(["yes", "Ann", "5550142", "nothing else", "yes"])

    assert replies[3].text == "I have: Ann, number 5 5 5, 0 1 4 2. Is that right?"
    assert dict(replies[4].events)["message_taken"]["text"] == ""


def test_never_mind_ends_it_and_keeps_nothing():
    replies = take(["yes", "Ann", "never mind"])

    assert replies[2].text == "All right, no message then. What else can I help you with?"
    assert (replies[2].message, replies[2].events) == (None, ())


def test_starting_over_forgets_what_was_said():
    assert take(["yes", "Ann", "start again"])[2].text == "Of course. What is your name?"


def test_something_else_after_the_offer_is_not_a_message():
    assert take(["When do you close?"]) == [None]


def test_a_message_is_taken_in_german():
    replies = take(
        ["Ja gern", "Ich heiße Jana Kern", "null eins sieben drei, zwei zwei", "Bitte um Rückruf", "Ja"], None, "de"
    )

    assert replies[1].text == "Danke, Jana Kern. Unter welcher Nummer erreichen wir Sie?"
    assert dict(replies[4].events)["message_taken"]["number"] == "017322"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("It's Bob", "Bob"),
        ("Bob Marlow speaking", "Bob Marlow"),
        ("S M I T H", "Smith"),
        ("Um, yes, this is Dr. Lin", "Dr. Lin"),
        ("mein Name ist Müller", "Müller"),
        ("...", ""),
    ],
)
def test_names_are_found_in_what_is_said(said, name):
    assert messages.name(said) == name


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("It's 0151 234 56 78", "01512345678"),
        ("plus four nine, one five one, double two three", "+49151223"),
        ("ann@bell.example", "ann@bell.example"),
        ("use ann dot bell at mail dot com", "ann.bell@mail.com"),
        ("twelve", ""),
        ("no", ""),
        ("1" * 40, ""),
    ],
)
def test_numbers_are_found_in_what_is_said(said, number):
    assert messages.number(said) == number


@pytest.mark.parametrize("said", ["Can I leave a message?", "Could somebody call me back?", "Ich bitte um Rückruf"])
def test_asking_for_a_message_is_understood(said):
    assert messages.wanted(said)
