"""The audit line."""

from agents import audit
from agents.models import AuditEntry


def test_a_line_says_who_did_what_to_what(owner, project):
    audit.record(owner, "agent.edit", project, project.agent, field="greeting")
    line = AuditEntry.objects.get()
    assert (line.actor, line.actor_name, line.action) == (owner, "olga", "agent.edit")
    assert line.target == f"agent:{project.agent.pk}"
    assert line.details == {"field": "greeting", "name": "Robin"}


def test_the_line_outlives_the_person(owner, project):
    audit.record(owner, "x.y", project, "z")
    owner.delete()
    line = AuditEntry.objects.get()
    assert (line.actor, line.actor_name) == (None, "olga")


def test_what_the_program_does_itself_is_said_so(project):
    audit.record(None, "x.y", project, "z" * 500)
    line = AuditEntry.objects.get()
    assert (line.actor, line.actor_name, len(line.target)) == (None, "system", 120)


def test_something_outside_any_project_can_be_recorded(db):
    assert audit.record(None, "x.y", None, "z").project is None
