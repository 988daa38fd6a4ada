"""What an agent says of its own accord around a model, by language: a broken answer, a person in need."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelWords:
    again: str  # behind a whole sentence; {0}: the answer in the owner's words
    again_within: str  # … and in the middle of one
    lost: str  # the same where there is no such answer
    crisis: str  # somebody speaks of harming themselves
    in_crisis: re.Pattern[str]


_BY_LANGUAGE = {
    "en": ModelWords(
        again="In short: {0}",
        again_within="well, let me put it this way: {0}",
        lost="I am sorry, I lost the thread. Could you ask me that again?",
        crisis="I am very sorry that you feel this way. I am only an automated assistant and cannot help you with "
        "this, but people can, right now: please call your country's emergency number or a crisis line, or talk to "
        "somebody near you.",
        in_crisis=re.compile(
            r"\b(?:suicid\w*|kill(?:ing)?\s+myself|end(?:ing)?\s+(?:my\s+life|it\s+all)|(?:want|wish|going)\s+to\s+die"
            r"|hurt(?:ing)?\s+myself|harm(?:ing)?\s+myself|self.?harm|don['’]?t\s+want\s+to\s+live|better\s+off\s+dead)\b",
            re.IGNORECASE,
        ),
    ),
    "de": ModelWords(
        again="Kurz gesagt: {0}",
        again_within="also, ich sage es so: {0}",
        lost="Entschuldigung, ich habe den Faden verloren. Fragen Sie mich das bitte noch einmal?",
        crisis="Es tut mir sehr leid, dass es Ihnen so geht. Ich bin nur ein automatischer Assistent und kann Ihnen "
        "dabei nicht helfen, aber Menschen können es, sofort: Rufen Sie bitte den Notruf oder die Telefonseelsorge an, "
        "oder sprechen Sie mit jemandem in Ihrer Nähe.",
        in_crisis=re.compile(
            r"\b(?:selbstmord\w*|suizid\w*|(?:mich|mir)\s+(?:umbringen|das\s+leben\s+nehmen|etwas\s+antun|selbst\s+verletzen)"
            r"|bringe?\s+mich\s+um|(?:will|möchte)\s+(?:sterben|nicht\s+mehr\s+leben)|nicht\s+mehr\s+leben)\b",
            re.IGNORECASE,
        ),
    ),
}


def model_words(language: str) -> ModelWords:
    return _BY_LANGUAGE.get(language.split("-")[0].lower(), _BY_LANGUAGE["en"])


def in_crisis(text: str) -> bool:
    """Does somebody speak of harming themselves, in whichever language?"""
    return any(one.in_crisis.search(text) for one in _BY_LANGUAGE.values())
