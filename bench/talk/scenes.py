"""What callers say and do. Only texts and times: `play` makes calls of them.

`|` stands where the caller pauses. A topic's name is that of the demo's topic which has the answer; "" where any answer
will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Utterance:
    kind: str
    text: str
    pauses_s: tuple[float, ...] = ()
    topic: str = ""
    is_question: bool = True  # else an unclear sentence, after which waiting is no fault

    @property
    def pieces(self) -> list[str]:
        return [piece.strip() for piece in self.text.split("|")]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Something that sounds over an answer."""

    kind: str
    text: str  # what is said, or the kind of noise
    db: float = 0.0  # against the caller's own level
    stops: bool = False  # the agent should fall silent


PLACE, PAY, CITY = "Where to find us", "Ways to pay", "Renting a city bike"
PARKING, DEPOSIT, PRICES = "Parking", "Deposit for a rental", "Repair prices"

TURNS: tuple[Utterance, ...] = (
    Utterance("statement, then question", "I have a flat tyre. | How much does a repair cost?", (0.7,)),
    Utterance("statement, then question", "I am coming by car. | Is there parking?", (0.7,), PARKING),
    Utterance("statement, then question", "We want to rent two bikes. | Do I have to pay a deposit?", (0.7,), DEPOSIT),
    Utterance("statement, then question", "I bought a bike last week. | Can I still return it?", (0.7,)),
    Utterance("digits", "My number is two two eight, | nine one four, | six zero.", (0.9, 0.7), is_question=False),
    Utterance("digits", "It is order seven one, | five five three.", (1.1,), is_question=False),
    Utterance("um", "I would like to know, um, | how much a repair costs.", (1.2,), PRICES, False),
    Utterance("um", "Do you, uh, | have bikes for children?", (0.9,), "Children's bikes and seats"),
    Utterance("um", "Um, | where is your shop?", (0.8,), PLACE),
    Utterance("pause of a second", "I would like to rent a bike, | for the whole weekend.", (1.0,), is_question=False),
    Utterance("pause of a second", "Could you tell me, | where I can park my car?", (1.0,), PARKING),
    Utterance("pause of a second", "What I need to know is, | whether I can pay by card.", (1.0,), PAY, False),
    Utterance("correction", "I want to rent a bike on Monday, | no, on Tuesday.", (0.6,), is_question=False),
    Utterance("correction", "How much is an electric bike, | sorry, I mean a city bike?", (0.6,), CITY),
    Utterance("two sentences", "I lost my jacket. | Maybe it is in your shop.", (0.6,), "Lost property", False),
    Utterance("two sentences", "My rental bike was stolen. | I am very sorry.", (0.5,), "A stolen rental bike", False),
)

QUESTIONS: tuple[Utterance, ...] = (
    Utterance("question", "What is your address?", topic=PLACE),
    Utterance("question", "Is there parking?", topic=PARKING),
    Utterance("question", "How can I pay?", topic=PAY),
    Utterance("question", "How much does a repair cost?", topic=PRICES),
    Utterance("question", "Do you have bikes for children?", topic="Children's bikes and seats"),
    Utterance("question", "Do I have to pay a deposit?", topic=DEPOSIT),
    Utterance("question", "Are you open on Sundays?", topic="Sunday opening hours"),
    Utterance("question", "What does a rental cost?", topic=CITY),
)
UNCLEAR: tuple[Utterance, ...] = (
    Utterance("unclear", "I want to book a repair.", topic="Booking a repair", is_question=False),
    Utterance("unclear", "The bike was stolen.", topic="A stolen rental bike", is_question=False),
    Utterance("unclear", "I would like to cancel my reservation.", topic="Cancelling a reservation", is_question=False),
    Utterance("unclear", "We are a group of fifteen people.", topic="Group bookings", is_question=False),
)

# Questions with the longest answers, to talk over
LONG: tuple[Utterance, ...] = (
    Utterance("question", "How long does a repair take?", topic="How long a repair takes"),
    Utterance("question", "Can I return a bike?", topic="Returning a bike you bought"),
    Utterance("question", "How long is the warranty?", topic="Warranty"),
    Utterance("question", "How can I pay?", topic=PAY),
    Utterance("question", "Do I have to pay a deposit?", topic=DEPOSIT),
)
BACKCHANNEL, INTERRUPTION, NOISE, COUGH = "listening words", "interruption", "noise", "cough"
_FAR = (
    "And now the news at six with all the latest headlines.",
    "I told him three times but he never listens to anybody.",
    "Come on, dinner is ready, the soup gets cold.",
)
OVERLAPS: tuple[Overlap, ...] = (
    *(
        Overlap(BACKCHANNEL, text)
        for text in ("Okay.", "Right.", "Yeah.", "Mm-hmm.", "I see.", "Uh-huh.", "Okay, okay.", "Got it.")
    ),
    *(
        Overlap(INTERRUPTION, text, stops=True)
        for text in (
            "Wait, where is your shop?",
            "Sorry, one more thing, do you take credit cards?",
            "No, that is not what I asked.",
            "Stop.",
            "Hold on, what about Sundays?",
            "Actually, is there parking?",
            "Okay, but how much is a city bike?",
            "Excuse me.",
        )
    ),
    *(Overlap(f"voice at {db} dB", text, float(db)) for db in (-18, -12, -9) for text in _FAR),
    *(Overlap(NOISE, kind) for kind in ("knock", "keys", "clatter", "burst")),
    *(Overlap(COUGH, kind) for kind in ("cough", "throat")),
    *(Overlap(f"echo at {db} dB", "", float(db)) for db in (-15, -15, -9, -9)),
    *(
        Overlap("to somebody else", text)
        for text in ("Honey, can you close the door please?", "No, put it on the table over there.")
    ),
)

# Whole conversations: what people come for, one thing after the other, as they say it
CONVERSATIONS: dict[str, tuple[Utterance, ...]] = {
    "a weekend": (
        Utterance("question", "Hi there. | What does a rental cost?", (0.5,), CITY),
        Utterance("question", "And do I have to pay a deposit?", topic=DEPOSIT),
        Utterance("question", "Okay, um, | do you have bikes for children?", (0.8,), "Children's bikes and seats"),
        Utterance("question", "How do I cancel my reservation?", topic="Cancelling a reservation"),
        Utterance("question", "And where is your shop?", topic=PLACE),
    ),
    "a broken bike": (
        Utterance("question", "My bike is broken. | How much does a repair cost?", (0.7,), PRICES),
        Utterance("question", "How long does a repair take?", topic="How long a repair takes"),
        Utterance("question", "Can you tell me, | are you open on Sundays?", (0.8,), "Sunday opening hours"),
        Utterance("question", "Is there parking?", topic=PARKING),
    ),
    "a new bike": (
        Utterance("question", "Do you buy used bikes?", topic="Selling us a used bike"),
        Utterance("question", "How long is the warranty?", topic="Warranty"),
        Utterance("question", "How can I pay?", topic=PAY),
        Utterance("question", "Thanks. | And do you deliver?", (0.5,), "Home delivery"),
    ),
    "trouble": (
        Utterance("statement", "The bike was stolen.", topic="A stolen rental bike", is_question=False),
        Utterance("question", "When do I get my money back?", topic="When a refund arrives"),
        Utterance("question", "I left my jacket in your shop. | Did you find it?", (0.7,), "Lost property"),
        Utterance("question", "Are you hiring?", topic="Working with us"),
    ),
    "a day out": (
        Utterance("question", "Do you offer guided tours?", topic="Guided tours"),
        Utterance("question", "Do you have group discounts?", topic="Group bookings"),
        Utterance("question", "How much is an electric bike per day?", topic="Renting an electric bike"),
        Utterance("question", "When do you open on weekdays?", topic="Weekday opening hours"),
    ),
}


def in_turns(items: Sequence[T], hands: int) -> list[list[T]]:
    """Dealt out to so many callers."""
    dealt: list[list[T]] = [[] for _ in range(hands)]
    for item, hand in zip(items, cycle(dealt), strict=False):
        hand.append(item)
    return dealt
