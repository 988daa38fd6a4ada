"""The second step of signing in, fitted to the console: allauth's parts with our limits, words, records and keys."""

import base64
import io
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.people import audit
from studio import languages
from studio.pages.people import guesses
from widgets.admission.limits import client_ip

# What allauth tells by e-mail is an audit line here: the event, and what a toast says about it.
EVENTS: dict[str, tuple[str, Any]] = {
    "mfa/email/totp_activated": ("account.totp_on", gettext_lazy("The authenticator app is connected.")),
    "mfa/email/totp_deactivated": ("account.totp_off", gettext_lazy("The authenticator app is disconnected.")),
    "mfa/email/webauthn_added": ("account.passkey_add", gettext_lazy("The passkey is added.")),
    "mfa/email/webauthn_removed": ("account.passkey_remove", gettext_lazy("The passkey is removed.")),
    "mfa/email/recovery_codes_generated": (
        "account.recovery_codes",
        gettext_lazy("Here are new recovery codes. The old ones don’t work any more."),
    ),
}


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait some minutes, then try again."),
        "rate_limited": gettext_lazy("Too many tries. Wait some minutes, then try again."),
        "incorrect_password": gettext_lazy("That is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """New people come by an invitation only."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """What is no address at all leads nowhere, and breaks nothing."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **given: Any) -> HttpResponse:
        response = super().post_login(request, user, **given)
        languages.apply_chosen(response, user)
        guesses.remember(response, user)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return redirect("console:login")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only problems: what went well is said where it is recorded."""
        if message:
            messages.add_message(request, level, message)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        action, words = EVENTS[template_prefix]
        audit.record(user, action, None, user)
        messages.success(self.request, str(words))


class Factors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That is not right. Codes change every half a minute; take the newest."),
        "passkey_copied": gettext_lazy(
            "There may be a copy of this passkey, so it was not taken. Sign in another way, remove it, and add it anew."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Connect an authenticator app or add a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps are not readable in a copy of the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", xmldecl=False, border=3, light="#fff", dark="#000")
        return drawn.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Pickup"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        return _("Passkey")


def _keys() -> MultiFernet:
    """The newest key encrypts, older ones still decrypt; all are derived from the installation's secret."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pickup second step").derive(secret.encode())
    return base64.urlsafe_b64encode(made)
