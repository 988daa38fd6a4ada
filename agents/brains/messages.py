"""Takes a message when there is no answer: name, number, text, read back, kept.

What is known so far and the step that comes next are plain text in the memory. A question in between is answered by
whoever calls; the step is then asked again. Nobody has to leave a number: who has none, will not say it or is not
understood twice goes on without, and is not told that somebody will get back.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from agents.brains.base import Reply, event
from agents.brains.collecting import email, phone
from agents.brains.collecting import name as names
from agents.brains.collecting.base import Asking
from agents.brains.flows import orders
from agents.brains.phrases import Phrases
from agents.speech.words import words

TEXT_MOST = 1_000
NAME_MOST = 60
_DIGITS_LEAST = 5
_ASKINGS = tuple(Asking(datetime.min, language, {"least": _DIGITS_LEAST}) for language in ("en", "de"))  # any of these
_STEPS = ("name", "number", "text")
_MISSED_MOST = 2  # numbers that were not understood; then it goes on without
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_STOPS = re.compile(
    r"\b(?:never ?mind|forget it|cancel|no message|stop|don't bother|vergiss es|vergessen sie es|abbrechen|lieber nicht"
    r"|doch nicht|keine nachricht)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\b(?:start (?:again|over)|from the beginning|von vorn|noch ?mal von vorne)\b", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:(?:leave|take|pass on|give (?:him|her|them)) (?:you )?an? message|call me back|ring me back|calls? me back"
    r"|get back to me|eine nachricht (?:hinterlassen|dalassen)|nachricht aufnehmen|ruf\w* (?:mich|sie mich) (?:bitte )?zurück"
    r"|zurückgerufen werden|um rückruf)\b",
    re.IGNORECASE,
)
_WHICH = {
    "name": re.compile(r"\b(?:name|spell\w*|buchstab\w*)\b", re.IGNORECASE),
    "number": re.compile(r"\b(?:number|phone|digits?|nummer|telefon\w*)\b", re.IGNORECASE),
    "text": re.compile(r"\b(?:message|text|nachricht)\b", re.IGNORECASE),
}


def wanted(text: str) -> bool:
    """Does the visitor ask for a message to be taken, or to be called back?"""
    return bool(_WANTED.search(text))


def name(text: str) -> str:
    """The name in "My name is Ann Bell", spelled or not, in English or German; what was said where none is told, "" where
    nothing was: whoever takes a message does not quarrel about names."""
    for asking in _ASKINGS:
        heard = names.read(text, asking)
        if heard.fine:
            return heard.value
    plain = " ".join(text.split()).strip(" .,!?")[:NAME_MOST]
    return plain if any(letter.isalpha() for letter in plain) else ""


def number(text: str) -> str:
    """The digits of a telephone number, said or written, or an e-mail address; "" where there is neither."""
    if address := _ADDRESS.search(text):
        return address[0].rstrip(".,")
    spoken = email.read(text, _ASKINGS[0])
    if spoken.fine:
        return spoken.value
    return max((phone.read(text, asking).value for asking in _ASKINGS), key=len)


def read_out(found: str) -> str:
    """A number as it is read back: digit by digit, in groups."""
    return found if "@" in found else phone.say(found)


@dataclass(frozen=True, slots=True)
class Taking:
    """One step of a message being taken."""

    phrases: Phrases
    known: dict[str, str]

    def offer(self, about: str, text: str, score: float | None, *, said: str = "") -> Reply:
        """There is no answer: shall a message be taken? `said`: it is told already."""
        told = {"text": _text(said)} if said else {}
        return Reply(text, "unknown", "message", score=score, message={"step": "offer", "about": about, **told})

    def begin(self) -> Reply:
        kept = ("about", "text") if self.known.get("step") == "offer" else ("about",)
        return self._ask({key: value for key, value in self.known.items() if key in kept}, self.phrases.message_begin)

    def go_on(self) -> Reply:
        """Begin with what was told before it was asked for; all of it is read back."""
        return self._ask(self.known, self.phrases.message_begin if "text" not in self.known else "")

    def again(self, text: str) -> Reply:
        """The same step once more, behind the answer to a question in between."""
        return self._ask(self.known, text)

    def step(self, text: str, agreed: bool | None) -> Reply | None:
        """The next step after what the visitor said. None: it had nothing to do with the message."""
        step = self.known["step"]
        if step == "offer":
            return self.begin() if agreed or wanted(text) else None
        if _STOPS.search(text) and len(words(text)) <= 6:
            return Reply(self.phrases.message_stopped, "message", "message")
        if _AGAIN.search(text):
            return self.begin()
        if step == "check":
            return self._checked(text, agreed)
        if step == "fix" and not agreed:
            return self._fix(text) or self._ask(self.known, self.phrases.message_fix)
        return self._filled(step, text)

    def _filled(self, step: str, text: str) -> Reply:
        known, without = self.known, step != "name" and (orders.nothing(text) or orders.skips(text))
        left_out = known | {"without": f"{known.get('without', '')} {step}".strip()}
        value = {"name": name, "number": number, "text": _text}[step](text)
        if without and not (step == "number" and value):
            return self._ask(left_out)
        if value:
            first_time = step == "name" and not known.get("number") and not known.get("without")
            return self._ask(known | {step: value}, self.phrases.message_thanks.format(value) if first_time else "")
        if step != "number":
            return self._ask(known)
        missed = int(known.get("missed", "0")) + 1
        if missed >= _MISSED_MOST:
            return self._ask(left_out)
        return self._ask(known | {"missed": str(missed)}, self.phrases.message_no_number)

    def _checked(self, text: str, agreed: bool | None) -> Reply | None:
        if agreed:
            kept = {key: self.known.get(key, "") for key in ("number", "text", "about")}
            phrases = self.phrases
            return Reply(
                phrases.message_kept if kept["number"] else phrases.message_kept_only,
                "message:kept",
                "message",
                offered=True,
                events=(event("message_taken", visitor=self.known.get("name", ""), **kept),),
            )
        fixed = self._fix(text)
        if fixed or agreed is False:
            return fixed or Reply(self.phrases.message_fix, "message", "message", message={**self.known, "step": "fix"})
        return None

    def _fix(self, text: str) -> Reply | None:
        """ "The number is wrong", or the right one at once."""
        if found := number(text):
            return self._ask({**self.known, "number": found})
        for step, named in _WHICH.items():
            if named.search(text):
                without = " ".join(one for one in self.known.get("without", "").split() if one != step)
                left = {key: value for key, value in self.known.items() if key not in (step, "missed")}
                return self._ask(left | {"without": without})
        return None

    def _ask(self, known: dict[str, str], before: str = "") -> Reply:
        """Ask for the first thing that is missing; read everything back when nothing is."""
        phrases, without = self.phrases, known.get("without", "").split()
        missing = next((step for step in _STEPS if not known.get(step) and step not in without), "check")
        text = {
            "name": phrases.message_name,
            "number": phrases.message_number,
            "text": phrases.message_text,
            "check": phrases.message_check.format(self._told(known)),
        }[missing]
        return Reply(f"{before} {text}".strip(), "message", "message", message={**known, "step": missing})

    def _told(self, known: dict[str, str]) -> str:
        """What is there, as it is read back."""
        parts = [known.get("name", "")]
        if known.get("number"):
            parts.append(self.phrases.message_has_number.format(read_out(known["number"])))
        if known.get("text"):
            parts.append(self.phrases.message_has_text.format(known["text"].rstrip(" .!?")))
        return ", ".join(parts)


def _text(text: str) -> str:
    return " ".join(text.split())[:TEXT_MOST]
