"""The chats of this process: who listens, and who thinks."""

from calling.gateway import wiring
from calling.gateway.chat.answers import Answers, Made
from calling.gateway.chat.hub import Hub


class Chats:
    """One object a process. Tests make their own, with agents of their own."""

    def __init__(self, made: Made = wiring.text_agent) -> None:
        self.hub = Hub()
        self.answers = Answers(self.hub, made)


_chats: Chats | None = None


def here() -> Chats:
    global _chats
    if _chats is None:
        _chats = Chats()
    return _chats


def install(other: Chats | None) -> None:
    """Let this process use other ones: for tests."""
    global _chats
    _chats = other
