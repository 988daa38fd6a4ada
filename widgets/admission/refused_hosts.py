"""Sites that were turned away, counted for the widget's owner, at a cost that a hostile page cannot drive up.

A page can claim any host as often as it likes. So: refusals are tallied in the cache and reach the database at most
once in 10 seconds for a host, at most 30 times a minute for a widget; beyond 15 a minute of one address, and 120 of all
together, nothing is tallied at all.
A widget keeps 20 hosts. A new one takes the place of the smallest count, the oldest among equals: a flood of invented
hosts displaces itself, and not the site that asks again and again.
"""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agents.outside.origins import parse_origin
from widgets import domains
from widgets.admission import limits
from widgets.admission.access import HostRefused
from widgets.models import RefusedHost, Widget
from widgets.refusals import Refused

KEPT = 20
WRITE_EVERY_S = 10
TALLY_S = 600


def note(refused: Refused, address: str) -> None:
    """Count it, where it was a site that was refused."""
    if isinstance(refused, HostRefused):
        count(refused.widget, refused.site, address)


def count(widget: Widget, host: str, address: str) -> None:
    """One more refusal of that host, to a visitor's address. The count is a floor: under a flood not all are seen."""
    try:
        limits.draw(limits.of_address("refused", address), limits.of_widget("refused", widget.pk))
    except Refused:
        return
    slot = f"refused:{widget.pk}:{salted_hmac('pickup.refused', host).hexdigest()[:24]}"
    cache.add(f"{slot}:tally", 0, TALLY_S)
    try:
        cache.incr(f"{slot}:tally")
    except ValueError:
        return  # evicted in between: this one is lost
    if not cache.add(f"{slot}:written", True, WRITE_EVERY_S):
        return
    try:
        limits.draw(limits.of_widget("refused-write", widget.pk))
    except Refused:
        return
    tally = cache.get(f"{slot}:tally") or 1
    cache.set(f"{slot}:tally", 0, TALLY_S)
    _write(widget, host[:260], tally)


def forget_covered(widget: Widget, listed: Iterable[domains.Listed]) -> None:
    """Drop the counts of sites that the list covers now: they are not turned away any more."""
    listed = list(listed)
    for row in RefusedHost.objects.filter(widget=widget):
        origins = (parse_origin(f"{scheme}://{row.host}") for scheme in ("https", "http"))
        if any(origin and domains.match(origin, listed) for origin in origins):
            row.delete()


def _write(widget: Widget, host: str, more: int) -> None:
    now = timezone.now()
    rows = RefusedHost.objects.filter(widget=widget)
    if rows.filter(host=host).update(count=F("count") + more, last_seen=now):
        return
    try:
        with transaction.atomic():
            RefusedHost.objects.create(widget=widget, host=host, count=more, last_seen=now)
            surplus = rows.exclude(host=host).order_by("-count", "-last_seen").values_list("pk", flat=True)[KEPT - 1 :]
            rows.filter(pk__in=list(surplus)).delete()
    except IntegrityError:  # another process met the same host, or the widget is being deleted
        rows.filter(host=host).update(count=F("count") + more, last_seen=now)
