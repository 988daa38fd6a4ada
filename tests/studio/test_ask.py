"""`manage.py ask`: typed conversations, and what the agent says to them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from agents.authoring import publish, topics
from agents.models import Agent, Environment, Project

pytestmark = pytest.mark.django_db

TOPICS = [
    {"name": "Parking", "samples": ["Where can I park?"], "content": "Park behind the house."},
    {"name": "Opening hours", "samples": ["When are you open?"], "content": "We are open from nine to five."},
]


@pytest.fixture
def shop():
    project = Project.objects.create(name="Shop", slug="shop")
    Agent.objects.create(project=project, name="Robin", greeting="Hello!")
    topics.import_topics(project, TOPICS, by=None)
    return project


def ask(tmp_path, conversations, *options):
    file = tmp_path / "ask.json"
    file.write_text(json.dumps(conversations))
    out = io.StringIO()
    call_command("ask", str(file), *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_reply_is_a_line_that_says_what_answered_and_why(shop, tmp_path):
    parking, thanks, bye = ask(tmp_path, [["Where can I park?", "Thank you", "No"]], "--draft", "--project", "shop")

    assert parking["text"] == "Park behind the house."
    assert (parking["source"], parking["kind"], parking["tool"]) == ("topic:Parking", "answer", None)
    assert 0 < parking["score"] <= 1 and parking["ms"] >= 0
    assert (thanks["kind"], bye["kind"]) == ("small_talk", "goodbye")


def test_conversations_do_not_know_of_each_other(shop, tmp_path):
    first, second = ask(tmp_path, [["Where can I park?"], ["Can you repeat that?"]], "--draft")

    assert (first["conversation"], second["conversation"]) == (0, 1)
    assert second["text"] == "Hello!"


def test_an_environment_is_asked_for_its_own_version(shop, tmp_path):
    publish.publish(shop, by=None, environment=Environment.SANDBOX)
    topics.import_topics(shop, [{**TOPICS[0], "content": "Park in front."}], by=None)

    (published,) = ask(tmp_path, [["Where can I park?"]], "--environment", "sandbox")
    (draft,) = ask(tmp_path, [["Where can I park?"]], "--draft")

    assert (published["text"], draft["text"]) == ("Park behind the house.", "Park in front.")


def test_what_is_not_published_cannot_be_asked(shop, tmp_path):
    with pytest.raises(CommandError, match="Nothing is published"):
        ask(tmp_path, [["Hello"]])


@pytest.mark.parametrize("content", ['{"a": 1}', '["text"]', "[[1]]", "nonsense"])
def test_a_file_of_another_shape_is_refused_in_one_line(shop, tmp_path, content):
    file = tmp_path / "ask.json"
    file.write_text(content)
    with pytest.raises(CommandError):
        call_command("ask", str(file), "--draft", stdout=io.StringIO())


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "", "  ", "١٢٣ ４５６ 🙂 ‮abc", "<script>alert(1)</script> ${variant_x}", "?" * 500]
)
def test_strange_texts_get_a_plain_answer(shop, tmp_path, text):
    (reply,) = ask(tmp_path, [[text]], "--draft")

    assert reply["text"] and reply["kind"] in ("answer", "lead", "ask", "unknown", "message", "small_talk", "goodbye")


FLOW = {
    "name": "Ring me back",
    "starts": ["Somebody should ring me"],
    "steps": [{"name": "Phone", "kind": "phone", "ask": "Which number?"}],
    "end": {"kind": "say", "text": "We ring ${phone}."},
}


def test_a_flow_tells_what_it_has_collected(shop, tmp_path):
    file = tmp_path / "flows.json"
    file.write_text(json.dumps([FLOW]))
    call_command("flows", "import", str(file), "--project", "shop", stdout=io.StringIO())

    began, check, done, other = ask(
        tmp_path,
        [["Somebody should ring me", "five five five, oh one four two", "Yes", "Where can I park?"]],
        "--draft",
    )

    assert (began["kind"], began["source"], began["data"]) == ("flow", "flow:Ring me back", {})
    assert check["data"] == {"phone": "5550142"}
    assert (done["kind"], done["source"], done["data"]) == (
        "flow",
        "flow_finished:Ring me back",
        {"phone": "5550142"},
    )
    assert done["text"].startswith("We ring 5 5 5, 0 1 4 2.")
    assert (other["kind"], other["data"]) == ("answer", None)
