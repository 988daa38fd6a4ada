"""What differs between two configurations of an agent, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.authoring import caller_words, checking
from agents.brains import manner, snapshot
from studio.pages.agent import tool_wording

FIELDS = {
    "name": gettext_lazy("Name"),
    "greeting": gettext_lazy("Greeting"),
    "disclaimer": gettext_lazy("Spoken disclaimer"),
    "voice": gettext_lazy("Voice"),
    "language": gettext_lazy("Language"),
    "persona": gettext_lazy("How it is"),
    "rules": gettext_lazy("Rules"),
}
SPEAKS = {"greeting": gettext_lazy("now says"), "disclaimer": gettext_lazy("now says")}
NUMBERS = {
    "speed": (gettext_lazy("Speed"), gettext_lazy("%s times the voice’s own")),
    "end_of_turn_ms": (gettext_lazy("Waits after a pause"), gettext_lazy("%s ms")),
    "barge_in_ms": (gettext_lazy("Lets itself be interrupted after"), gettext_lazy("%s ms of speech")),
    "barge_in_greeting": (gettext_lazy("Lets its greeting be interrupted"), gettext_lazy("%s")),
    "barge_ins_max": (gettext_lazy("Lets itself be stopped in a call"), gettext_lazy("%s times")),
    "silence_prompt_s": (gettext_lazy("Asks “Are you still there?” after"), gettext_lazy("%s s")),
}
WORDS = {"phrases": gettext_lazy("Words that callers use"), "corrections": gettext_lazy("Corrections")}
USES = {
    "hearing": gettext_lazy("Hears with"),
    "voice": gettext_lazy("Speaks with"),
    "model": gettext_lazy("Thinks with"),
}
NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Difference:
    kind: str  # "added", "removed", "changed"
    what: str
    text: str = ""
    before: str = ""
    after: str = ""
    count: int = 1  # how many things it tells of at once


def between(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    return [
        *_persona(before, after),
        *_languages(before, after),
        *_manner(before["agent"].get("manner", {}), after["agent"].get("manner", {})),
        *_words(before["agent"].get("words", {}), after["agent"].get("words", {})),
        *_actions(before["agent"].get("actions", {}), after["agent"].get("actions", {})),
        *_services(before["agent"].get("services", {}), after["agent"].get("services", {})),
        *_topics(before, after),
        *_flows(before, after),
        *_tools(before, after),
        *_sources(before.get("sources", []), after.get("sources", [])),
        *of_variants(before["variants"], after["variants"]),
    ]


def _persona(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    old, new = before["agent"], after["agent"]
    found = []
    for name, label in FIELDS.items():
        if old.get(name) == new.get(name):
            continue
        was, now = old.get(name), new.get(name)
        if name in SPEAKS:
            was, now = _heard(was or "", before, now or "", after)
        found.append(Difference("changed", str(label), SPEAKS.get(name, ""), _told(name, was), _told(name, now)))
    return found


def _languages(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    old, new = before["agent"].get("wordings", {}), after["agent"].get("wordings", {})
    found = [
        *(Difference("added", _("Language"), checking.language_name(code)) for code in new if code not in old),
        *(Difference("removed", _("Language"), checking.language_name(code)) for code in old if code not in new),
    ]
    for code in (code for code in new if code in old):
        for name in ("greeting", "disclaimer", "voice"):
            was, now = old[code].get(name), new[code].get(name)
            if was != now:
                what = _("%(field)s in %(language)s") % {
                    "field": FIELDS[name],
                    "language": checking.language_name(code),
                }
                found.append(Difference("changed", what, SPEAKS.get(name, ""), _told(name, was), _told(name, now)))
    return found


def _heard(was: str, before: dict[str, Any], now: str, after: dict[str, Any]) -> tuple[str, str]:
    """Two texts as a visitor of the default variant hears them; as they are written where both sound alike."""
    filled = tuple(snapshot.shown(text, _default_words(config)) for text, config in ((was, before), (now, after)))
    return (was, now) if filled[0] == filled[1] else (filled[0], filled[1])


def _default_words(config: dict[str, Any]) -> dict[str, str]:
    return next((row["attributes"] for row in config["variants"] if row["is_default"]), {})


def _told(name: str, value: str | None) -> str:
    """A value as its author knows it."""
    if not value:
        return _("nothing")
    if name == "language":
        return checking.language_name(value)
    if name == "voice":
        from agents.speech.providers import table  # brings the speech libraries along

        provider = table.PROVIDERS["voice"].get(value)
        return provider.label if provider else value
    return value


def _manner(old: dict[str, float], new: dict[str, float]) -> list[Difference]:
    def told(name: str, value: float | None) -> str:
        if value is None:
            return _("the default")
        if name == "barge_in_ms" and value >= manner.UNTIL_THE_END_MS:
            return _("never")
        if name == "barge_in_greeting":
            return _("yes") if value else _("never")
        return str(NUMBERS[name][1]) % f"{value:g}"

    return [
        Difference("changed", str(label), "", told(name, old.get(name)), told(name, new.get(name)))
        for name, (label, _unit) in NUMBERS.items()
        if old.get(name) != new.get(name)
    ]


def _words(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    found = []
    for name, label in WORDS.items():
        was, now = caller_words.shown(old)[name], caller_words.shown(new)[name]
        if was != now:
            found.append(Difference("changed", str(label), "", was or _("nothing"), now or _("nothing")))
    return found


def _services(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    def told(one: dict[str, Any] | None) -> str:
        named = [str(one.get(name, "")) for name in ("name", "model", "voice")] if one else []
        return ", ".join(filter(None, named)) or _("this server")

    return [
        Difference("changed", str(label), "", told(old.get(use)), told(new.get(use)))
        for use, label in USES.items()
        if old.get(use) != new.get(use)
    ]


def _actions(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    def told(value: Any) -> str:
        return (_("yes") if value is True else str(value)) if value else _("no")

    return [
        Difference("changed", str(label), "", told(old.get(name)), told(new.get(name)))
        for name, (label, _help) in tool_wording.ACTIONS.items()
        if old.get(name) != new.get(name)
    ]


def _topics(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    old = {topic["name"]: topic for topic in before["topics"]}
    new = {topic["name"]: topic for topic in after["topics"]}
    found = _came_and_went(
        old,
        new,
        lambda n: ngettext("%(n)d new topic", "%(n)d new topics", n) % {"n": n},
        lambda n: ngettext("%(n)d topic removed", "%(n)d topics removed", n) % {"n": n},
    )
    for name in sorted(old.keys() & new.keys()):
        if old[name]["content"] != new[name]["content"]:
            was, now = _heard(old[name]["content"], before, new[name]["content"], after)
            found.append(Difference("changed", name, _("now says"), was, now))
        elif old[name]["samples"] != new[name]["samples"]:
            found.append(Difference("changed", name, _("has other example questions")))
        if old[name].get("refused", []) != new[name].get("refused", []):
            found.append(Difference("changed", name, _("is found by other everyday phrasings")))
        if old[name].get("spoken", "") != new[name].get("spoken", ""):
            found.append(Difference("changed", name, _("has another spoken name")))
        if any(old[name].get(field, "") != new[name].get(field, "") for field in ("link", "link_title")):
            shows = _("shows another link") if new[name].get("link") else _("shows no link any more")
            found.append(Difference("changed", name, shows))
        was, now = old[name].get("wordings", {}), new[name].get("wordings", {})
        for code in sorted(was.keys() | now.keys()):
            if was.get(code) != now.get(code):
                found.append(_worded(name, code, was.get(code), now.get(code)))
        if old[name].get("first", False) != new[name].get("first", False):
            goes = _("goes before all others") if new[name].get("first") else _("no longer goes before all others")
            found.append(Difference("changed", name, goes))
    return found


def _sources(before: list[int], after: list[int]) -> list[Difference]:
    new, gone = set(after) - set(before), set(before) - set(after)
    found = []
    if new:
        words = ngettext("%(n)d new source", "%(n)d new sources", len(new)) % {"n": len(new)}
        found.append(Difference("added", words, count=len(new)))
    if gone:
        words = ngettext("%(n)d source removed", "%(n)d sources removed", len(gone)) % {"n": len(gone)}
        found.append(Difference("removed", words, count=len(gone)))
    return found


def _flows(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    old = {flow["name"]: flow for flow in before.get("flows", [])}
    new = {flow["name"]: flow for flow in after.get("flows", [])}
    found = _came_and_went(
        old,
        new,
        lambda n: ngettext("%(n)d new flow", "%(n)d new flows", n) % {"n": n},
        lambda n: ngettext("%(n)d flow removed", "%(n)d flows removed", n) % {"n": n},
    )
    for name in sorted(old.keys() & new.keys()):
        if old[name]["steps"] != new[name]["steps"]:
            found.append(Difference("changed", name, _("asks for other things"), *map(_asked, (old[name], new[name]))))
        if old[name]["starts"] != new[name]["starts"] or old[name]["topics"] != new[name]["topics"]:
            found.append(Difference("changed", name, _("starts otherwise")))
        if old[name]["end"] != new[name]["end"] or old[name]["read_back"] != new[name]["read_back"]:
            found.append(Difference("changed", name, _("ends otherwise")))
        if old[name]["offer"] != new[name]["offer"]:
            found.append(Difference("changed", name, _("is offered with other words")))
    if old and new and before.get("zone") != after.get("zone"):
        found.append(Difference("changed", _("Time zone"), "", before.get("zone", ""), after.get("zone", "")))
    return found


def _tools(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    old = {tool["name"]: tool for tool in before.get("tools", [])}
    new = {tool["name"]: tool for tool in after.get("tools", [])}
    found = _came_and_went(
        old,
        new,
        lambda n: ngettext("%(n)d new tool", "%(n)d new tools", n) % {"n": n},
        lambda n: ngettext("%(n)d tool removed", "%(n)d tools removed", n) % {"n": n},
    )
    for name in sorted(old.keys() & new.keys()):
        was, now = old[name], new[name]
        if (was["method"], was["url"]) != (now["method"], now["url"]):
            asks = _("asks elsewhere, or otherwise")
            found.append(Difference("changed", name, asks, *(f"{one['method']} {one['url']}" for one in (was, now))))
        if was["parameters"] != now["parameters"]:
            found.append(Difference("changed", name, _("needs to know other things")))
        if was["words"] != now["words"]:
            found.append(Difference("changed", name, _("says something else of what it does")))
        rest = ("about", "headers", "secrets", "fields", "timeout_s", "delay_s", "by_model")
        if any(was.get(field) != now.get(field) for field in rest):
            found.append(Difference("changed", name, _("works otherwise")))
    return found


def _asked(flow: dict[str, Any]) -> str:
    return ", ".join(step["name"] for step in flow["steps"])


def _worded(name: str, code: str, was: dict[str, Any] | None, now: dict[str, Any] | None) -> Difference:
    what = _("%(field)s in %(language)s") % {"field": name, "language": checking.language_name(code)}
    if was and now and was.get("content") == now.get("content"):
        return Difference("changed", what, _("has other words"))
    return Difference("changed", what, _("now says"), (was or {}).get("content", ""), (now or {}).get("content", ""))


def of_variants(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Difference]:
    old = {row["key"]: row for row in before}
    new = {row["key"]: row for row in after}
    found = _came_and_went(
        {row["name"]: row for key, row in old.items() if key not in new},
        {row["name"]: row for key, row in new.items() if key not in old},
        lambda n: ngettext("%(n)d new variant", "%(n)d new variants", n) % {"n": n},
        lambda n: ngettext("%(n)d variant removed", "%(n)d variants removed", n) % {"n": n},
    )
    for key in sorted(old.keys() & new.keys()):
        if old[key] == new[key]:
            continue
        was, now = old[key]["attributes"], new[key]["attributes"]
        names = [name for name in sorted(was.keys() | now.keys()) if was.get(name, "") != now.get(name, "")]
        notes = [_("differs in %s") % _listed(names)] if names else []
        if old[key]["name"] != new[key]["name"]:
            notes.append(_("was called “%s”") % old[key]["name"])
        if new[key]["is_default"] and not old[key]["is_default"]:
            notes.append(_("is the default now"))
        if notes:
            found.append(Difference("changed", new[key]["name"], ", ".join(notes)))
    return found


def _came_and_went(old: dict[str, Any], new: dict[str, Any], came: Any, went: Any) -> list[Difference]:
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    found = []
    if added:
        found.append(Difference("added", came(len(added)), _named(added), count=len(added)))
    if removed:
        found.append(Difference("removed", went(len(removed)), _named(removed), count=len(removed)))
    return found


def _named(names: list[str]) -> str:
    return _listed([_("“%s”") % name for name in names])


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return shown if more <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": more}
