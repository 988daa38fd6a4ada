"""The Embed tab: the tag, where it goes, what is still missing, and a look at the site as a browser sees it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from studio import demo
from studio.pages.widget.base import WidgetPage
from widgets import domains
from widgets.install import embed, guides, site_check
from widgets.refusals import Refused

ADDRESS_MOST = 500


class Embed(WidgetPage):
    template_name = "studio/widget_embed.html"
    tab = "embed"
    shown_by_itself = frozenset({"version", "variant", "domains", "seen"})

    def context(self) -> dict[str, Any]:
        return {
            "tag": embed.tag(self.widget),
            "guides": guides.guides(self.widget),
            "headers": guides.headers(self.widget),
            "four": self._four(),
            "publication": self.widget.publications.select_related("by").first(),
            "typed": self._page_to_check(),
        }

    def _four(self) -> list[dict[str, Any]]:
        """The four needs, each with the way to it."""
        ways = {
            "variant": (self.address("versions"), _("Publish a version")),
            "domain": (self.address("domains", widget=self.widget.pk), _("Add a site")),
        }
        return [{"need": need, "way": ways.get(need.code)} for need in guides.needs(self.widget)]

    def _page_to_check(self) -> str:
        """The page somebody most likely means: where the tag was seen, else the first listed site."""
        first = self.widget.domains.first()
        return domains.readable(self.widget.seen_host or (str(first) if first else ""))


class Needs(Embed):
    """Only the four needs: asked for again and again while the page is open, so that they tick by themselves."""

    template_name = "studio/parts/widget_four.html"

    def get(self, request: HttpRequest, widget: int) -> HttpResponse:
        return self.page(self.template_name, four=self._four())


class SiteCheck(Embed):
    """Look at a page of the site, and say what keeps the button away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        typed = request.POST.get("page", "").strip()[:ADDRESS_MOST]
        shown: dict[str, Any] = {"typed": typed}
        if not typed:
            shown["problem"] = _("Type the address of a page that carries your tag.")
        else:
            try:
                shown["report"] = site_check.check_site(self.widget, typed, own_site=demo.site_origin())
            except Refused:
                shown["problem"] = _("That was the tenth look within a minute. Wait a moment, then look again.")
        if request.headers.get("Accept") == "text/x-part":
            return self.page("studio/parts/widget_check.html", **shown)
        return self.page(Embed.template_name, **(self.context() | shown))
