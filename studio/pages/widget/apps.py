"""The Apps tab of a chat: whether clients without a page of ours may use it, what they show, and where they go."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.locks import Stale, mark_of
from studio.pages.widget.base import WidgetPage, widgets_of
from studio.pages.widget.forms import switch
from widgets import actions
from widgets.models import AppAccess, Kind, Widget

APP_IDS_CHARS = actions.APP_IDS_MOST * 160


class AppsForm(forms.Form):
    use_required_attribute = False

    enabled = switch(
        gettext_lazy("Let mobile apps connect"),
        gettext_lazy("Your own apps hold the same chats and calls as the site, with a token instead of a web address."),
    )
    app_ids = forms.CharField(
        label=gettext_lazy("Apps"),
        required=False,
        max_length=APP_IDS_CHARS,
        help_text=gettext_lazy("The ids under which your apps are installed, one a line."),
        widget=forms.Textarea(
            attrs={
                "class": "input",
                "rows": 3,
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "com.example.app",
            }
        ),
    )
    takes_code = switch(
        gettext_lazy("The public code will do"),
        gettext_lazy(
            "For clients of listed sites that know only the tag. Whoever reads your page can then chat from outside it."
        ),
    )


class Apps(WidgetPage):
    template_name = "studio/widget_apps.html"
    title = gettext_lazy("Apps")
    tab = "apps"
    effect = "once"

    @cached_property
    def widget(self) -> Widget:
        return get_object_or_404(widgets_of(self.project), pk=self.kwargs["widget"], kind=Kind.CHAT)

    @property
    def access(self) -> AppAccess:
        return AppAccess.objects.filter(widget=self.widget).first() or AppAccess(widget=self.widget)

    def mark(self) -> str:
        return mark_of(self.access, actions.APPS)

    def context(self) -> dict[str, Any]:
        return self._shown() | {"form": self._form()}

    def _shown(self) -> dict[str, Any]:
        access, socket = self.access, "ws" + settings.PUBLIC_URL.removeprefix("http")
        addresses = (
            (_("Messages"), f"{settings.PUBLIC_URL}/api/v1", "messages"),
            (_("Socket"), f"{socket}/ws", "socket"),
            (_("Calls"), f"{socket}/api/v1/webrtc/signal", "calls"),
        )
        tokens = (
            ("token", _("App token"), _("For chats: the SDKs call it the API key."), access.token_end),
            ("calling", _("Calling token"), _("For calls: the SDKs call it the WebRTC token."), access.calling_end),
        )
        return {
            "access": access,
            "addresses": addresses,
            "tokens": tokens,
            "reference": f"{settings.PUBLIC_URL}/api/v1/docs",
        }

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                given = form.cleaned_data | {"app_ids": form.cleaned_data["app_ids"].splitlines()}
                actions.save_app_access(self.widget, by=request.user, seen=self.seen, **given)
            except Stale as stale:
                return self.late(stale, **(self._shown() | {"form": form}))
            except actions.Invalid as invalid:
                for name, problem in invalid.errors.items():
                    form.add_error(name if name in form.fields else None, problem)
            else:
                self.say(_("Done. It takes effect at once."))
                return self.to("widget_apps", widget=self.widget.pk)
        return self.page(self.template_name, status=422, **(self._shown() | {"form": form}))

    def _form(self, data: Any = None) -> AppsForm:
        access = self.access
        kept = {"enabled": access.enabled, "app_ids": "\n".join(access.app_ids), "takes_code": access.takes_code}
        return AppsForm(data, initial=kept)


class Token(Apps):
    """A new token, told once on the answer to this request and nowhere else; or both taken away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        kind = request.POST.get("kind")
        if kind == "revoke":
            actions.revoke_apps(self.widget, by=request.user)
            self.say(_("Both tokens stopped working, and all that was admitted with them."))
            return self.to("widget_apps", widget=self.widget.pk)
        if kind == "no-keys":
            actions.revoke_context_keys(self.widget, by=request.user)
            self.say(_("Nothing that was signed with those keys is taken any more."))
            return self.to("widget_apps", widget=self.widget.pk)
        if kind == "key":
            kid, secret = actions.new_context_key(self.widget, by=request.user)
            return self.page(Apps.template_name, **(self.context() | {"made_kid": kid, "made_secret": secret}))
        make = {"token": actions.new_app_token, "calling": actions.new_calling_token}.get(str(kind))
        if make is None:
            return self.to("widget_apps", widget=self.widget.pk)
        made = make(self.widget, by=request.user)
        return self.page(Apps.template_name, **(self.context() | {"made": made, "made_kind": kind}))
