"""Agent voice: the page, what it keeps, and what it refuses."""

import pytest

from agents.authoring import checking, publish, restoring
from agents.models import Agent
from agents.speech.providers import registry, table
from studio.pages.agent import differences


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)

    def post(**changes):
        values = {
            "language": "en",
            "voice": "piper:joe",
            "pace": "default",
            "interruption": "default",
            "patience": "default",
            "over_greeting": "default",
            "barge_ins_max": "0",
            "speed": "1",
            "end_of_turn_ms": "400",
            "barge_in_ms": "200",
            "silence_prompt_s": "10",
        }
        return client.post(f"/console/{project.slug}/agent-voice/", values | changes)

    return post


def agent(project):
    return Agent.objects.get(project=project)


def test_defaults_are_not_kept_so_that_the_installations_numbers_count(send, project):
    assert send().status_code == 302
    assert agent(project).manner == {}


def test_named_choices_are_kept_as_numbers_and_frozen_with_the_version(send, project):
    send(pace="slower", interruption="never", patience="patient", silence_prompt_s="20")
    kept = {"speed": 0.85, "barge_in_ms": 60000, "end_of_turn_ms": 700, "silence_prompt_s": 20}
    assert agent(project).manner == kept
    assert publish.publish(project, by=None).config["agent"]["manner"] == kept


def test_when_an_agent_lets_itself_be_stopped_is_kept(send, project):
    send(over_greeting="never", barge_ins_max="3")
    assert agent(project).manner == {"barge_in_greeting": 0, "barge_ins_max": 3}


def test_ones_own_number_counts_where_own_is_chosen(send, project):
    send(pace="own", speed="1.1")
    assert agent(project).manner == {"speed": 1.1}


@pytest.mark.parametrize(
    "changes",
    [
        {"voice": "piper:nobody"},
        {"voice": ""},
        {"language": "tlh"},
        {"pace": "own", "speed": "9"},
        {"patience": "own", "end_of_turn_ms": "5"},
        {"interruption": "sometimes"},
    ],
)
def test_what_cannot_be_is_refused_in_its_place_and_changes_nothing(send, project, changes):
    assert send(**changes).status_code == 422
    assert (agent(project).voice, agent(project).manner) == ("hibari:heart", {})


@pytest.fixture
def german(monkeypatch):
    ready = [registry.Availability("voice", key, one.label, True, "") for key, one in table.PROVIDERS["voice"].items()]
    monkeypatch.setattr(registry, "installed_voices", lambda _models: ready)


def test_a_voice_of_another_language_is_refused(send, project, german):
    assert send(voice="pico:de-DE").status_code == 422
    assert agent(project).voice == "hibari:heart"


def test_a_language_that_cannot_take_calls_cannot_be_published_and_the_console_says_why(send, client, project, german):
    assert send(language="it", voice="pico:it-IT").status_code == 422
    project.agent.language, project.agent.voice = "it", "pico:it-IT"  # as an import or an older choice left it
    project.agent.save()
    assert send(language="it", voice="pico:it-IT").status_code == 302
    found = checking.check(publish.freeze(project))
    assert [finding.code for finding in found if finding.level == "error"] == ["cannot_hear"]
    with pytest.raises(publish.DraftRefused):
        publish.publish(project, by=None)
    page = client.get(f"/console/{project.slug}/agent-voice/").content.decode()
    assert "cannot take calls in Italian yet" in page
    shown = page.split('class="voices"')[1].split("</fieldset>")[0].split('class="voice"')[1:]
    assert [" hidden" not in one.split(">")[0] for one in shown] == ["it-IT" in one for one in shown]


def test_both_places_in_the_menu_lead_to_the_same_page(client, owner, project):
    client.force_login(owner)
    for path in ("agent-voice/", "voice/"):
        page = client.get(f"/console/{project.slug}/{path}").content.decode()
        assert page.count('aria-current="page"') == 1
        assert "How Robin sounds" in page


def test_only_voices_that_can_speak_here_are_offered(client, owner, project, monkeypatch):
    found = [registry.Availability("voice", key, key, key == "pico:en-GB", "") for key in table.PROVIDERS["voice"]]
    monkeypatch.setattr(registry, "installed_voices", lambda _models: found)
    client.force_login(owner)
    page = client.get(f"/console/{project.slug}/agent-voice/").content.decode()
    assert 'value="pico:en-GB"' in page and 'value="pico:en-US"' not in page
    assert "not installed here" in page  # the chosen one


def test_the_words_that_callers_use_are_kept_frozen_and_come_back_with_a_version(send, project):
    send(phrases="Brompton\nKnightsbridge", corrections="goal = gold")
    kept = {"phrases": ["Brompton", "Knightsbridge"], "corrections": [["goal", "gold"]]}
    assert agent(project).words == kept
    version = publish.publish(project, by=None)
    assert version.config["agent"]["words"] == kept

    send(phrases="", corrections="")
    assert agent(project).words == {}
    told = [(each.what, each.after) for each in differences.between(version.config, publish.freeze(project))]
    assert told == [("Words that callers use", "nothing"), ("Corrections", "nothing")]

    restoring.make_draft(project, version, by=None)
    assert agent(project).words == kept


def test_a_correction_without_what_is_meant_is_refused_and_nothing_is_kept(send, project):
    answer = send(corrections="goal\nbike = Brompton")
    assert answer.status_code == 422
    assert "“goal” is no correction" in answer.content.decode()
    assert agent(project).words == {}
