"""A forgotten password: a link by e-mail, and the page behind it. Only where mail can be sent.

Whoever asks is answered the same whether there is such an account or not, and as fast. A link works once, for two
hours, and only until the password is another one; the second step of signing in is asked for as always.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from agents.people import audit
from studio.pages.people.login import account_name
from studio.running import mail
from widgets.admission import limits
from widgets.refusals import Refused

WINDOW_S = 3600
MAILS_TO_ACCOUNT, ASKED_FROM_ADDRESS = 3, 20


class ForgottenForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Name or e-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )


class Forgotten(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SENDS_EMAIL:
            return redirect("console:login")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(ForgottenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ForgottenForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        name = account_name(form.cleaned_data["username"])
        user = get_user_model().objects.filter(username=name, is_active=True).exclude(email="").first()
        try:
            _draw(request, name)
        except Refused as refused:
            form.add_error(None, _("Too many tries. Wait an hour, then try again."))
            return self._page(form, status=refused.status)
        mail.ask_for_reset(user)
        return self._page(form, sent=True)

    def _page(self, form: ForgottenForm, status: int = 200, sent: bool = False) -> HttpResponse:
        told = {"title": _("Forgot your password?"), "form": form, "sent": sent}
        return render(self.request, "studio/password_forgotten.html", told, status=status)


def _draw(request: HttpRequest, name: str) -> None:
    """Nobody fills somebody's mailbox. Raises RATE_LIMITED."""
    visitor = limits.visitor_hash(limits.client_ip(request))
    limits.draw(
        limits.Allowance("reset-account", limits.visitor_hash(name.strip().lower()), MAILS_TO_ACCOUNT, WINDOW_S),
        limits.Allowance("reset-address", visitor, ASKED_FROM_ADDRESS, WINDOW_S),
    )


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _("At least 10 characters. Three unusual words are a good one.")
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""


class NewPassword(PasswordResetConfirmView):
    """Django's own: the token goes from the address into the session before anything is shown."""

    form_class = NewPasswordForm
    template_name = "studio/password_new.html"
    success_url = reverse_lazy("console:login")
    title = gettext_lazy("Choose a new password")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        audit.record(self.user, "account.password", None, self.user)
        messages.success(self.request, _("Your password is changed. Sign in with the new one."))
        return response

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if not self.validlink:
            response.status_code = 410
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response
