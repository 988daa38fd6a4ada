"""What asks nothing, and what is to be called off: neither draws a topic that it is not about."""

import pytest

from agents.brains import changes, follow_ups, statements
from agents.brains.base import Turn, whole
from agents.brains.flows import plan
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.brains.topics import TopicsBrain
from agents.speech.providers.scripted import ScriptedMeaning

COURSES = TopicSnapshot("Courses", ("Which courses are there?",), "There are courses for clay and for glaze.")
KILN = TopicSnapshot("Kiln", ("Can you fire my pots?",), "We fire your pots on Fridays.")
CLAY = TopicSnapshot("Clay", ("Have you ever touched our clay before?",), "There is stoneware clay.")
CANCELLING = TopicSnapshot("Cancelling", ("How do I cancel?",), "Please cancel two days before.")
WEAR = TopicSnapshot("Clothes", ("What shall I wear?",), "Wear something old. Whoever cancels late pays half.")
CANCEL = {
    "name": "Cancel a booking",
    "starts": ["I want to cancel"],
    "steps": [{"key": "name", "name": "Name", "kind": "name", "ask": "What name is it under?"}],
    "end": {"kind": "message"},
}


async def talk(*texts, topics=(COURSES, KILN), flows=(), language="en", memory=None, **settings):
    snapshot = AgentSnapshot("Robin", "", "", "", language, topics, (), flows=plan.read(flows))
    own = TalkSettings(**settings)
    brain = TopicsBrain(snapshot, ScriptedMeaning(), variant={}, language=language, settings=own, shared=False)
    memory, replies = memory or Memory(greeted=True), []
    for text in texts:
        reply = await whole(brain, Turn(text), memory)
        reply.remember(memory)
        memory.last_said = reply.text
        replies.append(reply)
    return replies


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I've never touched clay before", "new"),
        ("uh we have never really done this", "new"),
        ("I'm completely new to this", "new"),
        ("I'm a total beginner by the way", "new"),
        ("it's my first time here", "new"),
        ("I don't know anything about wine", "new"),
        ("I have no experience at all", "new"),
        ("so I've never played an instrument in my life", "new"),
        ("I'm just looking around", "so"),
        ("a friend of mine told me about you", "so"),
        ("I'm a bit nervous", "so"),
        ("ich hab das noch nie gemacht", "new"),
        ("ich bin blutiger Anfänger", "new"),
        ("ich kenne mich da gar nicht aus", "new"),
        ("ich schaue mich nur um", "so"),
        ("ich bin ein bisschen aufgeregt", "so"),
        ("I've never received my parcel", ""),
        ("I have never been so badly treated where is my money", ""),
        ("I'm new here can I book a course", ""),
        ("do I need experience", ""),
        ("my washing machine is leaking", ""),
        ("I need a course for beginners", ""),
        ("ich habe noch nie eine Rechnung bekommen", ""),
        ("ich bin neu hier, was kostet ein Kurs", ""),
    ],
)
def test_a_statement_about_oneself_is_told_from_a_question_a_wish_and_a_complaint(text, told):
    assert statements.told(text) == told


async def test_a_statement_that_asks_nothing_gets_a_reaction_and_draws_no_topic():
    (reply,) = await talk("I've never touched clay before", topics=(CLAY, KILN))

    assert reply.source == "small_talk:told" and reply.text == "That is no problem. What would you like to know?"
    assert reply.topics == ()


@pytest.mark.parametrize(
    "topic",
    [
        TopicSnapshot("Novices", ("I've never touched clay before",), "That is fine."),
        TopicSnapshot("Beginners", (), "That is fine."),
        TopicSnapshot("Tasters", (), "No experience is needed."),
    ],
)
async def test_a_statement_of_a_newcomer_is_answered_by_the_topic_on_newcomers(topic):
    (reply,) = await talk("I've never touched clay before", topics=(CLAY, COURSES, topic))

    assert reply.topics == (topic.name,)


@pytest.mark.parametrize(
    "text",
    [
        "I can't make it tonight",
        "sorry I won't be able to come tomorrow",
        "I have to cancel",
        "we need to reschedule",
        "I'd like to move my appointment",
        "could I change my booking to Friday",
        "something's come up",
        "we're running a bit late",
        "ich schaffe es heute abend nicht",
        "ich kann morgen leider nicht kommen",
        "ich muss meinen termin absagen",
        "können wir den termin verschieben",
        "mir ist was dazwischengekommen",
    ],
)
def test_what_calls_something_off_or_moves_it_is_known(text):
    assert changes.wanted(text)


@pytest.mark.parametrize(
    "text",
    [
        "I can't make out what that costs",
        "can you come to my house",
        "are you open late",
        "I want to book a table",
        "what is your latest check-in",
        "can you make it smaller",
        "kann ich mit karte zahlen",
        "ich kann das nicht finden",
    ],
)
def test_what_only_sounds_like_it_is_not(text):
    assert not changes.wanted(text)


async def test_calling_off_leads_to_the_topic_on_it():
    (reply,) = await talk("I can't make it tonight", topics=(COURSES, KILN, CANCELLING))

    assert reply.topics == ("Cancelling",)


async def test_calling_off_leads_to_a_topic_that_speaks_of_it_where_none_is_named_so():
    (reply,) = await talk("I can't make it tonight", topics=(COURSES, KILN, WEAR))

    assert reply.topics == ("Clothes",)


@pytest.mark.parametrize("text", ["I can't make it tonight", "I want to cancel please", "I'd like to cancel my course"])
async def test_calling_off_leads_to_the_flow_for_it(text):
    (reply,) = await talk(text, flows=(CANCEL,))

    assert reply.source == "flow:Cancel a booking"


async def test_calling_off_is_passed_on_where_nothing_is_for_it_and_is_not_asked_for_again():
    replies = await talk("I can't make it tonight", "yes please", "Ann Bell", "020 7946 0018")

    assert replies[0].text == (
        "I am sorry, I cannot change that from here. Shall I pass it on, so that somebody sees to it?"
    )
    assert replies[0].message == {
        "step": "offer",
        "about": "I can't make it tonight",
        "text": "I can't make it tonight",
    }
    assert replies[-1].text.endswith("message: I can't make it tonight. Is that right?")


async def test_calling_off_offers_no_message_where_none_are_taken():
    (reply,) = await talk("I have to cancel", takes_messages=False)

    assert reply.text == "I am sorry, I cannot change that from here. What else can I help you with?"
    assert reply.message is None


async def test_nothing_hangs_on_an_answer_that_was_not_meant():
    memory = Memory(greeted=True)
    replies = await talk("Can you fire my pots?", "that's not what I asked", memory=memory)

    assert replies[0].topics == ("Kiln",)
    assert (memory.spoken, memory.before) == ("", "")


async def test_the_next_best_topic_after_a_no_answers_the_question_that_was_asked():
    memory = Memory(greeted=True, spoken="Kiln", before="what about the glaze", others=("Courses",))
    replies = await talk("no", "yes", memory=memory)

    assert replies[0].text == "Do you mean Courses?"
    assert replies[1].topics == ("Courses",) and memory.before == "what about the glaze"


@pytest.mark.parametrize(
    "text",
    [
        "when does the next course for adults start",
        "how many people are in a group at most",
        "wo kann ich in der Nähe parken",
        "do you have vouchers for a birthday present",
    ],
)
def test_a_full_question_stands_alone(text):
    assert follow_ups.stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "and when does the next course start",
        "what does that cost for two people",
        "how long does it take altogether",
        "and on Sundays",
        "how much for children",
        "wie lange dauert das denn insgesamt",
        "I like the blue bowls in the window",
    ],
)
def test_a_question_that_points_back_does_not(text):
    assert not follow_ups.stands_alone(text)
