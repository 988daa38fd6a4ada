"""Conversations to take away: the list as a table or as data, one of them as text, as data or whole with its sound.

Whoever may not see personal data gets none here either. What somebody took is kept in the audit.
"""

import json
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Project
from agents.people import audit
from calling.record import actions
from studio.pages.calls import documents, filters, streaming
from studio.pages.calls.conversation import ConversationPage
from studio.pages.calls.conversations import ConversationsPage
from studio.pages.people.privacy import PrivacyPage, chosen_calls

CONVERSATIONS_MOST = 50_000  # of one file
ROWS_READ, DOCUMENTS_READ = 500, 100  # at once


def head() -> list[str]:
    """The names of the columns, as people read them; JSON is the form with names for programs."""
    return [
        *(_("reference"), _("began"), _("seconds"), _("result"), _("about"), _("first words")),
        *(_("rating"), _("unanswered"), _("widget"), _("environment"), _("site")),
        *(_("language"), _("version"), _("variant"), _("ended because"), _("error")),
        *(_("test"), _("agreed at"), _("recorded seconds"), _("handled at"), _("tags"), _("id")),
    ]


class ListExport(ConversationsPage):
    """What the filters of the address show, newest first."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        kind = "json" if request.POST.get("as") == "json" else "csv"
        rows = filters.found(self.project, self.chosen, self.personal)
        calls = list(rows.values_list("pk", flat=True)[:CONVERSATIONS_MOST])
        taken = {"conversations": len(calls), "format": kind, "personal": self.personal}
        audit.record(request.user, "conversation.export", self.project, self.project, **taken)
        name = f"conversations-{self.project.slug}-{timezone.localdate().isoformat()}.{kind}"
        if kind == "json":
            return streaming.download(request, self._json(calls), name, "application/json")
        return streaming.download(request, self._csv(calls), name, "text/csv; charset=utf-8")

    def _csv(self, calls: list[uuid.UUID]) -> streaming.Pieces:
        parts = streaming.batches(calls, ROWS_READ)
        wholes = (one for part in parts for one in documents.read(self.project, part, self.personal, lines=False))
        return streaming.csv_pieces(head(), (_cells(one, self.personal) for one in wholes))

    def _json(self, calls: list[uuid.UUID]) -> streaming.Pieces:
        parts = streaming.batches(calls, DOCUMENTS_READ)
        wholes = (one for part in parts for one in documents.read(self.project, part, self.personal))
        head = {"project": self.project.name, "exported_at": timezone.now().isoformat(timespec="seconds")}
        return streaming.json_pieces(head, "conversations", (documents.data(one, self.personal) for one in wholes))


def _cells(one: documents.Whole, words: bool) -> list[Any]:
    call = one.call
    found = documents.data(one, words=False)
    return [
        *(call.reference, found["began"], None if call.talked_s is None else round(call.talked_s), one.row.result),
        *(one.row.title, one.said.first_words if words else "", call.rating, one.said.unanswered, call.widget_name),
        *(call.environment, call.site, call.language, found["version"], call.variant_key, call.end_cause),
        *(call.error_code, _("yes") if call.is_test else "", found["consent"] and found["consent"]["at"]),
        *(round(found["recording"]["seconds"] or 0) if found["recording"] else None, found["handled"]),
        *(", ".join(found["tags"]), found["id"]),
    ]


class OneExport(ConversationPage):
    """One conversation as text, as data, or as an archive of both with its sound."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, conversation: Any) -> HttpResponseBase:
        kind = request.POST.get("as") if request.POST.get("as") in ("json", "zip") else "txt"
        personal = self.may("conversations.personal")
        audit.record(request.user, "conversation.export", self.project, self.call, format=kind, personal=personal)
        pk, name = self.call.pk, f"{self.call.reference}.{kind}"
        if kind == "zip":
            return streaming.download(request, archive(self.project, [pk], personal), name, "application/zip")
        file = _document(self.project, pk, personal, kind)
        content_type = "application/json" if kind == "json" else "text/plain; charset=utf-8"
        return streaming.download(request, file, name, content_type)


class VisitorExport(PrivacyPage):
    """Everything of one visitor: the conversations that were chosen, each with its consent and its sound."""

    write_permission = "conversations.personal"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        rows = self.project.conversations.filter(pk__in=chosen_calls(request)).order_by("-started_at")
        calls = list(rows.values_list("pk", "reference")[: actions.FOUND_MOST])
        if not calls:
            self.warn(_("Nothing was taken. Choose at least one conversation."))
            return self.to("privacy")
        references = [reference for _pk, reference in calls]
        taken = {"conversations": len(calls), "references": references, "format": "zip", "personal": True}
        audit.record(request.user, "conversation.export", self.project, self.project, **taken)
        name = f"visitor-{references[0]}.zip"
        whole = archive(self.project, [pk for pk, _reference in calls], words=True)
        return streaming.download(request, whole, name, "application/zip")


def _document(project: Project, call: uuid.UUID, words: bool, kind: str) -> Generator[bytes, None, None]:
    for one in documents.read(project, [call], words):
        yield _written(one, project, words, kind)


def _written(one: documents.Whole, project: Project, words: bool, kind: str) -> bytes:
    if kind == "json":
        return json.dumps(documents.data(one, words), ensure_ascii=False, indent=1).encode()
    return documents.text(one, project.agent.name, words).encode()


def archive(project: Project, calls: Sequence[uuid.UUID], words: bool) -> streaming.Pieces:
    return streaming.zip_pieces(_files(project, calls, words))


def _files(
    project: Project, calls: Sequence[uuid.UUID], words: bool
) -> Iterator[tuple[str, Callable[[], Iterator[bytes]]]]:
    """Text, data and sound of each; one conversation is in memory at a time."""
    for call in calls:
        for one in documents.read(project, [call], words):
            for kind in ("txt", "json"):
                content = _written(one, project, words, kind)
                yield f"{one.call.reference}.{kind}", lambda content=content: iter([content])
            storage, recording = storages["recordings"], one.recording
            if words and recording and storage.exists(recording.file):
                yield one.sound_file, lambda file=recording.file: _sound(file)


def _sound(file: str) -> Iterator[bytes]:
    with storages["recordings"].open(file) as sound:
        while piece := sound.read(streaming.PIECE_BYTES):
            yield piece
