"""Signing in."""

import re
import threading

import pytest
from django.contrib.auth import authenticate, get_user_model, hashers
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import Member, Role
from agents.people import members
from studio.pages.people import guesses, login
from studio.pages.people.guesses import TRIES_FROM_ANYWHERE, TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS
from studio.pages.people.login import COUNTED_FROM
from tests.fakes.passkey import Passkey

LOGIN = "/console/login/"
PASSWORD = "a-long-password"


def sign_in(client, name, password=PASSWORD, address="203.0.113.9", **more):
    return client.post(LOGIN, {"username": name, "password": password, **more}, REMOTE_ADDR=address)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_the_root_leads_to_the_console_and_the_console_to_the_login(client, db):
    assert client.get("/")["Location"] == "/console/"
    assert client.get("/console/")["Location"] == f"{LOGIN}?next=/console/"


def test_a_studio_without_accounts_says_how_to_make_the_first_and_no_longer_once_there_is_one(client, db):
    text = client.get(LOGIN).content.decode()
    assert "createsuperuser" in text and "Welcome back" not in text

    get_user_model().objects.create_user("maria")
    text = client.get(LOGIN).content.decode()
    assert "createsuperuser" not in text and "Welcome back" in text


def test_a_member_signs_in_by_name_and_reaches_their_project(client, owner, project):
    response = sign_in(client, "olga")
    assert response["Location"] == reverse("console:index")
    assert client.get("/console/")["Location"] == f"/console/{project.slug}/"


@pytest.mark.parametrize("name", ["olga@example.com", "OLGA@example.com", " olga@example.com "])
def test_a_member_signs_in_by_e_mail(client, owner, name):
    sign_in(client, name)
    assert signed_in(client)


def test_an_e_mail_address_of_two_accounts_signs_in_nobody(client, owner, django_user_model):
    django_user_model.objects.create_user("second", "olga@example.com", PASSWORD)
    sign_in(client, "olga@example.com")
    assert not signed_in(client)


def test_a_wrong_password_and_an_unknown_name_look_the_same(client, owner):
    wrong = sign_in(client, "olga", "not-the-password").content.decode()
    unknown = sign_in(client, "nobody", "not-the-password").content.decode()
    words = "Name and password don’t match."
    assert words in wrong and words in unknown
    assert not signed_in(client)


@pytest.fixture
def work(monkeypatch):
    """What was done for an answer: questions to the database, and hashes of passwords."""
    hashes = []
    for hasher in hashers.get_hashers():
        encode = type(hasher).encode
        monkeypatch.setattr(type(hasher), "encode", lambda *given, _of=encode: hashes.append(1) or _of(*given))

    def done(ask):
        hashes.clear()
        with CaptureQueriesContext(connection) as asked:
            response = ask(Client())
        page = re.sub(r'value="[^"]*"', "", response.content.decode())
        return response.status_code, page, len(asked), len(hashes)

    return done


def off(user):
    user.is_active = False
    user.save()


@pytest.mark.parametrize("name", ["olga", "olga@example.com"])
@pytest.mark.parametrize("changed", [lambda user: None, off])
def test_a_wrong_password_costs_the_same_work_whether_the_account_is_there_or_not(work, owner, name, changed):
    changed(owner)
    there = work(lambda client: sign_in(client, name, "not-the-password"))
    nowhere = work(lambda client: sign_in(client, name.replace("olga", "nobody"), "not-the-password"))
    assert there == nowhere and there[3] == 1


def test_a_passkey_of_nobody_and_one_of_somebody_else_get_the_same_answer(work, owner):
    url, passkey = reverse("mfa_login_webauthn"), Passkey()

    def tried(handle):
        def ask(client):
            asked = client.get(url, headers={"X-Requested-With": "XMLHttpRequest"}, secure=True).json()
            answer = passkey.answer(asked["request_options"]["publicKey"]["challenge"], handle)
            return client.post(url, {"credential": answer}, secure=True, follow=True)

        return work(ask)[:2]

    assert tried(str(owner.pk)) == tried("999999") == tried("no number")


@pytest.mark.parametrize("email", ["olga@example.com", "OLGA@example.com"])
def test_an_invitation_is_no_way_to_find_out_who_has_an_account(work, owner, project, email):
    member = Member.objects.get(user=owner)
    token = members.token_of(members.invite(project, Role.EDITOR, {}, "Ines", by=member))
    url = reverse("console:invitation", kwargs={"token": token})

    def tried(address):
        return work(lambda client: client.post(url, {"name": "Eve", "email": address, "password": "short"}))

    assert tried(email) == tried("nobody@example.com")


def test_who_signs_in_gets_a_session_that_nobody_knew_before(client, owner):
    client.get(LOGIN)
    client.session.save()
    planted = client.session
    planted["known"] = "before"
    planted.save()
    client.cookies["pickup_session"] = planted.session_key
    sign_in(client, "olga")
    assert signed_in(client) and client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_after_too_many_tries_even_the_right_password_waits(client, owner):
    for _try in range(TRIES_PER_ACCOUNT):
        sign_in(client, "olga", "wrong")
    response = sign_in(client, "olga")
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()
    assert not signed_in(client)


def test_the_limit_is_the_same_for_names_that_do_not_exist(client, owner):
    statuses = [sign_in(client, "nobody", "wrong").status_code for _try in range(TRIES_PER_ACCOUNT + 1)]
    assert statuses == [200] * (TRIES_PER_ACCOUNT - 1) + [429] * 2


def test_another_name_from_the_same_address_is_not_held_up(client, owner, editor):
    for _try in range(TRIES_PER_ACCOUNT + 1):
        sign_in(client, "olga", "wrong")
    sign_in(client, "emil")
    assert signed_in(client)


def test_one_address_cannot_try_many_names(client, owner):
    for number in range(TRIES_PER_ADDRESS):
        sign_in(client, f"name-{number}", "wrong")
    assert sign_in(client, "olga").status_code == 429


def test_the_last_tries_are_counted_down(client, owner):
    said = [sign_in(client, "olga", "wrong").content.decode() for _try in range(TRIES_PER_ACCOUNT)]
    counted = [re.search(r"(\d+) (?:try|tries) left", page) for page in said]
    uncounted = TRIES_PER_ACCOUNT - 1 - COUNTED_FROM
    assert [found and found[1] for found in counted] == [None] * uncounted + ["3", "2", "1", None]
    assert "Wait 15 minutes" in said[-1] and not any("Wait 15 minutes" in page for page in said[:-1])


@pytest.mark.parametrize("name", ["olga@example.com", "OLGA@EXAMPLE.COM", " olga@example.com"])
def test_an_account_is_one_by_whichever_of_its_names_it_is_called(client, owner, name):
    for number in range(TRIES_PER_ACCOUNT):
        sign_in(client, ["olga", name][number % 2], "wrong")
    assert sign_in(client, "olga").status_code == sign_in(client, name).status_code == 429
    assert not signed_in(client)


def test_whoever_owns_an_ipv6_network_guesses_as_one(client, owner):
    for number in range(TRIES_PER_ACCOUNT):
        sign_in(client, "olga", "wrong", address=f"2001:db8:0:1::{number:x}")
    assert sign_in(client, "olga", address="2001:db8:0:1:ffff::1").status_code == 429
    sign_in(client, "olga", address="2001:db8:0:2::1")
    assert signed_in(client)


def test_many_networks_together_cannot_guess_for_ever(client, owner):
    for number in range(TRIES_FROM_ANYWHERE):
        sign_in(client, "olga", "wrong", address=f"2001:db8:0:{number:x}::1")
    assert sign_in(client, "olga", address="2001:db8:1::1").status_code == 429
    assert not signed_in(client)


def test_what_strangers_guess_does_not_keep_out_a_browser_that_was_let_in_before(client, owner, editor):
    sign_in(client, "olga")
    client.post("/console/logout/")
    for number in range(TRIES_FROM_ANYWHERE):
        sign_in(Client(), "olga", "wrong", address=f"2001:db8:0:{number:x}::1")
    assert sign_in(Client(), "olga", address="2001:db8:1::1").status_code == 429
    sign_in(client, "olga")
    assert signed_in(client)


def test_a_browser_that_was_let_in_before_is_known_for_its_own_account_only(client, owner, editor):
    sign_in(client, "emil")
    client.post("/console/logout/")
    for number in range(TRIES_FROM_ANYWHERE):
        sign_in(Client(), "olga", "wrong", address=f"2001:db8:0:{number:x}::1")
    assert sign_in(client, "olga", address="2001:db8:1::1").status_code == 429


def test_what_a_network_has_guessed_too_often_is_not_counted_for_the_account(client, owner):
    for _try in range(TRIES_FROM_ANYWHERE * 2):
        sign_in(client, "olga", "wrong")
    sign_in(client, "olga", address="198.51.100.7")
    assert signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_a_burst_gets_no_more_looks_at_the_password_than_the_same_in_a_row(owner, monkeypatch):
    """All are under way before the first one is answered, as with a slow hash."""
    looked, seats = [], threading.Barrier(TRIES_PER_ACCOUNT)

    def slowly(request, **given):
        looked.append(given["password"])
        seats.wait(10)
        return authenticate(request, **given)

    def run(client):
        sign_in(client, "olga", "wrong")
        connections.close_all()

    monkeypatch.setattr(login, "authenticate", slowly)
    threads = [threading.Thread(target=run, args=[Client()]) for _one in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == TRIES_PER_ACCOUNT


def test_people_who_get_it_right_use_nothing_up(client, owner):
    for _time in range(TRIES_PER_ADDRESS + 5):
        sign_in(client, "olga")
        assert signed_in(client)
        client.logout()


def test_the_password_is_not_guessed_at_the_page_that_changes_it(client, owner):
    client.force_login(owner)
    given = {"new_password1": "three-unusual-words", "new_password2": "three-unusual-words"}
    page = "/console/account/password/"
    for number in range(TRIES_PER_ACCOUNT):
        assert client.post(page, given | {"old_password": f"wrong {number}"}).status_code == 400
    assert client.post(page, given | {"old_password": PASSWORD}).status_code == 429
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_a_known_browser_is_known_by_a_signed_cookie_of_the_console_alone(client, owner, settings):
    settings.SECURE = True
    cookie = sign_in(client, "olga").cookies[guesses.KNOWN_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/console/", True, "Lax")
    assert cookie["secure"] and str(owner.pk) != cookie.value


def test_a_good_password_clears_the_names_count(client, owner):
    for _try in range(TRIES_PER_ACCOUNT - 1):
        sign_in(client, "olga", "wrong")
    sign_in(client, "olga")
    client.logout()
    assert sign_in(client, "olga", "wrong").status_code == 200


def test_next_leads_on_to_the_page_that_was_asked_for(client, owner, project):
    page = f"/console/{project.slug}/knowledge/"
    assert sign_in(client, "olga", next=page)["Location"] == page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_never_leads_to_another_site(client, owner, elsewhere):
    assert sign_in(client, "olga", next=elsewhere)["Location"] == reverse("console:index")


def test_a_form_without_its_token_is_refused(owner):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "olga").status_code == 403
    assert not signed_in(strict)


def test_an_account_that_is_off_cannot_sign_in(client, owner):
    owner.is_active = False
    owner.save()
    sign_in(client, "olga")
    assert not signed_in(client)


def test_signing_out_takes_a_post(client, owner):
    client.force_login(owner)
    assert client.get("/console/logout/").status_code == 405
    assert signed_in(client)
    client.post("/console/logout/")
    assert not signed_in(client)


def test_the_login_page_obeys_the_strict_policy(client, db):
    response = client.get(LOGIN)
    page = response.content.decode()
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert "<style" not in page and " style=" not in page and "onclick" not in page
