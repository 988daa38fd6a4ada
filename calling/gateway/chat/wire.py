"""The way out of one socket of a chat: in the order of the chat, nothing twice, nothing left out."""

from collections.abc import Callable, Iterable, Sequence

from calling.gateway.outgoing import Outgoing
from calling.lines import messaging
from calling.lines.messaging import Event

OUTGOING_FRAMES = 512  # that wait to be sent
UNANSWERED_BYTES = 8 * 1024 * 1024  # sent since the client last said anything: what a whole replay has, twice over
ENDED, TOO_SLOW = 1000, 4002  # documented clients do not come back after the first, and do after the second


class Wire(Outgoing):
    """`tell` and `send` never wait. `lacks` is called when something was told behind a gap."""

    frames_most, unread_most, too_slow = OUTGOING_FRAMES, UNANSWERED_BYTES, TOO_SLOW

    def __init__(self, lacks: Callable[[], None]) -> None:
        super().__init__()
        self._lacks = lacks
        self._ahead: dict[int, Event] = {}  # told before what comes before it
        self.told: int | None = None  # the newest of which all is told; None before the replay

    def replay(self, events: Sequence[Event], last: int, at: str) -> None:
        """What a client gets at once."""
        for frame in messaging.batches(events, at):
            self.send(frame)
        self.told = last
        self._go_on()

    def tell(self, events: Iterable[Event]) -> None:
        """What happened in the chat. What was told already is left out; what is ahead waits for the rest."""
        for event in events:
            if event.sequence is None:
                if self.told is not None:
                    self.send(event)
            elif self.told is None or event.sequence > self.told:
                self._ahead[event.sequence] = event
        self._go_on()

    def again(self, events: Iterable[Event]) -> None:
        """The answer to a client that asks again: what it was told, once more."""
        for event in events:
            if event.sequence is not None and self.told is not None and event.sequence <= self.told:
                self.send(event)

    def _go_on(self) -> None:
        if self.told is None:
            return
        while (event := self._ahead.pop(self.told + 1, None)) is not None:
            self.told += 1
            self.send(event)
            if event.type == "SESSION_END":
                self.close(ENDED)
        if self._ahead and not self.closed:
            self._ahead = {sequence: event for sequence, event in self._ahead.items() if sequence > self.told}
            if self._ahead:
                self._lacks()

    @property
    def lacking(self) -> bool:
        """Whether something waits behind a gap."""
        return bool(self._ahead)

    def send(self, event: Event) -> None:
        if not self.closed:
            self.put(messaging.dump(event))
