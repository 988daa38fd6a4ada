"""A dental clinic's new admin, from the starter to a call by a stranger and past a change that is taken back: at every
moment the console says which version visitors hear, and nothing that was written is lost."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.card import PATIENCE_MS, Card
from tests.browser.console import sign_in
from tests.browser.site import Product, Strangers

SITE = "clinic.localhost"
FIRST, SECOND = "Harbour Dental, good morning.", "Harbour Dental, we are on holiday."


def test_what_visitors_hear_is_plain_at_every_moment(
    new_visitor: Callable[..., BrowserContext], product: Product, demo: dict[str, Any], strangers: Strangers
):
    admin = new_visitor(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
    admin.set_default_timeout(PATIENCE_MS)
    sign_in(admin, product)
    base = a_clinic_is_made(admin, product)
    text_that_is_not_saved_is_published_with_the_rest(admin, base, FIRST, 1)
    widget = a_widget_is_put_on_the_site_and_published(admin, base)
    a_stranger_calls(new_visitor, strangers.put("/clinic", the_tag(admin, widget), host=SITE))
    hears = f"Visitors of {SITE} hear version"
    the_console_says_that_strangers_hear_sandbox(admin, base, widget, f"{hears} 1.")
    the_widget_is_put_on_live(admin, base, f"{hears} 1.")
    text_that_is_not_saved_is_published_with_the_rest(admin, base, SECOND, 2)
    a_version_goes_live(admin, base, 2, "Promote to Live")
    a_version_goes_live(admin, base, 1, "Go back to version 1")
    the_rejected_text_is_named_and_taken_out_of_the_draft(admin, base, f"{hears} 1.")


def a_clinic_is_made(admin: Page, product: Product) -> str:
    admin.goto(f"{product.url}/console/new/")
    admin.get_by_label("Name").fill("Zahn Harbour Dental")  # by name after the demo's
    admin.locator(".starters label").first.click()
    admin.get_by_role("button", name="Make the project").click()
    admin.wait_for_url("**/console/zahn-harbour-dental*/")
    expect(admin.locator("main")).to_contain_text("0 of 5 done")
    expect(admin.locator(".truth")).to_contain_text("No visitor hears")
    return admin.url


def text_that_is_not_saved_is_published_with_the_rest(admin: Page, base: str, greeting: str, number: int) -> None:
    admin.goto(base + "persona/")
    admin.get_by_label("Greeting").fill(greeting)
    admin.locator(".bar.unsaved").get_by_role("button", name="Save and publish…").click()
    dialog = admin.locator("#asked")
    if number > 1:
        expect(dialog).to_contain_text(greeting)
    dialog.get_by_role("button", name=f"Publish version {number}").click()
    expect(admin.locator(".toast").first).to_contain_text(f"Version {number} runs in Sandbox.")
    expect(admin.get_by_label("Greeting")).to_have_value(greeting)


def a_widget_is_put_on_the_site_and_published(admin: Page, base: str) -> str:
    admin.goto(base + "web-calling/new/")
    dialog = admin.locator("#add")
    dialog.get_by_label("Widget name").fill("Clinic phone")
    dialog.get_by_label("Your website").fill(f"http://{SITE}/")
    dialog.get_by_role("button", name="Add widget").click()
    admin.wait_for_url("**/web-calling/*/")
    widget = admin.url
    expect(admin.locator(".answers")).to_contain_text("No visitor can call it yet.")
    expect(admin.locator("#env-sandbox")).to_have_attribute("aria-pressed", "true")
    admin.locator("[data-dialog=publish-widget]:visible").click()
    admin.locator("#publish-widget").get_by_role("button", name="Publish widget").click()
    expect(admin.locator(".toast").first).to_contain_text(f"Visitors of {SITE} see it with their next page load.")
    return widget


def the_tag(admin: Page, widget: str) -> str:
    admin.goto(widget + "embed/")
    return admin.locator("#tag").inner_text()


def a_stranger_calls(new_visitor: Callable[..., BrowserContext], page: str) -> None:
    card = Card(new_visitor().new_page())
    card.page.goto(page)
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended", reason="visitor_ended")


def the_console_says_that_strangers_hear_sandbox(admin: Page, base: str, widget: str, hears: str) -> None:
    admin.goto(base)
    expect(admin.locator(".truth")).to_contain_text(hears)
    expect(admin.locator(".truth .status.warn")).to_have_text("Sandbox")
    expect(admin.locator(".truth")).to_contain_text("A stranger has called it already.")
    expect(admin.locator("main")).to_contain_text("4 of 5 done")
    for page in (widget, base + "versions/"):
        admin.goto(page)
        expect(admin.locator("main")).to_contain_text(hears)


def the_widget_is_put_on_live(admin: Page, base: str, hears: str) -> None:
    a_version_goes_live(admin, base, 1, "Promote to Live")
    expect(admin.locator(".toast").first).to_contain_text(f"visitors of {SITE} do not hear it")
    admin.goto(base)
    admin.locator(".checklist").get_by_role("link", name="Put it on Live…").click()
    dialog = admin.locator("#asked")
    expect(dialog).to_contain_text("from their next call")
    expect(dialog.locator(".notice.warn")).not_to_have_count(0)  # nobody is asked for consent
    dialog.get_by_role("button", name="Put it on Live").click()
    expect(admin.locator(".toast").first).to_contain_text(f"“Clinic phone” is on Live. {hears}")
    admin.goto(base)
    expect(admin.locator("main")).to_contain_text("5 of 5 done")


def a_version_goes_live(admin: Page, base: str, number: int, button: str) -> None:
    admin.goto(base + "versions/")
    row = admin.locator("tbody tr").filter(has=admin.locator("th .num", has_text=str(number)))
    row.locator("summary").click()
    row.locator("[data-asks]").click()
    admin.locator("#asked").get_by_role("button", name=button).click()
    expect(admin.locator(".toast").first).to_contain_text(f"Live runs version {number}.")


def the_rejected_text_is_named_and_taken_out_of_the_draft(admin: Page, base: str, hears: str) -> None:
    dock = admin.locator(".dock")
    expect(dock).to_contain_text("Draft as version 2")
    expect(dock).to_contain_text("Live runs version 1")
    expect(dock.locator(".status.good")).to_have_count(0)
    expect(admin.locator("main")).to_contain_text(hears)
    expect(admin.locator(".diff ins").first).to_contain_text(SECOND)
    admin.get_by_role("button", name="Make version 1 my draft…").click()
    admin.locator("#make-draft").get_by_role("button", name="Make it my draft").click()
    expect(admin.locator(".toast").first).to_contain_text("Your draft is version 1 now.")
    admin.goto(base + "persona/")
    expect(admin.get_by_label("Greeting")).to_have_value(FIRST)
