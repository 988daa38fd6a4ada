"""Would a site's own policies let the call button work? Content-Security-Policy and Permissions-Policy, read as
browsers read them, as far as our script and our frame are concerned."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_FALLBACKS = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
}
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SOURCE = re.compile(  # scheme://host:port/path, all but the host optional
    r"(?:([a-zA-Z][a-zA-Z0-9+.-]*)://)?(\*|(?:\*\.)?[^/:*\s']+|\[[^\]]+\])(?::(\d{1,5}|\*))?(/\S*)?"
)

Policy = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Blocked:
    """A directive that stands in the way, as it is and as it should be."""

    directive: str
    needed: str  # the whole directive, ready to copy


def parse(text: str) -> list[Policy]:
    """The policies of one header or meta element: several are separated by commas, and each of them counts."""
    policies = []
    for one in text.split(","):
        policy: Policy = {}
        for part in one.split(";"):
            name, *sources = part.split()[:200] or [""]
            if name:
                policy.setdefault(name.lower(), sources)  # of a directive given twice, the first counts
        if policy:
            policies.append(policy)
    return policies


def blocks_script(policy: Policy, script: str, page: str, nonce: str) -> Blocked | None:
    """Why the policy keeps our script out; None when it lets it in."""
    name, sources = _directive(policy, "script-src")
    if sources is None:
        return None
    if nonce and f"'nonce-{nonce}'" in sources:
        return None
    lowered = [source.lower() for source in sources]
    if "'strict-dynamic'" in lowered:  # then lists of hosts count for nothing
        return Blocked(name, f"{name} {' '.join(sources)}")
    return None if _any(sources, script, page) else Blocked(name, _with("script-src", name, sources, script))


def needs_nonce(policy: Policy) -> bool:
    _name, sources = _directive(policy, "script-src")
    return "'strict-dynamic'" in [source.lower() for source in sources or []]


def blocks_frame(policy: Policy, frame: str, page: str) -> Blocked | None:
    """Why the policy keeps our frame out; None when it lets it in."""
    name, sources = _directive(policy, "frame-src")
    if sources is None or _any(sources, frame, page):
        return None
    return Blocked(name, _with("frame-src", name, sources, frame))


def is_boxed(policy: Policy) -> bool:
    """Whether the policy puts the page in a sandbox in which our launcher cannot know where it is."""
    flags = policy.get("sandbox")
    return flags is not None and not {"allow-scripts", "allow-same-origin"} <= {flag.lower() for flag in flags}


def _directive(policy: Policy, wanted: str) -> tuple[str, list[str] | None]:
    for name in _FALLBACKS[wanted]:
        if name in policy:
            return name, policy[name]
    return wanted, None


def _with(wanted: str, name: str, sources: list[str], ours: str) -> str:
    """The directive with our origin. One that only falls back gets a directive of its own, so nothing else opens."""
    parts = urlsplit(ours)
    kept = [source for source in sources if source.lower() != "'none'"]
    return " ".join([wanted if name == "default-src" else name, *kept, f"{parts.scheme}://{parts.netloc}"])


def _any(sources: list[str], url: str, page: str) -> bool:
    return any(_matches(source, url, page) for source in sources)


def _matches(source: str, url: str, page: str) -> bool:
    """One source expression against one address (CSP level 3, section 6.7.2). Other keywords match no address."""
    to, here = urlsplit(url), urlsplit(page)
    if source.lower() == "'self'":
        return (to.scheme, to.hostname, _port(to)) == (here.scheme, here.hostname, _port(here))
    if source.startswith("'"):
        return False
    if source == "*":
        return to.scheme in ("http", "https", here.scheme)
    if re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*:", source):
        return _scheme_fits(source[:-1].lower(), to.scheme)
    match = _SOURCE.fullmatch(source)
    if not match:
        return False
    scheme, host, port, path = match[1] or here.scheme, match[2].lower(), match[3], match[4] or ""
    return (
        _scheme_fits(scheme.lower(), to.scheme)
        and _host_fits(host, to.hostname or "")
        and _port_fits(port, to)
        and (path in ("", "/") or (to.path.startswith(path) if path.endswith("/") else to.path == path))
    )


def _host_fits(listed: str, used: str) -> bool:
    if listed == "*":
        return True
    if listed.startswith("*."):
        return used.endswith(listed[1:])
    return used == listed.strip("[]")


def _port_fits(listed: str | None, to: SplitResult) -> bool:
    if listed is None:
        return _port(to) == _PORTS.get(to.scheme)
    return listed == "*" or int(listed) == _port(to) or (listed == "80" and _port(to) == 443)


def _scheme_fits(listed: str, used: str) -> bool:
    return listed == used or (listed == "http" and used == "https")


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None


def allows_feature(headers: list[str], feature: str, ours: str) -> bool:
    """Whether a Permissions-Policy lets both the page and our frame use a feature. One that is silent does."""
    listed = None
    for header in headers:
        for part in re.split(r",(?![^(]*\))", header):
            name, equals, value = part.strip().partition("=")
            if equals and name.strip().lower() == feature:
                listed = value.partition(";")[0].strip()
    if listed is None or listed == "*":
        return True
    members = re.findall(r"\*|self|\"[^\"]*\"", listed)
    if "*" in members:
        return True
    origins = {member.strip('"').rstrip("/").lower() for member in members}
    return "self" in origins and ours in origins


def allows_old_feature(headers: list[str], feature: str, ours: str) -> bool:
    """The same for Feature-Policy, the header's earlier name, which browsers still read where the new one is absent."""
    for header in headers:
        for part in header.split(";"):
            name, *members = part.split() or [""]
            if name.lower() == feature:
                lowered = [member.rstrip("/").lower() for member in members]
                return "*" in lowered or ("'self'" in lowered and ours in lowered)
    return True
