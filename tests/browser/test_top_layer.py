"""Button and card on pages that put something over everything: modal dialogs, full screen, popovers, `inert`.

Everything is pressed where it is seen, with the mouse, and by keyboard: what lies under a modal dialog looks the same
and does nothing.
"""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.card import Card
from tests.browser.site import Strangers

LISTED = "127.0.0.1"
PAGE = """<style>dialog::backdrop { background: #000c !important; backdrop-filter: blur(9px) }</style>
<dialog id=first><form method=dialog><input id=field><button id=close>Close</button></form></dialog>
<dialog id=second><button id=other>Other</button></dialog>
<div id=stage>Stage <button id=leave>Leave</button></div>
<div id=popover popover=manual style="inset: 0; width: 100vw; height: 100vh">All over</div>
<div id=wall hidden style="position: fixed; inset: 0; background: #fff; z-index: 2147483647" tabindex=-1>A wall</div>
<script>
  const host = document.body.appendChild(document.createElement('div'));
  host.attachShadow({ mode: 'open' }).innerHTML = '<dialog>Ours alone</dialog>';
  const hidden = host.shadowRoot.firstChild;
  const trap = (event) => { if (!wall.contains(event.target)) wall.focus(); };
  const others = () => [...document.body.children, ...document.documentElement.children].filter(
    (one) => !one.contains(wall) && one !== wall && one.nodeName !== 'HEAD');
</script>"""
# Where the button cannot be put within reach, so the card stays.
ALONE = {"a page that is inert", "a modal dialog in a shadow tree"}
# What a page does, and how it ends it.
COVERS = {
    "a modal dialog": ("first.showModal()", "first.close()"),
    "a modal dialog that is removed": ("first.showModal()", "first.remove()"),
    "two modal dialogs": ("first.showModal(); second.showModal()", "second.close(); first.close()"),
    "a modal dialog in a shadow tree": ("hidden.showModal()", "hidden.close()"),
    "full screen": ("return stage.requestFullscreen()", "return document.exitFullscreen()"),
    "a popover": ("popover.showPopover()", "popover.hidePopover()"),
    "a wall that keeps the focus": (
        "wall.hidden = false; document.addEventListener('focusin', trap); wall.focus()",
        "wall.hidden = true; document.removeEventListener('focusin', trap)",
    ),
    "a wall that silences all others": (
        "wall.hidden = false; others().forEach((one) => { one.inert = true; one.ariaHidden = 'true'; })",
        "wall.hidden = true; others().forEach((one) => { one.inert = false; one.ariaHidden = null; })",
    ),
    "a page that is inert": ("document.documentElement.inert = true", "document.documentElement.inert = false"),
}  # fmt: skip


@pytest.fixture
def shop(visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any]) -> Card:
    card = Card(visitor.new_page())
    card.page.set_viewport_size({"width": 1280, "height": 720})
    tag = f'<script src="{demo["widgets"][0]["script"]}"></script>'
    card.page.goto(strangers.put("/top", PAGE + tag, host=LISTED))
    return card


def do(card: Card, code: str) -> None:
    card.page.evaluate(f"() => {{ {code} }}")


def press_at(card: Card, what: Locator) -> None:
    """The mouse goes where it is drawn, and knows nothing of elements."""
    what.wait_for()
    box = what.bounding_box()
    card.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def control(card: Card, action: str) -> Locator:
    return card.frame.locator(f"[data-action={action}]:visible").first


def on_top(card: Card, selector: str) -> None:
    """Waits until a press there would reach it."""
    card.page.wait_for_function(
        """selector => {
          const one = document.querySelector(selector), { left, top, width, height } = one.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2) === one;
        }""",
        arg=selector,
    )


def muted(card: Card, yes: bool) -> None:
    expect(control(card, "mute")).to_have_text("Unmute" if yes else "Mute")


def test_a_call_that_a_modal_dialog_asked_for_can_be_muted_and_ended(shop: Card):
    do(shop, "first.showModal()")
    shop.page.locator("#field").click()  # a gesture, as a press on the page's own button is
    do(shop, "PolyphoneAPI.connectAndCall()")
    shop.expect_state("in-call")

    press_at(shop, control(shop, "mute"))
    muted(shop, True)
    control(shop, "mute").focus()
    shop.page.keyboard.press("Enter")
    muted(shop, False)
    press_at(shop, control(shop, "end"))
    shop.expect_state("ended")
    assert shop.errors == []


def test_while_a_page_loads_it_is_not_laid_out_for_us_and_then_the_button_comes_into_its_dialog(
    visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any]
):
    card = Card(visitor.new_page())
    card.page.add_init_script(
        """window.asked = [];
        const own = Document.prototype.elementFromPoint;
        Document.prototype.elementFromPoint = function (...at) {
          asked.push(document.readyState);
          return own.apply(this, at);
        };"""
    )
    tag = f'<script src="{demo["widgets"][0]["script"]}"></script>'
    card.page.goto(strangers.put("/calm", tag + "<p>Still coming</p>", host=LISTED))
    card.page.wait_for_function("() => asked.length")
    assert set(card.page.evaluate("() => asked")) == {"complete"}

    early = PAGE.replace("const host =", "first.showModal(); const host =", 1)
    card.page.goto(strangers.put("/early", early + tag, host=LISTED))
    card.page.wait_for_function("() => document.querySelector('#first [data-pickup=launcher]')")
    press_at(card, card.launcher)
    card.expect_state("start")


def test_the_page_s_dialog_gets_its_turn_when_the_card_is_put_away(shop: Card):
    do(shop, "first.showModal()")
    shop.page.locator("#field").click()
    do(shop, "PolyphoneAPI.connectAndCall()")
    shop.expect_state("in-call")
    on_top(shop, "iframe")

    shop.page.mouse.click(30, 30)  # beside the card: whoever presses there wants the page
    expect(shop.page.locator("iframe")).to_be_hidden()
    press_at(shop, shop.page.locator("#field"))
    shop.page.keyboard.type("7")
    assert shop.page.locator("#field").input_value() == "7"

    press_at(shop, shop.launcher)
    expect(shop.page.locator("iframe")).to_be_visible()
    press_at(shop, control(shop, "end"))
    shop.expect_state("ended")


@pytest.mark.parametrize("what", COVERS)
def test_whatever_comes_over_a_call_its_controls_stay_within_reach(shop: Card, what: str):
    put, take = COVERS[what]
    shop.open().press("start")
    shop.expect_state("in-call")
    shop.frame.evaluate("() => { window.same = true; }")

    do(shop, put)
    on_top(shop, "iframe")
    press_at(shop, control(shop, "mute"))
    muted(shop, True)
    control(shop, "mute").focus()
    shop.page.keyboard.press("Space")
    muted(shop, False)
    press_at(shop, control(shop, "minimise"))
    if what not in ALONE:
        expect(shop.page.locator("iframe")).to_be_hidden()
        on_top(shop, "[data-pickup=launcher]")
        press_at(shop, shop.launcher)
    on_top(shop, "iframe")

    do(shop, take)
    shop.page.wait_for_function("() => { leave.focus(); return document.activeElement === leave; }")  # not blocked
    on_top(shop, "iframe")
    on_top(shop, "[data-pickup=launcher]")
    assert shop.frame.evaluate("() => window.same") is True
    press_at(shop, control(shop, "end"))
    shop.expect_state("ended")
    assert shop.errors == []


@pytest.mark.parametrize("what", ["a modal dialog", "two modal dialogs", "full screen"])
def test_the_button_can_be_pressed_where_everything_else_cannot(shop: Card, what: str):
    put, take = COVERS[what]
    do(shop, put)
    on_top(shop, "[data-pickup=launcher]")
    press_at(shop, shop.launcher)
    shop.expect_state("start")
    press_at(shop, control(shop, "minimise"))
    expect(shop.page.locator("iframe")).to_be_hidden()

    do(shop, take)
    shop.page.wait_for_function("() => document.querySelector('html > [data-pickup]')")
    assert shop.errors == []


def test_a_press_on_the_button_is_none_on_the_dialog_around_it(shop: Card):
    """Pages close a dialog at a press beside its box: what they see is a press in it, outside of its rectangle."""
    do(shop, "first.showModal(); for (const name of ['pointerdown', 'mousedown', 'click']) "
             "first.addEventListener(name, () => first.close())")  # fmt: skip
    on_top(shop, "[data-pickup=launcher]")
    press_at(shop, shop.launcher)

    shop.expect_state("start")
    assert shop.page.evaluate("() => first.open") is True


def test_a_browser_without_top_layer_has_button_and_card_as_ever(
    visitor: BrowserContext, strangers: Strangers, demo: dict[str, Any]
):
    card = Card(visitor.new_page())
    card.page.add_init_script(
        """delete HTMLDialogElement.prototype.showModal; delete HTMLElement.prototype.showPopover;
        delete HTMLElement.prototype.popover;"""
    )
    tag = f'<script src="{demo["widgets"][0]["script"]}"></script>'
    card.page.goto(strangers.put("/old", "<div id=wall style='position: fixed; inset: 0'></div>" + tag, host=LISTED))
    card.open().press("start")
    card.expect_state("in-call")
    card.press("end")
    card.expect_state("ended")
    assert card.errors == []
