"""Flows in the agent's other languages: what their authors wrote, checked, kept in the draft, frozen into a version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from agents.authoring import flow_rules as rules
from agents.brains.flows import wording
from agents.locks import check_mark, locked, mark_of
from agents.models import Flow, Project, Topic
from agents.people import audit

MARKED = (*rules.FIELDS, "wordings")
_OF_STEP = ("name", "ask", "again")


def clean(given: Any, steps: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The words of one language in their kept form, without what is empty; and what is wrong with them."""
    if not isinstance(given, Mapping):
        return {}, [_("has words that are not an object")]
    called, offer, text = (rules.one_line(given.get(name, "")) for name in ("called", "offer", "text"))
    starts = rules.lines(given.get("starts"))
    told = given.get("steps") if isinstance(given.get("steps"), Mapping) else {}
    own = {step["key"]: kept for step in steps if (kept := _step(told.get(step["key"]), step))}
    problems = []
    if starts is None or len(starts) > rules.STARTS_MOST or any(len(start) > rules.START_MOST for start in starts):
        problems.append(_("has too many sentences that start it, or too long ones"))
    too_long = [len(called) > rules.NAME_MOST, len(offer) > rules.OFFER_MOST, len(text) > rules.TEXT_MOST]
    too_long += [len(kept.get("name", "")) > rules.NAME_MOST for kept in own.values()]
    too_long += [len(kept.get(name, "")) > rules.TEXT_MOST for kept in own.values() for name in ("ask", "again")]
    if any(too_long):
        problems.append(_("has words that are too long"))
    kept = {"called": called, "starts": starts, "offer": offer, "text": text, "steps": own}
    return {name: value for name, value in kept.items() if value}, problems


def clean_all(given: Any, steps: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The same by language, as lists bring it along."""
    if not isinstance(given, Mapping):
        return {}, [_("has words that are not an object")]
    found = {str(code): clean(words, steps) for code, words in given.items()}
    problems = [problem for _words, wrong in found.values() for problem in wrong]
    return {code: words for code, (words, _wrong) in found.items() if words}, problems


def _step(given: Any, step: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        return {}
    kept: dict[str, Any] = {name: text for name in _OF_STEP if (text := rules.one_line(given.get(name, "")))}
    told = given.get("options") if isinstance(given.get("options"), Mapping) else {}
    options: dict[str, Any] = {}
    for one in step.get("limits", {}).get("options", []):
        own = told.get(one["name"])
        if isinstance(own, str):  # "Der Motor | Akku, Antrieb"
            name, _bar, also = own.partition("|")
            own = {"name": name, "also": also.split(",")}
        if isinstance(own, Mapping) and (name := rules.one_line(own.get("name", ""))[: rules.NAME_MOST]):
            others = [rules.one_line(each)[: rules.NAME_MOST] for each in own.get("also") or []]
            options[one["name"]] = {"name": name, "also": [each for each in others if each]}
    return {**kept, **({"options": options} if options else {})}


@locked
def save(flow: Flow, code: str, words: dict[str, Any], by: AbstractBaseUser | None, seen: str | None = None) -> None:
    """Keep a flow's words in another language, as `clean` gives them; none take them away. Holds the flow.

    `seen` is the mark of the flow (MARKED) as its author was shown it. Raises Stale and Gone.
    """
    check_mark(seen, mark_of(flow, MARKED))
    others = {language: own for language, own in flow.wordings.items() if language != code}
    if flow.wordings.get(code, {}) != words:
        flow.wordings = {**others, code: words} if words else others
        flow.save(update_fields=["wordings", "updated_at"])
        audit.record(by, "flow.edit", flow.project, flow, language=code)


def whole(row: Mapping[str, Any], languages: Iterable[str]) -> dict[str, Any]:
    """The words of a flow in those of these languages that it is wholly written in, as versions keep them."""
    own = row.get("wordings") or {}
    return {code: own[code] for code in languages if code in own and wording.is_whole(row["steps"], own[code])}


def unwritten(config: Mapping[str, Any], code: str) -> list[str]:
    """The flows of a frozen draft that are not written in that language."""
    return [row["name"] for row in config.get("flows", []) if code not in row.get("wordings", {})]


def spoken_texts(config: Mapping[str, Any], code: str) -> Iterator[tuple[str, str]]:
    """Every text of the flows that is spoken in that language, with the flow's name."""
    for row in config.get("flows", []):
        words = row.get("wordings", {}).get(code, {})
        texts = [words.get(name, "") for name in ("called", "offer", "text")]
        for step in words.get("steps", {}).values():
            texts += [step["ask"], step.get("again", "")]
        yield from ((row["name"], text) for text in texts if text)


def missing(project: Project, code: str) -> list[str]:
    """The flows of the draft that are not wholly written in it."""
    rows = project.flows.values("name", "steps", "wordings")
    return [row["name"] for row in rows if code not in whole(row, [code])]


def change_places(flow: Flow, before: str, first: str) -> None:
    """The words of `first` come to the first places, and those that stood there under `before`.

    The keys of what is collected stay. The flow's name and those of choices change with the language: what is kept is
    in the first one, and so are conditions. A name that another flow or topic has is left as it is.
    """
    theirs = flow.wordings.get(first, {})
    new = {key: _names(words) for key, words in theirs.get("steps", {}).items()}
    mine = {
        "called": flow.name,
        "starts": flow.starts,
        "offer": flow.offer,
        "text": flow.end.get("text", ""),
        "steps": {step["key"]: _words_of(step) for step in flow.steps},
    }
    others = {code: own for code, own in flow.wordings.items() if code != first}
    others[before] = {name: value for name, value in mine.items() if value}
    flow.wordings = {code: _renamed(own, new) for code, own in others.items()}
    if (called := theirs.get("called", "")) and not _is_taken(flow, called):
        flow.name = called
    flow.starts, flow.offer = theirs.get("starts", []), theirs.get("offer", "")
    text = theirs.get("text", "")
    flow.end = {name: value for name, value in flow.end.items() if name != "text"} | ({"text": text} if text else {})
    flow.steps = [_worded(step, theirs.get("steps", {}).get(step["key"], {}), new) for step in flow.steps]


def _is_taken(flow: Flow, name: str) -> bool:
    others = Flow.objects.filter(project=flow.project, name=name).exclude(pk=flow.pk)
    return others.exists() or Topic.objects.filter(project=flow.project, name=name).exists()


def _names(words: Mapping[str, Any]) -> dict[str, str]:
    """What each choice of a step is called in a language."""
    return {name: own["name"] for name, own in words.get("options", {}).items()}


def _words_of(step: Mapping[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {name: step[name] for name in _OF_STEP if step.get(name)}
    options = {one["name"]: {"also": [], **one} for one in step.get("limits", {}).get("options", [])}
    return {**own, **({"options": options} if options else {})}


def _renamed(words: Mapping[str, Any], new: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The words of a language with its choices under their new names."""
    steps = {
        key: {**own, "options": {new.get(key, {}).get(name, name): one for name, one in own["options"].items()}}
        if "options" in own
        else own
        for key, own in words.get("steps", {}).items()
    }
    return {**words, "steps": steps}


def _worded(step: Mapping[str, Any], words: Mapping[str, Any], new: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A step in other words."""
    made = {name: value for name, value in step.items() if name != "again"}
    made |= {name: words[name] for name in _OF_STEP if words.get(name)}
    told = words.get("options", {})
    if options := step.get("limits", {}).get("options"):
        made["limits"] = {**step["limits"], "options": [told.get(one["name"], one) for one in options]}
    if only := step.get("only"):
        names = {old.casefold(): name for old, name in new.get(only["step"], {}).items()}
        made["only"] = {
            word: value if word == "step" else names.get(value.casefold(), value) for word, value in only.items()
        }
    return made
