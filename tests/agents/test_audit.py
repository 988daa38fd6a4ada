"""The audit line."""

from datetime import timedelta

import pytest

from agents.models import AppendOnlyError, AuditEntry
from agents.people import audit


def test_a_line_says_who_did_what_to_what(owner, project):
    audit.record(owner, "agent.edit", project, project.agent, field="greeting")
    line = AuditEntry.objects.get()
    assert (line.actor, line.actor_name, line.action) == (owner, "olga", "agent.edit")
    assert line.target == f"agent:{project.agent.pk}"
    assert line.details == {"field": "greeting", "name": "Robin"}


def test_a_stretch_of_typing_is_one_line_until_somebody_or_something_else_comes_between(owner, project):
    def lines(by=owner, **details):
        audit.record_stretch(by, "agent.edit", project, project.agent, **details)
        return AuditEntry.objects.count()

    assert [lines(fields=["greeting"]), lines(fields=["greeting"])] == [1, 1]
    assert [lines(fields=["voice"]), lines(fields=["greeting"])] == [2, 3]
    assert [lines(None, fields=["greeting"]), lines(fields=["greeting"])] == [4, 5]
    audit.record(owner, "agent.publish", project, project.agent)
    assert lines(fields=["greeting"]) == 7


def test_a_stretch_ends_after_a_while(owner, project, monkeypatch):
    monkeypatch.setattr(audit, "STRETCH", timedelta(0))
    for _time in range(2):
        audit.record_stretch(owner, "agent.edit", project, project.agent, fields=["greeting"])
    assert AuditEntry.objects.count() == 2


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


def test_a_line_is_never_changed_and_never_deleted(owner, project):
    line = audit.record(owner, "x.y", project, "z")
    line.action = "something.else"
    attempts = (
        line.save,
        line.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="something.else"),
        lambda: project.audit.filter(pk=line.pk).update(action="something.else"),
        lambda: AuditEntry.objects.bulk_update([line], ["action"]),
    )
    for attempt in attempts:
        with pytest.raises(AppendOnlyError):
            attempt()
    assert AuditEntry.objects.get().action == "x.y"


def test_a_project_that_is_deleted_takes_its_lines_along(owner, project):
    audit.record(owner, "x.y", project, "z")
    project.delete()
    assert not AuditEntry.objects.exists()
