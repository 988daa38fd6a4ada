"""The frozen configuration of an agent, read from a Version's JSON. Older schemas are upgraded here, step by step."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from agents.brains.flows import plan, wording
from agents.brains.flows.plan import Flow
from agents.brains.tools import actions
from agents.brains.tools import plan as tools
from agents.brains.tools.actions import Actions
from agents.brains.tools.plan import Tool
from agents.speech.plain_text import has_tags, plain

SCHEMA = 2  # from 1 to 2 nothing changed that is read; some of 2 hold "given" phrases, which are computed now
_SENTENCE = re.compile(r".+?(?:[.!?…](?:[\"'”’)]*)(?=\s|$)|$)\s*", re.DOTALL)
# What a name of the visitor stands behind: "Hello Ann, …", "Thank you, Ann."
_ADDRESSED = re.compile(
    r"(?:,|\b(?:hello|hi|hey|dear|welcome|you|thanks|morning|afternoon|evening|day|back|hallo|tag|morgen|abend|dank|danke"
    r"|willkommen|liebe|lieber|frau|herr|mr\.?|mrs\.?|ms\.?))$",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\$\{(variant_|page\.)([A-Za-z0-9_.-]+)\}")


@dataclass(frozen=True, slots=True)
class Link:
    """What an agent can show on the page at the other end."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TopicWording:
    """A topic in another language than the agent's first."""

    content: str
    spoken: str = ""
    samples: tuple[str, ...] = ()
    written: str = ""  # the content as its author wrote it, for those who read it


@dataclass(frozen=True, slots=True)
class TopicSnapshot:
    name: str
    samples: tuple[str, ...]
    content: str
    spoken: str = ""  # how the agent names it aloud; "": as it is written
    first: bool = False  # goes before all others: an emergency
    written: str = ""  # the content as its author wrote it, for those who read it
    link: str = ""  # a page that is shown while it is answered
    link_title: str = ""
    wordings: dict[str, TopicWording] = field(default_factory=dict)  # by language
    refused: tuple[str, ...] = ()  # phrases of the bank that it is not to be found by
    titled: str = ""  # what it is called where its sentences are compared, in another language; "": its name
    unworded: bool = False  # read in a language that it has no wording in: what stands here is in the agent's first

    @property
    def shows(self) -> tuple[Link, ...]:
        return (Link(self.link_title or self.name, self.link),) if self.link else ()

    @property
    def aloud(self) -> str:
        return self.spoken or self.name

    def in_language(self, language: str) -> "TopicSnapshot":
        """As it is said in another language. The questions of the first one help to find it in any."""
        own = self.wordings.get(language)
        if own is None:
            return replace(self, unworded=True)
        return replace(
            self,
            content=own.content,
            written=own.written,
            titled=own.spoken,
            spoken=own.spoken or (own.samples[0] if own.samples else self.spoken),
            samples=tuple(dict.fromkeys((*own.samples, *self.samples))),
        )


@dataclass(frozen=True, slots=True)
class VariantSnapshot:
    key: str
    name: str
    is_default: bool
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class AgentWording:
    """What an agent says, and with which voice, in another language than its first."""

    voice: str
    greeting: str = ""
    disclaimer: str = ""


@dataclass(frozen=True, slots=True)
class AgentSnapshot:
    """Everything an agent says and knows in one version, as plain words: what was pasted has lost its markup."""

    name: str
    greeting: str
    disclaimer: str
    voice: str
    language: str
    topics: tuple[TopicSnapshot, ...]
    variants: tuple[VariantSnapshot, ...]
    manner: dict[str, float] = field(default_factory=dict)  # of agents/brains/manner.py; absent: the installation's
    flows: tuple[Flow, ...] = ()
    zone: str = "UTC"  # in which "tomorrow" is meant
    phrases: tuple[str, ...] = ()  # words that callers use …
    corrections: tuple[tuple[str, str], ...] = ()  # … and what is made out for them, with what is meant
    wordings: dict[str, AgentWording] = field(default_factory=dict)  # by language, without the first
    services: dict[str, dict[str, Any]] = field(default_factory=dict)  # by use: the connection, and what is asked of it
    persona: str = ""  # how it is, for a language model …
    rules: str = ""  # … and the owner's rules (agents/brains/language_model/rules.py)
    tools: tuple[Tool, ...] = ()  # what it may do, and nothing else
    actions: Actions = field(default_factory=Actions)  # likewise, of what needs no tool
    first: str = ""  # the first language, where this is the agent in another one
    sources: tuple[int, ...] = ()  # it may answer from where no topic does; what they hold is kept apart, and anew

    @property
    def first_language(self) -> str:
        return self.first or self.language

    @property
    def languages(self) -> tuple[str, ...]:
        """All that it speaks, the first one first."""
        return (self.language, *self.wordings)

    def spoken_language(self, wanted: str) -> str:
        """The language for a visitor who wants this one: that, or its nearest relation, else the first."""
        short = wanted.split("-")[0].lower()
        alike = (each for each in self.languages if each.split("-")[0].lower() == short)
        return wanted if wanted in self.languages else next(alike, self.language)

    def in_language(self, language: str) -> "AgentSnapshot":
        """The agent as it speaks another of its languages. What it has no words for there is empty."""
        own = self.wordings.get(language)
        if own is None:
            return self
        return replace(
            self,
            first=self.language,
            language=language,
            voice=own.voice,
            greeting=own.greeting,
            disclaimer=own.disclaimer,
            topics=tuple(topic.in_language(language) for topic in self.topics),
            flows=tuple(wording.in_language(flow, language) for flow in self.flows),
        )

    def variant(self, key: str) -> tuple[VariantSnapshot | None, bool]:
        """The variant of that key, else the default one; and whether the key was found. "" asks for the default."""
        for row in self.variants:
            if key and row.key == key:
                return row, True
        return next((row for row in self.variants if row.is_default), None), not key


def read(config: dict[str, Any]) -> AgentSnapshot:
    """Read a Version's configuration. Raises ValueError for a schema newer than this program."""
    config = upgrade(config)
    if config.get("schema") != SCHEMA:
        raise ValueError(f"This configuration has schema {config.get('schema')}; this program reads up to {SCHEMA}.")
    agent = config["agent"]
    return AgentSnapshot(
        name=plain(agent["name"]),
        greeting=plain(agent["greeting"]),
        disclaimer=plain(agent.get("disclaimer", "")),
        voice=agent["voice"],
        language=agent["language"],
        topics=tuple(
            TopicSnapshot(
                t["name"],
                tuple(t["samples"]),
                plain(t["content"]),
                spoken=plain(t.get("spoken", "")),
                first=t.get("first", False),
                written=t["content"],
                link=t.get("link", ""),
                link_title=t.get("link_title", ""),
                wordings={
                    language: TopicWording(
                        plain(w["content"]), plain(w.get("spoken", "")), tuple(w.get("samples", ())), w["content"]
                    )
                    for language, w in t.get("wordings", {}).items()
                },
                refused=tuple(t.get("refused", ())),
            )
            for t in config["topics"]
        ),
        variants=tuple(
            VariantSnapshot(v["key"], v["name"], v["is_default"], dict(v["attributes"])) for v in config["variants"]
        ),
        manner=dict(agent.get("manner", {})),
        flows=plan.read(config.get("flows", ())),
        zone=config.get("zone", "UTC"),
        phrases=tuple(agent.get("words", {}).get("phrases", ())),
        corrections=tuple((heard, meant) for heard, meant in agent.get("words", {}).get("corrections", ())),
        services=dict(agent.get("services", {})),
        persona=agent.get("persona", ""),
        rules=agent.get("rules", ""),
        tools=tools.read(config.get("tools", ())),
        actions=actions.read(agent.get("actions", {})),
        sources=tuple(config.get("sources", ())),
        wordings={
            language: AgentWording(w["voice"], plain(w.get("greeting", "")), plain(w.get("disclaimer", "")))
            for language, w in agent.get("wordings", {}).items()
        },
    )


def upgrade(config: dict[str, Any]) -> dict[str, Any]:
    """The same configuration in the newest schema."""
    if config.get("schema") == 1:
        config = {**config, "schema": 2}  # nothing was given then
    return config


def written(config: dict[str, Any]) -> dict[str, Any]:
    """What authors wrote of a configuration, for comparing two: without what was added when it was published."""
    return {name: value for name, value in upgrade(config).items() if name != "given"}


def fill(text: str, variant: dict[str, str], page: dict[str, Any] | None = None) -> str:
    """Put values in place of ${variant_NAME} and ${page.NAME}; an unknown name becomes an empty string."""

    def value(match: re.Match[str]) -> str:
        values = variant if match[1] == "variant_" else (page or {})
        found = values.get(match[2])
        return "" if found is None else str(found)

    return _VARIABLE.sub(value, text)


def spoken(text: str, variant: dict[str, str], page: dict[str, Any] | None = None) -> str:
    """A filled text as it is said: without the markup that values bring along, and without a gap for a missing one.

    "Hello ${page.name}, welcome." greets without the name; "You find us at ${variant_address}." is left out, unless
    nothing else would be said.
    """
    return plain(fill(_without_gaps(text, variant, page), variant, page)).strip()


def legible(text: str, variant: dict[str, str], page: dict[str, Any] | None = None) -> str:
    """A filled text as it is read: links, lists and emphasis stay, HTML becomes words. Values bring no markup along."""
    values = {name: plain(value) for name, value in variant.items()}
    told = {name: plain(value) if isinstance(value, str) else value for name, value in (page or {}).items()}
    text = plain(text) if has_tags(text) else text
    return fill(_without_gaps(text, values, told), values, told).strip()


def _without_gaps(text: str, variant: dict[str, str], page: dict[str, Any] | None) -> str:
    """The text with variables only where there is a value for them."""
    if _VARIABLE.search(text):
        sentences = _SENTENCE.findall(text)
        whole = [one for one in sentences if not _is_torn(one, variant, page)]
        text = "".join(whole if any(one.strip() for one in whole) else sentences)
        text = _VARIABLE.sub(lambda match: "" if _is_missing(match, variant, page) else match[0], text)
        text = re.sub(r"[ \t]+([,.;:!?])", r"\1", re.sub(r",(?=\s*[,.;:!?])", "", text))
    return text


def _is_missing(match: re.Match[str], variant: dict[str, str], page: dict[str, Any] | None) -> bool:
    return not fill(match[0], variant, page).strip()


def _is_torn(sentence: str, variant: dict[str, str], page: dict[str, Any] | None) -> bool:
    """Whether it needs a value that is missing. It can do without the name of somebody whom it greets."""
    for match in _VARIABLE.finditer(sentence):
        before = sentence[: match.start()].rstrip()
        called = bool(_ADDRESSED.search(before)) and sentence[match.end() :].lstrip()[:1] in (",", ".", "!", "?", "")
        if _is_missing(match, variant, page) and not called:
            return True
    return False


def shown(text: str, variant: dict[str, str]) -> str:
    """A text for its author: the variant's words in their places, and a name that has no word yet left as it is."""
    return _VARIABLE.sub(lambda match: (match[1] == "variant_" and variant.get(match[2])) or match[0], text)
