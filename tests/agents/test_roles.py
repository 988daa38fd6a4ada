"""Who may do what."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agents.models import Member, Role
from agents.people import roles


def what(user, project):
    return {permission for permission in roles.ALL if roles.may(user, project, permission)}


def test_an_owner_may_everything(owner, project):
    assert what(owner, project) == roles.ALL


def test_an_editor_changes_and_publishes_but_deletes_nothing_visitors_said(editor, project):
    assert what(editor, project) == {
        *("agent.read", "agent.edit", "agent.publish", "widgets.read", "widgets.edit", "widgets.publish"),
        *("widgets.publish_phone", "widgets.publish_chat"),
        *("project.read", "conversations.read", "conversations.personal", "conversations.handle", "versions.read"),
    }


def test_an_analyst_only_reads(analyst, project):
    assert what(analyst, project) == {
        *("project.read", "agent.read", "widgets.read", "versions.read"),
        *("conversations.read", "conversations.personal"),
    }


def test_a_stranger_may_nothing_and_keeps_their_own(stranger, project):
    assert what(stranger, project) == set()
    assert what(stranger, stranger.memberships.get().project) == roles.ALL


def test_a_superuser_is_no_member_by_magic(django_user_model, project):
    root = django_user_model.objects.create_superuser("root", "root@example.com", "a-long-password")
    assert what(root, project) == set()


def test_nobody_signed_in_may_nothing(project):
    assert what(AnonymousUser(), project) == set()
    assert not roles.projects_of(AnonymousUser())


def test_who_was_switched_off_may_nothing(owner, project):
    owner.is_active = False
    assert what(owner, project) == set()
    assert not roles.projects_of(owner)


def test_a_changed_role_counts_at_once(owner, project):
    Member.objects.filter(user=owner).update(role=Role.ANALYST)
    assert not roles.may(owner, project, "widgets.edit")
    Member.objects.filter(user=owner).delete()
    assert what(owner, project) == set()


def test_a_role_nobody_knows_may_nothing(owner, project):
    Member.objects.filter(user=owner).update(role="king")
    assert what(owner, project) == set()


def test_a_misspelt_permission_is_an_error_and_not_a_no(owner, project):
    with pytest.raises(ValueError, match=r"widget\.edit"):
        roles.may(owner, project, "widget.edit")


def test_every_role_has_its_row():
    assert set(roles.PRESETS) == set(Role.values)


def test_a_level_and_a_switch_of_one_member_differ_from_the_role(editor, project):
    Member.objects.filter(user=editor).update(access={"agent": "read", "web_calling": "none", "settings": "read"})
    assert what(editor, project) == {
        *("project.read", "agent.read", "versions.read", "members.read", "audit.read"),
        *("conversations.read", "conversations.personal", "conversations.handle"),
    }


def test_a_switch_is_nothing_without_its_area():
    nothing = {**dict.fromkeys(roles.AREAS, "none"), **dict.fromkeys(roles.SWITCHES, True)}
    assert roles.permissions(Role.EDITOR, nothing) == {"project.read"}
    reader = nothing | {"web_calling": "read"}
    assert roles.permissions(Role.EDITOR, reader) == {"project.read", "widgets.read"}


def test_publishing_is_given_for_each_type_of_widget():
    only_chat = roles.permissions(Role.EDITOR, {"publish_phone": False})
    assert {"widgets.publish", "widgets.publish_chat"} <= only_chat
    assert "widgets.publish_phone" not in only_chat


def test_an_owner_cannot_be_made_less_by_a_switch():
    assert roles.permissions(Role.OWNER, {"settings": "none", "agent": "none"}) == roles.ALL


def test_only_what_differs_from_the_role_is_kept():
    wanted = roles.PRESETS[Role.EDITOR] | {"agent": "read", "unknown": True}
    assert roles.differences(Role.EDITOR, wanted) == {"agent": "read"}
    assert roles.differences(Role.OWNER, wanted) == {}


def test_what_nobody_knows_among_the_differences_brings_nothing():
    assert roles.permissions(Role.ANALYST, {"sudo": True}) == roles.permissions(Role.ANALYST, {})


def test_people_see_their_own_projects(owner, stranger, project):
    assert list(roles.projects_of(owner)) == [project]
    assert project not in roles.projects_of(stranger)
