"""What a page that comes back is told: everything that still counts, in order, and bounded."""

from calling.call.event_log import CHARS_KEPT, EVENTS_KEPT, EventLog


def numbers(told, since=0):
    return [event.n for event in told.since(since)]


def test_what_was_missed_is_told_in_order():
    told = EventLog()
    for name in ("registered", "ringing", "answered", "info"):
        told.add(name, {})
    assert numbers(told) == [1, 2, 3, 4] and numbers(told, 2) == [3, 4] and numbers(told, 4) == []


def test_a_longer_text_of_the_same_turn_takes_the_place_of_the_shorter_one():
    told = EventLog()
    told.add("transcription", {"index": 0, "text": "Hello"})
    told.add("transcription", {"index": 1, "text": "Good"})
    told.add("state", {"state": "thinking"})
    told.add("transcription", {"index": 1, "text": "Good morning"})
    told.add("state", {"state": "speaking"})
    assert [event.data for event in told.since(0)] == [
        {"index": 0, "text": "Hello"},
        {"index": 1, "text": "Good morning"},
        {"state": "speaking"},
    ]
    assert numbers(told, 3) == [4, 5]


def test_only_so_many_are_kept_and_how_the_call_began_among_them():
    told = EventLog()
    for name in ("registered", "ringing", "answered"):
        told.add(name, {})
    for number in range(2 * EVENTS_KEPT):
        told.add("info", {"body": number})
    kept = numbers(told)
    assert kept[:3] == [1, 2, 3] and len(kept) <= EVENTS_KEPT + 4 and kept[-1] == 2 * EVENTS_KEPT + 3


def test_only_so_much_is_kept():
    told = EventLog()
    told.add("registered", {})
    for _ in range(100):
        told.add("info", {"body": "x" * 8000})
    kept = told.since(0)
    assert kept[0].name == "registered" and kept[-1].n == 101
    assert sum(len(event.data.get("body", "")) for event in kept) <= CHARS_KEPT
    told.add("info", {"body": "y" * 2 * CHARS_KEPT})  # more than may be kept
    assert numbers(told) == [1]
