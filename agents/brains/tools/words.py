"""What an agent says around a tool where its owner wrote nothing, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolWords:
    start: str
    delay: str
    done: str
    refused: str
    not_found: str  # the same, of what only looks something up
    failure: str
    not_read: str  # the same, of what only looks something up
    unknown: str  # nobody can tell whether it was done
    later: str  # somebody will see to it: what was told is kept
    anything_else: str


ENGLISH = ToolWords(
    start="One moment, please.",
    delay="It takes a little longer, I am still waiting for the answer.",
    done="That is done.",
    refused="I am sorry, that was not possible.",
    not_found="I am sorry, I could not find that.",
    failure="I am sorry, I could not do that just now, because our system does not answer. Nothing was changed.",
    not_read="I am sorry, I could not look that up just now, because our system does not answer.",
    unknown="I am sorry, our system broke off, and I cannot tell whether that went through. Please do not rely on it.",
    later="I have noted what you told me, so that somebody can see to it.",
    anything_else="Is there anything else?",
)
GERMAN = ToolWords(
    start="Einen Moment, bitte.",
    delay="Es dauert etwas länger, ich warte noch auf die Antwort.",
    done="Das ist erledigt.",
    refused="Es tut mir leid, das war nicht möglich.",
    not_found="Es tut mir leid, das konnte ich nicht finden.",
    failure="Es tut mir leid, das ging gerade nicht, weil unser System nicht antwortet. Es wurde nichts geändert.",
    not_read="Es tut mir leid, ich konnte gerade nicht nachsehen, weil unser System nicht antwortet.",
    unknown="Es tut mir leid, unser System hat abgebrochen, und ich weiß nicht, ob das durchgegangen ist. "
    "Bitte verlassen Sie sich nicht darauf.",
    later="Ich habe notiert, was Sie gesagt haben, damit sich jemand darum kümmern kann.",
    anything_else="Kann ich sonst noch etwas für Sie tun?",
)


def tool_words(language: str) -> ToolWords:
    """English where there are none yet, as elsewhere."""
    return GERMAN if language.lower().startswith("de") else ENGLISH
