"""The real product for browsers that Playwright does not drive, and those browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from calling.lines.webrtc.addresses import host_addresses
from tests.browser import chromium
from tests.browser.site import ROOT, Product, Strangers
from tests.reach import firefox, webkit
from tests.reach.chrome import Chrome
from tests.reach.visitor import KEEP_CONNECTION, Visitor

PICTURES = ROOT / "test-output" / "reach"
OLD_CHROMIUM = Path(__file__).parent / "node_modules" / "chromium-72"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    running = Product(STUDIO_SPEECH="scripted").start()
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


def start_chromium_72() -> Chrome:
    if not OLD_CHROMIUM.exists():
        pytest.skip("Chromium 72 is not installed: sh tests/tools.sh brings it where npm is")
    return Chrome(OLD_CHROMIUM, "--headless", before=KEEP_CONNECTION)


def start_firefox() -> firefox.Firefox:
    if firefox.find() is None:
        pytest.skip("Firefox is not installed: apt-get install firefox-esr")
    if not host_addresses():
        pytest.skip("Firefox sends no sound to 127.0.0.1, and this machine has no other address")
    return firefox.Firefox(before=KEEP_CONNECTION)


@pytest.fixture(scope="package", params=[start_chromium_72, start_firefox], ids=["chromium-72", "firefox"])
def caller(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor whose browser can call and is not the one of the other tests."""
    browser = request.param()
    yield Visitor(browser)
    browser.stop()


@pytest.fixture(scope="module")
def safari() -> Iterator[Visitor]:
    if webkit.find() is None:
        pytest.skip("WebKitGTK is not installed: apt-get install webkit2gtk-driver xvfb")
    browser = webkit.WebKit()
    yield Visitor(browser)
    browser.stop()


@pytest.fixture(scope="package")
def chromium_of_today() -> Iterator[Chrome]:
    program = chromium.find()
    if program is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    browser = Chrome(Path(program), "--headless=new")
    yield browser
    browser.stop()


@pytest.fixture
def bent(chromium_of_today: Chrome) -> Callable[..., Visitor]:
    """Today's Chromium, changed before any page's script runs: by a script that takes away what older ones lack."""

    def bend(before: str, agent: str = "") -> Visitor:
        chromium_of_today.visit("about:blank")
        chromium_of_today.become(before, agent)
        return Visitor(chromium_of_today)

    return bend
