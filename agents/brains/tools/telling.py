"""What is said of a tool: at its start, while it takes long, and of what came of it. Never that it worked where it did
not, and nothing of what a system said but the parts that its owner put into a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from agents.brains.collecting import kinds
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool, fill, named
from agents.brains.tools.words import tool_words

_SENTENCE = re.compile(r".+?(?:[.!?…](?=\s|$)|$)\s*", re.DOTALL)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Say = Callable[[str], str]  # a text with the words of variant and page in their places


def start(tool: Tool, language: str, say: Say = str) -> str:
    return say(tool.said("start", language)) or tool_words(language).start


def delay(tool: Tool, language: str, say: Say = str) -> str:
    return say(tool.said("delay", language)) or tool_words(language).delay


def told(tool: Tool, outcome: Outcome, language: str, given: Mapping[str, str], say: Say = str, usual: str = "") -> str:
    """What came of it. `given`: what the tool was told, as it is read back; `usual`: where the owner wrote nothing."""
    words = tool_words(language)
    values = {**given, **{key: aloud(value, language) for key, value in outcome.values.items()}}
    match outcome.state:
        case "done":
            return filled(say(tool.said("answer", language)), values) or usual or words.done
        case "refused":
            return filled(say(tool.said("refused", language)), values) or (
                words.not_found if tool.reads else words.refused
            )
        case "failed":
            return filled(say(tool.said("failure", language)), values) or (
                words.not_read if tool.reads else words.failure
            )
    return words.unknown


def found(tool: Tool, outcome: Outcome, language: str, given: Mapping[str, str], say: Say = str) -> str:
    """What came of something that was looked up on the way: nothing needs to be said where it was found."""
    if outcome.state == "done" and not tool.said("answer", language):
        return ""
    if outcome.state == "unknown":  # nothing was to be changed
        outcome = replace(outcome, state="failed")
    return told(tool, outcome, language, given, say)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with the values in their places, without the sentences that lack one."""
    whole = [one for one in _SENTENCE.findall(text) if all(values.get(key) for key in named(one))]
    return fill("".join(whole), values).strip()


def aloud(value: str, language: str) -> str:
    """A value of a system as people say it: days and times of day are written for machines there."""
    if _HOUR.fullmatch(value):
        return kinds.say("time", value, language)
    if found := _DAY.fullmatch(value):
        try:
            date.fromisoformat(found[1])
        except ValueError:
            return value
        day = kinds.say("date", found[1], language)
        return f"{day}, {kinds.say('time', found[2], language)}" if found[2] else day
    return value
