"""What may be a mistake about visitors meeting a widget: said beside the field, and again wherever it takes effect.

A publish of the widget, a move to another environment, a site that is let in, a version that is published, promoted or
brought back: each of them shows what is found here.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agents.authoring import publish
from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.models import Environment, Project
from studio.pages.widget import languages
from widgets.card import look
from widgets.card.look import Look
from widgets.models import CallPage, Widget

WIDGETS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be a mistake. Whoever lets visitors meet it says that it is none, by its code."""

    code: str
    words: str


def answering(project: Project, environment: str) -> AgentSnapshot | None:
    version = publish.running(project, environment)
    return snapshot.read(version.config) if version else None


def of_draft(widget: Widget) -> list[Doubt]:
    """About publishing the widget's draft as it is kept."""
    draft = look.read(widget.draft)
    agent = answering(widget.project, widget.environment)
    return about(widget, draft, widget.environment, agent) if agent else _of_words(draft, widget.environment)


def of_move(widget: Widget, environment: str) -> list[Doubt]:
    """About its visitors meeting another environment. Where nothing is published yet, the first publish asks."""
    if widget.published is None:
        return []
    agent = answering(widget.project, environment)
    return about(widget, look.read(widget.published), environment, agent)


def about(widget: Widget, shown: Look, environment: str, agent: AgentSnapshot | None) -> list[Doubt]:
    """About visitors meeting this look where this agent answers."""
    if agent is None:
        words = _("No version of your agent runs in %s, so nobody can call: the button says that calls are closed.")
        return [Doubt("no_version", words % Environment(environment).label), *_of_words(shown, environment)]
    return [*_of_variant(widget, shown, agent), *_of_words(shown, environment)]


def _of_variant(widget: Widget, shown: Look, agent: AgentSnapshot) -> list[Doubt]:
    row, found = agent.variant(widget.variant_key)
    told = []
    if not found:
        words = _("The version that answers has no variant “%s”. Calls use the default one.")
        told.append(Doubt("variant", words % widget.variant_key))
    missing = languages.gaps(shown, row.attributes if row else {})
    if missing:
        words = _("Visitors see a gap on the card: the version that answers has no word for %s.")
        told.append(Doubt("gaps", words % ", ".join(missing)))
    return told


def _of_words(shown: Look, environment: str) -> list[Doubt]:
    found = _unasked(shown, environment)
    if shown.audio_to_page:
        words = _(
            "Scripts on your site get the sound of the visitor’s microphone during calls. Say so in your privacy "
            "policy, and switch it off if nothing on your site needs it."
        )
        found.append(Doubt("audio_to_page", words))
    return found


def _unasked(shown: Look, environment: str) -> list[Doubt]:
    if shown.consent.enabled:
        return []
    if shown.kind == "chat":  # nothing is recorded
        live = environment == Environment.LIVE
        return [Doubt("no_consent", _("Visitors are not asked for consent before a chat."))] if live else []
    if shown.recording == "after_consent":
        words = _("Nothing will be recorded: recording waits for a consent that nobody is asked for.")
        return [Doubt("never_recorded", words)]
    if shown.recording == "on":
        words = _(
            "Calls are recorded. The card tells visitors so, but does not ask them, and in many places the law wants "
            "their yes first. Switch on “Disclaimer and consent” under Content."
        )
        return [Doubt("recorded_unasked", words)]
    if environment == Environment.LIVE:
        return [Doubt("no_consent", _("Visitors are not asked for consent before a call."))]
    return []


def of_widgets(project: Project, environment: str, agent_config: dict[str, Any]) -> list[dict[str, Any]]:
    """About every widget whose visitors would hear an agent of this configuration."""
    agent = snapshot.read(agent_config)
    pages = set(
        CallPage.objects.filter(widget__project=project, environment=environment, enabled=True).values_list(
            "widget", flat=True
        )
    )
    open_ones = (
        Widget.objects.filter(project=project, enabled=True, archived_at=None).exclude(published=None).defer("draft")
    )
    told = []
    for widget in open_ones:
        if widget.environment == environment or widget.pk in pages:
            found = about(widget, look.read(widget.published), environment, agent)
            if found:
                told.append({"widget": widget, "doubts": found})
    return told[:WIDGETS_SHOWN]
