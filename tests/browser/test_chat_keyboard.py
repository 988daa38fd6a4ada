"""A chat by keyboard alone, and as a screen reader finds it: what has the focus, what Escape closes, what is said."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Frame, expect

from tests.browser.chat import ChatCard
from tests.browser.test_chat import QUESTION
from tests.browser.test_chat import codes as codes
from tests.browser.test_chat import put as put

FOCUSED = """() => {
  const on = document.activeElement;
  return on.dataset.action || on.getAttribute('aria-label') || (on === document.body ? 'nothing' : on.textContent);
}"""


def focused(frame: Frame) -> str:
    return frame.evaluate(FOCUSED)


def tab_to(card: ChatCard, wanted: str, key: str = "Tab") -> None:
    """On to it, step by step; whoever has to press more often than there are things to press has lost the way."""
    for _step in range(12):
        card.page.keyboard.press(key)
        if focused(card.frame) == wanted:
            return
    raise AssertionError(f"{wanted} is not reached")


def test_escape_closes_what_is_innermost_and_the_focus_goes_back_to_where_it_came_from(
    visitor: BrowserContext,
    codes: list[str],
    put: Callable[..., str],
):
    card = ChatCard(visitor.new_page())
    keys = card.page.keyboard
    card.page.goto(put("/chat-keys", codes[0]))
    card.launcher.focus()
    keys.press("Enter")
    expect(card.field).to_be_focused()
    frame, shown = card.frame, card.page.locator("iframe[allow^=autoplay]")

    # Half a word that is being composed is taken back by Escape, not the card.
    card.field.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, isComposing: true}))"
    )
    keys.type("half a th")
    keys.press("Escape")
    expect(shown).to_be_hidden()
    expect(card.launcher).to_be_focused()
    keys.press("Enter")
    expect(card.field).to_be_focused()
    expect(card.field).to_have_value("half a th")

    # The menu: Escape closes it alone; whoever tabs on leaves nothing standing open over the conversation.
    tab_to(card, "more", "Shift+Tab")
    keys.press("Enter")
    assert focused(frame) == "new"
    keys.press("Escape")
    expect(frame.locator(".menu")).to_have_count(0)
    assert focused(frame) == "more"
    expect(shown).to_be_visible()
    keys.press("Enter")
    tab_to(card, "Conversation")
    expect(frame.locator(".menu")).to_have_count(0)
    expect(frame.locator("[data-action=more]")).to_have_attribute("aria-expanded", "false")
    assert focused(frame) == "Conversation"
    assert card.errors == []


def test_a_chat_is_held_and_rated_by_keyboard_and_says_itself_to_a_screen_reader(
    visitor: BrowserContext,
    codes: list[str],
    put: Callable[..., str],
):
    card = ChatCard(visitor.new_page())
    keys = card.page.keyboard
    card.page.goto(put("/chat-reader", codes[0]))
    expect(card.launcher).to_have_attribute("aria-expanded", "false")
    card.launcher.focus()
    keys.press("Enter")
    expect(card.field).to_be_focused()
    expect(card.frame.locator("body")).to_match_aria_snapshot(
        """
        - dialog "Chat with Robin":
          - banner:
            - button "More"
            - button "Minimise"
          - log "Conversation":
            - heading "Robin"
            - paragraph: /Robin/
          - contentinfo:
            - textbox "Message"
            - button "Send" [disabled]
        """
    )

    keys.type(QUESTION)
    keys.press("Enter")
    card.expect_answers(1)
    aloud = card.frame.locator(".unseen[role=status]")
    expect(aloud).to_contain_text("nine")
    expect(card.frame.locator("[role=log]")).to_match_aria_snapshot(
        f"""
        - log "Conversation":
          - text: "You: {QUESTION}"
          - paragraph: /Robin/
          - paragraph: /nine/
        """
    )

    tab_to(card, "more", "Shift+Tab")
    keys.press("Enter")
    tab_to(card, "end")
    keys.press("Enter")
    card.frame.locator(".stars").wait_for()
    assert focused(card.frame) == "How was this chat?"
    expect(card.frame.locator("footer")).to_match_aria_snapshot(
        """
        - contentinfo:
          - heading "How was this chat?"
          - paragraph
          - group "How was this chat?":
            - radio "1 of 5"
            - radio "5 of 5"
          - button "Skip"
        """
    )
    tab_to(card, "1 of 5")
    keys.press("ArrowRight")
    assert focused(card.frame) == "2 of 5"
    tab_to(card, "Send")
    keys.press("Enter")
    expect(card.frame.locator("footer [role=status]").filter(has_text="Thank")).to_be_visible()
    assert focused(card.frame) == "new"
    keys.press("Enter")
    expect(card.field).to_be_focused()
    expect(aloud).not_to_contain_text("nine")  # of the chat that is over
    assert card.errors == []
