"""Typed readers for settings that come from the environment.

A malformed value stops the start with one clear line instead of surprising somebody later. Every name may
also be given as `NAME_FILE`, a path whose content is the value: that is how container secrets arrive.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}


class BadSetting(SystemExit):
    """A setting cannot be used. Ends the process with its message and exit status 1."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Setting {name}: {problem}")


class Env:
    """Reads settings from a mapping and remembers which names exist, so that typing errors can be found."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self.source = os.environ if source is None else source
        self.known: dict[str, str] = {}

    def text(self, name: str, default: str = "", *, choices: tuple[str, ...] = ()) -> str:
        self.known[name] = default
        value = self._raw(name)
        if value is None or value == "":
            return default
        if choices and value not in choices:
            raise BadSetting(name, f"must be one of {', '.join(choices)}, not {value!r}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        self.known[name] = "true" if default else "false"
        value = (self._raw(name) or "").lower()
        if not value:
            return default
        if value in _TRUE | _FALSE:
            return value in _TRUE
        raise BadSetting(name, f"must be true or false, not {value!r}")

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        self.known[name] = str(default)
        value = self._raw(name)
        if value is None or value == "":
            return default
        try:
            number = int(value)
        except ValueError:
            raise BadSetting(name, f"must be a whole number, not {value!r}") from None
        if not least <= number <= most:
            raise BadSetting(name, f"must be between {least} and {most}, not {number}")
        return number

    def words(self, name: str, default: str = "") -> list[str]:
        """A comma-separated list."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def url(self, name: str, default: str) -> str:
        """An http(s) address without a path, as an origin: `https://calls.example.com`."""
        value = self.text(name, default).rstrip("/").lower()
        parts = urlsplit(value)
        plain = parts.netloc and not (parts.path or parts.query or parts.fragment or parts.username)
        try:
            usable = parts.scheme in ("http", "https") and plain and parts.port != 0
        except ValueError:  # the port is no number
            usable = False
        if not usable:
            raise BadSetting(name, f"must look like https://calls.example.com, not {value!r}")
        # As browsers write an origin: they leave the scheme's own port out.
        return value.removesuffix({"http": ":80", "https": ":443"}[parts.scheme])

    def service(self, name: str, *schemes: str) -> str:
        """The address of another server, or nothing: `redis://host:6379/0`."""
        value = self.text(name)
        if value and urlsplit(value).scheme not in schemes:
            raise BadSetting(name, f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    def address(self, name: str) -> str:
        """An IP address, or nothing."""
        value = self.text(name)
        if value:
            try:
                ipaddress.ip_address(value)
            except ValueError:
                raise BadSetting(name, f"must be an IP address like 203.0.113.7, not {value!r}") from None
        return value

    def port_range(self, name: str) -> tuple[int, int] | None:
        value = self.text(name)
        if not value:
            return None
        match = re.fullmatch(r"(\d+)-(\d+)", value)
        if not match or not 1024 <= int(match[1]) <= int(match[2]) <= 65535:
            raise BadSetting(name, f"must look like 40000-40199 (1024 to 65535), not {value!r}")
        return int(match[1]), int(match[2])

    def refuse_unknown(self, prefix: str) -> None:
        """A name with our prefix that nobody reads is a typing error, and typing errors must not pass silently."""
        for name in self.source:
            plain = name.removesuffix("_FILE")
            if name.startswith(prefix) and plain not in self.known:
                raise BadSetting(name, "is not a setting of this product; docs/settings.md lists them all")

    def _raw(self, name: str) -> str | None:
        path = self.source.get(f"{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise BadSetting(f"{name}_FILE", f"cannot be read: {error.strerror}") from None
        value = self.source.get(name)
        return value.strip() if value is not None else None


def host_of(url: str) -> str:
    """The host of an address as the Host header has it: IPv6 addresses in brackets."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def version(changelog: str) -> str:
    """The newest numbered heading of the changelog."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    return found[1] if found else "0"


def database(url: str, sqlite_path: Path) -> dict[str, object]:
    """Django's DATABASES entry. An empty url means SQLite at `sqlite_path`, set up for writers that wait their turn.

    With SQLite's defaults six concurrent writers lost 260 of 360 transactions to "database is locked"; IMMEDIATE
    transactions and the write-ahead log lost none. What is deleted is overwritten, not only let go: it was somebody's.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    try:
        usable = parts.scheme in ("postgres", "postgresql") and parts.path.strip("/") and parts.port != 0
    except ValueError:  # the port is no number
        usable = False
    if not usable:
        raise BadSetting("DATABASE_URL", "must look like postgres://user:password@host:5432/name")
    # A database that is away, or cannot be reached, is to be noticed in seconds; what the address says wins.
    options = {"connect_timeout": "5", "tcp_user_timeout": "10000"} | dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,  # ?sslmode=require and its like belong to the driver
    }


def email_server(url: str) -> dict[str, object]:
    """How mail is sent: host, port, user, password, and how the line is made safe. Empty where there is no server.

    `smtp://` becomes safe by STARTTLS before anything is said, `smtps://` is from the first byte; a server on this
    machine may be spoken to openly with `?tls=no`.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    tls = dict(parse_qsl(parts.query)).get("tls", "yes")
    try:
        usable = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0 and tls in ("yes", "no")
    except ValueError:  # the port is no number
        usable = False
    if not usable or parts.path.strip("/"):
        raise BadSetting("STUDIO_EMAIL_URL", "must look like smtp://user:password@mail.example.com:587")
    safe = parts.scheme == "smtps"
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if safe else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": safe,
        "use_tls": not safe and tls == "yes",
    }


def private_folder(path: Path) -> None:
    """A folder that only its owner looks into, also where it was there before us with another mode."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # somebody else's; `doctor` cannot change it either
            path.chmod(0o700)


def secret_key(given: str, data_dir: Path) -> str:
    """The key that signs grants, tickets and sessions: given, or made once and kept readable by its owner only."""
    if given:
        return given
    path = data_dir / "secret_key"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    import secrets

    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of ours was quicker
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8").strip()
