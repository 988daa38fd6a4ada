"""Who is not let in: pages that are not listed, frames out of place, sockets that belong to nobody."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import Product, Strangers


def tag(demo: dict[str, Any]) -> str:
    return f'<script src="{demo["widgets"][0]["script"]}"></script>'


def kept(product: Product) -> tuple[int, dict[str, int]]:
    """How many conversations there are, and how often which host was refused."""
    told = json.loads(product.manage("widgets", "--json"))
    refused = {host["host"]: host["count"] for widget in told for host in widget["refused_hosts"]}
    return len(product.conversations()), refused


def test_a_page_that_is_not_listed_gets_one_honest_line_and_nothing_else(
    visitor: BrowserContext, product: Product, demo: dict[str, Any], strangers: Strangers
):
    calls, _refused = kept(product)
    card = Card(visitor.new_page())
    asked: list[str] = []
    card.page.on("request", lambda request: asked.append(request.url))
    card.page.goto(strangers.put("/unlisted", tag(demo), host="thief.localhost"))

    ours = [line for line in card.console if "Pickup" in line]
    assert len(ours) == 1 and f"thief.localhost:{strangers.port}" in ours[0] and "domains" in ours[0]
    assert card.page.locator("[data-pickup], iframe").count() == 0
    assert card.page.evaluate("() => typeof window.PolyphoneAPI") == "undefined"
    assert [url for url in asked if product.url in url] == [demo["widgets"][0]["script"]]
    calls_after, refused = kept(product)
    assert calls_after == calls
    assert refused[f"thief.localhost:{strangers.port}"] == 1


def test_the_browser_refuses_the_frame_on_a_page_that_lies_about_its_host(
    visitor: BrowserContext, demo: dict[str, Any], product: Product, strangers: Strangers
):
    address = f"{product.url}/widget/{demo['widgets'][0]['code']}/frame?host={product.site}"
    page = visitor.new_page()
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    page.goto(strangers.put("/liar", f'<iframe src="{address}"></iframe>', host="thief.localhost"))
    page.wait_for_function("() => document.readyState === 'complete'")

    assert any("frame-ancestors" in line for line in lines), lines
    assert not [frame for frame in page.frames if frame.locator("[data-state]").count()]


@pytest.mark.parametrize("host", ["", "http://thief.localhost"])
def test_the_frame_opened_as_a_page_is_refused(
    visitor: BrowserContext, demo: dict[str, Any], product: Product, host: str
):
    page = visitor.new_page()
    answer = page.goto(f"{product.url}/widget/{demo['widgets'][0]['code']}/frame?host={host or product.site}")

    assert answer.status == 403
    assert answer.headers["content-security-policy"].count("frame-ancestors 'none'") == 1
    assert page.locator("#settings, [data-state]").count() == 0
    assert "FORBIDDEN" in page.inner_text("body")


def test_a_socket_from_another_origin_is_refused_by_the_server(
    visitor: BrowserContext, product: Product, strangers: Strangers
):
    page = visitor.new_page()
    page.goto(strangers.put("/socket", "", host="thief.localhost"))
    address = product.url.replace("http", "ws") + "/api/v1/webrtc/signal"
    code = page.evaluate(
        """url => new Promise((done) => {
          const socket = new WebSocket(url);
          socket.onopen = () => done(0);
          socket.onclose = (event) => done(event.code);
        })""",
        address,
    )

    assert code == 1006  # never accepted


def test_a_ticket_is_not_given_to_another_origin(product: Product):
    request = urllib.request.Request(
        f"{product.url}/api/v1/widget/ticket",
        data=b'{"grant": "x"}',
        headers={"Content-Type": "application/json", "Origin": "http://thief.localhost"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)

    assert refused.value.code == 403
    assert json.load(refused.value)["error"]["code"] == "ORIGIN_NOT_ALLOWED"


def test_no_launcher_inside_a_frame_of_another_site(
    visitor: BrowserContext, demo: dict[str, Any], strangers: Strangers
):
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/wrapper", f'<iframe src="{demo["site"]["url"]}"></iframe>', host="thief.localhost"))
    sandboxed = strangers.put("/sandbox", f"<iframe sandbox=\"allow-scripts\" srcdoc='{tag(demo)}'></iframe>")
    card.page.goto(sandboxed)

    for frame in card.page.frames:
        assert frame.locator("[data-pickup]").count() == 0
    assert any("inside a frame" in line for line in card.console), card.console


def test_an_unknown_code_gets_a_script_that_says_so(visitor: BrowserContext, product: Product, strangers: Strangers):
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/unknown", f'<script src="{product.url}/widget/{"x" * 43}.js"></script>'))

    ours = [line for line in card.console if "Pickup" in line]
    assert len(ours) == 1 and "UNKNOWN_WIDGET" in ours[0]
    assert card.page.locator("[data-pickup], iframe").count() == 0
