"""The draft of the agent, as the dock of every page tells it: how much of it nobody hears yet."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agents.authoring import checking, publish
from agents.brains import snapshot
from agents.models import Environment, Project, Version
from studio.pages.agent import differences

DIFFERENCES_SHOWN = 12
FINDINGS_SHOWN = 6  # a column that a thousand variants leave empty would be a thousand


@dataclass
class Draft:
    """The draft against what runs in Sandbox, which a publish of it would replace."""

    project: Project
    may_publish: bool
    may_try: bool

    @cached_property
    def config(self) -> dict[str, Any]:
        return publish.freeze(self.project)

    @cached_property
    def base(self) -> Version | None:
        return publish.in_sandbox(self.project)

    @cached_property
    def newest(self) -> Version | None:
        """The version with the highest number; the one that runs in Sandbox, but after a version was kept aside."""
        number = publish.newest_number(self.project)
        return self.base if self.base and self.base.number == number else publish.newest(self.project)

    @cached_property
    def live(self) -> int | None:
        """The number of the version that Live runs, where it is another one than the draft was published as."""
        row = publish.deployments(self.project).get(Environment.LIVE)
        return row.version.number if row and self.base and row.version_id != self.base.pk else None

    @property
    def differs(self) -> bool:
        """Whether Sandbox would run something else after a publish."""
        return self.base is None or snapshot.written(self.base.config) != self.config

    @cached_property
    def all_changes(self) -> list[differences.Difference]:
        return differences.between(self.base.config, self.config) if self.base else []

    @property
    def changes(self) -> int:
        return sum(one.count for one in self.all_changes)

    @property
    def number(self) -> int:
        """Of the version that a publish would make, or run again."""
        newest = self.newest
        if newest is None:
            return 1
        return newest.number if snapshot.written(newest.config) == self.config else newest.number + 1

    @cached_property
    def all_findings(self) -> list[checking.Finding]:
        return checking.check(self.config)

    @property
    def findings(self) -> list[checking.Finding]:
        return self.all_findings[:FINDINGS_SHOWN]

    @property
    def more_findings(self) -> int:
        return max(0, len(self.all_findings) - FINDINGS_SHOWN)

    @property
    def blocked(self) -> bool:
        return any(finding.level == "error" for finding in self.all_findings)
