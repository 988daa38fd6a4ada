"""Who may read our answers from another origin: almost nobody."""

import pytest
from django.http import JsonResponse
from django.test import RequestFactory

from widgets.admission import cors

from .conftest import SITE


@pytest.fixture
def answer():
    """The middleware in front of a view that found the credential made for that origin, or did not."""
    from corsheaders.middleware import CorsMiddleware

    def run(path, admitted=None, method="get", **headers):
        def view(request):
            if admitted:
                cors.let_read(request, admitted)
            return JsonResponse({})

        return CorsMiddleware(view)(getattr(RequestFactory(), method)(path, headers=headers))

    return run


def readable(response):
    return response.headers.get("Access-Control-Allow-Origin")


def test_the_page_a_credential_was_made_for_may_read_the_answer(answer):
    assert readable(answer(cors.PATH, SITE, Origin=SITE)) == SITE


@pytest.mark.parametrize("origin", ["https://evil.com", "null", "*", "https://shop.example.com.evil.com", "http://x y"])
def test_no_other_page_may(answer, origin):
    assert readable(answer(cors.PATH, SITE, Origin=origin)) is None


def test_a_refused_credential_is_readable_by_nobody(answer):
    assert readable(answer(cors.PATH, None, Origin=SITE)) is None


@pytest.mark.parametrize("path", ["/", "/api/v1/widget/ticket", "/api/v1/ice-servers/x", "/x/api/v1/ice-servers"])
def test_no_other_address_is_open(answer, path):
    assert readable(answer(path, SITE, Origin=SITE)) is None
    preflight = answer(path, method="options", Origin=SITE, **{"Access-Control-Request-Method": "GET"})
    assert readable(preflight) is None


def test_a_preflight_may_be_asked_for_reading_only(answer):
    asked = {"Origin": SITE, "Access-Control-Request-Headers": "authorization"}
    response = answer(cors.PATH, method="options", **asked, **{"Access-Control-Request-Method": "GET"})
    assert readable(response) == SITE
    assert "authorization" in response["Access-Control-Allow-Headers"]
    assert not response.has_header("Access-Control-Allow-Credentials")
    response = answer(cors.PATH, method="options", **asked, **{"Access-Control-Request-Method": "DELETE"})
    assert readable(response) is None


def test_the_served_address_keeps_to_it(client, widget, grant):
    held = {"Authorization": f"Bearer {grant}"}
    assert readable(client.get(cors.PATH, headers=held | {"Origin": SITE})) == SITE
    assert readable(client.get(cors.PATH, headers=held | {"Origin": "https://evil.com"})) is None
    refused = client.get(cors.PATH, headers={"Origin": SITE})
    assert (refused.status_code, readable(refused)) == (401, None)
