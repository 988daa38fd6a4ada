"""Addresses of somebody's own account: allauth's parts, each with our page, under the names that allauth looks up."""

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

from studio.pages.people.account import frame
from studio.pages.people.confirming import ConnectApp

to_account = RedirectView.as_view(pattern_name="console:account")
account_page = reverse_lazy("console:account")

urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="console:login", query_string=True), name="account_login"),
    path(
        "confirm/",
        account.ReauthenticateView.as_view(template_name="studio/confirm_password.html"),
        name="account_reauthenticate",
    ),
    path(
        "second-step/", base.AuthenticateView.as_view(template_name="studio/second_step.html"), name="mfa_authenticate"
    ),
    path(
        "confirm/code/",
        base.ReauthenticateView.as_view(template_name="studio/confirm_code.html"),
        name="mfa_reauthenticate",
    ),
    path(
        "confirm/passkey/",
        passkeys.ReauthenticateWebAuthnView.as_view(template_name="studio/confirm_passkey.html"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("overview/", to_account, name="mfa_index"),
    path(
        "app/connect/",
        frame(ConnectApp.as_view(template_name="studio/app_connect.html")),
        name="mfa_activate_totp",
    ),
    path(
        "app/disconnect/",
        frame(
            totp.DeactivateTOTPView.as_view(template_name="studio/app_disconnect.html", success_url=account_page),
        ),
        name="mfa_deactivate_totp",
    ),
    path(
        "recovery-codes/",
        frame(recovery.ViewRecoveryCodesView.as_view(template_name="studio/recovery_codes.html")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        frame(recovery.GenerateRecoveryCodesView.as_view(template_name="studio/recovery_codes_new.html")),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        recovery.DownloadRecoveryCodesView.as_view(template_name="studio/recovery_codes.txt"),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", to_account, name="mfa_list_webauthn"),
    path("passkeys/login/", passkeys.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path(
        "passkeys/add/",
        frame(passkeys.AddWebAuthnView.as_view(template_name="studio/passkey_add.html")),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        frame(
            passkeys.RemoveWebAuthnView.as_view(template_name="studio/passkey_remove.html", success_url=account_page)
        ),
        name="mfa_remove_webauthn",
    ),
]
