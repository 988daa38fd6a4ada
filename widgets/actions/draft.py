"""What an editor changes and publishes: the words and the look of a widget. Each write holds the widget."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agents.authoring import publish
from agents.locks import Stale, locked
from agents.models import Version
from agents.people import audit
from widgets.actions.base import Invalid, Person, first_draft, moment
from widgets.admission import consent
from widgets.admission.shown import Shown
from widgets.card import cleaning, config, look, pictures, texts
from widgets.models import Widget, WidgetPublication


@locked
def save_draft(widget: Widget, data: Any, *, by: Person, revision: int | None = None) -> dict[str, Any]:
    """Keep what the editor holds; visitors see nothing of it yet. Raises Invalid or Stale, and then nothing is kept.

    Holds the widget. `revision` is the draft's number that the editor began with; None: whatever it is now.
    """
    cleaned, errors = _checked(widget, data)
    if errors:
        raise Invalid(errors)
    _check_revision(widget, revision)
    if cleaned != widget.draft:
        changed = sorted(part for part in cleaned if cleaned[part] != widget.draft.get(part))
        _put_draft(widget, cleaned)
        audit.record_stretch(by, "widget.draft", widget.project, widget, changed=changed)
    return cleaned


@locked
def discard_draft(widget: Widget, *, by: Person) -> None:
    """Back to what is published, or to the default look when nothing is; the draft is set aside. Holds the widget."""
    before = widget.published if widget.published is not None else first_draft(widget.project, widget.kind)
    if widget.draft != before:
        _set_aside(widget)
        _put_draft(widget, before)
        audit.record(by, "widget.discard", widget.project, widget)


@locked
def restore_publication(widget: Widget, publication: WidgetPublication, *, by: Person) -> None:
    """Make the draft what was once published, and set aside what it was; visitors see it after the next publish.

    Holds the widget. Raises Invalid.
    """
    cleaned, errors = _checked(widget, publication.config)
    if errors or publication.widget_id != widget.pk:
        raise Invalid(errors or {"publication": _("This belongs to another widget.")})
    if widget.draft != cleaned:
        _set_aside(widget)
        _put_draft(widget, cleaned)
        audit.record(by, "widget.restore", widget.project, widget, published_at=moment(publication.at))


@locked
def take_draft_back(widget: Widget, *, by: Person) -> bool:
    """Make the draft what was set aside, and set aside what it is. Says whether there was another one.

    Holds the widget. Raises Invalid.
    """
    if widget.draft_aside in (None, widget.draft):
        return False
    cleaned, errors = _checked(widget, widget.draft_aside)
    if errors:
        raise Invalid(errors)
    _set_aside(widget)
    _put_draft(widget, cleaned)
    audit.record(by, "widget.take_back", widget.project, widget)
    return True


@locked
def publish_widget(widget: Widget, *, by: Person, revision: int | None = None) -> WidgetPublication:
    """Show the draft to visitors from their next page load. The same again makes no new row.

    Holds the widget. Raises Stale, and Invalid: also where no version of the agent runs that could answer (field
    version).
    """
    _check_revision(widget, revision)
    cleaned, errors = cleaning.clean(widget.draft)
    version = publish.running(widget.project, widget.environment, config=False)
    if version is None:
        where = widget.get_environment_display()
        errors["version"] = _("No version of your agent runs in %s, so nobody could answer. Publish one first.") % where
    if errors:
        raise Invalid(errors)
    if widget.published == cleaned:
        newest = widget.publications.first()
        if newest:
            return newest
    widget.published, widget.published_at = cleaned, timezone.now()
    widget.save(update_fields=["published", "published_at", "updated_at"])
    if widget.draft != cleaned:
        _put_draft(widget, cleaned)
    audit.record(
        by,
        "widget.publish",
        widget.project,
        widget,
        consent=_wordings(widget, version, cleaned),
        recording=cleaned["recording"],
    )  # the lawyers' question later: which words were shown, and since when
    return WidgetPublication.objects.create(widget=widget, config=cleaned, by=by)


def _checked(widget: Widget, data: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """As cleaning.clean, and whether what the configuration refers to is there."""
    cleaned, errors = cleaning.clean(data)
    cleaned["kind"] = widget.kind  # that a widget is made with; nothing changes it
    for field in () if errors else config.PICTURES:
        section, _dot, name = field.partition(".")
        missing = pictures.problem(widget.project, cleaned[section][name])
        errors |= {field: missing} if missing else {}
    return cleaned, errors


def _wordings(widget: Widget, version: Version, shown: dict[str, Any]) -> str:
    """The digests of what visitors are asked to agree to from now on, in each language they may see it in."""
    seen = Shown(widget, look.read(shown), version)
    said = [consent.wording(seen.look, language, seen.variant) for language in texts.possible(seen.look)]
    return ", ".join(dict.fromkeys(consent.keep(widget, one).digest for one in said if one))


def _check_revision(widget: Widget, revision: int | None) -> None:
    if revision is not None and revision != widget.draft_revision:
        raise Stale(widget.draft_revision)


def _set_aside(widget: Widget) -> None:
    """The draft, before another takes its place, if it is work that is kept nowhere else: the default look and what was
    published once can be had again, and must not push it out."""
    published = widget.publications.values_list("config", flat=True).iterator(chunk_size=50)
    default = config.new(widget.kind, (config.said(widget.draft, "languages") or [""])[0])
    if widget.draft != default and not any(cleaning.clean(one)[0] == widget.draft for one in published):
        widget.draft_aside, widget.draft_aside_at = widget.draft, timezone.now()
        widget.save(update_fields=["draft_aside", "draft_aside_at"])


def _put_draft(widget: Widget, draft: dict[str, Any]) -> None:
    widget.draft, widget.draft_revision = draft, widget.draft_revision + 1
    widget.save(update_fields=["draft", "draft_revision", "updated_at"])


def differs(widget: Widget) -> bool:
    """Whether visitors would see something else after a publish."""
    if widget.draft == widget.published or widget.published is None:
        return widget.draft != widget.published
    return cleaning.clean(widget.draft)[0] != cleaning.clean(widget.published)[0]  # what is new in one has its default
