"""The tab of another language in a flow's editor: what is said, beside the words of the first language."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agents.authoring import flow_words, languages
from agents.locks import Stale, mark_of
from agents.models import Flow
from studio.pages.agent.language_tabs import tabs
from studio.pages.agent.languages import LanguagePage


class FlowWords(LanguagePage):
    template_name = "studio/flow_words.html"
    menu = "flows"

    @cached_property
    def flow(self) -> Flow:
        return get_object_or_404(Flow, project=self.project, pk=self.kwargs["flow"])

    def context(self) -> dict[str, Any]:
        return self._shown(self.flow.wordings.get(self.code, {}))

    def mark(self) -> str:
        return mark_of(self.flow, flow_words.MARKED)

    def post(self, request: HttpRequest, flow: int, language: str) -> HttpResponse:
        given = _read(request.POST, self.flow)
        kept, problems = flow_words.clean(given, self.flow.steps)
        if problems:
            told = [_("The flow %s.") % one for one in problems]
            return self.page(self.template_name, status=422, **self._shown(kept), problems=told)
        try:
            flow_words.save(self.flow, self.code, kept, request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **self._shown(kept))
        said = _("“%(flow)s” is in your draft in %(language)s.")
        words = said % {"flow": self.flow.name, "language": languages.name(self.code)}
        return self.kept(words, "flow_words", flow=self.flow.pk, language=self.code)

    def _shown(self, words: Mapping[str, Any]) -> dict[str, Any]:
        agent = self.project.agent
        whole = bool(flow_words.whole({"steps": self.flow.steps, "wordings": {self.code: words}}, [self.code]))
        return {
            "flow": self.flow,
            "title": self.flow.name,
            "words": words,
            "starts": "\n".join(words.get("starts", [])),
            "steps": [_row(step, words.get("steps", {}).get(step["key"], {})) for step in self.flow.steps],
            "whole": whole,
            "code": self.code,
            "worded_in": languages.name(self.code),
            "first": languages.name(agent.language),
            "tabs": tabs(self, "flow", self.code, flow=self.flow.pk),
        }


def _row(step: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """One thing that is asked for: its words in both languages."""
    told = words.get("options", {})
    options = [(one["name"], _line(told.get(one["name"], {}))) for one in step.get("limits", {}).get("options", [])]
    return {"key": step["key"], "step": step, "words": words, "options": list(enumerate(options))}


def _line(option: Mapping[str, Any]) -> str:
    return " | ".join([option["name"], ", ".join(option["also"])]) if option.get("also") else option.get("name", "")


def _read(data: QueryDict, flow: Flow) -> dict[str, Any]:
    """What was posted, as `flow_words.clean` wants it."""
    steps = {}
    for step in flow.steps:
        key = step["key"]
        own: dict[str, Any] = {name: data.get(f"{key}-{name}", "") for name in ("name", "ask", "again")}
        options = step.get("limits", {}).get("options", [])
        own["options"] = {one["name"]: data.get(f"{key}-option-{place}", "") for place, one in enumerate(options)}
        steps[key] = own
    return {
        "called": data.get("called", ""),
        "starts": [line for line in data.get("starts", "").splitlines() if line.strip()],
        "offer": data.get("offer", ""),
        "text": data.get("text", ""),
        "steps": steps,
    }
