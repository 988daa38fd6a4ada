"""What the demo site's page of the API tells of each command and event; a test compares it with types and loader."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """A field of the page's for what a command is given."""

    name: str
    value: str
    kind: str = "json"  # or "text"


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    signature: str  # as in docs/polyphone-api.d.ts
    does: str
    gives: str
    refuses: str = ""
    example: str = ""
    arguments: tuple[Argument, ...] = ()

    @property
    def code(self) -> str:
        return self.example or f"await PolyphoneAPI.{self.name}()"


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    payload: str
    when: str

    @property
    def key(self) -> str:
        return self.name[2].lower() + self.name[3:]


_MICROPHONE = "NotAllowedError (MICROPHONE_DENIED and others), NetworkError, AbortError when somebody hangs up before"
_SESSION = "The session, once the agent answers."

COMMANDS = [
    Command(
        "isConnected",
        "isConnected(): boolean",
        "Says whether the line is open.",
        "true or false, at once.",
        example="PolyphoneAPI.isConnected()",
    ),
    Command(
        "getCurrentSession",
        "getCurrentSession(): PolyphoneSession | null",
        "Tells of the call that is going on.",
        "The session or null, at once.",
        example="PolyphoneAPI.getCurrentSession()",
    ),
    Command(
        "off",
        "off<Name extends keyof PolyphoneEvents>(name: Name, handler: PolyphoneEvents[Name]): void",
        "Takes a handler off. The name is that of the event without “on”.",
        "Nothing.",
        example="PolyphoneAPI.onMuted(handler);\nPolyphoneAPI.off('muted', handler)",
    ),
    Command(
        "connectAndCall",
        "connectAndCall(): Promise<PolyphoneSession>",
        "Opens the card and calls. Where consent is asked it waits for the visitor’s yes.",
        _SESSION,
        f"InvalidStateError (CALL_EXISTS, CALL_ELSEWHERE), {_MICROPHONE}.",
    ),
    Command(
        "connect",
        "connect(): Promise<null>",
        "Opens the line without a call, so that a call starts faster.",
        "null, once the line is registered.",
        "NetworkError.",
    ),
    Command(
        "startCall",
        "startCall(): Promise<PolyphoneSession>",
        "Calls on a line that is open.",
        _SESSION,
        f"InvalidStateError (NOT_CONNECTED, CALL_EXISTS), {_MICROPHONE}.",
    ),
    Command(
        "mute", "mute(): Promise<null>", "Mutes the visitor’s microphone.", "null.", "InvalidStateError (NO_CALL)."
    ),
    Command("unmute", "unmute(): Promise<null>", "And opens it again.", "null.", "InvalidStateError (NO_CALL)."),
    Command(
        "sendInfo",
        "sendInfo(text: string, data?: PolyphoneData): Promise<null>",
        "Tells the agent something of the page. It stands in the conversation, too.",
        "null.",
        "InvalidStateError (NO_CALL). What is no text, or no flat object, is a TypeError; over 8 KB a RangeError.",
        example="await PolyphoneAPI.sendInfo(text, data)",
        arguments=(Argument("text", "cart_opened", "text"), Argument("data", '{"items": 2, "bike": "Quay 7"}')),
    ),
    Command(
        "endCall",
        "endCall(): Promise<null>",
        "Hangs up.",
        "null.",
        "InvalidStateError (NO_CALL).",
    ),
    Command(
        "disconnect",
        "disconnect(): Promise<null>",
        "Ends a call, if there is one, and closes the line. Without either it does nothing.",
        "null.",
    ),
    Command(
        "destroy",
        "destroy(): Promise<void>",
        "Ends the call and takes button, card, handlers and PolyphoneAPI off the page.",
        "undefined. Afterwards this page has to be loaded again.",
    ),
]

_LINE, _TALK, _OVER = "()", "(session: PolyphoneSession)", "(session: PolyphoneSession | null, end: PolyphoneEnd)"

EVENTS = [
    Event("onReady", _LINE, "The API can be used; also when registered later."),
    Event("onConnecting", _LINE, "Somebody wants a line."),
    Event("onConnected", _LINE, "The line is open."),
    Event("onRegistered", _LINE, "The server knows this page."),
    Event("onCaptureAudio", "(capture: PolyphoneCapture)", "The microphone is open."),
    Event("onRinging", _TALK, "The call is being made."),
    Event("onAnswered", _TALK, "The agent is there."),
    Event("onTranscription", "(transcription: PolyphoneTranscription)", "Words of either side; they may still change."),
    Event("onMuted", _TALK, "The microphone is muted."),
    Event("onUnmuted", _TALK, "It is open again."),
    Event("onInfoSent", "(text: string, data: PolyphoneData)", "sendInfo has gone out."),
    Event("onInfoReceived", "(info: PolyphoneInfo)", "The agent tells the page something."),
    Event("onAudioEnded", _LINE, "The agent’s sound is over."),
    Event("onEnded", _OVER, "A call that was answered is over."),
    Event("onFailed", _OVER, "A call did not come up."),
    Event("onUnregistered", _LINE, "The server has forgotten this page."),
    Event("onDisconnected", _LINE, "The line is closed."),
    Event("onError", "(error: PolyphoneError)", "Something failed; the same code stands in docs/errors.md."),
]
