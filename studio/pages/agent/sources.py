"""Sources: what the agent reads where no topic answers. All of them, one of them, a new one, and a try of one."""

from dataclasses import replace
from typing import Any

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import playground, publish
from agents.authoring.sources import keeping, shelf
from agents.authoring.sources.keeping import SourceRefused
from agents.authoring.sources.readers.child import FILE_MOST
from agents.brains.sources.passages import Library
from agents.locks import Stale, mark_of
from agents.models import Source
from calling.gateway.wiring import talk_settings
from calling.record import source_work
from studio.pages.agent import source_wording
from studio.pages.agent.live_calls import LiveCall
from studio.pages.agent.publishing import AgentPage
from studio.pages.agent.source_forms import AddForm, ChangeForm
from studio.pages.calls import wording

REFRESH_MS = 1500
PAGES_SHOWN = 100
QUESTION_MOST = 500


class SourcesPage(AgentPage):
    menu = "knowledge"

    @cached_property
    def source(self) -> Source:
        return get_object_or_404(Source, project=self.project, pk=self.kwargs["source"])


class Sources(SourcesPage):
    template_name = "studio/sources.html"
    title = gettext_lazy("Knowledge")
    http_method_names = ["get", "head"]

    def context(self) -> dict[str, Any]:
        rows = list(self.project.sources.defer("text"))
        return {
            "rows": [
                {
                    "source": row,
                    "stand": source_wording.stand(row),
                    "size": source_wording.size(row),
                    "changed": source_wording.changed(row),
                }
                for row in rows
            ],
            "refresh_ms": REFRESH_MS if any(row.reading for row in rows) else 0,
        }


class SourceAdd(SourcesPage):
    template_name = "studio/source_add.html"
    title = gettext_lazy("Add a source")
    effect = ""
    body_most = FILE_MOST + 1024 * 1024

    def context(self) -> dict[str, Any]:
        return {"form": AddForm(), "file_most": FILE_MOST}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddForm(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"] if form.cleaned_data["kind"] == Source.Kind.FILE else None
            try:
                source = source_work.add(self.project, form.values(self.project.agent.language), request.user, upload)
            except SourceRefused as refused:
                form.add_error(refused.field, str(refused))
            else:
                return self.to("source", source=source.pk)
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))


class OneSource(SourcesPage):
    template_name = "studio/source.html"

    def mark(self) -> str:
        return mark_of(self.source, keeping.FIELDS)

    def context(self) -> dict[str, Any]:
        source = self.source
        shown = source.round or source.reading
        pages = source.all_pages.filter(round=shown).only("title", "address", "number", "characters")
        return {
            "title": source.name,
            "source": source,
            "form": ChangeForm(source),
            "stand": source_wording.stand(source),
            "size": source_wording.size(source),
            "is_table": source.file_name.lower().endswith(".csv"),
            "is_empty": source.state == Source.State.FAILED and not (source.round or source.kept),
            "pages": list(pages[:PAGES_SHOWN]),
            "more_pages": max(0, pages.count() - PAGES_SHOWN),
            "left_out": source_wording.left_out(source),
            "changed": source_wording.changed(source),
            "changes": source_wording.changes(source),
            "refresh_ms": REFRESH_MS if source.reading else 0,
        }

    def post(self, request: HttpRequest, source: int) -> HttpResponse:
        form = ChangeForm(self.source, request.POST)
        if form.is_valid():
            try:
                if keeping.change(self.source, form.values(), request.user, seen=self.seen):
                    source_work.read_again(self.source)
            except Stale as stale:
                return self.late(stale, **(self.context() | {"form": form}))
            except SourceRefused as refused:
                form.add_error(refused.field, str(refused))
            else:
                self.say(_("Saved."))
                return self.to("source", source=self.source.pk)
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))


class SourceKeep(SourcesPage):
    """Into the draft, or out of it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, source: int) -> HttpResponse:
        active = request.POST.get("active") == "yes"
        keeping.keep(self.source, request.user, active=active)
        words = _("“%s” is in your draft.") if active else _("“%s” is switched off in your draft.")
        return self.kept(words % self.source.name, "sources")


class SourceRead(SourcesPage):
    """Read it again now."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, source: int) -> HttpResponse:
        if not self.source.address and not self.source.text:
            raise Http404  # a file is gone once it was read
        source_work.read_again(self.source)
        return self.to("source", source=self.source.pk)


class SourceDelete(SourcesPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, source: int) -> HttpResponse:
        name = self.source.name
        keeping.delete(self.source, request.user)
        self.say(_("“%s” is deleted with all that was read of it.") % name)
        return self.to("sources")


class OneShelf:
    """Of one source, as far as it was read."""

    def __init__(self, library: Library | None) -> None:
        self._library = library

    async def library(self, sources: Any) -> Library | None:
        return self._library


class SourceTry(LiveCall):
    """What the draft would answer with this source, before it is kept."""

    async def post(self, request: HttpRequest, source: int) -> HttpResponse:
        row = await Source.objects.filter(project=self.project, pk=source).afirst()
        if row is None:
            raise Http404
        text = " ".join(request.POST.get("text", "").split())[:QUESTION_MOST]
        if not text:
            return self.problem(_("Type a question first."))
        library = await sync_to_async(shelf.read_so_far)(row)
        draft = replace(await sync_to_async(publish.draft)(self.project), sources=(row.pk,))
        settings = playground.settings_of(talk_settings(), draft)
        tried = await self.trial().answer(draft, "", text, {}, settings, shelf=OneShelf(library))
        if tried.source.startswith("source:"):
            kind = "source"
        else:
            kind = "unknown" if "unknown" in (tried.kind, tried.source) else "other"
        return JsonResponse(
            {
                "kind": kind,
                "text": tried.text,
                "answered": wording.what_answered(tried.source),
                "cited": source_wording.cited(tried.decision),
                "thinking_ms": tried.thinking_ms,
            }
        )
