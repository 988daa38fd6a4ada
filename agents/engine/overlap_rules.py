"""What to make of sound over the agent's voice. Pure: from what is known of both, to a verdict with its reasons.

Half-said words are worthless, so nothing is decided on them: speech that is as loud as the caller holds the voice, and
when the sound has ended, or has gone on for long, its words decide whether the voice stops or goes on.
"""

from dataclasses import dataclass
from typing import Any, Literal

from agents.engine.expectation import FREE, Expected
from agents.engine.listening import sounds_like
from agents.engine.turn_lists import lists
from agents.engine.turn_rules import understood
from agents.speech.words import readable, words

NEAR_DB = 8.0  # speech that is softer than the caller's own by more than this is somebody else, or an echo
QUIET_S = 0.2  # silence after which a sound has ended
SHORT_S = 0.8  # speech up to which a sound is a remark, which its words decide …
LONG_S = 1.2  # … and from which it stops the voice whatever its words may be
LISTENING_S = 2.0  # the same for one of which nothing but signs of listening is known
LATE_S = 2.0  # for so long the voice is held for words that do not come
NEAREST_S = 0.02  # speech is counted in windows, when a frame brings them: the nearest counts
AGAIN_S = 1.0  # a voice that was held for longer goes on at the start of the clause, a shorter one at the same word
CONTINUES_S = 1.5  # speech that begins so soon after the agent's first sound belongs to the turn that is being answered
UNCLEAR = 0.4  # words of a short sound that are less certain are what an ear makes of a hum
_LISTENING_WORDS = 3  # "yank, okay, good": one of so many is misheard
_OWN_WORDS = 0.6  # of the words heard that the agent has just said: it hears itself

Do = Literal["leave", "hold", "go_on", "stop"]


@dataclass(frozen=True, slots=True)
class Sound:
    """What is known of the sound."""

    speech_s: float  # of it over the agent's voice
    quiet_s: float  # since its last speech
    text: str = ""  # its words so far …
    settled: bool = False  # … which are all of them
    judged_s: float = 0.0  # how much of its speech has been listened to for words
    own_db: float | None = None  # its level against the caller's own; None where that is not known
    held_s: float = 0.0  # for how long the voice has been held for it
    dismissed: bool = False  # it was nothing before
    certainty: float = 1.0  # of its words


@dataclass(frozen=True, slots=True)
class Voice:
    """What it goes over."""

    text: str = ""  # what the agent has said of it
    expected: Expected = FREE  # what it asks for
    is_goodbye: bool = False
    is_held: bool = False
    answers: bool = False  # it has just begun to answer the caller's turn …
    unheard: bool = False  # … so that nobody can have taken in anything of it
    hold_after_s: float = 0.2  # speech that holds it; for ever where nobody may talk over it
    language: str = ""  # that the sound is taken to be in


@dataclass(frozen=True, slots=True)
class Verdict:
    do: Do
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"do": self.do, "reasons": list(self.reasons)}


_WAIT = Verdict("leave")


def judge(sound: Sound, voice: Voice) -> Verdict:
    """What the agent should do now."""
    if sound.speech_s < voice.hold_after_s - NEAREST_S - 1e-6:
        return _WAIT
    if sound.own_db is not None and sound.own_db < -NEAR_DB:
        return Verdict("go_on", ("softer",)) if voice.is_held else _WAIT
    heard = understood(sound.text, sound.speech_s)
    if sound.settled and sound.quiet_s >= QUIET_S - 1e-6:
        return (
            _when_ended(sound, voice) if words(sound.text) and readable(sound.text) else Verdict("go_on", ("no_words",))
        )
    if sound.judged_s >= SHORT_S and not sound.text:
        return Verdict("go_on", ("no_words",)) if voice.is_held else _WAIT
    # The voice is held meanwhile, so nobody hears how late this is; half-said words are for whoever has gone on
    new, is_own = _new(sound.text, voice.language), is_echo(sound.text, voice.text)
    patience_s = after_s = LISTENING_S if _only_listens(sound.text, voice.language) else LONG_S
    is_expected = sound.dismissed or voice.answers or voice.is_goodbye  # who goes on is more likely meant
    if is_expected and patience_s == LONG_S and not _is_unclear(sound, voice):
        after_s = SHORT_S
    if sound.speech_s >= after_s and heard and not is_own and len(new) > 1:
        return Verdict("stop", ("words",))
    if sound.speech_s >= patience_s and not sound.dismissed and not is_own:
        return Verdict("stop", ("long",))
    if voice.is_held:
        return Verdict("go_on", ("words_late",)) if sound.quiet_s >= LATE_S else _WAIT
    return _WAIT if sound.dismissed else Verdict("hold", ("speech",))


def _when_ended(sound: Sound, voice: Voice) -> Verdict:
    """The sound has ended, and these are its words."""
    own, new = lists(voice.language), _new(sound.text, voice.language)
    if voice.is_goodbye and not new - own.parting:
        return Verdict("go_on", ("goodbye",))
    if is_echo(sound.text, voice.text):
        return Verdict("go_on", ("own_words",))
    if _may_answer(sound.text, new, voice):
        return Verdict("stop", ("answer",))
    if not new:
        return Verdict("go_on", ("listening",))
    if new & own.commands:
        return Verdict("stop", ("command",))
    if _is_unclear(sound, voice):
        return Verdict("go_on", ("unclear",))
    if voice.answers and voice.unheard:
        return Verdict("stop", ("goes_on",))
    is_remark = _repeats(sound.text) or _only_listens(sound.text, voice.language)
    if len(new) > 1 and not is_remark:
        return Verdict("stop", ("goes_on" if voice.answers else "words",))
    if sound.speech_s >= SHORT_S and not is_remark:
        return Verdict("stop", ("words",))
    return Verdict("go_on", ("one_word",))


def _may_answer(text: str, new: set[str], voice: Voice) -> bool:
    """To what the agent asks. Of a yes-or-no question that has only begun, nothing but a yes or a no is an answer."""
    if voice.expected.kind == "yesno":
        return not (voice.answers and new) or bool(lists(voice.language).yes_or_no.match(text))
    return bool(new) and voice.expected.kind != "free"


def _is_unclear(sound: Sound, voice: Voice) -> bool:
    """A hum or a word that was not made out. Whoever wants something says it once more, or for longer."""
    return sound.speech_s < LONG_S and sound.certainty < UNCLEAR and not voice.unheard


def _new(text: str, language: str) -> set[str]:
    """The words that are more than a sign of listening. Letters are what an ear makes of "mhm"."""
    own = lists(language)
    said = words(own.listens.sub(" ", text))
    return {word for word in said if len(word) > 1 or word.isdigit()} - own.listening


def _only_listens(text: str, language: str) -> bool:
    """Nothing but signs of listening, one of which may be misheard: "yank, okay, good"."""
    own, said, new = lists(language), words(text), _new(text, language)
    if not said or new & own.commands:
        return False
    if len(new) == 1 and (len(said) >= _LISTENING_WORDS or (len(said) > 1 and not new - own.open - own.helping)):
        return True  # "are interesting", of "oh, interesting"
    return not new or (not own.denies.intersection(said) and sounds_like(said, own.listens_like))


def _repeats(text: str) -> bool:
    """Is this one word again and again? What an ear makes of "right, right"."""
    said = words(text)
    return len(said) > len(set(said))


def is_echo(text: str, said: str) -> bool:
    """Is this the agent's own text, as an ear makes it out of a loudspeaker?"""
    heard, own = words(text), set(words(said))
    return len(heard) >= 2 and sum(word in own for word in heard) >= _OWN_WORDS * len(heard)


def takes_back(text: str, language: str = "") -> bool:
    """Does this begin with a word that takes back what was said before, so that it stands alone?"""
    said, own = words(text), lists(language)
    return bool(said) and said[0] in own.takes_back and not own.mends.search(text)


def asks_to_go_on(text: str, language: str = "") -> bool:
    """Is this the wish to hear the rest of what was cut?"""
    return bool(lists(language).goes_on.match(text.strip()))
