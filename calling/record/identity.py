"""Who the visitor of a chat is, where their site has signed it: read from what was signed, kept, and found again.

A site names things as it likes. The names below are the usual ones for a person; anything else that was signed is for
the agent, and nobody is searched by it.
"""

import re
import uuid
from typing import Any

from agents.models import Project
from calling.models import Conversation, Identity
from calling.record import search

# By what a site calls it, in small letters and without signs.
NAME = ("name", "fullname", "displayname", "username")
FIRST, LAST = ("firstname", "givenname"), ("lastname", "familyname", "surname")
EMAIL = ("email", "emailaddress", "mail", "useremail")
GIVEN_ID = ("id", "userid", "customerid", "customernumber", "accountid", "memberid", "externalid")


def keep(call: Conversation, signed: dict[str, Any]) -> None:
    """In place of what was signed before; nothing stays of a person whom the site names no more."""
    who = read(signed)
    if not any(who.values()):
        Identity.objects.filter(pk=call.pk).delete()
        return
    words = "\n".join(search_form(value) for value in who.values() if value)[:500]
    Identity.objects.update_or_create(pk=call.pk, defaults={**who, "project_id": call.project_id, "words": words})


def read(signed: dict[str, Any]) -> dict[str, str]:
    """Name, e-mail and id of what was signed; empty where it has none."""
    told = {re.sub("[^a-z]", "", name.lower()): value for name, value in signed.items()}

    def first(names: tuple[str, ...], most: int) -> str:
        values = (told.get(name) for name in names)
        plain = (value for value in values if isinstance(value, str | int) and not isinstance(value, bool))
        return next((text for value in plain if (text := " ".join(str(value).split())[:most])), "")

    parts = (first(FIRST, 60), first(LAST, 60))
    name = first(NAME[:-1], 120) or " ".join(filter(None, parts)) or first(NAME[-1:], 120)
    return {"name": name, "email": first(EMAIL, 254), "given_id": first(GIVEN_ID, 120)}


def search_form(words: str) -> str:
    return " ".join(words.split()).casefold()


def found(project: Project, words: str) -> set[uuid.UUID]:
    """The conversations of visitors in whose name, e-mail or id these words are."""
    wanted = search_form(words)
    if len(wanted) < search.LETTERS_LEAST:
        return set()
    rows = Identity.objects.filter(project=project, words__contains=wanted)
    return set(rows.values_list("pk", flat=True)[: search.TURNS_MOST])


def certain(project: Project, words: str) -> set[uuid.UUID]:
    """Those whose whole e-mail or id this is: nobody else has it."""
    rows = Identity.objects.filter(project=project, words__contains=search_form(words))
    mine = rows.filter(email__iexact=words) | rows.filter(given_id=words)
    return set(mine.values_list("pk", flat=True)[: search.TURNS_MOST])
