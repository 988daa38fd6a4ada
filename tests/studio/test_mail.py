"""Mail: a forgotten password, invitations, notices. Only where a server is set, and nothing secret lies in a row."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail as outgoing
from django.urls import reverse

from agents.models import AuditEntry, Invitation, Member
from calling.models import Outbox
from calling.record import notices, outbox, tasks
from calling.record.notices import Kind
from studio.env import BadSetting, email_server
from studio.running import mail

MORNING = datetime(2026, 11, 30, 7, 3, tzinfo=UTC)


@pytest.fixture
def sends(settings):
    """A server is set, and the worker works at once."""
    settings.SENDS_EMAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CONSOLE_URL = "http://testserver"


def work():
    Outbox.objects.filter(done_at=None).exclude(task="notices").update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    tasks.sweep()


def link_in(sent):
    return re.search(r"http://testserver(/\S+)", sent.body)[1]


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 587, "", "", False, True)),
        ("smtp://u%40x:p%3Aw@mail.example.com:2525", ("mail.example.com", 2525, "u@x", "p:w", False, True)),
        ("smtps://mail.example.com", ("mail.example.com", 465, "", "", True, False)),
        ("smtp://localhost:25?tls=no", ("localhost", 25, "", "", False, False)),
    ],
)
def test_the_address_of_a_mail_server_says_how_to_speak_to_it(url, meant):
    assert tuple(email_server(url).values()) == meant


@pytest.mark.parametrize(
    "url", ["http://mail", "smtp://", "smtp://h:x", "smtp://h:0", "smtp://h?tls=maybe", "smtp://h/x"]
)
def test_an_address_that_cannot_be_used_stops_the_start(url):
    with pytest.raises(BadSetting):
        email_server(url)


# ── A forgotten password ─────────────────────────────────────────────────────────────────────────────────────


def test_without_a_server_nobody_is_offered_a_mail(client, owner):
    page = reverse("console:password_forgotten")
    assert "password/forgotten" not in client.get(reverse("console:login")).content.decode()
    assert client.get(page)["Location"] == client.post(page)["Location"] == reverse("console:login")
    assert not Outbox.objects.exists()


def test_a_link_by_mail_lets_somebody_choose_another_password_once(client, owner, sends):
    assert "password/forgotten" in client.get(reverse("console:login")).content.decode()
    said = client.post(reverse("console:password_forgotten"), {"username": "olga@example.com"})
    assert "a mail is on its way" in said.content.decode()
    assert Outbox.objects.get().payload == {"user": owner.pk}
    work()
    (sent,) = outgoing.outbox
    assert sent.to == ["olga@example.com"] and sent.subject == "Choose a new password for Pickup"
    link = link_in(sent)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    given = {"new_password1": "three unusual words", "new_password2": "three unusual words"}
    assert client.post(form, given)["Location"] == reverse("console:login")
    assert get_user_model().objects.get(pk=owner.pk).check_password("three unusual words")
    assert AuditEntry.objects.get().action == "account.password"
    assert client.get(link).status_code == 410
    assert "_auth_user_id" not in client.session  # the way in is still to sign in


def test_a_name_that_is_nobodys_is_answered_the_same_and_gets_no_mail(client, owner, sends):
    page = reverse("console:password_forgotten")
    known, unknown = (client.post(page, {"username": name}) for name in ("olga", "nobody@example.com"))
    token = re.compile(r'value="[^"]{20,}"')
    assert token.sub("", known.content.decode()) == token.sub("", unknown.content.decode())
    assert Outbox.objects.count() == 2
    work()
    assert [sent.to for sent in outgoing.outbox] == [["olga@example.com"]]


def test_nobody_fills_somebodys_mailbox(client, owner, sends):
    answers = [client.post(reverse("console:password_forgotten"), {"username": "olga"}) for _time in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert Outbox.objects.count() == 3


def test_somebody_who_may_not_sign_in_any_more_gets_no_link(client, owner, sends):
    client.post(reverse("console:password_forgotten"), {"username": "olga"})
    get_user_model().objects.update(is_active=False)
    work()
    assert outgoing.outbox == []


# ── Invitations ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_invitation_goes_out_by_mail_and_its_link_joins(client, owner, project, sends):
    client.force_login(owner)
    page = reverse("console:invite", kwargs={"project": project.slug})
    said = client.post(page, {"for_whom": "Emil", "email": "emil@example.com", "role": "editor"})
    assert "on its way to emil@example.com" in said.content.decode()
    assert set(Outbox.objects.get().payload) == {"invitation", "to"}
    work()
    (sent,) = outgoing.outbox
    assert sent.to == ["emil@example.com"] and "Harbour Bikes" in sent.subject and "Editor" in sent.body
    client.logout()
    assert client.get(link_in(sent)).status_code == 200


def test_one_that_was_withdrawn_before_it_went_out_is_not_sent(client, owner, project, sends):
    client.force_login(owner)
    page = reverse("console:invite", kwargs={"project": project.slug})
    client.post(page, {"email": "emil@example.com", "role": "editor"})
    Invitation.objects.update(withdrawn_at=MORNING)
    work()
    assert outgoing.outbox == []


def test_without_a_server_an_invitation_is_a_link_to_copy(client, owner, project):
    client.force_login(owner)
    page = reverse("console:invite", kwargs={"project": project.slug})
    assert "on its way" not in client.post(page, {"email": "emil@example.com", "role": "editor"}).content.decode()
    assert not Outbox.objects.exists()


# ── Notices ──────────────────────────────────────────────────────────────────────────────────────────────────


def look(at, payload=None):
    with time_machine.travel(at, tick=False):
        Outbox.objects.filter(task="notices").delete()
        outbox.add("notices", payload)
        tasks.sweep()
    return Outbox.objects.get(task="notices", done_at=None).payload


def test_a_days_notices_go_out_once_in_the_morning_to_those_who_want_them(project, owner, editor, sends):
    state = look(MORNING - timedelta(days=1))
    notices.add(project, Kind.FAILED, {"NO_UDP": 2}, MORNING - timedelta(hours=9))
    state = look(MORNING - timedelta(minutes=10), state)
    assert not Outbox.objects.filter(task="mail_digest").exists()
    state = look(MORNING, state)
    look(MORNING + timedelta(minutes=5), state)
    work()
    assert [sent.to for sent in outgoing.outbox] == [["olga@example.com"]]
    assert "2 calls failed" in outgoing.outbox[0].body and "/harbour-bikes/notices/" in outgoing.outbox[0].body


def test_each_chooses_for_themselves(client, project, owner, editor, sends):
    client.force_login(editor)
    page = reverse("console:notices", kwargs={"project": project.slug})
    client.post(page + "mail/", {"wanted": "yes"})
    Member.objects.filter(user=owner).update(notices_by_mail=False)
    notices.add(project, Kind.FAILED, {"NO_UDP": 1}, MORNING - timedelta(hours=9))
    look(MORNING, {"told": (MORNING - timedelta(days=1)).isoformat(), "until": MORNING.isoformat()})
    work()
    assert [sent.to for sent in outgoing.outbox] == [["emil@example.com"]]


def test_without_a_server_no_notice_is_mailed(project, owner):
    notices.add(project, Kind.FAILED, {"NO_UDP": 1}, MORNING - timedelta(hours=9))
    look(MORNING, {"told": (MORNING - timedelta(days=1)).isoformat(), "until": MORNING.isoformat()})
    assert not Outbox.objects.filter(task="mail_digest").exists() and mail.DIGEST_HOUR == 7
