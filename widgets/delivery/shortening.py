"""A script with fewer letters that does the same: every page of a customer's site pays for them.

For one classic script in ES5 whose comments and spaces are gone already, and whose statements end with semicolons.
A constant that is read once stands where it is read, variables declared one after the other are declared at once, and
the script's own names become short. A name is a
variable, a parameter or a function; it is known in the function that declares it and in those inside. Functions that do
not see each other use the same short names, which packs well. Properties, keys, strings, patterns and the browser's
names stay.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
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
_CONSTANT = re.compile(r"[A-Z][A-Z\d_]*")
_WORDS = frozenset(
    "break case catch continue debugger default delete do else false finally for function if in instanceof new null "
    "return switch this throw true try typeof var void while with arguments eval undefined NaN".split()
)


@dataclass(slots=True, eq=False)
class _Scope:
    """One function, or the whole script. `used` are the names in it and in the functions inside, by how often."""

    outer: "_Scope | None" = None
    own: set[str] = field(default_factory=set)
    used: Counter[str] = field(default_factory=Counter)
    inside: "list[_Scope]" = field(default_factory=list)
    short: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outer:
            self.outer.inside.append(self)

    def owner(self, name: str) -> "_Scope | None":
        scope: _Scope | None = self
        while scope and name not in scope.own:
            scope = scope.outer
        return scope


def shortened(script: str) -> str:
    tokens = _packed(_put([(found.lastgroup or "", found[0]) for found in _TOKEN.finditer(script)]))
    whole = _Scope()
    scopes = _scopes(tokens, whole)
    places = [at for at in scopes if not _is_key(tokens, at)]
    for at in places:
        name, scope = tokens[at][1], scopes[at]
        owner = scope.owner(name)
        while scope and scope is not (owner.outer if owner else None):
            scope.used[name] += 1
            scope = scope.outer
    _name(whole)
    texts = [text for _kind, text in tokens]
    for at in places:
        owner = scopes[at].owner(texts[at])
        texts[at] = owner.short[texts[at]] if owner else texts[at]
    return "".join(texts)


def _put(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Numbers and texts with a name in CAPITALS, declared for one reader, are put where that one is."""
    read = Counter(text for kind, text in tokens if kind == "name" and _CONSTANT.fullmatch(text))
    keys = {text for at, (_kind, text) in enumerate(tokens) if text in read and _is_key(tokens, at)}
    values: dict[str, tuple[str, str]] = {}
    kept: list[tuple[str, str]] = []
    at = 0
    while at < len(tokens):
        name, after = tokens[at][1], tokens[at + 1 : at + 4]
        alone = read[name] == 2 and name not in keys and name not in values
        if alone and _is_literal(after) and kept and kept[-1][1] in (",", " "):
            values[name] = after[1]
            at += 3
            if tokens[at][1] == ",":
                at += 1
            elif kept[-1][1] == ",":
                kept.pop()
            else:
                del kept[-2:]  # nothing is left to declare
                at += 1
            continue
        kept.append(tokens[at])
        at += 1
    return [values.get(token[1], token) if token[0] == "name" else token for token in kept]


def _is_literal(after: list[tuple[str, str]]) -> bool:
    """`= 5;` and no more than that: nothing to work out."""
    return len(after) == 3 and after[0][1] == "=" and after[1][0] in ("text", "number") and after[2][1] in (",", ";")


def _packed(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`var a;var b` as `var a,b`, true and false as !0 and !1, no line after a closing brace."""
    kept: list[tuple[str, str]] = []
    declaring: list[int] = []  # at which depths a `var` is being read
    depth = 0
    for at, (kind, text) in enumerate(tokens):
        if text == "var":
            if kept and kept[-1][1] == "," and declaring and declaring[-1] == depth:
                continue  # joined below
            declaring.append(depth)
        elif text in ("true", "false") and not _is_key(tokens, at):
            kind, text = "sign", "!0" if text == "true" else "!1"
        elif kind == "sign":
            depth += (text in "([{") - (text in ")]}")
            while declaring and declaring[-1] > depth:
                declaring.pop()
            if text == ";" and declaring and declaring[-1] == depth:
                if next((word for sort, word in tokens[at + 1 :] if sort != "space"), "") == "var":
                    text = ","
                else:
                    declaring.pop()
        elif kind == "space" and kept and kept[-1][1] in ("}", ","):
            continue
        kept.append((kind, text))
    return kept


def _scopes(tokens: list[tuple[str, str]], whole: _Scope) -> dict[int, _Scope]:
    """Where each name stands. Names are declared by `var`, `function` and its brackets, and those of `catch`."""
    found: dict[int, _Scope] = {}
    scope, depth, opened = whole, 0, []  # opened: the depths at which functions began
    parameters: _Scope | None = None  # of a function whose brackets are being read
    declaring = -1  # the depth of a `var`
    before = last = ""
    for at, (kind, text) in enumerate(tokens):
        if kind == "space":
            continue
        if text == "function":
            parameters = _Scope(scope)
        elif kind == "name" and text not in _WORDS:
            if last == "function":
                scope.own.add(text)
                found[at] = scope
            elif parameters:
                parameters.own.add(text)
                found[at] = parameters
            else:
                if (declaring == depth and last in ("var", ",")) or (before == "catch" and last == "("):
                    scope.own.add(text)
                found[at] = scope
        elif text == "var":
            declaring = depth
        elif kind == "sign":
            if text in "([{":
                if text == "{" and parameters and last == ")":
                    scope, parameters = parameters, None
                    opened.append((depth, declaring))
                    declaring = -1
                depth += 1
            elif text in ")]}":
                depth -= 1
                if opened and text == "}" and opened[-1][0] == depth:
                    declaring = opened.pop()[1]
                    scope = scope.outer or whole
                elif depth < declaring:
                    declaring = -1
            elif text == ";" and depth == declaring:
                declaring = -1
        before, last = last, text
    return found


def _name(scope: _Scope) -> None:
    """Those used most get the shortest; none that means something else in the same place."""
    taken = {
        owner.short[name] if (owner := scope.outer and scope.outer.owner(name)) else name
        for name in scope.used
        if name not in scope.own
    }
    free = _names(taken)
    for name in sorted(scope.own, key=lambda name: (-scope.used[name], name)):  # the same bytes for the same script
        scope.short[name] = next(free)
    for inner in scope.inside:
        _name(inner)


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
