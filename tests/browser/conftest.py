"""A browser and the real product, once for all browser tests; a fresh visitor for each.

Scope is the package and not the session: while Playwright's synchronous interface is up, no other test of this thread
can have an event loop.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser import microphone
from tests.browser.card import Card
from tests.browser.chromium import Chromium, find
from tests.browser.site import ROOT, Product, Strangers

PICTURES = ROOT / "test-output"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    if find() is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    running = Chromium()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: Chromium) -> Browser:
    return playwright.chromium.connect_over_cdp(chromium.endpoint)


@pytest.fixture(scope="package")
def product(request: pytest.FixtureRequest) -> Iterator[Product]:
    # As if behind a proxy, so that each visitor has an address: a test machine calls more often than one may.
    running = Product(STUDIO_TRUSTED_PROXIES="1").start()
    request.config.stash[_PRODUCT] = running
    yield running
    running.stop()


@pytest.fixture(scope="package")
def demo(product: Product) -> dict[str, Any]:
    return product.demo()


@pytest.fixture(scope="package")
def strangers() -> Iterator[Strangers]:
    serving = Strangers()
    yield serving
    serving.stop()


@pytest.fixture
def new_visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser profiles: each its own storage and locks, with a microphone that the test speaks into."""
    made: list[BrowserContext] = []

    def make(*, microphone_allowed: bool = True, **options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        number = next(_NUMBERS)
        context.set_extra_http_headers({"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"})
        made.append(context)
        context.add_init_script(microphone.SCRIPT)
        if microphone_allowed:
            context.grant_permissions(["microphone"])
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def visitor(new_visitor: Callable[..., BrowserContext]) -> BrowserContext:
    return new_visitor()


@pytest.fixture
def card(visitor: BrowserContext, demo: dict[str, Any]) -> Card:
    """The demo shop's page whose widget asks for no consent."""
    card = Card(visitor.new_page())
    card.page.goto(demo["site"]["url"])
    return card


@pytest.fixture
def consent_card(visitor: BrowserContext, demo: dict[str, Any]) -> Card:
    """The demo shop's page whose widget asks for consent."""
    card = Card(visitor.new_page())
    card.page.goto(next(widget["page"] for widget in demo["widgets"] if widget["consent"]))
    return card


_NUMBERS = itertools.count()
_PRODUCT = pytest.StashKey[Product]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    running = item.config.stash.get(_PRODUCT, None)
    if report.failed and running is not None:
        report.sections.append(("what the product printed last", running.output()))
    return report
