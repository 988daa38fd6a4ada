"""How to get the tag onto a site, for each kind of site: steps with the widget's own code, and what is still missing.

The steps name menus of other companies' products, as those are called in English; they are checked by hand.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from agents.authoring import publish
from widgets import domains
from widgets.card import look
from widgets.install import embed
from widgets.install.readiness import Need
from widgets.models import Kind, Widget


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    code: str = ""  # to copy, exactly
    language: str = ""  # html, php, jsx: for whoever colours it


@dataclass(frozen=True, slots=True)
class Guide:
    key: str
    name: str
    steps: tuple[Step, ...]
    note: str = ""  # what trips people up there


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the customer's site, for sites that send one of this name already."""

    name: str
    value: str
    when: str


def guides(widget: Widget) -> tuple[Guide, ...]:
    """Every guide, the usual one first."""
    tag = embed.tag(widget)
    return (
        _html(tag),
        _tag_manager(tag),
        _wordpress(tag),
        _shopify(tag),
        _webflow(tag),
        _wix(tag),
        _squarespace(tag),
        _react(embed.script_url(widget), "WebchatAPI" if widget.kind == Kind.CHAT else "PolyphoneAPI"),
    )


def headers(widget: Widget) -> tuple[Header, ...]:
    lines = embed.csp_lines()
    found = (
        Header(
            "Content-Security-Policy",
            lines["Content-Security-Policy"],
            _("If your site sends this header, add our address to these two parts of it. Leave the rest as it is."),
        ),
        Header(
            "Permissions-Policy",
            lines["Permissions-Policy"],
            _("If your site sends this header, let the call card ask for the microphone."),
        ),
    )
    return found[:1] if _only_writes(widget) else found


def _only_writes(widget: Widget) -> bool:
    """Who writes needs no microphone, unless they may go on aloud."""
    if widget.kind != Kind.CHAT:
        return False
    return not look.read(widget.published if widget.published is not None else widget.draft).chat.talk


def needs(widget: Widget) -> tuple[Need, ...]:
    """The things without which there is no call from a site, each ticked as it is now. A chat needs no https."""
    needed = (_variant(widget), _domain(widget), _seen(widget))
    return needed if widget.kind == Kind.CHAT else (*needed, _https(widget))


# ── The four needs ───────────────────────────────────────────────────────────────────────────────────────────


def _variant(widget: Widget) -> Need:
    place = widget.get_environment_display()
    version = publish.running(widget.project, widget.environment)
    if version is None:
        return Need("variant", "missing", _("No version of your agent runs in %s. Publish one.") % place)
    if publish.missing_variant(widget.project, widget.environment, widget.variant_key):
        words = _("The variant “%(key)s” is not published in %(place)s. Calls use the default one.")
        return Need("variant", "warning", words % {"key": widget.variant_key, "place": place})
    words = _("Version %(number)d of your agent runs in %(place)s, with the variant this widget uses.")
    return Need("variant", "done", words % {"number": version.number, "place": place})


def _domain(widget: Widget) -> Need:
    hosts = [row.shown for row in widget.domains.all()]
    if not hosts:
        return Need("domain", "missing", _("No site is on the list, so the button appears nowhere. Add yours."))
    shown = ", ".join(hosts[:3]) + (" …" if len(hosts) > 3 else "")
    return Need("domain", "done", _("The button may appear on %s.") % shown)


def _seen(widget: Widget) -> Need:
    found = embed.snippet(widget)
    if found.changed:
        return Need("seen", "missing", _("The code changed. Your sites still carry the old tag: replace it."))
    if found.seen_at is None:
        return Need("seen", "missing", _("The tag has not been seen on a listed site yet. Copy it into your pages."))
    return Need("seen", "done", _("The tag was seen on %s.") % domains.readable(found.seen_host))


def _https(widget: Widget) -> Need:
    here = urlsplit(settings.PUBLIC_URL)
    if here.scheme == "https":
        return Need("https", "done", _("Calls come over https. Your pages need it too: “Check my site” tells."))
    if here.hostname in ("localhost", "127.0.0.1"):
        return Need("https", "warning", _("On this computer it works without https. For your visitors it will not."))
    words = _("This server is reached without https, so browsers open no microphone. Ask whoever runs it.")
    return Need("https", "missing", words)


# ── The guides ───────────────────────────────────────────────────────────────────────────────────────────────


def _html(tag: str) -> Guide:
    return Guide(
        "html",
        _("Any HTML page"),
        (
            Step(_("Open the template or the page that your site is made from.")),
            Step(_("Paste this line just before </body>."), tag, "html"),
            Step(_("Save, upload, and load a page of your site anew: the button is in its corner.")),
        ),
        _("One tag for each page is enough, and it never changes when you publish."),
    )


def _tag_manager(tag: str) -> Guide:
    return Guide(
        "tag_manager",
        "Google Tag Manager",
        (
            Step(_("Open your container, choose Tags, then New.")),
            Step(_("Choose Tag Configuration, then Custom HTML, and paste this line."), tag, "html"),
            Step(_("Choose Triggering, then All Pages.")),
            Step(_("Save, then choose Submit and Publish. Until then only you see the button, in Preview.")),
        ),
        _("If your consent banner holds tags back, the button appears only after visitors accept."),
    )


def _wordpress(tag: str) -> Guide:
    code = f"add_action( 'wp_footer', function () {{ ?>\n{tag}\n<?php }} );"
    return Guide(
        "wordpress",
        "WordPress",
        (
            Step(_("Choose Plugins, then Add New, and install a plugin for header and footer code, such as WPCode.")),
            Step(_("Choose Code Snippets, then Header & Footer, and paste this line into Footer."), tag, "html"),
            Step(_("Choose Save Changes, then empty the cache of your site if it has one.")),
            Step(_("Without a plugin: add this to functions.php of your child theme instead."), code, "php"),
        ),
        _("Plugins that delay scripts keep the button away until the first scroll: make an exception for our address."),
    )


def _shopify(tag: str) -> Guide:
    return Guide(
        "shopify",
        "Shopify",
        (
            Step(_("Choose Online Store, then Themes.")),
            Step(_("Beside your theme choose the three dots, then Edit code.")),
            Step(_("Open layout/theme.liquid and paste this line just before </body>."), tag, "html"),
            Step(_("Choose Save.")),
        ),
        _("The button appears in your whole shop but not in the checkout, which takes no scripts of other companies."),
    )


def _webflow(tag: str) -> Guide:
    return Guide(
        "webflow",
        "Webflow",
        (
            Step(_("Open Site settings, then Custom code.")),
            Step(_("Paste this line into Footer code and choose Save."), tag, "html"),
            Step(_("Choose Publish. The button is on the published site, not in the Designer.")),
        ),
        _("Custom code needs a paid site plan."),
    )


def _wix(tag: str) -> Guide:
    return Guide(
        "wix",
        "Wix",
        (
            Step(_("Open Settings, then Custom Code in the part Advanced.")),
            Step(_("Choose Add Custom Code and paste this line."), tag, "html"),
            Step(_("Choose All pages, place it at Body - end, and choose Apply.")),
            Step(_("Publish your site.")),
        ),
        _("It needs a paid plan and your own domain. The element “Embed HTML” does not work: no button leaves it."),
    )


def _squarespace(tag: str) -> Guide:
    return Guide(
        "squarespace",
        "Squarespace",
        (
            Step(_("Open Settings, then Developer Tools, then Code Injection.")),
            Step(_("Paste this line into Footer."), tag, "html"),
            Step(_("Choose Save.")),
        ),
        _("Code Injection needs a plan that allows custom code."),
    )


def _react(src: str, api: str) -> Guide:
    following = f'import Script from "next/script";\n\n<Script src="{src}" strategy="afterInteractive" />'
    plain = (
        "useEffect(() => {\n"
        f"  if (window.{api}) return;\n"
        '  const script = document.createElement("script");\n'
        f'  script.src = "{src}";\n'
        "  document.body.append(script);\n"
        "}, []);"
    )
    return Guide(
        "react",
        "React, Next.js",
        (
            Step(_("Next.js: put this into the root layout."), following, "jsx"),
            Step(_("React without Next.js: put this into your outermost component."), plain, "jsx"),
            Step(_("Leave it there when views change: the button and a running call stay.")),
        ),
    )
