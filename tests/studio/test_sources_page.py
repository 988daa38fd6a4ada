"""Sources in the console: added, shown as they stand, tried, kept in the draft, and deleted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agents.authoring import publish
from agents.authoring.sources import keeping, reading
from agents.authoring.sources.reasons import REASONS
from agents.models import Source
from calling.models import Outbox
from calling.record import source_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, owner, project, settings, tmp_path):
    client.force_login(owner)
    settings.SPEECH = "scripted"
    settings.STORAGES = {
        **settings.STORAGES,
        "sources": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "sources"},
        },
    }

    def ask(path="", data=None):
        address = f"/console/{project.slug}/sources/{path}"
        return client.get(address) if data is None else client.post(address, data)

    return ask


def words(response):
    return " ".join(response.content.decode().split())


def test_a_text_is_added_read_by_the_worker_and_kept_in_the_draft(page, project):
    response = page("new/", {"kind": "text", "text": "# Battery\n\nCharge it indoors."})
    source = Source.objects.get()
    assert response["Location"].endswith(f"/sources/{source.pk}/") and source.name == "Battery"
    payload = Outbox.objects.get(task=source_work.TASK).payload
    assert payload == {"source": source.pk, "reading": 1}
    assert "Keep in draft" in words(page(f"{source.pk}/"))
    source_work.go_on(payload)
    page(f"{source.pk}/keep/", {"active": "yes"})
    assert publish.freeze(project)["sources"] == [source.pk]
    assert "In use" in words(page()) and "1 page, 1 passage" in words(page())
    page(f"{source.pk}/keep/", {"active": "no"})
    assert "sources" not in publish.freeze(project)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"kind": "text", "text": " "}, "Paste or write a text."),
        ({"kind": "file"}, "Choose a file."),
        ({"kind": "site", "address": ""}, "Write the address of a page."),
        ({"kind": "page", "address": "ftp://x"}, "This is not an address that can be read."),
        ({"kind": "file", "file": SimpleUploadedFile("a.exe", b"MZ")}, "This kind of file cannot be read."),
        ({"kind": "file", "file": SimpleUploadedFile("a.pdf", b"")}, "The file is empty."),
    ],
)
def test_what_cannot_be_a_source_is_refused_and_nothing_is_kept(page, sent, told):
    response = page("new/", sent)
    assert response.status_code == 422 and told in words(response)
    assert not Source.objects.exists() and not Outbox.objects.filter(task=source_work.TASK).exists()


def test_a_reading_that_failed_says_why_in_plain_words(page, project, owner):
    source = keeping.add(project, {"name": "Manual", "kind": "text", "text": "x"}, owner)
    for reason in ("encrypted", "bomb", "robots"):
        Source.objects.update(reading=1)
        reading.fail(source.pk, 1, reason)
        assert str(REASONS[reason]).split(".")[0] in words(page()) + words(page(f"{source.pk}/"))


def test_a_changed_text_is_read_again_and_a_name_alone_is_not(page, project, owner):
    source = keeping.add(project, {"name": "Manual", "kind": "text", "text": "Old text."}, owner)
    page(f"{source.pk}/", {"name": "Handbook", "text": "Old text."})
    source.refresh_from_db()
    assert (source.name, source.reading) == ("Handbook", 1)
    page(f"{source.pk}/", {"name": "Handbook", "text": "New text."})
    source.refresh_from_db()
    assert source.reading == 2


def test_a_deleted_source_is_gone(page, project, owner):
    source = keeping.add(project, {"name": "Manual", "kind": "text", "text": "Some text."}, owner)
    page(f"{source.pk}/delete/", {})
    assert not Source.objects.exists()


def test_the_worker_knows_how_to_read_and_to_look_for_what_is_due(page, project, owner):
    from calling.record import tasks

    assert {source_work.TASK, source_work.LOOK} <= set(tasks.HANDLERS) and source_work.LOOK in tasks.REGULAR
    source = keeping.add(project, {"name": "Help", "kind": "page", "address": "https://bikes.example/"}, owner)
    Source.objects.update(kept=True, reading=0, due_at=source.made_at)
    Outbox.objects.all().delete()
    source_work.look({})
    source.refresh_from_db()
    assert source.reading == 1 and Outbox.objects.filter(task=source_work.TASK).exists()
    assert Outbox.objects.filter(task=source_work.LOOK, done_at=None).exists()


def test_an_answer_that_was_read_stands_in_the_transcript_without_its_citation_twice():
    from studio.pages.agent.source_wording import without_citation

    assert without_citation("It costs 65 euros.\n\n*Storage, page 2*") == "It costs 65 euros."
    assert without_citation("It costs 65 euros.\n\n[Storage](https://x.example/)") == "It costs 65 euros."
    assert without_citation("One.\n\nTwo.") == "One.\n\nTwo."
