"""A widget's picture in the console: sent as it is, refused in words, in the draft only when the draft is saved."""

import io

import pytest
from PIL import Image

from agents.models import AuditEntry
from widgets.card import redraw
from widgets.models import WidgetImage


@pytest.fixture
def send(client, owner, furnished):
    client.force_login(owner)
    url = f"/console/{furnished.project.slug}/web-calling/{furnished.widget.pk}/picture/"
    return lambda content, **more: client.post(url, content, content_type="application/octet-stream", **more)


def a_picture(side=200):
    file = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(file, "PNG")
    return file.getvalue()


def test_an_upload_is_answered_with_its_address_and_leaves_the_draft_alone(client, send, furnished):
    before = furnished.widget.draft
    answer = send(a_picture()).json()
    assert client.get(answer["address"]).status_code == 200
    furnished.widget.refresh_from_db()
    assert furnished.widget.draft == before
    assert AuditEntry.objects.filter(action="widget.picture").exists()


def test_the_draft_shows_it_in_the_preview_once_saved(client, send, furnished):
    picture = send(a_picture()).json()
    url = f"/console/{furnished.project.slug}/web-calling/{furnished.widget.pk}/"
    values = {
        "style__theme": "dark",
        "style__brand": "#4a4ae0",
        "style__side": "right",
        "style__avatar": picture["picture"],
    }
    answer = client.post(url, values, headers={"Accept": "application/json"}).json()
    assert answer["preview"]["config"]["style"]["avatar"] == picture["address"]
    assert "Picture" in answer["summary"]
    assert picture["address"] in client.get(url).content.decode()


@pytest.mark.parametrize("content", [b"", b"hello", a_picture(127), a_picture()[:90], b"\0" * (redraw.BYTES_MOST + 1)])
def test_a_refused_upload_says_why_and_changes_nothing(send, furnished, content):
    entries = AuditEntry.objects.count()
    answer = send(content)
    assert answer.status_code == 422 and answer.json()["problem"].endswith(".")
    assert not WidgetImage.objects.exists() and AuditEntry.objects.count() == entries


def test_what_says_it_is_too_large_is_not_read(send, monkeypatch):
    monkeypatch.setattr(redraw, "redraw", lambda content: pytest.fail("it was read"))
    assert "2 MB" in send(b"x", CONTENT_LENGTH=str(redraw.BYTES_MOST + 1)).json()["problem"]


def test_who_may_only_look_uploads_nothing(client, send, analyst):
    client.force_login(analyst)
    assert send(a_picture()).status_code == 403
    assert not WidgetImage.objects.exists()


def test_a_flood_of_pictures_is_slowed_down(send, monkeypatch):
    monkeypatch.setattr("studio.pages.widget.picture.A_MINUTE", 1)
    assert send(a_picture()).status_code == 200
    assert send(a_picture()).status_code == 429
