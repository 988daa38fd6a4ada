"""A conversation before it is kept: what admitted it, what it runs on, and a reference that is easily said."""

import secrets
import uuid

from django.utils import timezone

from agents.brains.snapshot import AgentSnapshot
from agents.models import Project
from calling.models import Conversation
from widgets.admission.access import Admission

REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that sounds or looks like another
REFERENCE_LENGTH = 4
_NEVER_BEGUN = uuid.UUID("3f0a2a0e-7a55-4d8e-9d0e-6f1f3f0f6a31")
SITE_CHARS = 260  # what the column holds: a name of full length with scheme and port has a few more


def of_chat(admitted: Admission, agent: AgentSnapshot, visitor: str) -> Conversation:
    """One with a reference and an id of its own, that is not kept yet."""
    return of_call(admitted, agent, visitor, new_reference(admitted.widget.project), uuid.uuid4())


def of_call(admitted: Admission, agent: AgentSnapshot, visitor: str, reference: str, pk: uuid.UUID) -> Conversation:
    """A new one that is not kept yet."""
    widget = admitted.widget
    variant, _found = agent.variant(widget.variant_key)
    return Conversation(
        pk=pk,
        reference=reference,
        project=widget.project,
        widget=widget,
        widget_name=widget.name,
        environment=admitted.environment,
        version=admitted.version,
        variant_key=variant.key if variant else "",
        language=agent.language,  # that is spoken; the card's is with the consent
        site=admitted.site[:SITE_CHARS],
        is_test=admitted.is_test,
        visitor=visitor,
        started_at=timezone.now(),
    )


def never_begun_id(page: str) -> uuid.UUID:
    """Of the row that a page has while no call came up: the one id for all that its visitor tries."""
    return uuid.uuid5(_NEVER_BEGUN, page) if page else uuid.uuid4()


def new_reference(project: Project) -> str:
    """Short enough to say on the phone: "HB-7K2Q". Two signs of the project, then chance; longer when many are used."""
    words = project.slug.upper().split("-")
    start = "".join(word[0] for word in words if word)[:2] if len(words) > 1 else words[0][:2]
    length = REFERENCE_LENGTH
    while True:
        for _attempt in range(5):
            reference = f"{start}-" + "".join(secrets.choice(REFERENCE_SIGNS) for _sign in range(length))
            if not Conversation.objects.filter(reference=reference).exists():
                return reference
        length += 1
