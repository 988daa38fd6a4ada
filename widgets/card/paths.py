"""On which pages of a site the button is: paths as an owner writes them, one a line, as one pattern for the browser."""

import re
from urllib.parse import quote, urlsplit

LINES_MOST, LINE_MOST = 20, 200
_KEPT = "/*%-._~!$&'()+,;=:@"  # in a path as it is; the rest stands there encoded


def read(text: str) -> list[str]:
    """The paths, each from its first slash; of an address that was pasted whole, its path. Raises ValueError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    paths = list(dict.fromkeys(map(_path, lines)))
    if len(paths) > LINES_MOST or any(len(path) > LINE_MOST for path in paths):
        raise ValueError
    return paths


def _path(line: str) -> str:
    if "://" in line:
        line = urlsplit(line).path or "/"
    line = re.split(r"[?#]", line)[0].strip()
    if not line or re.search(r"\s", line):
        raise ValueError
    return line if line.startswith(("/", "*")) else f"/{line}"


def pattern(show: str, hide: str) -> str:
    """What a page's path has to match for the button to be there; empty: every page has it.

    `*` stands for anything. A path counts with and without a slash at its end; one that ends in `/*` counts by itself.
    """
    shown, hidden = ([_one(path) for path in read(text)] for text in (show, hide))
    if not shown and not hidden:
        return ""
    left_out = f"(?!(?:{'|'.join(hidden)})/?$)" if hidden else ""
    return f"^{left_out}" + (f"(?:{'|'.join(shown)})/?$" if shown else "")


def _one(path: str) -> str:
    path = quote(path, safe=_KEPT)
    below = path.endswith("/*")
    path = (path[:-2] if below else path).rstrip("/")
    return ".*".join(re.escape(part) for part in path.split("*")) + ("(?:/.*)?" if below else "")
