"""MCP server: an address is looked at, and what is chosen of its tools is kept in the draft."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.authoring import tool_rules, tool_servers, tools
from agents.authoring.drafting import NameTaken
from agents.authoring.tool_servers import Offered
from agents.brains.tools import failing, plan
from agents.brains.tools.request import origin
from agents.connections import sealing
from agents.models import ToolSecret
from agents.outside.addresses import NotFetched
from agents.outside.mcp_client import ServerError
from agents.outside.service_client import Refusal
from studio.pages.agent import tool_wording
from studio.pages.agent.publishing import AgentPage
from studio.pages.agent.tools import TRIES_A_MINUTE
from widgets.admission import limits

HEADER = "Authorization"


class ToolServer(AgentPage):
    """Looked at by its first button; the second one keeps what is ticked of what the server says by then."""

    template_name = "studio/tool_server.html"
    menu = "tools"
    title = gettext_lazy("MCP server")

    def context(self) -> dict[str, Any]:
        return self._shown(self.request.GET.get("url", ""), HEADER)

    def post(self, request: HttpRequest) -> HttpResponse:
        url = " ".join(request.POST.get("url", "").split())
        header = " ".join(request.POST.get("header", "").split()) or HEADER
        if problem := self._problem(url, header):
            return self._again(url, header, problem)
        try:
            secrets = self._secrets(url, header)
            found = tool_servers.look(self.project, url, secrets, private=settings.FETCH_PRIVATE)
        except (NotFetched, Refusal, ServerError, TimeoutError) as error:
            return self._again(url, header, str(tool_wording.FAILED[_code(error)]))
        except ValueError as refused:
            return self._again(url, header, str(refused))
        chosen = [one for one in found if one.row and one.name in request.POST.getlist("tool")]
        if request.POST.get("do") != "add" or not chosen:
            return self.page(self.template_name, **self._shown(url, header, found, secrets), came_changed=bool(found))
        try:
            saved = tool_servers.add(self.project, url, secrets, chosen, request.user)
        except (NameTaken, tools.SecretMissing, ValueError) as refused:
            return self._again(url, header, str(refused), found, secrets)
        words = ngettext("%(n)d tool is in your draft.", "%(n)d tools are in your draft.", len(saved))
        return self.kept(words % {"n": len(saved)}, "tools")

    def _problem(self, url: str, header: str) -> str:
        """Why it is not asked at all."""
        if not limits.within("tool-try", f"user-{self.request.user.pk}", TRIES_A_MINUTE):
            return _("That was a lot at once. Wait a minute, then go on.")
        sample = {"name": "x", "url": url, "remote": {"name": "x"}, "secrets": [header]}
        _row, wrong = tool_rules.clean(sample)
        if "{" in url:
            return _("The address of a server has no {names}.")
        return _("The server %s.") % wrong[0] if wrong else ""

    def _secrets(self, url: str, header: str) -> dict[str, str]:
        """The key that was typed, or came back sealed with the page, or is kept with tools of this server."""
        server = origin(url)
        typed = self.request.POST.get("key", "")
        if typed and self.may("connections.edit"):
            return {header: tool_rules.clean_secret(typed)}
        try:
            given = json.loads(sealing.unseal(self.request.POST.get("sealed", "")) or "{}")
            if (given.get("project"), given.get("origin"), given.get("header")) == (self.project.pk, server, header):
                return {header: str(given["value"])}
            rows = ToolSecret.objects.filter(tool__project=self.project, tool__url=url, origin=server, header=header)
            kept = rows.order_by("-pk").first()
            return {header: sealing.unseal(kept.sealed)} if kept else {}
        except sealing.Unreadable:
            return {}

    def _again(
        self,
        url: str,
        header: str,
        problem: str,
        found: list[Offered] | None = None,
        secrets: dict[str, str] | None = None,
    ) -> HttpResponse:
        shown = self._shown(url, header, found, secrets)
        return self.page(self.template_name, status=422, **shown, problems=[problem], came_changed=True)

    def _shown(
        self, url: str, header: str, found: list[Offered] | None = None, secrets: dict[str, str] | None = None
    ) -> dict[str, Any]:
        value = (secrets or {}).get(header, "")
        carried = {"project": self.project.pk, "origin": origin(url), "header": header, "value": value}
        return {
            "url": url,
            "header": header,
            "host": origin(url).rpartition("://")[2],
            "found": found,
            "chosen": self.request.POST.getlist("tool"),
            "usable": any(one.row for one in found or ()),
            "sealed": sealing.seal(json.dumps(carried)) if value else "",
            "may_connect": self.may("connections.edit"),
        }


def _code(error: Exception) -> str:
    """In the codes of docs/tools.md."""
    any_tool = plan.Tool(0, "")
    match error:
        case TimeoutError():
            return "TOO_SLOW"
        case NotFetched():
            return failing.not_fetched(any_tool, error).code
        case Refusal():
            return failing.refused(any_tool, error).code or "NOT_UNDERSTOOD"
    return "NOT_UNDERSTOOD"
