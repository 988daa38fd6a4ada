"""What is replied to a greeting, a thank-you, a goodbye, a yes that nobody asked for; what they are: small_talk.py."""

from dataclasses import replace

from agents.brains import small_talk
from agents.brains.answers import Answers
from agents.brains.base import Reply
from agents.brains.handing_over import HandingOver
from agents.brains.lookup import Found
from agents.brains.memory import Memory
from agents.brains.phrases import Phrases
from agents.speech.words import words


class SmallTalk:
    """One object a call. `name`: the agent's."""

    def __init__(
        self, answers: Answers, phrases: Phrases, handing_over: HandingOver, *, name: str, language: str
    ) -> None:
        self._answers, self._phrases, self._name = answers, phrases, name
        self._language, self._handing_over = language, handing_over

    def reply(self, text: str, memory: Memory) -> Reply | None:
        phrases, language = self._phrases, self._language
        missed = small_talk.missed(text, language)
        agreed = False if missed else small_talk.yes_or_no(text, language)
        if agreed and memory.offered and small_talk.only_thanks(text, language):
            agreed = None  # "ok thx" wants nothing more
        if memory.offered and agreed is not None and not missed:
            return self._said("go_on", phrases.go_on) if agreed else self._goodbye()
        if agreed is False and memory.others:  # "If you mean A: …" – "No."
            if small_talk.declines(text, language):
                return Reply(phrases.thanks, "small_talk:thanks", "small_talk", offered=True)
            return replace(self._answers.ask(memory.others[:1], None), question=memory.before, unmeant=True)
        if not words(text):  # dots, a question mark, a sign that could mean anything
            return self._said("wordless", phrases.ask_again)
        match small_talk.kind(text, language):
            case "goodbye":
                return self._goodbye()
            case "thanks":
                return Reply(phrases.thanks, "small_talk:thanks", "small_talk", offered=True)
            case "hello":
                return self._said("hello", phrases.hello)
            case "robot":
                return self._said("robot", phrases.robot.format(self._name))
            case "who":
                return self._said("who", phrases.who.format(self._name))
            case "able":
                return self._said(
                    "able", phrases.able.format(names) if (names := self._answers.some()) else phrases.hello
                )
            case "opens":
                return self._said("opens", phrases.go_on)
            case "human":
                return self.wants_somebody(memory.before)
            case "stop":
                return self._said("stop", phrases.ask_again)
            case "repeat":
                again = memory.last_said or phrases.nothing_yet
                return Reply(
                    again,
                    "small_talk:repeat",
                    "small_talk",
                    asked=memory.asked,
                    offered=memory.offered,
                    message=memory.message,
                )
        if agreed is None:
            return None
        if agreed and memory.rest:  # "Shall I go on?" was not asked, and yet
            return self._answers.rest(memory)
        if agreed:  # "Okay", after an answer
            return Reply(phrases.anything_else, "small_talk:okay", "small_talk", offered=True)
        return replace(self._said("no", phrases.ask_again), unmeant=True)

    def in_place_of(self, found: Found) -> Reply | None:
        """The reply to what is about no topic, and needs no knowledge to be met. None: it is about something."""
        question, language = found.question, self._language
        if small_talk.human_about(question, language):
            return self.wants_somebody(question, said=question)
        match small_talk.opening(question, language):
            case "able":
                names = self._answers.some()
                return self._said("able", self._phrases.able.format(names) if names else self._phrases.hello)
            case "opens":
                return self._said("opens", self._phrases.go_on)
        unhappy = found.choice.way != "lead" and small_talk.complains(question, language)
        return self._answers.unhappy(found) if unhappy else None

    def wants_somebody(self, about: str, *, said: str = "") -> Reply:
        """Who helps further, and a message that keeps what it is about. `said`: the message itself, told already."""
        return self._handing_over.reply(about, said=said)

    def _said(self, rule: str, text: str) -> Reply:
        return Reply(text, f"small_talk:{rule}", "small_talk")

    def _goodbye(self) -> Reply:
        return Reply(self._phrases.goodbye, "small_talk:goodbye", "goodbye", ends_call=True)
