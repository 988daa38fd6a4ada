"""A website page by page, one request at a time, as its robots.txt allows: what to ask for next, and what was found."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from agents.authoring.sources.process import Reading
from agents.authoring.sources.readers.base import Unreadable
from agents.authoring.sources.reasons import SourceProblem
from agents.outside.addresses import NotFetched
from agents.outside.guarded_client import Fetched, fetch

NAME = "Pickup"  # in robots.txt
ROBOTS_MOST = 100_000
MAPS_MOST = 5
WAITING_MOST = 2_000
PAUSE_S, PAUSE_S_MOST = 0.2, 5.0
PAGE_MOST = 2 * 1024 * 1024
FILE_MOST = 20 * 1024 * 1024
PAGE_S, FILE_S = 10.0, 30.0
_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|m?js|json|xml|rss|atom|zip|gz|tar|exe|dmg|apk|mp[34]|m4[av]|wav|ogg|webm|mov"
    r"|avi|woff2?|ttf|eot|docx?|xlsx?|pptx?|ics|vcf)$",
    re.IGNORECASE,
)
Fetch = Callable[..., Fetched]


@dataclass(slots=True)
class Walk:
    """Where a walk through a site stands; kept as JSON between two slices of work."""

    start: str
    most: int = 1
    follow: bool = False
    todo: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)
    done: int = 0
    robots: str | None = None
    mapped: bool = False  # its site maps were looked for
    left_out: list[list[str]] = field(default_factory=list)  # address, reason

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Walk":
        return cls(**kept)

    @property
    def is_over(self) -> bool:
        return self.done >= self.most or not (self.todo or self.maps)

    @property
    def in_all(self) -> int:
        return min(self.most, self.done + len(self.todo))


def begun(address: str, most: int, follow: bool) -> Walk:
    is_map = follow and urlsplit(address).path.lower().endswith(".xml")
    return Walk(address, most, follow, [] if is_map else [address], [] if is_map else [address], [address] * is_map)


class Walker:
    """Takes one step after the other. Raises SourceProblem where the site as a whole cannot be read."""

    def __init__(
        self, walk: Walk, reading: Reading, *, fetch: Fetch = fetch, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self.walk, self._reading, self._fetch, self._pause = walk, reading, fetch, pause
        self._rules: RobotFileParser | None = None

    def step(self) -> tuple[str, dict[str, Any]] | None:
        """The next page: its address and what was read of it. None: it was left out, or it was a site map."""
        if self._rules is None:
            self._learn_rules()
        if self.walk.maps:
            self._read_map(self.walk.maps.pop(0))
            return None
        address = self.walk.todo.pop(0)
        try:
            return self._page(address)
        except SourceProblem as problem:
            if not self.walk.follow:
                raise
            self.walk.left_out.append([address, problem.reason])
            return None

    def _page(self, address: str) -> tuple[str, dict[str, Any]] | None:
        if not self._allowed(address):
            raise SourceProblem("robots")
        answer = self._get(address)
        if answer.url != address and self.walk.follow:
            there = _plain(answer.url)
            if not self._is_inside(there) or there in self.walk.seen:
                if not self.walk.done and not self.walk.todo:  # the start itself leads elsewhere: that is the site then
                    self.walk.start = there
                else:
                    return None
            self.walk.seen.append(there)
        if not self._allowed(answer.url):
            raise SourceProblem("robots")
        kind, charset = _kind(answer)
        if answer.cut and kind != "html":
            raise SourceProblem("too_large")
        name = urlsplit(answer.url).path.rstrip("/").rpartition("/")[2] or urlsplit(answer.url).hostname or ""
        try:
            read = self._reading.read(kind, answer.body, name=name, address=answer.url, charset=charset)
        except Unreadable as problem:
            raise SourceProblem(problem.reason) from None
        if self.walk.follow:
            self._note(read["links"])
        if not read["pages"]:
            return None
        self.walk.done += 1
        return address if not self.walk.follow else _plain(answer.url), read

    def _get(self, address: str, most: int = 0) -> Fetched:
        single = not self.walk.follow
        pause_s = PAUSE_S
        if self._rules is not None and (asked := self._rules.crawl_delay(NAME)):
            pause_s = min(float(asked), PAUSE_S_MOST)
        if self.walk.done:
            self._pause(pause_s)
        try:
            answer = self._fetch(
                address, most=most or (FILE_MOST if single else PAGE_MOST), all_s=FILE_S if single else PAGE_S
            )
        except NotFetched as error:
            raise SourceProblem(error.code) from None
        if answer.status in (401, 403):
            raise SourceProblem("sign_in")
        if answer.status in (404, 410):
            raise SourceProblem("not_found")
        if answer.status != 200:
            raise SourceProblem("server_error")
        return answer

    def _learn_rules(self) -> None:
        walk = self.walk
        if walk.robots is None:
            try:
                answer = self._fetch(urljoin(walk.start, "/robots.txt"), most=ROBOTS_MOST)
            except NotFetched as error:
                raise SourceProblem(error.code) from None
            if answer.status >= 500:
                raise SourceProblem("server_error")
            walk.robots = answer.text if answer.status == 200 else ""
            if answer.status in (401, 403):
                walk.robots = "User-agent: *\nDisallow: /"
        self._rules = RobotFileParser()
        self._rules.parse(walk.robots.splitlines())
        if walk.follow and not walk.mapped and walk.todo:
            walk.mapped = True
            told = [place for place in self._rules.site_maps() or [] if self._is_ours(place)]
            walk.maps = (told or [urljoin(walk.start, "/sitemap.xml")])[:MAPS_MOST]

    def _allowed(self, address: str) -> bool:
        assert self._rules is not None
        return self._rules.can_fetch(NAME, address)

    def _read_map(self, address: str) -> None:
        """A site map is a help, and none is no fault, unless it is what was asked for."""
        walk = self.walk
        try:
            answer = self._get(address)
            read = self._reading.read("map", answer.body, name="", address=address)
        except (SourceProblem, Unreadable) as problem:
            if address == walk.start:
                raise SourceProblem(problem.reason) from None
            return
        self._note(read["links"])
        room = MAPS_MOST - len(walk.maps)
        walk.maps += [place for place in read["maps"] if self._is_ours(place)][: max(0, room)]

    def _note(self, links: list[str]) -> None:
        known = set(self.walk.seen)
        for link in links:
            link = _plain(link)
            if len(known) >= WAITING_MOST:
                return
            if link not in known and self._is_inside(link) and not _NO_PAGE.search(urlsplit(link).path):
                known.add(link)
                self.walk.seen.append(link)
                self.walk.todo.append(link)

    def _is_ours(self, address: str) -> bool:
        one, other = urlsplit(address), urlsplit(self.walk.start)
        return (one.scheme, one.netloc.lower()) == (other.scheme, other.netloc.lower())

    def _is_inside(self, address: str) -> bool:
        """On the same site, and below the page that was given: "/help/" does not lead to all of the shop."""
        path = urlsplit(self.walk.start).path
        folder = "/" if path.lower().endswith(".xml") else path.rpartition("/")[0] + "/"
        return self._is_ours(address) and (urlsplit(address).path or "/").startswith(folder)


def _plain(address: str) -> str:
    return urldefrag(address)[0]


def _kind(answer: Fetched) -> tuple[str, str]:
    given = answer.one("content-type").lower()
    mime, charset = given.split(";")[0].strip(), given.partition("charset=")[2].split(";")[0].strip(" \"'")
    if mime in ("text/html", "application/xhtml+xml", ""):
        return "html", charset
    if mime == "application/pdf":
        return "pdf", ""
    if mime in ("text/plain", "text/markdown"):
        return "text", charset
    raise SourceProblem("not_a_page")
