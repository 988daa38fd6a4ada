"""Check my site: looks at a page as a visitor's browser would, and says in plain words what keeps the button away."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.outside import guarded_client
from agents.outside.guarded_client import Fetched, NotFetched
from agents.outside.origins import Origin, parse_origin
from widgets import domains
from widgets.admission import limits
from widgets.install import embed, site_markup, site_policy
from widgets.install.site_markup import Markup, ScriptTag
from widgets.models import Kind, Widget
from widgets.refusals import Refused

Fetch = Callable[[str], Fetched]
CHECKS_A_MINUTE = 10  # for a widget


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. "bad" keeps the button away; "warn" may, or could not be seen from here."""

    check: str  # reachable, https, domain, tag, script, frame, microphone, sandbox
    level: Literal["ok", "warn", "bad"]
    sentence: str
    todo: str = ""  # what to do about it
    lines: tuple[str, ...] = ()  # exact lines to copy, for the web team

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Report:
    url: str  # the page that was looked at, after redirects
    at: datetime
    findings: tuple[Finding, ...]

    @property
    def unseen(self) -> bool:
        """Nothing was looked at: the page could not be had."""
        return [finding.check for finding in self.findings if finding.level != "ok"][:1] == ["reachable"]

    @property
    def level(self) -> Literal["ok", "warn", "bad"]:
        levels = {finding.level for finding in self.findings}
        return "bad" if "bad" in levels else "warn" if "warn" in levels else "ok"


def check_site(widget: Widget, address: str, *, fetch: Fetch = guarded_client.fetch, own_site: str = "") -> Report:
    """Fetch the page and judge it. Takes up to ten seconds; raises Refused (RATE_LIMITED), nothing else.

    `own_site` is the origin of a site that this very server shows: it may be fetched though it is on this machine.
    """
    if not limits.within("site-check", f"widget-{widget.pk}", CHECKS_A_MINUTE):
        raise Refused("RATE_LIMITED", "site check")
    url = complete(address)
    if own_site and _origin(url) == parse_origin(own_site):
        fetch = partial(guarded_client.fetch, private=True)
    try:
        page = fetch(url)
    except NotFetched as failed:
        seen = failed.url or url
        if failed.code in ("PRIVATE", "HTTPS_ONLY") and _is_loopback(seen):
            return Report(seen, timezone.now(), tuple(_unfetched(widget, seen)))
        return Report(seen, timezone.now(), (_unreached(failed),))
    return Report(page.url, timezone.now(), tuple(_judge(widget, page)))


def complete(address: str) -> str:
    """What somebody typed as an address: `shop.example.com/contact` means https, and this very machine has none."""
    address = address.strip()
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", address):
        return address
    plain = parse_origin("http://" + re.split(r"[/?#]", address, maxsplit=1)[0])
    return f"http{'' if plain and plain.is_secure else 's'}://{address}"


def _origin(url: str) -> Origin | None:
    parts = urlsplit(url)
    return parse_origin(f"{parts.scheme}://{parts.netloc}".lower())


def _is_loopback(url: str) -> bool:
    """A page on somebody's own computer, which browsers take for secure with and without https."""
    parts = urlsplit(url)
    plain = parse_origin(f"http://{parts.netloc}".lower())
    return plain is not None and plain.is_secure


def _unfetched(widget: Widget, url: str) -> Iterator[Finding]:
    """What can be told of a page on somebody's own computer without fetching it."""
    sentence = _("%s is on your own computer, so its pages are not fetched from here.") % urlsplit(url).netloc
    todo = _("Open the page in a browser on that computer: the button is there, or the browser’s console says why not.")
    yield Finding("reachable", "warn", sentence, todo)
    yield _https(url)
    yield _domain(widget, url)


def _unreached(failed: NotFetched) -> Finding:
    host = domains.readable(urlsplit(failed.url).netloc[:100] if "://" in failed.url else failed.url[:100])
    said = {
        "ADDRESS": (_("This is not an address that a browser could open."), _("Copy it from the address bar.")),
        "HTTPS_ONLY": (
            _("%s leads to a page without https, where browsers open no microphone.") % host,
            _("Ask whoever hosts your site to switch https on, and to send visitors there."),
        ),
        "PRIVATE": (
            _("%s is on a private network, so it cannot be looked at from here.") % host,
            _("Open the page in a browser instead: the button is there, or the browser’s console says why not."),
        ),
        "UNKNOWN_NAME": (_("There is no site called %s.") % host, _("Check the spelling.")),
        "CERTIFICATE": (
            _("The certificate of %s is not valid, so browsers warn your visitors.") % host,
            _("Ask whoever hosts your site to renew it."),
        ),
        "REDIRECTS": (
            _("The page sends visitors from one address to the next and never arrives."),
            _("Check the forwarding rules of your site."),
        ),
        "TOO_SLOW": (_("%s did not answer in time.") % host, _("Try again in a minute.")),
        "NOT_HTTP": (_("%s answered, but not with a web page.") % host, _("Check the address.")),
    }
    unknown = (_("%s could not be reached.") % host, _("Check the address, then try again."))
    sentence, todo = said.get(failed.code, unknown)
    checks = {"HTTPS_ONLY": "https", "CERTIFICATE": "https"}
    level: Literal["warn", "bad"] = "warn" if failed.code in ("PRIVATE", "TOO_SLOW") else "bad"
    return Finding(checks.get(failed.code, "reachable"), level, sentence, todo)


def _judge(widget: Widget, page: Fetched) -> Iterator[Finding]:
    host = domains.readable(urlsplit(page.url).netloc)
    if page.status in (401, 403, 407):
        sentence = _("%(host)s lets only some people in (it answered %(status)d), so its page was not seen.")
        todo = _("Open the page in a browser instead, or check a page that everybody may see.")
        yield Finding("reachable", "warn", sentence % {"host": host, "status": page.status}, todo)
        return
    kind = page.one("content-type").lower()
    if page.status != 200 or (kind and "html" not in kind):
        sentence = _("There is no web page at this address (it answered %d).") % page.status
        yield Finding("reachable", "bad", sentence, _("Check the address: it has to be a page with your button."))
        return
    yield Finding("reachable", "ok", _("%s answers.") % host)
    if widget.kind == Kind.PHONE:
        yield _https(page.url)
    yield _domain(widget, page.url)
    markup = site_markup.read(page.text, page.url)
    yield _tag(widget, page, markup)
    yield from _policies(widget, page, markup)
    if widget.kind == Kind.PHONE:
        yield _microphone(page)
    yield from _boxes(page, markup)


def _https(url: str) -> Finding:
    if urlsplit(url).scheme == "https":
        return Finding("https", "ok", _("The page comes over https."))
    if _is_loopback(url):
        return Finding("https", "ok", _("Browsers take a page on the computer itself for secure: it needs no https."))
    todo = _("Ask whoever hosts your site to switch https on, and to send visitors there.")
    return Finding("https", "bad", _("The page comes without https, so browsers open no microphone."), todo)


def _domain(widget: Widget, url: str) -> Finding:
    origin = _origin(url)
    if origin is not None and domains.match(origin, widget.domains.all()):
        return Finding("domain", "ok", _("%s is on the widget's list of domains.") % domains.readable(origin.site))
    host = domains.readable(urlsplit(url).netloc.lower())
    sentence = _("%s is not on the widget's list of domains, so the button stays away.") % host
    return Finding("domain", "bad", sentence, _("Add it under Domains."))


def _tag(widget: Widget, page: Fetched, markup: Markup) -> Finding:
    ours = embed.script_url(widget)
    tag = (embed.tag(widget),)
    mine = [script for script in markup.scripts if _same(script.src, ours)]
    others = [script for script in markup.scripts if _is_some_tag(script.src) and not _same(script.src, ours)]
    if len(mine) > 1:
        todo = _("Remove all but one. Look in the template, in plugins and in a tag manager.")
        return Finding("tag", "warn", _("The tag is on the page %d times. Once is enough.") % len(mine), todo)
    if mine and not mine[0].runs:
        todo = _("Let the banner treat it as necessary, or accept its cookies once and look for the button.")
        return Finding("tag", "warn", _("The tag is there, but held back, as cookie banners do."), todo)
    if mine and mine[0].integrity:
        sentence = _("The tag carries a checksum, which stops working at the next publish.")
        todo = _("Take the attribute “integrity” out of the tag: the script changes with each publish.")
        return Finding("tag", "bad", sentence, todo, tag)
    if mine and others and not _is_other_kind(widget, others):
        sentence = _("The tag is there, and so is the one of another widget. Only the first of them shows a button.")
        return Finding("tag", "warn", sentence, _("Remove the tag you don't want on this page."))
    if mine:
        return Finding("tag", "ok", _("The tag is on the page, once, with the right code."))
    if others and not _is_other_kind(widget, others):
        sentence = _("The page carries a tag with another code: an old one, or another widget's.")
        return Finding("tag", "bad", sentence, _("Replace it by this one."), tag)
    if any(_same(script.src, ours) for script in markup.boxed):
        todo = _("Put it into the page itself: in the site's settings for custom code, not into an “embed” box.")
        return Finding("tag", "bad", _("The tag is inside a box of its own, where no button can come out."), todo, tag)
    if widget.code in markup.commented:
        return Finding("tag", "bad", _("The tag is there, but commented out."), _("Take the comment signs away."), tag)
    if markup.uses_tag_manager:
        sentence = _(
            "The tag is not in the page itself. Google Tag Manager may add it, which cannot be seen from here."
        )
        return Finding("tag", "warn", sentence, _("Open the page in a browser and look for the button."), tag)
    if page.cut:
        sentence = _("The page is very long. In its first part there is no tag.")
        return Finding("tag", "warn", sentence, _("Open the page in a browser and look for the button."), tag)
    if widget.seen_host == urlsplit(page.url).netloc.lower() and not embed.snippet(widget).changed:
        sentence = _("The tag is not in the page itself, but this site has loaded the button: a script may add it.")
        return Finding("tag", "warn", sentence, _("Open the page in a browser and look for the button."), tag)
    todo = _("Copy it into the page, before </body>. What a script adds cannot be seen from here.")
    return Finding("tag", "bad", _("The tag is not on this page."), todo, tag)


def _is_other_kind(widget: Widget, others: list[ScriptTag]) -> bool:
    """Whether the other tags are those of the project's other kind: a Phone and a Chat stand side by side."""
    codes = {urlsplit(one.src).path.removeprefix("/widget/").removesuffix(".js") for one in others}
    kinds = list(Widget.objects.filter(project=widget.project, code__in=codes).values_list("kind", flat=True))
    return len(kinds) == len(codes) == 1 and kinds[0] != widget.kind


def _same(src: str, ours: str) -> bool:
    """The same address, whatever its scheme and query."""
    one, other = urlsplit(src), urlsplit(ours)
    return (one.netloc.lower(), one.path) == (other.netloc.lower(), other.path)


def _is_some_tag(src: str) -> bool:
    parts = urlsplit(src)
    ours = parts.netloc.lower() == urlsplit(settings.PUBLIC_URL).netloc
    return ours and re.fullmatch(r"/widget/[^/]+\.js", parts.path) is not None


def _policies(widget: Widget, page: Fetched, markup: Markup) -> Iterator[Finding]:
    held = page.all("content-security-policy") + markup.policies
    policies = [policy for text in held for policy in site_policy.parse(text)]
    script, frame = embed.script_url(widget), f"{settings.PUBLIC_URL}/widget/{widget.code}/frame"
    nonce = next((tag.nonce for tag in markup.scripts if _same(tag.src, script)), "")
    scripts = [found for policy in policies if (found := site_policy.blocks_script(policy, script, page.url, nonce))]
    frames = [found for policy in policies if (found := site_policy.blocks_frame(policy, frame, page.url))]
    change = _("Ask your web team to change the site's Content-Security-Policy to this:")
    if scripts and any(site_policy.needs_nonce(policy) for policy in policies):
        todo = _(
            "The site accepts only scripts with a number used once. Ask your web team to give the tag the same one:"
        )
        lines = (f'<script nonce="…" src="{script}"></script>',)
        yield Finding("script", "bad", _("The site's rules (CSP) keep our script out."), todo, lines)
    elif scripts:
        lines = tuple(found.needed for found in scripts)
        yield Finding("script", "bad", _("The site's rules (CSP) keep our script out."), change, lines)
    else:
        yield Finding("script", "ok", _("The site's rules let our script in."))
    if frames:
        lines = tuple(found.needed for found in frames)
        yield Finding("frame", "bad", _("The site's rules (CSP) keep the call card out."), change, lines)
    else:
        yield Finding("frame", "ok", _("The site's rules let the call card in."))
    if any(site_policy.is_boxed(policy) for policy in policies):
        todo = _("Ask your web team to take “sandbox” out of the site's Content-Security-Policy.")
        yield Finding("sandbox", "bad", _("The site puts its own page in a sandbox, where no call can start."), todo)


def _microphone(page: Fetched) -> Finding:
    new, old, ours = page.all("permissions-policy"), page.all("feature-policy"), settings.PUBLIC_URL
    if site_policy.allows_feature(new, "microphone", ours) and (
        new or site_policy.allows_old_feature(old, "microphone", ours)
    ):
        return Finding("microphone", "ok", _("The site lets the call card ask for the microphone."))
    line = f"Permissions-Policy: {embed.csp_lines()['Permissions-Policy']}"
    todo = _("Ask your web team to send this header with its pages:")
    return Finding("microphone", "bad", _("The site forbids the microphone to the call card."), todo, (line,))


def _boxes(page: Fetched, markup: Markup) -> Iterator[Finding]:
    """A page that only wraps another site's: what visitors see is that one, and the tag belongs there."""
    here = urlsplit(page.url).netloc.lower()
    foreign = [url for url in markup.frames if urlsplit(url).netloc.lower() not in ("", here)]
    shows_little = len(markup.scripts) == 0 and len(page.body) < 4000
    if foreign and shows_little:
        sentence = _("This page only shows another one, %s, in a frame.") % urlsplit(foreign[0]).netloc
        todo = _("Put the tag into this outer page. Inside a frame of another site there is no button.")
        yield Finding("sandbox", "warn", sentence, todo)
