"""Typed readers: right values come through, wrong ones end the start with a line that names the setting."""

import pytest

from studio.env import BadSetting, Env, database, private_folder, secret_key, version


def test_a_file_may_hold_the_value(tmp_path):
    path = tmp_path / "secret"
    path.write_text("from a file\n")

    assert Env({"STUDIO_X_FILE": str(path)}).text("STUDIO_X") == "from a file"


def test_a_file_that_cannot_be_read_ends_the_start(tmp_path):
    with pytest.raises(BadSetting, match=r"STUDIO_X_FILE.*cannot be read"):
        Env({"STUDIO_X_FILE": str(tmp_path / "absent")}).text("STUDIO_X")


@pytest.mark.parametrize(("given", "meant"), [("yes", True), ("TRUE", True), ("0", False), ("off", False), ("", True)])
def test_flags_know_many_words(given, meant):
    assert Env({"F": given}).flag("F", True) is meant


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda env: env.flag("X", False), "perhaps"),
        (lambda env: env.number("X", 1), "many"),
        (lambda env: env.number("X", 1, most=5), "6"),
        (lambda env: env.text("X", "a", choices=("a", "b")), "c"),
        (lambda env: env.url("X", ""), "calls.example.com"),
        (lambda env: env.url("X", ""), "https://calls.example.com/path"),
        (lambda env: env.url("X", ""), "https://calls.example.com:port"),
        (lambda env: env.url("X", ""), "https://user@calls.example.com"),
        (lambda env: env.port_range("X"), "40000"),
        (lambda env: env.port_range("X"), "40100-40000"),
        (lambda env: env.port_range("X"), "80-90"),
        (lambda env: env.service("X", "redis"), "http://host"),
        (lambda env: env.address("X"), "calls.example.com"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_setting(read, value):
    with pytest.raises(BadSetting, match="Setting X: must"):
        read(Env({"X": value}))


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("HTTPS://Calls.Example.com/", "https://calls.example.com"),
        ("https://calls.example.com:443", "https://calls.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_become_origins_as_browsers_write_them(given, origin):
    assert Env({"X": given}).url("X", "") == origin


def test_a_name_that_nobody_reads_ends_the_start():
    env = Env({"STUDIO_PORT": "1", "STUDIO_PROT": "2", "HOME": "/"})
    env.number("STUDIO_PORT", 8000)

    with pytest.raises(BadSetting, match="STUDIO_PROT"):
        env.refuse_unknown("STUDIO_")


def test_the_file_form_of_a_known_name_is_known():
    env = Env({"STUDIO_SECRET_FILE": "/dev/null"})
    env.text("STUDIO_SECRET")

    env.refuse_unknown("STUDIO_")


def test_a_database_address_becomes_djangos_entry(tmp_path):
    entry = database("postgres://pick%40up:s%3Acret@db.example.com:5433/calls?sslmode=require", tmp_path / "x")

    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "pick@up",
        "s:cret",
        "db.example.com",
        "5433",
        "calls",
    )
    assert entry["OPTIONS"] == {"sslmode": "require", "connect_timeout": "5", "tcp_user_timeout": "10000"}
    entry = database("postgres://db.example.com/calls?connect_timeout=1", tmp_path / "x")
    assert entry["OPTIONS"]["connect_timeout"] == "1"


def test_without_a_database_address_sqlite_waits_its_turn(tmp_path):
    entry = database("", tmp_path / "pickup.sqlite3")

    assert entry["NAME"] == tmp_path / "pickup.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]


@pytest.mark.parametrize("url", ["mysql://host/name", "postgres://host", "postgres://host:x/name"])
def test_a_database_address_of_another_kind_ends_the_start(url, tmp_path):
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        database(url, tmp_path / "x")


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path):
    made = secret_key("", tmp_path / "data")

    assert len(made) >= 50
    assert secret_key("", tmp_path / "data") == made
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert secret_key("given", tmp_path / "elsewhere") == "given"
    assert not (tmp_path / "elsewhere").exists()


def test_the_version_is_the_newest_numbered_heading():
    assert version("# Changelog\n\n## Unreleased\n\n## 1.10.2\n\n## 1.9.0\n") == "1.10.2"


def test_a_folder_that_others_could_look_into_is_closed_to_them(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    private_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    private_folder(tmp_path / "new" / "data")
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
