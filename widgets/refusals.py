"""Every code with which server or page refuses something or reports a failure, in one table.

docs/errors.md has a row for each, calling/record/end_reasons.py an admin's words; tests compare them, and the scripts
of the page with this table. The first few are those of the documented gateway; the others are ours. The message is
for the developer of a page or an app: the card shows the visitor words of its own, chosen by code
(static/widget/frame/later/rare.js).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    status: int  # HTTP status where the answer is an HTTP one; 0: only a page says it, no server
    message: str
    reported: bool = False  # a page may say that this kept or broke its call: the server cannot always see it
    unreached: bool = False  # the tag may say that this kept the card from its page


CODES: dict[str, Code] = {
    # The documented gateway's
    "UNAUTHORIZED": Code(401, "No valid credential was given."),
    "FORBIDDEN": Code(403, "This is not allowed here."),
    "INVALID_ARGUMENT": Code(400, "A field has a value that cannot be used."),
    "INVALID_MESSAGE": Code(400, "The message is not JSON of a known type."),
    "HANDLER_ERROR": Code(500, "The server failed while it handled the message."),
    "MEDIA_BRIDGE_FAILURE": Code(502, "The sound connection could not be made.", reported=True),
    "AGENT_FAILURE": Code(502, "The agent could not go on."),
    # Ours: who may call
    "UNKNOWN_WIDGET": Code(404, "No widget has this code."),
    "NOT_PUBLISHED": Code(409, "The widget is not published yet."),
    "WIDGET_OFF": Code(403, "The widget is switched off."),
    "NO_VERSION": Code(409, "No version of the agent runs in the widget's environment."),
    "OUT_OF_HOURS": Code(403, "The widget takes calls in its opening hours only."),
    "LINK_ENDED": Code(410, "The call page or test link has ended, or was switched off."),
    "HOST_NOT_ALLOWED": Code(403, "This site is not on the widget's list of domains."),
    "ORIGIN_NOT_ALLOWED": Code(403, "Requests to this address come from our own pages only."),
    "GRANT_INVALID": Code(401, "The page's grant is not one of ours."),
    "GRANT_EXPIRED": Code(401, "The page's grant has expired; ask for a fresh one."),
    "TICKET_INVALID": Code(401, "The ticket is not one of ours, or has expired."),
    "TICKET_SPENT": Code(401, "The ticket has been used already."),
    "CONSENT_REQUIRED": Code(403, "The visitor has to consent before a call can start."),
    "CONSENT_INVALID": Code(403, "The consent does not belong to this widget's published text."),
    "RATE_LIMITED": Code(429, "Too many requests; try again in a minute."),
    "WRONG_KIND": Code(409, "This address is for widgets of the other kind."),
    # Ours: in writing
    "TOKEN_INVALID": Code(401, "The access token is not one of ours, or has expired."),
    "UNKNOWN_SESSION": Code(404, "There is no such chat, or it is over."),
    "MESSAGE_CHANGED": Code(409, "A message with this local id was kept with other words."),
    "CHAT_FULL": Code(409, "The chat is too long to go on."),
    # Ours: while a call is made or runs
    "FULL": Code(503, "All lines are busy.", reported=True),
    "TOO_LARGE": Code(413, "The message is too large."),
    "TOO_SLOW": Code(408, "The request took too long to arrive."),
    "NO_AUDIO": Code(400, "The offer has no audio that can be used."),
    "CALL_EXISTS": Code(409, "This session has a call already."),
    "CALL_ELSEWHERE": Code(409, "Another page holds this call."),
    "SESSION_GONE": Code(410, "The call is over."),
    "RESUME_INVALID": Code(401, "The resume token is not the one of this call."),
    "CONNECT_TIMEOUT": Code(504, "No sound connection came up in time.", reported=True),
    "NO_UDP": Code(504, "Not one sound packet of the browser reached the server.", reported=True),
    "HIGH_LOSS": Code(504, "Too much of the sound was lost on the way."),
    "SHUTTING_DOWN": Code(503, "The server is about to restart."),
    "UNAVAILABLE": Code(503, "No call can be taken for the moment: the server waits for its database."),
    # Ours: after a call
    "RATING_INVALID": Code(401, "The rating ticket is not one of ours, or has expired."),
    "RATING_GIVEN": Code(409, "This call has been rated already."),
    # The page's: what it finds out of its browser, and tells the server
    "MICROPHONE_DENIED": Code(0, "The browser refused the microphone.", reported=True),
    "MICROPHONE_DISMISSED": Code(0, "The browser's question about the microphone was closed.", reported=True),
    "MICROPHONE_POLICY": Code(0, "The site forbids embedded pages the microphone.", reported=True),
    "MICROPHONE_APP": Code(0, "The app around the page opens no microphone.", reported=True),
    "MICROPHONE_MISSING": Code(0, "The browser gives pages no microphone.", reported=True),
    "MICROPHONE_NONE": Code(0, "There is no microphone.", reported=True),
    "MICROPHONE_BUSY": Code(0, "Another program holds the microphone.", reported=True),
    "MICROPHONE_FAILED": Code(0, "The browser could not open the microphone.", reported=True),
    "BROWSER_FAILED": Code(0, "The browser refused something that a call needs.", reported=True),
    "ICE_FAILED": Code(0, "Browser and server found no way for the sound.", reported=True),
    "NETWORK": Code(0, "The server could not be reached, or went away.", reported=True),
    "SOCKET_BLOCKED": Code(0, "No WebSocket could be opened, though the server answers.", reported=True),
    # The tag's: what kept the card from its page
    "FRAME_BLOCKED": Code(0, "The site's policy forbids the card's frame.", unreached=True),
    "FRAME_UNREACHABLE": Code(0, "There is no card on the page.", unreached=True),
    "INSECURE_PAGE": Code(0, "Calls need a secure page (https).", unreached=True),
    "UNSUPPORTED_BROWSER": Code(0, "Calls need a newer browser.", unreached=True),
    # The page's: what it answers its own script
    "CANCELLED": Code(0, "The call was cancelled before it was answered."),
    "CALL_ENDED": Code(0, "The call has ended."),
    "NO_CALL": Code(0, "There is no call."),
    "NOT_CONNECTED": Code(0, "No line is open. Call connect() first, or use connectAndCall()."),
}

REPORTED = frozenset(code for code, row in CODES.items() if row.reported)
UNREACHED = frozenset(code for code, row in CODES.items() if row.unreached)


class Refused(Exception):
    """Somebody may not do this, or cannot now. `code` is a key of CODES; `detail` is for the log: no personal data."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.status = CODES[code].status
        self.message = CODES[code].message
        self.detail = detail
