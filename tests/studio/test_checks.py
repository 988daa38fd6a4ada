"""System checks: what is unwise on the internet is told, and what cannot work stops the start."""

import pytest

from studio import checks


def ids(*found):
    return {message.id for messages in found for message in messages}


@pytest.fixture
def sound_settings(settings):
    """As a well set up server on the internet has them."""
    settings.PUBLIC_URL = "https://calls.example.com"
    settings.CONSOLE_URL = "https://studio.example.com"
    settings.SECURE = True
    settings.SECRET_KEY_GIVEN = "given"
    settings.TRUSTED_PROXIES = 1
    settings.DEBUG = False
    settings.SPEECH = "scripted"
    return settings


def test_a_good_server_has_nothing_to_say(sound_settings):
    assert ids(checks.calls(), checks.production()) == set()


def test_trying_it_out_at_home_warns_of_nothing(settings):
    settings.PUBLIC_URL = settings.CONSOLE_URL = "http://localhost:8000"
    settings.SECRET_KEY_GIVEN = ""

    assert ids(checks.production()) == set()


@pytest.mark.parametrize(
    ("changes", "id_"),
    [
        ({"SECURE": False, "PUBLIC_URL": "http://calls.example.com"}, "studio.W001"),
        ({"SECRET_KEY_GIVEN": ""}, "studio.W002"),
        ({"CONSOLE_URL": "https://calls.example.com"}, "studio.W003"),
        ({"DEBUG": True}, "studio.W004"),
        ({"TRUSTED_PROXIES": 0}, "studio.W006"),
        ({"TURN_URLS": ["turn:turn.example.com"], "TURN_SECRET": ""}, "studio.E001"),
        ({"MEDIA_PORTS": (40000, 40003), "MAX_CALLS": 5}, "studio.E002"),
        ({"GATEWAYS": 2, "REDIS_URL": "redis://x", "DATABASE_URL": "postgres://x/y"}, "studio.E003"),
    ],
)
def test_each_unwise_setting_has_its_own_id(sound_settings, changes, id_):
    for name, value in changes.items():
        setattr(sound_settings, name, value)

    assert ids(checks.calls(), checks.production()) == {id_}


def test_missing_models_are_told(sound_settings, tmp_path):
    sound_settings.SPEECH = "local"
    sound_settings.MODELS_DIR = tmp_path

    assert ids(checks.calls()) == {"studio.W005"}


def test_every_message_says_what_to_do(sound_settings):
    sound_settings.SECRET_KEY_GIVEN = ""
    sound_settings.GATEWAYS = 2

    for message in [*checks.calls(), *checks.production()]:
        assert message.hint


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:8000", True),
        ("http://shop.localhost", True),
        ("https://calls.example.com", False),
        ("http://192.168.1.5:8000", False),
        ("https://localhost.example.com", False),
    ],
)
def test_local_addresses_are_told_from_others(url, local):
    assert checks.is_local(url) is local
