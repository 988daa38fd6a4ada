"""Health in its documented form, and recordings: to whom, and which piece."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404
from django.test import AsyncRequestFactory, RequestFactory
from django.utils import timezone

from calling import views
from calling.gateway import calls
from calling.models import Conversation, Recording, Turn
from calling.record.actions import delete_conversation
from calling.record.recording import spool_folder

SOUND = bytes(range(256)) * 1000


@pytest.fixture
def call(folders, project):
    row = Conversation.objects.create(
        reference="HB-7K2Q", project=project, widget_name="Shop", environment="sandbox", started_at=timezone.now()
    )
    name = storages["recordings"].save(f"{project.pk}/{row.pk}.ogg", ContentFile(SOUND))
    Recording.objects.create(conversation=row, status=Recording.Status.READY, file=name, size_bytes=len(SOUND))
    Turn.objects.create(conversation=row, index=0, speaker="agent", text="Hello", started_s=0)
    return row


def ask(user, call, method="get", query="", **headers):
    request = getattr(RequestFactory(), method)(f"/{query}", headers=headers)
    request.user = user
    return views.recording(request, getattr(call, "pk", call))


def content(answer):
    return b"".join(answer.streaming_content)


def test_health_has_the_documented_form(client):
    calls.install(None)
    answer = client.get("/health")
    assert answer.status_code == 200 and answer.json() == {
        "status": "ok",
        "activeSessions": 0,
        "notes": {"waiting": 0, "lost": 0, "setAside": 0},
    }
    assert client.post("/health").status_code == 405
    calls.install(None)


def test_a_member_hears_the_whole_recording(call, analyst):
    answer = ask(analyst, call)
    assert (answer.status_code, content(answer)) == (200, SOUND)
    assert answer["Content-Type"] == "audio/ogg" and answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Length"] == str(len(SOUND))
    assert answer["Cache-Control"] == "private, no-store"
    assert "Content-Disposition" not in answer


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, len(SOUND) - 1),
        ("bytes=0-0", 0, 0),
        ("bytes=1000-200000", 1000, 200_000),
        ("bytes=255999-", 255_999, 255_999),
        ("bytes=5-999999999", 5, len(SOUND) - 1),
        ("bytes=-300", len(SOUND) - 300, len(SOUND) - 1),
        ("bytes=-999999999", 0, len(SOUND) - 1),
    ],
)
def test_a_player_gets_the_piece_it_asks_for(call, analyst, asked, first, last):
    answer = ask(analyst, call, Range=asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert answer["Content-Length"] == str(last - first + 1)
    assert content(answer) == SOUND[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_piece_that_is_not_there_is_refused(call, analyst, asked):
    answer = ask(analyst, call, Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(SOUND)}")


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,5-6", "bytes=9-5", ""])
def test_what_is_not_one_range_of_bytes_is_ignored(call, analyst, asked):
    assert ask(analyst, call, Range=asked).status_code == 200


HUGE = "9" * 5000


@pytest.mark.parametrize("asked", [f"bytes={HUGE}-", f"bytes=0-{HUGE}", f"bytes=-{HUGE}", f"bytes={HUGE}-{HUGE}"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_thousands_of_digits_are_no_range_of_a_real_recording(call, analyst, asked, method):
    answer = ask(analyst, call, method, Range=asked)
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(SOUND)))
    assert method == "head" or content(answer) == SOUND


def test_head_tells_the_size_and_sends_nothing(call, analyst):
    whole = ask(analyst, call, "head")
    assert (whole.status_code, whole["Content-Length"], whole.content) == (200, str(len(SOUND)), b"")
    assert ask(analyst, call, "head", Range="bytes=0-9").status_code == 206


def test_a_download_is_named_after_the_conversation(call, analyst):
    assert ask(analyst, call, query="?download")["Content-Disposition"] == 'attachment; filename="HB-7K2Q.ogg"'


def test_strangers_cannot_tell_a_recording_from_none(call, stranger, django_user_model):
    from django.contrib.auth.models import AnonymousUser

    superuser = django_user_model.objects.create_superuser("root", "root@example.com", "a-long-password")
    for nobody in (stranger, AnonymousUser(), superuser):
        for which in (call, uuid.uuid4()):
            with pytest.raises(Http404):
                ask(nobody, which)


@pytest.mark.parametrize("status", ["spooling", "encoding", "failed"])
def test_a_recording_that_is_not_ready_is_not_there(call, analyst, status):
    Recording.objects.update(status=status)
    with pytest.raises(Http404):
        ask(analyst, call)


def test_a_file_that_is_gone_is_not_there(call, analyst):
    storages["recordings"].delete(Recording.objects.get().file)
    with pytest.raises(Http404):
        ask(analyst, call)


@pytest.mark.django_db(transaction=True)
async def test_on_the_gateway_the_pieces_come_without_blocking(call, analyst):
    request = AsyncRequestFactory().get("/", headers={"Range": "bytes=10-70000"})
    request.user = analyst
    from asgiref.sync import sync_to_async

    answer = await sync_to_async(views.recording)(request, call.pk)
    assert answer.is_async
    assert b"".join([piece async for piece in answer.streaming_content]) == SOUND[10:70_001]


@pytest.mark.django_db(transaction=True)
def test_deleting_a_conversation_deletes_all_that_was_said(call, owner):
    spool_folder(call.pk).mkdir(parents=True)
    (spool_folder(call.pk) / "visitor.s16").write_bytes(b"\0" * 100)
    file, project = call.recording.file, call.project
    delete_conversation(call, owner)
    assert not Conversation.objects.exists() and not Turn.objects.exists() and not Recording.objects.exists()
    assert not storages["recordings"].exists(file) and not spool_folder(call.pk).exists()
    entry = project.audit.get(action="conversation.delete")
    assert entry.actor == owner and entry.details == {"name": "HB-7K2Q"}
