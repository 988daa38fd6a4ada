"""What speaks for and against a passage by its words: what a question names, what it asks for, rows of tables."""

import numpy as np
import pytest

from agents.brains.sources import codes, matching, rows, telling, weighing
from agents.brains.sources.asked_for import asked_for
from agents.brains.sources.matching import Asked
from agents.brains.sources.passages import Leaf, Passage

COMMON = frozenset(
    "how much is are the does do a an it in of for what when who where which to have you i can my long many on".split()
)
KETTLE = "Product: Blue kettle, Price: 29 euros, In stock: 4, Weight: 1.1 kg."


def rarity(word):
    return 0.1 if word in COMMON else 0.6


def fit(question, line, *, heading="", kind="csv", language="en"):
    passage = Passage(Leaf("Stock list", "Stock list", kind=kind, language=language), heading, line)
    return matching.fit(Asked.of(question, rarity), passage, line, line)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How much is the blue kettle?", "Blue kettle: price 29 euros."),
        ("How many blue kettles are in stock?", "Blue kettle: in stock 4."),
        ("What's the weight of the blue kettle?", "Blue kettle: weight 1.1 kg."),
        ("Do you sell a blue kettle?", "Blue kettle: price 29 euros, in stock 4, weight 1.1 kg."),
    ],
)
def test_a_row_is_read_as_a_sentence_with_its_name_and_the_column_that_is_asked_for(question, said):
    found = fit(question, KETTLE)
    assert found.row == said and found.is_whole and found.tells_enough


@pytest.mark.parametrize(
    "question",
    ["How much is the purple kettle?", "What colour is the blue kettle?", "How long is the blue kettle guaranteed?"],
)
def test_a_row_does_not_answer_what_it_does_not_name_and_has_no_column_for(question):
    found = fit(question, KETTLE)
    assert found.refuted and weighing.with_words(0.99, found) < weighing.SURE


def test_a_price_that_goes_by_no_name_is_known_by_its_look():
    assert fit("How much is the harness?", "Item: Harness, Day: 4 euros, Shelf: A3.").row == "Harness: day 4 euros."


def test_a_row_may_be_named_by_two_cells_and_a_number_before_them_is_not_its_name():
    by_two = "Place: Ashford, Thing: kayak, Price: 10 euros, Jetty: north."
    assert fit("What does a kayak cost in Ashford?", by_two).row == "Ashford, kayak: price 10 euros."
    numbered = "Article: 10003, Name: kayak Ashford 3, Price: 8 euros, Stock: 3."
    assert fit("What is the price of the kayak Ashford 3?", numbered).row == "kayak Ashford 3: price 8 euros."


def test_german_rows_keep_their_nouns():
    line = "Pflanze: Lavendel, Preis: 4,50 Euro, Höhe: 40 cm."
    assert fit("Was kostet der Lavendel?", line, language="de").row == "Lavendel: Preis 4,50 Euro."
    assert fit("Wie hoch wird der Lavendel?", line, language="de").row == "Lavendel: Höhe 40 cm."


def test_opening_hours_are_no_row():
    found = fit("When are you open on Tuesday?", "Monday: 9 to 5, Tuesday: 10 to 4.", kind="site")
    assert not found.row and not rows.cells("We open at 9: come early.")


@pytest.mark.parametrize(
    ("question", "line", "whole"),
    [
        ("When does the kayak rental in Denby open?", "The kayak rental in Denby opens at 8 in the morning.", True),
        ("When was the lead wall built?", "The lead wall was built with 140 routes.", False),
        ("When was the lead wall built?", "The lead wall was built in May 1998.", True),
        ("How old is Oskar?", "Today her grandson Oskar runs the shop.", False),
        ("How much is a kayak in Denby?", "Every kayak in Denby has to be brought back.", False),
        ("What does error E31 mean?", "Error E09 means that the heating is defective.", False),
    ],
)
def test_a_sentence_answers_with_what_is_named_and_a_value_of_the_kind_that_is_asked_for(question, line, whole):
    assert fit(question, line, kind="pdf").is_whole is whole


def test_what_stands_in_the_heading_alone_is_not_enough():
    line = "If you do not ride for two months, store it half full."
    assert not fit("How long until the battery is full?", line, heading="Battery", kind="pdf").is_whole


def test_where_all_is_there_it_is_sure_and_where_little_is_it_has_to_be_likelier():
    named = fit("When does the kayak rental in Denby open?", "The kayak rental in Denby opens at 8.", kind="pdf")
    assert weighing.with_words(0.2, named) == weighing.ANSWERED
    other = fit("Is there a reduction for pensioners?", "Students pay half.", kind="pdf")
    assert weighing.with_words(0.7, other) < weighing.SURE < weighing.with_words(0.8, other)
    one = fit("How do I find your shop?", "If you find it cheaper at a shop, we pay the difference.", kind="pdf")
    assert weighing.with_words(0.2, one) == 0.2


def test_questions_that_ask_alike_ask_for_one_kind():
    for pair in (
        ("How much is it?", "Was kostet das?"),
        ("How long does it take?", "Wie lange dauert es?"),
        ("Who teaches it?", "Wer macht das?"),
    ):
        assert len({id(asked_for(question)) for question in pair}) == 1
    assert asked_for("Can I bring my dog?") is None


def test_of_a_table_only_the_row_that_was_asked_about_is_said():
    lines = (
        "Product: Red kettle, Price: 35 euros, In stock: 0.",
        KETTLE,
        "Product: Iron, Price: 45 euros, In stock: 9.",
    )
    passage = Passage(Leaf("Prices", "Prices", kind="docx"), "Prices", " ".join(lines))
    looked, vectors = [(passage, 0.4, 0.6, 1.0)], np.eye(3, dtype=np.float32)
    asked = np.array([0.1, 0.0, 0.3], np.float32)
    found = weighing.weigh(looked, [lines], [vectors], asked, "How much is the blue kettle?", rarity, ())
    assert telling.spoken(found[0]) == "Blue kettle: price 29 euros." and found[0].chance >= weighing.SURE_BESIDE


def test_the_passage_that_has_all_that_is_asked_about_goes_before_a_closer_one():
    near = Passage(Leaf("a", "a"), "", "The kayak rental in Calder opens at 7.")
    right = Passage(Leaf("b", "b"), "", "The kayak rental in Denby opens at 8.")
    looked = [(near, 0.9, 0.7, 0.0), (right, 0.5, 1.0, 1.0)]
    said, one = [[near.text], [right.text]], np.ones((1, 1), np.float32)
    question = "When does the kayak rental in Denby open?"
    found = weighing.weigh(looked, said, [one * 0.9, one * 0.5], np.ones(1, np.float32), question, rarity, ())
    assert found[0].passage is right


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("What does error e twenty four mean?", "en", "What does error E24 mean?"),
        ("What does error E 24 mean?", "en", "What does error E24 mean?"),
        ("The screen says E-0-7.", "en", "The screen says E07."),
        ("Was heißt e vierundzwanzig?", "de", "Was heißt E24?"),
        ("I have a 24 inch wheel and a 4 year old", "en", "I have a 24 inch wheel and a 4 year old"),
        ("When do you open at nine?", "en", "When do you open at nine?"),
    ],
)
def test_a_code_is_the_same_said_and_written(text, language, code):
    assert codes.said(text, language) == code


def test_a_code_that_is_written_apart_is_found():
    line = "Error E 24 means that the hose is bent."
    assert fit(codes.said("What does error e twenty four mean?", "en"), line, kind="pdf").is_whole
    assert fit("What does error E31 mean?", line, kind="pdf").refuted


def weighed_rows(question, *lines):
    passages = [Passage(Leaf("Prices", "Prices", kind="csv"), "", line) for line in lines]
    one = np.ones((1, 1), np.float32)
    looked = [(passage, 0.9 - at / 10, 0.6, 1.0) for at, passage in enumerate(passages)]
    vectors = [one * close for _passage, close, *_ in looked]
    found = weighing.weigh(looked, [[line] for line in lines], vectors, np.ones(1, np.float32), question, rarity, ())
    return telling.spoken(found[0])


def test_rows_that_are_meant_alike_are_all_said():
    red, iron = "Product: Red kettle, Price: 35 euros, In stock: 0.", "Product: Iron, Price: 45 euros, In stock: 9."
    said = weighed_rows("How much is the kettle?", red, iron, KETTLE)
    assert said == "Red kettle: price 35 euros. Blue kettle: price 29 euros."


def test_a_row_with_just_the_name_that_was_asked_for_is_said_alone_before_longer_names():
    second, first = "Place: Ashford 2 quay, Price: 9 euros.", "Place: Ashford, Price: 8 euros."
    assert weighed_rows("How much is Ashford?", second, first) == "Ashford: price 8 euros."
