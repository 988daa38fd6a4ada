"""The Share tab: a page of our own to call or write from, and a test link for a colleague."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.locks import Stale, mark_of
from studio.pages.widget.base import WidgetPage, environments
from studio.pages.widget.forms import switch
from widgets import actions
from widgets.admission import call_page, test_link
from widgets.delivery import sharing
from widgets.models import Kind


class PageForm(forms.Form):
    use_required_attribute = False

    enabled = switch(
        gettext_lazy("Call page"), gettext_lazy("Whoever has the address can call. Search engines stay out.")
    )
    environment = forms.ChoiceField(
        label=gettext_lazy("Environment"),
        help_text=gettext_lazy("Which version answers there, whatever the widget uses."),
        widget=forms.RadioSelect,
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        help_text=gettext_lazy("In your time zone. Leave it empty, and the page stays until you switch it off."),
        error_messages={"invalid": gettext_lazy("Choose a day and a time.")},
        widget=forms.DateTimeInput(attrs={"class": "input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class Share(WidgetPage):
    template_name = "studio/widget_share.html"
    tab = "share"
    effect = "once"

    def mark(self) -> str:
        return mark_of(call_page.of(self.widget), actions.PAGE)

    def context(self) -> dict[str, Any]:
        return self._shown() | {"form": self._form()}

    def _shown(self) -> dict[str, Any]:
        return {
            "sharing": sharing.sharing(self.widget),
            "links": test_link.live(self.widget),
            "least": call_page.PASSPHRASE_LEAST,
            "most": call_page.PASSPHRASE_MOST,
        }

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                actions.save_call_page(self.widget, by=request.user, seen=self.seen, **form.cleaned_data)
            except Stale as stale:
                return self.late(stale, **(self._shown() | {"form": form}))
            except actions.Invalid as invalid:
                for name, problem in invalid.errors.items():
                    form.add_error(name if name in form.fields else None, problem)
            else:
                self.say(_("Done. It takes effect at once."))
                return self.to("widget_share", widget=self.widget.pk)
        return self.page(self.template_name, status=422, **(self._shown() | {"form": form}))

    def _form(self, data: Any = None) -> PageForm:
        page = call_page.of(self.widget)
        kept = {"enabled": page.enabled, "environment": page.environment, "expires_at": page.expires_at}
        form = PageForm(data, initial=kept)
        form.fields["environment"].choices = environments(self.project, page.environment)
        if self.widget.kind == Kind.CHAT:
            form.fields["enabled"].label = _("Chat page")
            form.fields["enabled"].help_text = _("Whoever has the address can write. Search engines stay out.")
        return form


class Passphrase(Share):
    """Set the words in front of the page, or take them away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        words = "" if "remove" in request.POST else request.POST.get("passphrase", "")
        if not call_page.tidy(words) and "remove" not in request.POST:
            return self._refused(_("Write the words that visitors have to know."))
        try:
            actions.set_call_page_passphrase(self.widget, words, by=request.user)
        except actions.Invalid as invalid:
            return self._refused(" ".join(invalid.errors.values()))
        self.say(
            _("Visitors are asked for the passphrase.") if words else _("Nobody is asked for a passphrase any more.")
        )
        return self.to("widget_share", widget=self.widget.pk)

    def _refused(self, problem: str) -> HttpResponse:
        return self.page(self.template_name, status=422, **(self.context() | {"passphrase_problem": problem}))


class Rotate(WidgetPage):
    """A new address for the call page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        actions.rotate_call_page(self.widget, by=request.user)
        self.say(_("The page has a new address. The old one leads nowhere."))
        return self.to("widget_share", widget=self.widget.pk)


class Qr(WidgetPage):
    """The QR code as a file, for a poster: of an address that leads somewhere, or led there before."""

    def get(self, request: HttpRequest, widget: int) -> HttpResponse:
        if call_page.of(self.widget).pk is None:
            raise Http404
        response = HttpResponse(sharing.sharing(self.widget).qr, content_type="image/svg+xml")
        response["Content-Disposition"] = 'attachment; filename="call-page.svg"'
        return response


class TestLinks(WidgetPage):
    """Make a test link, or end all of them."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        if "end" in request.POST:
            ended = actions.revoke_test_links(self.widget, by=request.user)
            self.say(_("The test links lead nowhere any more.") if ended else _("No test link was left."))
        else:
            actions.make_test_link(self.widget, by=request.user)
            self.say(_("The test link works for one hour."))
        return self.to("widget_share", widget=self.widget.pk)
