"""Sentences cut into BERT's word pieces: lower case, no accents, punctuation apart, the longest known piece first."""

import unicodedata
from collections.abc import Iterator

LONGEST_WORD = 100
_CHINESE = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))


class WordPieces:
    def __init__(self, vocabulary: str) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary.split("\n")[:-1])}
        self._begin, self._end, self._unknown = (self._ids[name] for name in ("[CLS]", "[SEP]", "[UNK]"))

    def ids(self, text: str, longest: int) -> list[int]:
        """The numbers of a sentence's pieces between the marks of its begin and end; at most `longest`."""
        found = [self._begin]
        for word in split(text):
            found.extend(self._pieces(word))
            if len(found) >= longest:
                break
        return [*found[: longest - 1], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > LONGEST_WORD:
            return [self._unknown]
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self._unknown]
        return found


def split(text: str) -> Iterator[str]:
    """Words, and every mark of punctuation and every Chinese character for itself."""
    word = ""
    for sign in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(sign)
        if kind == "Mn" or sign == "\ufffd" or (kind in {"Cc", "Cf"} and sign not in "\t\n\r"):
            continue
        alone = _is_punctuation(sign, kind) or _is_chinese(sign)
        if alone or sign.isspace():
            if word:
                yield word
            word = ""
            if alone:
                yield sign
        else:
            word += sign
    if word:
        yield word


def _is_punctuation(sign: str, kind: str) -> bool:
    return kind.startswith("P") or (sign.isascii() and sign.isprintable() and not sign.isalnum() and sign != " ")


def _is_chinese(sign: str) -> bool:
    code = ord(sign)
    return (
        0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x2FA1F
    )
