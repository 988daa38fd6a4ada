"""The button on pages that do unusual things with their own document, before a call and in one."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.card import Card
from tests.browser.site import Strangers

LISTED = "127.0.0.1"  # the demo's domain, whatever the port

# Ways in which pages of today and of long ago put another page in the place of this one.
REPLACEMENTS = {
    "single-page navigation": "history.pushState({}, '', '/elsewhere'); document.body.innerHTML = '<h1>Elsewhere</h1>'",
    "a new body": "document.body = document.createElement('body')",
    "body and head replaced": """
        document.head.replaceWith(document.createElement('head'));
        document.body.replaceWith(document.createElement('body'))""",
    "a dialog in the top layer": """
        document.body.innerHTML = '<dialog><p>Cookies?</p></dialog>'; document.querySelector('dialog').showModal();
        document.querySelector('dialog').close()""",
}
# Those that take the frame itself off the page: the call in it goes on in a new one.
REMOVALS = {
    "everything written anew": "document.documentElement.innerHTML = '<head></head><body><h1>Anew</h1></body>'",
    "another root": """
        const root = document.createElement('html'); root.innerHTML = '<head></head><body><h1>Another</h1></body>';
        document.replaceChild(root, document.documentElement)""",
    "the document opened": "document.open(); document.write('<h1>Written</h1>'); document.close()",
    "a cleaner": "document.querySelectorAll('html > :not(head):not(body)').forEach((e) => e.remove())",
    "children put in another order": "document.documentElement.append(...document.documentElement.children)",
    "all moved into the body": """
        document.querySelectorAll('html > :not(head):not(body)').forEach((e) => document.body.append(e))""",
}


@pytest.fixture
def tag(demo: dict[str, Any]) -> str:
    return f'<script src="{demo["widgets"][0]["script"]}"></script>'


@pytest.fixture
def shop(visitor: BrowserContext, strangers: Strangers, tag: str) -> Card:
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/odd", tag, host=LISTED))
    return card


def reference(card: Card) -> str:
    return card.api("PolyphoneAPI.getCurrentSession().reference")


def one_button_that_works(card: Card) -> None:
    expect(card.launcher).to_be_visible()
    assert card.page.locator("[data-pickup]").count() == 1
    assert card.page.evaluate("() => PolyphoneAPI.isConnected()") is False
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")


def nothing_went_wrong(card: Card) -> None:
    assert card.errors == []
    assert [
        line for line in card.console if line.startswith(("error", "warning")) and "parser-blocking" not in line
    ] == []


@pytest.mark.parametrize("how", REPLACEMENTS)
def test_a_page_that_replaces_itself_keeps_button_and_call(shop: Card, tag: str, how: str):
    shop.open().press("start")
    shop.expect_state("in-call")
    name, frame = reference(shop), shop.frame
    shop.keep_events()
    frame.evaluate("() => { window.__same = true; }")

    shop.page.evaluate(f"() => {{ {REPLACEMENTS[how]} }}")
    shop.page.add_script_tag(url=tag.split('"')[1])

    assert shop.frame.evaluate("() => window.__same") is True
    assert shop.state[0] == "in-call" and reference(shop) == name
    shop.press("end")
    shop.expect_event("onDisconnected")
    assert [event for event, _ in shop.events if event not in ("onReady", "onTranscription")] == [
        "onAudioEnded", "onEnded", "onUnregistered", "onDisconnected"
    ]  # fmt: skip
    one_button_that_works_again(shop)


def one_button_that_works_again(card: Card) -> None:
    assert card.page.locator("[data-pickup]").count() == 1
    card.press("restart")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    nothing_went_wrong(card)


@pytest.mark.parametrize("how", REMOVALS)
def test_what_a_page_takes_away_comes_back(shop: Card, how: str):
    shop.launcher.hover()
    assert shop.frame
    shop.page.evaluate(f"() => {{ {REMOVALS[how]} }}")

    shop.page.wait_for_function("() => document.querySelector('iframe[allow^=microphone]')")
    one_button_that_works(shop)
    nothing_went_wrong(shop)


@pytest.mark.parametrize("how", REMOVALS)
def test_a_call_whose_frame_is_taken_away_goes_on_in_a_new_one(shop: Card, how: str):
    shop.open().press("start")
    shop.expect_state("in-call")
    name, lost = reference(shop), shop.frame

    shop.page.evaluate(f"() => {{ {REMOVALS[how]} }}")

    # A frame that was moved into the body begins anew there, and once more where it belongs.
    shop.page.wait_for_function("() => document.querySelector('html > :not(body) iframe[allow^=microphone]')")
    shop.page.wait_for_function("name => (PolyphoneAPI.getCurrentSession() || {}).reference === name", arg=name)
    assert shop.frame != lost
    shop.expect_state("in-call")
    assert shop.page.locator("iframe").count() == 1
    shop.press("end")
    shop.expect_state("ended")
    nothing_went_wrong(shop)


def test_a_page_that_keeps_tidying_up_is_not_brought_to_a_halt(shop: Card):
    """Two that answer each other at once would never let the page do anything else."""
    shop.page.evaluate(
        """() => {
          window.tidied = 0;
          const tidy = () => document.querySelectorAll('[data-pickup]').forEach((e) => { e.remove(); tidied++; });
          new MutationObserver(tidy).observe(document.documentElement, { childList: true });
          document.querySelector('[data-pickup]').remove();
        }"""
    )

    shop.page.wait_for_function("() => tidied > 2")
    assert shop.errors == []


def test_a_command_whose_answer_was_taken_away_with_the_frame_is_told_so(shop: Card):
    shop.launcher.hover()
    assert shop.frame
    code = shop.page.evaluate(
        """() => {
          const asked = PolyphoneAPI.connectAndCall().catch((error) => error.code);
          document.querySelector('iframe').remove();
          return asked;
        }"""
    )

    assert code == "FRAME_UNREACHABLE"


WAYS_IN = {
    "async": '<script async src="{0}"></script>',
    "defer": '<script defer src="{0}"></script>',
    "in the head": '<script src="{0}"></script>',
    "a tag manager": """<script>var s = document.createElement('script'); s.src = '{0}';
        document.head.appendChild(s)</script>""",
    "a tag manager before the first script": """<script>(function (d, t) {{
        var s = d.createElement(t), f = d.getElementsByTagName(t)[0]; s.async = true;
        s.src = '{0}'; f.parentNode.insertBefore(s, f) }})(document, 'script')</script>""",
    "a module": """<script type="module">
        const s = document.createElement('script'); s.src = '{0}'; document.documentElement.append(s)</script>""",
    "written": """<script>document.write('<script src="{0}"><' + '/script>')</script>""",
    "after everything": """<script>addEventListener('load', () => setTimeout(() => {{
        const s = document.createElement('script'); s.src = '{0}'; document.body.appendChild(s) }}))</script>""",
    "a script that leaves at once": """<script>fetch('{0}', {{mode: 'no-cors'}}).then(() => {{
        const s = document.createElement('script'); s.src = '{0}';
        document.body.appendChild(s); s.remove() }})</script>""",
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_the_tag_works_however_it_comes_onto_the_page(
    visitor: BrowserContext, strangers: Strangers, tag: str, way: str
):
    card = Card(visitor.new_page())
    head = WAYS_IN[way].format(tag.split('"')[1])
    page = f"<!doctype html><html lang=en><head><title>A shop</title>{head}</head><body><h1>A shop</h1></body></html>"
    card.page.goto(f"http://{LISTED}:{strangers.port}{strangers.serve('/way', page)}")
    card.open()

    assert card.page.locator("[data-pickup]").count() == 1
    assert card.page.evaluate("() => document.querySelector('[data-pickup]').parentNode.nodeName") == "HTML"
    nothing_went_wrong(card)


# What pages have done to everybody's objects.
HOSTILE_SCRIPTS = {
    "Prototype 1.6": """
        Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };
        String.prototype.toJSON = function () { return '"' + this + '"'; };
        Array.prototype.each = function (f) { for (var i = 0; i < this.length; i++) f(this[i]); };
        Array.prototype.toArray = Array.prototype.clone = function () { return [].concat(this); };
        window.$ = function (id) { return document.getElementById(id); };""",
    "MooTools 1.2": """
        Function.prototype.bind = function (options) { var self = this; return function () {
          return self.apply(options.bind || null, arguments); }; };
        Array.prototype.extend = function () { return this; }; Function.prototype.pass = function () { return this; };
        Array.from = function (item) { return [item]; };""",
    "enumerable names on every object": """
        Object.prototype.foo = function () { throw new Error('foo'); }; Object.prototype.ready = 'ready';
        Object.prototype.answered = [1]; 
        Array.prototype.last = function () { return this[this.length - 1]; };""",
    "a clock that lies and a poor random": """
        Math.random = function () { return 0.5; }; Date.now = function () { return 0; };""",
    "elements with our names": """
        document.write('<form id=PolyphoneAPI></form><p id=frame></p><p id=settings></p>');""",
    "a base address": "document.write('<base href=https://elsewhere.example/deep/ target=_top>');",
    "shadow trees that throw": """
        Element.prototype.attachShadow = function () { throw new Error('not here'); };""",
    "nothing to observe with": """
        var Kept = MutationObserver; window.MutationObserver = undefined;
        addEventListener('load', function () { window.MutationObserver = Kept; });""",
    "an observer that throws": """
        var Kept = MutationObserver; window.MutationObserver = function () { throw new Error('no'); };
        addEventListener('load', function () { window.MutationObserver = Kept; });""",
    "no media queries": "window.matchMedia = undefined;",
    "media queries of a polyfill": """
        window.matchMedia = function (media) {
          return { media: media, matches: false, addListener: function () {} }; };""",
    "elements that do not say where they are": """
        Element.prototype.getBoundingClientRect = function () { throw new Error('no'); };
        document.elementFromPoint = undefined; Element.prototype.closest = undefined;""",
    "beacons and storage that throw": """
        navigator.sendBeacon = function () { throw new Error('no'); };
        Storage.prototype.setItem = function () { throw new Error('full'); };""",
    "frozen prototypes": """
        Object.freeze(Object.prototype); Object.freeze(Array.prototype); Object.freeze(Error.prototype);""",
    "timers and listeners in zones": """
        var later = window.setTimeout;
        window.setTimeout = function (run, ms) { return later(function () { run(); }, ms); };
        var add = EventTarget.prototype.addEventListener;
        EventTarget.prototype.addEventListener = function (name, run, how) {
          return add.call(this || window, name, function (event) { return run.call(this, event); }, how); };""",
    "an own Promise": """
        var Native = Promise;
        window.Promise = function (run) { return new Native(run); };
        Promise.resolve = function (v) { return Native.resolve(v); };
        Promise.reject = function (v) { return Native.reject(v); };
        Promise.race = function (v) { return Native.race(v); };""",
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE_SCRIPTS)
def test_what_other_scripts_did_to_the_page_does_not_reach_a_call(
    visitor: BrowserContext, strangers: Strangers, tag: str, what: str
):
    card = Card(visitor.new_page())
    card.page.goto(strangers.put("/bent", f"<script>{HOSTILE_SCRIPTS[what]}</script>{tag}", host=LISTED))
    card.page.evaluate(
        """() => { window.heard = []; for (const name of ['Ready', 'Connecting', 'Answered', 'InfoSent', 'Ended'])
            PolyphoneAPI['on' + name]((...given) => heard.push(name)); }"""
    )
    card.open().press("start")
    card.expect_state("in-call")
    sent = card.page.evaluate(
        "() => PolyphoneAPI.sendInfo('cart', { items: 2, name: 'bell' }).then(() => 'sent', (e) => e.code)"
    )
    assert sent == "sent"
    card.page.evaluate("() => PolyphoneAPI.endCall()")
    card.expect_state("ended")

    heard = card.page.evaluate(
        "() => { const all = []; for (let i = 0; i < heard.length; i++) all[i] = heard[i]; return all.join(' '); }"
    )
    assert heard == "Ready Connecting Answered InfoSent Ended"
    card.page.evaluate("() => PolyphoneAPI.destroy()")
    assert card.page.locator("[data-pickup]").count() == 0
    assert card.errors == []


HOSTILE_STYLES = """<style>
iframe { display: none !important; pointer-events: none !important; width: 1px !important }
* { transition: all 9s !important; animation: none !important; pointer-events: none }
html { overflow: hidden; zoom: 1; perspective: none } html > div { display: none } html > * { visibility: hidden }
body { overflow: hidden; position: fixed; inset: 0 }
</style>"""


def test_styles_for_every_frame_and_every_child_of_the_root_do_not_hide_the_card(
    visitor: BrowserContext, strangers: Strangers, tag: str
):
    card = Card(visitor.new_page())
    card.page.set_viewport_size({"width": 1280, "height": 720})
    card.page.goto(strangers.put("/styles", HOSTILE_STYLES + tag, host=LISTED))
    card.open().press("start")
    card.expect_state("in-call")

    assert card.page.locator("iframe").bounding_box()["width"] == 360
    card.press("end")
    card.expect_state("ended")
