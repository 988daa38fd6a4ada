"""The signalling messages: what is read, what is refused and with which code, what is written."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calling.call import parsing, protocol
from calling.call.parsing import parse
from calling.call.protocol import ProtocolError
from widgets.refusals import CODES, REPORTED

SAMPLES = json.loads((Path(__file__).parents[1] / "info_samples.json").read_text(encoding="utf-8"))
SDP = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


def offer(**fields):
    return json.dumps({"type": "offer", "data": {"type": "offer", "sdp": SDP}, **fields})


def code_of(text):
    with pytest.raises(ProtocolError) as caught:
        parse(text)
    assert caught.value.code in CODES
    return caught.value.code


@pytest.mark.parametrize("fields", [{}, {"sessionId": None}, {"sessionId": ""}])
def test_a_new_session_may_be_asked_for_with_null_empty_or_no_id(fields):
    assert parse(offer(**fields)) == protocol.Offer(sdp=SDP)


def test_an_offer_of_the_documented_clients_is_understood():
    message = parse(
        offer(
            sessionId=None,
            mode="end-to-end",
            authToken="T",
            callSid="c-1",
            caller="Polyphone",
            callee="Polyphone",
            accountId="a",
            agentVersionOverride={"artifactVersion": "1"},
        )
    )
    assert message == protocol.Offer(SDP, "", "T", "end-to-end", "c-1", "Polyphone", "Polyphone")


@pytest.mark.parametrize("mode", ["agent", "agent_v1", "agent_v2", "cascaded", "normal", "realtime", None])
def test_old_names_of_modes_still_work(mode):
    assert parse(offer(mode=mode)).mode == "end-to-end"


def test_traditional_mode_is_kept():
    assert parse(offer(mode="traditional")).mode == "traditional"


@pytest.mark.parametrize("mode", ["other", "", 3, ["echo"], {}])
def test_an_unknown_mode_is_an_invalid_argument(mode):
    assert code_of(offer(mode=mode)) == "INVALID_ARGUMENT"


def test_echo_is_forbidden():
    assert code_of(offer(mode="echo")) == "FORBIDDEN"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "INVALID_MESSAGE"),
        ("nonsense", "INVALID_MESSAGE"),
        ("[]", "INVALID_MESSAGE"),
        ("null", "INVALID_MESSAGE"),
        ("{}", "INVALID_MESSAGE"),
        ('{"type": []}', "INVALID_MESSAGE"),
        ('{"type": "__class__"}', "INVALID_MESSAGE"),
        ('{"type": "answer"}', "INVALID_MESSAGE"),
        ('{"type": "pong", "t": NaN}', "INVALID_MESSAGE"),
        ('{"type": "pong", "t": -Infinity}', "INVALID_MESSAGE"),
        ('{"type": "pong", "t": 1e999}', "INVALID_ARGUMENT"),
        ('{"type": "pong", "t": ' + "9" * 5000 + "}", "INVALID_MESSAGE"),
        ('{"type": "pong", "t": ' + "9" * 400 + "}", "INVALID_ARGUMENT"),
        ('{"type": "pong", "t": true}', "INVALID_ARGUMENT"),
        ("[" * 30_000, "INVALID_MESSAGE"),
        ('{"a":' * 5_000, "INVALID_MESSAGE"),
        ("x" * (32 * 1024 + 1), "TOO_LARGE"),
        ("ä" * (16 * 1024 + 1), "TOO_LARGE"),
        ('{"type": "hello"}', "UNAUTHORIZED"),
        ('{"type": "hello", "ticket": ""}', "UNAUTHORIZED"),
        ('{"type": "hello", "ticket": 5}', "INVALID_ARGUMENT"),
        ('{"type": "hello", "ticket": "t", "lastEvent": -1}', "INVALID_ARGUMENT"),
        ('{"type": "hello", "ticket": "t", "lastEvent": 1.5}', "INVALID_ARGUMENT"),
        ('{"type": "hello", "ticket": "' + "t" * 5000 + '"}', "INVALID_ARGUMENT"),
        ('{"type": "offer"}', "INVALID_ARGUMENT"),
        ('{"type": "offer", "data": "v=0"}', "INVALID_ARGUMENT"),
        ('{"type": "offer", "data": {"type": "answer", "sdp": "v=0"}}', "INVALID_ARGUMENT"),
        ('{"type": "offer", "data": {"sdp": ""}}', "INVALID_ARGUMENT"),
        ('{"type": "offer", "data": {"sdp": "' + "s" * 25_000 + '"}}', "TOO_LARGE"),
        ('{"type": "ice-candidate", "data": []}', "INVALID_ARGUMENT"),
        ('{"type": "ice-candidate", "data": {"sdpMLineIndex": "0"}}', "INVALID_ARGUMENT"),
        ('{"type": "dtmf", "digit": "12"}', "INVALID_ARGUMENT"),
        ('{"type": "dtmf", "digit": ""}', "INVALID_ARGUMENT"),
        ('{"type": "ask"}', "INVALID_ARGUMENT"),
        ('{"type": "ask", "text": " "}', "INVALID_ARGUMENT"),
        ('{"type": "ask", "text": "' + "x" * 201 + '"}', "INVALID_ARGUMENT"),
        ('{"type": "muted", "muted": 1}', "INVALID_ARGUMENT"),
        ('{"type": "report", "code": "no spaces"}', "INVALID_MESSAGE"),
        ('{"type": "report", "code": ""}', "INVALID_MESSAGE"),
        ('{"type": "report"}', "INVALID_MESSAGE"),
        ('{"type": "report", "code": 3}', "INVALID_ARGUMENT"),
        ('{"type": "close", "sessionId": "\\u0000"}', "INVALID_ARGUMENT"),
        ('{"type": "close", "sessionId": "\\ud800"}', "INVALID_ARGUMENT"),
    ],
)
def test_bad_input_has_a_code(text, code):
    assert code_of(text) == code


def test_a_page_reports_what_the_one_table_lets_it_report_and_nothing_else():
    taken = set()
    for code in [*CODES, "MIC_LOST", "ice_failed"]:
        try:
            taken.add(parse(json.dumps({"type": "report", "code": code})).code)
        except ProtocolError as error:
            assert error.code == "INVALID_MESSAGE"
    assert taken == REPORTED and "ICE_FAILED" in taken


@pytest.mark.parametrize("data", [None, {}, {"candidate": None, "sdpMid": None, "sdpMLineIndex": None}])
def test_candidates_may_be_empty(data):
    assert parse(json.dumps({"type": "ice-candidate", "sessionId": "s", "data": data})) == protocol.Candidate("s")


def sample(value):
    """`{"$": [text, n]}` is the text n times, `{"$": n}` so many names; data as pairs has names that are made so."""
    match value:
        case {"$": [text, n]}:
            return text * n
        case {"$": int(n)}:
            return {f"name{i}": i for i in range(n)}
        case {**pairs}:
            return {name: sample(inner) for name, inner in pairs.items()}
        case [[_, _], *_]:
            return {sample(name): sample(inner) for name, inner in value}
    return value


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case["what"])
def test_what_a_page_tells_is_judged_as_the_page_itself_judges_it(case):
    """tests/js/answers.test.js reads the same table."""
    text, data = sample(case["text"]), sample(case["data"])
    frame = json.dumps({"type": "info", "text": text, "data": data}, ensure_ascii=False)

    if case["code"]:
        assert code_of(frame) == case["code"]
    else:
        assert parse(frame) == protocol.InfoSent(text, data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    ["ticket", "lastEvent", "sessionId", "data", "mode", "authToken", "t", "text", "digit", "muted", "code", "callSid"]
)


@given(st.text(max_size=400))
def test_no_text_whatever_breaks_the_reader(text):
    try:
        parse(text)
    except ProtocolError as error:
        assert error.code in CODES


@given(
    kind=st.sampled_from(sorted(parsing._READERS)), body=st.dictionaries(fields, anything, max_size=6), inner=anything
)
def test_no_field_whatever_breaks_the_reader(kind, body, inner):
    body["type"] = kind
    if isinstance(body.get("data"), dict):
        body["data"]["sdp"] = inner
    try:
        message = parse(json.dumps(body))
    except ProtocolError as error:
        assert error.code in CODES
    else:
        repr(message).encode()  # whatever passed can be stored and written


def test_what_the_server_says_has_the_documented_form():
    said = [
        protocol.Answer("s", SDP),
        protocol.Failure("FULL"),
        protocol.Close("s"),
        protocol.Ping(1.5),
        protocol.Pong(),
        protocol.Event(3, "transcription", {"index": 0, "text": "Grüezi"}),
    ]
    assert [json.loads(protocol.dump(message)) for message in said] == [
        {"type": "answer", "sessionId": "s", "data": {"type": "answer", "sdp": SDP}},
        {"type": "error", "sessionId": None, "data": {"code": "FULL", "message": CODES["FULL"].message}},
        {"type": "close", "sessionId": "s"},
        {"type": "ping", "t": 1.5},
        {"type": "pong"},
        {"type": "event", "n": 3, "name": "transcription", "data": {"index": 0, "text": "Grüezi"}},
    ]


@pytest.mark.parametrize("message", [protocol.Hello("SECRET"), protocol.Offer("SECRET", credential="SECRET")])
def test_credentials_never_show_in_a_repr(message):
    assert "SECRET" not in repr(message)
