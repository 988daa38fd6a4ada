"""Flows in another language: other words around the same answers."""

import json

import pytest
from django.utils import timezone

from agents.authoring import checking, flow_words, flows, languages, publish, topics
from agents.brains import snapshot
from agents.brains.base import Turn, whole
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.locks import Stale, mark_of
from agents.models import Agent, AuditEntry, Flow, Project
from agents.speech.providers.scripted import ScriptedMeaning
from studio.demo import FLOWS_FILE, GERMAN_FLOWS_FILE

pytestmark = pytest.mark.django_db

FLOW = json.loads(FLOWS_FILE.read_text(encoding="utf-8"))[0]
GERMAN = json.loads(GERMAN_FLOWS_FILE.read_text(encoding="utf-8"))[FLOW["name"]]


@pytest.fixture
def shop():
    project = Project.objects.create(name="Shop", slug="shop")
    agent = Agent.objects.create(project=project, name="Robin", greeting="Hello!")
    agent.wordings = {"de": {"voice": "pico:de-DE", "greeting": "Guten Tag!"}}
    agent.save()
    topics.import_topics(
        project,
        [
            {
                "name": "Booking a repair",
                "samples": [],
                "content": "Online.",
                "wordings": {"de": {"content": "Im Netz."}},
            }
        ],
        by=None,
    )
    flows.import_flows(project, [{**FLOW, "wordings": {"de": GERMAN}}], by=None)
    return project


class Talk:
    def __init__(self, project: Project, language: str = "de") -> None:
        agent = snapshot.read(publish.freeze(project))
        self.memory = Memory(language=language, greeted=True)
        self._brain = LanguagesBrain(
            agent, lambda _language: ScriptedMeaning(), variant={}, language=language, settings=TalkSettings()
        )

    async def say(self, *texts: str):
        for text in texts:
            reply = await whole(self._brain, Turn(text), self.memory)
            reply.remember(self.memory)
            self.memory.last_said = reply.text
        return reply


def talk(project):
    from asgiref.sync import async_to_sync

    held = Talk(project)
    return lambda *texts: async_to_sync(held.say)(*texts)


def test_it_is_held_in_german_and_kept_in_the_first_language(shop):
    say = talk(shop)
    assert say("Ich möchte einen Termin in der Werkstatt").text.endswith(GERMAN["steps"]["what_is_broken"]["ask"])
    assert say("der Akku").text.startswith("Können Sie mir die fünf Zeichen")
    assert say("überspringen").text == "Welcher Tag passt Ihnen?"
    say("am Freitag um zehn", "Mein Name ist Ann Bell")
    check = say("null vier null eins zwei drei vier fünf sechs sieben")
    assert "Was kaputt ist: Der Motor" in check.text and "Uhrzeit" in check.text
    done = say("ja")
    assert done.data["what_is_broken"] == "The motor" and done.text.startswith("Danke, Ann Bell. Wir erwarten")


def test_a_flow_that_lacks_a_question_is_offered_in_the_first_language_and_that_is_told(shop):
    flow = Flow.objects.get()
    steps = {key: words for key, words in flow.wordings["de"]["steps"].items() if key != "phone"}
    flow_words.save(flow, "de", {**flow.wordings["de"], "steps": steps}, None)
    config = publish.freeze(shop)
    assert "wordings" not in config["flows"][0]
    assert "flows_unwritten" in [finding.code for finding in checking.check(config)]
    german = snapshot.read(config).in_language("de")
    assert german.flows[0].unworded and talk(shop)("A workshop appointment").offered_language == ("en", FLOW["name"])


def test_a_whole_one_raises_no_doubt_and_leaves_drafts_without_languages_as_they_were(shop):
    assert "flows_unwritten" not in [finding.code for finding in checking.check(publish.freeze(shop))]
    Agent.objects.update(wordings={})
    assert "wordings" not in publish.freeze(shop)["flows"][0]


def test_when_the_language_becomes_the_first_names_of_choices_and_conditions_follow_and_come_back(shop):
    before = {
        name: getattr(Flow.objects.get(), name) for name in ("name", "starts", "offer", "steps", "end", "wordings")
    }
    languages.make_first(shop, "de", None)
    flow = Flow.objects.get()
    options = [one["name"] for one in flow.steps[0]["limits"]["options"]]
    assert options[3] == "Der Motor" and flow.steps[1]["only"] == {"step": "what_is_broken", "is": "Der Motor"}
    assert flow.end["text"].startswith("Danke") and flow.wordings["en"]["steps"]["day"]["ask"] == "Which day suits you?"
    shop.refresh_from_db()
    languages.make_first(shop, "en", None)
    flow = Flow.objects.get()
    after = {name: getattr(flow, name) for name in before}
    assert after == before


def test_words_of_somebody_else_meanwhile_are_not_written_over(shop):
    flow = Flow.objects.get()
    seen = mark_of(flow, flow_words.MARKED)
    Flow.objects.update(offer="Shall I?", updated_at=timezone.now())
    before = Flow.objects.values().get()
    with pytest.raises(Stale):
        flow_words.save(flow, "de", {}, None, seen=seen)
    assert Flow.objects.values().get() == before
    assert not AuditEntry.objects.filter(action="flow.edit").exists()


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"starts": "x"},
        {"starts": [f"x{n}" for n in range(21)]},
        {"called": "x" * 61},
        {"steps": {"day": {"ask": "x" * 501}}},
    ],
)
def test_words_that_cannot_be_kept_are_named(shop, given):
    _words, problems = flow_words.clean(given, Flow.objects.get().steps)
    assert problems


@pytest.mark.parametrize(
    "given", [{"steps": []}, {"steps": {"day": 7}}, {"steps": {"what_is_broken": {"options": 3}}}, {}]
)
def test_anything_else_is_read_as_nothing_written(shop, given):
    assert flow_words.clean(given, Flow.objects.get().steps) == ({}, [])
