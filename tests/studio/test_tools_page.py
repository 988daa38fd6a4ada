"""Tools: written, kept, sealed, frozen, tried, and told of in a conversation."""

import json
import threading

import pytest

from agents.authoring import checking, publish, restoring, tool_rules, tools
from agents.brains import snapshot
from agents.models import AuditEntry, Environment, Tool, ToolSecret
from calling.models import ToolCall, Turn
from studio.pages.agent import differences, tool_wording
from studio.running import demo_service
from tests.fakes.tool_service import Answer, ToolService

URL = "/console/harbour-bikes/tools/"
SECRET = "sk-live-8c2e"
GIVEN = {
    "name": "Look up an order",
    "method": "GET",
    "place": "0",
    "know-0-name": "Order number",
    "know-0-kind": "text",
    "url": "https://shop.example.com/orders/{order_number}",
    "fields": "status = order.status",
    "say-en-answer": "Your order {order_number} is {status}.",
    "secret_name": ["X-Api-Key", ""],
    "secret_value": [SECRET, ""],
    "timeout_s": "8",
    "delay_s": "3",
    "active": "on",
    "by_model": "on",
}


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)
    return lambda tool=None, **changes: client.post(f"{URL}{tool.pk if tool else 'new'}/", GIVEN | changes)


def item(**changes):
    base = {"name": "Order", "url": "https://shop.example.com/o/{number}", "parameters": [{"name": "Number"}]}
    return tool_rules.clean(base | changes)


# ── Kept, sealed, frozen ─────────────────────────────────────────────────────────────────────────────────────


def test_a_tool_is_kept_in_the_draft_and_its_key_nowhere_in_the_open(send, client, project):
    assert send().status_code == 302
    tool = Tool.objects.get()
    assert tool.parameters == [{"key": "order_number", "name": "Order number", "kind": "text", "required": True}]
    assert tool.fields == [{"key": "status", "path": "order.status"}] and tool.secrets == ["X-Api-Key"]
    version = publish.publish(project, by=None, environment=Environment.SANDBOX)
    told = json.dumps([version.config, list(AuditEntry.objects.values("details", "target"))])
    assert SECRET not in told and "X-Api-Key" in told
    assert SECRET not in ToolSecret.objects.get().sealed
    assert SECRET not in client.get(f"{URL}{tool.pk}/").content.decode()
    (planned,) = snapshot.read(version.config).tools
    assert tools.doors(project.pk, [planned])[tool.pk].secrets == {"X-Api-Key": SECRET}


def test_a_key_goes_to_the_server_it_was_given_for_and_to_no_other(send, project):
    send()
    tool = Tool.objects.get()
    before = tools.planned(tool)
    answer = send(tool, url="https://evil.example.com/orders/{order_number}", secret_value=["", ""])
    assert answer.status_code == 422 and "belongs to the server" in answer.content.decode()
    assert Tool.objects.get().url == GIVEN["url"]
    Tool.objects.update(url="https://evil.example.com/{order_number}")  # however it came to be
    (door,) = tools.doors(project.pk, [tools.planned(Tool.objects.get())]).values()
    assert door.missing and door.secrets == {"X-Api-Key": ""}
    assert tools.doors(project.pk + 1, [before])[tool.pk].missing


def test_an_edit_keeps_the_key_and_a_deleted_tool_forgets_it(send, client):
    send()
    tool = Tool.objects.get()
    assert send(tool, name="Orders", secret_value=["", ""]).status_code == 302
    assert Tool.objects.get().name == "Orders" and ToolSecret.objects.count() == 1
    client.post(f"{URL}{tool.pk}/delete/")
    assert not Tool.objects.exists() and not ToolSecret.objects.exists()


def test_who_may_not_connect_keeps_no_key(client, editor, project):
    client.force_login(editor)
    assert client.post(f"{URL}new/", GIVEN).status_code == 422
    assert not Tool.objects.exists() and not ToolSecret.objects.exists()
    assert client.post(f"{URL}new/", GIVEN | {"secret_name": [""]}).status_code == 302


def test_a_version_without_tools_is_as_before_and_one_with_them_gives_them_back(send, project):
    assert "tools" not in publish.freeze(project)
    before = publish.freeze(project)
    send()
    version = publish.publish(project, by=None)
    assert [one.what for one in differences.between(before, version.config)] == ["1 new tool"]
    tool = Tool.objects.get()
    send(tool, **{"say-en-answer": "Order {order_number}.", "secret_value": ["", ""]})
    assert {one.text for one in differences.between(version.config, publish.freeze(project))} == {
        "says something else of what it does"
    }
    restoring.make_draft(project, version, by=None)
    assert publish.freeze(project) == version.config and ToolSecret.objects.count() == 1


def test_who_deletes_a_tool_is_told_which_flows_use_it(send, client, project):
    send()
    step = {"name": "Order number", "key": "order_number", "kind": "code", "ask": "Which?", "lookup": GIVEN["name"]}
    project.flows.create(name="Fetching", starts=["fetch"], steps=[step], end={"kind": "message"})
    page = client.get(f"{URL}{Tool.objects.get().pk}/").content.decode()
    assert "The flow “Fetching” uses it, and cannot be published without it." in page
    assert "Flow “Fetching”" in client.get(URL).content.decode()


def test_a_flow_that_ends_with_a_tool_that_is_not_there_is_not_published(project, send):
    end = {"kind": "tool", "tool": "Look up an order"}
    steps = [{"key": "name", "name": "Name", "kind": "name", "ask": "Who?"}]
    project.flows.create(name="An order", starts=["My order"], steps=steps, end=end)
    with pytest.raises(publish.DraftRefused, match="not there"):
        publish.publish(project, by=None)
    send()
    codes = {one.code: one.message for one in checking.check(publish.freeze(project))}
    assert "Order number" in codes["flow_tool_unasked"] and "flow_tool_gone" not in codes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://shop.example.com/x"}, "https://"),
        ({"url": "https://127.0.0.1/x"}, "inside a network"),
        ({"url": "https://localhost/x"}, "inside a network"),
        ({"url": "https://{number}.example.com/x"}, "server’s name"),
        ({"url": "https://shop.example.com/{other}"}, "{other}"),
        ({"url": "https://user:pw@shop.example.com/x"}, "cannot be asked"),
        ({"url": "http://demo-service.localhost.example.com/x"}, "https://"),
        ({"headers": [["Authorization", "Bearer x"]]}, "in the open"),
        ({"headers": [["X-Bad\r\nHost", "x"]]}, "cannot be sent"),
        ({"headers": [["X-Shop", "a\r\nb"]]}, None),
        ({"headers": [["Host", "inner"]]}, "cannot be sent"),
        ({"secrets": ["X-Key", "x-key"]}, "twice"),
        ({"fields": [{"key": "", "path": "a..b"}]}, "cannot be found"),
        ({"words": {"en": {"answer": "It is {nothing}."}}}, "{nothing}"),
        ({"timeout_s": "900"}, "seconds"),
        ({"method": "TRACE"}, "no way"),
        ({"parameters": [{"name": "A"}, {"name": "a"}], "url": "https://shop.example.com/x"}, "name of its own"),
        ({"parameters": [{"name": "A", "kind": "choice"}], "url": "https://shop.example.com/x"}, "two things"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(changes, words):
    kept, problems = item(**changes)
    if words is None:  # line breaks become spaces where they can do nothing
        assert kept["headers"] == [["X-Shop", "a b"]]
    else:
        assert kept == {} and any(words in one for one in problems), problems


def test_what_is_wrong_stands_on_the_page_and_nothing_is_kept(send):
    answer = send(url="ftp://shop.example.com")
    assert answer.status_code == 422 and "Nothing is saved yet." in answer.content.decode()
    assert not Tool.objects.exists() and SECRET not in answer.content.decode()


def test_the_form_takes_things_to_know_in_and_out(send):
    more = send(do="add")
    assert [row.one["name"] for row in more.context["rows"]] == ["Order number", ""]
    assert [row.one for row in send(do="remove:0").context["rows"]] == []
    assert not Tool.objects.exists()


# ── A try ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_try_asks_once_with_the_sample_and_says_what_the_agent_would(send, settings):
    settings.FETCH_PRIVATE = True
    with ToolService(Answer({"order": {"status": "<b>ready</b>"}})) as service:
        answer = send(url=f"{service.url}/orders/{{order_number}}", do="try", **{"sample-0": "47 11"})
    page = answer.content.decode()
    assert answer.context["tried"].said == "Your order 47 11 is ready." and "It worked" in page
    assert service.asked[0].path == "/orders/47%2011" and service.asked[0].headers["X-Api-Key"] == SECRET
    assert "<b>ready" not in page and SECRET not in page and not Tool.objects.exists()
    assert 'placeholder="Not kept yet. Type it once more to save it."' in page


def test_a_try_that_would_change_something_is_asked_for_twice(send, settings):
    settings.FETCH_PRIVATE = True
    with ToolService(Answer({"order": {}})) as service:
        given = {"url": f"{service.url}/{{order_number}}", "method": "POST", "sample-0": "1", "do": "try"}
        assert "Tick the box" in send(**given).content.decode() and service.asked == []
        assert "It worked" in send(**given, really="on").content.decode() and len(service.asked) == 1


def test_a_try_that_fails_says_why_in_plain_words(send, settings):
    assert "missing or not of its kind" in send(do="try").content.decode()
    inner = send(do="try", url="http://demo-service.localhost/orders/{order_number}", **{"sample-0": "1"})
    assert "order desk is not running" in inner.content.decode()


def test_every_way_to_fail_has_words_and_stands_in_the_document(settings):
    told = (settings.BASE_DIR / "docs" / "tools.md").read_text(encoding="utf-8")
    assert all(f"`{code}`" in told for code in tool_wording.FAILED)


# ── Told of ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_conversation_shows_each_call_with_what_was_told_and_what_came_of_it(client, owner, furnished):
    client.force_login(owner)
    call = furnished.conversation
    made = ToolCall.objects.create(
        conversation=call, key="k1", tool="Look up an order", method="GET", arguments={"number": "<4711>"},
        outcome={"state": "done", "values": {"status": "ready"}, "ms": 400},
    )  # fmt: skip
    ToolCall.objects.create(conversation=call, key="k2", tool="Book", method="POST")
    Turn.objects.filter(conversation=call, index=2).update(
        decision={
            "tools": [
                {"name": made.tool, "state": "done", "key": "k1"},
                {"name": "X", "state": "failed", "code": "GONE"},
            ]
        }
    )
    page = client.get(f"/console/harbour-bikes/conversations/{call.pk}/").content.decode()
    assert "Tool “Look up an order” (number: &lt;4711&gt;): It worked (status: ready), 0.4 s" in page
    assert "Tool “Book”: Nobody can tell whether it went through" in page
    why = client.get(f"/console/harbour-bikes/conversations/{call.pk}/?why=2").content.decode()
    assert why.count("Tool “Look up an order”") == 2 and "Tool “X”: It failed. The tool was not there." in why
    export = client.post(f"/console/harbour-bikes/conversations/{call.pk}/export/", {"as": "json"})
    told = json.loads(b"".join(export) if export.streaming else export.content)["tools"]
    assert [(one["tool"], one["arguments"]) for one in told] == [(made.tool, {"number": "<4711>"}), ("Book", {})]
    (row,) = [one for one in client.get(URL).context["rows"] if one["tool"].name == made.tool]
    assert (row["called"], row["failed"]) == (1, 0)


# ── The demo's order desk ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    service = demo_service.server(tmp_path)
    thread = threading.Thread(target=service.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield service
    service.shutdown()
    service.server_close()
    demo_service.forget(tmp_path)


def test_the_demos_tools_work_with_no_setting_and_say_so_when_the_desk_is_not_there(send, desk, settings):
    settings.FETCH_PRIVATE = False
    rows = json.loads((settings.BASE_DIR / "studio" / "demo_tools.json").read_text(encoding="utf-8"))
    made = [tool_rules.clean(row) for row in rows]
    assert [problems for _row, problems in made] == [[], []]
    key = demo_service.key(settings.DATA_DIR)
    given = {
        "do": "try",
        "url": rows[1]["url"],
        "fields": "status = order.status",
        "secret_value": [key, ""],
        "sample-0": "47111",
    }
    assert "in the workshop" in send(**given).content.decode()
    assert "The answer was no" in send(**given | {"sample-0": "99999"}).content.decode()
    assert "refused the key" in send(**given | {"secret_value": ["wrong", ""]}).content.decode()
    demo_service.forget(settings.DATA_DIR)
    assert "is not running" in send(**given).content.decode()


def test_the_desk_books_once_for_one_key_and_not_more_than_it_has_room_for(tmp_path):
    desk = demo_service.Desk(tmp_path / "data.json")
    body = {"day": "2999-12-04", "time": "10:00", "name": "Ann"}
    first = desk.asked("POST", "/appointments", body, "k1")
    assert first[0] == 201 and desk.asked("POST", "/appointments", body, "k1") == first
    again = demo_service.Desk(tmp_path / "data.json")  # a process later
    assert again.asked("POST", "/appointments", body, "k1") == first
    assert [again.asked("POST", "/appointments", body, key)[0] for key in ("k2", "k3")] == [201, 409]
    assert again.asked("POST", "/appointments", {**body, "day": "2001-01-01"}, "k4")[0] == 422
    assert len(again.asked("GET", "/appointments", {}, "")[1]["appointments"]) == 2


def test_names_in_braces_are_understood_as_they_stand_on_the_page():
    from agents.authoring.tool_rules import clean

    item = {"name": "Look", "url": "https://shop.example.com/{Order number}", "parameters": [{"name": "Order number"}],
            "words": {"en": {"answer": "Order {order number} is on its way to ${page.name}."}}}  # fmt: skip
    kept, problems = clean(item)
    assert problems == [] and kept["url"] == "https://shop.example.com/{order_number}"
    assert kept["words"]["en"]["answer"] == "Order {order_number} is on its way to ${page.name}."
