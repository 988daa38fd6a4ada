"""What a site's headers and frames allow: the call works, or one honest line says why not."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.card import Card
from tests.browser.chromium import INSECURE_HOST
from tests.browser.site import Product, Strangers

LISTED = "127.0.0.1"  # the demo's domain, whatever the port


@pytest.fixture
def tag(demo: dict[str, Any]) -> str:
    return f'<script src="{demo["widgets"][0]["script"]}"></script>'


@pytest.fixture
def card(visitor: BrowserContext) -> Card:
    return Card(visitor.new_page())


def ours(card: Card) -> list[str]:
    return [line for line in card.console if "Pickup" in line]


def calls(card: Card) -> None:
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    assert card.errors == []
    assert [line for line in card.console if line.startswith(("error", "warning"))] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Security_Policy": "require-trusted-types-for 'script'; trusted-types 'none'"},
        {"Cross_Origin_Embedder_Policy": "require-corp", "Cross_Origin_Opener_Policy": "same-origin"},
        {"Cross_Origin_Embedder_Policy": "credentialless", "Cross_Origin_Opener_Policy": "same-origin"},
        {"Cross_Origin_Resource_Policy": "same-origin", "Referrer_Policy": "no-referrer", "X_Frame_Options": "DENY"},
    ],
    ids=lambda headers: ", ".join(f"{name} {value}" for name, value in headers.items()),
)
def test_a_call_works_on_a_page_that_is_strict_otherwise(
    card: Card, strangers: Strangers, tag: str, headers: dict[str, str]
):
    card.page.goto(strangers.put("/strict", tag, host=LISTED, **headers))
    assert card.page.evaluate("() => crossOriginIsolated") is ("Cross_Origin_Embedder_Policy" in headers)

    calls(card)


def test_a_policy_without_our_frame_gets_one_line_and_the_page_its_error(
    card: Card, strangers: Strangers, product: Product, tag: str
):
    policy = f"script-src 'unsafe-inline' {product.url}; frame-src 'none'"
    card.page.goto(strangers.put("/no-frames", tag, host=LISTED, Content_Security_Policy=policy))
    card.keep_events()
    card.page.evaluate("() => { window.refused = PolyphoneAPI.connectAndCall().catch((error) => error.code); }")

    assert card.page.evaluate("() => refused") == "FRAME_UNREACHABLE"
    assert len(ours(card)) == 1 and f"frame-src must allow {product.url}" in ours(card)[0]
    assert [name for name, _ in card.events] == ["onReady", "onError"]
    expect(card.launcher).to_have_text("Calls cannot start here right now.")
    assert card.launcher.get_attribute("aria-expanded") == "false"
    assert card.page.locator("iframe").count() == 0


def test_a_policy_without_our_script_leaves_the_page_as_it_was(card: Card, strangers: Strangers, tag: str):
    card.page.goto(strangers.put("/no-scripts", tag, host=LISTED, Content_Security_Policy="script-src 'self'"))

    assert card.page.locator("[data-pickup], iframe").count() == 0
    assert ours(card) == [] and card.errors == []


def test_a_page_that_forbids_the_microphone_is_named_as_the_reason(browser: Browser, strangers: Strangers, tag: str):
    context = browser.new_context()  # with the browser's own microphone
    card = Card(context.new_page())
    card.page.goto(strangers.put("/no-microphone", tag, host=LISTED, Permissions_Policy="microphone=()"))
    card.open().press("start")
    card.expect_state("blocked", reason="policy")

    assert "MICROPHONE_POLICY" in card.frame.locator(".card").inner_text()
    context.close()


@pytest.fixture
def insecure(product: Product, demo: dict[str, Any]) -> Iterator[str]:
    """A listed host that browsers do not trust without https."""
    code = demo["widgets"][0]["code"]
    rows = f"from widgets.models import *; rows = AllowedDomain.objects.filter(host='{INSECURE_HOST}')"
    product.manage(
        "shell",
        "-c",
        f"{rows}; AllowedDomain.objects.create(widget=Widget.objects.get(code='{code}'), host='{INSECURE_HOST}')",
    )
    yield INSECURE_HOST
    product.manage("shell", "-c", f"{rows}; rows.delete()")


def test_a_page_without_https_shows_the_button_closed_and_says_why(
    card: Card, product: Product, strangers: Strangers, tag: str, insecure: str
):
    asked: list[str] = []
    card.page.on("request", lambda request: asked.append(request.url))
    card.page.goto(strangers.put("/insecure", tag, host=insecure))
    assert card.page.evaluate("() => isSecureContext") is False

    expect(card.launcher).to_have_text("Calls need a secure page (https)")
    assert card.launcher.get_attribute("aria-disabled") == "true"
    card.launcher.hover()
    card.launcher.click(force=True)
    assert card.page.evaluate("() => PolyphoneAPI.connectAndCall().catch((error) => error.code)") == "INSECURE_PAGE"
    assert card.page.locator("iframe").count() == 0
    assert len(ours(card)) == 1 and "secure page" in ours(card)[0]
    # Once, however often somebody presses: the script, and what became of the press.
    assert [url.rpartition("/")[2][-9:] for url in asked if product.url in url] == [tag.split('"')[1][-9:], "unreached"]
    assert [one["code"] for one in product.conversations() if insecure in one["site"]] == ["INSECURE_PAGE"]


@pytest.mark.parametrize(
    "flags",
    ["allow-scripts", "allow-scripts allow-forms allow-popups allow-modals", "allow-scripts allow-top-navigation"],
)
@pytest.mark.parametrize("way", ["src", "srcdoc"])
def test_a_sandbox_without_its_origin_gets_no_button_and_one_line(
    card: Card, strangers: Strangers, tag: str, flags: str, way: str
):
    inside = strangers.put("/inside", tag, host=LISTED)
    frame = f"src='{inside}'" if way == "src" else f"srcdoc='{tag}'"
    card.page.goto(strangers.put("/around", f"<iframe sandbox='{flags}' {frame}></iframe>", host=LISTED))
    card.page.wait_for_function("() => document.readyState === 'complete'")

    assert [frame.locator("[data-pickup]").count() for frame in card.page.frames] == [0, 0]
    assert len(ours(card)) == 1 and "inside a frame" in ours(card)[0]
    assert card.errors == []


def test_a_page_that_boxes_itself_in_gets_no_button_and_one_line(card: Card, strangers: Strangers, tag: str):
    card.page.goto(strangers.put("/boxed", tag, host=LISTED, Content_Security_Policy="sandbox allow-scripts"))

    assert card.page.locator("[data-pickup]").count() == 0
    assert len(ours(card)) == 1 and card.errors == []


@pytest.mark.parametrize("sandbox", ["", "sandbox='allow-scripts allow-same-origin'"])
def test_a_call_works_in_a_frame_of_the_same_site(card: Card, strangers: Strangers, tag: str, sandbox: str):
    inside = strangers.put("/inside", tag, host=LISTED)
    card.page.goto(
        strangers.put("/around", f"<iframe {sandbox} width=500 height=700 src='{inside}'></iframe>", host=LISTED)
    )
    shop = card.page.frame_locator("iframe")
    shop.locator("[data-action=open]").click()
    phone = shop.frame_locator("iframe[allow^=microphone]")
    phone.locator("[data-action=start]").click()
    phone.locator("[data-state=in-call]").wait_for()
    phone.locator("[data-action=end]").click()
    phone.locator("[data-state=ended]").wait_for()

    assert ours(card) == [] and card.errors == []
