"""One rehearsal is written: what the caller says, line by line, and what must happen; or made from a call there was."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agents.authoring.rehearsals import runs, writing
from agents.authoring.rehearsals.script import (
    KINDS,
    LINES_MOST,
    NAME_MOST,
    SAY_MOST,
    VALUE_MOST,
    Check,
    Script,
    ScriptLine,
    ScriptRefused,
)
from agents.locks import Stale, mark_of
from agents.models import Rehearsal
from calling.models import Conversation
from calling.record import from_call
from calling.rehearsing import running as rehearsing
from studio.pages.agent import rehearsal_wording
from studio.pages.agent.rehearsals import TIMES, RehearsalsPage
from studio.pages.calls import wording

CALL = "call"  # where the checks of the call as a whole stand
PLACES_READ = LINES_MOST * 2  # of a form that somebody made up


class RehearsalEditor(RehearsalsPage):
    """A new one where the address names none."""

    template_name = "studio/rehearsal_edit.html"

    @cached_property
    def rehearsal(self) -> Rehearsal | None:
        number = self.kwargs.get("rehearsal")
        return get_object_or_404(Rehearsal, project=self.project, pk=number) if number else None

    def context(self) -> dict[str, Any]:
        row = self.rehearsal
        script = writing.script_of(row) if row else Script((ScriptLine("", (Check("topic"),)),))
        return self._shown(row.name if row else "", script, row.variant_key if row else "", bool(row and row.by_voice))

    def mark(self) -> str:
        return mark_of(self.rehearsal, writing.FIELDS) if self.rehearsal else ""

    def post(self, request: HttpRequest, rehearsal: int | None = None) -> HttpResponse:
        name, script, variant = _read(request)
        by_voice = request.POST.get("how") == "speaks"
        try:
            kept = writing.save(
                self.project,
                self.rehearsal,
                name,
                script,
                request.user,
                variant=variant,
                by_voice=by_voice,
                seen=self.seen,
            )
        except Stale as stale:
            return self.late(stale, **self._shown(name, script, variant, by_voice))
        except ScriptRefused as refused:
            shown = self._shown(name, script, variant, by_voice) | {"problem": str(refused)}
            return self.page(self.template_name, status=422, **shown)
        if "rehearse" in request.POST:
            try:
                rehearsing.start(self.project, request.user, rehearsals=[kept], times=TIMES)
            except runs.RunRefused as busy:
                self.warn(str(busy))
        else:
            self.say(_("“%s” is kept.") % kept.name)
        return self.to("rehearsal", rehearsal=kept.pk)

    def _shown(self, name: str, script: Script, variant: str, by_voice: bool) -> dict[str, Any]:
        return {
            "title": self.rehearsal.name if self.rehearsal else _("New rehearsal"),
            "rehearsal": self.rehearsal,
            "name": name,
            "lines": [(place, line) for place, line in enumerate(script.lines)],
            "checks": script.checks,
            "variant": variant,
            "by_voice": by_voice,
            "variants": self.project.variants.order_by("-is_default", "name").values_list("key", "name"),
            "topics": self.project.topics.filter(active=True).values_list("name", flat=True),
            "of_line": rehearsal_wording.choices(of_call=False),
            "of_call": rehearsal_wording.choices(of_call=True),
            "bare": {kind for kind, what in KINDS.items() if not what.needs},
            "most": {"name": NAME_MOST, "say": SAY_MOST, "value": VALUE_MOST, "lines": LINES_MOST},
            "times": TIMES,
        }


class RehearsalDelete(RehearsalsPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, rehearsal: int) -> HttpResponse:
        row = get_object_or_404(Rehearsal, project=self.project, pk=rehearsal)
        writing.delete(row, request.user)
        self.say(_("“%s” is deleted.") % row.name)
        return self.to("rehearsals")


class FromCall(RehearsalsPage):
    """A rehearsal of what somebody said in a call: made in one go, then looked over by its author."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, conversation: Any) -> HttpResponse:
        call = get_object_or_404(Conversation, project=self.project, pk=conversation)
        if not self.may("conversations.personal"):
            return self.page("studio/not_allowed.html", status=403)
        title = wording.title(call, wording.said_in([call.pk])[call.pk], words=False)  # a name stays in the audit
        try:
            made = from_call.make(call, title, request.user)
        except ScriptRefused as refused:
            self.warn(str(refused))
            return self.to("conversation", conversation=call.pk)
        self.say(_("Made from the call. Look over what the caller says and what must happen."))
        return self.to("rehearsal_edit", rehearsal=made.pk)


def _read(request: HttpRequest) -> tuple[str, Script, str]:
    """What the form holds. Each line has a place of its own, and its fields are named after it."""
    given = request.POST
    places = [place for place in given.getlist("line")[:PLACES_READ] if place.isalnum()]
    lines = tuple(_line(request, place) for place in places)
    return given.get("name", ""), Script(lines, _checks(request, CALL)), given.get("variant", "")[:60]


def _line(request: HttpRequest, place: str) -> ScriptLine:
    say, over = request.POST.get(f"say-{place}", ""), f"over-{place}" in request.POST
    return ScriptLine(say, _checks(request, place), over)


def _checks(request: HttpRequest, place: str) -> tuple[Check, ...]:
    kinds, values = request.POST.getlist(f"kind-{place}"), request.POST.getlist(f"value-{place}")
    return tuple(Check(kind, value) for kind, value in zip(kinds, values, strict=False))
