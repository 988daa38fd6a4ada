"""Words as they were heard: split, evened out, and told from the sounds people make between them."""

import re

FILLERS = frozenset("um umm uh uhh er err erm ah ahh eh hm hmm hmmm mm mmm mhm huh uh-huh mm-hmm mm-hm mmhmm".split())
# Spellings that hearing engines prefer, and the ones people write
_SPELLINGS = {"good-bye": "goodbye", "to-morrow": "tomorrow", "to-day": "today", "e-mail": "email", "ok": "okay"}
_SPELLINGS |= dict.fromkeys(("thx", "thnx", "thanx", "tks"), "thanks") | {"pls": "please", "plz": "please"}
# What a text says that has a sign and no word. Others, an angry face among them, could mean anything.
_SIGNS = dict.fromkeys("👍👌✅☑✔🆗", "okay") | dict.fromkeys("👎❌✖", "no")
_SIGNS |= dict.fromkeys("🙏❤😊🙂😀😃😄😁😍🥰🎉", "thanks") | {"👋": "hello"}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_UNREADABLE = "\ufffd"


def even(text: str) -> str:
    """One space between words, and one spelling for a word."""
    return re.sub(r"[\w-]+", lambda match: _SPELLINGS.get(match[0].lower(), match[0]), " ".join(text.split()))


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    found = (word.lower().replace("’", "'") for word in _WORD.findall(text))
    said = [_SPELLINGS.get(word, word) for word in found]
    return said or [_SIGNS[sign] for sign in text if sign in _SIGNS][:1]


def real_words(text: str) -> list[str]:
    """The words that are more than a sound of hesitation or of listening."""
    return [word for word in words(text) if word not in FILLERS]


def readable(text: str) -> bool:
    return _UNREADABLE not in text


def joined(first: str, second: str) -> str:
    """Two pieces of one turn."""
    return " ".join(part for part in (first.strip(), second.strip()) if part)
