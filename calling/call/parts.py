"""What a session is put together from, and how long it waits for what. No Django."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from agents.engine.conversation import Answerer
from agents.engine.line import Info, Line, LineEvent
from agents.engine.notes import Notes
from calling.call import protocol
from calling.call.link import Connection


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call waits for what. A dead visitor's line is free after dead_s + rest_s and a tick: under 6 s."""

    first_message_s: float = 10.0  # from an accepted socket to its hello or offer
    offer_s: float = 60.0  # from there to the offer, without a line: the browser may be asking for the microphone
    open_s: float = 10.0  # from the offer until the call is written down; the database is given up before
    connect_s: float = 30.0  # from the offer to sound
    ping_s: float = 2.0
    dead_s: float = 3.0  # neither pong nor sound for so long: the line is dead
    rest_s: float = 2.5  # detached for so long: others may have the line
    gone_s: float = 30.0  # detached for so long: the call is over
    held_s: float = 1.0  # what the page that holds a call has to answer, before another one gets it
    goodbye_s: float = 3.0  # what an agent has to write its last turn down when the process goes …
    last_words_s: float = 15.0  # … and else, where the words are late
    hang_up_s: float = 5.0  # what the sound connection has to close
    tick_s: float = 0.2


class Socket(Protocol):
    """A visitor's socket as a session sees it: takes messages at once or gives up by itself."""

    def send(self, message: protocol.Outgoing) -> None: ...

    def close(self, code: int) -> None: ...


class Seat(Line, Protocol):
    """The permanent line that the agent talks to (calling/call/seat.py)."""

    outbound: Callable[[Info], None]

    def attach(self, line: Any) -> None: ...

    def detach(self, line: Any = None, unheard_s: float = 0.0) -> None: ...

    def report(self, event: LineEvent) -> None: ...


class Record(Notes, Protocol):
    """Where a call is written down (calling/record/store/notes.py). Nothing here waits."""

    def answered(self) -> None: ...


class Place(Protocol):
    """What the house has for one call (calling/gateway/place.py): a line, and rows that say that the call is."""

    @property
    def holds_line(self) -> bool: ...

    def take_line(self) -> None:
        """The call begins. Raises Refused."""
        ...

    async def open(self) -> None:
        """Return when the call is written down. Raises Refused."""
        ...

    def rest(self) -> None:
        """The visitor is away: others may have the line."""
        ...

    def resume(self) -> bool:
        """The visitor is back: whether there is a line for them."""
        ...


@dataclass(slots=True)
class Parts:
    """What a session is put together from. Each is made when its time comes."""

    connection: Callable[[], Connection]
    answerer: Callable[[], Awaitable[Answerer]]
    seat: Callable[[], Seat]
    record: Record
    place: Place
    rating: Callable[[], str] = lambda: ""  # a ticket for the visitor's rating, where one is wanted
    patience: Patience = field(default_factory=Patience)
    pings: bool = True  # whether the far end answers pings; a documented app does not, and is there while it sounds
