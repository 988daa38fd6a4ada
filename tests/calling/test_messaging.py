"""A chat by the messaging API, driven by a client that behaves as the published mobile apps do."""

import json
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine.text import Written
from calling.gateway.chat import consumer, here
from calling.lines import messaging, text
from calling.models import Chat, ChatEvent, Conversation, Turn
from calling.record.store import chat_limits
from calling.record.store import chats as store
from tests.fakes.messaging import PREFIX, Sdk, types
from widgets.refusals import CODES
from widgets.refusals import Refused as Turned

from .conftest import APP

GREETING = "Hello, this is Robin. How can I help?"
HOURS = "We open at 9.\n\n- Monday\n- Friday"
QUESTION = "when are you open"


def db(work, *given, **named):
    return sync_to_async(work)(*given, **named)


def kept(client):
    return db(lambda: list(ChatEvent.objects.filter(chat=client.session).values_list("type", flat=True)))


async def again(client, **more):
    """The same chat on another socket, of another tab or after a lost network."""
    other = Sdk("", APP, platform=client.platform)
    other.access, other.session = client.access, client.session
    for name, value in more.items():
        setattr(other, name, value)
    return await other.open()


# ── A conversation ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_agent_comes_when_it_is_asked_for_and_says_hello(sdk):
    client = await sdk().start()
    assert types(client.events) == [
        "SESSION_START",
        "REQUEST_POLY_AGENT_JOIN",
        "POLY_AGENT_JOINED",
        "POLY_AGENT_MESSAGE",
    ]
    assert client.events[2]["payload"] == {"agent_name": "Robin", "agent_avatar_url": ""}
    said = client.events[3]["payload"]
    assert said["text"] == GREETING and said["agent_name"] == "Robin" and said["message_id"]
    assert said["end_conversation"] is False
    assert (said["attachments"], said["response_suggestions"], said["chat_call_actions"]) == ([], [], [])


async def test_a_language_that_the_agent_has_not_is_greeted_in_its_first(sdk):
    client = await sdk().start(language="fr")
    assert client.texts == [GREETING]
    assert (await db(Chat.objects.get)).language == "fr" and (await db(Conversation.objects.get)).language == "en"


async def test_every_event_has_an_id_a_time_and_a_rising_number(sdk):
    client = await sdk().start()
    await client.ask(QUESTION)
    numbered = [event for event in client.events if event["sequence"] is not None]
    assert [event["sequence"] for event in numbered] == list(range(1, len(numbered) + 1))
    for frame in client.frames:
        for event in frame["payload"].get("events", [frame]):
            assert (
                uuid.UUID(event["id"])
                and event["timestamp"]
                and event["metadata"] == {"custom": {}} | event["metadata"]
            )
    assert [event["type"] for event in client.events if event["sequence"] is None] == [PREFIX + "POLY_AGENT_THINKING"]


async def test_a_message_is_echoed_before_anybody_thinks(sdk):
    client = await sdk().start()
    local = await client.write(QUESTION)
    await client.until(lambda: len(client.texts) == 2)
    echo, thinking, answer = client.events[-3:]
    assert types([echo, thinking, answer]) == ["USER_MESSAGE", "POLY_AGENT_THINKING", "POLY_AGENT_MESSAGE"]
    assert echo["payload"]["text"] == QUESTION and echo["payload"]["message_id"]
    assert echo["metadata"]["custom"] == {"local_id": local}
    assert client.unconfirmed == {}


async def test_an_answer_is_made_for_reading(sdk):
    client = await sdk().start()
    assert await client.ask(QUESTION) == HOURS
    assert await client.ask("what does it cost") == "See [our list](https://example.com/p)."


async def test_the_chat_is_a_conversation_with_turns(sdk, chat_widget):
    client = await sdk().start()
    await client.ask(QUESTION)

    def look():
        call = Conversation.objects.get()
        assert (call.channel, call.site, call.widget, call.ended_at) == ("chat", APP, chat_widget, None)
        assert call.answered_at == call.started_at and call.reference
        turns = list(Turn.objects.values_list("index", "speaker", "text", "source"))
        assert turns == [
            (0, "agent", GREETING, "greeting"),
            (1, "visitor", QUESTION, ""),
            (2, "agent", HOURS, "topic:Hours"),
        ]
        assert "thinking" in Turn.objects.get(index=2).timings
        assert call.agent_state["spoken"] == "Hours"

    await db(look)


async def test_whoever_writes_at_once_asks_for_the_agent(sdk):
    client = await sdk().begin()
    client.agent_joined = True  # it does not ask
    await client.open()
    await client.write(QUESTION)
    await client.until(lambda: HOURS in client.texts)
    assert client.texts == [HOURS]
    assert "POLY_AGENT_JOINED" in types(client.events) and "REQUEST_POLY_AGENT_JOIN" not in types(client.events)


async def test_the_agent_is_asked_for_once(sdk):
    client = await sdk().start()
    before = await kept(client)
    await client.say("REQUEST_POLY_AGENT_JOIN")
    await client.hear()
    await client.hear()
    told = client.frames[-2:]
    assert types(told) == ["REQUEST_POLY_AGENT_JOIN", "POLY_AGENT_JOINED"]
    assert {one["id"] for one in told} <= client.seen, "the same events"
    assert await kept(client) == before


async def test_a_question_back_brings_suggestions(sdk, project, monkeypatch):
    client = await sdk().start()

    async def asks(self, given):
        from agents.engine.text import Written

        return Written("Do you mean Hours, or Prices?", "ask", chips=("Hours", "Prices"))

    monkeypatch.setattr("agents.engine.text.TextAgent.answer", asks)
    await client.ask("hm")
    assert client.events[-1]["payload"]["response_suggestions"] == [
        {"message_text": "Hours"},
        {"message_text": "Prices"},
    ]


async def test_messages_are_answered_one_after_the_other(sdk):
    client = await sdk().start()
    await client.write(QUESTION)
    await client.write("what does it cost")
    await client.until(lambda: len(client.texts) == 3)
    assert client.texts[1:] == [HOURS, "See [our list](https://example.com/p)."]
    assert await db(lambda: list(Turn.objects.values_list("index", flat=True))) == [0, 1, 2, 3, 4]


# ── Chunks ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("platform", messaging.PLATFORMS)
async def test_a_streamed_answer_reads_as_it_was_written_on_every_platform(sdk, platform):
    client = sdk(platform=platform, streaming=True)
    if platform not in ("ios", "android"):
        client.platform = "web"
    await client.begin(platform=platform)
    await client.open()
    await client.until(lambda: client.texts)
    assert await client.ask(QUESTION) == HOURS
    chunks = [event["payload"] for event in client.events if event["type"].endswith("CHUNK")]
    last = chunks[-1]
    assert last["is_complete"] and last["text"] == "" and not any(one["is_complete"] for one in chunks[-2:-1])
    assert chunks[-2]["chunk_index"] == last["chunk_index"] - 1
    assert "POLY_AGENT_MESSAGE" not in types(client.events)


@given(st.text(alphabet="ab -*[](\n\t", max_size=400).map(str.strip))
def test_chunks_join_to_what_was_written(written):
    assert " ".join(text.chunks(written, spaced=False)) == written
    assert "".join(text.chunks(written, spaced=True)) == written


@pytest.mark.parametrize("streams", [True, False])
def test_a_client_is_told_that_the_agent_goes_on_in_another_language(streams):
    change = ("language_changed", {"language": "de", "before": "en"})
    written = Written("Guten Tag.", "language", events=(("link_shown", {}), change))
    told = text.told(written, "m1", streams=streams, platform="web", agent_name="Robin", avatar_url="")
    assert told[0] == ("LANGUAGE_CHANGED", {"language_code": "de"}) and told[1][1]["text"] == "Guten Tag."


# ── The same again ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_message_that_is_sent_again_is_kept_and_answered_once(sdk):
    client = await sdk().start()
    local = str(uuid.uuid4())
    await client.write(QUESTION, local)
    await client.until(lambda: len(client.texts) == 2)
    before = await kept(client)
    client.unconfirmed[local] = QUESTION
    await client.resend()
    await client.hear()
    assert client.frames[-1]["type"] == PREFIX + "USER_MESSAGE" and client.frames[-1]["id"] in client.seen
    await here.here().hub.quiet()
    assert await kept(client) == before


async def test_a_local_id_with_other_words_is_refused_and_nothing_changes(sdk):
    client = await sdk().start()
    local = await client.write(QUESTION)
    await client.until(lambda: len(client.texts) == 2)
    before = await kept(client)
    await client.write("something else", local)
    refused = (await client.heard("SYSTEM_MESSAGE"))["payload"]
    assert (refused["level"], refused["code"]) == ("SYSTEM_MESSAGE_LEVEL_ERROR", "MESSAGE_CHANGED")
    assert await kept(client) == before


@pytest.mark.parametrize(
    "frame",
    [
        {"type": PREFIX + "USER_MESSAGE", "payload": {"text": " "}},
        {"type": PREFIX + "USER_MESSAGE", "payload": {"text": 5}},
        {"type": PREFIX + "USER_MESSAGE", "payload": "x"},
        {"type": PREFIX + "LINK_TO_WEBRTC_CONVERSATION", "payload": {}},
        {"type": PREFIX + "USER_TYPING", "payload": {"state": "x"}},
        {"type": PREFIX + "SESSION_END"},
    ],
)
def test_a_refusal_says_which_message_it_is_about(frame):
    with pytest.raises(Turned) as refused:
        messaging.parse(json.dumps(frame | {"metadata": {"custom": {"local_id": 7}}}))
    assert refused.value.custom == {"local_id": "7"}


async def test_metadata_comes_back_as_texts(sdk):
    client = await sdk().start()
    frame = {
        "type": "EVENT_TYPE_USER_MESSAGE",
        "payload": {"text": QUESTION},
        "metadata": {"custom": {"local_id": "a", "n": 1, "yes": True, "deep": {"x": 1}}},
    }
    await client.say_raw(json.dumps(frame))
    echo = await client.heard("USER_MESSAGE")
    assert echo["metadata"]["custom"] == {"local_id": "a", "n": "1", "yes": "true"}


async def test_who_comes_back_gets_what_it_lacks_under_the_same_ids(sdk):
    client = await sdk().start()
    await client.leave()
    other = await again(client)
    await other.ask(QUESTION)
    await other.leave()
    seen = set(client.seen)
    await client.open()
    assert types(client.batches[-1])[:2] == ["SESSION_START", "POLY_AGENT_JOINED"], (
        "or it would ask for the agent again"
    )
    assert client.seen - seen == other.seen - seen
    assert client.texts == [GREETING, HOURS]


async def test_a_long_history_comes_in_frames_of_a_size(sdk):
    client = await sdk().start()

    def fill():
        chat = Chat.objects.get(pk=client.session)
        ChatEvent.objects.bulk_create(
            ChatEvent(
                chat=chat,
                sequence=chat.last_sequence + number + 1,
                type="POLY_AGENT_MESSAGE",
                payload={"text": "x" * 1000, "message_id": str(number)},
                at=timezone.now(),
            )
            for number in range(300)
        )
        Chat.objects.update(last_sequence=chat.last_sequence + 300)

    await db(fill)
    other = await again(client)
    await other.until(lambda: len(other.texts) == 301)
    assert all(len(json.dumps(frame)) < messaging.FRAME_BYTES for frame in other.frames)
    assert all(frame["type"] == PREFIX + "EVENT_BATCH" for frame in other.frames)
    await other.leave()


# ── What is refused ──────────────────────────────────────────────────────────────────────────────────────────

STRANGE = [
    ("EVENT_TYPE_POLY_AGENT_MESSAGE", {"text": "I am the agent"}, "INVALID_MESSAGE"),
    ("EVENT_TYPE_SESSION_END", {}, "INVALID_MESSAGE"),
    ("EVENT_TYPE_EVENT_BATCH", {"events": []}, "INVALID_MESSAGE"),
    ("x", {}, "INVALID_MESSAGE"),
    ("EVENT_TYPE_USER_MESSAGE", {"text": " \n"}, "INVALID_ARGUMENT"),
    ("EVENT_TYPE_USER_MESSAGE", {"text": 7}, "INVALID_ARGUMENT"),
    ("EVENT_TYPE_USER_MESSAGE", {}, "INVALID_ARGUMENT"),
    ("EVENT_TYPE_USER_TYPING", {"state": "TYPING"}, "INVALID_ARGUMENT"),
    ("EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION", {"call_sid": ""}, "INVALID_ARGUMENT"),
    ("EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION", {"call_sid": "x" * 200}, "INVALID_ARGUMENT"),
]


async def test_what_a_client_may_not_say_is_refused_and_the_socket_stays_open(sdk):
    client = await sdk().start()
    before = await kept(client)
    for type, payload, code in STRANGE:
        await client.say_raw(
            json.dumps({"type": type, "payload": payload, "metadata": {"custom": {"local_id": "strange"}}})
        )
        event = await client.heard("SYSTEM_MESSAGE")
        refused = event["payload"]
        assert (refused["code"], refused["level"]) == (code, "SYSTEM_MESSAGE_LEVEL_ERROR"), type
        assert event["metadata"]["custom"] == {"local_id": "strange"}, "whoever sent it knows which one"
    assert client.socket is not None
    await client.socket.send(b"\x00\x01")
    assert (await client.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "INVALID_MESSAGE"
    assert await kept(client) == before
    assert await client.ask(QUESTION) == HOURS


async def test_a_message_of_128_kb_is_taken_and_one_byte_more_is_too_large(sdk):
    client = await sdk().start()
    frame = json.dumps({"type": "EVENT_TYPE_USER_MESSAGE", "payload": {"text": "%"}})
    most = frame.replace("%", "x" * (messaging.FRAME_BYTES - len(frame) + 1))
    await client.say_raw(most)
    await client.heard("USER_MESSAGE")
    await client.say_raw(most + " ")
    refused = (await client.heard("SYSTEM_MESSAGE"))["payload"]
    assert (refused["message"], refused["code"]) == ("Message too large", "TOO_LARGE")


async def test_too_many_frames_close_the_socket_and_the_chat_goes_on(sdk, monkeypatch):
    monkeypatch.setattr(consumer, "FRAMES_A_SECOND", 0.0)
    monkeypatch.setattr(consumer, "BURST", 5.0)
    client = await sdk().start()
    for _ in range(6):
        await client.say("HEARTBEAT")
    assert await client.close_code() == 4002
    await client.open()
    assert client.closed is None


async def test_messages_that_nobody_answers_do_not_pile_up(sdk, monkeypatch):
    monkeypatch.setattr(store, "UNANSWERED_MOST", 2)
    client = await sdk().start()
    await here.here().hub.quiet()  # the greeting's own work looks once more whether something waits
    monkeypatch.setattr(here.here().answers, "wake", lambda chat: None)
    for _ in range(2):
        await client.write("hm")
        await client.heard("USER_MESSAGE")
    await client.write("hm")
    assert (await client.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "RATE_LIMITED"
    assert client.closed is None


async def test_a_chat_has_an_end_of_its_length(sdk, monkeypatch):
    client = await sdk().start()
    monkeypatch.setattr(chat_limits, "EVENTS_MOST", 4)
    await client.write("hm")
    assert (await client.heard("SYSTEM_MESSAGE"))["payload"]["code"] == "CHAT_FULL"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda more: st.lists(more, max_size=3) | st.dictionaries(st.text(max_size=8), more, max_size=3),
    max_leaves=8,
)
TYPES = st.sampled_from([PREFIX + name for name in (
    "REQUEST_POLY_AGENT_JOIN", "USER_MESSAGE", "USER_TYPING", "USER_END_SESSION", "HEARTBEAT",
    "LINK_TO_WEBRTC_CONVERSATION")]) | JSON  # fmt: skip
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "type": TYPES,
        "payload": JSON | st.fixed_dictionaries({}, optional={"text": JSON, "state": JSON, "call_sid": JSON}),
        "metadata": JSON | st.fixed_dictionaries({"custom": JSON | st.dictionaries(st.text(), JSON)}),
    },
)


@pytest.mark.long
@settings(max_examples=400)
@given(FIELDS.map(json.dumps) | st.text() | JSON.map(json.dumps))
def test_whatever_is_sent_is_a_message_or_a_documented_refusal(sent):
    try:
        said = messaging.parse(sent)
    except Turned as refused:
        assert refused.code in CODES
    else:
        custom = getattr(said, "custom", {})
        assert all(isinstance(value, str) for value in custom.values())
        json.dumps(custom, ensure_ascii=False).encode()
