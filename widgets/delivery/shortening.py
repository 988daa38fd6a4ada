"""Names that a script gave itself, made short: every page of a customer's site pays for them.

For one classic script in ES5 whose comments and spaces are gone already. A name is a variable, function or parameter
declared somewhere in it, and is then the same short name everywhere; properties, keys, strings, patterns and the
browser's names stay. So a script must not use a global of the browser by a name that it declares elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice, product
from string import ascii_letters

_TOKEN = re.compile(
    r"""(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    | (?P<pattern>(?<=[(,=:\[!&|?{};\n])/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/\w*)
    | (?P<name>[A-Za-z_$][\w$]*)
    | (?P<number>\.?\d[\w.]*)
    | (?P<sign>[^\s\w])
    | (?P<space>\s+)""",
    re.VERBOSE,
)
_WORDS = frozenset(
    "break case catch continue debugger default delete do else false finally for function if in instanceof new null "
    "return switch this throw true try typeof var void while with arguments eval undefined NaN".split()
)


def shortened(script: str) -> str:
    tokens = [(found.lastgroup or "", found[0]) for found in _TOKEN.finditer(script)]
    own = _declared(tokens)
    places = [
        at for at, (kind, text) in enumerate(tokens) if kind == "name" and text in own and not _is_key(tokens, at)
    ]
    taken = {text for kind, text in tokens if kind == "name"} - own
    often = Counter(tokens[at][1] for at in places)
    # By how often, then by name: the same script has the same bytes, and its ETag stays.
    order = sorted(often, key=lambda name: (-often[name], name))
    short = dict(zip(order, islice(_names(taken), len(order)), strict=True))
    texts = [text for _kind, text in tokens]
    for at in places:
        texts[at] = short[texts[at]]
    return "".join(texts)


def _declared(tokens: list[tuple[str, str]]) -> set[str]:
    """What follows `function` and `var`, and stands in the brackets of a function or a catch."""
    found = set()
    signs = [token for token in tokens if token[0] != "space"]
    for at, (_kind, text) in enumerate(signs):
        if text == "function" and signs[at + 1][0] == "name":
            found.add(signs[at + 1][1])
        if text in ("function", "catch"):
            opening = at + 1 + (signs[at + 1][0] == "name")
            closing = next(n for n in count(opening) if signs[n][1] == ")")
            found |= {name for kind, name in signs[opening:closing] if kind == "name"}
        if text == "var":
            found |= set(_variables(signs, at))
    return found - _WORDS


def _variables(signs: list[tuple[str, str]], at: int) -> Iterator[str]:
    depth = 0
    for before, (kind, text) in zip(signs[at:], signs[at + 1 :], strict=False):
        if depth == 0 and kind == "name" and before[1] in ("var", ","):
            yield text
        if kind == "sign":
            depth += (text in "([{") - (text in ")]}")
        if depth < 0 or (depth == 0 and text == ";"):
            return


def _is_key(tokens: list[tuple[str, str]], at: int) -> bool:
    """After a dot, or before the colon of an object."""
    before = tokens[at - 1][1] if at else ""
    after = tokens[at + 1][1] if at + 1 < len(tokens) else ""
    return before == "." or (before in ("{", ",") and after == ":")


def _names(taken: set[str]) -> Iterator[str]:
    for size in count(1):
        for letters in product(ascii_letters, repeat=size):
            name = "".join(letters)
            if name not in taken and name not in _WORDS:
                yield name
