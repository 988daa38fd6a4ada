"""One flow on its way: what is known, what is asked, and the reply to each thing that the visitor says.

Where it stands is plain JSON in the agent's memory: `Running` reads it, and its replies carry the next one along.
"""

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from agents.brains import small_talk
from agents.brains.base import Reply, event
from agents.brains.collecting import phone, yes_no
from agents.brains.collecting.base import Heard
from agents.brains.collecting.tokens import clean
from agents.brains.flows import orders, passing
from agents.brains.flows.filling import Filled, Filling
from agents.brains.flows.looking import Looking
from agents.brains.flows.plan import Flow, Step, fill, used
from agents.brains.flows.telling import Telling
from agents.brains.flows.words import FlowWords, words_of

FAILURES_MOST = 3  # answers in a row that were none: then somebody else should help
TRIES_MOST = 7  # of any kind for one question: "Sunday" can be said for ever
_NAMED = re.compile(r"\s*\$\{[^{}]*\}")
_LATEST_MOST = 2  # values that a bare "no, four" may be about
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Running:
    flow: Flow
    language: str
    now: datetime
    say: Callable[[str], str]  # a text with the words of variant and page in their places
    state: State = field(default_factory=dict)
    last_said: str = ""
    turn: int = 0  # which one of the conversation is answered

    @property
    def words(self) -> FlowWords:
        return words_of(self.language)

    @property
    def values(self) -> dict[str, str]:
        return dict(self.state.get("values", {}))

    @property
    def asked(self) -> Step | None:
        """The step that was asked for."""
        return self.flow.step(self.state.get("step", ""))

    @property
    def _filling(self) -> Filling:
        return Filling(self.flow, self.language, self.now)

    @property
    def _telling(self) -> Telling:
        return Telling(self.flow, self.language, self.now)

    @property
    def _looking(self) -> Looking:
        return Looking(self.flow, self.language)

    # ── Beginning ────────────────────────────────────────────────────────────────────────────────────────────

    def offered(self, reply: Reply) -> Reply:
        """The answer of a topic, with the offer to go on."""
        state = {"flow": self.flow.name, "step": "offer", "values": {}, "expects": "yesno"}
        return replace(reply, text=f"{reply.text} {self.say(self.flow.offer) or self.words.offer}", flow=state)

    def begin(self, text: str = "") -> Reply:
        """The first question; what was said already is not asked again."""
        filled = self._filling.fill(text, {}, None) if text else Filled()
        state: State = {"flow": self.flow.name, "values": filled.values, "skipped": [], "order": list(filled.values)}
        state |= {"parts": filled.parts} if filled.parts else {}
        if self.flow.end == "tool" or any(step.lookup for step in self.flow.steps):
            state["run"] = self.turn  # what is done in it is done once, whoever thinks it out again
        started = event("flow_started", flow=self.flow.name)
        echoed = self._telling.echo(filled.values)
        return self._next(state, f"{self.words.begin} {echoed}".strip(), events=(started,), refused=filled.refused)

    # ── What was said ────────────────────────────────────────────────────────────────────────────────────────

    def ordered(self, text: str) -> Reply | None:
        """ "Start again", "go back", "skip that", "never mind", "what did you say?"."""
        asked = self.asked
        if asked and asked.kind == "yesno" and self._filling.read(asked, text, asked=True).fine:
            return None  # "I'd rather not"
        match orders.order(text, self.language):
            case "repeat":
                return self._reply(self.last_said, self.state)
            case "stop":
                return self._stopped()
            case "again":
                run = {"run": self.state["run"]} if "run" in self.state else {}
                anew: State = {"flow": self.flow.name, "values": {}, "skipped": [], "order": []}
                return self._next(anew | run, self.words.restarted)
            case "back":
                return self._back()
            case "skip" if asked:
                return self._skip(asked)
        return None

    def step(self, text: str, agreed: bool | None) -> Reply | None:
        """The next step after what the visitor said. None: it had nothing to do with the flow."""
        match self.state.get("step"):
            case "offer":
                return self._offered(text, agreed)
            case "check":
                return self._checked(text, agreed)
            case "fix":
                return self._changed(text, agreed)
        asked = self.asked
        if asked is None:  # a flow that was changed meanwhile
            return self._next(copy.deepcopy(self.state))
        return self._answered(asked, text)

    def again(self, before: str) -> Reply:
        """The same question once more, behind the answer to one in between."""
        return self._reply(f"{before} {self._question()}".strip(), self.state)

    def holds_value(self, text: str) -> bool:
        """Does a question hold an answer, as "Is Friday all right?" and "Can we do three instead?" do?"""
        asked = self.asked if self.state.get("step") not in ("check", "fix") else None
        if self._filling.holds(text, asked):
            return True
        return orders.corrects(text) and bool(self._filling.corrected(text, self.values).values)

    def unanswered(self) -> Reply | None:
        """A question in between that nobody can answer here: the same thing is asked again."""
        if self.asked is None:
            return None
        state = copy.deepcopy(self.state)
        state["tries"] = state.get("tries", 0) + 1
        if state["tries"] >= TRIES_MOST:
            return None
        return self._reply(f"{self.words.not_known} {self._question()}", state)

    def too_often(self, reply: Reply) -> bool:
        """Was the same thing asked for in vain, however often something else was understood?"""
        return (reply.flow or {}).get("tries", 0) >= TRIES_MOST

    def failed(self) -> Reply | None:
        """What was said was no answer. None: it was one too many, and somebody else should help."""
        asked = self.asked
        if asked:
            return self._problem(asked, Heard(problem="none"), copy.deepcopy(self.state))
        state = copy.deepcopy(self.state)
        state["failures"] = state.get("failures", 0) + 1
        return None if state["failures"] >= FAILURES_MOST else self._reply(self._question(), state)

    def about(self) -> str:
        """What somebody who helps should know."""
        told = self._telling.everything(self.values)
        return f"{self.flow.name}. {told}".strip(" .")

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────

    def _offered(self, text: str, agreed: bool | None) -> Reply | None:
        if agreed is None:
            heard = yes_no.read(text, self._filling.asking(Step("", "", "yesno", ""), asked=True))
            agreed = {"yes": True, "no": False}.get(heard.value)
        if agreed:
            return self.begin(text)
        if agreed is None:
            return None
        return Reply(self.words.declined, self.source, "flow", offered=True)

    def _answered(self, asked: Step, text: str) -> Reply | None:
        state = copy.deepcopy(self.state)
        values = self.values
        options = state.pop("which", [])
        if options and (chosen := _chosen(text, options)):
            return self._keep({asked.key: chosen}, state)
        if orders.corrects(text):
            is_short = orders.is_short(text) and asked.kind != "yesno"  # there a "no" is the answer itself
            if asked.kind in ("time", "date", "number", "amount") and not orders.takes_back(text):
                is_short = not self._filling.read(asked, text, asked=True).fine  # "make it half eight"
            latest = state.get("order", [])[-_LATEST_MOST:] if is_short else ()
            fixed = self._filling.corrected(text, values, latest)
            if fixed.values:
                return self._keep(fixed.values, state)
        if rest := self._rest_of_number(asked, text):
            return self._keep(rest, state)
        if asked.optional and asked.kind != "yesno" and orders.nothing(text, f"{asked.name} {asked.ask}"):
            return self._skip(asked)
        if other := self._filling.misplaced(text, values, asked):
            return self._keep(other, state)
        filled = self._filling.fill(text, values, asked, state.get("parts"))
        state |= {"parts": {**state.get("parts", {}), **filled.parts}} if filled.parts else {}
        meant = _half(filled.problem, options) or _of_year(filled.problem, options)
        if meant and asked.key not in filled.values:
            filled.values[asked.key] = meant
        if asked.key in filled.values or (filled.values and filled.problem and filled.problem.problem == "none"):
            return self._keep(filled.values, state)
        if filled.problem is None or filled.problem.problem == "none":
            said_again = {} if asked.kind == "text" else self._filling.corrected(text, values).values
            if asked.kind in ("phone", "email", "date", "time", "code"):  # "Paul" – "Paul Green"
                said_again = said_again or self._filling.renamed(text, values)
            return self._keep(said_again, state) if said_again else None
        state["values"] = {**values, **filled.values}
        state["order"] = [*state.get("order", []), *filled.values]
        return self._problem(asked, filled.problem, state)

    def chosen(self, name: str) -> Reply:
        """The choice that was asked for, named in words that only their meaning tells."""
        assert self.asked is not None
        return self._keep({self.asked.key: name}, copy.deepcopy(self.state))

    def _rest_of_number(self, asked: Step, text: str) -> dict[str, str]:
        """Nothing but digits, where something else was asked: the number before was not complete."""
        last = self.flow.step((self.state.get("order") or [""])[-1])
        if last is None or last.kind != "phone" or asked.kind not in ("text", "name", "email", "choice", "yesno"):
            return {}
        rest = phone.only_digits(text, german=self.language.lower().startswith("de"))
        whole = self.values.get(last.key, "") + rest
        return {last.key: whole} if rest and len(whole.strip("+")) <= phone.MOST else {}

    def _keep(self, new: Mapping[str, str], state: State) -> Reply:
        """These values are known now."""
        state["values"] = {**state.get("values", {}), **new}
        state["order"] = [key for key in state.get("order", []) if key not in new] + list(new)
        for key in new:
            state.get("parts", {}).pop(key, None)
        return self._next(state, self._telling.echo(new))

    def _problem(self, asked: Step, heard: Heard, state: State) -> Reply | None:
        """There is no value yet: say why, and ask again."""
        state["tries"] = state.get("tries", 0) + 1
        state["failures"] = state.get("failures", 0) + (heard.problem == "none")
        if state["failures"] >= FAILURES_MOST or state["tries"] >= TRIES_MOST:
            return self._skip(asked) if asked.optional else None
        if heard.problem in ("part", "house"):
            state["parts"] = {**state.get("parts", {}), asked.key: heard.part}
        if heard.problem == "which":
            state["which"] = list(heard.options)
        question = self._asks(asked, state["values"], again=True)
        text = self._telling.problem(asked, heard, question)
        return self._reply(text, state | {"expects": asked.of_kind.expects})

    def _skip(self, asked: Step) -> Reply:
        if not asked.optional:
            return self._reply(f"{self.words.needed} {self._asks(asked, self.values)}", self.state)
        state = copy.deepcopy(self.state)
        state["skipped"] = [*state.get("skipped", []), asked.key]
        return self._next(state)

    def _back(self) -> Reply:
        """To the question before: its answer is asked again."""
        state = copy.deepcopy(self.state)
        now = state.get("step")
        places = [step.key for step in self.flow.needed(state["values"])]
        end = places.index(now) if now in places else len(places)
        before = [key for key in places[:end] if key in state["values"] or key in state["skipped"]]
        if not before:
            return self.again(self.words.no_way_back)
        key = before[-1]
        state["values"].pop(key, None)
        state["skipped"] = [each for each in state["skipped"] if each != key]
        state["order"] = [each for each in state["order"] if each != key]
        return self._next(state, self.words.back, first=key)

    # ── Reading back ─────────────────────────────────────────────────────────────────────────────────────────

    def _checked(self, text: str, agreed: bool | None) -> Reply | None:
        if agreed:
            return self._finished(self.values)
        fixed = self._fixed(text)
        if fixed:
            return fixed
        if agreed is None and (behind := passing.behind_yes(text)):
            return self._agreed_and(behind)
        if agreed is None:
            heard = yes_no.read(text, self._filling.asking(Step("", "", "yesno", ""), asked=True))
            agreed = {"yes": True, "no": False}.get(heard.value) or (yes_no.affirms(text) or None)
            if agreed and not orders.corrects(text):
                return self._finished(self.values)
        if agreed is False or orders.corrects(text):
            state = self.state | {"step": "fix", "expects": "free"}
            return self._reply(self._telling.what_to_change(self.values), state)
        return None

    def _agreed_and(self, behind: passing.Behind) -> Reply:
        """ "Yes that's right, and …": more to keep, a note, or thanks; "yes, but …" is no yes."""
        if behind.contrasts:
            return self._reply(
                self._telling.what_to_change(self.values), self.state | {"step": "fix", "expects": "free"}
            )
        new = self._filling.fill(behind.text, self.values, None).values
        if new:
            return self._keep(new, copy.deepcopy(self.state))
        open_notes = [
            step for step in self.flow.needed(self.values) if step.kind == "text" and step.key not in self.values
        ]
        if open_notes and behind.is_note(self.language):
            return self._finished({**self.values, open_notes[0].key: behind.text})
        return self._finished(self.values)

    def _changed(self, text: str, agreed: bool | None) -> Reply | None:
        """ "What should I change?" – "The name", or the right one at once, or "no, it is right"."""
        heard = yes_no.read(text, self._filling.asking(Step("", "", "yesno", ""), asked=True))
        agreed = heard.value == "yes" if agreed is None else agreed
        return self._fixed(text) or (self._finished(self.values) if agreed else None)

    def _fixed(self, text: str) -> Reply | None:
        filled = self._filling.corrected(text, self.values)
        state = copy.deepcopy(self.state)
        if filled.values:
            return self._keep(filled.values, state)
        step = self.flow.step(filled.problem_of)
        if step is None:
            is_fix = orders.corrects(text) or state["step"] == "fix" or self._filling.is_bare(text, self.values)
            bare = self._filling.barely(text, self.values) if is_fix else self._filling.renamed(text, self.values)
            bare = bare or self._filling.moved(text, self.values)
            return self._keep(bare, state) if bare else None
        if filled.problem and filled.problem.problem not in ("none", "length", "part", "house"):
            state |= {"step": step.key}
            state["values"].pop(step.key, None)
            return self._problem(step, filled.problem, state)
        state["values"].pop(step.key, None)
        return self._next(state, first=step.key)

    # ── What comes next ──────────────────────────────────────────────────────────────────────────────────────

    def _next(
        self,
        state: State,
        before: str = "",
        *,
        first: str = "",
        events: tuple[tuple[str, dict[str, Any]], ...] = (),
        refused: Mapping[str, Heard] | None = None,
    ) -> Reply:
        """Ask for the first thing that is missing; read everything back when nothing is."""
        if looked_up := self._looking.due(state):
            return self._looks_up(looked_up, state, before, events)
        values, skipped = state["values"], state.get("skipped", [])
        missing = [step for step in self.flow.needed(values) if step.key not in values and step.key not in skipped]
        asked = next((step for step in missing if step.key == first), missing[0] if missing else None)
        is_same = asked is not None and asked.key == self.state.get("step")
        left = ("which", "keypad") if is_same else ("which", "keypad", "failures", "tries")
        state = {key: kept for key, kept in state.items() if key not in left}
        if is_same:  # something was understood, and not what was asked for
            state["tries"] = state.get("tries", 0) + 1
        if asked:
            state |= {"step": asked.key, "expects": asked.of_kind.expects, "keypad": asked.of_kind.keypad}
            question, why = self._asks(asked, values), (refused or {}).get(asked.key)
            question = (
                self._telling.problem(asked, why, question) if why else question
            )  # "for tonight" – "We are closed"
            return self._reply(f"{before} {question}".strip(), state, events=events)
        if not self.flow.read_back or not values:
            finished = self._finished(values)
            return replace(finished, events=(*events, *finished.events))
        state |= {"step": "check", "expects": "yesno"}
        return self._reply(self._telling.check(values), state, events=events)

    # ── Looking up ───────────────────────────────────────────────────────────────────────────────────────────

    def _looks_up(self, step: Step, state: State, before: str, events: tuple[tuple[str, dict[str, Any]], ...]) -> Reply:
        """Have an answer looked up (agents/brains/tools/brain.py); `looked_up` goes on from there."""
        state = self._looking.begun(state, step)
        act = self._act(step.lookup, step.key, state["values"])
        return replace(self._reply(before, state, events=events), act={**act, "step": step.key, "state": state})

    def looked_up(self) -> Reply | None:
        """What comes next, behind what was said of it. None: nothing was found once too often."""
        state = copy.deepcopy(self.state)
        came = state.pop("came")
        step = self.flow.step(str(came["step"]))
        if step is None:  # a flow that was changed meanwhile
            return self._next(state)
        if came["how"] != "refused":
            self._looking.keep(state, step, came["how"], came["values"])
            return replace(self, state=state)._next(state)
        state["values"].pop(step.key, None)
        state["order"] = [key for key in state.get("order", []) if key != step.key]
        state["tries"], state["failures"] = state.get("tries", 0) + 1, state.get("failures", 0) + 1
        if state["failures"] >= FAILURES_MOST or state["tries"] >= TRIES_MOST:
            return None
        asked = state | {"step": step.key, "expects": step.of_kind.expects, "keypad": step.of_kind.keypad}
        return self._reply(self._asks(step, state["values"], again=True), asked)

    def _question(self) -> str:
        """What is being asked."""
        match self.state.get("step"):
            case "check":
                return self._telling.check(self.values)
            case "offer":
                return self.say(self.flow.offer) or self.words.offer
            case "fix":
                return self._telling.what_to_change(self.values)
        return self._asks(self.asked, self.values) if self.asked else ""

    def _asks(self, step: Step, values: Mapping[str, str], *, again: bool = False) -> str:
        """Its question, with what is known. Sentences that lack something are left out, where one is left."""
        text = (step.again if again else "") or step.ask
        if not used(text):
            return self.say(text)
        return self.say_with(text, self._said(values)) or self.say_with(_NAMED.sub("", text), {})

    # ── Ends ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _finished(self, values: Mapping[str, str]) -> Reply:
        data = self.flow.data(values)
        said = self._said(values)
        kept = event(
            "flow_finished",
            flow=self.flow.name,
            end=self.flow.end,
            data=data,
            said=[[step.name, said[step.key]] for step in self.flow.steps if step.key in said],
        )
        text = self.say_with(self.flow.text, said)
        if self.flow.end == "message":
            text = text or self.words.done_message
        if self.flow.end != "topic":
            text = f"{text or self.words.done} {self.words.anything_else}"
        return Reply(
            text,
            self.finished_source,
            "flow",
            offered=self.flow.end != "topic",
            events=(kept,),
            data=data,
            act=self._act(self.flow.tool, "", values) if self.flow.end == "tool" else None,
        )

    def _act(self, tool: str, step: str, values: Mapping[str, str]) -> dict[str, Any]:
        """What is asked of a tool, and where the flow stood before: until it is firm, it may still be corrected."""
        occasion, said = f"{self.flow.name}:{self.state.get('run', self.turn)}", self._said(values)
        return {
            "tool": tool,
            "occasion": f"{occasion}:{step}" if step else occasion,
            "given": self._looking.parts(values) | self.flow.data(values),
            "said": said,
            "usual": "" if step else self.say_with(self.flow.text, said),
            "back": dict(self.state),
        }

    def _said(self, values: Mapping[str, str]) -> dict[str, str]:
        """All that is known, as it is said, by the names that texts have for it."""
        return self._looking.said(values) | self._telling.values(values)

    def say_with(self, text: str, said: Mapping[str, str]) -> str:
        """A text with the values in their places; what a visitor said is not filled again."""
        return fill(self.say(text), said) if text else ""

    def with_topic(self, finished: Reply, content: str) -> Reply:
        """The end with the answer of a topic, where there is one."""
        after = content or f"{self.words.done} {self.words.anything_else}"
        topics = (self.flow.topic,) if content else ()
        return replace(finished, text=f"{finished.text} {after}".strip(), topics=topics, offered=not content)

    def _stopped(self) -> Reply:
        return Reply(self.words.stopped, self.source, "flow", events=(self.left("stopped"),))

    def left(self, reason: str) -> tuple[str, dict[str, Any]]:
        """The event of a flow that is left in the middle."""
        asked = self.asked
        return event("flow_left", flow=self.flow.name, reason=reason, at=asked.name if asked else "")

    @property
    def source(self) -> str:
        return f"flow:{self.flow.name}"

    @property
    def finished_source(self) -> str:
        return f"flow_finished:{self.flow.name}"

    def _reply(self, text: str, state: State, *, events: tuple[tuple[str, dict[str, Any]], ...] = ()) -> Reply:
        data = self.flow.data(state.get("values", {}))
        return Reply(text, self.source, "flow", flow=state, events=events, data=data)


def _chosen(text: str, options: list[str]) -> str:
    """Which of two that were offered: "the first", "the second one"."""
    place = small_talk.ordinal(clean(text))
    return options[place] if place is not None and place < len(options) and len(options) == 2 else ""


def _half(problem: Heard | None, options: list[str]) -> str:
    """ "In the morning", where eight o'clock in the morning or in the evening was asked."""
    if problem is None or problem.problem != "part" or problem.part not in ("am", "pm", "eve", "night", "noon"):
        return ""
    morning = problem.part in ("am", "night")
    return next((option for option in options if ":" in option and (option < "12:00") == morning), "")


def _of_year(problem: Heard | None, options: list[str]) -> str:
    """ "The tenth of April", where the tenth of April or the fourth of October of some year was asked."""
    if problem is None or problem.problem != "part" or not problem.part.startswith("--"):
        return ""
    return next((option for option in options if option[5:] == problem.part[2:]), "")
