"""One flow on its way: the reply to each thing that the visitor says."""

import copy
from dataclasses import dataclass, replace

from agents.brains import small_talk
from agents.brains.base import Reply, event
from agents.brains.collecting import phone, yes_no
from agents.brains.collecting.base import Heard
from agents.brains.collecting.tokens import clean
from agents.brains.flows import orders, questions
from agents.brains.flows.advancing import FAILURES_MOST, TRIES_MOST
from agents.brains.flows.checking import Checking
from agents.brains.flows.course import State
from agents.brains.flows.plan import Step
from agents.brains.flows.reading import Filled

SAID_CHARACTERS_MOST = 300  # of the question that led to an offer
_LATEST_MOST = 2  # values that a bare "no, four" may be about


@dataclass(frozen=True, slots=True)
class Running(Checking):
    # ── Beginning ────────────────────────────────────────────────────────────────────────────────────────────

    def offered(self, reply: Reply) -> Reply:
        """The answer of a topic, with the offer to go on; what was said with the question is not asked again."""
        state = {
            "flow": self.flow.name,
            "step": "offer",
            "values": {},
            "expects": "yesno",
            "said": reply.question[:SAID_CHARACTERS_MOST],
        }
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
            case "" if (
                asked and asked.kind != "text" and orders.looks_it_up(text) and not self._filling.holds(text, asked)
            ):
                return self.again(self.words.no_hurry)
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

    def aside(self, told: str, *, asked: bool) -> Reply | None:
        """The same question once more, behind what was told, and counted: nobody is asked for ever. `asked`: it was
        a question; else it was no answer either. None: it was one too many."""
        state = copy.deepcopy(self.state)
        state["tries"] = state.get("tries", 0) + 1
        state["failures"] = state.get("failures", 0) + (not asked)
        if state["failures"] >= FAILURES_MOST or state["tries"] >= TRIES_MOST:
            return None
        return self._reply(f"{told} {self._question()}".strip(), state)

    def options(self, text: str) -> str:
        """What there is to choose from, where that is asked; "" elsewhere."""
        asked = self.asked
        return self._telling.options(asked) if asked and asked.kind == "choice" and questions.for_options(text) else ""

    def holds_value(self, text: str) -> bool:
        """Does a question hold an answer, as "Is Friday all right?" and "Can we do three instead?" do?"""
        asked = self.asked if self.state.get("step") not in ("check", "fix") else None
        if asked and asked.kind == "choice" and questions.about_options(text):
            return False
        if self._filling.holds(text, asked):
            return True
        return orders.corrects(text) and bool(self._filling.corrected(text, self.values).values)

    def unanswered(self) -> Reply | None:
        """A question in between that nobody can answer here: the same thing is asked again."""
        if self.asked is None and self.state.get("step") != "check":
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

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────

    def _offered(self, text: str, agreed: bool | None) -> Reply | None:
        if agreed is None:
            heard = yes_no.read(text, self._filling.asking(Step("", "", "yesno", ""), asked=True))
            agreed = {"yes": True, "no": False}.get(heard.value)
        if agreed:
            before = self.state.get("said", "")
            return self.begin(f"{before}. {text}" if before else text)
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
            return self._keep(filled.values, state, filled.refused)
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
    years = {option[:4] for option in options}
    other = f"{years.pop()}{problem.part[1:]}" if len(years) == 1 else ""  # neither, but of the year that was said
    return next((option for option in options if option[5:] == problem.part[2:]), other)
