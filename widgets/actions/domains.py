"""The sites that may show a widget. Each write holds the widget: the list is never written from an older copy."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from agents.locks import locked
from agents.people import audit
from widgets import domains
from widgets.actions.base import (
    Invalid,
    Person,
)
from widgets.admission import refused_hosts
from widgets.models import AllowedDomain, RefusedHost, Widget

DOMAINS_MOST = 100


@locked
def set_domains(widget: Widget, addresses: Iterable[str], *, by: Person) -> list[AllowedDomain]:
    """Replace the whole list, at once for everybody.

    Holds the widget. Raises Invalid with each address that cannot be listed.
    """
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


@locked
def add_domain(widget: Widget, address: str, *, by: Person) -> domains.Address:
    """List one more site. Holds the widget. Raises Invalid (field address)."""
    try:
        listed = domains.normalise(address)
    except domains.BadAddress as bad:
        raise Invalid({"address": str(bad)}) from None
    set_domains(widget, [*map(str, widget.domains.all()), str(listed)], by=by)
    return listed


@locked
def remove_domain(widget: Widget, domain: AllowedDomain, *, by: Person) -> None:
    """Take a site off the list; the widget disappears there with the next page load, and no new call can start.

    Holds the widget.
    """
    set_domains(widget, [str(row) for row in widget.domains.all() if row.pk != domain.pk], by=by)


@locked
def allow_refused_host(widget: Widget, refused: RefusedHost, typed: str, *, by: Person) -> domains.Address:
    """List a site that was turned away, once somebody typed its name: typing it makes sure they looked at it.

    Holds the widget. Raises Invalid (field typed).
    """
    try:
        same = domains.normalise(typed) == domains.normalise(refused.host)
    except domains.BadAddress as bad:
        raise Invalid({"typed": str(bad)}) from None
    if refused.widget_id != widget.pk or not same:
        raise Invalid({"typed": _("This is not the same address. Type it as it stands above.")})
    listed = add_domain(widget, refused.host, by=by)
    refused.delete()
    return listed
