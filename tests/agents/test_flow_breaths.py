"""What people say in one breath, before it is asked, and in units of their own: each kind with sayings of its own."""

import pytest

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from agents.brains.flows import instead, orders, plan, questions
from agents.brains.flows.filling import Filling
from tests.agents.test_flow_talk import NOW, talk

PAST = {"when": "past"}
STEPS = [
    {"key": "boat", "name": "Boat", "kind": "choice", "ask": "Which boat?", "limits": {"options": [{"name": "Canoe"}]}},
    {"key": "days", "name": "Days", "kind": "number", "ask": "For how many days?"},
    {"key": "vest", "name": "Life vest", "kind": "yesno", "ask": "Do you need a life vest?"},
    {
        "key": "vests",
        "name": "Number of vests",
        "kind": "number",
        "ask": "How many?",
        "only": {"step": "vest", "is": "yes"},
    },
    {"key": "coach", "name": "Coach", "kind": "yesno", "ask": "Have you told your coach?"},
    {"key": "seen", "name": "Day of the accident", "kind": "date", "ask": "When was it?", "limits": PAST},
    {"key": "name", "name": "Name", "kind": "name", "ask": "Your name?"},
]
FLOW = plan.read([{"name": "Boats", "starts": [], "steps": STEPS, "end": {"kind": "message"}}])[0]
FILLING = Filling(FLOW, "en", NOW)


def read(kind, text, about="", language="en", **given):
    heard = kinds.read(kind, text, Asking(NOW, language, about=about, **given))
    return heard.value or heard.problem


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("last night", "en", "2026-11-29"),
        ("three weeks ago", "en", "2026-11-09"),
        ("a couple of days ago", "en", "2026-11-28"),
        ("the day before yesterday", "en", "2026-11-28"),
        ("vor drei Tagen", "de", "2026-11-27"),
        ("vor einer Woche", "de", "2026-11-23"),
    ],
)
def test_a_day_is_told_by_how_long_ago_it_was(text, language, wanted):
    assert read("date", text, language=language, limits=PAST) == wanted


@pytest.mark.parametrize("text", ["two thousand and three, May the fourth", "fourth fifth two thousand and three"])
def test_a_birthday_may_begin_with_its_year_or_be_nothing_but_ordinals(text):
    assert read("date", text, "Date of birth", limits=PAST) == "2003-05-04"


def test_a_day_that_is_over_is_taken_in_passing_and_a_coming_one_is_not_where_a_past_one_is_looked_for():
    assert read("date", "it broke yesterday", asked=False, limits=PAST) == "2026-11-29"
    assert read("date", "can I come tomorrow", asked=False, limits=PAST) == "none"
    assert read("date", "on the seventeenth", "Date of birth", asked=False, limits=PAST) == "none"


def test_the_word_that_was_asked_with_leaves_no_day_open():
    assert read("date", "ab Montag", "Ab wann möchten Sie kommen?", "de") == "2026-12-07"
    assert read("date", "ab Montag", "An welchem Tag?", "de") == "part"


@pytest.mark.parametrize(
    ("text", "about", "language", "wanted"),
    [
        ("a week", "Days", "en", "7"),
        ("two weeks please", "How many nights?", "en", "14"),
        ("a fortnight", "How many nights?", "en", "14"),
        ("zwei Wochen", "Wie viele Nächte?", "de", "14"),
        ("ein ganzes Jahr", "Wie viele Monate?", "de", "12"),
        ("an hour", "How many minutes?", "en", "60"),
    ],
)
def test_a_longer_unit_is_counted_in_the_one_that_was_asked_for(text, about, language, wanted):
    assert read("number", text, about, language) == wanted


@pytest.mark.parametrize("about", ["How many guests?", "How many weeks?"])
def test_a_week_is_no_number_of_guests_nor_seven_weeks(about):
    assert read("number", "a week", about) == "none"


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("two and a half thousand", "en", "2500"),
        ("half a million", "en", "500000"),
        ("2.5k", "en", "2500"),
        ("zweieinhalbtausend", "de", "2500"),
        ("anderthalb tausend Euro", "de", "1500 EUR"),
        ("five hundred no six hundred", "en", "600"),
        ("not twenty euros, thirty euros", "en", "30 EUR"),
    ],
)
def test_a_sum_may_be_halves_of_thousands_and_is_put_right_in_one_breath(text, language, wanted):
    assert read("amount", text, language=language) == wanted


def test_what_a_not_stands_before_is_no_number_even_with_its_unit():
    assert read("number", "not five days, four", "Days") == "4"


@pytest.mark.parametrize(
    ("text", "language", "name", "wanted"),
    [
        ("for two days, no life vest", "en", "Life vest", "no"),
        ("a double with breakfast", "en", "Breakfast", "yes"),
        ("ohne Frühstück bitte", "de", "Frühstück", "no"),
        ("Ermäßigung ja", "de", "Ermäßigung", "yes"),
        ("do you have one with breakfast", "en", "Breakfast", "none"),
        ("no, breakfast is too early", "en", "Life vest", "none"),
    ],
)
def test_a_yes_or_a_no_right_beside_the_name_of_the_thing_is_taken_in_passing(text, language, name, wanted):
    heard = kinds.read("yesno", text, Asking(NOW, language, asked=False, name=name))
    assert (heard.value or heard.problem) == wanted


def test_what_counts_only_now_is_taken_from_the_same_breath():
    known = {"boat": "Canoe", "days": "2"}
    assert FILLING.fill("yes, two of them", known, FLOW.step("vest")).values == {"vest": "yes", "vests": "2"}
    assert FILLING.fill("no, two of us have one", known, FLOW.step("vest")).values == {"vest": "no"}


def test_a_thing_named_exactly_is_meant_before_one_that_sounds_akin():
    known = {"boat": "Canoe", "coach": "no"}
    assert FILLING.corrected("oh wait I did tell the coach", known).values == {"coach": "yes"}
    assert orders.corrects("oh wait I did tell the coach")


def test_a_part_of_an_address_is_exchanged_with_the_street_said_along():
    value = "19 Birch Avenue, M20 4QX"
    assert instead.exchanged(value, "the address is 90 Birch Avenue not 19") == "90 Birch Avenue, M20 4QX"
    assert instead.exchanged(value, "Birch Grove, not Birch Avenue") == "19 Birch Grove, M20 4QX"


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("its for my husband Daniel Ford", "en", "Daniel Ford"),
        ("my daughter Emma", "en", "Emma"),
        ("meine Tochter heißt Lea Kern", "de", "Lea Kern"),
        ("Will Ford", "en", "Will Ford"),
    ],
)
def test_whose_name_it_is_is_no_part_of_it(text, language, wanted):
    assert read("name", text, "Name", language) == wanted


def test_a_name_that_is_told_first_is_taken_though_something_else_was_asked():
    assert read("name", "can I give you my name first it's Dora Lynch", asked=False) == "Dora Lynch"


def test_a_question_that_is_dropped_before_a_yes_stops_nothing():
    assert orders.without_never_mind("okay never mind, yes it's right") == "yes it's right"
    assert orders.without_never_mind("never mind") == "never mind"


@pytest.mark.parametrize("text", ["Das möchte ich nicht angeben", "will ich nicht nennen"])
def test_what_somebody_will_not_tell_is_skipped(text):
    assert orders.skips(text)


@pytest.mark.parametrize(
    "text", ["what have you got", "hmm, which ones do you have?", "welche gibt es denn", "Was haben Sie da?"]
)
def test_a_question_for_what_there_is_to_choose_from_is_one(text):
    assert questions.for_options(text)
    assert not questions.for_options(f"{text} on Sundays in the old yard")


async def test_what_there_is_to_choose_from_is_told_when_it_is_asked():
    replies = await talk("doctor", "I'd like an appointment", "What is there to choose from?")
    assert replies[-1].text.startswith("There is: ")
    assert replies[-1].flow["step"] == "reason"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sorry did I say two I meant three", {"days": "3"}),
        ("not two, three", {"days": "3"}),
        ("I said two but make it four", {"days": "4"}),
        ("three, not two", {"days": "3"}),
    ],
)
def test_of_two_values_the_one_that_is_known_tells_what_is_put_right(text, wanted):
    assert FILLING.corrected(text, {"boat": "Canoe", "days": "2"}).values == wanted


def test_a_house_number_of_one_figure_is_exchanged_and_no_note():
    assert instead.exchanged("8 Elm Court", "it's 18 elm court not 8") == "18 Elm Court"


@pytest.mark.parametrize(
    ("text", "about", "asked", "wanted"),
    [
        ("a table for two", "How many tickets?", False, "2"),
        ("three adults and a child", "How many tickets?", True, "4"),
        ("she's in year eight", "Which year is she in?", False, "8"),
        ("sixth", "Which year is she in?", True, "6"),
        ("twenty quid", "How many hours?", True, "none"),
        ("too hours", "How many hours a week?", True, "2"),
        ("für eine Feier", "Wie viele Gäste?", False, "none"),
    ],
)
def test_a_number_is_taken_for_what_it_counts_or_names(text, about, asked, wanted):
    language = "de" if text.startswith("für") else "en"
    assert read("number", text, about, language, asked=asked) == wanted


def test_a_pronoun_is_no_count_of_what_was_just_agreed_to():
    known = {"boat": "Canoe", "days": "2"}
    assert FILLING.fill("yes we do need one actually", known, FLOW.step("vest")).values == {"vest": "yes"}


def test_how_long_something_lasts_moves_no_first_day():
    assert read("date", "for a week from Saturday", asked=False) == "2026-12-05"
    assert read("date", "a week from Saturday", asked=False) == "2026-12-12"


def test_a_time_that_noon_only_leads_up_to_is_the_one_that_is_meant():
    assert read("time", "kurz nach Mittag so um eins", language="de") == "13:00"
    assert read("time", "at noon", asked=False) == "12:00"


def test_a_name_that_is_told_as_one_is_taken_before_whatever_else_was_said():
    assert read("name", "the firm is Kern and Sons, my name is Udo Kern", "Name") == "Udo Kern"


@pytest.mark.parametrize("text", ["how long does the refund take", "why is the refund less", "was kostet der Umtausch"])
def test_a_question_about_a_choice_chooses_nothing(text):
    assert questions.about_options(text)


@pytest.mark.parametrize("text", ["what I want is a refund", "could I have a refund?", "how about the refund"])
def test_a_wish_in_whatever_form_chooses(text):
    assert not questions.about_options(text)


def test_online_is_fine_is_a_yes_to_online():
    assert read("yesno", "online's fine", "Would online lessons be all right?") == "yes"


@pytest.mark.parametrize("text", ["hang on, I'll look", "let me check", "Moment, ich muss nachsehen"])
def test_who_looks_for_an_answer_is_given_time(text):
    assert orders.looks_it_up(text)


async def test_time_to_look_costs_no_try():
    replies = await talk("deliver", "My parcel should go somewhere else", *["hang on I'll look"] * 5)
    assert replies[-1].text.startswith("Take your time.")
    assert replies[-1].flow["step"] == "order"


@pytest.mark.parametrize(
    ("text", "about", "wanted"),
    [
        ("that'd be great", "Would it be all right?", "yes"),
        ("I'd prefer face to face", "Would online lessons be all right?", "no"),
        ("we'd rather have it online", "Would online lessons be all right?", "yes"),
    ],
)
def test_a_wish_for_something_else_is_a_no_and_one_for_the_same_is_not(text, about, wanted):
    assert read("yesno", text, about) == wanted


def test_a_code_that_was_asked_for_is_no_telephone_number():
    steps = [
        {"key": "chip", "name": "Chip", "kind": "code", "ask": "Which number?", "limits": {"length": 9}},
        {"key": "phone", "name": "Phone", "kind": "phone", "ask": "Your phone number?"},
    ]
    filling = Filling(plan.read([{"name": "Chip", "starts": [], "steps": steps}])[0], "en", NOW)
    chip = filling.flow.step("chip")
    assert filling.fill("nine oh oh one double eight two three four", {}, chip).values == {"chip": "900188234"}
    assert filling.fill("07700 900 999", {}, chip).values == {"phone": "07700900999"}


def test_a_week_on_friday_is_a_day_even_behind_a_for():
    assert read("date", "for a week on Friday", asked=False) == "2026-12-11"


def test_how_many_we_could_be_is_a_number_of_people():
    assert read("number", "can we be sixteen", "How many guests?", asked=False) == "16"


@pytest.mark.parametrize(
    ("kind", "text", "about", "language", "wanted"),
    [
        ("number", "just me", "How many passengers?", "en", "1"),
        ("number", "three rooms and a kitchen so four", "How many rooms?", "en", "4"),
        ("number", "a fortnight", "For how many weeks?", "en", "2"),
        ("amount", "about five grand", "How much?", "en", "5000"),
        ("email", "gwen at parry dot wales", "E-mail", "en", "gwen@parry.wales"),
        ("date", "ab dem ersten August", "Wann möchten Sie anreisen?", "de", "2027-08-01"),
    ],
)
def test_an_answer_is_read_in_the_way_of_what_was_asked(kind, text, about, language, wanted):
    assert read(kind, text, about, language) == wanted


def test_a_letter_told_with_its_word_begins_a_code():
    assert read("code", "A for apple nine eight seven six five four", limits={"length": 7}) == "A987654"


def test_a_sum_in_words_is_no_telephone_number():
    assert read("phone", "two thousand eight hundred", asked=False) == "none"


@pytest.mark.parametrize(("text", "wanted"), [("on Wednesday at nine", "none"), ("last Wednesday", "2026-11-25")])
def test_a_weekday_in_passing_is_over_only_where_that_is_said(text, wanted):
    assert read("date", text, asked=False, limits=PAST) == wanted


def test_how_often_something_is_has_more_names_than_one():
    often = {"options": [{"name": "Weekly"}, {"name": "Monthly"}]}
    assert read("choice", "every week please", limits=often) == "Weekly"
    assert read("choice", "einmal im Monat", language="de", limits=often) == "Monthly"


def test_a_time_put_right_stays_in_its_half_of_the_day_where_both_are_possible():
    step = {"key": "time", "name": "Time", "kind": "time", "ask": "At what time?"}
    filling = Filling(plan.read([{"name": "Taxi", "starts": [], "steps": [step]}])[0], "en", NOW)
    assert filling.corrected("no, at half past four", {"time": "05:00"}).values == {"time": "04:30"}
    assert filling.corrected("no, at half past four", {"time": "15:00"}).values == {"time": "16:30"}
    assert filling.corrected("no, at 4 pm", {"time": "05:00"}).values == {"time": "16:00"}
    assert filling.corrected("ten would be better than nine", {"time": "09:00"}).values == {"time": "10:00"}


def test_a_name_spelled_after_the_read_back_is_put_right():
    known = {"boat": "Canoe", "name": "Jens Petersen"}
    assert FILLING.renamed("Petersen with th, P E T H E R S E N", known) == {"name": "Jens Pethersen"}


def test_a_house_number_behind_its_street_is_exchanged_without_saying_the_street_twice():
    assert instead.exchanged("Rosenweg 9, 50667 Köln", "Rosenweg 19 nicht 9") == "Rosenweg 19, 50667 Köln"


@pytest.mark.parametrize("text", ["hang on", "Moment bitte", "just a sec"])
def test_who_only_asks_for_a_moment_is_given_it(text):
    assert orders.looks_it_up(text)


def test_a_number_put_right_is_in_the_unit_of_the_one_before():
    assert read("number", "two years no sorry three", "Over how many months?") == "36"
    assert read("number", "two years no sorry thirty months", "Over how many months?") == "30"


def test_last_monday_is_no_monday_of_today():
    assert NOW.strftime("%A") == "Monday"
    assert read("date", "last Monday", limits=PAST) == "2026-11-23"


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [("I am", "en", "yes"), ("we're not", "en", "no"), ("he hasn't", "en", "no"), ("habe ich", "de", "yes")],
)
def test_the_verb_alone_is_the_answer(text, language, wanted):
    assert read("yesno", text, language=language) == wanted


def test_a_name_is_exchanged_for_the_one_that_is_spelled():
    known = {"boat": "Canoe", "name": "Phoebe Lane"}
    assert FILLING.corrected("sorry not Lane, Laine, L A I N E", known).values == {"name": "Phoebe Laine"}


def test_what_a_name_is_written_without_is_no_part_of_it():
    assert read("name", "Oscar Wild without the E", "Name") == "Oscar Wild"
