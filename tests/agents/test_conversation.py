"""Whole conversations on a line in memory, on a clock that jumps."""

import dataclasses
from itertools import pairwise
from typing import ClassVar

import pytest

from agents.brains.snapshot import TopicSnapshot, VariantSnapshot
from agents.engine import virtual_clock as clock
from agents.engine.conversation import VoiceAgent
from agents.engine.line import Dtmf, PageInfo, Typed
from agents.engine.notes import Ending
from agents.speech.providers.base import Engines, ProviderError
from agents.speech.providers.scripted import ScriptedActivity, ScriptedMeaning, ScriptedVoice
from tests.fakes.script import SNAPSHOT, TOPICS, Script, ToneHearing, Tones, slow_engines

GREETING = "Hello, this is Robin. How can I help?"
HOURS = "We open at nine every morning, and we close at six."
TYRES = "Mending a flat tyre costs $12.50. It takes an hour."
GOODBYE = "Thank you for calling. Goodbye!"


def test_a_question_is_answered_after_the_greeting():
    call = Script().says("When do you open?", after=0.5).leaves(after=1).play()

    assert call.turns == [("agent", GREETING), ("visitor", "When do you open?"), ("agent", HOURS)]
    assert call.ending == Ending("visitor_ended")
    assert call.states == ["speaking", "listening", "thinking", "speaking", "listening"]


def test_an_answer_is_noted_when_it_begins_and_when_it_ends():
    call = Script().says("When do you open?", after=0.5).leaves(after=1).play()

    notes = [note for note in call.notes.written if note.index == 2]
    assert [(note.text, note.ended_s is None) for note in notes] == [
        ("We open at nine every morning,", True),
        (HOURS, True),
        (HOURS, False),
    ]
    answer = notes[-1]
    assert (answer.planned, answer.source, answer.interrupted) == (HOURS, "topic:opening hours", False)
    assert answer.score > 0.5
    timings = answer.timings
    assert set(timings) == {"end_of_speech", "hearing", "thinking", "voice", "first_sound"}
    assert timings["first_sound"] >= timings["end_of_speech"] + timings["thinking"] + timings["voice"]
    visitor = call.notes.turns[1]
    assert timings["first_sound"] == pytest.approx((answer.started_s - visitor.ended_s) * 1000, abs=1)


def test_the_page_sees_the_words_while_they_are_spoken():
    call = Script().says("When do you open today please?", after=0.5).leaves(after=1).play()

    captions = [info.data for info in call.line.infos if info.kind == "transcription"]
    visitor = [(caption["text"], caption["final"]) for caption in captions if caption["speaker"] == "visitor"]
    assert visitor[-1] == ("When do you open today please?", True)
    assert visitor[0][1] is False
    assert visitor[-1][0].startswith(visitor[0][0])
    assert [caption["final"] for caption in captions if caption["index"] == 2] == [False, False, True]


def test_the_disclaimer_comes_first_and_cannot_be_talked_over():
    snapshot = dataclasses.replace(
        SNAPSHOT, disclaimer="This call is recorded.", greeting="Hello from ${variant_town}."
    )
    snapshot = dataclasses.replace(snapshot, variants=(VariantSnapshot("york", "York", True, {"town": "York"}),))

    call = Script(snapshot).says("Stop that now", at=0.3).leaves(after=1).play()

    assert call.turns == [("agent", "This call is recorded."), ("agent", "Hello from York.")]
    assert call.events("sound_ignored") == [{"reason": "agent_speaking", "speech_s": pytest.approx(0.72, abs=0.05)}]


def test_the_first_sound_is_made_before_the_line_is_there():
    class CountingVoice(ScriptedVoice):
        asked: ClassVar[list[str]] = []

        async def speak(self, text, *, who=None):
            self.asked.append(text)
            return await super().speak(text, who=who)

    engines = Engines(ScriptedActivity, ToneHearing(Tones()), CountingVoice(), ScriptedMeaning())
    agent = VoiceAgent(SNAPSHOT, engines)
    clock.run(agent.make_ready())
    assert CountingVoice.asked == ["Hello, this is Robin."]

    agent.restore({"greeted": True})
    clock.run(agent.make_ready())
    assert len(CountingVoice.asked) == 1


def test_a_missing_variant_falls_back_to_the_default_and_is_noted():
    variants = (VariantSnapshot("york", "York", True, {"town": "York"}),)
    snapshot = dataclasses.replace(SNAPSHOT, greeting="Hello from ${variant_town}.", variants=variants)

    call = Script(snapshot, variant_key="hull").leaves(after=0.5).play()

    assert call.said == ["Hello from York."]
    assert call.events("variant_missing") == [{"key": "hull", "used": "york"}]


# ── Interruption ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_visitor_talks_over_the_answer_and_is_let_in():
    call = (
        Script()
        .says("When do you open?", after=0.5)
        .says("Can you mend my flat tyre?", into=0.8)
        .leaves(after=1)
        .play()
    )

    assert [speaker for speaker, _ in call.turns] == ["agent", "visitor", "agent", "visitor", "agent"]
    cut = call.notes.turns[2]
    assert cut.interrupted and cut.planned == HOURS
    assert cut.text and HOURS.startswith(cut.text) and cut.text != HOURS
    assert cut.text == next(event.detail for event in call.line.history if event.what == "cleared" and event.detail)
    assert call.turns[3:] == [("visitor", "Can you mend my flat tyre?"), ("agent", TYRES)]


def test_the_agent_falls_silent_before_the_interruption_is_over():
    call = (
        Script()
        .says("When do you open?", after=0.5)
        .says("Stop it is enough for now thank you", into=0.5)
        .leaves(after=1)
        .play()
    )

    cut, interruption = call.notes.turns[2], call.notes.turns[3]
    assert interruption.started_s < cut.ended_s < interruption.ended_s


@pytest.mark.parametrize("sound", ["noise", "filler", "short"])
def test_what_is_no_interruption_does_not_silence_the_agent(sound):
    script = Script().says("When do you open?", after=0.5)
    if sound == "noise":
        script.noise(0.4, into=0.5).noise(0.2, pause=0.2)
    elif sound == "filler":
        script.says("mm uh hmm", into=0.5)
    else:
        script.sounds(script._tones.of("Stop")[:2200], into=0.5)
    call = script.leaves(pause=3).play()

    assert call.turns == [("agent", GREETING), ("visitor", "When do you open?"), ("agent", HOURS)]
    assert not call.notes.turns[2].interrupted
    assert [event.what for event in call.line.history if event.what == "cleared" and event.detail] == []
    assert call.events("sound_ignored")


def test_noise_while_nobody_speaks_is_no_turn():
    call = Script().noise(1.0, after=0.5).leaves(pause=3).play()

    assert call.turns == [("agent", GREETING)]
    assert [event["reason"] for event in call.events("sound_ignored")] == ["no_words"]


def test_nothing_is_made_out_that_the_gate_did_not_open_for():
    call = Script().leaves(after=5).play()

    assert call.hearing.asked == []


# ── Turns ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pause_within_a_sentence_does_not_end_the_turn():
    call = Script().says("Can you mend", after=0.5).says("my flat tyre?", pause=0.4).leaves(after=1).play()

    assert call.turns[1:] == [("visitor", "Can you mend my flat tyre?"), ("agent", TYRES)]


def test_an_unfinished_sentence_is_waited_for():
    call = Script().says("Can you mend and", after=0.5).says("patch my flat tyre?", pause=0.9).leaves(after=1).play()

    assert call.turns[1] == ("visitor", "Can you mend and patch my flat tyre?")


def test_what_is_said_before_the_agents_first_sound_joins_the_turn():
    engines = slow_engines(thinking_s=1.8)

    call = (
        Script(engines=engines[0], tones=engines[1])
        .says("Can you mend", after=0.5)
        .says("my flat tyre?", pause=1.7)
        .leaves(after=1)
        .play()
    )

    assert call.turns == [("agent", GREETING), ("visitor", "Can you mend my flat tyre?"), ("agent", TYRES)]
    assert [note.text for note in call.notes.written if note.speaker == "visitor"] == [
        "Can you mend",
        "Can you mend my flat tyre?",
    ]


def test_noise_while_the_agent_thinks_only_delays_the_answer():
    engines = slow_engines(thinking_s=0.6)

    call = (
        Script(engines=engines[0], tones=engines[1])
        .says("When do you open?", after=0.5)
        .noise(0.3, pause=0.7)
        .leaves(after=1)
        .play()
    )

    assert call.turns == [("agent", GREETING), ("visitor", "When do you open?"), ("agent", HOURS)]


def test_a_long_monologue_is_cut_and_goes_on():
    text = " ".join(f"word{number}" for number in range(40))

    call = Script(segment_max_s=2.0).says(text, after=0.5).leaves(after=1).play()

    heard = list(dict.fromkeys(call.notes.turns[1].text.split()))  # a word that is cut in two may be heard twice
    assert heard == text.split()
    assert max(call.hearing.asked) <= 2.0


def test_typed_words_are_a_turn():
    call = Script().reports(Typed("When do you open?"), after=0.5).leaves(after=1).play()

    assert call.turns[1:] == [("visitor", "When do you open?"), ("agent", HOURS)]


# ── Asking back, small talk ──────────────────────────────────────────────────────────────────────────────────────


def test_an_unsure_agent_asks_back_and_understands_yes():
    call = Script().says("My flat shoes?", after=0.5).says("Yes please", after=0.5).leaves(after=1).play()

    assert call.said[1:] == ["Do you mean flat tyres?", TYRES]
    assert [turn.source for turn in call.notes.turns if turn.speaker == "agent"] == [
        "greeting",
        "ask",
        "topic:flat tyres",
    ]


def test_an_unsure_agent_asks_back_and_understands_no():
    call = (
        Script()
        .says("My flat shoes?", after=0.5)
        .says("No", after=0.5)
        .says("When do you open?", after=0.5)
        .leaves(after=1)
        .play()
    )

    assert call.said[1:] == ["Do you mean flat tyres?", "All right. What would you like to know?", HOURS]


def test_what_it_does_not_know_it_says():
    call = Script().says("Who won yesterday's match?", after=0.5).leaves(after=1).play()

    assert call.said[1].startswith("I am sorry, I do not know that. Shall I take a message")
    assert call.notes.turns[2].source == "unknown"


def test_goodbye_ends_the_call_after_its_words_were_heard():
    call = Script().says("That is all, bye", after=0.5).play()

    assert call.ending == Ending("agent_ended")
    assert call.turns[-1] == ("agent", GOODBYE)
    assert not call.notes.turns[-1].interrupted
    assert call.line.history[-1].at_s >= call.notes.turns[-1].ended_s


def test_a_goodbye_over_the_agents_goodbye_does_not_cut_it():
    call = Script().says("That is all, bye", after=0.5).says("bye thank you", into=0.3).play()

    assert call.ending == Ending("agent_ended")
    assert ("agent", GOODBYE) in call.turns


def test_a_question_over_the_agents_goodbye_keeps_the_call():
    call = Script().says("bye", after=0.5).says("wait when do you open?", into=0.3).leaves(after=1).play()

    assert call.ending == Ending("visitor_ended")
    assert call.said[-1] == HOURS


def test_the_last_answer_is_repeated():
    call = (
        Script()
        .says("When do you open?", after=0.5)
        .says("Can you repeat that please?", after=0.5)
        .leaves(after=1)
        .play()
    )

    assert call.said[1:] == [HOURS, HOURS]


# ── What the page and the keypad send ────────────────────────────────────────────────────────────────────────────


def test_page_info_is_noted_and_fills_texts():
    topic = TopicSnapshot("basket", ("What is in my basket?",), "In your basket: ${page.item}.")
    snapshot = dataclasses.replace(SNAPSHOT, topics=(topic, *TOPICS))

    call = (
        Script(snapshot)
        .reports(PageInfo("basket", {"item": "a red bicycle"}), at=0.1)
        .reports(Dtmf("5"), pause=0.1)
        .says("What is in my basket?", after=0.5)
        .leaves(after=1)
        .play()
    )

    assert call.said[1] == "In your basket: a red bicycle."
    assert call.events("page_info") == [{"text": "basket", "data": {"item": "a red bicycle"}}]
    assert call.events("dtmf") == [{"digit": "5"}]


# ── Silence, limits, gaps ────────────────────────────────────────────────────────────────────────────────────────


def test_three_unanswered_prompts_end_the_call():
    call = Script(silence_prompt_s=4).play()

    assert call.ending == Ending("silence")
    assert call.said == [
        GREETING,
        "Are you still there?",
        "I cannot hear you. Please say something if you are there.",
        "I still cannot hear you. Is your microphone on?",
        "I cannot hear anybody, so I will end this call. Goodbye.",
    ]
    turns = call.notes.turns
    assert [round(after.started_s - before.ended_s) for before, after in pairwise(turns)] == [4] * 4


def test_an_answer_to_a_prompt_starts_the_count_again():
    call = Script(silence_prompt_s=4).says("When do you open?", at=9).leaves(at=21).play()

    assert call.said == [GREETING, "Are you still there?", HOURS, "Are you still there?"]


def test_a_call_that_lasts_too_long_is_ended_politely():
    call = Script(call_max_s=8).says("When do you open?", at=5.5).says("Stop that at once", at=9).play()

    assert call.ending == Ending("time_limit")
    assert call.said[1] != HOURS and HOURS.startswith(call.said[1])
    assert call.said[2].startswith("I am sorry, but this call has reached")
    assert call.notes.turns[2].interrupted and not call.notes.turns[3].interrupted


def test_a_gap_stops_the_clocks():
    call = Script(silence_prompt_s=5, call_max_s=30).loses_connection(40, at=4).leaves(at=46).play()

    assert call.said == [GREETING]
    assert call.ending == Ending("visitor_ended")


def test_a_gap_within_a_sentence_does_not_end_the_turn():
    call = (
        Script()
        .says("Can you mend", after=0.5)
        .loses_connection(5, pause=0.2)
        .says("my flat tyre?", pause=0.1)
        .leaves(after=1)
        .play()
    )

    assert call.turns[1] == ("visitor", "Can you mend my flat tyre?")


def test_noise_that_never_ends_is_silence():
    call = Script(silence_prompt_s=4).noise(60, after=0.5).play()

    assert call.ending == Ending("silence")
    assert len(call.said) == 5


# ── State, failure, ends ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_restored_agent_goes_on_without_the_greeting():
    first = Script().says("My flat shoes?", after=0.5).leaves(after=1).play()
    state = first.notes.states[-1]

    second = Script(state=state).says("Yes", at=1).leaves(after=1).play()

    assert second.turns == [("visitor", "Yes"), ("agent", TYRES)]
    assert [turn.index for turn in second.notes.turns] == [3, 4]
    assert second.agent.state()["talked_s"] > first.agent.state()["talked_s"]


def test_leaving_in_the_middle_keeps_what_both_have_said():
    call = Script().says("When do you open?", after=0.5).says("Can you mend", into=2.6).leaves(pause=0.05).play()

    assert call.ending == Ending("visitor_ended")
    assert call.turns[-1] == ("visitor", "Can you mend")
    assert HOURS.startswith(call.turns[-2][1]) and call.turns[-2][1]
    assert call.notes.turns[-2].ended_s is not None


def test_cancelling_ends_everything_and_keeps_what_was_heard():
    call = Script().says("When do you open?", after=0.5).is_cancelled(into=1.2).play()

    assert call.ending is None
    answer = call.notes.turns[-1]
    assert answer.interrupted and answer.text and HOURS.startswith(answer.text)
    assert call.notes.states[-1] == call.agent.state()


class Failing:
    """Fails as told: the n-th request raises the n-th error; None lets it through."""

    def __init__(self, whole, method, errors):
        self._whole, self._method, self._errors = whole, method, list(errors)

    def __getattr__(self, name):
        found = getattr(self._whole, name)
        if name != self._method:
            return found

        async def request(*args, **named):
            error = self._errors.pop(0) if self._errors else None
            if error:
                raise error
            return await found(*args, **named)

        return request


def failing_engines(part, method, errors):
    tones = Tones()
    parts = {"hearing": ToneHearing(tones), "voice": ScriptedVoice(), "meaning": ScriptedMeaning()}
    parts[part] = Failing(parts[part], method, errors)
    return Engines(ScriptedActivity, **parts), tones


BROKEN = ProviderError("the weights are missing", permanent=True)
BUSY = ProviderError("try again")
SORRY = "I am sorry, something went wrong on our side, and I have to end this call. Please try again later."


@pytest.mark.parametrize(("part", "method"), [("hearing", "hear"), ("meaning", "vectors")])
def test_a_broken_engine_ends_the_call_with_an_apology(part, method):
    engines, tones = failing_engines(part, method, [BROKEN] * 5)

    call = Script(engines=engines, tones=tones).says("When do you open?", after=0.5).play()

    assert call.ending == Ending("failed", "AGENT_FAILURE")
    assert call.said == [GREETING, SORRY]
    assert call.events("provider_failed") == [{"part": part, "permanent": True}]


def test_a_broken_voice_ends_the_call_at_once():
    engines, tones = failing_engines("voice", "speak", [BROKEN])

    call = Script(engines=engines, tones=tones).play()

    assert call.ending == Ending("failed", "AGENT_FAILURE")
    assert call.turns == []


@pytest.mark.parametrize(("part", "method"), [("hearing", "hear"), ("meaning", "vectors"), ("voice", "speak")])
def test_a_passing_failure_is_tried_again_once(part, method):
    engines, tones = failing_engines(part, method, [BUSY])

    call = Script(engines=engines, tones=tones).says("When do you open?", after=0.5).leaves(after=1).play()

    assert call.turns == [("agent", GREETING), ("visitor", "When do you open?"), ("agent", HOURS)]
    assert call.events("provider_failed") == []


def test_two_passing_failures_in_a_row_are_one_for_good():
    engines, tones = failing_engines("voice", "speak", [BUSY, BUSY])

    call = Script(engines=engines, tones=tones).play()

    assert call.ending == Ending("failed", "AGENT_FAILURE")
    assert call.events("provider_failed") == [{"part": "voice", "permanent": False}]
