"""The OpenAPI document says what the two addresses take and give, and so does the page for people."""

import json

from drf_spectacular.validation import validate_schema

from calling.gateway.chat import pages


def test_the_document_is_valid_and_describes_the_messaging_api_only(client, db):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    told = json.loads(answer.content)
    validate_schema(told)
    assert set(told["paths"]) == {"/api/v1/access-token", "/api/v1/sessions", "/api/v1/chat/rating"}
    assert set(told["paths"]["/api/v1/sessions"]["post"]["responses"]) == {"200", "400", "401", "403", "429", "503"}


def test_the_page_can_be_read_without_a_script_and_without_another_host(client, db):
    answer = client.get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200 and "<script" not in text
    assert (
        "script-src" not in answer["Content-Security-Policy"]
        and "default-src 'self'" in answer["Content-Security-Policy"]
    )
    for word in (
        "X-Token",
        "X-Host",
        "Authorization",
        "streaming_enabled",
        "session_id",
        "access_token",
        "android-web",
    ):
        assert word in text, word


def test_what_is_said_of_a_field_is_what_the_serializer_says():
    by_path = {one["path"]: one for one in pages.operations()}
    token, session = by_path["/api/v1/access-token"], by_path["/api/v1/sessions"]
    assert [name for name, _meaning in token["headers"]] == ["X-Token", "X-Host"] and not token["fields"]
    assert session["bearer"] and not token["bearer"]
    fields = {one["name"]: one for one in session["fields"]}
    assert set(fields) == {"streaming_enabled", "platform", "device_type", "consent", "language"}
    assert fields["streaming_enabled"]["kind"] == "boolean"
    assert fields["platform"]["choices"] == ["web", "ios", "android", "ios-web", "android-web", "custom"]
    assert fields["device_type"]["choices"] == ["mobile", "tablet", "desktop"]
