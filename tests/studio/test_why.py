"""Why the agent said this: told from what was kept with the turns, to those who may read what was said."""

import re

import pytest

from agents.brains import why as kept_why
from agents.brains.base import Reply
from studio.pages.calls import why


@pytest.fixture
def turns(furnished):
    """The question about opening hours with its answer, as a call keeps them."""
    asked, answer = furnished.conversation.turns.filter(index__in=(1, 2))
    asked.decision = {
        "end": {"wait_ms": 400, "reasons": ["question"]},
        "heard": {"certainty": 0.93, "doubtful": [], "changed": [["opal", "open"]]},
    }
    asked.save()
    reply = Reply("Nine to six.", "topic:Opening hours", "answer", near=(("Opening hours", 0.86), ("Prices", 0.07)))
    answer.decision = kept_why.kept(reply)
    answer.timings = {"end_of_speech": 400.0, "hearing": 90.0, "thinking": 30.0, "voice": 90.0, "first_sound": 520.0}
    answer.save()
    return asked, answer


def of(furnished, index):
    return why.of_turn(furnished.conversation, str(index))


def test_the_road_from_what_was_heard_to_the_first_sound_is_told(furnished, turns):
    found = of(furnished, 2)
    assert found.heard == "When are you open?" and found.sure == "Sure of every word, 93 of 100."
    assert found.notes == ["Heard “opal”, taken for “open”"]
    assert (found.waited, found.waited_why) == ("Waited 0.4 s", "It was a whole question")
    assert [(one.name, one.percent, one.chosen) for one in found.near] == [
        ("Opening hours", 86, True),
        ("Prices", 7, False),
    ]
    assert found.chosen == "Opening hours" and found.rule
    assert [(stage.name, stage.ms) for stage in found.stages] == [
        ("waiting", 310),
        ("hearing", 90),
        ("thinking", 30),
        ("voice", 90),
    ]
    assert found.first_sound_ms == 520


def test_a_turn_from_before_it_was_kept_says_what_is_known(furnished):
    found = of(furnished, 2)
    assert [(one.name, one.percent) for one in found.near] == [("Opening hours", 86)]
    assert (found.waited, found.flow, found.values, found.sure) == ("", "", [], "")


@pytest.mark.parametrize("asked", [None, "", "x", "99", "1", "-1", "²", "9" * 30])
def test_there_is_no_why_of_what_the_agent_did_not_say(furnished, asked):
    assert why.of_turn(furnished.conversation, asked) is None


def test_what_is_kept_of_a_flow_is_bounded_and_told_in_the_names_of_its_version(furnished, turns):
    values = {f"key{n}": "x" * 500 for n in range(50)}
    step = furnished.version.config["flows"][0]["steps"][0]
    flow = {"flow": "Ring me back", "step": "check", "values": {step["key"]: "0151 1", **values}}
    kept = kept_why.kept(
        Reply("Right?", "flow:Ring me back", "flow", flow=flow, near=tuple(("T", 0.1) for _ in "x" * 9))
    )
    assert len(kept["flow"]["values"]) == kept_why.VALUES_MOST and len(kept["near"]) == kept_why.NEAR_MOST
    assert max(len(value) for _key, value in kept["flow"]["values"]) == kept_why.LETTERS_MOST
    turns[1].source, turns[1].decision = "flow:Ring me back", kept
    turns[1].save()
    found = of(furnished, 2)
    assert (found.flow, found.asked) == ("Ring me back", "whether all of it is right")
    assert found.values[0] == ("Phone", "0151 1")


def test_each_answer_leads_to_its_why_on_the_page(client, owner, furnished, turns):
    client.force_login(owner)
    page = f"/console/{furnished.project.slug}/conversations/{furnished.conversation.pk}/"
    plain = client.get(page).content.decode()
    ways = re.findall(r'data-why href="\?([^"#]*)#why"', plain)
    assert len(ways) == 3 and 'id="why"' not in plain
    shown = client.get(page + "?" + ways[1].replace("&amp;", "&")).content.decode()
    assert 'id="why"' in shown and "What came close" in shown and "0.5 s to the first sound" in shown


def test_whoever_may_not_read_what_was_said_sees_no_why(client, analyst, furnished, turns):
    furnished.project.members.filter(user=analyst).update(access={"personal_data": False})
    client.force_login(analyst)
    page = f"/console/{furnished.project.slug}/conversations/{furnished.conversation.pk}/?why=2"
    shown = client.get(page).content.decode()
    assert 'id="why"' not in shown and "opal" not in shown and "When are you open" not in shown
