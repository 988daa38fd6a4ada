"""The preview beside the editor: the card of the draft, drawn by the frame's own code, in a frame of ours."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from agents.models import Variant
from studio.pages.widget.base import WidgetPage
from widgets.card import look, texts
from widgets.delivery import frame
from widgets.models import Widget


def shown(widget: Widget, agent_name: str, variant: dict[str, str]) -> dict[str, Any]:
    """What the card of the draft is drawn from: as in the frame's own document, without anything that lets one call.

    `after_hours` has what it says then: other words, or why it is closed.

    `offers` has what differs in each language, whether or not visitors are asked: the editor chooses which one is seen.
    """
    draft = look.read(widget.draft)
    first = draft.languages[0]
    seen = frame.looks(look.public(texts.rendered(draft, first, variant), agent_name))
    offers = frame.offers(draft, variant)
    late = draft.hours.enabled and draft.hours.outside
    for offer in offers:
        offer["label"] = texts.standing(draft, offer["language"], "launcher_label", variant)[0]
        if late == "welcome":
            rendered = texts.rendered(draft, offer["language"], variant)
            offer["after_hours"] = look.words(rendered, after_hours=True)["welcome"]
    return {
        "name": seen["style"]["agent_name"],
        "config": seen,
        **frame.in_language(draft, first, variant),
        "offers": offers,
        "asks": texts.asks(draft),
        "after_hours": late if late in ("welcome", "closed") else "",
    }


def answering(page: WidgetPage) -> tuple[str, dict[str, str]]:
    """The name that the card falls back to (the variant's, else the agent's own), and the variant's attributes."""
    variants = Variant.objects.filter(project=page.project)
    variant = variants.filter(key=page.widget.variant_key).first() or variants.filter(is_default=True).first()
    attributes = variant.attributes if variant else {}
    return attributes.get("agent_name") or page.project.agent.name, attributes


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Preview(WidgetPage):
    template_name = "studio/widget_preview.html"

    def get(self, request: HttpRequest, widget: int) -> HttpResponse:
        response = self.page(settings=shown(self.widget, *answering(self)))
        response._csp_replace = {"frame-ancestors": ["'self'"]}
        return response
