"""A visitor's browser that calls the product, or the least server there can be, with an ear that measures."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from bench.ear import SCRIPT, Ear
from tests.browser.card import Card
from tests.browser.site import Product, free_port, until


class Caller:
    """A browser and a product to call. Each call comes from a fresh profile with an empty cache."""

    def __init__(self, browser: Browser, product: Product, times: int) -> None:
        self.browser, self.product, self.times = browser, product, times
        self.page_url = product.demo()["site"]["url"]

    @contextmanager
    def page(self, *, injected: bool) -> Iterator[Page]:
        # The page's policy would keep the measuring script out; with it off, nothing else changes.
        context = self.browser.new_context(bypass_csp=True)
        context.grant_permissions(["microphone"])
        context.add_init_script(f"window.__injected = {'true' if injected else 'false'};" + SCRIPT)
        try:
            yield context.new_page()
        finally:
            context.close()

    @contextmanager
    def card(self, *, injected: bool) -> Iterator[tuple[Card, Ear]]:
        """The card, open and with nothing clicked in it, and an ear that listens already."""
        with self.page(injected=injected) as page:
            card = Card(page)
            page.goto(self.page_url)
            card.open()
            ear = Ear(card.frame)
            ear.prepare()
            page.wait_for_timeout(300)  # a person reads; what the opening set in motion has come to rest
            yield card, ear

    @contextmanager
    def call(self) -> Iterator[tuple[Card, Ear]]:
        """A call whose greeting has been heard out."""
        with self.card(injected=True) as (card, ear):
            card.press("start")
            ear.onset()
            rest(card, ear)
            yield card, ear
            card.press("end")
            card.expect_state("ended")

    def kept(self) -> dict[str, Any]:
        """What was stored of the latest call, once it is all there."""
        return until(lambda: next((one for one in self.product.conversations()[:1] if one["cause"]), None))


def rest(card: Card, ear: Ear) -> None:
    """Wait until the agent has said all it had to say: a pause between two clauses is not the end."""
    card.expect_turn("listening")
    ear.quiet()


@contextmanager
def bare(
    caller: Caller, path: str, *, injected: bool
) -> Iterator[Callable[[], AbstractContextManager[tuple[Page, Ear]]]]:
    """The same browser with the least server there can be (bench/bare.py): makes pages of it, ready for the click."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.bare", str(port)], stdin=subprocess.PIPE)

    @contextmanager
    def visit() -> Iterator[tuple[Page, Ear]]:
        with caller.page(injected=injected) as page:
            page.goto(f"http://localhost:{port}{path}")
            ear = Ear(page)
            ear.prepare()
            page.wait_for_timeout(300)
            yield page, ear

    try:
        until(lambda: _listens(port))
        yield visit
    finally:
        server.stdin.close()
        server.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def since_click(ear: Ear, heard: dict[str, float]) -> dict[str, float]:
    """Milliseconds from the click to everything that was noted, and to the first sound."""
    marks = ear.marks()
    return {name: at - marks["click"] for name, at in {**marks, "heard": heard["wall"]}.items()}
