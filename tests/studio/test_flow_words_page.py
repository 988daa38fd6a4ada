"""The tab of another language in a flow's editor."""

import pytest
from django.urls import reverse

from agents.authoring import flow_rules, flow_words, flows, languages
from agents.models import Flow

STEPS = [
    {"name": "Colour", "kind": "choice", "ask": "Which colour?", "limits": {"options": ["Red", "Blue | navy"]}},
    {"name": "Day", "kind": "date", "ask": "Which day?", "again": "Once more?"},
]


@pytest.fixture
def flow(furnished, owner):
    languages.add(furnished.project, "de", owner)
    values, problems = flow_rules.clean({"name": "Paint a bike", "starts": ["paint my bike"], "steps": STEPS})
    assert problems == []
    return flows.save_flow(furnished.project, None, values, owner)


@pytest.fixture
def page(client, owner, flow):
    client.force_login(owner)
    return reverse("console:flow_words", kwargs={"project": flow.project.slug, "flow": flow.pk, "language": "de"})


GIVEN = {
    "called": "das Lackieren",
    "starts": "Mein Rad lackieren",
    "colour-name": "Farbe",
    "colour-ask": "Welche Farbe?",
    "colour-option-0": "Rot",
    "colour-option-1": "Blau | Marine",
    "day-name": "Tag",
    "day-ask": "Welcher Tag?",
    "day-again": "Bitte noch einmal?",
    "text": "Bis dann.",
}


def test_both_languages_stand_beside_each_other(client, page, flow):
    shown = client.get(page).content.decode()
    assert all(words in shown for words in ("Which colour?", "Once more?", "Red", "Not complete", 'lang="de"'))
    editor = client.get(
        reverse("console:flow", kwargs={"project": flow.project.slug, "flow": flow.pk})
    ).content.decode()
    assert page in editor


def test_what_is_written_is_kept_and_shown_again(client, page, flow):
    assert client.post(page, GIVEN).status_code == 302
    flow.refresh_from_db()
    words = flow.wordings["de"]
    assert words["steps"]["colour"]["options"]["Blue"] == {"name": "Blau", "also": ["Marine"]}
    assert words["steps"]["day"] == {"name": "Tag", "ask": "Welcher Tag?", "again": "Bitte noch einmal?"}
    assert flow_words.whole({"steps": flow.steps, "wordings": flow.wordings}, ["de"])
    shown = client.get(page).content.decode()
    assert "Blau | Marine" in shown and "Not complete" not in shown


def test_what_is_too_long_is_told_and_nothing_is_kept(client, page, flow):
    before = list(Flow.objects.values())
    answer = client.post(page, {**GIVEN, "day-ask": "x" * 501})
    assert answer.status_code == 422 and "too long" in answer.content.decode()
    assert list(Flow.objects.values()) == before


def test_a_language_that_the_agent_has_not_is_not_found(client, page):
    assert client.get(page.replace("/in/de/", "/in/fr/")).status_code == 404
