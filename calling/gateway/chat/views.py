"""The messaging API over HTTP: an access token for a connector token, a session for an access token.

A refusal is said twice: in the words that clients of the documented API compare, and with our own code.
"""

import uuid
from typing import Any

import structlog
from django.http import HttpRequest
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from calling.gateway import calls
from calling.lines import messaging
from calling.record.store import chats
from widgets.admission import absence, access_tokens, apps, consent, cors, credentials, limits, refused_hosts
from widgets.admission.access import Admission
from widgets.admission.access_tokens import Holder
from widgets.admission.apps import AppClaims
from widgets.admission.credentials import GrantClaims
from widgets.refusals import CODES, Refused

log = structlog.get_logger(__name__)

BODY_MOST = 8 * 1024
TEXT_CHARS = 200
# In the words of the documented API.
HEADERS = "Missing authentication headers"
CONNECTOR = "Failed to validate connector"
AGENT = "Unable to get agent details from connector service"
SESSION = "Error creating session"
PARSING = "Error parsing request"


class Problem(serializers.Serializer):
    message = serializers.CharField(help_text="In the words of the documented API.")
    error = serializers.CharField(help_text="The same.")
    code = serializers.CharField(help_text="Our own code, as docs/errors.md has it.")
    detail = serializers.CharField(help_text="What the code means.")


class AccessTokenGiven(serializers.Serializer):
    access_token = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    token_type = serializers.ChoiceField(["Bearer"])


class SessionWanted(serializers.Serializer):
    streaming_enabled = serializers.BooleanField(default=False, help_text="Answers come in chunks.")
    platform = serializers.ChoiceField(messaging.PLATFORMS, default="web")
    device_type = serializers.ChoiceField(messaging.DEVICES, default="", allow_blank=True)
    consent = serializers.CharField(
        max_length=TEXT_CHARS,
        default="",
        allow_blank=True,
        help_text="The digest of the wording that the visitor agreed to, where the widget asks for consent.",
    )
    language = serializers.CharField(
        max_length=16,
        default="",
        allow_blank=True,
        help_text="That of the client: of the wording, and to be greeted in.",
    )


class SessionGiven(serializers.Serializer):
    session_id = serializers.UUIDField()


class RatingGiven(serializers.Serializer):
    session_id = serializers.CharField(max_length=36)
    stars = serializers.IntegerField(min_value=1, max_value=5)
    comment = serializers.CharField(max_length=1000, default="", allow_blank=True)


class View(APIView):
    """What both share: one method, small bodies, refusals in two sets of words."""

    http_method_names = ["post"]
    body_most = BODY_MOST
    limit = ""

    def post(self, request: Request) -> Response:
        address = limits.client_ip(request)
        try:
            limits.check_address(self.limit, address)
            with absence.told():
                return _unkept(Response(self.answer(request, address)))
        except Refused as refused:
            refused_hosts.note(refused, address)
            log.info("messaging request refused", endpoint=self.limit, code=refused.code, detail=refused.detail)
            return self.refusal(refused)

    def answer(self, request: Request, address: str) -> dict[str, Any]:
        raise NotImplementedError

    def words(self, refused: Refused) -> tuple[int, str]:
        """Status and words of the documented API."""
        raise NotImplementedError

    @staticmethod
    def told(code: str, words: str = "") -> dict[str, Any]:
        """The body of a refusal; without words of the documented API for this request, those that hold anywhere."""
        words = words or messaging.WORDS.get(code, CODES[code].message)
        return {"message": words, "error": words, "code": code, "detail": CODES[code].message}

    def refusal(self, refused: Refused) -> Response:
        status, words = self.words(refused)
        body = self.told(refused.code, words) | getattr(refused, "beside", {})
        response = _unkept(Response(body, status))
        if refused.code == "RATE_LIMITED":
            response["Retry-After"] = str(limits.WINDOW_S)
        return response

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, exceptions.MethodNotAllowed):
            response = self.refusal(Refused("INVALID_MESSAGE", "method"))
            response.status_code, response["Allow"] = exc.status_code, ", ".join(self.allowed_methods)
            return response
        if isinstance(exc, exceptions.APIException) or isinstance(
            exc, RecursionError
        ):  # of a body that is nested too deep
            return self.refusal(Refused("INVALID_MESSAGE", type(exc).__name__))
        return super().handle_exception(exc)


class AccessToken(View):
    limit = "access-token"

    @extend_schema(
        summary="An access token",
        description="For one user's chats on one device. It is good for a day.",
        parameters=[
            OpenApiParameter("X-Token", str, OpenApiParameter.HEADER, required=True, description="The app token."),
            OpenApiParameter(
                "X-Host", str, OpenApiParameter.HEADER, required=True, description="A listed app's id, or listed site."
            ),
        ],
        request=None,
        responses={200: AccessTokenGiven, 401: Problem, 403: Problem, 429: Problem, 503: Problem},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)

    def answer(self, request: Request, address: str) -> dict[str, Any]:
        holder = Holder(access_tokens.new_user(), _claims(request))
        _let_read(request._request, holder, holder.admission)
        return {"access_token": access_tokens.make(holder), "expires_in": access_tokens.LIFE_S, "token_type": "Bearer"}

    def words(self, refused: Refused) -> tuple[int, str]:
        match refused.code:
            case "UNAUTHORIZED" if refused.detail == "headers":
                return 401, HEADERS
            case "UNAUTHORIZED" | "HOST_NOT_ALLOWED" | "WRONG_KIND" | "GRANT_INVALID" | "GRANT_EXPIRED":
                return 401, CONNECTOR
            case "WIDGET_OFF" | "NOT_PUBLISHED" | "NO_VERSION" | "OUT_OF_HOURS":
                return 403, AGENT
        return refused.status, CONNECTOR


class OfToken(View):
    """What whoever holds an access token asks for."""

    def words(self, refused: Refused) -> tuple[int, str]:
        match refused.code:
            case "UNAUTHORIZED" if refused.detail == "headers":
                return 400, HEADERS
            case "UNAUTHORIZED" | "HOST_NOT_ALLOWED" | "TOKEN_INVALID":
                return 401, CONNECTOR
            case "INVALID_MESSAGE" | "INVALID_ARGUMENT":
                return 400, PARSING
        return refused.status, SESSION


class Sessions(OfToken):
    limit = "session"

    @extend_schema(
        summary="A session",
        description="One chat. Its socket is at /ws. Where consent is asked, 403 brings the wording to show.",
        request=SessionWanted,
        responses={200: SessionGiven, 400: Problem, 401: Problem, 403: Problem, 429: Problem, 503: Problem},
        auth=[{"accessToken": []}],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)

    def answer(self, request: Request, address: str) -> dict[str, Any]:
        if calls.here().draining:
            raise Refused("SHUTTING_DOWN")
        holder = access_tokens.bearer(request.headers.get("Authorization"))
        wanted = SessionWanted(data=_object(request.data))
        if not wanted.is_valid():
            raise Refused("INVALID_ARGUMENT", ", ".join(sorted(wanted.errors)))
        admitted = holder.admission
        _let_read(request._request, holder, admitted)
        limits.draw(limits.of_widget("session", admitted.widget.pk))  # `View` has drawn on the address's own
        asked = wanted.validated_data
        session = chats.begin(
            holder,
            admitted,
            platform=asked["platform"],
            device=asked["device_type"],
            streams=asked["streaming_enabled"],
            agreed=_agreed(admitted, asked["consent"], asked["language"]),
            language=asked["language"],
            address=address,
        )
        return {"session_id": session}


class Rating(OfToken):
    limit = "rating"

    @extend_schema(
        summary="A rating",
        description="The stars of whoever held a chat that is over; once, and where the widget asks for them.",
        request=RatingGiven,
        responses={200: RatingGiven, 400: Problem, 401: Problem, 409: Problem, 429: Problem, 503: Problem},
        auth=[{"accessToken": []}],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)

    def answer(self, request: Request, address: str) -> dict[str, Any]:
        holder = access_tokens.bearer(request.headers.get("Authorization"))
        given = RatingGiven(data=_object(request.data))
        if not given.is_valid():
            raise Refused("INVALID_ARGUMENT", ", ".join(sorted(given.errors)))
        stars, comment = given.validated_data["stars"], messaging.storable(given.validated_data["comment"])
        origin = request.headers.get("Origin")
        if chats.rate(given.validated_data["session_id"], holder, stars, comment, origin) and origin is not None:
            cors.let_read(request._request, origin)
        return {"session_id": given.validated_data["session_id"], "stars": stars, "comment": comment}


class Description(SpectacularAPIView):
    """The OpenAPI document of what is above."""

    renderer_classes = [OpenApiJsonRenderer]
    urlconf = "calling.gateway.chat.described"


def _agreed(admitted: Admission, digest: str, language: str) -> uuid.UUID | None:
    """A record of the visitor's yes, where the widget asks for one. A refusal brings the wording to be shown."""
    wording = consent.shown_to(admitted, language)
    if wording is None:
        return None
    if not digest:
        refused = Refused("CONSENT_REQUIRED")
        refused.beside = {"consent": wording.shown()}
        raise refused
    return consent.record(admitted, digest, language).pk


def _claims(request: Request) -> AppClaims | GrantClaims:
    """What a client admits itself with: our own card with the grant of its page, others with the headers of an app."""
    grant = request.headers.get("Authorization")
    if grant is None:
        return apps.admit(request.headers.get("X-Token"), request.headers.get("X-Host"))
    scheme, _space, given = grant.partition(" ")
    return credentials.read_grant(given.strip() if scheme.lower() == "bearer" else "")


def _let_read(request: HttpRequest, holder: Holder, admitted: Admission) -> None:
    """A page on the widget's list may read the answer; one that is not on it gets none."""
    origin = request.headers.get("Origin")
    if holder.check_origin(admitted.widget, origin) and origin is not None:
        cors.let_read(request, origin)


def _object(data: Any) -> dict[str, Any]:
    if data in (None, ""):
        return {}
    if not isinstance(data, dict):
        raise Refused("INVALID_MESSAGE", "not an object")
    # Many clients write null for what they leave out.
    return {name: value for name, value in data.items() if value is not None}


def _unkept(response: Response) -> Response:
    response["Cache-Control"] = "no-store"
    return response
