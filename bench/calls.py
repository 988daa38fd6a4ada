"""Conversations for the console's pages to be slow with: of one project, over a month, most of them handled."""

from datetime import timedelta
from typing import Any

CALLS, DAYS, TURNS = 100_000, 30, 6
BATCH = 2_000
COMMON, RARE, NAME = "opening hours", "the harbour entrance", "Annegret Wielandsen"
AGENT_STATE = {"memory": "x" * 2000}


def fill(project: Any, widget: Any, count: int) -> None:
    """Every tenth asks what nobody knows, every hundredth says RARE, one says NAME, and all say COMMON."""
    from django.utils import timezone

    from calling.models import Conversation, Turn
    from calling.record import outcomes

    now = timezone.now()
    step = timedelta(days=DAYS) / count
    for start in range(0, count, BATCH):
        calls = [_call(project, widget, n, now - step * (count - n)) for n in range(start, min(start + BATCH, count))]
        Conversation.objects.bulk_create(calls)
        turns = (turn for n, call in enumerate(calls, start) for turn in _turns(call, n, count))
        Turn.objects.bulk_create((Turn(**turn) for turn in turns), batch_size=BATCH)
        for part in range(0, len(calls), 500):
            outcomes.tell([call.pk for call in calls[part : part + 500]])


def _call(project: Any, widget: Any, n: int, began: Any) -> Any:
    from calling.models import Conversation
    from calling.record import outcomes

    ended = began + timedelta(seconds=50 + n % 90)
    return Conversation(
        project=project,
        reference=f"BE-{n}",
        widget=widget,
        widget_name="The one",
        environment="sandbox" if n % 50 == 0 else "live",
        site="https://shop.example.com",
        started_at=began,
        answered_at=began,
        ended_at=ended,
        talked_ms=outcomes.talked_ms(began, ended),
        end_cause="connection_lost" if n % 200 == 7 else "visitor_ended",
        handled_at=ended if n % 4 else None,
        read_at=ended if n % 3 else None,
        agent_state=AGENT_STATE,
    )


def _turns(call: Any, n: int, count: int) -> list[dict[str, Any]]:
    asked = f"I would like to know your {COMMON} for order {n}"
    if n % 100 == 3:
        asked = f"Where is {RARE} of building {n}?"
    if n == count // 3:
        asked = f"My name is {NAME}."
    missed = n % 10 == 0
    said = [
        ("agent", "Hello, this is Robin. How can I help?", "greeting"),
        ("visitor", asked, ""),
        ("agent", f"Our {COMMON} are nine to six, and on Saturdays nine to one.", "topic:Opening hours"),
        ("visitor", f"And can I bring my bicycle number {n % 977}?", ""),
        ("agent", "That I do not know." if missed else "Yes, you can.", "unknown" if missed else "topic:Bicycles"),
        ("visitor", "Thank you, goodbye.", ""),
    ]
    return [
        {"conversation": call, "index": at, "speaker": who, "text": text, "source": source, "started_s": 5.0 * at}
        for at, (who, text, source) in enumerate(said[:TURNS])
    ]
