"""Views of one's own: filters of the list of conversations that a person keeps under a name.

They are nobody else's, so nothing of them is in the audit. All hold the membership, so that the bounds hold.
"""

from django.utils.translation import gettext as _

from agents.locks import Gone, locked
from agents.models import Member
from calling.models import SavedView
from calling.record.handling import NotPossible

VIEWS_MOST, NAME_CHARS = 20, 40


@locked
def save(member: Member, name: str, filters: dict[str, str]) -> SavedView:
    """Keep filters under a name; a view of that name shows them from now on. Holds the member. Raises NotPossible."""
    name = _checked(name)
    filters = {key: value for key, value in filters.items() if value}
    if not filters:
        raise NotPossible(_("Choose a filter or search for something first. Then it can be kept as a view."))
    found = member.saved_views.filter(name__iexact=name).first()
    if found is None:
        if member.saved_views.count() >= VIEWS_MOST:
            words = _("You have %d views, which is the most. Delete one that you no longer use.")
            raise NotPossible(words % VIEWS_MOST)
        return SavedView.objects.create(member=member, name=name, filters=filters)
    found.name, found.filters = name, filters
    found.save(update_fields=["name", "filters"])
    return found


@locked
def rename(member: Member, view: int, name: str) -> SavedView:
    """Holds the member. Raises NotPossible, and Gone for a view that is not theirs."""
    name = _checked(name)
    found = _of(member, view)
    if member.saved_views.filter(name__iexact=name).exclude(pk=found.pk).exists():
        raise NotPossible(_("Another of your views has this name."))
    found.name = name
    found.save(update_fields=["name"])
    return found


@locked
def delete(member: Member, view: int) -> str:
    """Its name. Holds the member. Raises Gone for a view that is not theirs."""
    found = _of(member, view)
    found.delete()
    return found.name


def _of(member: Member, view: int) -> SavedView:
    found: SavedView | None = member.saved_views.filter(pk=view).first()
    if found is None:
        raise Gone(f"view {view}")
    return found


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise NotPossible(_("Give the view a name."))
    if len(name) > NAME_CHARS:
        raise NotPossible(_("At most %d characters.") % NAME_CHARS)
    return name
