"""The visitor's hands on a chat: its launcher on the page, and the card in its frame."""

from playwright.sync_api import Frame, Locator

from tests.browser.card import Card


class ChatCard(Card):
    @property
    def launcher(self) -> Locator:
        return self.page.locator("[data-pickup=chat] [data-action=open]")

    @property
    def frame(self) -> Frame:
        selector = "iframe[allow^=autoplay]"
        self.page.wait_for_function("selector => (document.querySelector(selector) || {}).src", arg=selector)
        frame = self.page.locator(selector).element_handle().content_frame()
        frame.wait_for_selector(".chat[data-state]", state="attached")
        return frame

    @property
    def field(self) -> Locator:
        return self.frame.locator(".composer textarea")

    def write(self, words: str) -> None:
        self.field.fill(words)
        self.field.press("Enter")

    @property
    def said(self) -> list[str]:
        """What stands in the conversation, whose and which words."""
        return self.frame.evaluate(
            """() => [...document.querySelectorAll('.log .hello .say, .log .turn .say')].map((one) =>
              (one.closest('.you') ? 'you: ' : 'agent: ') + one.innerText.trim())"""
        )

    def keep_events(self) -> None:
        self.page.evaluate(
            """() => {
              const kept = window.__events = [];
              for (const name of Object.keys(window.WebchatAPI).filter((key) => /^on[A-Z](?!ontext)/.test(key)))
                window.WebchatAPI[name]((...args) => { kept.push([name, JSON.parse(JSON.stringify(args))]); });
            }"""
        )

    def expect_answers(self, count: int) -> None:
        """So many answers are there, each whole."""
        self.frame.wait_for_function(
            "n => document.querySelectorAll('.turn.agent .say').length >= n && !document.querySelector('.log .stone')",
            arg=count,
        )
