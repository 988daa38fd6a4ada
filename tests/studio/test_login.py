"""Signing in."""

import re

import pytest
from django.urls import reverse

from studio.pages.people.login import COUNTED_FROM, TRIES_PER_ADDRESS, TRIES_PER_NAME

LOGIN = "/console/login/"
PASSWORD = "a-long-password"


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": name, "password": password, **more})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_the_root_leads_to_the_console_and_the_console_to_the_login(client, db):
    assert client.get("/")["Location"] == "/console/"
    assert client.get("/console/")["Location"] == f"{LOGIN}?next=/console/"


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


def test_after_too_many_tries_even_the_right_password_waits(client, owner):
    for _try in range(TRIES_PER_NAME):
        sign_in(client, "olga", "wrong")
    response = sign_in(client, "olga")
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()
    assert not signed_in(client)


def test_the_limit_is_the_same_for_names_that_do_not_exist(client, owner):
    statuses = [sign_in(client, "nobody", "wrong").status_code for _try in range(TRIES_PER_NAME + 1)]
    assert statuses == [200] * (TRIES_PER_NAME - 1) + [429] * 2


def test_another_name_from_the_same_address_is_not_held_up(client, owner, editor):
    for _try in range(TRIES_PER_NAME + 1):
        sign_in(client, "olga", "wrong")
    sign_in(client, "emil")
    assert signed_in(client)


def test_one_address_cannot_try_many_names(client, owner):
    for number in range(TRIES_PER_ADDRESS):
        sign_in(client, f"name-{number}", "wrong")
    assert sign_in(client, "olga").status_code == 429


def test_the_last_tries_are_counted_down(client, owner):
    said = [sign_in(client, "olga", "wrong").content.decode() for _try in range(TRIES_PER_NAME)]
    counted = [re.search(r"(\d+) (?:try|tries) left", page) for page in said]
    uncounted = TRIES_PER_NAME - 1 - COUNTED_FROM
    assert [found and found[1] for found in counted] == [None] * uncounted + ["3", "2", "1", None]
    assert "Wait 15 minutes" in said[-1] and not any("Wait 15 minutes" in page for page in said[:-1])


def test_a_good_password_clears_the_names_count(client, owner):
    for _try in range(TRIES_PER_NAME - 1):
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
