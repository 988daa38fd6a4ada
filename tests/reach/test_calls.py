"""Launcher, card, consent and a whole call in the oldest Chromium that is promised, and in Firefox."""

from typing import Any

from tests.browser.site import Product, until
from tests.reach.conftest import PICTURES
from tests.reach.visitor import Visitor


def page(demo: dict[str, Any], *, consent: bool) -> str:
    return next(one["page"] for one in demo["widgets"] if one["consent"] is consent)


def test_the_launcher_stands_in_its_corner_and_the_card_opens(caller: Visitor, demo: dict[str, Any]):
    launcher = caller.begin(page(demo, consent=False)).launcher

    assert launcher["words"] == "Call us" and not launcher["closed"]
    assert [round(launcher[side]) for side in ("height", "right", "bottom")] == [60, 20, 20]
    caller.open()
    caller.browser.picture(PICTURES / f"{caller.browser.version.split()[0].replace('/', '-')}-start.png")
    assert caller.state() == "start"
    assert caller.lines() == []


def test_a_call_without_consent_carries_sound_both_ways_and_is_kept(
    caller: Visitor, demo: dict[str, Any], product: Product
):
    caller.begin(page(demo, consent=False)).open().press("start")
    caller.expect_state("in-call")
    caller.expect_sound()
    reference = caller.browser.run("return window.PolyphoneAPI.getCurrentSession().reference")
    caller.press("mute")
    assert caller.browser.run("return window.PolyphoneAPI.getCurrentSession().muted") is True
    caller.browser.picture(PICTURES / f"{caller.browser.version.split()[0].replace('/', '-')}-call.png")
    caller.press("end")
    caller.expect_state("ended")
    assert caller.reason() == "visitor_ended"

    def kept() -> str | None:
        return next((one["cause"] for one in product.conversations() if one["reference"] == reference), None)

    assert until(kept) == "visitor_ended"
    assert caller.lines() == []


def test_with_consent_the_call_starts_at_the_yes(caller: Visitor, demo: dict[str, Any]):
    caller.begin(page(demo, consent=True)).open()
    assert caller.state() == "consent"
    assert caller.browser.run("return window.__connection === undefined", card=True)
    caller.press("consent")
    caller.expect_state("in-call")
    caller.expect_sound()
    caller.press("end")
    caller.expect_state("ended")

    assert caller.lines() == []


def test_a_call_under_a_modal_dialog_of_the_page_can_be_muted_and_ended(caller: Visitor, demo: dict[str, Any]):
    caller.begin(page(demo, consent=False))
    caller.browser.run(
        "const d = document.body.appendChild(document.createElement('dialog')); d.textContent = 'Cookies?'; "
        "d.showModal(); PolyphoneAPI.connectAndCall().catch(() => {})"
    )
    caller.expect_state("start")
    press_where_it_is_seen(caller, "start")
    caller.expect_state("in-call")
    press_where_it_is_seen(caller, "mute")
    until(lambda: caller.browser.run("return window.PolyphoneAPI.getCurrentSession().muted"))
    press_where_it_is_seen(caller, "end")
    caller.expect_state("ended")


def press_where_it_is_seen(caller: Visitor, action: str) -> None:
    """Where the page says that the card gets the press: a driver may give it to the card without asking."""
    frame, button = "document.querySelector('iframe')", f"document.querySelector('[data-action={action}]')"
    middle = "return [r.left + r.width / 2, r.top + r.height / 2]"
    x, y = caller.browser.run(f"const r = {button}.getBoundingClientRect(); {middle}", card=True)
    at = f"const r = {frame}.getBoundingClientRect(); return document.elementFromPoint(r.left + {x}, r.top + {y})"
    until(lambda: caller.browser.run(f"{at} === {frame}"))
    caller.press(action)
