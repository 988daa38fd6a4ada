"""What a language model is to an agent: where it is asked, how long it may take, what it gives, and how it fails."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Code = Literal[
    "KEY_REFUSED",  # 401, 403
    "NOT_FOUND",  # 404: no such address, or no such model
    "NOT_UNDERSTOOD",  # 400 and its like: what was asked is not to its taste
    "TOO_MANY",  # 429
    "UNAVAILABLE",  # 5xx, or the service says so in the middle
    "UNREACHABLE",  # no connection, or one that broke before the answer
    "NOT_ALLOWED",  # the address is none that may be asked
    "TOO_SLOW",  # nothing came in time
    "CUT",  # it broke off in the middle
    "GARBAGE",  # not the wire that is documented
    "TOO_LARGE",  # more than anybody would say
]
Role = Literal["system", "user", "assistant", "tool"]


class ModelError(Exception):
    """Why a model gave no answer. `permanent`: asking again gives the same; `detail` is for a web team's eyes."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        permanent: bool = False,
        status: int = 0,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code: Code = code
        self.detail = detail
        self.permanent = permanent
        self.status = status
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a model may take, and how much it may say."""

    first_s: float = 2.5  # until the first word, with the second try
    between_s: float = 2.5  # from one piece to the next
    all_s: float = 25.0
    retry_wait_s: float = 1.0  # a service that asks for a longer wait is not asked again
    tokens: int = 400  # of an answer
    characters: int = 8_000  # of an answer, and
    arguments: int = 100_000  # of a tool's arguments


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str
    calls: "tuple[ToolCall, ...]" = ()  # of an assistant's message
    answers: str = ""  # the id of the call that a tool's message answers


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were read and written. `estimated`: the service did not say."""

    read: int = 0
    written: int = 0
    estimated: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.read + other.read, self.written + other.written, self.estimated or other.estimated)

    @property
    def all(self) -> int:
        return self.read + self.written


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    id: str
    name: str
    arguments: str  # JSON, as the model wrote it


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer. `reason` is the service's: "stop", "length", "tool_calls", "content_filter"."""

    reason: str
    usage: Usage


Delta = Words | ToolCall | Done


class Response(Protocol):
    """An answer with status 200."""

    content_type: str

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises ModelError where it breaks off."""
        ...


class Transport(Protocol):
    """The guarded way to one service, with its key, as far as a model needs it."""

    def post(self, path: str, body: bytes, *, within_s: float) -> AbstractAsyncContextManager[Response]:
        """Redirects are not followed: a key goes nowhere else. Raises ModelError."""
        ...

    async def close(self) -> None: ...


class Model(Protocol):
    """Whatever can go on with a conversation."""

    name: str

    def ask(
        self, messages: "list[Message]", *, tools: "list[dict[str, Any]] | None" = None, limits: Limits | None = None
    ) -> AsyncIterator[Delta]:
        """The answer as it is written; the last piece is Done. Raises ModelError, at any moment."""
        ...

    async def close(self) -> None:
        """The conversation is over."""
        ...
