"""What an agent may do by itself: chosen on the Tools page, frozen into versions, told apart and told of."""

import pytest

from agents.authoring import publish, restoring
from agents.brains import snapshot
from agents.models import Agent, Environment
from studio.pages.agent import differences, tool_wording

URL = "/console/harbour-bikes/tools/"
GIVEN = {"message": "on", "end_call": "on", "phone": "020 7946 0123", "url": "bikes.example/people"}


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)
    return lambda **changes: client.post(URL, {name: value for name, value in (GIVEN | changes).items() if value})


def test_what_it_may_do_by_itself_is_kept_in_the_draft_and_frozen_into_a_version(send, client, project):
    before = publish.freeze(project)
    assert "actions" not in before["agent"]
    assert send().status_code == 302
    version = publish.publish(project, by=None, environment=Environment.SANDBOX)
    actions = snapshot.read(version.config).actions
    assert actions.allowed == {"message", "end_call"}
    assert (actions.phone, actions.url) == ("020 7946 0123", "https://bikes.example/people")
    told = {one.what: one.after for one in differences.between(before, version.config)}
    assert told["The model may take a message"] == "yes" and told["Number of a person"] == "020 7946 0123"
    page = client.get(URL).content.decode()
    assert page.count("checked") == 2 and "bikes.example/people" in page
    send(message="", end_call="", phone="", url="")
    assert Agent.objects.get(project=project).actions == {} and publish.freeze(project) == before
    restoring.make_draft(project, version, by=None)
    assert publish.freeze(project) == version.config


@pytest.mark.parametrize("wrong", [{"phone": "call <b>me</b>"}, {"url": "javascript:alert(1)"}])
def test_a_number_or_page_that_is_none_is_not_kept(send, project, wrong):
    answer = send(**wrong)
    assert answer.status_code == 422 and "data-came-changed" in answer.content.decode()
    assert Agent.objects.get(project=project).actions == {}


def test_a_turn_tells_what_the_agent_did_by_itself():
    told = [
        {"name": "take_message", "own": True, "state": "done", "given": {"name": "Ann"}},
        {"name": "end_call", "own": True, "state": "refused", "given": {}},
    ]
    assert tool_wording.never_sent({"tools": told}) == [
        "The model began a message (name: Ann)",
        "The model ended the conversation: not done, the visitor had not said goodbye",
    ]
