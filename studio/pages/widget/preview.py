"""The preview beside the editor: the card of the draft, drawn by the frame's own code, in a frame of ours."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from agents.brains import snapshot
from agents.models import Variant
from studio.pages.widget.base import WidgetPage
from widgets.card import look, texts
from widgets.delivery import frame
from widgets.models import Kind, Widget


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
    if widget.kind == Kind.CHAT:
        seen["samples"] = _samples(widget, variant)
    return {
        "name": seen["style"]["agent_name"],
        "config": seen,
        **frame.in_language(draft, first, variant),
        "offers": offers,
        "asks": texts.asks(draft),
        "after_hours": late if late in ("welcome", "closed") else "",
    }


def _samples(widget: Widget, variant: dict[str, str]) -> dict[str, str]:
    """What the chat of a preview says: the agent's greeting, and a question with its answer."""
    topic = widget.project.topics.filter(active=True).exclude(samples=[]).order_by("id").first()
    agent = widget.project.agent
    return {
        "greeting": snapshot.legible(agent.greeting, variant) or _("Hello, how can I help?"),
        "question": topic.samples[0] if topic else _("When are you open?"),
        "answer": snapshot.legible(topic.content, variant) if topic else _("From nine to six, Monday to Saturday."),
    }


def answering(page: WidgetPage) -> tuple[str, dict[str, str]]:
    """The name that the card falls back to (the variant's, else the agent's own), and the variant's attributes."""
    variants = Variant.objects.filter(project=page.project)
    variant = variants.filter(key=page.widget.variant_key).first() or variants.filter(is_default=True).first()
    attributes = variant.attributes if variant else {}
    return attributes.get("agent_name") or page.project.agent.name, attributes


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Preview(WidgetPage):
    @property
    def template_name(self) -> str:
        return "studio/chat_preview.html" if self.is_chat else "studio/widget_preview.html"

    def get(self, request: HttpRequest, widget: int) -> HttpResponse:
        response = self.page(settings=shown(self.widget, *answering(self)))
        response._csp_replace = {"frame-ancestors": ["'self'"]}
        return response
