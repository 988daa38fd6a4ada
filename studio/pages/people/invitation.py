"""The page behind an invitation's link: make an account, or join with the one that is there."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from agents.locks import Gone
from agents.models import Invitation
from agents.people import members
from studio.pages.people.members import ROLE_WORDS, personal_words

OVER: dict[str, Any] = {
    "unknown": gettext_lazy("It is not complete. Copy all of it, up to its last letter, or ask for a new one."),
    "used": gettext_lazy("Somebody has used it already. If that was you, just sign in."),
    "withdrawn": gettext_lazy("It was withdrawn. Ask for a new one if that was a mistake."),
    "expired": gettext_lazy("It worked for seven days. Ask for a new one."),
}


class NewPersonForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("You sign in with it."),
        max_length=150,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 10 characters. Three unusual words are a good one."),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        """Whether an address is somebody's is told only where all else is right, and an address that is nobody's would
        use the invitation up: a link is no way to find out who has an account."""
        email = self.cleaned_data.get("email")
        mine = Q(username__iexact=email) | Q(email__iexact=email)
        if email and not self.errors and get_user_model().objects.filter(mine).exists():
            words = _("Somebody here signs in with this address already. If it is you, sign in first.")
            self.add_error("email", words)
        return self.cleaned_data


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Accept(View):
    """GET shows who invites to what; POST joins. A link alone changes nothing: mail scanners open links."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.invitation = members.find(kwargs["token"])
            response = super().dispatch(request, *args, **kwargs)
        except members.LinkOver as over:
            response = self._over(over.why)
        except Gone:  # the project was deleted meanwhile
            response = self._over("unknown")
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(NewPersonForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.user.is_authenticated:
            return self._join(request)
        form = NewPersonForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            user = self._new_person(form.cleaned_data)
        except IntegrityError:  # the same form, sent twice
            return redirect("console:login")
        login = Login(user=user, redirect_url=redirect("console:home", project=self.invitation.project.slug).url)
        return perform_password_login(request, {"username": user.get_username()}, login)

    def _over(self, why: str) -> HttpResponse:
        told = {"title": _("This link is over"), "why": OVER[why]}
        return render(self.request, "studio/invitation_over.html", told, status=410)

    def _join(self, request: HttpRequest) -> HttpResponse:
        try:
            members.join(self.invitation, request.user)
        except members.NotPossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Welcome to %s.") % self.invitation.project)
        return redirect("console:home", project=self.invitation.project.slug)

    @transaction.atomic
    def _new_person(self, given: dict[str, str]) -> Any:
        user = get_user_model().objects.create_user(given["email"], given["email"], given["password"])
        user.first_name = given["name"].strip()
        user.save(update_fields=["first_name"])
        members.join(self.invitation, user)
        return user

    def _page(self, form: NewPersonForm, status: int = 200) -> HttpResponse:
        invitation: Invitation = self.invitation
        return render(
            self.request,
            "studio/invitation.html",
            {
                "title": _("Join %s") % invitation.project,
                "invitation": invitation,
                "role_words": ROLE_WORDS[invitation.role],
                "personal_words": personal_words(invitation.role, invitation.access),
                "form": form,
            },
            status=status,
        )
