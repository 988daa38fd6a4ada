"""What signs in once only: codes of an app, and each step of a passkey's counter."""

import threading
import time

import pytest
import time_machine
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from agents.models import AuditEntry
from studio.pages.people import once
from tests.fakes.passkey import Passkey
from tests.studio.test_account import code_of, inside, secret, sign_in, signed_in  # noqa: F401  (fixtures)


def second_step(code):
    client = Client()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    return client


@pytest.mark.parametrize("later_s", [0, 29, 31, 59])
def test_a_code_that_was_taken_is_not_taken_again_while_it_would_be_right(secret, owner, later_s):  # noqa: F811
    start = (time.time() // 30 + 4) * 30
    with time_machine.travel(start, tick=False) as clock:
        code = code_of(secret)
        assert signed_in(second_step(code))
        clock.shift(later_s)
        assert not signed_in(second_step(code))


def test_a_code_is_not_taken_again_by_a_gateway_that_was_started_anew(secret, owner):  # noqa: F811
    with time_machine.travel(time.time() + 60, tick=False):
        code = code_of(secret)
        assert signed_in(second_step(code))
        cache.clear()
        assert not signed_in(second_step(code))


def test_no_older_code_is_taken_after_a_newer_one(secret, owner):  # noqa: F811
    with time_machine.travel(time.time() + 120, tick=False):
        assert signed_in(second_step(code_of(secret)))
        assert not signed_in(second_step(code_of(secret, ahead_s=-30)))
        assert signed_in(second_step(code_of(secret, ahead_s=30)))


def test_the_code_that_connected_an_app_signs_in_nobody(secret, owner):  # noqa: F811
    assert not signed_in(second_step(code_of(secret)))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_show_one_code_at_the_same_moment_one_is_let_in(secret, owner):  # noqa: F811
    app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    taken, seats = [], threading.Barrier(6)
    with time_machine.travel(time.time() + 60, tick=False):
        code = code_of(secret)

        def run():
            mine = Authenticator.objects.get(pk=app.pk)
            seats.wait(10)
            taken.append(once.spend(mine, code))
            connections.close_all()

        threads = [threading.Thread(target=run) for _one in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(taken) == [False] * 5 + [True]


@pytest.fixture
def passkey(owner):
    """One that its owner may sign in with alone."""
    made = Passkey()
    data = {"name": "Phone", "credential": made.credential()}
    Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data=data)
    return made


def sign_in_alone(passkey, owner):
    client, url = Client(), reverse("mfa_login_webauthn")
    asked = client.get(url, headers={"X-Requested-With": "XMLHttpRequest"}, secure=True).json()
    challenge = asked["request_options"]["publicKey"]["challenge"]
    return client, client.post(
        url, {"credential": passkey.answer(challenge, user_pk_to_url_str(owner))}, secure=True, follow=True
    )


def test_a_passkey_that_does_not_count_signs_in_as_often_as_it_likes(passkey, owner):
    for _time in range(3):
        assert signed_in(sign_in_alone(passkey, owner)[0])
    assert not AuditEntry.objects.filter(action="account.passkey_copied").exists()


def test_a_passkey_that_counts_signs_in_with_each_step(passkey, owner):
    for counter in (1, 2, 7):
        passkey.counter = counter
        assert signed_in(sign_in_alone(passkey, owner)[0])


@pytest.mark.parametrize("shown", [7, 6, 0])
def test_a_passkey_whose_counter_stands_still_or_goes_back_is_refused_and_told(passkey, owner, shown):
    passkey.counter = 7
    sign_in_alone(passkey, owner)
    passkey.counter = shown
    kept = list(Authenticator.objects.values("data", "last_used_at"))
    client, page = sign_in_alone(passkey, owner)
    assert not signed_in(client) and "There may be a copy of this passkey" in page.content.decode()
    assert list(Authenticator.objects.values("data", "last_used_at")) == kept
    entry = AuditEntry.objects.get(action="account.passkey_copied")
    assert (entry.actor, entry.details["name"]) == (owner, "Phone")
    passkey.counter = 8
    assert signed_in(sign_in_alone(passkey, owner)[0])


def test_a_passkey_after_the_password_is_counted_alike(passkey, owner):
    def shown(counter):
        client = Client()
        client.post("/console/login/", {"username": "olga", "password": "a-long-password"}, secure=True)
        page = client.get(reverse("mfa_authenticate"), secure=True)
        challenge = page.context["js_data"]["request_options"]["publicKey"]["challenge"]
        passkey.counter = counter
        answer = passkey.answer(challenge, user_pk_to_url_str(owner))
        client.post(reverse("mfa_authenticate"), {"credential": answer}, secure=True)
        return signed_in(client)

    assert [shown(3), shown(3), shown(2), shown(4)] == [True, False, False, True]
