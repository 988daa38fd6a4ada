"""The visitor's hands: the launcher on the page, and the card in its frame, by the hooks that drivers have."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

PATIENCE_MS = 30_000  # for a machine that is busy; nothing asserts how long a thing took


class Card:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def launcher(self) -> Locator:
        return self.page.locator("[data-pickup=launcher] [data-action=open]")

    @property
    def frame(self) -> Frame:
        """The frame's document, once it has one."""
        self.page.locator("iframe[allow^=microphone]").wait_for(state="attached")
        self.page.wait_for_function("() => document.querySelector('iframe[allow^=microphone]').src")
        handle = self.page.locator("iframe[allow^=microphone]").element_handle()
        frame = handle.content_frame()
        frame.wait_for_selector("[data-state]", state="attached")
        return frame

    def open(self) -> "Card":
        self.launcher.click()
        self.expect_state()
        return self

    def press(self, action: str) -> None:
        self.frame.locator(f"[data-action={action}]:visible").first.click()

    def switch_captions(self) -> None:
        """They are behind More, which stays open until it is closed."""
        self.press("more")
        self.press("captions")
        self.press("more")

    @property
    def state(self) -> tuple[str, str]:
        card = self.frame.locator("[data-state]")
        return card.get_attribute("data-state"), card.get_attribute("data-reason")

    def expect_state(self, *states: str, reason: str | None = None) -> None:
        card = self.frame.locator("[data-state]")
        expect(card).to_be_visible(timeout=PATIENCE_MS)
        if states:
            wanted = ",".join(f'[data-state="{state}"]' for state in states)
            self.frame.locator(wanted).wait_for()
        if reason is not None:
            expect(card).to_have_attribute("data-reason", reason, timeout=PATIENCE_MS)

    def expect_turn(self, turn: str) -> None:
        self.frame.locator(f'[data-state="in-call"][data-turn="{turn}"]').wait_for()

    def hold_still(self) -> None:
        """What comes and goes has come, what moves for ever stands: something half seen has no contrast to measure."""
        self.frame.evaluate(
            """() => document.getAnimations().forEach((one) =>
              one.effect.getComputedTiming().endTime === Infinity ? one.pause() : one.finish())"""
        )

    def keep_events(self) -> None:
        """From now on the page notes the name of every event of the page API."""
        self.page.evaluate(
            """() => {
              const kept = window.__events = [];
              for (const name of Object.keys(window.PolyphoneAPI).filter((key) => /^on[A-Z]/.test(key)))
                window.PolyphoneAPI[name]((...args) => kept.push([name, JSON.parse(JSON.stringify(args))]));
            }"""
        )

    @property
    def events(self) -> list[list[Any]]:
        return self.page.evaluate("() => window.__events")

    def expect_event(self, name: str) -> None:
        self.page.wait_for_function("name => window.__events.some((e) => e[0] === name)", arg=name)

    def api(self, code: str) -> Any:
        return self.page.evaluate(f"() => {code}")

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
