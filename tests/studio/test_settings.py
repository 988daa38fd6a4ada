"""The settings file as a whole, read in a process of its own as the product does at its start."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as here

PRINT = """
import json, sys
from studio import settings
names = sys.argv[1:]
print(json.dumps({name: getattr(settings, name, None) for name in names}, default=str))
"""


def read(tmp_path, *names, **env):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", PRINT, *names],
        env={**kept, "STUDIO_DATA_DIR": str(tmp_path / "data"), **env},
        cwd=here.BASE_DIR,
        capture_output=True,
        text=True,
    )
    return done


def values(tmp_path, *names, **env):
    done = read(tmp_path, *names, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_needs_to_be_set(tmp_path):
    got = values(tmp_path, "PUBLIC_URL", "CONSOLE_URL", "DEBUG", "SECURE", "CELERY_BROKER_URL", "DATABASES", "VERSION")

    assert got["PUBLIC_URL"] == got["CONSOLE_URL"] == "http://localhost:8000"
    assert got["DEBUG"] is False
    assert got["SECURE"] is False
    assert got["CELERY_BROKER_URL"].startswith("filesystem://")
    assert got["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")
    assert got["VERSION"].count(".") == 2


def test_real_engines_are_switched_on_by_their_addresses(tmp_path):
    got = values(
        tmp_path,
        "CACHES",
        "CHANNEL_LAYERS",
        "CELERY_BROKER_URL",
        "CELERY_BROKER_TRANSPORT_OPTIONS",
        "DATABASES",
        REDIS_URL="redis://cache:6379/1",
        CELERY_BROKER_URL="amqp://queue",
        DATABASE_URL="postgres://me@db/calls",
    )

    assert got["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/1"
    assert got["CHANNEL_LAYERS"]["default"]["BACKEND"] == "studio.running.shared_layer.SharedLayer"
    assert got["CELERY_BROKER_URL"] == "amqp://queue"
    assert got["CELERY_BROKER_TRANSPORT_OPTIONS"] is None
    assert got["DATABASES"]["default"]["HOST"] == "db"


def test_a_public_https_address_makes_cookies_secure(tmp_path):
    got = values(
        tmp_path,
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "ALLOWED_HOSTS",
        "SECURE_PROXY_SSL_HEADER",
        "CONTENT_SECURITY_POLICY",
        STUDIO_PUBLIC_URL="https://calls.example.com",
        STUDIO_CONSOLE_URL="https://studio.example.com",
        STUDIO_TRUSTED_PROXIES="1",
    )

    assert got["SESSION_COOKIE_SECURE"] is got["CSRF_COOKIE_SECURE"] is True
    assert {"calls.example.com", "studio.example.com"} <= set(got["ALLOWED_HOSTS"])
    assert got["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert "wss://calls.example.com" in got["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["connect-src"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("STUDIO_PROT", "8001"), ("STUDIO_PORT", "eighty"), ("STUDIO_PUBLIC_URL", "calls"), ("REDIS_URL", "cache:6379")],
)
def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path, name, value):
    done = read(tmp_path, **{name: value})

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"Setting {name}: ")


def test_the_policy_allows_no_inline_script_or_style():
    for sources in here.CONTENT_SECURITY_POLICY["DIRECTIVES"].values():
        assert "'unsafe-inline'" not in sources
        assert "'unsafe-eval'" not in sources


def test_browsers_that_came_by_https_do_not_come_back_without_it(tmp_path):
    https = {"STUDIO_PUBLIC_URL": "https://calls.example.com"}
    assert values(tmp_path, "SECURE_HSTS_SECONDS", **https)["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert values(tmp_path, "SECURE_HSTS_SECONDS")["SECURE_HSTS_SECONDS"] == 0


@pytest.mark.long
def test_what_a_command_writes_is_its_own_users_to_read(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    env = kept | {"STUDIO_DATA_DIR": str(data), "STUDIO_SPEECH": "scripted"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=env, cwd=here.BASE_DIR, check=True)
    open_to_others = [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
    assert (data / "pickup.sqlite3").exists() and open_to_others == []
