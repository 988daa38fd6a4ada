"""Signing in: by name or e-mail address. The bound on guessing (guesses.py) tells nobody which accounts exist."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from studio.pages.people import guesses
from widgets.refusals import Refused

COUNTED_FROM = 3  # tries left from which the form says how many


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("Name or e-mail"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["class"] = "input"

    def clean(self) -> dict:
        name, password = self.cleaned_data.get("username", ""), self.cleaned_data.get("password", "")
        if not name or not password:
            return self.cleaned_data
        account = account_name(name)
        try:
            guess = guesses.draw(self.request, account)
        except Refused:
            raise self._limited() from None
        self.user_cache = authenticate(self.request, username=account, password=password)
        if self.user_cache is None:
            raise ValidationError(self._mismatch(guess.left), code="invalid_login") if guess.left else self._limited()
        guess.give_back()
        return self.cleaned_data

    @staticmethod
    def _limited() -> ValidationError:
        words = _("Too many tries. Wait 15 minutes, or ask the owner of your studio for a new password.")
        return ValidationError(words, code="limited")

    @staticmethod
    def _mismatch(left: int) -> str:
        problem = _("Name and password don’t match.")
        if left > COUNTED_FROM:
            return str(problem)
        return f"{problem} " + ngettext("%(n)d try left.", "%(n)d tries left.", left) % {"n": left}


def account_name(given: str) -> str:
    """The user name behind an e-mail address that one account has; anything else is taken as a user name."""
    if "@" not in given:
        return given
    users = get_user_model().objects.filter(email__iexact=given.strip())[:2]
    return users[0].get_username() if len(users) == 1 else given


class SignIn(LoginView):
    form_class = SignInForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "sends_email": settings.SENDS_EMAIL,
            "is_new_studio": not get_user_model().objects.exists(),
        }

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """In, or on to the second step for who has one."""
        user = form.get_user()
        login = Login(user=user, redirect_url=self.get_success_url())
        return perform_password_login(self.request, {"username": user.get_username()}, login)

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("__all__", "limited"):
            response.status_code = 429
        return response
