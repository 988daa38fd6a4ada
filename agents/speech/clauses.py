"""A text in the pieces in which it is spoken: the first one short, so that the agent begins soon."""

FIRST_WORDS = 8  # a longer first piece is cut at a weaker place
LONG_WORDS = 14  # a longer sentence is cut at its commas
LONGEST_WORDS = 25  # and a longer piece anywhere
_END = (".", "!", "?", "…")
_PAUSE = (",", ";", ":", "–", "—")
_AFTER_PAUSE = "\"'”’)]»"
_ABBREVIATIONS = frozenset(
    "dr. mr. mrs. ms. prof. st. no. nr. tel. ext. ave. rd. approx. incl. excl. etc. e.g. i.e. vs. ca. max. min. inc."
    " ltd. co. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. mon. tue. wed. thu. fri. sat. sun.".split()
)
_HALF_DAY = frozenset({"a.m.", "p.m."})
_JOINS = frozenset({"and", "but", "because", "so", "or", "which", "when", "while", "until"})


def clauses(text: str, *, begun: bool = False) -> list[str]:
    """The pieces, in order. Joined by single spaces they are the text again.

    A piece ends between two words only, so prices, times and e-mail addresses stay whole. `begun`: something was said
    before, so that the first one need not be short.
    """
    words = text.split()
    pieces: list[str] = []
    piece: list[str] = []
    for place, word in enumerate(words):
        piece.append(word)
        following = words[place + 1] if place + 1 < len(words) else ""
        if not following or _breaks(
            piece, following, first=not (pieces or begun), ahead=_to_sentence_end(words, place + 1)
        ):
            pieces.append(" ".join(piece))
            piece = []
    return pieces


def _breaks(piece: list[str], following: str, *, first: bool, ahead: int) -> bool:
    if _ends_sentence(piece[-1], following):
        return True
    if ahead <= 2:  # nothing is gained, and the end would sound torn off
        return False
    spoken = len(piece)
    if spoken >= LONGEST_WORDS:
        return True
    sentence = spoken + ahead
    if _pauses(piece[-1], following):
        return spoken >= 2 if first else spoken >= 4 and sentence > LONG_WORDS
    return first and spoken >= 4 and sentence > FIRST_WORDS and following.lower() in _JOINS


def _ends_sentence(word: str, following: str) -> bool:
    bare = word.rstrip(_AFTER_PAUSE)
    if not bare.endswith(_END):
        return False
    if bare.lower() in _HALF_DAY:
        return following[0].isupper()
    if bare.lower() in _ABBREVIATIONS or (len(bare) == 2 and bare[0].isalpha()):
        return False
    return not following[0].islower()


def _pauses(word: str, following: str) -> bool:
    bare = word.rstrip(_AFTER_PAUSE)
    if not bare.endswith(_PAUSE):
        return False
    return not (bare[:-1][-1:].isdigit() and following[0].isdigit())


def _to_sentence_end(words: list[str], start: int) -> int:
    """How many words the sentence still has."""
    for place in range(start, len(words)):
        if place + 1 == len(words) or _ends_sentence(words[place], words[place + 1]):
            return place + 1 - start
    return 0
