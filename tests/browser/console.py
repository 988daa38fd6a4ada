"""An admin's hands: into the console, and to a widget."""

from playwright.sync_api import Page

from tests.browser.site import PASSWORD, Product


def sign_in(page: Page, product: Product) -> Page:
    """As the demo's owner, to the home of their project."""
    page.goto(f"{product.url}/console/login/")
    page.fill("[name=username]", "demo")
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url("**/console/*/")
    return page


def open_widget(page: Page, name: str) -> Page:
    """From the project's home to the editor of a widget."""
    page.goto(page.url + "web-calling/")
    page.locator(".widget-bar summary").click()
    page.locator(".widget-bar .sheet a").filter(has=page.get_by_text(name, exact=True)).click()
    return page
