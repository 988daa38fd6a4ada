"""Every write to a widget. Pages check permission first; these check values, write, and keep an audit line."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.authoring import publish
from agents.models import Environment, Project, Version
from agents.people import audit
from widgets import access, call_page, config, consent, domains, pictures, refused_hosts, test_link, texts
from widgets.models import (
    AllowedDomain,
    CallPage,
    RefusedHost,
    TestLink,
    Widget,
    WidgetPublication,
    new_code,
    new_slug,
)

Person = AbstractBaseUser | None
NAME_MOST = 60
DOMAINS_MOST = 100


class Invalid(ValueError):
    """Nothing was written; `errors` says by field what to correct."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {words}" for field, words in errors.items()))
        self.errors = errors


class Stale(Exception):
    """Nothing was written: somebody else changed the draft since. `revision` is the one it has now."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"the draft is at revision {revision}")
        self.revision = revision


@transaction.atomic
def create_widget(
    project: Project,
    *,
    by: Person,
    name: str,
    address: str = "",
    environment: str = Environment.SANDBOX,
    variant_key: str = "",
) -> Widget:
    """A new Phone widget with the default look, unpublished. Raises Invalid (fields name, address, environment, …)."""
    errors = {}
    name = _name(name, errors)
    listed = None
    if address.strip():
        try:
            listed = domains.normalise(address)
        except domains.BadAddress as bad:
            errors["address"] = str(bad)
    _environment(environment, errors)
    _variant(project, variant_key, errors)
    if errors:
        raise Invalid(errors)
    widget = Widget.objects.create(
        project=project, name=name, environment=environment, variant_key=variant_key, draft=config.new()
    )
    if listed:
        AllowedDomain.objects.create(widget=widget, host=listed.host, port=listed.port)
    audit.record(by, "widget.create", project, widget, environment=str(environment), domain=str(listed or ""))
    return widget


@transaction.atomic
def rename_widget(widget: Widget, name: str, *, by: Person) -> None:
    errors: dict[str, str] = {}
    name = _name(name, errors)
    if errors:
        raise Invalid(errors)
    _set(widget, "name", name, "widget.rename", by)


@transaction.atomic
def save_draft(widget: Widget, data: Any, *, by: Person, revision: int | None = None) -> dict[str, Any]:
    """Keep what the editor holds; visitors see nothing of it yet. Raises Invalid or Stale, and then nothing is kept.

    `revision` is the draft's number that the editor began with; None where nobody else can be editing.
    """
    cleaned, errors = _checked(widget, data)
    if errors:
        raise Invalid(errors)
    _lock_draft(widget, revision)
    if cleaned != widget.draft:
        changed = sorted(part for part in cleaned if cleaned[part] != widget.draft.get(part))
        _put_draft(widget, cleaned)
        audit.record_stretch(by, "widget.draft", widget.project, widget, changed=changed)
    return cleaned


@transaction.atomic
def discard_draft(widget: Widget, *, by: Person) -> None:
    """Back to what is published, or to the default look when nothing is."""
    _lock_draft(widget)
    before = widget.published if widget.published is not None else config.new()
    if widget.draft != before:
        _put_draft(widget, before)
        audit.record(by, "widget.discard", widget.project, widget)


@transaction.atomic
def restore_publication(widget: Widget, publication: WidgetPublication, *, by: Person) -> None:
    """Make the draft what was once published; visitors see it after the next publish. Raises Invalid."""
    cleaned, errors = _checked(widget, publication.config)
    if errors or publication.widget_id != widget.pk:
        raise Invalid(errors or {"publication": _("This belongs to another widget.")})
    _lock_draft(widget)
    if widget.draft != cleaned:
        _put_draft(widget, cleaned)
        audit.record(by, "widget.restore", widget.project, widget, published_at=_moment(publication.at))


@transaction.atomic
def publish_widget(widget: Widget, *, by: Person, revision: int | None = None) -> WidgetPublication:
    """Show the draft to visitors from their next page load. The same again makes no new row.

    Raises Stale, and Invalid: also where no version of the agent runs that could answer (field version).
    """
    _lock_draft(widget, revision)
    cleaned, errors = config.clean(widget.draft)
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
    """As config.clean, and whether what the configuration refers to is there."""
    cleaned, errors = config.clean(data)
    missing = "" if errors else pictures.problem(widget.project, cleaned["style"]["avatar"])
    return cleaned, errors | ({"style.avatar": missing} if missing else {})


def _wordings(widget: Widget, version: Version, shown: dict[str, Any]) -> str:
    """The digests of what visitors are asked to agree to from now on, in each language they may see it in."""
    variant = access.Admission(widget, "", "", version, shown, widget.environment).variant
    said = [consent.wording(shown, language, variant) for language in texts.possible(shown)]
    return ", ".join(dict.fromkeys(consent.keep(widget, one).digest for one in said if one))


def _lock_draft(widget: Widget, revision: int | None = None) -> None:
    """The row as it is now, held until the transaction ends."""
    widget.refresh_from_db(from_queryset=Widget.objects.select_for_update())
    if revision is not None and revision != widget.draft_revision:
        raise Stale(widget.draft_revision)


def _put_draft(widget: Widget, draft: dict[str, Any]) -> None:
    widget.draft, widget.draft_revision = draft, widget.draft_revision + 1
    widget.save(update_fields=["draft", "draft_revision", "updated_at"])


def differs(widget: Widget) -> bool:
    """Whether visitors would see something else after a publish."""
    if widget.draft == widget.published or widget.published is None:
        return widget.draft != widget.published
    return config.clean(widget.draft)[0] != config.clean(widget.published)[0]  # what is new in one has its default


@transaction.atomic
def set_domains(widget: Widget, addresses: Iterable[str], *, by: Person) -> list[AllowedDomain]:
    """Replace the whole list, at once for everybody. Raises Invalid with each address that cannot be listed."""
    errors: dict[str, str] = {}
    wanted: list[domains.Address] = []
    for typed in addresses:
        try:
            wanted.append(domains.normalise(typed))
        except domains.BadAddress as bad:
            errors[typed] = str(bad)
    wanted = list(dict.fromkeys(wanted))
    if len(wanted) > DOMAINS_MOST:
        errors["addresses"] = _("At most %d sites for one widget.") % DOMAINS_MOST
    if errors:
        raise Invalid(errors)
    before = {domains.Address(row.host, row.port): row for row in widget.domains.all()}
    for gone in before.keys() - set(wanted):
        before[gone].delete()
    for address in wanted:
        if address not in before:
            AllowedDomain.objects.create(widget=widget, host=address.host, port=address.port)
    if before.keys() != set(wanted):
        refused_hosts.forget_covered(widget, wanted)
        lists = {"before": sorted(map(str, before)), "after": sorted(map(str, wanted))}
        audit.record(by, "widget.domains", widget.project, widget, **lists)
    return list(widget.domains.all())


def add_domain(widget: Widget, address: str, *, by: Person) -> domains.Address:
    """List one more site. Raises Invalid (field address)."""
    try:
        listed = domains.normalise(address)
    except domains.BadAddress as bad:
        raise Invalid({"address": str(bad)}) from None
    set_domains(widget, [*map(str, widget.domains.all()), str(listed)], by=by)
    return listed


def remove_domain(widget: Widget, domain: AllowedDomain, *, by: Person) -> None:
    """Take a site off the list; the widget disappears there with the next page load, and no new call can start."""
    set_domains(widget, [str(row) for row in widget.domains.all() if row.pk != domain.pk], by=by)


def allow_refused_host(widget: Widget, refused: RefusedHost, typed: str, *, by: Person) -> domains.Address:
    """List a site that was turned away, once somebody typed its name: typing it makes sure they looked at it."""
    try:
        same = domains.normalise(typed) == domains.normalise(refused.host)
    except domains.BadAddress as bad:
        raise Invalid({"typed": str(bad)}) from None
    if refused.widget_id != widget.pk or not same:
        raise Invalid({"typed": _("This is not the same address. Type it as it stands above.")})
    listed = add_domain(widget, refused.host, by=by)
    refused.delete()
    return listed


@transaction.atomic
def set_enabled(widget: Widget, enabled: bool, *, by: Person) -> None:
    """The off switch: no new call starts, the button is gone with the next page load."""
    if enabled and widget.archived_at is not None:
        raise Invalid({"enabled": _("The widget is archived. Take it out of the archive first.")})
    _set(widget, "enabled", enabled, "widget.enabled", by)


@transaction.atomic
def set_environment(widget: Widget, environment: str, *, by: Person) -> None:
    errors: dict[str, str] = {}
    _environment(environment, errors)
    if errors:
        raise Invalid(errors)
    _set(widget, "environment", str(environment), "widget.environment", by)


@transaction.atomic
def set_variant(widget: Widget, variant_key: str, *, by: Person) -> None:
    """Which row of the agent's variants calls from here use; empty for the default one."""
    errors: dict[str, str] = {}
    _variant(widget.project, variant_key, errors)
    if errors:
        raise Invalid(errors)
    _set(widget, "variant_key", variant_key, "widget.variant", by)


@transaction.atomic
def set_max_calls(widget: Widget, most: int | None, *, by: Person) -> None:
    """How many calls this widget may hold at the same time; None for no limit of its own."""
    if most is not None and not 1 <= most <= 10_000:
        raise Invalid({"max_calls": _("Choose a number from 1 to 10,000, or leave it empty.")})
    _set(widget, "max_calls", most, "widget.max_calls", by)


@transaction.atomic
def rotate_code(widget: Widget, *, by: Person) -> str:
    """A new public code. Tags with the old one stop working, and so do the grants and tickets made for it."""
    widget.code = new_code()
    widget.rotated_at = timezone.now()
    widget.save(update_fields=["code", "rotated_at", "updated_at"])
    audit.record(by, "widget.rotate_code", widget.project, widget)
    return widget.code


@transaction.atomic
def duplicate_widget(widget: Widget, *, by: Person) -> Widget:
    """Another widget like this one, with a code of its own and nothing published. Its sites come along."""
    start, end = widget.name, _(" (copy)")
    copied = Widget.objects.create(
        project=widget.project,
        kind=widget.kind,
        name=start[: NAME_MOST - len(end)].rstrip() + end,
        environment=widget.environment,
        variant_key=widget.variant_key,
        max_calls=widget.max_calls,
        draft=widget.draft,
    )
    AllowedDomain.objects.bulk_create(
        AllowedDomain(widget=copied, host=row.host, port=row.port) for row in widget.domains.all()
    )
    audit.record(by, "widget.duplicate", widget.project, copied, of=f"widget:{widget.pk}")
    return copied


@transaction.atomic
def archive_widget(widget: Widget, *, by: Person) -> None:
    """Put it away: switched off, its links ended, out of the lists. Everything about it is kept."""
    if widget.archived_at is not None:
        return
    set_enabled(widget, False, by=by)
    revoke_test_links(widget, by=by)
    widget.archived_at = timezone.now()
    widget.save(update_fields=["archived_at", "updated_at"])
    audit.record(by, "widget.archive", widget.project, widget)


@transaction.atomic
def unarchive_widget(widget: Widget, *, by: Person) -> None:
    """Back into the lists, still switched off: whoever brings it back decides when it takes calls."""
    if widget.archived_at is None:
        return
    widget.archived_at = None
    widget.save(update_fields=["archived_at", "updated_at"])
    audit.record(by, "widget.unarchive", widget.project, widget)


@transaction.atomic
def delete_widget(widget: Widget, *, by: Person) -> None:
    """Delete the widget. Its conversations, and what visitors agreed to, are kept."""
    audit.record(by, "widget.delete", widget.project, widget)
    widget.delete()
    pictures.forget_unused(widget.project)


# ── Pages of our own ─────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def save_call_page(
    widget: Widget, *, by: Person, enabled: bool, environment: str, expires_at: datetime | None
) -> CallPage:
    """Switch the call page on or off, and say what it runs and until when. Acts at once. Raises Invalid."""
    errors: dict[str, str] = {}
    _environment(environment, errors)
    page = call_page.of(widget)
    if enabled and expires_at is not None and expires_at <= timezone.now():
        errors["expires_at"] = _("Choose a moment in the future, or leave it empty.")
    if errors:
        raise Invalid(errors)
    before = {"enabled": page.enabled, "environment": page.environment, "expires_at": _moment(page.expires_at)}
    after = {"enabled": enabled, "environment": str(environment), "expires_at": _moment(expires_at)}
    if before != after:
        page.enabled, page.environment, page.expires_at = enabled, str(environment), expires_at
        page.save(update_fields=[*after, "updated_at"])
        audit.record(by, "widget.page", widget.project, widget, before=before, after=after)
    return page


@transaction.atomic
def set_call_page_passphrase(widget: Widget, passphrase: str, *, by: Person) -> None:
    """Ask callers of the page for these words first; empty: ask no more. Who is in already is asked anew."""
    page = call_page.of(widget)
    passphrase = call_page.tidy(passphrase)
    if passphrase and len(passphrase) < call_page.PASSPHRASE_LEAST:
        raise Invalid(
            {
                "passphrase": _("Use at least %d characters. A few words are easy to say and hard to guess.")
                % call_page.PASSPHRASE_LEAST
            }
        )
    if len(passphrase) > call_page.PASSPHRASE_MOST:
        raise Invalid({"passphrase": _("At most %d characters.") % call_page.PASSPHRASE_MOST})
    if not passphrase and not page.passphrase:
        return
    page.passphrase = make_password(passphrase) if passphrase else ""
    page.save(update_fields=["passphrase", "updated_at"])
    audit.record(by, "widget.page_passphrase", widget.project, widget, asked=bool(passphrase))


@transaction.atomic
def rotate_call_page(widget: Widget, *, by: Person) -> CallPage:
    """A new address. The old one, and whatever was admitted through it, ends."""
    page = call_page.of(widget)
    page.slug = new_slug()
    page.save(update_fields=["slug", "updated_at"])
    audit.record(by, "widget.page_rotate", widget.project, widget)
    return page


@transaction.atomic
def make_test_link(widget: Widget, *, by: Person) -> str:
    """The address of a test page that works for an hour."""
    now = timezone.now()
    TestLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    link = TestLink.objects.create(widget=widget, by=by, expires_at=now + timedelta(seconds=test_link.GOOD_S))
    audit.record(by, "widget.test_link", widget.project, widget)
    return test_link.url(link)


@transaction.atomic
def revoke_test_links(widget: Widget, *, by: Person) -> int:
    """End every test link of the widget now. Says how many still worked."""
    now = timezone.now()
    ended = widget.test_links.filter(revoked_at=None, expires_at__gt=now).update(revoked_at=now)
    if ended:
        audit.record(by, "widget.test_revoke", widget.project, widget, links=ended)
    return ended


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _set(widget: Widget, field: str, value: Any, action: str, by: Person) -> None:
    before = getattr(widget, field)
    if before == value:
        return
    setattr(widget, field, value)
    widget.save(update_fields=[field, "updated_at"])
    audit.record(by, action, widget.project, widget, before=before, after=value)


def _name(name: str, errors: dict[str, str]) -> str:
    name = " ".join(name.split())
    if not name:
        errors["name"] = _("Give the widget a name. Visitors don’t see it.")
    elif len(name) > NAME_MOST:
        errors["name"] = _("At most %(most)d characters; this has %(has)d.") % {"most": NAME_MOST, "has": len(name)}
    return name


def _environment(environment: str, errors: dict[str, str]) -> None:
    if environment not in Environment.values:
        errors["environment"] = _("Choose one of the environments.")


def _variant(project: Project, key: str, errors: dict[str, str]) -> None:
    if key and not project.variants.filter(key=key).exists():
        errors["variant_key"] = _("There is no such variant any more. Choose another one.")
