"""What holds for every model service that is asked: against a real HTTP server that speaks the documented wire."""

import asyncio
import json
from dataclasses import replace

import pytest

from agents.brains.language_model.base import Done, Limits, Message, ModelError, ToolCall, Usage, Words
from agents.brains.language_model.client import Client
from agents.brains.language_model.transport import ServiceTransport
from agents.brains.language_model.wire import Habits
from agents.connections.service import Service
from tests.fakes.model_service import ModelService, Says

QUICK = Limits(first_s=5, between_s=5, all_s=10, retry_wait_s=1)
ASKED = [Message("system", "Be brief."), Message("user", "When do you open?")]


@pytest.fixture(params=["chat", "responses"])
def service(request):
    """One that speaks one wire only, whichever: nobody says beforehand."""
    with ModelService(wire=request.param) as running:
        yield running


@pytest.fixture
def chat():
    with ModelService() as running:
        yield running


@pytest.fixture
async def client():
    """Makes clients that know the way to a service on this machine."""
    ways = []

    def make(service: ModelService, *, key: str = "", limits: Limits = QUICK, private: bool = True) -> Client:
        opened = Service(1, "openai", "Writer", service.address, key or service.key, private)
        ways.append(ServiceTransport(opened))
        # Where a moment counts, what was found out before is known.
        known = Habits(responses=service.wire == "responses" and limits is not QUICK)
        return Client("writer-mini", ways[-1], limits, known)

    yield make
    for way in ways:
        await way.close()


def noting(refuse, noted):
    def told(writer, status, *more):
        noted.append(status)
        return refuse(writer, status, *more)

    return told


async def everything(asked: Client, **more):
    return [delta async for delta in asked.ask(ASKED, **more)]


def text(deltas) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, Words))


async def failure(asked: Client) -> ModelError:
    with pytest.raises(ModelError) as raised:
        await everything(asked)
    return raised.value


async def test_an_answer_comes_as_it_is_written_with_what_it_cost(service, client):
    service.answers = [Says(["We open", " at nine", "."], usage=(40, 12))]
    deltas = await everything(client(service))
    assert deltas == [Words("We open"), Words(" at nine"), Words("."), Done("stop", Usage(40, 12))]
    sent = service.asked[0]
    assert sent["model"] == "writer-mini" and sent["stream"] is True
    assert sent["messages" if service.wire == "chat" else "input"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "When do you open?"},
    ]
    assert service.headers[0]["authorization"] == "Bearer sk-test-8c2e"


async def test_the_first_words_are_there_before_the_model_has_finished(service, client):
    service.answers = [Says(["We open at nine. ", "And close at six."], waits_after=1)]
    coming = client(service).ask(ASKED)
    assert await anext(coming) == Words("We open at nine. ")
    service.go_on()
    assert text([delta async for delta in coming]) == "And close at six."


async def test_an_answer_cut_at_every_byte_is_the_same(service, client):
    service.answers = [Says(["Grüße, ", "à bientôt ", "für 20 € 🚲."], torn=True)]
    assert text(await everything(client(service))) == "Grüße, à bientôt für 20 € 🚲."


async def test_a_service_that_does_not_stream_is_understood(service, client):
    service.answers = [Says(["All at once."], whole=True)]
    deltas = await everything(client(service))
    assert deltas == [Words("All at once."), Done("stop", Usage(40, 12))]


async def test_tokens_are_estimated_where_the_service_does_not_count(service, client):
    service.answers = [Says(["12345678"], usage=None)]
    done = (await everything(client(service)))[-1]
    assert done.usage == Usage(7, 2, estimated=True)


async def test_tool_calls_are_put_together_from_their_pieces(service, client):
    arguments = json.dumps({"order": "10482", "note": "n" * 3000})
    service.answers = [Says([], tools=[{"name": "order", "arguments": arguments}, {"name": "day", "arguments": "{}"}])]
    tools = [{"name": "order", "description": "Look it up.", "parameters": {"type": "object"}}]
    deltas = await everything(client(service), tools=tools)
    assert deltas[:2] == [ToolCall("call_0", "order", arguments), ToolCall("call_1", "day", "{}")]
    assert deltas[2].reason == "tool_calls"
    told = {"type": "function", "function": tools[0]} if service.wire == "chat" else {"type": "function", **tools[0]}
    assert service.asked[0]["tools"] == [told]


async def test_options_that_a_service_refuses_by_name_are_left_out_from_then_on(client):
    with ModelService(refuses=("max_tokens", "temperature", "stream_options")) as service:
        asked = client(service)
        service.answers = [Says(["Yes."])]
        assert text(await everything(asked)) == "Yes."
        assert service.requests == 4
        assert service.asked[0].keys() == {"model", "messages", "stream", "max_completion_tokens"}
        await everything(asked)
        assert service.requests == 5


async def test_a_refused_key_is_said_at_once_and_the_key_is_in_no_message(service, client):
    error = await failure(client(service, key="sk-wrong-1234"))
    assert (error.code, error.permanent, service.requests) == ("KEY_REFUSED", True, 1)
    assert "sk-wrong-1234" not in str(error)


@pytest.mark.parametrize(("status", "code"), [(404, "NOT_FOUND"), (400, "NOT_UNDERSTOOD"), (307, "NOT_ALLOWED")])
async def test_refusals_for_good_are_not_asked_twice(service, client, status, code):
    service.answers = [Says(status=status, error="no", headers={"Location": "http://127.0.0.1:1/"})]
    error = await failure(client(service))
    assert (error.code, error.permanent, service.requests) == (code, True, 1)


async def test_a_service_that_stumbles_once_is_asked_once_more(service, client):
    service.answers = [Says(status=503, error="busy"), Says(["Here."])]
    assert text(await everything(client(service))) == "Here."
    service.answers = [Says(status=503), Says(status=500), Says(["Never."])]
    assert (await failure(client(service))).code == "UNAVAILABLE"
    assert service.requests == 4


async def test_a_short_wait_that_the_service_asks_for_is_kept(service, client):
    service.answers = [Says(status=429, headers={"Retry-After": "0"}), Says(["Now."])]
    assert text(await everything(client(service))) == "Now."


async def test_a_long_wait_is_not_waited_for_in_a_call(service, client):
    service.answers = [Says(status=429, error="slow down", headers={"Retry-After": "20"}), Says(["Never."])]
    error = await failure(client(service))
    assert (error.code, error.retry_after_s, service.requests) == ("TOO_MANY", 20.0, 1)


async def test_an_answer_that_breaks_off_in_a_word_is_not_asked_for_again(service, client):
    service.answers = [Says(["We open at", " nine"], cut_after=1), Says(["Never."])]
    heard = []
    with pytest.raises(ModelError) as raised:
        async for delta in client(service).ask(ASKED):
            heard.append(delta)
    assert heard == [Words("We open at")]
    assert raised.value.code in ("UNREACHABLE", "CUT", "GARBAGE") and service.requests == 1


async def test_an_answer_without_an_end_is_no_whole_one(service, client):
    service.answers = [Says(["We open at"], no_end=True)]
    assert (await failure(client(service))).code == "CUT"


async def test_a_silent_service_is_left_within_its_time(service, client):
    service.answers = [Says(silent=True), Says(silent=True)]
    error = await failure(client(service, limits=replace(QUICK, first_s=0.2)))
    assert (error.code, service.requests) == ("TOO_SLOW", 1)  # there is no time left for a second try


async def test_events_without_a_word_are_no_first_word(chat, client):
    thinking = b'data: {"choices": [{"index": 0, "delta": {"reasoning_content": "Hm."}, "finish_reason": null}]}\n\n'
    chat.answers = [Says(raw=[thinking, b""], waits_after=1)] * 2
    assert (await failure(client(chat, limits=replace(QUICK, first_s=0.2)))).code == "TOO_SLOW"


async def test_a_service_that_stops_between_two_words_is_left(service, client):
    service.answers = [Says(["We open", " at nine."], waits_after=1)]
    error = await failure(client(service, limits=replace(QUICK, between_s=0.2)))
    assert error.code == "TOO_SLOW"
    assert await asyncio.to_thread(service.closed_by_client.wait, 10)


async def test_comments_that_keep_a_connection_open_are_no_words(service, client):
    service.answers = [Says(raw=[b": thinking\n\n", b""], waits_after=1)] * 2
    error = await failure(client(service, limits=replace(QUICK, first_s=0.2)))
    assert error.code == "TOO_SLOW"


@pytest.mark.parametrize(
    "body",
    [
        b"data: <html>\n\n",
        b"data: [1]\n\n",
        b'data: {"choices": 3}\n\n',
        b'data: {"choices": ["x"]}\n\n',
        b'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n',
        b'data: {"choices": [{"delta": {"tool_calls": [7]}}]}\n\n',
        b"data: \xff\xfe\n\n",
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"<html>502</html>",
    ],
)
async def test_garbage_is_an_error_and_never_an_answer(chat, client, body):
    chat.answers = [Says(raw=[body])] * 2
    assert (await failure(client(chat))).code in ("GARBAGE", "CUT")


async def test_an_error_in_the_middle_of_the_events_is_one(chat, client):
    good = b'data: {"choices": [{"index": 0, "delta": {"content": "We"}, "finish_reason": null}]}\n\n'
    chat.answers = [Says(raw=[good, b'data: {"error": {"message": "overloaded"}}\n\n'])]
    error = await failure(client(chat))
    assert (error.code, error.detail) == ("UNAVAILABLE", "overloaded")


async def test_what_never_ends_is_left_at_its_bound(service, client):
    service.answers = [Says(["word " * 500] * 10)]
    assert (await failure(client(service))).code == "TOO_LARGE"
    service.answers = [Says([], tools=[{"name": "order", "arguments": "9" * 100_001}])]
    assert (await failure(client(service))).code == "TOO_LARGE"
    service.answers = [Says(raw=[b"data: " + b"x" * 300_000])] * 2
    assert (await failure(client(service))).code == "GARBAGE"


RESPONSES_GARBAGE = [
    b"data: <html>\n\n",
    b'data: {"choices": []}\n\n',
    b'data: {"type": 7}\n\n',
    b'data: {"type": "response.output_text.delta", "delta": {"a": 1}}\n\n',
    b'data: {"type": "response.output_item.added", "output_index": 0, "item": 7}\n\n',
    b'data: {"type": "response.output_item.added", "output_index": "x", "item": {"type": "function_call"}}\n\n',
    b'data: {"type": "response.completed", "response": 7}\n\n',
]


@pytest.mark.parametrize("body", RESPONSES_GARBAGE)
async def test_garbage_on_the_other_wire_is_an_error_too(client, body):
    with ModelService(wire="responses") as service:
        service.answers = [Says(raw=[body])] * 2
        assert (await failure(client(service))).code in ("GARBAGE", "CUT", "TOO_LARGE")


async def test_the_wire_that_a_service_speaks_is_found_once_and_kept(client):
    with ModelService(wire="responses") as service:
        asked, refused = client(service), []
        service._refuse = noting(service._refuse, refused)
        service.answers = [Says(["One."]), Says(["Two."])]
        assert text(await everything(asked)) + text(await everything(asked)) == "One.Two."
        assert refused == [404] and service.requests == 2


async def test_a_failure_that_a_response_reports_is_one(client):
    with ModelService(wire="responses") as service:
        failed = {"type": "response.failed", "response": {"error": {"code": "server_error", "message": "overloaded"}}}
        service.answers = [Says(raw=[f"data: {json.dumps(failed)}\n\n".encode()])] * 2
        error = await failure(client(service))
        assert (error.code, error.detail) == ("UNAVAILABLE", "overloaded")


async def test_what_a_tool_has_told_goes_back_with_the_id_of_its_call(service, client):
    history = [
        *ASKED,
        Message("assistant", "", calls=(ToolCall("call_9", "order", "{}"),)),
        Message("tool", "tomorrow", answers="call_9"),
    ]
    service.answers = [Says(["It comes tomorrow."])]
    assert text([delta async for delta in client(service).ask(history)]) == "It comes tomorrow."
    sent = service.asked[0]
    if service.wire == "chat":
        assert sent["messages"][3] == {"role": "tool", "content": "tomorrow", "tool_call_id": "call_9"}
    else:
        assert sent["input"][2:] == [
            {"type": "function_call", "call_id": "call_9", "name": "order", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_9", "output": "tomorrow"},
        ]


async def test_a_service_that_is_not_there_is_said_to_be_so(client):
    with ModelService() as service:
        pass
    assert (await failure(client(service))).code == "UNREACHABLE"


async def test_a_service_inside_the_network_is_never_asked_unless_the_operator_allows_it(service, client):
    error = await failure(client(service, private=False))
    assert (error.code, error.permanent, service.requests) == ("NOT_ALLOWED", True, 0)


async def test_hanging_up_on_a_model_ends_the_request(service, client):
    service.answers = [Says(["We open", " at nine."], waits_after=1)]
    coming = client(service).ask(ASKED)
    await anext(coming)
    await coming.aclose()
    assert await asyncio.to_thread(service.closed_by_client.wait, 10)
