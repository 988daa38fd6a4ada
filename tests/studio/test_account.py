"""Somebody's own account: password, authenticator app, recovery codes, language."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from agents.models import AuditEntry, Preference
from studio.pages.people import guesses

LOGIN = "/console/login/"
PASSWORD = "a-long-password"
ACCOUNT = "/console/account/"


def code_of(secret, ahead_s=0):
    """The code that an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int((time.time() + ahead_s) // 30))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sign_in(client, name="olga", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": name, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def inside(client, owner):
    """Signed in, and asked a moment ago who it is."""
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def secret(inside, django_capture_on_commit_callbacks):
    """The key of an authenticator app that is connected."""
    page = inside.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page).group(1)
    with django_capture_on_commit_callbacks(execute=True):
        response = inside.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def recovery_codes(client):
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return re.findall(r"^(\d{8})$", page.replace('<pre id="codes">', "\n"), re.MULTILINE)


def test_an_app_is_connected_with_a_code_that_it_shows(inside, secret, owner):
    app = Authenticator.objects.get(user=owner, type=Authenticator.Type.TOTP)
    assert secret not in str(app.data)
    assert AuditEntry.objects.filter(action="account.totp_on", actor=owner).count() == 1
    assert "After your password, you are asked for a code" in inside.get(ACCOUNT).content.decode()


def test_the_picture_to_scan_is_one_that_a_browser_draws(inside, owner):
    page = inside.get(reverse("mfa_activate_totp"))
    kind, _comma, data = page.context["totp_svg_data_uri"].partition(",")
    drawn = base64.b64decode(data).decode()
    assert kind == "data:image/svg+xml;base64" and 'xmlns="http://www.w3.org/2000/svg"' in drawn
    assert page.context["totp_svg_data_uri"] in page.content.decode()


def test_a_wrong_code_connects_nothing(inside, owner):
    page = inside.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="totp-key">([A-Z2-7]+)<', page).group(1)
    wrong = f"{(int(code_of(secret)) + 1) % 10**6:06d}"
    response = inside.post(reverse("mfa_activate_totp"), {"code": wrong})
    assert response.status_code == 200 and "That is not right" in response.content.decode()
    assert not Authenticator.objects.exists()


def test_with_an_app_the_password_alone_opens_nothing(secret, owner, project):
    client = Client()
    page = f"/console/{project.slug}/knowledge/"
    assert sign_in(client, next=page)["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.get(page).status_code == 302
    with time_machine.travel(time.time() + 60, tick=False):
        response = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert response["Location"] == page
    assert signed_in(client)


def test_each_step_that_lets_somebody_in_makes_the_session_a_new_one(secret, owner):
    client = Client()
    sign_in(client)
    asked_for_a_code = client.session.session_key
    with time_machine.travel(time.time() + 60, tick=False):
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    inside = client.session.session_key
    change_password(client)
    assert signed_in(client) and len({asked_for_a_code, inside, client.session.session_key}) == 3
    assert Session.objects.filter(session_key__in=[asked_for_a_code, inside]).count() == 0


def test_a_code_signs_in_once(secret, owner):
    with time_machine.travel(time.time() + 60, tick=False):
        code = code_of(secret)
        first, second = Client(), Client()
        for client in (first, second):
            sign_in(client)
            client.post(reverse("mfa_authenticate"), {"code": code})
    assert signed_in(first) and not signed_in(second)


def test_a_recovery_code_signs_in_once(inside, secret, owner):
    codes = recovery_codes(inside)
    assert len(set(codes)) == 10
    client = Client()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert signed_in(client)
    again = Client()
    sign_in(again)
    response = again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not signed_in(again) and "That is not right" in response.content.decode()
    assert codes[0] not in recovery_codes(inside) and len(recovery_codes(inside)) == 9


def guess(client, times, address="127.0.0.1"):
    page = ""
    for _try in range(times):
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"}, REMOTE_ADDR=address).content.decode()
    return page


def test_whoever_owns_an_ipv6_network_guesses_codes_as_one(secret, owner):
    client = Client()
    sign_in(client)
    for number in range(guesses.CODES):
        guess(client, 1, f"2001:db8:0:1::{number:x}")
    assert "Too many tries" in guess(client, 1, "2001:db8:0:1:ffff::1")


def test_a_stranger_who_knows_the_password_cannot_keep_its_owner_out(secret, owner, inside):
    stranger = Client()
    sign_in(stranger)
    for number in range(guesses.CODES_FROM_ANYWHERE + 1):
        page = guess(stranger, 1, f"2001:db8:0:{number:x}::1")
    assert "Too many tries" in page
    inside.post("/console/logout/")
    sign_in(inside)
    with time_machine.travel(time.time() + 60, tick=False):
        inside.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert signed_in(inside)


def test_the_password_is_not_guessed_where_one_is_asked_for_it_again(inside, owner):
    url = reverse("account_reauthenticate")
    for number in range(guesses.TRIES_PER_ACCOUNT):
        page = inside.post(url, {"password": f"wrong {number}"}).content.decode()
        assert "That is not your password" in page
    assert "Too many tries" in inside.post(url, {"password": PASSWORD}).content.decode()


def test_guessing_codes_ends_after_a_few_tries(secret, owner):
    client = Client()
    sign_in(client)
    assert "Too many tries" in guess(client, guesses.CODES + 1)
    with time_machine.travel(time.time() + 60, tick=False):
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert not signed_in(client)


def test_new_recovery_codes_end_the_old_ones(inside, secret):
    old = recovery_codes(inside)
    inside.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(recovery_codes(inside))


def test_a_disconnected_app_takes_its_codes_along(inside, secret, owner):
    response = inside.post(reverse("mfa_deactivate_totp"))
    assert response["Location"] == reverse("console:account")
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(action="account.totp_off").exists()
    client = Client()
    sign_in(client)
    assert signed_in(client)


def test_changing_how_one_signs_in_asks_again_who_it_is(inside, owner):
    url = reverse("mfa_activate_totp")
    with time_machine.travel(time.time() + 3600, tick=False):
        response = inside.get(url)
        assert response["Location"] == f"{reverse('account_reauthenticate')}?{urlencode({'next': url})}"
        asked = inside.post(response["Location"], {"password": "wrong", "next": url})
        assert "That is not your password" in asked.content.decode()
        assert inside.post(response["Location"], {"password": PASSWORD, "next": url})["Location"] == url
        assert inside.get(url).status_code == 200


PAGES = ["account", "account_password"]
PARTS = ["mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_add_webauthn"]


@pytest.mark.parametrize("name", [*(f"console:{page}" for page in PAGES), *PARTS])
def test_an_account_is_nobody_elses(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 302 and response["Location"].startswith(LOGIN)


@pytest.mark.parametrize("name", [*(f"console:{page}" for page in PAGES), *PARTS])
def test_pages_of_an_account_obey_the_strict_policy_and_are_kept_by_nobody(inside, secret, name):
    response = inside.get(reverse(name), follow=True)
    page = response.content.decode()
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]
    assert "<style" not in page and " style=" not in page and "onclick" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


def test_there_is_no_way_to_sign_up_without_an_invitation(client, db, django_user_model):
    for path in ("signup/", "passkeys/signup/", "password/reset/", "email/"):
        assert client.get(ACCOUNT + path).status_code in (302, 404)
        client.post(ACCOUNT + path, {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert not django_user_model.objects.exists()


def change_password(client, old=PASSWORD, new="another-long-one", again=None):
    values = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(reverse("console:account_password"), values)


def test_a_new_password_signs_out_everywhere_else(inside, owner):
    elsewhere = Client()
    sign_in(elsewhere)
    assert change_password(inside)["Location"] == ACCOUNT
    assert inside.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password("another-long-one")
    assert AuditEntry.objects.filter(action="account.password", actor=owner).count() == 1


@pytest.mark.parametrize(
    "values", [{"old": "wrong"}, {"new": "short"}, {"new": "password1234"}, {"again": "something-else-long"}]
)
def test_a_password_stays_when_something_is_wrong(inside, owner, values):
    assert change_password(inside, **values).status_code == 400
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    assert not AuditEntry.objects.exists()


def test_a_name_is_kept_and_shown_to_colleagues(inside, owner):
    inside.post(ACCOUNT, {"name": "Olga Berg", "language": ""})
    owner.refresh_from_db()
    assert owner.get_full_name() == "Olga Berg"


def test_a_language_nobody_offers_is_refused(inside, owner):
    assert inside.post(ACCOUNT, {"name": "", "language": "tlh"}).status_code == 400
    assert not Preference.objects.exists()
