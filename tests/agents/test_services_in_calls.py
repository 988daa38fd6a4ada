"""Calls whose hearing and voice are services of other people: they fail in the middle, and the call goes on."""

import pytest

from agents.connections.service import Service
from agents.speech.clauses import clauses
from agents.speech.providers.remote import services
from agents.speech.providers.remote.chain import AWAY_S
from agents.speech.providers.remote.services import ServicesOfCall
from agents.speech.providers.voice_cache import VoiceCache
from tests.fakes.script import SNAPSHOT, Script
from tests.fakes.services.hearing import AssemblyAi, Deepgram
from tests.fakes.services.speech import Cartesia, ElevenLabs
from tests.fakes.services.wire import KEY, in_memory

ASKED = "When do you open?"
ANSWER = SNAPSHOT.topics[0].content
AGAIN = "Can you mend my flat tyre?"


@pytest.fixture(autouse=True)
def _healthy():
    services._healths.clear()


@pytest.fixture(params=["deepgram", "assemblyai"])
def ear(request):
    fake = {"deepgram": Deepgram, "assemblyai": AssemblyAi}[request.param]()
    fake.kind, fake.lines = request.param, [ASKED, AGAIN]
    return fake


@pytest.fixture(params=["cartesia", "elevenlabs"])
def voice(request):
    fake = {"cartesia": Cartesia, "elevenlabs": ElevenLabs}[request.param]()
    fake.kind = request.param
    return fake


@pytest.fixture
def script(monkeypatch):
    def make(*fakes):
        in_memory(monkeypatch, {f"{fake.kind}.example.com": fake for fake in fakes})
        given = {"hearing": None, "voice": None}
        for fake in fakes:
            part = "voice" if isinstance(fake, Cartesia | ElevenLabs) else "hearing"
            wanted = {"model": "m", "voice": "voice-1"}
            given[part] = Service(1, fake.kind, f"My {part}", f"https://{fake.kind}.example.com", KEY, False, wanted)
        return Script(services=ServicesOfCall(**given, cache=VoiceCache()))

    return make


def heard_by_the_caller(call):
    """The clauses that the line played to their end, in order."""
    return [event.detail for event in call.line.history if event.what == "ended"]


def test_a_call_hears_and_speaks_by_services(script, ear, voice):
    call = script(ear, voice).says(ASKED, after=0.5).leaves(after=0.5).play()
    assert call.turns[1:] == [("visitor", ASKED), ("agent", ANSWER)]
    assert voice.said == [piece for said in call.said for piece in clauses(said)]
    assert call.hearing.asked == [] if hasattr(call.hearing, "asked") else True
    assert call.events("service_failed") == []


def test_sound_goes_out_while_the_visitor_speaks_and_words_come_back_meanwhile(script, ear):
    ear.lines = ["when do you open and when do you close on sundays please", ASKED]
    call = script(ear).says(ear.lines[0], after=0.5).leaves(after=0.5).play()
    pieces = [len(sound) / 32_000 for sound in ear.heard if isinstance(sound, bytes)]
    assert max(pieces) <= 0.65 and len(pieces) >= 8  # the first has what was kept from before the gate opened
    captions = [
        info.data["text"] for info in call.line.infos if info.kind == "transcription" and not info.data["final"]
    ]
    assert len(set(captions)) >= 4


@pytest.mark.parametrize("fault", ["cut", "garbage", "odd", "closed", "slow"])
def test_a_voice_that_dies_in_mid_sentence_is_heard_whole_once_and_nothing_twice(script, voice, fault):
    voice.fault, voice.clauses_before = fault, len(clauses(SNAPSHOT.greeting))
    call = script(voice).says(ASKED, after=0.5).says(AGAIN, after=0.5).leaves(after=0.5).play()
    assert call.turns[1:4] == [("visitor", ASKED), ("agent", ANSWER), ("visitor", AGAIN)]
    assert call.turns[4] == ("agent", SNAPSHOT.topics[1].content)
    assert heard_by_the_caller(call) == [piece for said in call.said for piece in clauses(said)]
    (failed,) = call.events("service_failed")
    assert (failed["part"], failed["service"]) == ("voice", "My voice") and failed["code"]
    assert call.ending.cause == "visitor_ended"


@pytest.mark.parametrize("fault", ["cut", "garbage", "odd", "closed", "slow", "401", "429"])
def test_an_ear_that_dies_in_mid_sentence_loses_no_word(script, ear, fault):
    ear.fault = fault
    call = script(ear).says(ASKED, after=0.5).says(AGAIN, after=0.5).leaves(after=0.5).play()
    assert [text for speaker, text in call.turns if speaker == "visitor"] == [ASKED, AGAIN]
    assert call.said[1:] == [topic.content for topic in SNAPSHOT.topics]
    (failed,) = call.events("service_failed")
    assert failed["part"] == "hearing" and KEY not in str(failed)


def test_noise_in_which_a_service_hears_no_word_is_no_outage(script, ear):
    ear.lines = ["", ASKED]
    call = script(ear).noise(0.6, after=0.5).says(ASKED, pause=3).leaves(after=0.5).play()
    assert call.events("service_failed") == []
    assert ("agent", ANSWER) in call.turns


def test_both_may_be_away_from_the_beginning(script, ear, voice):
    ear.fault = voice.fault = "500"
    call = script(ear, voice).says(ASKED, after=0.5).leaves(after=0.5).play()
    assert call.turns[1:] == [("visitor", ASKED), ("agent", ANSWER)]
    assert sorted(one["part"] for one in call.events("service_failed")) == ["hearing", "voice"]


def test_a_service_that_failed_is_left_alone_and_asked_again_later(script, ear):
    ear.fault = "429"
    asked = []

    class Watched(type(ear)):
        def refusal(self, *about):
            asked.append(about)
            if len(asked) == 1:
                return super().refusal(*about)
            self.fault = ""
            return super().refusal(*about)

    ear.__class__ = Watched
    call = script(ear).says(ASKED, after=0.5).says(AGAIN, after=0.5).says(ASKED, pause=AWAY_S).leaves(after=0.5).play()
    assert len(asked) == 2 and len(call.events("service_failed")) == 1


def test_who_talks_over_a_service_s_voice_stops_it(script, ear, voice):
    ear.lines = [ASKED, "no stop please wait"]
    call = script(ear, voice).says(ASKED, after=0.5).says("no stop please wait", into=1.0).leaves(after=2).play()
    answer = next(turn for turn in call.notes.turns if turn.source.startswith("topic:"))
    assert answer.interrupted and answer.planned.startswith(answer.text)


def test_nothing_of_a_service_is_left_when_the_visitor_leaves_in_mid_word(script, ear, voice):
    call = script(ear, voice).says(ASKED, after=0.5).leaves(into=0.3).play()
    assert call.ending.cause == "visitor_ended" and (ear.open, voice.open) == (0, 0)
