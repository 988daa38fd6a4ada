"""The raw admin: everything can be read, nothing written, and deleting is the same as everywhere."""

import pytest
from django.utils import timezone

from calling.models import Conversation, Event, Recording, Turn
from calling.record import outbox
from calling.record.recording import spool_folder

LIST = "/raw-admin/calling/conversation/"


@pytest.fixture
def root(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "a-long-password"))
    return client


@pytest.fixture
def call(transactional_db, folders, project):
    row = Conversation.objects.create(
        reference="HB-7K2Q", project=project, widget_name="Shop", environment="sandbox", started_at=timezone.now()
    )
    Turn.objects.create(conversation=row, index=0, speaker="agent", text="Hello", started_s=0)
    Event.objects.create(conversation=row, name="muted", at_s=1)
    Recording.objects.create(conversation=row)
    spool_folder(row.pk).mkdir(parents=True)
    return row


def test_a_conversation_can_be_read_and_not_written(root, call):
    page = f"{LIST}{call.pk}/change/"
    assert "HB-7K2Q" in root.get(LIST).content.decode()
    assert "Hello" in root.get(page).content.decode()
    assert root.post(page, {"reference": "HB-XXXX"}).status_code == 403
    assert root.get(f"{LIST}add/").status_code == 403
    assert Conversation.objects.get().reference == "HB-7K2Q"


@pytest.mark.parametrize("many", [True, False])
def test_deleting_deletes_the_sound_too(root, call, many):
    if many:
        root.post(LIST, {"action": "delete_selected", "_selected_action": [str(call.pk)], "post": "yes"})
    else:
        root.post(f"{LIST}{call.pk}/delete/", {"post": "yes"})
    assert not Conversation.objects.exists() and not spool_folder(call.pk).exists()


def test_the_work_after_calls_can_be_seen(root, call):
    outbox.add("encode_recording", {"conversation": str(call.pk)})
    assert "encode_recording" in root.get("/raw-admin/calling/outbox/").content.decode()
