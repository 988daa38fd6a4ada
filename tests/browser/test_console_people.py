"""People in a browser: an invitation from the link to the account, a passkey, search. Looks: test_console_sheets.py."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.console import sign_in
from tests.browser.site import Product

pytestmark = pytest.mark.pages

DESKTOP = {"width": 1440, "height": 900}


def watched(context: BrowserContext, wrong: list[str]) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    return page


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What went wrong in any page's scripts, policy or requests: nothing."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def page(new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any], wrong: list[str]) -> Page:
    """Signed in as the demo's owner."""
    context = new_visitor(viewport=DESKTOP)
    page = watched(context, wrong)
    sign_in(page, product)
    return page


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")
    ]


def test_an_invited_person_joins_adds_a_passkey_and_signs_in_with_it_alone(
    page: Page, new_visitor: Callable[..., BrowserContext], product: Product, wrong: list[str]
):
    page.goto(f"{product.url}/console/harbour-bikes/members/")
    page.get_by_role("button", name="Invite by link").click()
    page.get_by_label("Who is it for?").fill("Ines")
    page.locator("dialog[open] [type=submit]").click()
    link = page.locator("#fresh-link").inner_text()

    context = new_visitor(viewport=DESKTOP)
    theirs = watched(context, wrong)
    theirs.goto(link)
    assert serious(theirs) == []
    theirs.get_by_label("Your name").fill("Ines")
    theirs.get_by_label("E-mail").fill("ines@example.com")
    theirs.get_by_label("Password").fill("three unusual words")
    theirs.get_by_role("button", name="Make my account and join").click()
    theirs.wait_for_url("**/harbour-bikes/")

    keys = context.new_cdp_session(theirs)
    keys.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    theirs.goto(f"{product.url}/console/account/passkeys/add/")
    theirs.get_by_label("Password").fill("three unusual words")
    theirs.get_by_role("button", name="Confirm").click()
    theirs.get_by_role("button", name="Add a passkey").click()
    expect(theirs.get_by_role("heading", name="Recovery codes")).to_be_visible()

    theirs.get_by_role("button", name="Sign out").click()
    theirs.get_by_role("button", name="Use a passkey").click()
    theirs.wait_for_url("**/harbour-bikes/")

    page.goto(f"{product.url}/console/harbour-bikes/members/")
    page.get_by_role("link", name="Ines").click()
    expect(page.get_by_role("heading", name="What Ines may do")).to_be_visible()
    page.locator("[data-access]").get_by_text("Analyst", exact=True).click()
    expect(page.locator("[data-access]").get_by_label("Publish Phone widgets")).not_to_be_checked()
    assert serious(page) == []
    page.locator("[data-access]").get_by_role("button", name="Save").click()
    expect(page.locator("tr.on td").first).to_have_text("Analyst")
    page.get_by_role("button", name="Remove from the project").click()
    page.locator("#remove").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("link", name="Ines")).to_have_count(0)
    assert theirs.goto(f"{product.url}/console/harbour-bikes/").status == 404
    wrong[:] = [line for line in wrong if "404" not in line]


def test_search_opens_with_its_keys_and_leads_on(page: Page):
    page.keyboard.press("Control+k")
    page.keyboard.type("parking")
    expect(page.get_by_role("option", name="Parking").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/knowledge/*/")
