"""An agent with several languages: which one is spoken, who decides, and what is not written in it."""

from dataclasses import replace

import pytest

from agents.brains.base import Turn, whole
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, AgentWording, TopicSnapshot, TopicWording
from agents.engine.line import Typed
from agents.speech.language_words import asked_for, recognised
from agents.speech.providers.base import Engines
from agents.speech.providers.scripted import ScriptedActivity, ScriptedMeaning, ScriptedVoice
from tests.fakes.script import Script, ToneHearing, Tones

TOPICS = (
    TopicSnapshot(
        "opening hours",
        ("When do you open?",),
        "We open at nine.",
        wordings={"de": TopicWording("Wir öffnen um neun.", "unsere Öffnungszeiten", ("Wann öffnen Sie?",))},
    ),
    TopicSnapshot("parking", ("Where can I park?",), "There is parking behind the shop."),
    TopicSnapshot("gas", ("It smells of gas",), "Leave the house at once.", first=True),
)
AGENT = AgentSnapshot(
    "Robin",
    "Hello, this is Robin.",
    "",
    "piper:joe",
    "en",
    TOPICS,
    (),
    wordings={"de": AgentWording("pico:de-DE", "Guten Tag, hier ist Robin.")},
)
HEARD = "Gern auf Deutsch."


class Conversation:
    def __init__(self, agent: AgentSnapshot = AGENT, language: str = "en") -> None:
        self.memory = Memory(language=language, greeted=True)
        self._brain = LanguagesBrain(
            agent, lambda _language: ScriptedMeaning(), variant={}, language=language, settings=TalkSettings()
        )

    async def says(self, text: str, heard: str = ""):
        reply = await whole(self._brain, Turn(text, language=heard), self.memory)
        reply.remember(self.memory)
        self.memory.last_said = reply.text
        return reply


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Can we speak German?", "de"),
        ("Hi, do you speak German, please?", "de"),
        ("Können wir bitte Englisch sprechen?", "en"),
        ("Auf Deutsch, bitte.", "de"),
        ("Guten Tag, sprechen Sie Deutsch?", "de"),
        ("Good morning, do you speak English?", "en"),
        ("Parlez-vous français ?", "fr"),
        ("Habla español?", "es"),
        ("Do you have the form in German?", ""),
        ("Is there a guide who speaks German?", ""),
        ("I would like a German shepherd", ""),
    ],
)
def test_a_wish_for_a_language_is_told_from_a_question_that_names_one(text: str, language: str) -> None:
    assert asked_for(text) == language


def test_typed_words_tell_their_language_where_they_leave_no_doubt() -> None:
    assert recognised("Wann haben Sie geöffnet?", ("en", "de"), "en") == "de"
    assert recognised("When do you open?", ("en", "de"), "de") == "en"
    assert recognised("Parking?", ("en", "de"), "en") == ""
    assert recognised("Hallo", ("en", "de"), "en") == ""


async def test_whoever_asks_for_a_language_is_answered_in_it_from_then_on() -> None:
    talk = Conversation()
    reply = await talk.says("Can we speak German?")
    assert (reply.text, reply.language) == (phrases("de").language_asked, "de")
    assert ("language_changed", {"language": "de", "before": "en"}) in reply.events
    assert (await talk.says("Wann öffnen Sie?")).text == "Wir öffnen um neun."
    assert talk.memory.language == "de"


async def test_whoever_simply_speaks_a_language_is_answered_in_it_and_told_so() -> None:
    talk = Conversation()
    reply = await talk.says("Wann öffnen Sie?", heard="de")
    assert (reply.text, reply.source) == (f"{HEARD} Wir öffnen um neun.", "topic:opening hours")
    assert (await talk.says("Danke", heard="de")).text == phrases("de").thanks
    assert (await talk.says("When do you open?", heard="en")).text == "Let us speak English. We open at nine."


async def test_what_is_heard_in_a_language_of_somebody_else_changes_nothing() -> None:
    talk = Conversation()
    reply = await talk.says("When do you open?", heard="fr")
    assert reply.text == "We open at nine." and talk.memory.language == "en" and reply.events == ()


async def test_a_language_that_the_agent_lacks_is_named_with_those_it_has() -> None:
    reply = await Conversation().says("Do you speak French?")
    assert reply.text == "I am sorry, I speak English and German only. What else can I help you with?"
    reply = await Conversation(language="de").says("Sprechen Sie Französisch?")
    assert reply.text.startswith("Es tut mir leid, ich spreche nur Englisch und Deutsch.")


async def test_the_answer_to_a_question_back_may_be_the_name_of_a_language() -> None:
    talk = Conversation()
    talk.memory.asked = ("opening hours", "parking")
    assert (await talk.says("German")).language in ("", "en")
    assert talk.memory.language == "en"


async def test_a_name_that_sounds_foreign_does_not_change_the_language() -> None:
    talk = Conversation()
    talk.memory.message = {"step": "name"}
    reply = await talk.says("Jürgen Müller", heard="de")
    assert reply.kind == "message" and talk.memory.language == "en"


async def test_a_topic_without_words_in_the_language_is_offered_in_the_first_one() -> None:
    talk = Conversation(language="de")
    reply = await talk.says("Where can I park?", heard="de")
    assert (reply.text, reply.kind) == (phrases("de").language_offer.format("Englisch"), "ask")
    assert "parking" not in reply.text.lower()
    reply = await talk.says("Ja, bitte")
    assert (reply.text, reply.language) == ("There is parking behind the shop.", "en")
    assert talk.memory.language == "en"


async def test_whoever_declines_the_other_language_stays_in_theirs() -> None:
    talk = Conversation(language="de")
    await talk.says("Where can I park?", heard="de")
    reply = await talk.says("Nein danke")
    assert reply.text == phrases("de").ask_again and talk.memory.language == "de"


async def test_an_emergency_is_said_in_the_language_there_is_without_asking() -> None:
    talk = Conversation(language="de")
    reply = await talk.says("It smells of gas", heard="de")
    assert (reply.text, reply.language) == ("Leave the house at once.", "en")


async def test_what_language_is_spoken_survives_a_move_to_another_process() -> None:
    talk = Conversation(language="de")
    await talk.says("Where can I park?", heard="de")
    again = Memory.from_json(talk.memory.to_json())
    assert again == talk.memory and again.offered_language == ("en", "parking")


# ── On a line ────────────────────────────────────────────────────────────────────────────────────────────────


class Told(ToneHearing):
    """Tells two languages apart by their words, as a real one does by their sound."""

    async def hear(self, pcm_16k, *, language, who=None, final=True):
        heard = await super().hear(pcm_16k, language=language, who=who, final=final)
        return replace(heard, language=recognised(heard.text, ("en", "de"), language) or language)


class Voice(ScriptedVoice):
    def __init__(self, said: list[tuple[str, str]], language: str) -> None:
        self._said, self.language = said, language

    async def speak(self, text, *, who=None, speed=1.0):
        self._said.append((self.language, text))
        return await super().speak(text, who=who, speed=speed)


def on_a_line(agent: AgentSnapshot = AGENT, language: str = "") -> tuple[Script, list[tuple[str, str]]]:
    tones, said = Tones(), []
    hearing = Told(tones)
    engines = {each: Engines(ScriptedActivity, hearing, Voice(said, each), ScriptedMeaning()) for each in ("en", "de")}
    return Script(agent, engines=engines, tones=tones, language=language), said


def test_the_language_of_the_card_is_spoken_from_the_first_word() -> None:
    script, said = on_a_line(language="de")
    call = script.says("Wann öffnen Sie denn heute?", after=0.5).leaves(after=1).play()
    assert [text for _who, text in call.turns] == [
        "Guten Tag, hier ist Robin.",
        "Wann öffnen Sie denn heute?",
        "Wir öffnen um neun.",
    ]
    assert {language for language, _text in said} == {"de"}


def test_a_visitor_who_speaks_german_is_answered_by_the_german_voice() -> None:
    script, said = on_a_line()
    call = script.says("Wann öffnen Sie denn heute?", after=0.5).leaves(after=1).play()
    assert call.turns[-1] == ("agent", f"{HEARD} Wir öffnen um neun.")
    assert [language for language, _text in said] == ["en", "de", "de"]
    assert [name for name, _at, _data in call.notes.events] == ["language_changed"]
    assert call.notes.states[-1]["language"] == "de"


def test_silence_is_asked_about_in_the_language_that_is_spoken() -> None:
    script, said = on_a_line()
    call = script.reports(Typed("Können wir Deutsch sprechen?"), after=0.5).leaves(after=12).play()
    assert ("agent", "Sind Sie noch da?") in call.turns
    assert ("de", "Sind Sie noch da?") in said


def test_a_disclaimer_without_words_in_the_language_is_said_in_its_own() -> None:
    agent = AgentSnapshot("Robin", "Hi.", "Calls are recorded.", "piper:joe", "en", TOPICS, (), wordings=AGENT.wordings)
    script, said = on_a_line(agent, language="de")
    script.leaves(after=1).play()
    assert said[:2] == [("en", "Calls are recorded."), ("de", "Guten Tag,")] or said[1][0] == "de"


def test_a_language_without_a_greeting_has_a_plain_one() -> None:
    agent = AgentSnapshot(
        "Robin", "Hi.", "", "piper:joe", "en", TOPICS, (), wordings={"de": AgentWording("pico:de-DE")}
    )
    script, said = on_a_line(agent, language="de")
    call = script.leaves(after=1).play()
    assert call.turns[0] == ("agent", "Guten Tag, hier ist Robin. Wie kann ich Ihnen helfen?")
    assert {language for language, _text in said} == {"de"}
