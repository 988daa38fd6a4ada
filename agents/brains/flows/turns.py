"""A turn of the visitor's while a flow is on its way: an order, an answer, a question in between, or none of these."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from agents.brains import messages, small_talk
from agents.brains.base import Reply
from agents.brains.flows import orders, passing, questions
from agents.brains.flows.plan import Step
from agents.brains.flows.running import Running
from agents.brains.messages import Taking
from agents.brains.phrases import Phrases
from agents.speech import inference
from agents.speech.words import words

CHARACTERS_MOST = 400  # that are read for values: half a minute of speech
AT_ONCE_MOST = 60  # characters of a text that is read in 5 ms whatever stands in it
Read = TypeVar("Read")
_SURE_MEANWHILE = 0.6  # how likely a topic has to be to be told in the middle without a question word

Meanwhile = Callable[[str, float], Awaitable[str]]  # the answer to a question, from so much likelihood on; or ""
Meant = Callable[[str, Step], Awaitable[str]]  # the option of a choice that is meant by other words; or ""


async def reply(
    text: str,
    running: Running,
    language: str,
    phrases: Phrases,
    meanwhile: Meanwhile,
    meant: Meant,
    *,
    takes_messages: bool,
) -> Reply | None:
    """The next step of a flow. None: what was said is for others to answer, and the flow is over."""
    text = orders.without_never_mind(text[:CHARACTERS_MOST])
    agreed = small_talk.yes_or_no(text, language)
    is_offer = running.state.get("step") == "offer"

    def giving_up(told: str = "") -> Reply:
        reply = given_up(running, phrases, takes_messages=takes_messages)
        return replace(reply, text=f"{told} {reply.text}".strip())

    if not is_offer and agreed is None:
        if takes_messages and messages.wanted(text):
            return replace(Taking(phrases, {"about": running.about()}).begin(), events=(running.left("other"),))
        if ordered := await beside(text, lambda: running.ordered(text)):
            return ordered
        if told := await _asked_behind_yes(text, running, meanwhile):
            stepped = await beside(text, lambda: running.step(text, agreed))
            if stepped:
                return replace(stepped, text=f"{told} {stepped.text}")
        if told := running.options(text):
            return running.aside(told, asked=True) or giving_up(told)
        if questions.of_any_form(text):
            is_text = running.asked is not None and running.asked.kind == "text"
            holds = questions.is_request(text) if is_text else await beside(text, lambda: running.holds_value(text))
            least = _SURE_MEANWHILE if holds and not questions.with_word(text) else 0.0
            if told := await meanwhile(text, least):
                return running.aside(told, asked=True) or giving_up(told)
            is_known = running.asked is not None or questions.with_word(text)
            if not holds and is_known and (unanswered := running.unanswered()):
                return unanswered
    if stepped := await beside(text, lambda: running.step(text, agreed)):
        if running.too_often(stepped):
            return given_up(replace(running, state=stepped.flow or {}), phrases, takes_messages=takes_messages)
        return stepped
    kind = small_talk.kind(text, language)
    if is_offer or kind in ("goodbye", "human"):
        return None
    asked = running.asked
    if asked and asked.kind == "choice" and agreed is None and not kind and (name := await meant(text, asked)):
        return running.chosen(name)
    if agreed is None and not kind and len(words(text)) > 1 and (told := await meanwhile(text, _SURE_MEANWHILE)):
        return running.aside(told, asked=False) or giving_up(told)
    return running.failed() or giving_up()


async def _asked_behind_yes(text: str, running: Running, meanwhile: Meanwhile) -> str:
    """The answer to a question behind a yes to what was asked: "yes it is, and can I park there?"; "" elsewhere."""
    asked = running.asked
    if not (running.state.get("step") == "check" or (asked and asked.kind == "yesno")):
        return ""
    behind = passing.behind_yes(text)
    if behind is None or behind.contrasts or not behind.asks:
        return ""
    told = await meanwhile(behind.text, _SURE_MEANWHILE if questions.is_request(behind.text) else 0.0)
    return told or ("" if questions.is_request(behind.text) else running.words.not_known)


async def beside(text: str, read: Callable[[], Read]) -> Read:
    """What is read in a text; beside the loop where it is so long that the loop would stand still."""
    return read() if len(text) <= AT_ONCE_MOST else await inference.shared().run(read)


def given_up(running: Running, phrases: Phrases, *, takes_messages: bool) -> Reply:
    """Three answers that were none: somebody else should help."""
    left = running.left("stuck")
    sorry = running.words.stuck
    if not takes_messages:
        return Reply(f"{sorry} {phrases.unknown_next}", running.source, "flow", events=(left,))
    offer = Taking(phrases, {}).offer(running.about(), f"{sorry} {phrases.message_offer}", None)
    return replace(offer, events=(left,))


def dropped(reply: Reply, running: Running | None) -> Reply:
    """A flow that this reply leaves in the middle is noted as left."""
    if running is None or reply.flow is not None or running.state.get("step") == "offer":
        return reply
    if any(name in ("flow_finished", "flow_left") for name, _ in reply.events):
        return reply
    return replace(reply, events=(*reply.events, running.left("goodbye" if reply.ends_call else "other")))
