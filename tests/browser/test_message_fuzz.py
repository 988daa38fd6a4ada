"""Whatever is posted at card and page: no error on either side, documented codes only, and the next call works.

Hypothesis makes the messages from the real ones with fields spoilt; a page posts a whole batch at once.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import Product, Strangers, until
from widgets.refusals import CODES

LISTED = "127.0.0.1"
BATCH = 40

# JSON cannot say these; the page makes them of {"$": name}.
SPECIAL = [
    "NaN", "-Infinity", "-0", "undefined", "bigint", "port", "date", "map", "cycle", "buffer", "regexp", "error",
    "deep", "huge", "sparse", "getter",
]  # fmt: skip
MAKE = """(() => {
  const deep = (n) => { let at = {}; const top = at; while (n--) at = at.a = {}; return top; };
  const special = {
    'NaN': () => NaN, '-Infinity': () => -Infinity, '-0': () => -0, 'undefined': () => undefined,
    'bigint': () => 10n ** 30n,
    'date': () => new Date(0), 'map': () => new Map([[{}, new Set([1])]]), 'buffer': () => new Uint8Array(9),
    'sparse': () => { const a = []; a[99999] = 1; return a; },
    'cycle': () => { const a = { pickup: 1 }; a.a = a; return a; },
    'regexp': () => /x/g, 'error': () => new TypeError('x'),
    'deep': () => deep(400), 'huge': () => 'x'.repeat(2e6),
    'getter': () => ({ toString: 1, valueOf: 1, toJSON: 1, then: 1 }), 'port': () => new MessageChannel().port1,
  };
  window.__post = (target, origin, batch) => {
    for (const given of batch) {
      const ports = [];
      const made = JSON.parse(JSON.stringify(given), (_, value) => {
        if (!value || typeof value !== 'object' || !value.$) return value;
        const one = special[value.$]();
        if (one instanceof MessagePort) ports.push(one);
        return one;
      });
      target.postMessage(made, origin, ports);
    }
    target.postMessage('the last of them', origin);
  };
  window.__errors = []; window.__told = []; window.__last = 0;
  addEventListener('error', (event) => __errors.push(event.message));
  addEventListener('unhandledrejection', (event) => __errors.push('rejected: ' + event.reason));
  addEventListener('message', (event) => {
    if (event.data === 'the last of them') __last += 1;
    else if (event.data && event.data.pickup === 1 && event.data.error) __told.push(event.data.error.code);
  });
})();"""
ANSWERED = "(seen) => __last > seen"

names = st.sampled_from(
    [
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "prototype",
        "then",
        "",
        "connect\0",
        "Connect",
        "destroy",
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8) | names
    | st.sampled_from(SPECIAL).map(lambda name: {"$": name}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | names, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def spoilt(messages: list[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """The real message, with some of its fields changed, left out, or added."""

    def spoil(message: dict[str, Any]) -> st.SearchStrategy[Any]:
        fields = st.sampled_from([*message, "type", "extra"])
        changes = st.dictionaries(fields, st.just({"$$": "gone"}) | anything, max_size=3)
        return changes.map(
            lambda change: {name: value for name, value in {**message, **change}.items() if value != {"$$": "gone"}}
        )

    return st.sampled_from(messages).flatmap(spoil) | anything


COMMANDS = ["connect", "disconnect", "startCall", "endCall", "connectAndCall", "mute", "unmute", "sendInfo"]
TO_FRAME = [  # numbers that no command of the page has
    {"pickup": 1, "type": "open", "keyboard": True},
    {"pickup": 1, "type": "close"},
    {
        "pickup": 1,
        "type": "page",
        "width": 800,
        "height": 600,
        "full": False,
        "reducedMotion": False,
        "elsewhere": False,
    },
    *({"pickup": 1, "type": "command", "id": -7, "name": name, "args": [], "gesture": False} for name in COMMANDS),
    {"pickup": 1, "type": "command", "id": -8, "name": "sendInfo", "args": ["cart", {"items": 2}], "gesture": True},
]
SESSION = {"id": "x", "reference": "HB-0000", "status": "answered", "duration": 1}
TO_PAGE = [
    {"pickup": 1, "type": "ready"},
    {"pickup": 1, "type": "result", "id": 1, "value": None},
    {"pickup": 1, "type": "result", "id": 2, "error": {"name": "NetworkError", "code": "FULL", "message": "x"}},
    {"pickup": 1, "type": "event", "name": "answered", "args": [SESSION], "session": SESSION},
    {"pickup": 1, "type": "event", "name": "error", "args": [{"name": "x", "code": "FULL"}], "session": None},
    {"pickup": 1, "type": "event", "name": "disconnected", "args": [], "session": None},
    {"pickup": 1, "type": "card", "open": True, "state": "start", "timer": "0:01"},
    {"pickup": 1, "type": "lock", "held": False},
]  # fmt: skip

quick = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def card(visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any]) -> Card:
    visitor.add_init_script(MAKE)
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/fuzzed", f'<script src="{demo["widgets"][0]["script"]}"></script>', host=LISTED))
    card.keep_events()
    card.open()
    return card


def post(card: Card, batch: list[Any], *, to_frame: bool) -> None:
    """From the side that is trusted: the page to its card, or the card to its page."""
    sender, receiver = (card.page, card.frame) if to_frame else (card.frame, card.page)
    seen = receiver.evaluate("() => __last")
    target = "document.querySelector('iframe[allow]').contentWindow" if to_frame else "parent"
    origin = receiver.evaluate("() => location.origin")
    sender.evaluate(f"([origin, batch]) => __post({target}, origin, JSON.parse(batch))", [origin, json.dumps(batch)])
    receiver.wait_for_function(ANSWERED, arg=seen)


def still_works(card: Card, product: Product) -> None:
    """Nothing has broken, nobody is left on a line, and a call can be made."""
    assert card.page.evaluate("() => __errors") == [] and card.frame.evaluate("() => __errors") == []
    card.page.evaluate("() => PolyphoneAPI.disconnect().catch(() => {})")
    until(lambda: product.health()["activeSessions"] == 0)
    session = card.page.evaluate("() => { window.answered = PolyphoneAPI.connectAndCall(); return answered; }")
    assert session["status"] == "answered"
    assert card.state[0] == "in-call"
    card.page.evaluate("() => PolyphoneAPI.endCall()")
    card.expect_state("ended")
    assert card.errors == []
    until(lambda: product.health()["activeSessions"] == 0)


@pytest.mark.parametrize("stage", ["before", "in a call"])
def test_the_card_takes_anything_from_its_page(card: Card, product: Product, stage: str):
    @quick
    @given(st.lists(spoilt(TO_FRAME), min_size=BATCH, max_size=BATCH))
    def scene(batch):
        if stage == "in a call" and card.state[0] != "in-call":
            card.page.evaluate("() => PolyphoneAPI.disconnect().then(() => PolyphoneAPI.connectAndCall())")
        post(card, batch, to_frame=True)

    scene()

    assert set(card.page.evaluate("() => __told")) <= set(CODES)
    still_works(card, product)


@pytest.mark.parametrize("stage", ["before", "in a call"])
def test_the_page_takes_anything_from_its_card(card: Card, product: Product, stage: str):
    if stage == "in a call":
        card.press("start")
        card.expect_state("in-call")

    @quick
    @given(st.lists(spoilt(TO_PAGE), min_size=BATCH, max_size=BATCH))
    def scene(batch):
        post(card, batch, to_frame=False)

    scene()

    still_works(card, product)


def test_nobody_else_is_listened_to(
    visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any], product: Product, card: Card
):
    """Another frame of the page's own origin at the card, another site's frame at both, the page at itself."""
    stranger = strangers.put("/stranger", "", host="thief.localhost")
    neighbour = strangers.put("/neighbour", "", host=LISTED)
    card.page.evaluate(
        """urls => Promise.all(urls.map((url) => new Promise((done) => {
          const frame = document.createElement('iframe');
          frame.src = url; frame.onload = done; frame.className = 'other'; document.body.append(frame);
        })))""",
        [stranger, neighbour],
    )
    others = [frame for frame in card.page.frames if frame.url in (stranger, neighbour)]
    assert len(others) == 2
    before = (card.events, card.state, card.launcher.get_attribute("aria-expanded"))

    @quick
    @given(st.lists(spoilt(TO_PAGE + TO_FRAME), min_size=BATCH, max_size=BATCH))
    def scene(batch):
        text = json.dumps(batch)
        for frame in others:
            for target in ("parent", "parent[0]", "parent[1]", "parent[2]"):
                frame.evaluate(f"text => __post({target}, '*', JSON.parse(text))", text)
        card.page.evaluate("text => __post(window, '*', JSON.parse(text))", text)

    scene()
    post(card, [], to_frame=True)
    post(card, [], to_frame=False)

    assert (card.events, card.state, card.launcher.get_attribute("aria-expanded")) == before
    assert product.health()["activeSessions"] == 0
    still_works(card, product)
