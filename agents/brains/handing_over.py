"""Somebody else is wanted: the owner's number and page are told, and a message is offered. The words are ours, and so
no model can send anybody anywhere else."""

from dataclasses import dataclass, replace

from agents.brains.base import Reply
from agents.brains.messages import Taking
from agents.brains.phrases import Phrases
from agents.brains.snapshot import AgentSnapshot, Link, fill

SOURCE = "small_talk:human"


@dataclass(frozen=True, slots=True)
class HandingOver:
    """In one language of an agent, for one variant."""

    snapshot: AgentSnapshot
    phrases: Phrases
    variant: dict[str, str]
    written: bool = False
    takes_messages: bool = True

    def reply(self, about: str, *, said: str = "") -> Reply:
        """`about`: what it is about; `said`: the message itself, where it was told already."""
        phrases, actions = self.phrases, self.snapshot.actions
        phone, url = fill(actions.phone, self.variant).strip(), fill(actions.url, self.variant).strip()
        shows = (Link(phrases.way_title, url),) if url.startswith("https://") else ()
        told = [phrases.way_phone.format(phone)] if phone else []
        if shows:
            told.append(f"[{phrases.way_title}]({url})" if self.written else phrases.way_link)
        if not told:
            return self._without_a_way(about, said)
        if not self.takes_messages:
            return Reply(" ".join(told), SOURCE, "small_talk", shows=shows)
        offer = Taking(phrases, {}).offer(about, " ".join([*told, phrases.way_message]), None, said=said)
        return replace(offer, source=SOURCE, shows=shows)

    def _without_a_way(self, about: str, said: str) -> Reply:
        if not self.takes_messages:
            return Reply(self.phrases.human, SOURCE, "small_talk")
        offer = Taking(self.phrases, {}).offer(about, self.phrases.human_message, None, said=said)
        return replace(offer, source=SOURCE)
