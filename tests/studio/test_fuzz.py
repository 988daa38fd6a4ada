"""Whatever strangers and members send to whichever address: no crash, and no traceback in the log. Always the same odd
things, so that what fails once fails again."""

import logging

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.long

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
HUGE = "9" * 5000
FIELDS = """
    next draft voice language text page address typed name slug q token seen revision passphrase widget version from to
    who what host environment number expires_at max_calls table speed barge_in_ms silence_prompt_s end_of_turn_ms code
    password username old_password role starter for_whom note do sure greeting content samples style__brand
""".split()
VALUES = ["//[", "nan", "\x00", HUGE, "\ud800", "1e999", "../../x", "😀" * 3000, '{"speed": NaN}', "-0", "[", "²", ""]

# What is odd about a request: (method, query, headers, content type, body).
ODD = [
    *(("get", dict.fromkeys(FIELDS, value), {}, "", b"") for value in VALUES if value != "\ud800"),
    *(
        ("post", {}, {}, FORM, "&".join(f"{name}={value}" for name in FIELDS).encode("utf-8", "surrogatepass"))
        for value in VALUES
    ),
    ("get", {}, {"Range": f"bytes={HUGE}-"}, "", b""),
    ("get", {}, {"Range": f"bytes=0-{HUGE}"}, "", b""),
    ("get", {}, {"Host": "a..b:99999999"}, "", b""),
    ("get", {}, {"Host": "[::1"}, "", b""),
    ("get", {}, {"Accept-Language": "x" * 5000, "Cookie": "pickup_session=\x7f;;=;pickup_zone=../../etc"}, "", b""),
    ("get", {}, {"Referer": "http://[", "Origin": "http://[", "If-None-Match": '"' * 300}, "", b""),
    ("get", {}, {"If-Modified-Since": HUGE, "Accept-Encoding": "gzip;q=nan", "Authorization": "Bearer \xff"}, "", b""),
    ("get", {"page": HUGE, "as": "csv", "from": "9999-12-31", "to": "9999-12-31"}, {}, "", b""),
    ("get", {"from": "0001-01-01", "to": "0001-01-01"}, {}, "", b""),
    ("post", {}, {}, "multipart/form-data", b"x"),
    (
        "post",
        {},
        {},
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\xff',
    ),
    ("post", {}, {}, f"multipart/form-data; boundary={'x' * 500}", b"--"),
    ("post", {}, {}, JSON, b"[" * 20_000),
    ("post", {}, {}, JSON, b'{"grant": 5, "ticket": [], "stars": 1e999, "code": NaN, "text": "\\ud800"}'),
    ("post", {}, {"Content-Length": HUGE}, JSON, b"{}"),
    ("put", {}, {}, JSON, b"{}"),
    ("options", {}, {"Origin": "http://[", "Access-Control-Request-Method": "GET"}, "", b""),
]
ENDS = {"logout", "account_password", "mfa_deactivate_totp", "project_delete"}  # not for a member: they would be out


def addresses(given, resolver=None, before="", names=()):
    """Every address of the site map once, with something in the place of each variable."""
    for one in (resolver or get_resolver()).url_patterns:
        pattern = one.pattern
        route = str(getattr(pattern, "_route", "")) or ""
        filled = route
        for variable in getattr(pattern, "converters", {}):
            for written in (
                f"<{variable}>",
                *(f"<{kind}:{variable}>" for kind in ("int", "str", "slug", "uuid", "path")),
            ):
                filled = filled.replace(written, str(given.get(variable, "1")))
        if isinstance(one, URLResolver):
            yield from addresses(given, one, before + filled, names)
        elif isinstance(one, URLPattern) and (route or not hasattr(pattern, "_regex")):
            yield one.name, "/" + before + filled


@pytest.fixture
def given(furnished):
    return {
        "project": furnished.project.slug,
        "widget": furnished.widget.pk,
        "topic": furnished.topic.pk,
        "conversation": furnished.conversation.pk,
        "code": furnished.widget.code,
        "slug": "x" * 22,
        "token": "x:y:z",
        "digest": "a" * 64,
        "number": 1,
    }


def send(client, path, odd):
    method, query, headers, kind, body = odd
    if method == "get":
        return client.get(path, query, headers=headers)
    return client.generic(method.upper(), path, body, kind or FORM, headers=headers)


def crashes(client, paths, odds, caplog):
    found = []
    for _name, path in paths:
        for place, odd in enumerate(odds):
            caplog.clear()
            try:
                status = send(client, path, odd).status_code
            except Exception as error:  # noqa: BLE001 - what the client cannot send is no finding
                status = 0 if "surrogates not allowed" in str(error) else repr(error)
            told = [
                record for record in caplog.records if record.exc_info and not record.name.startswith("django.security")
            ]
            if not isinstance(status, int) or (status >= 500 and status != 503) or told:
                found.append((path, place, odd[0], odd[2] or odd[3], status, str(told[0].exc_info[1]) if told else ""))
    return found


def met(client, paths, parts, caplog):
    """Each address meets a part of what is odd; all of it is met many times."""
    found = []
    for place, one in enumerate(paths):
        found += crashes(client, [one], ODD[place % parts :: parts], caplog)
    return found


@pytest.fixture
def listened(caplog):
    caplog.set_level(logging.INFO)
    return caplog


def test_no_stranger_makes_anything_crash(given, listened):
    client = Client(raise_request_exception=False)
    assert met(client, list(addresses(given)), 4, listened) == []


def test_no_member_makes_anything_crash(given, listened, owner):
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    paths = [(name, path) for name, path in addresses(given) if name not in ENDS and not path.startswith("/raw-admin")]
    assert met(client, paths, 6, listened) == []


@pytest.mark.parametrize("charset", ["idna", "undefined", "utf-16", "zip", "none", "unicode_escape", '"idna"'])
async def test_a_charset_that_nobody_means_is_not_tried(db, charset, listened):
    from studio.asgi import application

    answers = []
    for method, body in (("GET", b""), ("POST", b"passphrase=%ff\xff&text=x")):
        kind = f"application/x-www-form-urlencoded; Charset={charset}; x=y".encode()
        scope = {
            "type": "http",
            "method": method,
            "path": "/call/abc",
            "query_string": b"q=%ff",
            "headers": [(b"host", b"localhost"), (b"content-type", kind)],
        }
        talk = ApplicationCommunicator(application, scope)
        await talk.send_input({"type": "http.request", "body": body})
        answers.append((await talk.receive_output(10))["status"])
        await talk.receive_output(10)
        await talk.wait(10)
    assert answers == [404, 404]
    assert not [record for record in listened.records if record.exc_info]
