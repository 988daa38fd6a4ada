"""Loss while a call runs, and the numbers that are kept of it."""

from calling.call.quality import LOOK_EVERY_S, Quality


def looks(*pairs):
    """What is told at each look, for what was received and lost up to it."""
    quality = Quality()
    quality.look({}, 0.0)
    return [
        quality.look({"received": received, "lost": lost}, LOOK_EVERY_S * (at + 1))
        for at, (received, lost) in enumerate(pairs)
    ]


def test_loss_is_told_when_it_turns_and_not_in_between():
    assert looks((250, 0), (470, 30), (690, 60), (930, 70), (1180, 72)) == [None, 12.0, None, None, 0.8]


def test_of_a_few_packets_nothing_is_said():
    assert looks((10, 30), (20, 60)) == [None, 60 / 80 * 100]


def test_looks_are_some_seconds_apart():
    quality = Quality()
    quality.look({}, 0.0)
    assert quality.look({"received": 100, "lost": 100}, LOOK_EVERY_S - 0.1) is None
    assert not quality.poor


def test_what_several_connections_counted_is_added_up():
    quality = Quality()
    quality.closed({"received": 900, "lost": 100, "sent": 400, "far_lost": 4, "round_trip_ms": 30.0, "late": 1})
    quality.closed({"received": 1000, "lost": 0, "sent": 100, "far_lost": None, "round_trip_ms": None, "late": 2})
    assert quality.numbers() == {
        "received": 1900,
        "lost_percent": 5.0,
        "recovered": 0,
        "concealed": 0,
        "late": 3,
        "sent": 500,
        "far_lost_percent": 0.8,
        "round_trip_ms": 30.0,
        "connections": 2,
    }


def test_a_call_without_sound_has_no_loss():
    assert Quality().numbers()["lost_percent"] == 0.0
