"""Conversations in words: what one was about, how it went, why it ended, what answered a turn."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calling.models import Conversation, Turn
from calling.record import end_reasons
from calling.record.outcomes import FLOW_FINISHED, MESSAGE_KEPT, MODEL
from calling.record.topic_uses import TOPIC as TOPIC
from calling.record.topic_uses import topics_of
from calling.record.unanswered import UNANSWERED

QUOTE_CHARS = 200  # of what somebody said, in a list

# What agents/brains/topics.py writes as a turn's source: "topic:NAME", or a kind of reply, a detail behind a colon.
KINDS = {
    "greeting": gettext_lazy("Greeting"),
    "disclaimer": gettext_lazy("Spoken disclaimer"),
    UNANSWERED: gettext_lazy("No topic matched"),
    "ask": gettext_lazy("Asked back"),
    "message": gettext_lazy("Took a message"),
    "flow": gettext_lazy("Asked for what it needs"),
    "flow_finished": gettext_lazy("Collected everything"),
    "tool": gettext_lazy("Told what came of a tool"),
    "small_talk": gettext_lazy("Small talk"),
    "language": gettext_lazy("Offered the answer in another language"),
    "model": gettext_lazy("Language model"),
    "source": gettext_lazy("A source"),
    "silence": gettext_lazy("Asked whether anybody is there"),
    "time_limit": gettext_lazy("Said that time is up"),
    "goodbye": gettext_lazy("Goodbye"),
    "failure": gettext_lazy("Said that something went wrong"),
}


@dataclass(slots=True)
class Said:
    """What was said in one conversation, as far as a list needs it."""

    topics: list[str] = field(default_factory=list)
    first_words: str = ""
    unanswered: int = 0
    messages: int = 0
    flows: list[str] = field(default_factory=list)  # that went through
    by_model: bool = False  # a language model worded an answer


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in a list."""

    conversation: Conversation
    title: str
    quote: str
    result: str
    tone: str


def rows(conversations: Iterable[Conversation], words: bool = True) -> list[Row]:
    """Rows of a list, with two queries for what was said in them, however long it and they are."""
    conversations = list(conversations)
    said = said_in(conversation.pk for conversation in conversations)
    return [row(conversation, said[conversation.pk], words) for conversation in conversations]


def row(conversation: Conversation, said: Said, words: bool = True) -> Row:
    """`words`: whether the reader may see what the visitor said."""
    label, tone = result(conversation, said)
    name = title(conversation, said, words)
    quote = _("“%s”") % said.first_words if words and said.first_words not in ("", name) else ""
    if conversation.ended_at and conversation.answered_at is None:
        quote = end_reasons.advice(conversation.error_code)
    return Row(conversation, name, quote, label, tone)


def said_in(conversations: Iterable[Any]) -> defaultdict[Any, Said]:
    """What was said in these, by their ids. What answered is counted by the database; of words, only the first come."""
    ids = list(conversations)
    said: defaultdict[Any, Said] = defaultdict(Said)
    answers = Turn.objects.filter(conversation__in=ids, speaker="agent").values("conversation_id", "source")
    for answer in answers.annotate(times=Count("id"), first=Min("index")).order_by("first"):
        _note(said[answer["conversation_id"]], answer["source"], answer["times"])
    words = Turn.objects.filter(conversation=OuterRef("pk"), speaker="visitor").exclude(text="").order_by("index")
    start = words.annotate(start=Left("text", QUOTE_CHARS + 1)).values("start")[:1]  # they may be 128 kB
    first = Conversation.objects.filter(pk__in=ids).annotate(words=Subquery(start))
    for pk, text in first.order_by().values_list("pk", "words"):
        said[pk].first_words = quoted(text or "")
    return said


def _note(said: Said, source: str, times: int) -> None:
    if source == UNANSWERED:
        said.unanswered += times
    elif source == MESSAGE_KEPT:
        said.messages += times
    elif source.startswith(FLOW_FINISHED):
        said.flows.append(source.removeprefix(FLOW_FINISHED))
    elif source == MODEL:
        said.by_model = True
    else:
        said.topics += [topic for topic in topics_of(source) if topic not in said.topics]


def quoted(text: str) -> str:
    """As much of what somebody said as a list shows."""
    return text if len(text) <= QUOTE_CHARS else text[: QUOTE_CHARS - 1].rstrip() + "…"


def title(conversation: Conversation, said: Said, words: bool = True) -> str:
    """What it was about: the topics that answered, else the visitor's first words, else that nothing was asked."""
    about = [*said.flows, *said.topics]
    if about:
        shown = ", ".join(about[:3])
        more = len(about) - 3
        return shown if more <= 0 else _("%(topics)s and %(n)d more") % {"topics": shown, "n": more}
    if said.first_words and not words:
        return _("A question")
    if said.first_words:
        return said.first_words if len(said.first_words) <= 60 else said.first_words[:57].rsplit(" ", 1)[0] + "…"
    if conversation.ended_at is None:
        return _("Chat in progress") if conversation.channel == Conversation.CHAT else _("Call in progress")
    if conversation.answered_at is None:
        return end_reasons.title(conversation.error_code)
    return _("No question")


def result(conversation: Conversation, said: Said) -> tuple[str, str]:
    """How it went: a word and its tone (good, warn, bad, or none)."""
    if conversation.ended_at is None:
        return _("In progress"), "now"
    if conversation.end_cause in ("failed", "shutdown") or conversation.answered_at is None:
        return _("Failed"), "bad"
    if conversation.end_cause == "connection_lost":
        return _("Lost connection"), "bad"
    if said.messages:
        return _("Left a message"), "warn"
    if said.flows:
        return said.flows[-1], "warn"
    if said.unanswered:
        return ngettext("%(n)d unanswered", "%(n)d unanswered", said.unanswered) % {"n": said.unanswered}, "warn"
    if said.topics or said.by_model:
        return _("Answered"), "good"
    if said.first_words:
        return _("Talked"), ""
    if conversation.channel == Conversation.CHAT:
        return _("Nobody wrote"), ""
    return _("Nobody spoke") if conversation.end_cause == "silence" else _("Left early"), ""


def cause(conversation: Conversation) -> str:
    return end_reasons.ending(conversation.end_cause, written=conversation.channel == Conversation.CHAT)


def what_answered(source: str) -> str:
    if source.startswith("source:"):
        return _("Source: %s") % source.removeprefix("source:")
    return ", ".join(topics_of(source)) or str(KINDS.get(source.partition(":")[0], source))
