"""Two people who write at once: on two real connections, in every order that the database lets them take.

The first one is halted after its n-th statement, for each n in turn, until the second one is done, or waits for what
the first one holds. Nothing is left to chance, and nobody sleeps.
"""

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError, connection, connections

from agents.locks import Gone, Stale

PATIENCE_S = 10.0  # only a broken test ever waits so long


Act = Callable[[Any], Any]


def assert_as_in_a_row(prepare: Callable[[], Any], first: Act, second: Act, state: Act) -> int:
    """Whatever the order, it ends as it ends when one waits for the other. Says how many orders there were.

    `prepare` makes what both act on, and `state` reads what has become of it. A refusal is an outcome like another.
    """
    in_a_row = [_one_after_the_other(prepare, state, (first, second)), _turned(prepare, state, first, second)]
    in_a_row += [("late", "done", _alone(prepare, state, second)), ("done", "late", _alone(prepare, state, first))]
    for place in count(1):
        given = prepare()
        pair = _Pair(place)
        found = (*pair.run(lambda given=given: first(given), lambda given=given: second(given)), state(given))
        assert found in in_a_row, f"halted after {place}: {pair.halted_after}\n{found}\nis none of\n{in_a_row}"
        if not pair.halted_after:
            return place
    raise AssertionError("unreachable")


def _one_after_the_other(prepare: Callable[[], Any], state: Act, acts: tuple[Act, Act]) -> tuple[Any, Any, Any]:
    given = prepare()
    results = [_outcome(lambda act=act: act(given)) for act in acts]
    return results[0], results[1], state(given)


def _turned(prepare: Callable[[], Any], state: Act, first: Act, second: Act) -> tuple[Any, Any, Any]:
    of_second, of_first, end = _one_after_the_other(prepare, state, (second, first))
    return of_first, of_second, end


def _alone(prepare: Callable[[], Any], state: Act, act: Act) -> Any:
    given = prepare()
    _outcome(lambda: act(given))
    return state(given)


def _outcome(do: Callable[[], Any]) -> str:
    """How it went, in a word. Gone is gone, whether it is noticed on loading or on writing; who is told that somebody
    was faster is late, and nothing of theirs is kept."""
    try:
        do()
    except (ObjectDoesNotExist, Gone):
        return "gone"
    except Stale:
        return "late"
    except Exception as error:  # noqa: BLE001 - told to the test
        return f"{type(error).__name__}: {error}"
    return "done"


class _Pair:
    def __init__(self, place: int) -> None:
        self.place = place
        self.halted_after = ""
        self._second_may = threading.Event()
        self._first_may = threading.Event()
        self._first_done = threading.Event()
        self._statements = 0

    def run(self, first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
        results = ["", ""]

        def follow(number: int, do: Callable[[], Any], wrapper: Any) -> None:
            try:
                with connection.execute_wrapper(wrapper):
                    results[number] = _outcome(do)
            finally:
                connections.close_all()

        def one() -> None:
            try:
                follow(0, first, self._of_first)
            finally:
                self._first_done.set()
                self._second_may.set()

        def other() -> None:
            assert self._second_may.wait(PATIENCE_S)
            try:
                follow(1, second, self._of_second)
            finally:
                self._first_may.set()

        threads = [threading.Thread(target=one), threading.Thread(target=other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S * 3)
            assert not thread.is_alive(), "the two wait for each other"
        return results

    def _of_first(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        self._statements += 1
        if self._statements == self.place:
            self.halted_after = sql
            self._second_may.set()
            assert self._first_may.wait(PATIENCE_S)
        return found

    def _of_second(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Whether the first one holds the database is tried without waiting; then it goes on, and this one waits."""
        raw = context["connection"].connection
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            return execute(sql, params, many, context)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        finally:
            raw.execute(f"PRAGMA busy_timeout = {int(PATIENCE_S * 1000)}")
        self._first_may.set()
        assert self._first_done.wait(PATIENCE_S)
        return execute(sql, params, many, context)
