"""Half a sentence is told by what it lacks, whatever mark the ear puts behind it."""

import pytest

from agents.engine.expectation import Expected
from agents.engine.turn_words import tier

FREE = Expected()


@pytest.mark.parametrize(
    "text",
    [
        "Can my neighbour?",
        "And does the workshop.",
        "Are the small ones?",
        "I believe the handle.",
        "Somebody said that",
        "The reason is that our invoice.",
        "Could you recommend?",
        "May the children use?",
        "Is there a chance to?",
        "You want a bag with?",
        "Have you any idea when?",
        "Well, I would.",
        "Our neighbour.",
        "Where can my neighbour buy?",
        "We would like to find.",
        "If the bus is late.",
        "When my neighbour rings?",
    ],
)
def test_a_sentence_without_its_verb_or_its_object_goes_on(text):
    assert tier(text, FREE) == ("more", "half_a_sentence")


@pytest.mark.parametrize(
    "text",
    [
        "Is the workshop open?",
        "Can my neighbour come?",
        "What can I use?",
        "Which one should I take?",
        "Where does this train go to?",
        "Who is it from?",
        "Is that my bike?",
        "Are you the owner?",
        "So what do I need?",
        "What would you recommend?",
        "Where can we sit?",
        "If the bus is late, can I come at ten?",
        "If the bus is late can I come at ten?",
        "When the shop opens, who can I ask, please?",
        "Can my neighbour come, too?",
        "Are you open on Sunday, tomorrow?",
        "Wall does a ticket cost.",
        "We are in the hall where do we sit.",
    ],
)
def test_a_question_that_lacks_nothing_is_whole(text):
    assert tier(text, FREE) == ("over", "question")


@pytest.mark.parametrize(
    "text",
    [
        "Would you mind showing me?",
        "Could you look for me?",
        "Is there any possibility?",
        "Do you recall?",
        "We were hoping.",
        "Let me know.",
        "What I wanted to know was?",
        "Is it correct?",
        "Is it correct that?",
        "Any chance you could tell me when?",
        "Would you mind showing me, hired?",
        "Will you mind, Ted?",
        "Is it fine that you?",
        "May I ask you where they?",
        "What do you happen to know, Wenna?",
        "Is there somebody who could tell me?",
        "Could you look up, Ben?",
    ],
)
def test_what_only_announces_a_question_goes_on(text):
    assert tier(text, FREE) == ("more", "lead_in")


@pytest.mark.parametrize("text", ["How many weeks before?", "What kind of bag?", "What do you ask for?"])
def test_a_question_that_may_lack_its_verb_is_not_to_be_told(text):
    assert tier(text, FREE) == ("unknown", "question_short")


@pytest.mark.parametrize("text", ["Could we come after ten?", "At half past nine.", "I need a table for eleven."])
def test_an_hour_or_so_many_people_are_no_number_that_is_being_said(text):
    assert tier(text, FREE)[1] != "digits_open"


@pytest.mark.parametrize("text", ["And what is the price.", "Okay, how do I get there.", "But are you open on Sunday."])
def test_a_word_before_a_question_does_not_hide_it(text):
    assert tier(text, FREE) == ("over", "question")


@pytest.mark.parametrize("text", ["I don't know where it is.", "Ask him whether it was.", "No idea how far they are."])
def test_a_verb_ends_a_clause_that_asks(text):
    assert tier(text, FREE) == ("unknown", "statement")


@pytest.mark.parametrize(
    ("text", "language"),
    [("Yes, it is.", "en"), ("No, I did not.", "en"), ("Ja, habe ich.", "de"), ("Nein, das war es nicht.", "de")],
)
def test_a_yes_with_its_verb_is_a_yes(text, language):
    assert tier(text, Expected("yesno"), language) == ("over", "yes_or_no")


@pytest.mark.parametrize(
    "text", ["My neighbour does the cooking.", "As far as I can you see.", "If I could I would pay."]
)
def test_words_in_the_order_of_a_question_are_told_from_those_of_a_statement(text):
    assert tier(text, FREE)[1] != "question"


@pytest.mark.parametrize(
    "text",
    [
        "If it breaks, do I?",
        "When I am there, do we get?",
        "Can't you, Chill?",
        "How many weeks before do we?",
        "Is it fine if I?",
        "Do you mind whether she?",
    ],
)
def test_a_question_that_ends_with_whoever_should_do_something_goes_on(text):
    assert tier(text, FREE)[0] == "more"


@pytest.mark.parametrize(
    "text",
    [
        "Can you check that?",
        "Is that you?",
        "Could you explain, please?",
        "Where are you?",
        "Who is it?",
        "It is broken, is it?",
        "What do you need?",
    ],
)
def test_a_question_that_only_looks_like_that_is_whole(text):
    assert tier(text, FREE)[1] != "verb_missing"


@pytest.mark.parametrize("text", ["I have nothing to lose.", "Neither do they."])
def test_a_sentence_whose_verb_has_its_object_already_is_not_half(text):
    assert tier(text, FREE) == ("unknown", "statement")
