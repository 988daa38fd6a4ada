"""Files of topics and variants: sent, looked at, taken in."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agents.models import AuditEntry, Topic, Variant


@pytest.fixture
def send(client, owner, furnished):
    client.force_login(owner)

    def post(path, **values):
        return client.post(f"/console/{furnished.project.slug}/{path}", values)

    return post


def file(text, name="topics.csv"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def token(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


TABLE = "name,answer,questions\nOpening hours,From ten.,Open?\nParking,Behind <b>the</b> shop.,Where?\n"


def test_a_file_shows_what_it_changes_before_anything_does(send):
    response = send("knowledge/import/", file=file(TABLE))
    text = response.content.decode()
    assert "<del>From nine to six.</del> <ins>From ten.</ins>" in text
    assert "Behind &lt;b&gt;the&lt;/b&gt; shop." in text
    assert Topic.objects.get().content == "From nine to six."


def test_a_confirmed_file_is_in_the_draft_and_can_be_confirmed_once(send):
    given = token(send("knowledge/import/", file=file(TABLE)))
    assert send("knowledge/import/", token=given).status_code == 302
    assert dict(Topic.objects.values_list("name", "content")) == {
        "Opening hours": "From ten.",
        "Parking": "Behind <b>the</b> shop.",
    }
    assert AuditEntry.objects.filter(action="topics.import").count() == 1
    assert send("knowledge/import/", token=given).status_code == 422


def test_a_look_at_a_file_is_for_whoever_sent_it(send, client, editor):
    given = token(send("knowledge/import/", file=file(TABLE)))
    client.force_login(editor)
    assert send("knowledge/import/", token=given).status_code == 422
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("values", [{}, {"file": "text"}, {"token": "made-up"}])
def test_nothing_sent_is_said_in_words(send, values):
    assert send("knowledge/import/", **values).status_code == 422


def test_a_file_over_10_mb_is_refused_unread(send):
    response = send("knowledge/import/", file=file("x" * (10 * 1024 * 1024 + 1)))
    assert response.status_code == 422 and "larger than 10 MB" in response.content.decode()


def test_an_export_is_a_file_that_comes_back_unchanged(client, send, furnished):
    response = client.get(f"/console/{furnished.project.slug}/knowledge/export/")
    assert response["Content-Disposition"] == 'attachment; filename="harbour-bikes-topics.csv"'
    again = send("knowledge/import/", file=SimpleUploadedFile("topics.csv", response.content))
    assert "says what the draft says already" in again.content.decode()


def test_variants_go_the_same_way(send, client, furnished):
    exported = client.get(f"/console/{furnished.project.slug}/variants/export/").content.decode("utf-8-sig")
    assert exported.splitlines() == ["id,name,is_default,attribute_city", "harbour,Harbour,yes,Bath"]
    response = send("variants/import/", file=file(exported + ",North,,York\n"))
    assert "1 new variant" in response.content.decode()
    assert Variant.objects.count() == 1
    send("variants/import/", token=token(response))
    assert dict(Variant.objects.values_list("key", "attributes")) == {
        "harbour": {"city": "Bath"},
        "north": {"city": "York"},
    }
