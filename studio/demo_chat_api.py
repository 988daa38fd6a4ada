"""What the demo site's page of the chat's API tells of commands and events; tests compare it with types and loader."""

from studio.demo_api import Argument, Command, Event

_WRONG = "What is no flat object of texts, numbers, yes or no is thrown back at once, as a TypeError."


def _command(name: str, takes: str, gives: str, does: str, result: str = "Nothing.", **more: object) -> Command:
    more.setdefault("example", f"WebchatAPI.{name}()")
    return Command(name.split("<")[0], f"{name}({takes}): {gives}", does, result, **more)  # type: ignore[arg-type]


COMMANDS = [
    _command("openWidget", "", "void", "Opens the card. A Phone’s card that stands open is put away."),
    _command("closeWidget", "", "void", "Puts the card away. The chat goes on."),
    _command(
        *("getConfig", "", "WebchatConfig", "Tells what the widget is called and looks like."),
        "An object with code, name, theme, side and label, at once.",
    ),
    _command(
        *("isFullscreen", "", "boolean", "Says whether the open card fills the window, as on a phone."),
        "true or false, at once.",
    ),
    _command(
        *("identifyUser", "user: WebchatData", "void"),
        "Tells who writes, as the page knows it. The agent’s texts name it ${page.user_name}.",
        refuses=_WRONG,
        example="WebchatAPI.identifyUser(user)",
        arguments=(Argument("user", '{"name": "Ada Finch", "member": true}'),),
    ),
    _command(
        *("setContext", "data: WebchatData", "void"),
        "Tells what the page knows besides, such as ${page.cart}. It replaces what was told before.",
        refuses=_WRONG,
        example="WebchatAPI.setContext(data)",
        arguments=(Argument("data", '{"cart": "Quay 7", "price": 849}'),),
    ),
    _command(
        *("onContextRequired", "handler: (about: WebchatContext) => string | Promise<string>", "void"),
        "Registers the one function that gives a chat the token which your server has signed for it. "
        "This one gives what you write here, so the chat stays unverified.",
        example="WebchatAPI.onContextRequired(async (about) => (await fetch('/token?for=' + about.contextId)).text())",
        arguments=(Argument("token", "", "text"),),
    ),
    _command("refreshVerifiedContext", "", "void", "Asks that function again, in a chat that is running."),
    _command("showIcon", "", "void", "Shows the button again."),
    _command("hideIcon", "", "void", "Takes the button away. A card that is open stays."),
    _command(
        *("animateIcon", "animation: WebchatAnimation", "void", "Moves the button, once."),
        example="WebchatAPI.animateIcon(animation)",
        arguments=(Argument("animation", '{"type": "bounce", "durationMs": 1000}'),),
    ),
    _command(
        *("showBubble", "bubble: WebchatBubble", "void", "Shows words beside the button. A press opens the card."),
        example="WebchatAPI.showBubble(bubble)",
        arguments=(Argument("bubble", '{"text": "Questions about the Quay 7?", "durationMs": 8000}'),),
    ),
    _command("hideBubble", "", "void", "Takes them away."),
    _command(
        *("off<K extends keyof WebchatEvents>", "name: K, handler: WebchatEvents[K]", "void"),
        "Takes a handler off. The name is that of the event without “on”.",
        example="WebchatAPI.onOpen(handler);\nWebchatAPI.off('open', handler)",
    ),
    _command(
        *("endSession", "", "Promise<null>", "Ends the chat. Without one it does nothing."),
        "A promise of null.",
        example="await WebchatAPI.endSession()",
    ),
    _command(
        *("destroy", "", "Promise<void>"),
        "Takes button, card, handlers and WebchatAPI off the page. The chat is kept ten minutes, for the next page.",
        "A promise of undefined. Afterwards this page has to be loaded again.",
        example="await WebchatAPI.destroy()",
    ),
]

EVENTS = [
    Event("onReady", "()", "The API can be used; also when registered later."),
    Event("onOpen", "()", "The card is open."),
    Event("onClosed", "()", "The card is put away."),
    Event("onMessageSent", "(message: WebchatMessage)", "The server has what the visitor wrote."),
    Event("onMessageReceived", "(message: WebchatMessage)", "An answer is complete."),
    Event("onSessionEnded", "(end: WebchatEnd)", "The chat is over, and why."),
]
