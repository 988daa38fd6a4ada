"""The preview beside the editor: the card of the draft, drawn by the frame's own code, in a frame of ours."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from agents.models import Variant
from studio.pages.widget import WidgetPage
from widgets import config, consent, views
from widgets.models import Widget


def shown(widget: Widget, agent_name: str) -> dict[str, Any]:
    """What the card of the draft is drawn from: as in the frame's own document, without anything that lets one call."""
    draft, _errors = config.clean(widget.draft)
    seen = views.looks(config.public(draft, agent_name))
    said = consent.wording(draft)
    return {"name": seen["style"]["agent_name"], "config": seen, "consent": said.shown() if said else None}


def agent_name(page: WidgetPage) -> str:
    """The name that the card falls back to: the variant's, else the agent's own."""
    variants = Variant.objects.filter(project=page.project)
    variant = variants.filter(key=page.widget.variant_key).first() or variants.filter(is_default=True).first()
    return (variant.attributes.get("agent_name") if variant else "") or page.project.agent.name


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Preview(WidgetPage):
    template_name = "studio/widget_preview.html"

    def get(self, request: HttpRequest, widget: int) -> HttpResponse:
        response = self.page(settings=shown(self.widget, agent_name(self)))
        response._csp_replace = {"frame-ancestors": ["'self'"]}
        return response
