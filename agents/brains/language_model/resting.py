"""A service that fails is left alone for a while, so that not every caller waits for it in vain."""

import time
from collections.abc import Callable

from agents.brains.language_model.base import ModelError

FAILURES = 3  # in a row, of one service
REST_S = 30.0
REST_FOR_GOOD_S = 120.0  # a key that is refused stays refused, until somebody changes it
REST_MOST_S = 300.0  # a service may ask for longer


class Rest:
    """One object a service and process."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._failures = 0
        self._until_s = 0.0

    @property
    def resting(self) -> bool:
        return self._now_s() < self._until_s

    def went_well(self) -> None:
        self._failures, self._until_s = 0, 0.0

    def failed(self, error: ModelError) -> None:
        self._failures += 1
        rest_s = 0.0
        if error.retry_after_s is not None:
            rest_s = min(error.retry_after_s, REST_MOST_S)
        elif error.code in ("KEY_REFUSED", "NOT_FOUND", "NOT_ALLOWED"):
            rest_s = REST_FOR_GOOD_S
        elif self._failures >= FAILURES:
            rest_s = REST_S
        self._until_s = max(self._until_s, self._now_s() + rest_s)
