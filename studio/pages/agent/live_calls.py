"""Requests of the console that need an engine: they wait on the loop of the calls while its pool works."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from agents.authoring.playground import Trial
from agents.speech.inference import PoolFull
from agents.speech.providers.base import ProviderError
from studio.pages.base import ProjectPage
from widgets.admission import limits


class LiveCall(ProjectPage):
    """A small request in JSON by somebody who may edit the agent. Who may not is told as on every page."""

    permission = "agent.edit"
    http_method_names = ["post"]
    limit = ("test", 120)  # its name and how many of them a minute one person may make

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = await sync_to_async(self._enter)(request, kwargs.pop("project"))
        if refused:
            return refused
        if request.method.lower() not in self.http_method_names:
            return await self.http_method_not_allowed(request)
        handler = getattr(self, request.method.lower())
        name, most = self.limit
        if not limits.within(name, f"user-{request.user.pk}", most):
            return self.problem(_("That was a lot at once. Wait a minute, then go on."), 429)
        try:
            response = await handler(request, *args, **kwargs)
        except PoolFull:
            response = self.problem(_("Too much is being tried at once. Wait a moment, then go on."), 503)
        except ProviderError:
            response = self.problem(
                _("The speech engine could not do this. The owner of this server can find out why with “doctor”."), 503
            )
        return response

    def _enter(self, request: HttpRequest, project: str) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.member = self._membership(project)
        self.project = self.member.project
        if not self._may_enter():
            return self.page("studio/not_allowed.html", status=403)
        return None

    def trial(self) -> Trial:
        return Trial(settings.SPEECH, settings.MODELS_DIR, who=("console", self.request.user.pk))

    def problem(self, text: str, status: int = 422) -> JsonResponse:
        return JsonResponse({"problem": text}, status=status)
