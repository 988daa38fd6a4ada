"""The conversation in writing: the same mind, memory and limits as a call's, without ear and mouth, clocks and tasks.

A turn is a call of `answer`, and all that the next one needs is in `state()`: between two of them there is nothing in
any process, and whichever process has the next turn goes on from there.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from agents.brains import why
from agents.brains.base import Brain, Reply, Turn, whole
from agents.brains.language_model.brain import ModelBrain
from agents.brains.language_model.thinking import Thinking
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, legible
from agents.brains.sources.brain import with_sources
from agents.brains.sources.passages import Shelf
from agents.brains.tools.acting import Acting
from agents.brains.tools.brain import ActingBrain
from agents.speech.providers.base import Meaning

CHIPS_MOST = 4


@dataclass(frozen=True, slots=True)
class Written:
    """What the agent writes in one go, in Markdown."""

    text: str
    source: str
    score: float | None = None
    ends: bool = False  # the conversation is over with it
    chips: tuple[str, ...] = ()  # what the visitor may want to write next
    events: tuple[tuple[str, dict[str, Any]], ...] = ()  # to be noted
    decision: dict[str, Any] = field(default_factory=dict)  # why it is given, kept with the turn


class TextAgent:
    """Answers in writing, from the topics of one frozen version, in its languages. One object a turn is enough."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        meaning_of: Callable[[str], Meaning],
        *,
        variant_key: str = "",
        settings: TalkSettings | None = None,
        language: str = "",
        who: Hashable = None,
        shelf: Shelf | None = None,
    ) -> None:
        """`language`: to begin in; the visitor goes on in another one by writing it, or by asking for it. `shelf`:
        where its sources are; None: it uses none."""
        variant, self.variant_found = snapshot.variant(variant_key)
        self._snapshot = snapshot
        self._language = snapshot.spoken_language(language) if language else snapshot.language
        self._variant = variant.attributes if variant else {}
        self._memory, self._settings = Memory(), settings or TalkSettings()
        own = LanguagesBrain(
            snapshot,
            meaning_of,
            variant=self._variant,
            language=self._language,
            settings=self._settings,
            who=who,
            written=True,
        )
        self._thinking: Thinking | None = None
        self._model: ModelBrain | None = None
        self._with_sources = partial(
            with_sources, own, shelf, snapshot, meaning_of, language=self._language, who=who, written=True
        )
        self._brain: Brain = self._acting(None, self._with_sources())

    def think_with(self, thinking: Thinking) -> None:
        """Let a language model word the answers."""
        self._thinking = thinking
        own = self._with_sources(for_model=True)
        self._model = ModelBrain(
            own,
            thinking,
            self._snapshot,
            variant=self._variant,
            language=self._language,
            takes_messages=self._settings.takes_messages,
        )
        self._brain = self._acting(None, self._model)

    def act_with(self, acting: Acting) -> None:
        """Let it use its tools. Called last: what a model asks for is done, too."""
        if self._model:
            self._model.acting = acting
        self._brain = self._acting(acting, self._model or self._with_sources())

    def _acting(self, acting: Acting | None, brain: Brain) -> Brain:
        return ActingBrain(brain, acting, self._snapshot, variant=self._variant, language=self._language, written=True)

    async def close(self) -> None:
        """Nothing is asked of it any more in this process."""
        if self._thinking:
            await self._thinking.model.close()

    def state(self) -> dict[str, Any]:
        """Where the conversation stands, as plain JSON; a call can go on from it, too."""
        return self._memory.to_json()

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from there."""
        self._memory = Memory.from_json(state)

    def told(self, page: dict[str, Any]) -> None:
        """All that the page has told up to now, in place of what it told before."""
        self._memory.page = {}
        self._memory.learn(page)

    def opening(self, *, greets: bool = True, greeting: str = "") -> list[Written]:
        """The disclaimer, where there is one, and the greeting; nothing where both were said before.

        `greets`: false where the visitor has come straight to the matter. `greeting`: one in place of the agent's own.
        """
        if self._memory.greeted:
            return []
        self._memory.greeted = True
        own = self._snapshot.in_language(self._language)
        texts = [("disclaimer", own.disclaimer.strip() or self._snapshot.disclaimer)]
        if greets:
            said = greeting or own.greeting.strip() or phrases(self._language, written=True).greeting.format(own.name)
            texts.append(("greeting", said))
        filled = [(source, legible(text, self._variant, self._memory.page)) for source, text in texts]
        opening = [Written(text, source) for source, text in filled if text]
        self._memory.next_index += len(opening)
        for last in opening[-1:]:
            self._memory.last_said = last.text
        return opening

    async def answer(self, text: str) -> Written:
        """The next turn. Raises ProviderError, and nothing has changed then."""
        await self._brain.prepare()
        reply = await whole(self._brain, Turn(text), self._memory)
        self._remember(reply)
        return Written(
            reply.text,
            reply.source,
            reply.score,
            reply.ends_call,
            reply.asked[:CHIPS_MOST],
            reply.events,
            why.kept(reply),
        )

    def _remember(self, reply: Reply) -> None:
        memory = self._memory
        reply.remember(memory)
        memory.unsaid, memory.unanswered = "", 0
        memory.last_said = reply.text
        memory.next_index += 2  # the visitor's turn and this one
