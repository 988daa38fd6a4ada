"""A call that thinks with a language model: heard before it has finished, and never ended by it."""

import asyncio

from agents.brains.language_model.meter import OwnMeter
from agents.brains.language_model.prompt import Brief
from agents.brains.language_model.service import thinking_with
from agents.brains.language_model.thinking import thinking
from agents.connections.service import Service
from agents.engine.text import TextAgent
from agents.speech.providers.scripted import ScriptedMeaning
from tests.fakes.model import FakeModel, broken
from tests.fakes.model_service import ModelService, Says
from tests.fakes.script import SNAPSHOT, Script

ASKED, OWN = "When do you open?", "We open at nine every morning, and we close at six."


def with_model(*scripts, **brief):
    model = FakeModel(list(scripts))
    return model, thinking(model, Brief("Robin", **brief))


def test_the_first_clause_is_heard_before_the_model_has_finished():
    _, mind = with_model(["At nine every morning. ", "And we", 4.0, " close at six, just so you know."])
    call = Script(thinking=mind, preemptive=False).says(ASKED, after=0.5).leaves(after=1).play()

    assert call.said[-1] == "At nine every morning. And we close at six, just so you know."
    last = call.notes.turns[-1]
    assert last.timings["first_sound"] < 4000 and last.planned == call.said[-1] and not last.interrupted
    assert last.source == "model" and last.decision["model"]["read"] == 100


def test_the_answer_is_thought_out_once_while_the_end_of_the_turn_is_waited_for():
    model, mind = with_model(["At nine. ", "Every morning."])
    call = Script(thinking=mind).says(ASKED, after=0.5).leaves(after=1).play()

    assert call.said[-1] == "At nine. Every morning." and len(model.asked) == 1


def test_a_model_killed_within_a_sentence_is_gone_on_for_and_the_call_goes_on():
    _, mind = with_model(["Since you ask so kindly today, ", "we open our doors", 0.5, broken()], ["It costs $12.50."])
    call = (
        Script(thinking=mind)
        .says(ASKED, after=0.5)
        .says("Can you mend my flat tyre?", after=0.8)
        .leaves(after=1)
        .play()
    )

    assert call.said[1] == f"Since you ask so kindly today, well, let me put it this way: {OWN}"
    assert call.said[2] == "It costs $12.50."
    (failed,) = call.events("model_failed")
    assert failed == {"code": "UNREACHABLE", "model": "writer-mini", "within": True}
    assert not call.events("provider_failed") and call.ending.cause == "visitor_ended"


def test_a_model_that_hangs_within_a_sentence_is_left_by_who_talks_over_it():
    model, mind = with_model(["At nine every morning, on the dot. ", "And", 600.0])
    call = Script(thinking=mind).says(ASKED, after=0.5).says("Hello there my friend", into=1.5).leaves(after=1).play()

    (first, *_) = [turn for turn in call.notes.turns if turn.source == "model"]
    assert first.interrupted and first.decision["model"]["ended"] == "cut"
    assert model.closed == 1


def test_leaving_in_the_middle_of_an_answer_leaves_the_model_too():
    model, mind = with_model(["At nine every morning, on the dot. ", "And", 600.0])
    Script(thinking=mind).says(ASKED, after=0.5).leaves(into=0.5).play()

    assert model.closed == 1


def test_what_was_said_is_known_in_another_process():
    _, mind = with_model(["At nine."])
    call = Script(thinking=mind).says(ASKED, after=0.5).leaves(after=1).play()
    again, mind = with_model(["As I said: at nine."])
    Script(thinking=mind, state=call.notes.states[-1]).says(ASKED, pause=0.5).leaves(after=1).play()

    assert [message.content for message in again.asked[0][1:]] == [ASKED, "At nine.", ASKED]


async def test_a_chat_whose_model_is_killed_gets_the_answer_of_the_topics():
    _, mind = with_model(["Since you ask so kindly today, we op", broken()], ["We open at nine."], written=True)
    agent = TextAgent(SNAPSHOT, lambda _: ScriptedMeaning())
    agent.think_with(mind)
    killed, fine = await agent.answer(ASKED), await agent.answer(ASKED)

    assert (killed.text, killed.source) == (OWN, "topic:opening hours")
    assert killed.events[-1][0] == "model_failed" and killed.decision["model"]["why"] == "UNREACHABLE"
    assert (fine.text, fine.source) == ("We open at nine.", "model")


async def test_a_service_that_is_killed_within_a_sentence_leaves_a_chat_with_the_topics_words():
    with ModelService() as service:
        service.answers = [Says(["Since you ask so kindly, ", "we op", "en at nine."], waits_after=2)]
        opened = Service(1, "openai", "Writer", service.address, service.key, private=True, settings={"model": "m"})
        agent = TextAgent(SNAPSHOT, lambda _: ScriptedMeaning())
        agent.think_with(thinking_with(opened, SNAPSHOT, OwnMeter(), written=True))
        answering = asyncio.create_task(agent.answer(ASKED))
        assert await asyncio.to_thread(service.waiting.wait, 10)
        service.kill()
        written = await answering
        await agent.close()

    assert (written.text, written.source) == (OWN, "topic:opening hours")
    assert written.decision["model"]["ended"] == "failed" and written.decision["model"]["read"] > 0


async def test_without_a_model_nothing_of_one_is_kept():
    agent = TextAgent(SNAPSHOT, lambda _: ScriptedMeaning())
    written = await agent.answer(ASKED)
    await asyncio.sleep(0)

    assert "model" not in written.decision and agent.state()["history"] == [] and agent.state()["tokens"] == 0
