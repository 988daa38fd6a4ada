"""Holds rehearsals and says how they went: for a build that must stop when the agent has forgotten something."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.authoring.rehearsals import runs, standing
from agents.models import Environment, Project, Rehearsal, RehearsalCall, RehearsalRun
from agents.speech.providers.base import ProviderError
from calling.rehearsing import running as rehearsing
from studio.management.commands.topics import find_project

FAILED = 1


class Command(BaseCommand):
    help = (
        "rehearse [NAME…]: a pretended caller talks with the draft, or with what an environment runs, and what was "
        "said is checked. Ends with 1 when one fails. --json: one line of JSON for each call, and one for the whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="NAME", help="which rehearsals; all of them where none is named"
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="the draft, as it stands now (this is the default)")
        which.add_argument("--environment", choices=Environment.values, default="", help="what runs there")
        parser.add_argument("--project", default="", help="slug of the project; not needed when there is one only")
        parser.add_argument(
            "--times", type=int, default=runs.TIMES_MOST, help=f"callers for each, 1 to {runs.TIMES_MOST}"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="for programs")

    def handle(self, **options: Any) -> None:
        project = find_project(options["project"])
        chosen = _named(project, options["names"]) if options["names"] else None
        if not 1 <= options["times"] <= runs.TIMES_MOST:
            raise CommandError(f"--times takes 1 to {runs.TIMES_MOST}.")
        try:
            run = runs.start(
                project, None, environment=options["environment"], rehearsals=chosen, times=options["times"]
            )
        except runs.RunRefused as refused:
            raise CommandError(str(refused)) from None
        try:
            self._hold(run, as_json=options["as_json"])
        except ProviderError as error:
            raise CommandError(f"The agent cannot think here: {error}") from None
        finally:
            runs.stop(run)
        if not self._sum_up(run, as_json=options["as_json"]):
            sys.exit(FAILED)

    def _hold(self, run: RehearsalRun, *, as_json: bool) -> None:
        told = self._tell_json if as_json else self._tell
        while rehearsing.slice_of(run, told=told):
            pass

    def _tell(self, call: RehearsalCall) -> None:
        self.stdout.write(f"{'passes' if call.passed else 'FAILS '}  {call.rehearsal.name}, caller {call.number + 1}")
        result = call.result or {}
        if problem := result.get("problem"):
            self.stdout.write(f"        The call could not be held: {problem}.")
        said = {turn["line"]: turn["text"] for turn in result.get("said", ()) if turn["who"] == "agent"}
        asked = {turn["line"]: turn["text"] for turn in result.get("said", ()) if turn["who"] == "caller"}
        for finding in result.get("findings", ()):
            if finding["passed"]:
                continue
            line = finding["line"]
            where = f"“{asked.get(line, '')}” → “{said.get(line, '')}”" if line is not None else "in the call"
            self.stdout.write(f"        {finding['kind']} {finding['value']}".rstrip() + f": {where}")

    def _tell_json(self, call: RehearsalCall) -> None:
        line = {
            "rehearsal": call.rehearsal.name,
            "caller": call.number + 1,
            "passed": call.passed,
            **(call.result or {}),
        }
        self.stdout.write(json.dumps(line, ensure_ascii=False))

    def _sum_up(self, run: RehearsalRun, *, as_json: bool) -> bool:
        """Whether every rehearsal of the run passes."""
        stand = standing.of(run.project, [run.mark])[run.mark]
        rates = {row.name: stand.rates[row.pk] for row in stand.rehearsals if row.pk in stand.rates}
        rates = {name: rate for name, rate in rates.items() if rate.run == run.pk}
        passing = sum(rate.passes for rate in rates.values())
        if as_json:
            shown = {name: {"passed": rate.passed, "of": rate.planned} for name, rate in rates.items()}
            told = {"rehearsals": shown, "passing": passing, "of": len(rates), "passed": passing == len(rates)}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"{passing} of {len(rates)} rehearsals pass.")
        return bool(rates) and passing == len(rates)


def _named(project: Project, names: list[str]) -> list[Rehearsal]:
    found = list(project.rehearsals.filter(name__in=names).order_by("name"))
    missing = [name for name in names if name not in {row.name for row in found}]
    if missing:
        raise CommandError(f"There is no rehearsal “{missing[0]}” in {project.name}.")
    return found
