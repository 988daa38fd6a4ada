"""Pictures of cards: kept by their content, shown on our own origin, gone when nothing shows them any more."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from agents.models import AuditEntry
from widgets import actions
from widgets.card import cleaning, config, pictures, redraw
from widgets.models import WidgetImage


def a_picture(colour="red"):
    file = io.BytesIO()
    Image.new("RGB", (200, 200), colour).save(file, "PNG")
    return file.getvalue()


def wear(widget, digest):
    actions.save_draft(widget, widget.draft | {"style": widget.draft["style"] | {"avatar": digest}}, by=None)


@pytest.fixture
def kept(widget):
    return pictures.keep(widget, a_picture(), by=None)


def age(days=2):
    WidgetImage.objects.update(used_at=timezone.now() - timedelta(days=days))


def test_a_picture_is_part_of_the_draft_and_then_of_what_visitors_see(widget, kept):
    wear(widget, kept.digest)
    assert widget.published["style"].get("avatar", "") == ""
    actions.publish_widget(widget, by=None)
    assert widget.published["style"]["avatar"] == kept.digest


@pytest.mark.parametrize("value", ["x", "../secret", "A" * 64, "0" * 63, "0" * 64 + "\n", 4, ["0" * 64]])
def test_what_is_no_digest_is_refused(value):
    data = config.new()
    data["style"]["avatar"] = value
    assert list(cleaning.clean(data)[1]) == ["style.avatar"]


def test_a_picture_that_is_not_there_is_refused_and_changes_nothing(widget, rows):
    before = rows()
    with pytest.raises(actions.Invalid) as invalid:
        wear(widget, "0" * 64)
    assert list(invalid.value.errors) == ["style.avatar"]
    assert rows() == before


def test_another_projects_picture_is_not_ours(widget, stranger):
    other = actions.create_widget(stranger.memberships.get().project, by=None, name="Theirs", address="example.net")
    theirs = pictures.keep(other, a_picture(), by=None)
    with pytest.raises(actions.Invalid):
        wear(widget, theirs.digest)


def test_a_refused_picture_leaves_nothing_behind(widget, rows):
    before = rows()
    for content in (b"", b"<svg/>", a_picture()[:80]):
        with pytest.raises(redraw.BadPicture):
            pictures.keep(widget, content, by=None)
    assert rows() == before


def test_the_same_picture_again_is_kept_once(widget, kept):
    assert pictures.keep(widget, a_picture(), by=None).pk == kept.pk
    assert WidgetImage.objects.count() == 1
    assert AuditEntry.objects.filter(action="widget.picture").count() == 2


def test_what_nothing_shows_is_forgotten_after_a_day(widget, kept):
    age(0)
    pictures.forget_unused(widget.project)
    assert WidgetImage.objects.filter(pk=kept.pk).exists()
    age()
    pictures.keep(widget, a_picture("blue"), by=None)
    assert not WidgetImage.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("where", ["draft", "published", "history", "copy"])
def test_what_something_shows_is_kept(widget, kept, where):
    wear(widget, kept.digest)
    if where in ("published", "history"):
        actions.publish_widget(widget, by=None)
        wear(widget, "")
    if where == "history":
        actions.publish_widget(widget, by=None)
    if where == "copy":
        actions.duplicate_widget(widget, by=None)
        wear(widget, "")
    age()
    pictures.forget_unused(widget.project)
    assert WidgetImage.objects.filter(pk=kept.pk).exists()


def test_an_earlier_publication_brings_its_picture_back(widget, kept):
    wear(widget, kept.digest)
    first = actions.publish_widget(widget, by=None)
    wear(widget, "")
    actions.publish_widget(widget, by=None)
    actions.restore_publication(widget, first, by=None)
    assert widget.draft["style"]["avatar"] == kept.digest


def test_a_draft_that_was_set_aside_keeps_its_picture(widget, kept):
    actions.publish_widget(widget, by=None)
    wear(widget, kept.digest)
    actions.discard_draft(widget, by=None)
    age()
    pictures.forget_unused(widget.project)
    actions.take_draft_back(widget, by=None)
    assert widget.draft["style"]["avatar"] == kept.digest and WidgetImage.objects.filter(pk=kept.pk).exists()


def test_a_deleted_widget_takes_its_picture_along(widget, kept):
    wear(widget, kept.digest)
    age()
    actions.delete_widget(widget, by=None)
    assert not WidgetImage.objects.exists()


def test_it_is_served_for_good_and_as_nothing_but_a_picture(client, kept):
    response = client.get(pictures.address(kept.digest))
    assert response.status_code == 200 and response.content == bytes(kept.content)
    assert response["Content-Type"] in ("image/png", "image/jpeg")
    assert "immutable" in response["Cache-Control"] and "Set-Cookie" not in response
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        "sandbox" in response["Content-Security-Policy"] and "default-src 'none'" in response["Content-Security-Policy"]
    )
    assert client.get(pictures.address("0" * 64)).status_code == 404
    assert client.get("/widget/picture/nothing").status_code == 404


def test_the_frame_gets_an_address_and_no_digest_where_there_is_none(widget, kept, client):
    def shown():
        url = f"/widget/{widget.code}/frame?host=https://shop.example.com"
        return client.get(url, headers={"Sec-Fetch-Dest": "iframe"}).content.decode()

    assert '"avatar": ""' in shown()
    wear(widget, kept.digest)
    actions.publish_widget(widget, by=None)
    assert f'"avatar": "/widget/picture/{kept.digest}"' in shown()
    assert kept.digest not in client.get(f"/widget/{widget.code}.js").content.decode()
