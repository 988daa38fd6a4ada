"""A flow as somebody wrote it: read into its kept form, and what is wrong with it."""

from typing import Any

from django.utils.translation import gettext as _

from agents.brains.collecting.kinds import KINDS
from agents.brains.flows import plan
from agents.brains.flows.looking import FOUND

NAME_MOST = 60
STARTS_MOST, START_MOST = 20, 200
TEXT_MOST = 500
OFFER_MOST = 200
OPTIONS_MOST = 30
FIELDS = ("name", "starts", "topics", "offer", "steps", "read_back", "end", "active")
ENDS = ("message", "topic", "say", "tool")
# What may be said of the answers of a kind.
LIMITS: dict[str, tuple[str, ...]] = {
    "date": ("days", "ahead", "when"),
    "time": ("from", "to"),
    "number": ("least", "most"),
    "amount": ("least", "most", "currency"),
    "code": ("length",),
    "choice": ("options",),
    "phone": ("least",),
}
WHENS = ("future", "past", "any")


def clean(item: Any) -> tuple[dict[str, Any], list[str]]:
    """One flow in its kept form, and what is wrong with it, as ends of a sentence that begins with the flow."""
    if not isinstance(item, dict):
        return {}, [_("is not an object with name and steps")]
    problems: list[str] = []
    name = one_line(item.get("name"))
    if not name:
        problems.append(_("has no name"))
    elif len(name) > NAME_MOST:
        problems.append(_("has a name of more than %d characters") % NAME_MOST)
    starts = lines(item.get("starts"))
    if starts is None or len(starts) > STARTS_MOST or any(len(start) > START_MOST for start in starts):
        problems.append(
            _("needs sentences that start it, at most %(most)d of %(long)d characters")
            % {"most": STARTS_MOST, "long": START_MOST}
        )
    topics = lines(item.get("topics"))
    if topics is None:
        problems.append(_("has topics that are not a list of names"))
    offer = one_line(item.get("offer", ""))
    if len(offer) > OFFER_MOST:
        problems.append(_("has an offer of more than %d characters") % OFFER_MOST)
    steps, wrong = _steps(item.get("steps"))
    end, wrong_end = _end(item.get("end"))
    problems += [*wrong, *wrong_end]
    if problems:
        return {}, problems
    return {
        "name": name,
        "starts": starts,
        "topics": topics,
        "offer": offer,
        "steps": steps,
        "read_back": bool(item.get("read_back", True)),
        "end": end,
        "active": bool(item.get("active", True)),
    }, []


def one_line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def lines(value: Any) -> list[str] | None:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        return None
    return list(dict.fromkeys(text for line in value if (text := one_line(line))))


def _steps(rows: Any) -> tuple[list[dict[str, Any]], list[str]]:
    if not isinstance(rows, list) or not rows:
        return [], [_("asks for nothing")]
    if len(rows) > plan.STEPS_MOST:
        return [], [_("asks for more than %d things") % plan.STEPS_MOST]
    kept: list[dict[str, Any]] = []
    problems: list[str] = []
    for row in rows:
        step, wrong = _step(row, kept)
        label = step.get("name") or str(len(kept) + 1)
        problems += [_("“%(step)s” %(problem)s") % {"step": label, "problem": one} for one in wrong]
        kept.append(step)
    return kept, problems


def _step(row: Any, before: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(row, dict):
        return {}, [_("is not an object with name, kind and ask")]
    name, ask, again = one_line(row.get("name")), one_line(row.get("ask")), one_line(row.get("again", ""))
    kind = row.get("kind")
    problems = []
    key = plan.key_of(name)
    if not key or len(name) > NAME_MOST:
        problems.append(_("needs a name of at most %d characters, with letters or digits") % NAME_MOST)
    elif any(step.get("key") == key for step in before):
        problems.append(_("has the same name as another thing that is asked for"))
    if kind not in KINDS:
        problems.append(_("is of no kind that there is: %s") % ", ".join(KINDS))
    if not ask:
        problems.append(_("has no question"))
    if len(ask) > TEXT_MOST or len(again) > TEXT_MOST:
        problems.append(_("has a question of more than %d characters") % TEXT_MOST)
    step: dict[str, Any] = {"key": key, "name": name, "kind": kind, "ask": ask}
    if again:
        step["again"] = again
    if row.get("optional"):
        step["optional"] = True
    if lookup := one_line(row.get("lookup")):
        step["lookup"] = lookup
    only, wrong = _only(row.get("only"), before)
    limits, wrong_limits = _limits(str(kind), row.get("limits") or {})
    if only:
        step["only"] = only
    if limits:
        step["limits"] = limits
    return step, [*problems, *wrong, *wrong_limits]


def _only(given: Any, before: list[dict[str, Any]]) -> tuple[dict[str, str], list[str]]:
    """A condition: it names a thing that is asked for earlier."""
    if not given:
        return {}, []
    if not isinstance(given, dict):
        return {}, [_("has a condition that cannot be read")]
    name, _dot, part = one_line(given.get("step")).partition(".")
    key, part = plan.key_of(name), plan.key_of(part)
    if not any(step.get("key") == key and (not part or step.get("lookup")) for step in before):
        return {}, [_("depends on something that is not asked for before it")]
    word = "not" if "not" in given else "is"
    value = one_line(given.get(word))
    if part == FOUND:
        value = "no" if value.casefold() in ("no", "nein") else "yes"
    return {"step": f"{key}.{part}" if part else key, word: value}, []


def _limits(kind: str, given: Any) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(given, dict):
        return {}, [_("has limits that cannot be read")]
    kept: dict[str, Any] = {}
    problems: list[str] = []
    for name in LIMITS.get(kind, ()):
        value = given.get(name)
        if value in (None, "", []):
            continue
        read = _limit(name, value)
        if read is None:
            problems.append(_("has a limit that cannot be read: %s") % name)
        else:
            kept[name] = read
    if kind == "choice" and len(kept.get("options", [])) < 2:
        problems.append(_("needs at least two things to choose from"))
    least, most = kept.get("least"), kept.get("most")
    if (least is not None and most is not None and least > most) or (kept.get("from", "") > kept.get("to", "~")):
        problems.append(_("has a smallest value above its largest"))
    return kept, problems


def _limit(name: str, value: Any) -> Any:
    """A limit as it is kept; None where it cannot be read."""
    try:
        match name:
            case "days":
                days = sorted({int(day) for day in value})
                return days if all(0 <= day <= 6 for day in days) else None
            case "least" | "most":
                number = float(str(value).replace(",", "."))
                return (int(number) if number == int(number) else number) if abs(number) < 1e9 else None
            case "length" | "ahead":
                return int(value) if 1 <= int(value) <= (40 if name == "length" else 3650) else None
            case "from" | "to":
                hour, minute = (int(part) for part in str(value).split(":")[:2])
                return f"{hour:02}:{minute:02}" if 0 <= hour < 24 and 0 <= minute < 60 else None
            case "when":
                return value if value in WHENS else None
            case "currency":
                return value.upper() if isinstance(value, str) and len(value) == 3 and value.isalpha() else None
            case "options":
                return _options(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return None


def _options(value: Any) -> list[dict[str, Any]] | None:
    """ "The motor | engine, e-bike" or {"name", "also"}, each once."""
    found: dict[str, dict[str, Any]] = {}
    for one in value:
        if isinstance(one, str):
            name, _bar, also = one.partition("|")
            one = {"name": name, "also": also.split(",")}
        name = one_line(one.get("name"))[:NAME_MOST]
        others = [one_line(each)[:NAME_MOST] for each in one.get("also") or []]
        if name:
            found.setdefault(name.casefold(), {"name": name, "also": [each for each in others if each]})
    return list(found.values()) if len(found) <= OPTIONS_MOST else None


def _end(given: Any) -> tuple[dict[str, str], list[str]]:
    if given is None:
        return {"kind": "message"}, []
    if not isinstance(given, dict) or given.get("kind", "message") not in ENDS:
        return {}, [_("has an end of no kind that there is: %s") % ", ".join(ENDS)]
    kind, text, topic = given.get("kind", "message"), one_line(given.get("text", "")), one_line(given.get("topic", ""))
    tool = one_line(given.get("tool", ""))
    if len(text) > TEXT_MOST:
        return {}, [_("has a last text of more than %d characters") % TEXT_MOST]
    if kind == "topic" and not topic:
        return {}, [_("ends with a topic but names none")]
    if kind == "say" and not text:
        return {}, [_("ends with a text that is empty")]
    if kind == "tool" and not tool:
        return {}, [_("ends with a tool but names none")]
    named = {"topic": topic} if kind == "topic" else {"tool": tool} if kind == "tool" else {}
    return {"kind": kind, **({"text": text} if text else {}), **named}, []
