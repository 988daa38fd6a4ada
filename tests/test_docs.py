"""The documents are compared with the code: what one has and the other lacks fails here."""

import ast
import re
from pathlib import Path

import pytest

from studio import settings as product
from widgets.refusals import CODES

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("agents", "widgets", "calling", "studio")
SCRIPTS = ROOT / "static" / "widget"
AUDIT_ACTION = re.compile(
    r"(agent|language|topic|flow|tool|source|topics|variants|rehearsal|widget|conversation|project|member|invitation|account"
    r"|connection)\.[a-z_]+"
)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def first_cells(text):
    """What stands as code in the first column of the tables."""
    rows = re.findall(r"^\| (`.*?)\|", text, re.MULTILINE)
    return {found for row in rows for found in re.findall(r"`([^`]+)`", row)}


def section(text, heading):
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def sources():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def strings(node):
    """The texts an expression can be: a constant, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return strings(node.body) | strings(node.orelse)
    return set()


def first_arguments(*names):
    """The first argument of every call of a function or method with one of these names."""
    found = set()
    for _path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in names:
                    found |= strings(node.args[0])
    return found


def noted_of_chats():
    """What is noted of a chat's row: the row stands first, the name behind it."""
    kept = [tree for path, tree in sources() if path.parent.name == "store" and path.name.startswith("chat")]
    calls = [node for tree in kept for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        node.args[1].value
        for node in calls
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in ("note", "_note")
        and len(node.args) > 2
        and isinstance(node.args[1], ast.Constant)
    }


def test_every_setting_is_described():
    assert first_cells(read("docs/settings.md")) == set(product.env.known)


@pytest.mark.parametrize("name", sorted(product.env.known))
def test_a_settings_default_is_the_one_described(name):
    default = product.env.known[name]
    row = re.search(rf"^\| `{name}` \| (.*?) \|", read("docs/settings.md"), re.MULTILINE)[1]

    if default == "":
        assert row == "empty" or row.startswith("made once")
    elif row.startswith("`"):
        described = row.strip("`").replace("PORT", str(product.PORT))
        if described == "data":  # beside manage.py, wherever that is
            described = str(product.BASE_DIR / "data")
        assert described == default or row.startswith("`data` ") or row.startswith("`models` ")
    else:
        assert row == "the public URL"


SERVERS = {code for code, row in CODES.items() if row.status}


def test_every_code_of_refusal_is_described():
    text = read("docs/errors.md")

    assert first_cells(section(text, "From the server")) == SERVERS
    assert first_cells(section(text, "From the visitor's browser")) == set(CODES) - SERVERS


@pytest.mark.parametrize("code", sorted(SERVERS))
def test_a_codes_status_is_the_one_described(code):
    assert re.search(rf"^\| `{code}`(?: \\\*)? \| {CODES[code].status} \|", read("docs/errors.md"), re.MULTILINE)


def codes_of_the_page():
    """What loader, card and check page call by name: texts in capitals, and the card's table of words."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.rglob("*.js")))
    text = re.sub(r"\.send\('[A-Z_]+'", "", text)  # names of events
    used = set(re.findall(r"'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'", text))
    used |= set(re.findall(r"code: '([A-Z]+)'", text)) | set(re.findall(r"problem\('\w+', '([A-Z_]+)'", text))
    used |= set(re.findall(r"(?:CommandFailed|RequestFailed|failed|failure)\((?:'\w+', )?'([A-Z_]+)'", text))
    used |= set(re.findall(r"([A-Z][A-Z_]+):", re.search(r"FAMILY = \{(.*?)\};", text, re.DOTALL)[1]))
    # Names of storage keys, and of what the messaging API says, are no codes.
    events = set(re.findall(r"`(?:EVENT_TYPE_)?([A-Z_]+)(?: |`)", section(read("docs/messaging.md"), "The socket")))
    names = ("POLY_AI_", "EVENT_TYPE_", "REASON_", "TYPING_STATE_")
    return {code for code in used - (events - set(CODES)) if not code.startswith(names)}


def test_every_code_that_the_page_says_is_in_the_one_table_and_no_other_is_there_for_it():
    used = codes_of_the_page()

    assert used <= set(CODES)
    assert set(CODES) - SERVERS <= used


def test_the_page_puts_no_code_together_that_the_table_could_not_be_searched_for():
    for path in sorted(SCRIPTS.rglob("*.js")):
        assert not re.search(r"'[A-Z]+_' *\+|\.toUpperCase\(\)", path.read_text(encoding="utf-8")), path.name


def test_every_event_on_the_wire_is_described():
    told = first_arguments("tell", "Info")

    assert told <= first_cells(section(read("docs/events.md"), "Events on the wire"))
    for name in told:
        assert f"`{name}" in read("docs/wire.md")


def test_every_event_of_a_conversation_is_described():
    kept = first_arguments("event", "note") | noted_of_chats()

    assert first_cells(section(read("docs/events.md"), "Events of a conversation")) == kept


def test_every_audited_action_is_described():
    done = set()
    for _path, tree in sources():
        imports = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        if "audit" in imports:
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            done |= {text for text in texts if isinstance(text, str) and AUDIT_ACTION.fullmatch(text)}

    assert first_cells(section(read("docs/events.md"), "Audit")) == done


def documents():
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_every_word_of_make_is_explained():
    words = set(re.findall(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[0].split())
    told = set(re.findall(r"make (\w+)", read("Makefile") + read("CONTRIBUTING.md") + read("docs/deploy.md")))

    assert told <= words
    assert {"run", "quick", "test", "lint", "bench", "lock"} <= told


def test_decisions_are_numbered_without_holes():
    numbers = sorted(int(path.name[:3]) for path in (ROOT / "docs" / "decisions").glob("*.md"))

    assert numbers == list(range(1, len(numbers) + 1))
