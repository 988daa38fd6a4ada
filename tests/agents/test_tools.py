"""Tools: what is asked of an owner's system, what comes back, and what nobody gets past either."""

import json
import threading

import pytest

from agents.brains.tools import caller, plan, telling
from agents.brains.tools.arguments import ARGUMENTS_MOST, BadArguments, checked, from_json
from agents.brains.tools.caller import Door
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.request import KEY_HEADER, request
from tests.fakes.tool_service import Answer, ToolService

ORDER = {
    "id": 3,
    "name": "Look up an order",
    "about": "When somebody asks where an order is.",
    "method": "GET",
    "url": "https://shop.example.com/orders/{number}?lang={language}",
    "parameters": [
        {"key": "number", "name": "Order number", "kind": "text"},
        {"key": "language", "name": "Language", "value": "${language}", "required": False},
    ],
    "secrets": ["X-Api-Key"],
    "fields": [{"key": "status", "path": "order.status"}, {"key": "day", "path": "order.arrives"}],
    "words": {
        "en": {"answer": "Your order {number} is {status}. It arrives on {day}.", "refused": "No order {number}."}
    },
}
BOOK = {
    "id": 4,
    "name": "Book a repair",
    "method": "POST",
    "url": "https://shop.example.com/repairs",
    "parameters": [
        {"key": "day", "kind": "date"},
        {"key": "bikes", "kind": "number"},
        {"key": "urgent", "kind": "yesno", "required": False},
        {"key": "what", "kind": "choice", "options": ["Brakes", "Gears"]},
    ],
}
FRIDAY = {"day": "2026-12-04", "bikes": "2", "what": "brakes", "urgent": "yes"}


def tool(service=None, base=ORDER, **changes):
    row = {**base, **changes}
    if service:
        row["url"] = row["url"].replace("https://shop.example.com", service.url)
    return plan.tool(row)


async def ask(service, given=None, base=ORDER, private=True, secrets=None, **changes):
    asked = tool(service, base, **changes)
    arguments = checked(asked, given or {"number": "4711"}, {"language": "en"})
    return await caller.call(asked, arguments, Door(secrets or {"X-Api-Key": "sk-7"}, private=private), "key-1")


def path(**given):
    asked = tool()
    return request(asked, checked(asked, given, {"language": "en"}), {}, "k").path


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_values_go_into_address_and_query_and_the_rest_into_the_body():
    with ToolService(Answer({"order": {"status": "ready"}})) as service:
        await ask(service)
        await ask(service, FRIDAY, BOOK)
    read, wrote = service.asked
    assert (read.method, read.path, read.headers["X-Api-Key"]) == ("GET", "/orders/4711?lang=en", "sk-7")
    assert (wrote.method, wrote.path) == ("POST", "/repairs")
    assert wrote.json == {"day": "2026-12-04", "bikes": 2, "urgent": True, "what": "Brakes"}
    assert wrote.headers[KEY_HEADER] == "key-1"


@pytest.mark.parametrize("value", ["../admin", "..", ".", "a/b", "a\\b", "%2e%2e", "..%2f", "  . "])
def test_a_value_does_not_leave_its_place_in_the_path(value):
    with pytest.raises(BadArguments):
        path(number=value)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("1?admin=1", "/orders/1%3Fadmin%3D1?lang=en"),
        ("1&x=2", "/orders/1%26x%3D2?lang=en"),
        ("1#top", "/orders/1%23top?lang=en"),
        ("1;x", "/orders/1%3Bx?lang=en"),
        ("@evil.example", "/orders/%40evil.example?lang=en"),
        ("{language}", "/orders/%7Blanguage%7D?lang=en"),
        ("ä b", "/orders/%C3%A4%20b?lang=en"),
    ],
)
async def test_a_value_adds_nothing_to_the_address(value, sent):
    assert path(number=value) == sent
    with ToolService() as service:
        await ask(service, {"number": value})
    assert service.asked[0].path == sent


@pytest.mark.parametrize("value", ["1\r\nX-Admin: yes", "1\n", "a\x00b", "a\x1bb", "x" * 501, ["a"], {"a": 1}])
def test_a_value_with_line_breaks_or_of_another_shape_is_refused(value):
    if value == "1\n":  # trailing spaces are nobody's fault
        assert path(number=value) == "/orders/1?lang=en"
        return
    with pytest.raises(BadArguments):
        path(number=value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day", "Friday"),
        ("bikes", "two"),
        ("bikes", "1e999"),
        ("bikes", "nan"),
        ("what", "Wheels"),
        ("urgent", "maybe"),
    ],
)
def test_a_value_of_another_kind_is_refused_and_a_missing_one_too(name, value):
    with pytest.raises(BadArguments) as bad:
        checked(tool(base=BOOK), FRIDAY | {name: value})
    assert bad.value.key == name
    with pytest.raises(BadArguments):
        checked(tool(base=BOOK), {"bikes": 1, "what": "Gears"})


def test_what_a_tool_does_not_know_is_not_sent():
    assert "admin" not in checked(tool(base=BOOK), FRIDAY | {"admin": "true"})


def test_a_model_cannot_set_what_is_filled_in_by_itself():
    assert checked(tool(), {"number": "1", "language": "xx"}, {"language": "de"})["language"] == "de"


@pytest.mark.parametrize("text", ["[1]", "{", '"x"', "x" * (ARGUMENTS_MOST + 1), "[" * 90_000])
def test_arguments_that_are_no_object_or_too_long_are_refused(text):
    with pytest.raises(BadArguments):
        from_json(text)


def test_headers_of_the_wire_are_never_an_owners():
    asked = tool(headers=[["Host", "inner"], ["Idempotency-Key", "x"], ["X-Shop", "7"]])
    sent = request(asked, {"number": "1"}, {"Content-Length": "5"}, "ours").headers
    assert sent["X-Shop"] == "7" and sent[KEY_HEADER] == "ours" and not {"Host", "Content-Length"} & set(sent)


def test_a_sealed_value_is_printed_nowhere():
    door = Door({"X-Api-Key": "sk-secret"})
    asked = request(tool(), {"number": "1"}, door.secrets, "k")
    assert "sk-secret" not in f"{door} {asked} {door!r} {asked!r}"


# ── What comes back ──────────────────────────────────────────────────────────────────────────────────────────


async def test_the_chosen_parts_of_an_answer_become_the_owners_sentence():
    with ToolService(Answer({"order": {"status": "ready", "arrives": "2026-12-04", "internal": "x"}})) as service:
        outcome = await ask(service)
    assert (outcome.state, outcome.values) == ("done", {"status": "ready", "day": "2026-12-04"})
    said = telling.told(tool(), outcome, "en", {"number": "4711"})
    assert said == "Your order 4711 is ready. It arrives on Friday, 4 December."


async def test_a_sentence_whose_part_is_missing_is_left_out():
    with ToolService(Answer({"order": {"status": "ready"}})) as service:
        outcome = await ask(service)
    assert telling.told(tool(), outcome, "en", {"number": "4711"}) == "Your order 4711 is ready."


@pytest.mark.parametrize("status", [404, 409, 410, 422])
async def test_an_answer_that_says_no_is_told_as_one(status):
    with ToolService(Answer({"order": {}}, status)) as service:
        outcome = await ask(service)
    assert outcome.state == "refused"
    assert telling.told(tool(), outcome, "en", {"number": "4711"}) == "No order 4711."


async def test_markup_and_steering_signs_in_an_answer_are_not_said():
    nasty = {"order": {"status": "<script>alert(1)</script><b>ready</b>\x1b[31m\u202e${page.x} {day}", "arrives": "x"}}
    with ToolService(Answer(nasty)) as service:
        outcome = await ask(service)
    said = telling.told(tool(), outcome, "en", {"number": "4711"})
    assert "<" not in said and "\x1b" not in said and "\u202e" not in said and "alert" not in said
    assert "{day}" in said  # a value is not filled again


FAULTS = [
    (Answer(b"x" * 100_000), "GARBLED"),
    (Answer(b"<html>no</html>", headers={"Content-Type": "text/html"}), "GARBLED"),
    (Answer(b"[" * 60_000), "GARBLED"),
    (Answer(b'{"order": ' + b"9" * 5000 + b"}"), "GARBLED"),
    (Answer(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), "GARBLED"),
    (Answer(status=302, headers={"Location": "http://127.0.0.1/"}), "REDIRECT"),
    (Answer(status=307, headers={"Location": "http://169.254.169.254/latest"}), "REDIRECT"),
    (Answer(status=401), "KEY_REFUSED"),
    (Answer(status=429), "TOO_MANY"),
    (Answer(status=400), "NOT_UNDERSTOOD"),
    (Answer(status=503), "UNAVAILABLE"),
    (Answer(breaks=True), "UNREACHABLE"),
]


@pytest.mark.parametrize(("answer", "code"), FAULTS)
async def test_what_goes_wrong_is_a_failure_with_a_code_and_is_not_followed(answer, code):
    with ToolService(answer) as service:
        outcome = await ask(service)
    assert (outcome.state, outcome.code) == ("failed", code)
    assert len(service.asked) == (2 if code in ("UNAVAILABLE", "UNREACHABLE") else 1)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(("answer", "code"), FAULTS[3:4] + FAULTS[6:7] + FAULTS[-2:])
async def test_what_changes_something_is_asked_once_and_its_failing_is_not_called_undone(answer, code, method):
    with ToolService(answer) as service:
        outcome = await ask(service, FRIDAY, BOOK, method=method, fields=[{"key": "id", "path": "id"}])
    assert (outcome.state, outcome.code) == ("failed" if code == "REDIRECT" else "unknown", code)
    assert len(service.asked) == 1


async def test_a_body_that_drips_is_given_up():
    with ToolService(Answer({"order": {}}, drips=True)) as service:
        outcome = await ask(service, timeout_s=0.2)
    assert (outcome.state, outcome.code) == ("failed", "TOO_SLOW")


async def test_who_answers_too_late_may_have_done_it():
    with ToolService(Answer(waits=threading.Event())) as service:
        outcome = await ask(service, FRIDAY, BOOK, timeout_s=0.2)
    assert (outcome.state, outcome.code) == ("unknown", "TOO_SLOW")
    assert "cannot tell" in telling.told(tool(base=BOOK), outcome, "en", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/x",
        "https://[::1]/x",
    ],
)
async def test_inner_addresses_are_not_asked(url):
    outcome = await ask(None, private=False, url=url)
    assert (outcome.state, outcome.code) == ("failed", "NOT_ALLOWED")


async def test_without_its_sealed_value_or_its_service_nothing_is_sent():
    with ToolService() as service:
        asked = tool(service)
        for door, code in ((Door(missing=True), "NO_KEY"), (Door(address=""), "NOT_RUNNING")):
            outcome = await caller.call(asked, {"number": "1"}, door, "k")
            assert (outcome.state, outcome.code) == ("failed", code)
    assert service.asked == []


def test_an_outcome_is_the_same_after_it_was_kept():
    outcome = Outcome("done", {"status": "ready"}, status=200, ms=12, text="{}")
    kept = json.loads(json.dumps(outcome.to_json()))
    assert Outcome.from_json(kept, again=False) == outcome


def test_a_schema_names_what_is_asked_for_only():
    told = tool(base=BOOK).schema()["parameters"]
    assert told["required"] == ["day", "bikes", "what"] and told["properties"]["what"]["enum"] == ["Brakes", "Gears"]
    assert set(tool().schema()["parameters"]["properties"]) == {"number"}
