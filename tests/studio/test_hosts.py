"""A console with a host of its own is found nowhere else, and has one door."""

import pytest


@pytest.fixture
def two_hosts(settings):
    settings.PUBLIC_URL, settings.CONSOLE_URL = "https://calls.example.com", "https://studio.example.com"
    settings.ALLOWED_HOSTS = ["calls.example.com", "studio.example.com", "localhost"]


@pytest.mark.parametrize("path", ["/", "/console/", "/console/login/", "/raw-admin/login/"])
def test_the_console_is_not_on_the_visitors_host(client, db, two_hosts, path):
    there = client.get(path, headers={"host": "studio.example.com"})
    here = client.get(path, headers={"host": "calls.example.com"})

    assert there.status_code in (200, 302)
    assert here.status_code == 404


def test_probes_and_visitors_pages_are_on_both(client, db, two_hosts):
    for host in ("studio.example.com", "calls.example.com"):
        assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_with_one_host_everything_is_there(client, db):
    assert client.get("/console/login/", headers={"host": "localhost:8000"}).status_code == 200


def test_the_raw_admin_is_entered_through_the_consoles_login(client, db):
    response = client.get("/raw-admin/login/?next=/raw-admin/")

    assert (response.status_code, response["Location"]) == (302, "/console/login/?next=/raw-admin/")


def test_a_superuser_gets_from_the_login_to_the_raw_admin(client, django_user_model, db):
    django_user_model.objects.create_superuser("root", "root@example.com", "a-long-password")

    response = client.post(
        "/console/login/?next=/raw-admin/",
        {"username": "root", "password": "a-long-password", "next": "/raw-admin/"},
        follow=True,
    )

    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == "/raw-admin/"
