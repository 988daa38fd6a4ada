"""Codes and passwords that somebody is asked for once more: allauth's forms, with our bound on guesses (guesses.py)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as Code
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgain

from studio.pages.people import guesses
from widgets.admission import limits
from widgets.refusals import Refused


class _Code:
    """Whoever is asked for a code has shown the password. A stranger who knows it cannot keep its owner out."""

    user: Any

    def clean_code(self) -> str:
        guess = _drawn(lambda: guesses.draw_code(context.request, self.user))
        code: str = super().clean_code()  # type: ignore[misc]
        guess.give_back()
        return code


class CodeForm(_Code, Code):
    pass


class CodeAgainForm(_Code, CodeAgain):
    pass


class PasswordAgainForm(PasswordAgain):
    def clean_password(self) -> str:
        guess = _drawn(lambda: guesses.draw_again(self.user))
        password: str = super().clean_password()
        guess.give_back()
        return password


def _drawn(draw: Any) -> limits.Drawn:
    try:
        return draw()
    except Refused:
        raise get_adapter().validation_error("too_many_login_attempts") from None
