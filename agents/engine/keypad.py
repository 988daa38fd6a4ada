"""Digits from the keypad, gathered to an answer: # ends it, * begins it anew, and so does waiting.

Only while something is asked for that consists of digits; elsewhere a key is a sign of life and nothing more.
"""

DIGITS_MOST = 40
WAIT_S = 3.0  # after the last key


class Keypad:
    def __init__(self) -> None:
        self._digits = ""
        self._at_s = 0.0

    def press(self, key: str, at_s: float) -> str:
        """A key. The answer, where this one ends it."""
        self._at_s = at_s
        if key == "#":
            return self._take()
        if key == "*":
            self._digits = ""
        elif key.isdecimal() and len(self._digits) < DIGITS_MOST:
            self._digits += key
        return ""

    def waited(self, now_s: float) -> str:
        """The answer, where no key came for a while."""
        return self._take() if self._digits and now_s - self._at_s >= WAIT_S else ""

    def _take(self) -> str:
        digits, self._digits = self._digits, ""
        return digits
