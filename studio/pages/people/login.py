"""Signing in: by name or e-mail address, with a bound on guessing that tells nobody which accounts exist."""

import hashlib
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from widgets.admission.limits import client_ip

TRIES_PER_NAME = 8
TRIES_PER_ADDRESS = 60
WINDOW_S = 15 * 60
COUNTED_FROM = 3  # tries left from which the form says how many


class Tries:
    """Failed tries of one name from one address, and of that address with any name, within a window."""

    def __init__(self, request: HttpRequest, name: str) -> None:
        address = client_ip(request)
        self.of_name = self._key(f"{address}\n{name.strip().lower()}")
        self.of_address = self._key(address)

    def left(self) -> int:
        counts = cache.get_many([self.of_name, self.of_address])
        return max(
            0, min(TRIES_PER_NAME - counts.get(self.of_name, 0), TRIES_PER_ADDRESS - counts.get(self.of_address, 0))
        )

    def count(self) -> None:
        for key in (self.of_name, self.of_address):
            cache.add(key, 0, WINDOW_S)
            cache.incr(key)

    def forget(self) -> None:
        """After a good password the name starts afresh; the address keeps its count, so that no account lifts it."""
        cache.delete(self.of_name)

    @staticmethod
    def _key(what: str) -> str:
        return "login:" + hashlib.sha256(what.encode()).hexdigest()[:32]


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
        tries = Tries(self.request, name)
        if not tries.left():
            raise self._limited()
        self.user_cache = authenticate(self.request, username=account_name(name), password=password)
        if self.user_cache is None:
            tries.count()
            left = tries.left()
            raise ValidationError(self._mismatch(left), code="invalid_login") if left else self._limited()
        tries.forget()
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
