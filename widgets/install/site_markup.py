"""What of a page's markup matters to the tag: scripts, frames, policies in meta elements. Nothing is run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

_CLASSIC = ("", "text/javascript", "application/javascript", "module", "text/ecmascript", "application/ecmascript")


@dataclass(frozen=True, slots=True)
class ScriptTag:
    src: str  # absolute
    runs: bool  # False: a type that no browser runs, as cookie banners write it
    nonce: str = ""
    integrity: bool = False


@dataclass(slots=True)
class Markup:
    scripts: list[ScriptTag] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  # where the page's frames lead, absolute
    boxed: list[ScriptTag] = field(default_factory=list)  # scripts written into frames of the page itself (srcdoc)
    commented: str = ""  # what stands in comments
    policies: list[str] = field(default_factory=list)  # Content-Security-Policy in meta elements
    uses_tag_manager: bool = False


def read(text: str, url: str) -> Markup:
    reader = _Reader(url)
    reader.feed(text)
    reader.close()
    reader.found.uses_tag_manager = "googletagmanager.com/gtm.js" in text or "googletagmanager.com/ns.html" in text
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = url
        self.found = Markup()
        self._inert = 0  # inside template or noscript: there, but not for a browser that runs scripts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("template", "noscript"):
            self._inert += 1
        elif self._inert:
            return
        elif tag == "base" and values.get("href"):
            self.base = _join(self.base, values["href"])
        elif tag == "script" and values.get("src"):
            kind = values.get("type", "").strip().lower()
            self.found.scripts.append(
                ScriptTag(
                    _join(self.base, values["src"].strip()),
                    kind in _CLASSIC,
                    values.get("nonce", ""),
                    bool(values.get("integrity")),
                )
            )
        elif tag in ("iframe", "frame"):
            if values.get("src"):
                self.found.frames.append(_join(self.base, values["src"].strip()))
            if values.get("srcdoc"):
                inner = read(values["srcdoc"], self.base)
                self.found.boxed += inner.scripts + inner.boxed
        elif tag == "meta" and values.get("http-equiv", "").strip().lower() == "content-security-policy":
            self.found.policies.append(values.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("template", "noscript") and self._inert:
            self._inert -= 1

    def handle_comment(self, data: str) -> None:
        self.found.commented += data


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address
