"""Somebody's own account: name, language, password, and the second step of signing in. It belongs to no project."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from agents.people import audit
from studio import languages
from studio.pages.base import reader_zone
from studio.pages.people import guesses
from widgets.refusals import Refused


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As your colleagues see it beside what you change."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the console"),
        help_text=gettext_lazy("Visitors don’t notice: widgets and agents have languages of their own."),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow = (languages.BROWSER, _("The language of your browser"))
        self.fields["language"].choices = [follow, *languages.choices()]


class NewPasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["old_password"].label = _("Your password now")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _("At least 10 characters. Three unusual words are a good one.")
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""


class AccountPage(LoginRequiredMixin, View):
    """A page outside any project; its frame leads back to the one last looked at."""

    template_name = ""
    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(reader_zone(request)):
            response = super().dispatch(request, *args, **kwargs)
        return response

    def page(self, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, self.template_name, {"title": self.title} | context, status=status)


class Account(AccountPage):
    template_name = "studio/account.html"
    title = gettext_lazy("Your account")

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"name": request.user.get_full_name(), "language": languages.chosen(request.user)}
        return self._page(ProfileForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        user, name, language = request.user, form.cleaned_data["name"].strip(), form.cleaned_data["language"]
        if name != user.get_full_name():
            user.first_name, user.last_name = name, ""
            user.save(update_fields=["first_name", "last_name"])
            audit.record(user, "account.rename", None, user, name=name)
        languages.choose(user, language)
        response = redirect("console:account")
        languages.apply(response, language)
        with override(language or get_language()):
            messages.success(request, _("Saved."))
        return response

    def _page(self, form: ProfileForm, status: int = 200) -> HttpResponse:
        ways = list(Authenticator.objects.filter(user=self.request.user).order_by("created_at"))
        codes = next((way for way in ways if way.type == Authenticator.Type.RECOVERY_CODES), None)
        return self.page(
            status,
            form=form,
            app=next((way for way in ways if way.type == Authenticator.Type.TOTP), None),
            passkeys=[{"row": way, "name": way.wrap().name} for way in ways if way.type == Authenticator.Type.WEBAUTHN],
            codes=codes,
            codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Password(AccountPage):
    template_name = "studio/account_password.html"
    title = gettext_lazy("Change your password")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(form=NewPasswordForm(request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewPasswordForm(request.user, request.POST)
        try:
            guess = guesses.draw_again(request.user)
        except Refused as refused:
            messages.error(request, _("Too many tries. Wait some minutes, then try again."))
            return self.page(refused.status, form=NewPasswordForm(request.user))
        if not form.is_valid():
            return self.page(400, form=form)
        guess.give_back()
        form.save()
        update_session_auth_hash(request, form.user)
        audit.record(form.user, "account.password", None, form.user)
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("console:account")


def frame(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """One of allauth's pages as a page of ours: for who is signed in, in the reader's own time, kept by nobody."""

    @login_required
    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(reader_zone(request)):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        return response

    return framed
