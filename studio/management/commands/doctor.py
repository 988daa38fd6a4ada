"""Tries out what a call needs and says in plain words what is missing."""

import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Tries out models, speech, sound ports, database, worker and settings. Exit status 1: calls cannot work."
    requires_system_checks: list[str] = []  # they are among the findings

    def handle(self, **options: object) -> None:
        from studio.running import doctor

        marks = {"good": "ok  ", "notice": "note", "bad": "BAD "}
        findings = doctor.examine()
        stops = False
        for finding in findings:
            stops = stops or finding.state == "bad"
            self.stdout.write(f"{marks[finding.state]}  {finding.subject}: {finding.says}")
            if finding.remedy:
                self.stdout.write(f"          {finding.remedy}")
        self.stdout.write("")
        self.stdout.write("Calls cannot work yet." if stops else "Calls can work.")
        sys.exit(1 if stops else 0)
