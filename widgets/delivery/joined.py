"""Modules that are always wanted together, sent as one: fewer requests, and a third of the bytes of small files less.

A file that does nothing but `export * from './x.js'` is a list of them; some may be of a folder beside it. In the
sources it is an ordinary module, so that tests and editors need to know nothing of this; when static files are
collected its place is taken by what it lists. Each module keeps a scope of its own. Only what our modules do is
understood; anything else stops the start.
"""

import re
from collections.abc import Callable

_COMMENTS = re.compile(r"/\*.*?\*/|^//[^\n]*", re.DOTALL | re.MULTILINE)
_LISTED = re.compile(r"export \* from '(?:\./|(?=\.\./))((?:\.\./[\w-]+/)?[\w-]+\.js)';")
_IMPORT = re.compile(r"^import \{([^}]*)\} from '(?:\./|(?=\.\./))((?:\.\./[\w-]+/)?[\w-]+\.js)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) ([\w$]+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def listed(text: str) -> list[str]:
    """The modules that a list names, in their order; none where the text is not a list."""
    found = _LISTED.findall(text)
    return found if found and not _LISTED.sub("", _COMMENTS.sub("", text)).strip() else []


def joined(names: list[str], read: Callable[[str], str]) -> str:
    """One module that exports all that these export. Raises ValueError where that would not be the same."""
    known: dict[str, str] = {}  # name → the module that exports it
    pieces = []
    for module in names:
        text = read(module)
        for wanted, source in _IMPORT.findall(text):
            for name in filter(None, map(str.strip, wanted.split(","))):
                if known.get(name) != source:
                    raise ValueError(f"{module} imports {name} from {source}, which does not stand before it")
        exported = [name for _kind, name in _EXPORT.findall(text)]
        if twice := known.keys() & set(exported):
            raise ValueError(f"{module} exports {min(twice)}, as {known[min(twice)]} does")
        known |= dict.fromkeys(exported, module)
        body = _EXPORT.sub(r"\1 \2", _IMPORT.sub("", text))
        if left := _LEFT.search(body):
            raise ValueError(f"{module}: {left[0]}")
        pieces.append(f"const {{{','.join(exported)}}} = (() => {{\n{body}\nreturn {{{','.join(exported)}}};\n}})();\n")
    return "".join(pieces) + f"export {{{','.join(known)}}};\n"
