"""Conversations to take away: as table, data, text, or whole with the sound; never a formula, never another's."""

import csv
import io
import json
import zipfile

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from agents.models import AuditEntry
from calling.models import Conversation, Event, Recording
from studio.pages.calls import files, streaming
from tests.studio.test_isolation import address


@pytest.fixture
def console(client, owner):
    client.force_login(owner)
    return client


def taken(client, furnished, name, query="", **given):
    return client.post(address(name, furnished) + query, given)


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_the_table_has_what_the_filters_show(console, furnished, make_call):
    failed = make_call(answered_at=None, end_cause="failed", reference="HB-FAIL", rating=2)
    response = taken(console, furnished, "conversations_export", "?result=failed")
    assert response["Content-Disposition"].startswith('attachment; filename="conversations-harbour-bikes-')
    (row,) = rows_of(response)
    assert (row["reference"], row["result"], row["rating"], row["id"]) == ("HB-FAIL", "Failed", "2", str(failed.pk))
    assert {row["reference"] for row in rows_of(taken(console, furnished, "conversations_export"))} == {
        "HB-FAIL",
        "HB-7K2Q",
    }


def test_the_table_speaks_its_readers_language_in_its_first_line_too(console, furnished):
    Conversation.objects.update(is_test=True)
    (row,) = rows_of(console.post(address("conversations_export", furnished), HTTP_ACCEPT_LANGUAGE="de"))
    assert [*row][:6] == ["Kennzeichen", "Beginn", "Sekunden", "Ergebnis", "Worum es ging", "Erste Worte"]
    assert row["Test"] == "ja" and len(row) == len(files.head())


def test_what_was_taken_and_by_whom_is_in_the_audit(console, furnished, owner):
    taken(console, furnished, "conversations_export", **{"as": "json"})
    line = AuditEntry.objects.first()
    assert (line.actor, line.action) == (owner, "conversation.export")
    assert line.details["conversations"] == 1 and line.details["format"] == "json" and line.details["personal"]


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_table_is_a_formula(console, furnished, words):
    Conversation.objects.update(widget_name=words, site=words)
    furnished.conversation.turns.filter(speaker="visitor").update(text=words)
    furnished.conversation.turns.filter(source__startswith="topic:").update(source=f"topic:{words}")
    (row,) = rows_of(taken(console, furnished, "conversations_export"))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    assert row["widget"] == row["first words"] == row["about"] == "'" + words


def test_data_has_what_was_said_what_was_agreed_to_and_the_recording(console, furnished):
    Event.objects.create(conversation=furnished.conversation, at_s=5.5, name="muted")
    whole = json.loads(taken(console, furnished, "conversations_export", **{"as": "json"}).getvalue())
    (one,) = whole["conversations"]
    assert whole["project"] == "Harbour Bikes" and one["reference"] == "HB-7K2Q"
    assert [turn["text"] for turn in one["turns"]][1] == "When are you open?"
    assert one["turns"][2]["interrupted"] and "Saturdays" in one["turns"][2]["planned"]
    assert one["consent"]["button"] == "I agree" and "https://shop.example.com/privacy" in one["consent"]["text"]
    assert one["recording"]["seconds"] == 56.0 and one["events"][0]["name"] == "muted"
    alone = json.loads(taken(console, furnished, "conversation_export", **{"as": "json"}).getvalue())
    assert alone == one


def test_text_reads_like_the_page(console, furnished):
    said = taken(console, furnished, "conversation_export").getvalue().decode()
    assert said.startswith("HB-7K2Q: Opening hours\n")
    assert "0:03 Visitor: When are you open?" in said
    assert "0:06 Robin: We are open from nine [not heard any more: to six, and on Saturdays.]" in said
    today = date_format(timezone.localdate(), "j F Y")
    assert f"Agreed to: {today}, " in said and "Began: Today" not in said and "Language: English" in said
    assert "Recording: HB-7K2Q.ogg 56 s" in said


def test_paper_has_the_whole_conversation_on_one_page(console, furnished):
    page = console.get(address("conversation_print", furnished)).content.decode()
    assert (
        "Do you sell &lt;b&gt;boats&lt;/b&gt;?" in page
        and "to six, and on Saturdays." in page
        and "I agree" not in page
    )
    assert "Read our " in page


def test_everything_is_an_archive_with_the_sound(console, furnished):
    name = storages["recordings"].save("whole.ogg", ContentFile(b"sound" * 30_000))
    Recording.objects.update(file=name)
    archive = taken(console, furnished, "conversation_export", **{"as": "zip"}).getvalue()
    with zipfile.ZipFile(io.BytesIO(archive)) as files_in:
        assert files_in.namelist() == ["HB-7K2Q.txt", "HB-7K2Q.json", "HB-7K2Q.ogg"]
        assert files_in.read("HB-7K2Q.ogg") == b"sound" * 30_000 and files_in.testzip() is None


def test_a_visitors_data_is_what_was_chosen_and_no_other_projects(console, furnished, make_call, stranger):
    other = make_call(reference="HB-OTHER")
    foreign = make_call(reference="XX-1")
    Conversation.objects.filter(pk=foreign.pk).update(project=stranger.memberships.get().project)
    chosen = {"call": [str(furnished.conversation.pk), str(foreign.pk)]}
    with zipfile.ZipFile(io.BytesIO(taken(console, furnished, "visitor_export", **chosen).getvalue())) as files_in:
        assert files_in.namelist() == ["HB-7K2Q.txt", "HB-7K2Q.json"]  # the recording's file is not there
    line = AuditEntry.objects.first()
    assert line.action == "conversation.export" and line.details["references"] == ["HB-7K2Q"]
    lines = AuditEntry.objects.count()
    assert taken(console, furnished, "visitor_export", call=str(foreign.pk)).status_code == 302
    assert AuditEntry.objects.count() == lines and Conversation.objects.filter(pk=other.pk).exists()


def test_a_list_of_many_asks_by_the_batch_and_ends_at_its_bound(console, furnished, make_call, monkeypatch):
    def asked(kind):
        with CaptureQueriesContext(connection) as queries:
            taken(console, furnished, "conversations_export", **{"as": kind}).getvalue()
        return len(queries)

    asked("csv")  # the first one keeps the project in the session
    few = asked("csv"), asked("json")
    for _number in range(20):
        make_call()
    assert (asked("csv"), asked("json")) == few
    monkeypatch.setattr(files, "CONVERSATIONS_MOST", 5)
    monkeypatch.setattr(files, "DOCUMENTS_READ", 2)
    whole = json.loads(taken(console, furnished, "conversations_export", **{"as": "json"}).getvalue())
    assert len(whole["conversations"]) == 5


def test_an_empty_list_is_still_a_file(console, furnished):
    Conversation.objects.all().delete()
    assert rows_of(taken(console, furnished, "conversations_export")) == []
    assert (
        json.loads(taken(console, furnished, "conversations_export", **{"as": "json"}).getvalue())["conversations"]
        == []
    )


def test_a_file_goes_out_in_pieces_and_in_its_readers_language(rf):
    def pieces():
        from django.utils.translation import gettext as _

        for _number in range(3):
            yield _("Conversations").encode()

    from django.utils import translation

    with translation.override("de"):
        response = streaming.download(rf.get("/"), pieces(), "x.txt", "text/plain")
    with translation.override("en"):
        assert list(response.streaming_content) == ["Gespräche".encode()] * 3


@pytest.mark.django_db(transaction=True)
async def test_the_server_that_reads_asynchronously_gets_the_same(furnished, owner):
    client = AsyncClient()
    await sync_to_async(client.force_login)(owner)
    page = await sync_to_async(address)("conversations_export", furnished)
    response = await client.post(page, {"as": "json"})
    assert response.is_async
    whole = json.loads(b"".join([piece async for piece in response.streaming_content]))
    assert whole["conversations"][0]["reference"] == "HB-7K2Q"
