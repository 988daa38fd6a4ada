"""What is wrong or doubtful in a frozen draft, said before it is published."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.authoring import flow_words, sayable
from agents.authoring import flows as authored_flows
from agents.authoring import languages as own_languages
from agents.authoring import tools as authored_tools

NAMES_SHOWN = 4
_VARIANT_VARIABLE = re.compile(r"\$\{variant_([A-Za-z0-9_.-]+)\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the draft that stops a publish (error) or that somebody should know (warning)."""

    level: Literal["error", "warning"]
    code: str
    message: str


def check(config: dict[str, Any]) -> list[Finding]:
    """What is wrong or doubtful in a frozen draft, errors first."""
    agent, variants = config["agent"], config["variants"]
    findings = []
    if not agent["name"].strip():
        findings.append(Finding("error", "name_empty", _("The agent has no name.")))
    if not agent["greeting"].strip():
        findings.append(Finding("error", "greeting_empty", _("The greeting is empty. Visitors would hear nothing.")))
    for language in (agent["language"], *agent.get("wordings", {})):
        if not can_hear(language):
            findings.append(Finding("error", "cannot_hear", deaf(agent["name"], language)))
    if variants and not any(row["is_default"] for row in variants):
        findings.append(Finding("error", "no_default_variant", _("No variant is marked as the default.")))
    if not config["topics"]:
        findings.append(
            Finding("warning", "no_topics", _("There are no active topics, so the agent cannot answer questions."))
        )
    findings += [Finding(level, code, words) for level, code, words in authored_flows.doubts(config)]
    findings += [Finding(level, code, words) for level, code, words in authored_tools.doubts(config)]
    findings += _unwritten(config)
    findings += [Finding("warning", "unsayable", words) for words in sayable.of_config(config)]
    return findings + _missing_variables(config)


def _unwritten(config: dict[str, Any]) -> Iterable[Finding]:
    """What an agent has no words for in one of its other languages, and what visitors hear instead."""
    agent = config["agent"]
    first = language_name(agent["language"])
    for code, words in agent.get("wordings", {}).items():
        language = language_name(code)
        said = {"language": language, "first": first}
        if not words.get("greeting"):
            text = _("There is no greeting in %(language)s. Visitors hear a plain one.")
            yield Finding("warning", "greeting_unwritten", text % said)
        if agent["disclaimer"] and not words.get("disclaimer"):
            text = _("The disclaimer is not written in %(language)s. It is said in %(first)s, with that voice.")
            yield Finding("warning", "disclaimer_unwritten", text % said)
        missing = [row["name"] for row in config["topics"] if code not in row.get("wordings", {})]
        if missing:
            text = ngettext(
                "%(n)d topic has no answer in %(language)s: %(names)s. Visitors are offered the one in %(first)s.",
                "%(n)d topics have no answer in %(language)s: %(names)s. Visitors are offered the ones in %(first)s.",
                len(missing),
            )
            names = ", ".join(f"“{each}”" for each in missing[:NAMES_SHOWN]) + (" …" if missing[NAMES_SHOWN:] else "")
            yield Finding("warning", "topics_unwritten", text % {**said, "n": len(missing), "names": names})
        flows = flow_words.unwritten(config, code)
        if flows:
            names = ", ".join(f"“{each}”" for each in flows[:NAMES_SHOWN]) + (" …" if flows[NAMES_SHOWN:] else "")
            text = _(
                "Flows that are not wholly written in %(language)s: %(names)s. Visitors are offered %(first)s there."
            )
            yield Finding("warning", "flows_unwritten", text % {**said, "names": names})
        unnamed = [row["name"] for row in config["topics"] if _is_unnamed(row.get("wordings", {}).get(code))]
        if unnamed:
            names = ", ".join(f"“{each}”" for each in unnamed[:NAMES_SHOWN]) + (" …" if unnamed[NAMES_SHOWN:] else "")
            text = _("Topics without a spoken name in %(language)s are named in %(first)s: %(names)s.")
            yield Finding("warning", "topics_unnamed", text % {**said, "names": names})


def _is_unnamed(words: dict[str, Any] | None) -> bool:
    return words is not None and not words.get("spoken") and not words.get("samples")


def can_hear(language: str) -> bool:
    """Whether visitors who speak this language are understood and answered. Brings the speech libraries along."""
    return own_languages.takes_calls(language)


def deaf(name: str, language: str) -> str:
    """Why an agent of this language cannot go on the phone."""
    words = _(
        "%(name)s cannot take calls in %(language)s yet, so it cannot be published for Phone. "
        "Choose another language on the page Languages."
    )
    return words % {"name": name, "language": language_name(language)}


def language_name(code: str) -> str:
    return own_languages.name(code)


def _missing_variables(config: dict[str, Any]) -> list[Finding]:
    """Variables that a text uses and a variant does not fill: there, the sentence is left out."""
    texts = [(_("the greeting"), config["agent"]["greeting"]), (_("the disclaimer"), config["agent"]["disclaimer"])]
    texts += [(_("the topic “%s”") % topic["name"], topic["content"]) for topic in config["topics"]]
    texts += [(_("the flow “%s”") % name, text) for name, text in authored_flows.spoken_texts(config)]
    for code, words in config["agent"].get("wordings", {}).items():
        language = language_name(code)
        texts += [
            (_("the greeting in %s") % language, words.get("greeting", "")),
            (_("the disclaimer in %s") % language, words.get("disclaimer", "")),
        ]
        where = _("the flow “%(flow)s” in %(language)s")
        texts += [
            (where % {"flow": name, "language": language}, text) for name, text in flow_words.spoken_texts(config, code)
        ]
    for topic in config["topics"]:
        for code, words in topic.get("wordings", {}).items():
            where = _("the topic “%(topic)s” in %(language)s")
            texts.append((where % {"topic": topic["name"], "language": language_name(code)}, words["content"]))
    used = [(name, where) for where, text in texts for name in dict.fromkeys(_VARIANT_VARIABLE.findall(text))]
    findings = []
    for name, where in used:
        if not config["variants"]:
            words = _("There are no variants, but %(where)s uses ${variant_%(name)s}.")
            findings.append(Finding("warning", "no_variants", words % {"name": name, "where": where}))
        for row in config["variants"]:
            if not str(row["attributes"].get(name, "")).strip():
                words = _("The variant “%(variant)s” has no “%(name)s”, which %(where)s uses.")
                values = {"variant": row["name"], "name": name, "where": where}
                findings.append(Finding("warning", "variable_missing", words % values))
    return findings
