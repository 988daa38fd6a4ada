"""Members: who is in the project and what they may do, and links that invite others."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.locks import Stale, mark_of
from agents.models import Invitation, Member, Role
from agents.people import members, roles
from studio.pages.base import ProjectPage
from studio.running import mail
from studio.templatetags.console import person

ROWS = 50

AREAS: dict[str, tuple[Any, Any]] = {
    "agent": (gettext_lazy("Agent"), gettext_lazy("Persona, knowledge, variants, voice, versions")),
    "web_calling": (gettext_lazy("Web Calling"), gettext_lazy("Widgets, domains, the tag")),
    "conversations": (gettext_lazy("Conversations"), gettext_lazy("Edit means: may delete them")),
    "settings": (gettext_lazy("Settings"), gettext_lazy("Members, audit, connections, the project itself")),
}
# Chat joins when chat widgets can be made.
SWITCHES: dict[str, tuple[Any, Any]] = {
    "publish_phone": (gettext_lazy("Publish Phone widgets"), gettext_lazy("So that visitors see the changes")),
    "personal_data": (
        gettext_lazy("See personal data"),
        gettext_lazy("What visitors said, in writing and as a recording"),
    ),
    "daily_work": (
        gettext_lazy("Work with conversations"),
        gettext_lazy("Mark them read and handled, write notes, give tags"),
    ),
}
ROLE_WORDS: dict[str, Any] = {
    Role.OWNER: gettext_lazy("Everything, members and deleting included."),
    Role.EDITOR: gettext_lazy("Changes and publishes the agent and the widgets. Reads conversations."),
    Role.ANALYST: gettext_lazy("Reads everything but the settings. Changes nothing."),
}


class AccessForm(forms.Form):
    """A role, and where one member differs from it."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The usual parts."),
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        self.access = roles.access(member.role, member.access)
        self.role_before = member.role
        kwargs["initial"] = {"role": member.role, **self.access}
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in AREAS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, help_text=help_text, choices=roles.Level.choices, widget=forms.RadioSelect, required=False
            )
        for name, (label, help_text) in SWITCHES.items():
            self.fields[name] = forms.BooleanField(
                label=label,
                help_text=help_text,
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch"}),
            )

    def wanted(self) -> dict[str, Any]:
        """The access asked for. Another role with everything else as it was means: that role, as it comes."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "role" and value != ""}
        shown = {name: value for name, value in self.access.items() if name in given}
        if self.cleaned_data["role"] != self.role_before and given == shown:
            return roles.PRESETS[self.cleaned_data["role"]]
        return self.access | given if self.cleaned_data["role"] == self.role_before else self._preset() | given

    def _preset(self) -> dict[str, Any]:
        return roles.PRESETS[self.cleaned_data["role"]]

    def areas(self) -> list[forms.BoundField]:
        return [self[name] for name in AREAS]

    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in SWITCHES]


def personal_words(role: str, differences: dict[str, Any]) -> Any:
    """Whether somebody invited like this reads what visitors said: told to who invites, and to who joins."""
    if roles.access(role, differences)["personal_data"]:
        return _("This includes personal data: what visitors said, in writing and as a recording.")
    return _("This leaves out personal data: what visitors said stays hidden.")


class InviteForm(forms.Form):
    for_whom = forms.CharField(
        label=gettext_lazy("Who is it for?"),
        help_text=gettext_lazy("A name or an address, so that you know the link again."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "autofocus": True}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Role.choices, initial=Role.EDITOR, widget=forms.RadioSelect
    )
    personal_data = forms.BooleanField(
        label=SWITCHES["personal_data"][0],
        help_text=SWITCHES["personal_data"][1],
        initial=False,  # who invites says so, where somebody is to read what visitors said
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch"}),
    )


class InviteByMailForm(InviteForm):
    """Where mail can be sent, the link may go out by it, too."""

    email = forms.EmailField(
        label=gettext_lazy("Send it to"),
        help_text=gettext_lazy("An e-mail address. You get the link to copy, too."),
        max_length=150,
        required=False,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
    )


def invite_form(data: Any = None) -> InviteForm:
    return InviteByMailForm(data) if settings.SENDS_EMAIL else InviteForm(data)


class MembersPage(ProjectPage):
    permission = "members.read"
    write_permission = "members.edit"
    template_name = "studio/members.html"
    menu = "members"
    title = gettext_lazy("Members")

    @cached_property
    def chosen(self) -> Member | None:
        pk = self.kwargs.get("member")
        return get_object_or_404(Member.objects.select_related("user"), project=self.project, pk=pk) if pk else None

    def mark(self) -> str:
        return mark_of(self.chosen, members.ACCESS) if self.chosen else ""

    def context(self) -> dict[str, Any]:
        rows = self.project.members.select_related("user").order_by("user__first_name", "user__username")
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "owners": self.project.members.filter(role=Role.OWNER).count(),
            "chosen": self.chosen,
            "form": AccessForm(self.chosen) if self.chosen else None,
            "may_change": bool(self.chosen and self.may_write() and members.may_touch(self.member, self.chosen)),
            "role_words": ROLE_WORDS,
            "presets": {role: {str(k): v for k, v in preset.items()} for role, preset in roles.PRESETS.items()},
            "invitations": self._invitations(),
            "invite_form": invite_form(),
            "fresh": None,
        }

    def _invitations(self) -> list[dict[str, Any]]:
        """Open links. Only who could have made one sees it: a link is as good as its role."""
        open_rows = members.open_invitations(self.project).select_related("made_by")
        return [
            {
                "row": row,
                "link": link_to(row)
                if self.may_write() and members.may_give(self.member, row.role, row.access)
                else "",
            }
            for row in open_rows
        ]


class Members(MembersPage):
    """The list, and one member opened beside it."""

    def post(self, request: HttpRequest, member: int | None = None) -> HttpResponse:
        if self.chosen is None:
            return HttpResponse(status=405)
        form = AccessForm(self.chosen, request.POST)
        if form.is_valid():
            try:
                given = form.cleaned_data["role"], form.wanted()
                changed = members.change(self.chosen, *given, by=self.member, seen=self.seen)
            except Stale as stale:
                return self.late(stale, **(self.context() | {"form": form}))
            except members.NotPossible as refused:
                form.add_error("role", str(refused))
            else:
                if changed:
                    self.say(_("%s: saved. It counts from their next click.") % person(self.chosen.user))
                if self.chosen.pk == self.member.pk:
                    return self.to("home")
                return self.to("member", member=self.chosen.pk)
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))


class Remove(MembersPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, member: int) -> HttpResponse:
        chosen = self.chosen
        assert chosen is not None
        name = person(chosen.user)
        try:
            members.remove(chosen, by=self.member)
        except members.NotPossible as refused:
            self.warn(str(refused))
            return self.to("member", member=chosen.pk)
        if chosen.user_id == request.user.pk:
            return redirect("console:index")
        self.say(_("%s is no longer in this project.") % name)
        return self.to("members")


class Invite(MembersPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = invite_form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            access = roles.PRESETS[given["role"]] | {"personal_data": given["personal_data"]}
            try:
                row = members.invite(self.project, given["role"], access, given["for_whom"], by=self.member)
            except members.NotPossible as refused:
                form.add_error("role", str(refused))
            else:
                personal, to = personal_words(row.role, row.access), given.get("email", "")
                if to:
                    mail.ask_for_invitation(row, to)
                fresh = {"row": row, "link": link_to(row), "personal": personal, "to": to}
                return self.page(self.template_name, **(self.context() | {"fresh": fresh}))
        return self.page(self.template_name, status=422, **(self.context() | {"invite_form": form}))


class Withdraw(MembersPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, invitation: int) -> HttpResponse:
        row = get_object_or_404(Invitation, project=self.project, pk=invitation)
        members.withdraw(row, request.user)
        self.say(_("The link no longer works."))
        return self.to("members")


def link_to(invitation: Invitation) -> str:
    return settings.CONSOLE_URL + reverse("console:invitation", kwargs={"token": members.token_of(invitation)})
