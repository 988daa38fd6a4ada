"""The script of the tag as it is served: the parts in static/widget/loader/ joined and minified, with the widget's own
settings inside."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import rjsmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from widgets import domains
from widgets.admission import access
from widgets.admission.shown import Shown
from widgets.card import colours, look, texts
from widgets.card.default_words import WORDS
from widgets.card.look import Look
from widgets.delivery import browsers, shortening
from widgets.models import Kind, Widget
from widgets.refusals import CODES, Refused

LOADER = "widget/loader/loader.js"  # names its parts, in order
CHAT_LOADER = "widget/loader/chat.js"  # the same for a Chat
OPTIONS = ("pages", "out", "old")  # settings that bring a part of their own along, to pages that have them
_PART = re.compile(r"^ *// part: (\w+\.js)(?: where (\w+))?\n", re.MULTILINE)
# Why there is no call, before there is a card. A browser that is too old never asks for one: the first is not for it.
_NO = ("FRAME_UNREACHABLE", "INSECURE_PAGE", "UNSUPPORTED_BROWSER")
_MARKER = "/*SETTINGS*/{}"
_PLACE = "PICKUP_SETTINGS"  # stands where the marker was while comments are removed
_HANDED = re.compile(r"\bsettings\.(\w+)")


@dataclass(frozen=True, slots=True)
class Script:
    """A body in the two forms it is sent in. Each has a strong tag of its own: to a cache they are different bytes."""

    plain: bytes
    gzipped: bytes
    tag: str
    gzipped_tag: str


def of_widget(widget: Widget, accepted: str = "", agent: str = "") -> Script:
    """The launcher where a call could start, or will again once a version runs; otherwise one line in the console that
    says why there is none."""
    try:
        version = access.check_state(widget, config=False)
    except Refused as refused:
        closed = access.closed(widget) if refused.code == "NO_VERSION" else None
        return built(launcher(closed, accepted, agent), widget.kind) if closed else inert(refused.code)
    shown = Shown(widget, look.read(widget.published), version)
    if shown.look.hours.outside == "hidden" and not shown.look.hours.are_now():
        return inert("OUT_OF_HOURS")
    return built(launcher(shown, accepted, agent), widget.kind)


def built(settings_of_launcher: dict[str, Any], kind: str = Kind.PHONE) -> Script:
    """The loader of a kind of widget with these settings inside."""
    path = Path(finders.find(CHAT_LOADER if kind == Kind.CHAT else LOADER) or _lost())
    changed_ns = max(part.stat().st_mtime_ns for part in path.parent.glob("*.js"))
    source, names = _minified(path, changed_ns, frozenset(name for name in OPTIONS if settings_of_launcher.get(name)))
    values = (json.dumps(settings_of_launcher[name], sort_keys=True, separators=(",", ":")) for name in names)
    return _served(source.replace(_PLACE, ",".join(values), 1))


def inert(code: str) -> Script:
    """For a code nobody knows, and a widget nobody can call: no launcher, no error in the page, one line to read."""
    words = f"Pickup: the call button is not shown. {CODES[code].message} ({code})"
    return _served(f"window.console&&console.warn({json.dumps(words)});")


def launcher(shown: Shown, accepted: str = "", agent: str = "") -> dict[str, Any]:
    """What the loader has to know before anybody clicks, and every visitor of the page may read.

    `accepted` is the browser's Accept-Language: a widget that does not follow it has one script for everybody whose
    browser is not too old, as `agent` tells.
    """
    widget, language = shown.widget, texts.chosen(shown.look, accepted)
    rendered = texts.rendered(shown.look, language, shown.variant)
    style, out = rendered.style, _way_out(rendered, language)
    words = {name: WORDS[language].get(f"{widget.kind}_{name}", said) for name, said in WORDS[language].items()}
    old = browsers.is_too_old(agent)
    return {
        "code": widget.code,
        "frame": f"{settings.PUBLIC_URL}/widget/{widget.code}/frame",
        "hosts": domains.hashed(widget.domains.all(), widget.code),
        "name": words["launcher"].replace("{agent}", shown.agent_name),
        "back": words["back"],
        "no": {code: f"{words[code].rstrip('.')} · {out}" if out else words[code] for code in _NO[old:]},
        "label": style.launcher_label,
        "theme": style.theme,
        "side": style.side,
        "x": style.offset_x,
        "y": style.offset_y,
        "consent": rendered.consent.enabled,
        "colours": colours.accents(style.brand).pairs(),
        "pages": rendered.pages,
        "out": rendered.contact.address,
        "old": old,
        "close": words["close"],
        "bubble": rendered.chat.bubble,
        "after": rendered.chat.bubble_after_s,
        "mode": rendered.chat.mode,
    }


def _way_out(rendered: Look, language: str) -> str:
    """What the button adds where there are no calls; a press leads there."""
    if rendered.contact.phone:
        number = f"\u2066{rendered.contact.phone}\u2069"  # read from the left in every language
        return WORDS[language]["dial"].replace("{number}", number)
    return rendered.words.contact if rendered.contact.url else ""


def joined(path: Path, options: frozenset[str] = frozenset(OPTIONS)) -> str:
    """One script: each part in the place where the loader names it, all in one function's scope."""

    def part(found: re.Match[str]) -> str:
        return (path.parent / found[1]).read_text(encoding="utf-8") if found[2] in (None, *options) else ""

    return _PART.sub(part, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=2 * 2 ** len(OPTIONS))
def _minified(path: Path, _changed_ns: int, options: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """The source, and the settings it takes, in order: each is a parameter of its own, so that no name travels."""
    source = joined(path, options)
    if source.count(_MARKER) != 1:
        raise ImproperlyConfigured(f"{path.name} must hold {_MARKER} once: the widget's settings go there.")
    source = rjsmin.jsmin(source.replace(_MARKER, _PLACE))
    names = tuple(sorted(set(_HANDED.findall(source))))
    handed = "function(" + ",".join(f"settings_{name}" for name in names) + ")"
    source = _HANDED.sub(r"settings_\1", source).replace("function(settings)", handed, 1)
    return shortening.shortened(source), names


@lru_cache(maxsize=128)
def _served(text: str) -> Script:
    plain = text.encode("utf-8")
    digest = hashlib.sha256(plain).hexdigest()[:32]
    return Script(plain, gzip.compress(plain, 9, mtime=0), f'"{digest}"', f'"{digest}-gz"')


def _lost() -> str:
    raise ImproperlyConfigured(f"{LOADER} is not among the static files.")
