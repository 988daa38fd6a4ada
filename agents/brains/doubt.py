"""Was it heard well enough to be answered? Pure: from how sure the ear is and what the reply hangs on, to a verdict.

A wrong answer costs a caller more than a question back, and a needless question costs something, too: nobody is asked
where the reply stays the same without the doubtful words, where it matched strongly, or where two hearings agree; and
never more than twice in a row.
"""

from dataclasses import dataclass
from typing import Any, Literal

from agents.speech.heard import Heard
from agents.speech.words import real_words

STRONG = 0.9  # a topic that is so likely is meant, whatever the ear says of single words
HARDLY = 0.3  # a text that is less certain than this is not worth saying back
NOTHING = 0.6  # … and where nothing answers it, this little certainty says why
QUOTED_WORDS = 12  # a longer text is not said back: its topic is named instead
IN_A_ROW = 2  # questions about what was said …
IN_A_CALL = 6  # … and how many in a whole call

STRANGE = 0.45  # an ear that knows one language is less certain than this of most sentences in another …
STRANGE_WORDS = 4  # … of so many words at least …
QUIET_DB = 20.0  # … and in noise of those in its own, so only speech that stands out by this counts …
STRANGE_IN_A_ROW = 2  # … and only so many in a row
WELL = 0.6  # whoever was once heard with this certainty speaks the right language

Do = Literal["trust", "say_back", "name", "again", "lead", "tell"]
REASONS = frozenset(
    "heard_well hangs_on_doubtful hardly_heard another_language asked_enough"
    " stands_without said_twice matched_strongly".split()
)


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A reply that is about to be given, and what it hangs on."""

    is_unknown: bool  # nothing answers
    score: float | None  # the chance of its topic
    stands: bool  # it is the same without the doubtful words …
    twice: bool  # … or as the reply to what was said just before and asked back
    has_topic: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with it, and why. `doubtful` are the places of words in the turn's text."""

    do: Do
    reasons: tuple[str, ...]
    certainty: float
    doubtful: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "do": self.do,
            "reasons": list(self.reasons),
            "certainty": round(self.certainty, 2),
            "doubtful": list(self.doubtful),
        }


def is_strange(heard: Heard, *, understood: bool) -> bool:
    """Is this likely another language than the ear's? `understood`: the caller has been heard well before."""
    if understood or heard.above_db < QUIET_DB or not heard.sure:
        return False
    return heard.certainty < STRANGE and len(real_words(heard.text)) >= STRANGE_WORDS


def another_language(heard: Heard, doubtful: tuple[int, ...]) -> Verdict:
    """What is said when one strange turn follows another."""
    return Verdict("tell", ("another_language",), heard.certainty, doubtful)


def judge(
    heard: Heard,
    doubtful: tuple[int, ...],
    reply: Reasoned,
    *,
    asked_in_a_row: int,
    asked: int,
    strange: bool = False,
) -> Verdict:
    """What the agent should do with a reply to these words, of which those at the places `doubtful` may be wrong.

    `strange`: they are likely no words of its language at all, and not worth saying back.
    """
    certainty = heard.certainty

    def verdict(do: Do, reason: str) -> Verdict:
        return Verdict(do, (reason,), certainty, doubtful)

    if not doubtful:
        return verdict("trust", "heard_well")
    enough = asked_in_a_row >= IN_A_ROW or asked >= IN_A_CALL
    if reply.is_unknown:
        if certainty >= NOTHING and not strange:
            return verdict("trust", "heard_well")
        return verdict("trust", "asked_enough") if enough else verdict("again", "hardly_heard")
    if reply.stands:
        return verdict("trust", "stands_without")
    if reply.twice:
        return verdict("trust", "said_twice")
    if reply.score is not None and reply.score >= STRONG:
        return verdict("trust", "matched_strongly")
    if enough:
        return verdict("lead", "asked_enough")
    if certainty < HARDLY or strange:
        return verdict("again", "hardly_heard")
    if len(heard.text.split()) > QUOTED_WORDS:
        return verdict("name", "hangs_on_doubtful") if reply.has_topic else verdict("again", "hangs_on_doubtful")
    return verdict("say_back", "hangs_on_doubtful")
