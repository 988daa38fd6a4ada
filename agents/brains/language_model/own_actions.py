"""What an agent can do by itself, in the hands of a language model: it names the action, and the agent's code does it.

A model under orders of somebody else can do no harm with them: a message is begun here and kept when the visitor has
heard it and said yes; a call ends on the visitor's own goodbye; who helps further and what is shown are the owner's.
Each is a part of the reply, so it happens when that is heard, once, and is kept with the turn.
"""

from dataclasses import dataclass, field
from typing import Any

from agents.brains import messages, small_talk
from agents.brains.base import Reply
from agents.brains.handing_over import HandingOver
from agents.brains.language_model.figures import figures
from agents.brains.memory import Memory
from agents.brains.messages import Taking
from agents.brains.phrases import Phrases, phrases
from agents.brains.snapshot import AgentSnapshot, Link
from agents.brains.tools.actions import END_CALL, HAND_OVER, MESSAGE, SHOW
from agents.brains.tools.arguments import VALUE_MOST, BadArguments, from_json
from agents.brains.tools.outcome import bare
from agents.speech.words import words

PAGES_MOST = 30
NAMES = {"take_message": MESSAGE, "hand_over": HAND_OVER, "end_call": END_CALL, "show_page": SHOW}
_NOT_YET = "not done: the visitor has not said goodbye. Answer them, or ask whether there is anything else"
_TEXT = {"type": "string"}


def _schema(name: str, about: str, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    shapes = properties or {}
    required = [key for key, shape in shapes.items() if "enum" in shape]
    shape = {"type": "object", "properties": shapes, "required": required, "additionalProperties": False}
    return {"name": name, "description": about, "parameters": shape}


@dataclass(slots=True)
class OwnActions:
    """Of one answer. `last`: the reply that ends it, in the agent's own words."""

    snapshot: AgentSnapshot
    variant: dict[str, str]
    language: str
    memory: Memory
    text: str  # what the visitor has said
    written: bool = False
    takes_messages: bool = True
    shows: list[Link] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)  # what is kept with the turn
    last: Reply | None = None

    @property
    def allowed(self) -> set[str]:
        found = set(self.snapshot.actions.allowed)
        if not self.takes_messages:
            found.discard(MESSAGE)
        return found if self._pages else found - {SHOW}

    def schemas(self) -> list[dict[str, Any]]:
        every = {
            MESSAGE: _schema(
                "take_message",
                "Take a message for the owner, when the visitor wants one taken or wants to be called back. Give what"
                " the visitor has told so far; the rest is asked for, and all of it is read back to them, by itself.",
                {"name": _TEXT, "number": _TEXT, "text": _TEXT},
            ),
            HAND_OVER: _schema(
                "hand_over", "Tell the visitor how to reach a person, when they want one. It is said by itself."
            ),
            END_CALL: _schema(
                "end_call", "End the conversation, when the visitor has said goodbye. The goodbye is said by itself."
            ),
            SHOW: _schema(
                "show_page",
                "Show one of the owner's pages to the visitor, when it helps with what they want.",
                {"page": {"type": "string", "enum": list(self._pages)}},
            ),
        }
        return [schema for kind, schema in every.items() if kind in self.allowed]

    def do(self, name: str, arguments: str) -> dict[str, Any]:
        """What the model is told of it; nothing more is asked of it where `last` is set then."""
        try:
            given = {key: bare(str(value), VALUE_MOST) for key, value in from_json(arguments).items() if value}
        except BadArguments as bad:
            return {"error": f"{bad.key} {bad.why}".strip()}
        match NAMES[name]:
            case "message":
                return self._message(given)
            case "hand_over":
                self.last = HandingOver(
                    self.snapshot.in_language(self.language),
                    self._phrases,
                    self.variant,
                    written=self.written,
                    takes_messages=self.takes_messages,
                ).reply(self.memory.before)
                return self._kept(name, {}, "done")
            case "end_call":
                return self._end(name)
        return self._show(name, given)

    # ── Each of them ─────────────────────────────────────────────────────────────────────────────────────────

    def _message(self, given: dict[str, Any]) -> dict[str, Any]:
        """Begin one with what the visitor has really said; a name or a figure of anybody else's is asked for."""
        said = [*(theirs for theirs, _ours in self.memory.history), self.text]
        known = {"about": self.memory.before}
        heard = set(words(" ".join(said)))
        if (name := messages.name(given.get("name", ""))) and set(words(name)) <= heard:
            known["name"] = name
        number = messages.number(given.get("number", ""))
        if number and number in {messages.number(one) for one in said}:
            known["number"] = number
        text = given.get("text", "")
        if text and not figures(said).foreign(text):
            known["text"] = text
        self.last = Taking(self._phrases, known).go_on()
        told = {key: value for key, value in known.items() if key != "about"}
        return self._kept("take_message", told, "done")

    def _end(self, name: str) -> dict[str, Any]:
        """On the visitor's own words only, whatever the model was told by whomever."""
        said, language = self.text, self.language
        closes = small_talk.leaves(said, language) or small_talk.kind(said, language) in ("goodbye", "thanks")
        if not closes and small_talk.yes_or_no(said, language) is not False:
            self._kept(name, {}, "refused")
            return {"result": "refused", "note": _NOT_YET}
        self.last = Reply(self._phrases.goodbye, "small_talk:goodbye", "goodbye", ends_call=True)
        return self._kept(name, {}, "done")

    def _show(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        link = self._pages.get(given.get("page", ""))
        if link is None:
            return {"error": "page is none of the choices"}
        if link not in self.shows:
            self.shows.append(link)
        return self._kept(name, {"page": link.title}, "done")

    def _kept(self, name: str, given: dict[str, Any], state: str) -> dict[str, Any]:
        self.told.append({"name": name, "own": True, "state": state, "given": given})
        return {"result": state}

    @property
    def _pages(self) -> dict[str, Link]:
        """The pages of topics, by title."""
        links = [link for topic in self.snapshot.in_language(self.language).topics for link in topic.shows]
        return {link.title: link for link in links[:PAGES_MOST]}

    @property
    def _phrases(self) -> Phrases:
        return phrases(self.language, written=self.written)
