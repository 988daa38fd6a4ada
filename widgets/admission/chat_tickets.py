"""A ticket for a call that a chat goes on with: the chat's own token says whose it is."""

from django.http import HttpRequest

from widgets.admission import access, access_tokens, credentials, limits
from widgets.admission.endpoints import Answer, Body, endpoint
from widgets.models import Kind
from widgets.refusals import Refused

ID_CHARS = 36


@endpoint("ticket")
def ticket(request: HttpRequest, body: Body) -> Answer:
    """Consent was given to the chat: whether it still holds is asked when the call comes, with the chat at hand."""
    claims = credentials.read_grant(body.get("grant"))
    admitted = access.admission(claims)
    access.check_kind(admitted.widget, Kind.CHAT)
    if not admitted.shown.look.chat.talk:
        raise Refused("FORBIDDEN", "this chat is for writing")
    holder, chat = access_tokens.read(body.get("token")), body.get("session")
    if not isinstance(chat, str) or len(chat) != ID_CHARS:
        raise Refused("INVALID_ARGUMENT", "session")
    if holder.admission.widget.pk != admitted.widget.pk:
        raise Refused("TOKEN_INVALID", "of another widget")
    limits.draw(limits.of_widget("ticket", admitted.widget.pk))  # `endpoint` has drawn on the address's own
    access.check_room(admitted.widget, limits.client_ip(request))
    return {
        "ticket": credentials.make_ticket(claims, chat=chat, user=holder.user),
        "expiresIn": credentials.TICKET_S,
        "iceServers": access.ice_servers(admitted),
    }
