"""Invitations: a link that works once, for seven days, until it is withdrawn."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models import AuditEntry, Invitation, Member, Role
from agents.people import members

PERSON = {"name": "Ines Stern", "email": "Ines@example.com", "password": "three-unusual-words"}


@pytest.fixture
def inviter(owner):
    return Member.objects.get(user=owner)


@pytest.fixture
def invitation(project, inviter):
    return members.invite(project, Role.EDITOR, {}, "Ines", by=inviter)


@pytest.fixture
def link(invitation):
    return reverse("console:invitation", kwargs={"token": members.token_of(invitation)})


def people(django_user_model):
    return sorted(django_user_model.objects.values_list("username", flat=True))


def test_an_owner_gets_a_link_to_copy(client, owner, project):
    client.force_login(owner)
    sent = {"for_whom": "Ines", "role": "analyst", "personal_data": "on"}
    with time_machine.travel(timezone.now(), tick=False):  # a token has the second in it
        page = client.post(reverse("console:invite", kwargs={"project": project.slug}), sent).content.decode()
        row = Invitation.objects.get()
        assert f"http://localhost:8000/console/invitation/{members.token_of(row)}/" in page
    assert (row.role, row.access, row.for_whom) == ("analyst", {}, "Ines")
    assert timedelta(days=6, hours=23) < row.expires_at - timezone.now() <= timedelta(days=7)
    assert AuditEntry.objects.get(action="invitation.create").actor == owner


def test_an_invitation_may_leave_personal_data_out(client, owner, project):
    client.force_login(owner)
    client.post(reverse("console:invite", kwargs={"project": project.slug}), {"role": "analyst"})
    assert Invitation.objects.get().access == {"personal_data": False}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"role": "analyst"}, "This leaves out personal data"),
        ({"role": "editor"}, "This leaves out personal data"),
        ({"role": "editor", "personal_data": "on"}, "This includes personal data"),
        ({"role": "owner"}, "This includes personal data"),
    ],
)
def test_personal_data_is_off_unless_asked_for_and_both_sides_are_told(client, owner, project, sent, words):
    client.force_login(owner)
    page = client.get(reverse("console:members", kwargs={"project": project.slug})).content.decode()
    assert "checked" not in page.split('name="personal_data"')[1].split(">")[0]
    assert words in client.post(reverse("console:invite", kwargs={"project": project.slug}), sent).content.decode()
    link = f"/console/invitation/{members.token_of(Invitation.objects.get())}/"
    assert words in Client().get(link).content.decode()


def test_somebody_new_makes_an_account_and_is_in(link, project, django_user_model):
    client = Client()
    page = client.get(link)
    assert page.status_code == 200 and "Harbour Bikes" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin" and "no-store" in page["Cache-Control"]
    response = client.post(link, PERSON)
    assert response["Location"] == reverse("console:home", kwargs={"project": project.slug})
    user = django_user_model.objects.get(username="ines@example.com")
    assert user.get_full_name() == "Ines Stern" and user.check_password(PERSON["password"])
    assert Member.objects.get(user=user).role == Role.EDITOR
    assert client.get(response["Location"]).status_code == 200
    assert AuditEntry.objects.get(action="member.join").actor == user


def test_opening_a_link_uses_nothing_up(link, invitation):
    for _time in range(3):
        assert Client().get(link).status_code == 200
    invitation.refresh_from_db()
    assert invitation.used_at is None and not Member.objects.filter(user__username__startswith="ines").exists()


def test_a_link_works_once(link, django_user_model):
    Client().post(link, PERSON)
    before = people(django_user_model)
    for client in (Client(), Client()):
        assert client.get(link).status_code == 410
        assert client.post(link, PERSON | {"email": "second@example.com"}).status_code == 410
    assert people(django_user_model) == before


def test_two_at_the_same_time_are_one(invitation, editor, stranger, analyst):
    both = [members.find(members.token_of(invitation)) for _one in range(2)]
    members.join(both[0], stranger)
    with pytest.raises(members.LinkOver):
        members.join(both[1], _somebody(stranger))
    assert Member.objects.filter(project=invitation.project).count() == 4


def _somebody(like):
    return type(like).objects.create_user("somebody")


def test_somebody_signed_in_joins_with_a_press(client, link, stranger, project):
    client.force_login(stranger)
    assert "You are signed in as stan" in client.get(link).content.decode()
    client.post(link)
    assert Member.objects.get(user=stranger, project=project).role == Role.EDITOR


def test_a_member_does_not_use_the_link_up(client, link, invitation, analyst):
    client.force_login(analyst)
    client.post(link)
    assert Member.objects.get(user=analyst).role == Role.ANALYST
    invitation.refresh_from_db()
    assert invitation.used_at is None


def test_a_link_ends_after_seven_days(link):
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False):
        response = Client().get(link)
    assert response.status_code == 410 and "It worked for seven days" in response.content.decode()


def test_a_withdrawn_link_is_over(client, owner, project, invitation, link):
    client.force_login(owner)
    where = {"project": project.slug, "invitation": invitation.pk}
    client.post(reverse("console:invitation_withdraw", kwargs=where))
    response = Client().post(link, PERSON)
    assert response.status_code == 410 and not Member.objects.filter(user__username="ines@example.com").exists()
    assert AuditEntry.objects.filter(action="invitation.withdraw").count() == 1


def test_a_used_link_cannot_be_withdrawn(client, owner, project, invitation, link):
    Client().post(link, PERSON)
    members.withdraw(invitation, owner)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None and not AuditEntry.objects.filter(action="invitation.withdraw").exists()


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t[:-2] + "xx", lambda t: "x" + t, lambda t: "nothing"])
def test_a_link_that_was_tampered_with_opens_nothing(invitation, change):
    token = change(members.token_of(invitation))
    response = Client().get(reverse("console:invitation", kwargs={"token": token}))
    assert response.status_code == 410 and "Harbour Bikes" not in response.content.decode()


def test_a_link_ends_with_the_rights_of_who_made_it(project, owner, editor, link, inviter):
    second = Member.objects.get(user=editor)
    members.change(second, Role.OWNER, {}, by=inviter)
    members.change(inviter, Role.ANALYST, {}, by=Member.objects.get(user=editor))
    assert Client().get(link).status_code == 410


def test_nobody_invites_to_more_than_they_may(client, editor, project):
    Member.objects.filter(user=editor).update(access={"settings": "edit"})
    client.force_login(editor)
    response = client.post(reverse("console:invite", kwargs={"project": project.slug}), {"role": "owner"})
    assert response.status_code == 422 and not Invitation.objects.exists()


def test_who_only_reads_the_members_sees_no_link(client, editor, project, invitation):
    Member.objects.filter(user=editor).update(access={"settings": "read"})
    client.force_login(editor)
    page = client.get(reverse("console:members", kwargs={"project": project.slug})).content.decode()
    assert "Ines" in page and members.token_of(invitation) not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "no address"},
        {"password": "short"},
        {"password": "password123"},
        {"email": "olga@example.com"},
    ],
)
def test_an_account_is_not_made_when_something_is_wrong(link, django_user_model, wrong):
    before = people(django_user_model)
    assert Client().post(link, PERSON | wrong).status_code == 422
    assert people(django_user_model) == before and Invitation.objects.get().used_at is None


def test_there_is_an_end_to_open_invitations(project, inviter):
    for _number in range(members.OPEN_MOST):
        members.invite(project, Role.ANALYST, {}, "", by=inviter)
    with pytest.raises(members.NotPossible):
        members.invite(project, Role.ANALYST, {}, "", by=inviter)


def test_the_log_does_not_say_the_link(link):
    from structlog.testing import capture_logs

    from studio.running.gateway import log_access

    details = {"method": "GET", "path": link, "status": 200, "time_taken": 0.1, "size": 1}
    with capture_logs() as lines:
        log_access("http", "complete", details)
    assert [line["path"] for line in lines] == ["/console/invitation/…/"]
