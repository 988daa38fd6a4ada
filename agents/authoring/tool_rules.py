"""A tool as somebody wrote it: read into its kept form, and what is wrong with it."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from agents.authoring.flow_rules import NAME_MOST, lines, one_line
from agents.brains.flows.plan import key_of
from agents.brains.tools import plan
from agents.brains.tools.request import OURS
from agents.connections import own_service
from agents.outside.addresses import NotFetched, is_public, target
from agents.outside.origins import is_ip

ABOUT_MOST, URL_MOST, SAID_MOST, HEADER_MOST = 300, 1000, 300, 500
TOOL_LIKE, SERVER_LIKE = "https://shop.example.com/orders/{order_number}", "https://mcp.example.com/mcp"
FIELDS = (
    *("name", "about", "method", "url", "parameters", "headers", "secrets", "fields"),
    *("timeout_s", "delay_s", "by_model", "words", "active", "remote"),
)
_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_PATH = re.compile(r"[^\s.{}]{1,60}(?:\.[^\s.{}]{1,60}){0,9}")
_TELLING = re.compile(r"authori|cookie|key|token|secret|passw", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")

Problems = list[str]


def clean(item: Any) -> tuple[dict[str, Any], Problems]:
    """One tool in its kept form, and what is wrong with it, as ends of a sentence that begins with the tool."""
    if not isinstance(item, dict):
        return {}, [_("is not an object with name and url")]
    problems: Problems = []
    name, about = one_line(item.get("name")), one_line(item.get("about"))
    if not name or len(name) > NAME_MOST:
        problems.append(_("needs a name of at most %d characters") % NAME_MOST)
    if len(about) > ABOUT_MOST:
        problems.append(_("has a description of more than %d characters") % ABOUT_MOST)
    remote = _remote(item.get("remote") or {})
    method = plan.MCP if remote else item.get("method", "GET")
    if method not in plan.METHODS and not remote:
        problems.append(_("asks in no way that there is: %s") % ", ".join(plan.METHODS))
    parameters, wrong = _parameters(item.get("parameters") or [], remote=bool(remote))
    problems += wrong
    url, wrong = _url(one_line(item.get("url")), [one["key"] for one in parameters], bool(remote))
    problems += wrong
    headers, secrets, wrong = _headers(item.get("headers") or [], item.get("secrets") or [])
    problems += wrong
    fields, wrong = _fields(item.get("fields") or [])
    problems += wrong
    words, wrong = _words(item.get("words") or {}, {one["key"] for one in (*parameters, *fields)})
    problems += wrong
    timeout_s = _seconds(item.get("timeout_s", plan.TIMEOUT_S), 1, plan.TIMEOUT_MOST_S)
    delay_s = _seconds(item.get("delay_s", plan.DELAY_S), 1, plan.TIMEOUT_MOST_S)
    if timeout_s is None or delay_s is None:
        problems.append(_("waits for 1 to %d seconds") % plan.TIMEOUT_MOST_S)
    if problems:
        return {}, problems
    return {
        "name": name,
        "about": about,
        "method": method,
        "url": url,
        "parameters": parameters,
        "headers": headers,
        "secrets": secrets,
        "fields": fields,
        "timeout_s": timeout_s,
        "delay_s": delay_s,
        "by_model": bool(item.get("by_model", True)),
        "words": words,
        "active": bool(item.get("active", True)),
        "remote": remote,
    }, []


def apart(name: str) -> str:
    """A name of a program's as words: "orderNumber" is what people call the order number."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).strip()
    return re.sub(r"\b[A-Z](?=[a-z])", lambda letter: letter[0].lower(), spaced)


def clean_secret(value: str) -> str:
    """A sealed header's value as it is sent. Raises ValueError."""
    value = value.strip()
    if not value or len(value) > HEADER_MOST * 2 or not value.isascii() or not value.isprintable():
        raise ValueError(_("This is no key: it has signs that no key has."))
    return value


def _remote(given: Any) -> dict[str, Any]:
    """What an MCP server calls it, the mark of how it was described, and whether it only looks something up."""
    name, mark = (given.get("name"), given.get("mark")) if isinstance(given, dict) else ("", "")
    if not isinstance(name, str) or not name or len(name) > plan.REMOTE_MOST or not name.isprintable():
        return {}
    return {"name": name, "mark": str(mark or "")[:40], "reads": bool(given.get("reads"))}


def _parameters(rows: Any, *, remote: bool) -> tuple[list[dict[str, Any]], Problems]:
    found: list[dict[str, Any]] = []
    problems: Problems = []
    if not isinstance(rows, list) or len(rows) > plan.PARAMETERS_MOST:
        return [], [_("needs to know at most %d things") % plan.PARAMETERS_MOST]
    for row in rows:
        row = row if isinstance(row, dict) else {}
        name, kind = one_line(row.get("name")) or one_line(row.get("key")), row.get("kind", "text")
        sent = str(row.get("sent") or "") if remote else ""
        key = key_of(apart(sent) or name)
        if not key or len(name) > NAME_MOST or any(one["key"] == key for one in found):
            problems.append(_("needs a name of its own for everything it needs to know"))
            continue
        if kind not in plan.KINDS and not (remote and kind == plan.JSON):
            problems.append(_("needs to know “%s”, which is of no kind that there is") % name)
            continue
        one: dict[str, Any] = {"key": key, "name": name, "kind": kind, "required": bool(row.get("required", True))}
        about, value = one_line(row.get("about"))[:ABOUT_MOST], one_line(row.get("value"))
        options = lines(row.get("options")) or []
        if kind == "choice" and not (1 if remote else 2) <= len(options) <= plan.OPTIONS_MOST:
            problems.append(_("needs at least two things to choose from for “%s”") % name)
        if len(value) > SAID_MOST:
            problems.append(_("fills “%(name)s” in with more than %(n)d characters") % {"name": name, "n": SAID_MOST})
        more: dict[str, Any] = {"about": about, "value": value, "options": options if kind == "choice" else []}
        if remote:
            more |= {"sent": sent, "header": str(row.get("header") or ""), "shape": row.get("shape") or {}}
        found.append(one | {name: value for name, value in more.items() if value})
    return found, problems


def _url(url: str, keys: list[str], remote: bool) -> tuple[str, Problems]:
    if not url or len(url) > URL_MOST:
        return "", [_("has no address")]
    cannot = _("has an address that cannot be asked. It looks like %s") % (SERVER_LIKE if remote else TOOL_LIKE)
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://["
        return "", [cannot]
    if "{" in parts.netloc or "{" in parts.scheme or "#" in url:
        return "", [_("has {names} in its server’s name, or a #: they may stand behind it only")]
    url = _by_keys(url, keys)
    unknown = [name for name in re.findall(r"\{([^{}]*)\}", url) if name not in keys]
    if unknown:
        return "", [_("has {%s} in its address, which is nothing that it needs to know") % unknown[0]]
    bare = re.sub(r"\{[^{}]*\}", "x", url)
    if bare.startswith(f"{own_service.ORIGIN}/"):
        return url, []
    try:
        asked = target(bare, settings.FETCH_PRIVATE)
    except NotFetched as refused:
        if refused.code == "HTTPS_ONLY":
            return "", [_("has an address that does not begin with https://")]
        return "", [cannot]
    if not settings.FETCH_PRIVATE and (asked.host == "localhost" or asked.host.endswith(".localhost")):
        return "", [_("has an address inside a network, which is refused here")]
    if not settings.FETCH_PRIVATE and is_ip(asked.host) and not is_public(asked.host.strip("[]")):
        return "", [_("has an address inside a network, which is refused here")]
    return url, []


def _headers(rows: Any, sealed: Any) -> tuple[list[list[str]], list[str], Problems]:
    found: list[list[str]] = []
    problems: Problems = []
    secrets = list(dict.fromkeys(one_line(name) for name in sealed if one_line(name)))
    pairs = [(one_line(row[0]), one_line(row[1])) for row in rows if isinstance(row, list | tuple) and len(row) == 2]
    names = [name.lower() for name in (*secrets, *(name for name, _value in pairs))]
    if len(names) > plan.HEADERS_MOST or len(set(names)) < len(names):
        problems.append(_("has a header twice, or more than %d") % plan.HEADERS_MOST)
    for name in (*secrets, *(name for name, _value in pairs)):
        if not _HEADER.fullmatch(name) or name.lower() in OURS:
            problems.append(_("has a header that cannot be sent: %s") % (name or "–"))
    for name, value in pairs:
        if not value or len(value) > HEADER_MOST or not value.isascii() or not value.isprintable():
            problems.append(_("has a header whose value cannot be sent: %s") % name)
        elif _TELLING.search(name):
            problems.append(_("has the header %s in the open: keep its value as a key") % name)
        found.append([name, value])
    return found, secrets, problems


def _fields(rows: Any) -> tuple[list[dict[str, str]], Problems]:
    found: list[dict[str, str]] = []
    problems: Problems = []
    if not isinstance(rows, list) or len(rows) > plan.FIELDS_MOST:
        return [], [_("takes at most %d parts of an answer") % plan.FIELDS_MOST]
    for row in rows:
        row = row if isinstance(row, dict) else {}
        name, path = one_line(row.get("key")), one_line(row.get("path"))
        key = key_of(name or path.rpartition(".")[2])
        if not key or not _PATH.fullmatch(path) or any(one["key"] == key for one in found):
            problems.append(_("takes a part of an answer that cannot be found: %s") % (path or name or "–"))
            continue
        found.append({"key": key, "path": path})
    return found, problems


def _words(given: Any, known: set[str]) -> tuple[dict[str, dict[str, str]], Problems]:
    found: dict[str, dict[str, str]] = {}
    problems: Problems = []
    for language, said in given.items() if isinstance(given, dict) else ():
        if not isinstance(said, dict) or not _LANGUAGE.fullmatch(str(language)):
            continue
        own = {moment: _by_keys(text, known) for moment in plan.MOMENTS if (text := one_line(said.get(moment)))}
        for text in own.values():
            if len(text) > SAID_MOST:
                problems.append(_("says something of more than %d characters") % SAID_MOST)
            for name in re.findall(r"(?<!\$)\{([^{}]*)\}", text):
                if name not in known:
                    problems.append(_("says {%s}, which is no part of what it knows") % name)
        if own:
            found[str(language)] = own
    return found, problems


def _by_keys(text: str, keys: Iterable[str]) -> str:
    """ "{Order number}" is meant for {order_number}."""

    def named(match: re.Match[str]) -> str:
        key = key_of(match[1])
        return f"{{{key}}}" if key in keys else match[0]

    return re.sub(r"(?<!\$)\{([^{}]*)\}", named, text)


def _seconds(value: Any, least: float, most: float) -> float | None:
    try:
        seconds = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return seconds if least <= seconds <= most else None
