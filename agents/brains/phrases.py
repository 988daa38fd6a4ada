"""The sentences an agent says of its own accord, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    silence: tuple[str, ...]  # one after the other; the last one is repeated
    silence_goodbye: str
    not_heard: str  # the words of what the visitor said do not come
    muted_goodbye: str
    microphone_goodbye: str
    time_limit: str
    failure: str
    ask_one: str  # {0}: a topic's name
    ask_two: str  # {0}, {1}: two topics' names
    ask_again: str  # the answer to "no"
    unknown: str
    unknown_again: str
    hello: str
    thanks: str
    anything_else: str
    goodbye: str
    go_on: str  # the visitor said yes to "anything else"
    nothing_yet: str  # "repeat that" before anything was said
    who: str  # {0}: the agent's name
    robot: str  # {0}: the agent's name
    human: str


_ENGLISH = Phrases(
    silence=(
        "Are you still there?",
        "I cannot hear you. Please say something if you are there.",
        "I still cannot hear you. Is your microphone on?",
    ),
    silence_goodbye="I cannot hear anybody, so I will end this call. Goodbye.",
    not_heard="I am sorry, I could not make that out yet. Could you say it again?",
    muted_goodbye="You have been muted for a long time, so I will end this call. Goodbye.",
    microphone_goodbye="I have had no sound from your microphone for a long time, so I will end this call. Goodbye.",
    time_limit="I am sorry, but this call has reached its longest time, so I have to end it here. Goodbye.",
    failure="I am sorry, something went wrong on our side, and I have to end this call. Please try again later.",
    ask_one="Do you mean {0}?",
    ask_two="Do you mean {0}, or {1}?",
    ask_again="All right. What would you like to know?",
    unknown="I am sorry, I do not know that. What else can I help you with?",
    unknown_again="I am afraid I cannot answer that either. Please ask me about something else.",
    hello="Hello! How can I help you?",
    anything_else="Is there anything else?",
    thanks="You are welcome. Is there anything else?",
    goodbye="Thank you for calling. Goodbye!",
    go_on="Of course. What would you like to know?",
    nothing_yet="I have not said anything yet. How can I help you?",
    who="I am {0}. How can I help you?",
    robot="I am {0}, an automated assistant. How can I help you?",
    human="I am an automated assistant and cannot put you through to a person. What would you like to know?",
)
_BY_LANGUAGE = {"en": _ENGLISH}


def phrases(language: str) -> Phrases:
    """The sentences of a language; English where there are none yet."""
    return _BY_LANGUAGE.get(language.split("-")[0].lower(), _ENGLISH)
