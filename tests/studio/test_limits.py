"""Every limit of a text at its edge: as many characters as it says are kept; one more, and nothing changes."""

import csv
import io

import pytest

from agents.models import Topic, Variant
from agents.people import audit
from tests.studio.test_isolation import address, everything
from tests.studio.test_pages_widgets import CONTENT, STYLING

PERSONA = {"name": "Robin", "greeting": "Hello.", "disclaimer": ""}
TOPIC = {"name": "Parking", "content": "Behind the house.", "samples": "", "active": "on"}
LIMITS = [
    ("widget_styling", STYLING, "style__agent_name", 50),
    ("widget_styling", STYLING, "style__launcher_label", 24),
    ("widget_content", CONTENT, "texts__en__welcome", 100),
    ("widget_content", CONTENT, "texts__en__start_label", 100),
    ("widget_content", CONTENT, "texts__en__end_label", 100),
    ("widget_content", CONTENT, "texts__en__message", 500),
    ("widget_content", CONTENT, "texts__en__button", 100),
    ("persona", PERSONA, "name", 50),
    ("persona", PERSONA, "greeting", 500),
    ("persona", PERSONA, "disclaimer", 500),
    ("topic", TOPIC, "name", 100),
    ("topic", TOPIC, "content", 2000),
    ("topic", TOPIC, "samples", 200),  # of each line
    ("project_settings", {}, "name", 60),
    ("widget_settings", {"enabled": "on"}, "name", 60),
]


@pytest.fixture
def page(client, owner, furnished):
    client.force_login(owner)
    return lambda name: address(name, furnished)


@pytest.mark.long
@pytest.mark.parametrize(("name", "values", "field", "most"), LIMITS)
def test_a_text_is_as_long_as_it_says_and_no_longer(client, page, name, values, field, most):
    before = everything()
    for sign in ("x", "ü", "😀"):
        assert client.post(page(name), values | {field: sign * (most + 1)}).status_code == 422
        assert everything() == before
        assert client.post(page(name), values | {field: sign * most}).status_code == 302
        after = everything()
        assert after != before
        before = after


@pytest.mark.parametrize(("lines", "status"), [(20, 302), (21, 422)])
def test_a_topic_takes_twenty_questions(client, page, lines, status):
    samples = "\n".join(f"Question {n}?" for n in range(lines))
    assert client.post(page("topic"), TOPIC | {"samples": samples}).status_code == status


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://example.com/privacy", 302),
        ("HTTPS://example.com", 302),
        ("http://example.com/privacy", 422),
        ("//example.com", 422),
        ("javascript:alert(1)", 422),
        ("data:text/html,x", 422),
        ("https://", 422),
        ("https://user:secret@example.com", 422),
    ],
)
def test_policies_are_at_https_only(client, page, url, status):
    before = everything()
    policies = {"policies__enabled": "on", "policies__privacy_url": "https://example.com"}
    for field in ("policies__privacy_url", "policies__terms_url"):
        assert client.post(page("widget_content"), CONTENT | policies | {field: url}).status_code == status
        if status == 422:
            assert everything() == before


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_export_holds_a_formula(client, page, furnished, owner, cell):
    Topic.objects.update(content=cell, samples=[cell])
    Variant.objects.update(attributes={"city": cell})
    audit.record(owner, "topic.edit", furnished.project, "topic:1", name=cell)
    for name, query in (("topics_export", {}), ("variants_export", {}), ("audit", {"as": "csv"})):
        text = client.get(page(name), query).getvalue().decode("utf-8-sig")
        cells = [one for row in csv.reader(io.StringIO(text, newline="")) for one in row]
        assert f"'{cell}" in cells
        assert not [one for one in cells if one.startswith(("=", "+", "-", "@", "\t", "\r"))]
