"""Why a call ended or failed, in an admin's words. Visitors read others: static/widget/frame/strings.js.

Every code of widgets/refusals.py has its sentence; a test compares them.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ENDINGS = {
    "agent_ended": gettext_lazy("The agent ended the call"),
    "visitor_ended": gettext_lazy("The visitor hung up"),
    "silence": gettext_lazy("Ended after a long silence"),
    "time_limit": gettext_lazy("Ended at the longest time for a call"),
    "connection_lost": gettext_lazy("The connection was lost"),
    "shutdown": gettext_lazy("The server was stopped during the call"),
    "failed": gettext_lazy("The call failed"),
}

WRITTEN_ENDINGS = {
    "agent_ended": gettext_lazy("The agent ended the chat"),
    "visitor_ended": gettext_lazy("The visitor ended the chat"),
    "silence": gettext_lazy("Nobody wrote for ten minutes"),
    "failed": gettext_lazy("The chat failed"),
}

CODES = {
    # Found by the server, or by both
    "UNAUTHORIZED": gettext_lazy("The page showed no valid credential."),
    "FORBIDDEN": gettext_lazy("The page asked for something that is not allowed."),
    "INVALID_ARGUMENT": gettext_lazy("The visitor's browser sent an offer that cannot be used."),
    "INVALID_MESSAGE": gettext_lazy("The visitor's browser sent something that cannot be read."),
    "HANDLER_ERROR": gettext_lazy("The server made a mistake. Its log says more."),
    "MEDIA_BRIDGE_FAILURE": gettext_lazy("The sound connection could not be made. Check the firewall and TURN."),
    "AGENT_FAILURE": gettext_lazy("The agent broke down. The server's log names the engine."),
    "UNKNOWN_WIDGET": gettext_lazy("The page carries the code of a widget that does not exist."),
    "NOT_PUBLISHED": gettext_lazy("The widget was not published yet."),
    "WIDGET_OFF": gettext_lazy("The widget was switched off."),
    "NO_VERSION": gettext_lazy("No version of the agent ran in the widget's environment."),
    "OUT_OF_HOURS": gettext_lazy("It was outside the widget's opening hours."),
    "HOST_NOT_ALLOWED": gettext_lazy("The site is not on the widget's list of domains."),
    "ORIGIN_NOT_ALLOWED": gettext_lazy("The request came from a page that is not ours."),
    "GRANT_INVALID": gettext_lazy("The page's permission was not one of ours."),
    "GRANT_EXPIRED": gettext_lazy("The page had been open for more than a day."),
    "TICKET_INVALID": gettext_lazy("The permission to call had expired."),
    "TICKET_SPENT": gettext_lazy("The permission to call had been used already."),
    "CONSENT_REQUIRED": gettext_lazy("The visitor had not agreed to the disclaimer."),
    "CONSENT_INVALID": gettext_lazy("The visitor had agreed to an older disclaimer."),
    "RATE_LIMITED": gettext_lazy("Too many requests came from the visitor's network."),
    "FULL": gettext_lazy("All lines were busy."),
    "TOO_LARGE": gettext_lazy("The visitor's browser sent a message that is too large."),
    "TOO_SLOW": gettext_lazy("A request took too long to arrive: a very weak network."),
    "NO_AUDIO": gettext_lazy("The visitor's browser offered no sound that can be used."),
    "CALL_EXISTS": gettext_lazy("The page tried to start a second call."),
    "CALL_ELSEWHERE": gettext_lazy("The visitor had a call in another tab."),
    "SESSION_GONE": gettext_lazy("The call was over already."),
    "RESUME_INVALID": gettext_lazy("The page could not prove that the call was its own."),
    "CONNECT_TIMEOUT": gettext_lazy("The sound connection did not come up within 30 seconds."),
    "NO_UDP": gettext_lazy(
        "No sound packet of the visitor reached the server: a firewall lets no UDP through. TURN helps."
    ),
    "HIGH_LOSS": gettext_lazy("Too much of the visitor's sound was lost on the way: a weak or overloaded network."),
    "LINK_ENDED": gettext_lazy("The link to the call page had ended."),
    "SHUTTING_DOWN": gettext_lazy("The server was about to restart."),
    "UNAVAILABLE": gettext_lazy("The server's database did not answer."),
    "WRONG_KIND": gettext_lazy("The widget was used for what it is not made for."),
    "TOKEN_INVALID": gettext_lazy("The app showed no valid access token."),
    "UNKNOWN_SESSION": gettext_lazy("The app asked for a chat that is over."),
    "MESSAGE_CHANGED": gettext_lazy("The app sent a message again with other words."),
    "CHAT_FULL": gettext_lazy("The chat was too long to go on."),
    "RATING_INVALID": gettext_lazy("A rating came too late."),
    "RATING_GIVEN": gettext_lazy("The call had been rated already."),
    # Found by the page
    "MICROPHONE_DENIED": gettext_lazy("The visitor's browser refused the microphone."),
    "MICROPHONE_DISMISSED": gettext_lazy("The visitor closed the browser's question about the microphone."),
    "MICROPHONE_POLICY": gettext_lazy(
        "Your site forbids embedded pages the microphone. Add our address to its Permissions-Policy."
    ),
    "MICROPHONE_APP": gettext_lazy("The visitor's app opened no microphone for the page."),
    "MICROPHONE_MISSING": gettext_lazy("The visitor's browser gives pages no microphone: a setting or an extension."),
    "MICROPHONE_NONE": gettext_lazy("The visitor has no microphone."),
    "MICROPHONE_BUSY": gettext_lazy("Another program held the visitor's microphone."),
    "MICROPHONE_FAILED": gettext_lazy("The visitor's browser could not open the microphone."),
    "BROWSER_FAILED": gettext_lazy("The visitor's browser refused something that a call needs."),
    "SOCKET_BLOCKED": gettext_lazy("A proxy or firewall between the visitor and the server let no WebSocket through."),
    "NETWORK": gettext_lazy("The visitor's network broke off."),
    "ICE_FAILED": gettext_lazy("Browser and server found no way for the sound. TURN helps behind strict firewalls."),
    "CANCELLED": gettext_lazy("The visitor took the call back before it was answered."),
    "CALL_ENDED": gettext_lazy("The page asked for something after the call was over."),
    "NO_CALL": gettext_lazy("The page asked for something without a call."),
    "NOT_CONNECTED": gettext_lazy("The page started a call before it was connected."),
    "FRAME_BLOCKED": gettext_lazy("Your site's own policy forbids the call window. Add our address to its frame-src."),
    "FRAME_UNREACHABLE": gettext_lazy("The call window did not load on the site, or the site took it away."),
    "INSECURE_PAGE": gettext_lazy("The site is not https, so browsers open no microphone."),
    "UNSUPPORTED_BROWSER": gettext_lazy("The visitor's browser is too old for calls."),
}

# What kept a call from beginning, short enough for a list. Whatever is not here had no connection.
TITLES = {
    "FULL": gettext_lazy("All lines busy"),
    "NO_VERSION": gettext_lazy("Nobody there to answer"),
    "MICROPHONE_DENIED": gettext_lazy("Microphone refused"),
    "MICROPHONE_DISMISSED": gettext_lazy("Microphone not allowed"),
    "MICROPHONE_POLICY": gettext_lazy("Microphone forbidden by your site"),
    "MICROPHONE_APP": gettext_lazy("No microphone inside an app"),
    "MICROPHONE_MISSING": gettext_lazy("No microphone in the browser"),
    "MICROPHONE_NONE": gettext_lazy("No microphone found"),
    "MICROPHONE_BUSY": gettext_lazy("Microphone in use"),
    "MICROPHONE_FAILED": gettext_lazy("Microphone did not open"),
    "FRAME_BLOCKED": gettext_lazy("Call window blocked by your site"),
    "FRAME_UNREACHABLE": gettext_lazy("Call window did not load"),
    "INSECURE_PAGE": gettext_lazy("Page without https"),
    "UNSUPPORTED_BROWSER": gettext_lazy("Browser too old"),
    "CANCELLED": gettext_lazy("Taken back"),
}
# What an owner can do about it, or that there is nothing to do.
ADVICE = {
    "FULL": gettext_lazy("If it happens often, allow more calls at the same time."),
    "NO_VERSION": gettext_lazy("Promote a version to the widget's environment."),
    "MICROPHONE_DENIED": gettext_lazy(
        "The card showed how to allow it. Say on your page beforehand what the call needs."
    ),
    "MICROPHONE_DISMISSED": gettext_lazy("Say on your page beforehand that the browser will ask for the microphone."),
    "MICROPHONE_POLICY": gettext_lazy("“Check my site” shows the line that your web team has to change."),
    "MICROPHONE_APP": gettext_lazy("The card said how to open your page in a browser."),
    "MICROPHONE_MISSING": gettext_lazy("Nothing is wrong with your site: another browser helps them."),
    "MICROPHONE_NONE": gettext_lazy("Nothing is wrong with your site: their device has none, or it was unplugged."),
    "MICROPHONE_BUSY": gettext_lazy("Nothing is wrong with your site: they have to close the other program."),
    "FRAME_BLOCKED": gettext_lazy("“Check my site” shows the line that your web team has to change."),
    "INSECURE_PAGE": gettext_lazy("Ask whoever hosts your site to send visitors to https."),
}

GOOD_PERCENT, FAIR_PERCENT = 2.0, 8.0


def ending(cause: str, *, written: bool = False) -> str:
    """Why it ended, short enough for a list."""
    return str((WRITTEN_ENDINGS if written else ENDINGS).get(cause, _("Ended")))


def reason(code: str) -> str:
    """What was behind it; nothing where the code is not known or there is none."""
    return str(CODES.get(code, ""))


def title(code: str) -> str:
    """What kept a call from beginning."""
    return str(TITLES.get(code, _("No connection")))


def advice(code: str) -> str:
    """What an owner can do about it; what was behind it, where there is nothing to do."""
    return str(ADVICE.get(code, "")) or reason(code)


def sound(numbers: dict[str, Any]) -> str:
    """The `sound` event of a conversation in a line: "Good, 0.3 % lost, 40 ms round trip"."""
    lost = float(numbers.get("lost_percent") or 0)
    if not numbers.get("received"):
        return _("Nothing was heard of the visitor")
    word = _("Good") if lost < GOOD_PERCENT else _("Fair") if lost < FAIR_PERCENT else _("Poor")
    parts = [word, _("%(percent)s %% lost") % {"percent": f"{lost:.1f}".removesuffix(".0")}]
    if numbers.get("round_trip_ms") is not None:
        parts.append(_("%(ms)d ms round trip") % {"ms": round(numbers["round_trip_ms"])})
    return ", ".join(parts)


_NOT_VOUCHED = {
    "too_large": gettext_lazy("it is too large"),
    "lives_too_long": gettext_lazy("it is good for more than 30 seconds"),
    "other_conversation": gettext_lazy("it was signed for another conversation"),
    "unreadable": gettext_lazy("it is not a token that can be read"),
    "unknown_key": gettext_lazy("its key is not one of this widget’s"),
    "expired": gettext_lazy("it came too late"),
    "not_yet": gettext_lazy("its clock is ahead"),
    "wrong_signature": gettext_lazy("the signature is not right"),
    "no_context": gettext_lazy("it holds no context"),
    "not_flat": gettext_lazy("its values are not plain"),
}


def not_vouched(why: str) -> str:
    """Why a signed context was not taken (widgets/admission/vouched.py), in an admin's words."""
    return str(_NOT_VOUCHED.get(why, why))
