"""Is this what the owner expects people to say? Examples of a topic are whole turns, so words that are nearly one of
them are whole, too: told as well as asked, and with their beginning misheard.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

from agents.speech.words import words

Like = Literal["", "asked", "told"]
_COVERED = 0.75  # of an example's letters have to be there, in their order …
_MORE = 1.8  # … in a text that is no longer than this many times the example
_ALIKE = 0.6  # of its last word's: an ear spells as it likes ("tyre", "tire")
_FEWEST = 3  # words of an example that says something by itself


def like(said: str, examples: Sequence[str]) -> Like:
    """Nearly an example that asks, or one that tells; its last word has to be there, or it may only have begun."""
    own = words(said)
    for example in examples:
        wanted = words(example)
        if len(wanted) < _FEWEST or not _covers(" ".join(own), " ".join(wanted)):
            continue
        if any(SequenceMatcher(None, word, wanted[-1], autojunk=False).ratio() >= _ALIKE for word in own[2:]):
            return "asked" if example.rstrip().endswith("?") else "told"
    return ""


def _covers(said: str, example: str) -> bool:
    if len(said) > _MORE * len(example):
        return False
    blocks = SequenceMatcher(None, said, example, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= _COVERED * len(example)
