"""Connections: the services of other people that a project uses, one of them, and a test of it."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.connections import keeping
from agents.connections.keeping import ConnectionRefused, Result, Unreadable
from agents.connections.kinds import HEARING, KINDS, VOICE
from agents.connections.model import Connection
from agents.locks import Stale, mark_of
from studio.pages.agent.live_calls import LiveCall
from studio.pages.base import ProjectPage
from studio.pages.connections import wording
from studio.pages.connections.form import ConnectionForm

TESTED = (HEARING, VOICE)


class ConnectionsPage(ProjectPage):
    permission = "connections.edit"
    menu = "project_settings"
    effect = "once"

    @cached_property
    def connection(self) -> Connection | None:
        pk = self.kwargs.get("connection")
        return get_object_or_404(Connection, project=self.project, pk=pk) if pk else None


class Connections(ConnectionsPage):
    template_name = "studio/connections.html"
    title = gettext_lazy("Project")
    http_method_names = ["get", "head"]

    def context(self) -> dict[str, Any]:
        chosen = {one.get("connection"): use for use, one in self.project.agent.services.items()}
        return {
            "rows": [
                {
                    "connection": row,
                    "kind": KINDS[row.kind].label if row.kind in KINDS else row.kind,
                    "used": wording.USES.get(chosen.get(row.pk, "")),
                    "works": _works(row),
                }
                for row in self.project.connections.all()
            ]
        }


def _works(row: Connection) -> bool | None:
    """How its last tests went; None where there was none."""
    codes = [one.get("code") for one in row.tested.values()]
    return not any(codes) if codes else None


class ConnectionEditor(ConnectionsPage):
    template_name = "studio/connection.html"

    def mark(self) -> str:
        return mark_of(self.connection, keeping.SHOWN) if self.connection else ""

    def context(self) -> dict[str, Any]:
        return self._shown(ConnectionForm(self.connection))

    def post(self, request: HttpRequest, connection: int | None = None) -> HttpResponse:
        form = ConnectionForm(self.connection, request.POST)
        if form.is_valid():
            try:
                kept = keeping.save(
                    self.project, self.connection, form.values(), request.user, key=form.new_key, seen=self.seen or None
                )
            except ConnectionRefused as refused:
                form.add_error(refused.field, str(refused))
            except Stale as stale:
                return self.late(stale, **self._shown(form))
            else:
                self.say(_("Saved. Test it now.") if not kept.tested else _("Saved."))
                return self.to("connection", connection=kept.pk)
        return self.page(self.template_name, status=422, **self._shown(form))

    def _shown(self, form: ConnectionForm) -> dict[str, Any]:
        row = self.connection
        tests = []
        if row and row.kind in KINDS:
            for use in (use for use in TESTED if use in KINDS[row.kind].uses):
                last = row.tested.get(use)
                told = wording.result(last["code"], last["ms"]) if last else ""
                tests.append({"use": use, "label": wording.USES[use], "last": last, "told": told})
        return {
            "title": row.name if row else _("Connect a service"),
            "form": form,
            "connection": row,
            "tests": tests,
            "prices": [
                (wording.USES[use], wording.price(row, use)) for use in TESTED if row and wording.price(row, use)
            ],
            "hearing_kinds": " ".join(kind.key for kind in KINDS.values() if HEARING in kind.uses),
            "voice_kinds": " ".join(kind.key for kind in KINDS.values() if VOICE in kind.uses),
            "used": any(one.get("connection") == row.pk for one in self.project.agent.services.values())
            if row
            else False,
        }


class ConnectionDelete(ConnectionsPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, connection: int) -> HttpResponse:
        assert self.connection is not None
        name = self.connection.name
        keeping.remove(self.connection, request.user)
        self.say(_("“%s” and its key are forgotten.") % name)
        return self.to("connections")


class ConnectionTest(LiveCall):
    """POST: use it once, as a call would. Says in plain words how that went."""

    permission = "connections.edit"
    limit = ("connection-test", 20)

    async def post(self, request: HttpRequest, connection: int) -> HttpResponse:
        from agents.speech.providers import registry  # brings the speech libraries along
        from agents.speech.providers.remote.probe import probe

        row = await sync_to_async(get_object_or_404)(Connection, project=self.project, pk=connection)
        use = request.POST.get("use", "")
        if use not in TESTED or use not in KINDS[row.kind].uses:
            return self.problem(_("This service cannot be tested for that."))
        agent = self.project.agent
        try:
            service = await sync_to_async(keeping.opened)(row, use)
        except Unreadable:
            return JsonResponse({"works": False, "code": "SEALED", "told": wording.result("SEALED", 0)})
        language = agent.language.split("-")[0].lower()
        if settings.SPEECH == "scripted":
            speaker = registry.engines(settings.SPEECH, "", language, settings.MODELS_DIR).voice
        else:
            speaker = registry.find_voice(agent.voice, language, settings.MODELS_DIR)
        probed = await probe(service, use, language, speaker)
        await sync_to_async(keeping.note_test)(row, use, Result(probed.code, probed.ms))
        told = wording.result(probed.code, probed.ms, probed.heard)
        return JsonResponse({"works": not probed.code, "code": probed.code, "told": told})
