"""Codes, passkeys and passwords that somebody is asked for: allauth's forms, with our bound on guesses (guesses.py),
and each code and step of a passkey for one use (once.py)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factors
from allauth.mfa.base.forms import AuthenticateForm as Code
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgain
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn import forms as passkeys
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django.http import HttpResponse

from agents.locks import Gone
from agents.people import audit
from studio.pages.people import guesses, once
from widgets.admission import limits
from widgets.refusals import Refused


class _Code:
    """Whoever is asked for a code has shown the password. A stranger who knows it cannot keep its owner out."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        guess = _drawn(lambda: guesses.draw_code(context.request, self.user))
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not _held(once.spend, self.authenticator, code):
            raise get_factors().validation_error("incorrect_code")
        guess.give_back()
        return code


class CodeForm(_Code, Code):
    pass


class CodeAgainForm(_Code, CodeAgain):
    pass


class ConnectApp(ActivateTOTPView):
    """The code that connects an app is one that was used, too."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        once.spend(app, form.cleaned_data["code"])
        return response


class _Passkey:
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Authenticator:
        signed = parse_authentication_response(self.cleaned_data["credential"])
        passkey: Authenticator = super().clean_credential()  # type: ignore[misc]
        if not _held(once.count, passkey, signed.response.authenticator_data.counter):
            audit.record(passkey.user, "account.passkey_copied", None, passkey.user, name=passkey.wrap().name)
            raise get_factors().validation_error("passkey_copied")
        return passkey


class PasskeyForm(_Passkey, passkeys.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_Passkey, passkeys.ReauthenticateWebAuthnForm):
    pass


class PasskeyAloneForm(_Passkey, passkeys.LoginWebAuthnForm):
    pass


class PasswordAgainForm(PasswordAgain):
    def clean_password(self) -> str:
        guess = _drawn(lambda: guesses.draw_again(self.user))
        password: str = super().clean_password()
        guess.give_back()
        return password


def _held(use: Any, way: Authenticator, shown: Any) -> bool:
    """A way of signing in that was taken away meanwhile signs in nobody."""
    try:
        return bool(use(way, shown))
    except Gone:
        return False


def _drawn(draw: Any) -> limits.Drawn:
    try:
        return draw()
    except Refused:
        raise get_adapter().validation_error("too_many_login_attempts") from None
