"""What a card brings into a conversation, and what an agent shows on it."""

import dataclasses

import pytest

from agents.engine.line import Typed
from tests.fakes.script import SNAPSHOT, TOPICS, Script

GREETING = SNAPSHOT.greeting
HOURS, TYRES = (topic.content for topic in TOPICS)


@pytest.mark.parametrize("disclaimer", ["", "This call is recorded."])
def test_a_question_chosen_before_the_call_is_asked_when_the_greeting_is_over(disclaimer):
    snapshot = dataclasses.replace(SNAPSHOT, disclaimer=disclaimer)
    call = (
        Script(snapshot, silence_prompt_s=60)
        .reports(Typed("When do you open?", patient=True), at=0.0)
        .leaves(at=20)
        .play()
    )

    opening = [("agent", disclaimer)] if disclaimer else []
    assert call.turns == [*opening, ("agent", GREETING), ("visitor", "When do you open?"), ("agent", HOURS)]


def test_one_that_comes_after_the_greeting_is_asked_at_once():
    call = Script().reports(Typed("When do you open?", patient=True), after=0.5).leaves(after=1).play()

    assert call.turns[1:] == [("visitor", "When do you open?"), ("agent", HOURS)]


def test_what_is_typed_over_words_that_nobody_may_talk_over_is_answered_after_them():
    snapshot = dataclasses.replace(SNAPSHOT, disclaimer="This call is recorded.")
    call = (
        Script(snapshot, silence_prompt_s=60).reports(Typed("When do you open?", id="w1"), at=0.5).leaves(at=20).play()
    )

    assert [one.text for one in call.notes.turns if one.decision.get("typed") == "w1"] == ["When do you open?"]
    assert call.said == ["This call is recorded.", GREETING, HOURS]


def test_long_texts_in_a_row_are_turns_of_their_own_and_short_ones_are_one():
    script = Script(silence_prompt_s=60)
    for text in ("My bike is old.", "It is red.", "It squeaks. " * 164, "When do you open?"):
        script.reports(Typed(text.strip()), pause=0.0)
    call = script.leaves(at=30).play()

    written = [text for speaker, text in call.turns if speaker == "visitor"]
    assert written[0].startswith("My bike is old. It is red. It squeaks.") and len(written) == 2
    assert written[1] == "When do you open?" and max(map(len, written)) <= 2000
    assert call.said == [HOURS]  # the greeting was cut before a word of it


def test_what_a_visitor_says_over_the_greeting_goes_before_the_question_they_chose():
    call = (
        Script(silence_prompt_s=60)
        .reports(Typed("When do you open?", patient=True), at=0.0)
        .says("Can you mend my flat tyre?", into=0.5)
        .leaves(at=30)
        .play()
    )

    assert call.said[1:] == [TYRES, HOURS]


def linked(title=""):
    hours = dataclasses.replace(TOPICS[0], link="https://example.com/hours", link_title=title)
    return dataclasses.replace(SNAPSHOT, topics=(hours, *TOPICS[1:]))


@pytest.mark.parametrize(("title", "shown"), [("", "opening hours"), ("All our hours", "All our hours")])
def test_the_page_of_a_topic_is_shown_when_its_answer_begins_to_be_heard(title, shown):
    call = Script(linked(title)).says("When do you open?", after=0.5).leaves(after=1).play()

    meant = {"title": shown, "url": "https://example.com/hours"}
    infos = [(info.kind, info.data) for info in call.line.infos]
    assert [data for kind, data in infos if kind == "info"] == [{"kind": "link", **meant}]
    assert call.events("link_shown") == [meant]
    speaking = [place for place, info in enumerate(infos) if info == ("state", {"state": "speaking"})]
    assert speaking[1] < infos.index(("info", {"kind": "link", **meant})) < len(infos)


def test_an_answer_that_was_never_heard_shows_nothing():
    call = Script(linked(), hearing_takes_s=0.05).says("When do you open?", after=0.5).leaves(pause=0.1).play()

    assert call.said == [GREETING]
    assert [info for info in call.line.infos if info.kind == "info"] == [] == call.events("link_shown")
