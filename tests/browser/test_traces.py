"""What is left behind: nothing after destroy(), nothing with strangers, in storage what docs/storage.md lists."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import ROOT, Product, Strangers

LISTED = "127.0.0.1"

# Counts what the script of the tag hangs onto a page: listeners, observers, timers.
COUNTS = """
(() => {
  if (window.parent !== window) return;
  const held = window.__held = { listeners: [], observers: new Set(), timers: new Set() };
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const ours = () => new Error().stack.includes('/widget/');
  const same = (a, b) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
  EventTarget.prototype.addEventListener = function (...given) {
    const one = [this || window, given[0], given[1]];
    if (ours() && !held.listeners.some((other) => same(one, other))) held.listeners.push(one);
    return add.apply(this || window, given);
  };
  EventTarget.prototype.removeEventListener = function (...given) {
    held.listeners = held.listeners.filter((other) => !same([this || window, given[0], given[1]], other));
    return remove.apply(this || window, given);
  };
  const { observe, disconnect } = MutationObserver.prototype;
  Object.assign(MutationObserver.prototype, {
    observe(...given) { if (ours()) held.observers.add(this); return observe.apply(this, given); },
    disconnect() { held.observers.delete(this); return disconnect.call(this); },
  });
  for (const kind of ['Timeout', 'Interval']) {
    const set = window['set' + kind], clear = window['clear' + kind];
    window['set' + kind] = (run, ...given) => {
      const id = set(() => { if (kind === 'Timeout') held.timers.delete(id); run(); }, ...given);
      if (ours()) held.timers.add(id);
      return id;
    };
    window['clear' + kind] = (id) => { held.timers.delete(id); clear(id); };
  }
})();
"""
LEFT = """() => ({
  globals: Object.getOwnPropertyNames(window).sort(),
  page: document.documentElement.outerHTML.replace(/<script[^>]*>[^]*?<\\/script>/g, ''),
  listeners: __held.listeners.map((one) => one[1]).sort(),
  observers: __held.observers.size,
  timers: __held.timers.size,
  stored: [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie],
  focus: document.activeElement.nodeName,
})"""
KEPT = """async () => ({
  localStorage: Object.keys(localStorage), sessionStorage: Object.keys(sessionStorage), cookies: document.cookie,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"localStorage": [], "sessionStorage": [], "cookies": "", "databases": 0, "caches": 0, "workers": 0}


@pytest.fixture
def script(demo: dict[str, Any]) -> str:
    return demo["widgets"][0]["script"]


def nothing(card: Card) -> None:
    card.launcher.wait_for()


def hovered(card: Card) -> None:
    card.launcher.hover()
    assert card.frame


def opened(card: Card) -> None:
    card.open()


def called(card: Card) -> None:
    card.open().press("start")
    card.expect_state("in-call")


def ended(card: Card) -> None:
    called(card)
    card.press("end")
    card.expect_state("ended")


def unloaded(card: Card) -> None:
    """The card was asked for and is not there yet."""
    card.page.evaluate("() => { PolyphoneAPI.connect().catch(() => {}); }")


@pytest.mark.parametrize("stage", [nothing, hovered, opened, called, ended, unloaded])
def test_destroy_leaves_the_page_as_it_was_and_the_tag_can_be_pasted_again(
    visitor: BrowserContext, strangers: Strangers, product: Product, script: str, stage: Callable[[Card], None]
):
    visitor.add_init_script(COUNTS)
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/trace", "", host=LISTED))
    before = card.page.evaluate(LEFT)
    card.page.add_script_tag(url=script)
    stage(card)

    card.page.evaluate(
        """async () => {
          const api = window.old = PolyphoneAPI;
          for (const script of document.querySelectorAll('script')) script.remove();
          await Promise.all([api.destroy(), api.destroy()]);
          await api.destroy();
        }"""
    )
    card.page.evaluate("() => { window.kept = old; delete window.old; }")
    refused = card.page.evaluate("() => kept.connectAndCall().catch((error) => error.code)")
    card.page.evaluate("() => { delete window.kept; }")
    card.page.mouse.move(5, 5)
    card.page.wait_for_function("() => __held.timers.size === 0")

    assert refused == "NO_CALL"
    assert card.page.evaluate(LEFT) == before
    card.page.add_script_tag(url=script)
    ended(card)
    assert card.errors == []
    assert [line for line in card.console if "Pickup" in line] == []


def test_a_whole_call_asks_nobody_but_our_server_and_sets_no_cookie(
    visitor: BrowserContext, strangers: Strangers, product: Product, script: str
):
    asked: list[str] = []
    answers: list[Any] = []
    visitor.add_init_script(
        """(() => { const Native = RTCPeerConnection; window.__servers = [];
          window.RTCPeerConnection = class extends Native { constructor(...given) {
            super(...given);
            __servers.push(...given[0].iceServers.map((one) => one.urls));
          } };
        })()"""
    )
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.on("response", lambda answer: answers.append(answer))
    card = Card(visitor.new_page())
    card.page.on("websocket", lambda socket: asked.append(socket.url))
    card.page.goto(strangers.put("/private", f'<script src="{script}"></script>', host=LISTED))
    called(card)
    card.press("more")
    card.press("captions")
    card.page.reload()
    card.page.wait_for_function("() => PolyphoneAPI.getCurrentSession() !== null")
    servers = card.frame.evaluate("() => __servers")
    card.page.evaluate("() => PolyphoneAPI.endCall()")
    card.launcher.click()
    card.expect_state("ended")

    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {f"{LISTED}:{strangers.port}", f"localhost:{product.port}"}
    assert {urlsplit(url).scheme for url in asked} <= {"http", "ws", "data", "blob"}
    assert servers == []
    assert [one.url for one in answers if "set-cookie" in one.all_headers()] == []
    assert visitor.cookies() == []


def listed() -> dict[tuple[str, str], set[str]]:
    """What docs/storage.md says of the visitor's browser: (whose, which storage) → keys."""
    told = (ROOT / "docs" / "storage.md").read_text().split("## In the visitor's browser")[1]
    found: dict[tuple[str, str], set[str]] = {}
    for what, where in re.findall(r"^\| (.+?) \| (.+?) \| .+? \|$", told, re.M):
        if place := re.match(r"`(localStorage|sessionStorage)` of the (site|frame)", where):
            found.setdefault((place[2], place[1]), set()).add(re.findall(r"`([^`]+)`", what)[0])
    return found


def test_stored_is_what_the_document_lists_and_only_while_a_call_lasts(
    visitor: BrowserContext, strangers: Strangers, script: str
):
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/stored", f'<script src="{script}"></script>', host=LISTED))
    assert card.page.evaluate(KEPT) == NOTHING
    card.open()
    assert [card.page.evaluate(KEPT), card.frame.evaluate(KEPT)] == [NOTHING, NOTHING]

    card.press("start")
    card.expect_state("in-call")
    found = {("site", name): kept for name, kept in card.page.evaluate(KEPT).items()}
    found |= {("frame", name): kept for name, kept in card.frame.evaluate(KEPT).items()}
    wanted = {place: {key for key in keys if "chat" not in key} for place, keys in listed().items()}  # of a Phone
    # Kept by cards that offer several languages only, and for visitors who choose captions.
    wanted["frame", "sessionStorage"] -= {"pickup-language", "pickup-captions"}
    assert {place: set(keys) for place, keys in found.items() if keys} == wanted

    card.press("end")
    card.expect_state("ended")
    assert [card.page.evaluate(KEPT), card.frame.evaluate(KEPT)] == [NOTHING, NOTHING]
    assert visitor.cookies() == []
