"""Members: what each may do, and who may give it to whom."""

import pytest
from django.urls import reverse

from agents.models import AuditEntry, Invitation, Member, Role
from agents.people import members, roles
from studio.pages.people.members import AREAS, SWITCHES


@pytest.fixture
def console(client, owner):
    client.force_login(owner)
    return client


def member_of(user):
    return Member.objects.get(user=user)


def address(project, user, name="member"):
    return reverse(f"console:{name}", kwargs={"project": project.slug, "member": member_of(user).pk})


def values(role, access=None, **changed):
    """What the form sends: switches only when they are on."""
    shown = {**AREAS, **SWITCHES}
    given = {k: v for k, v in roles.access(role, access or {}).items() if k in shown} | changed
    return {"role": role} | {name: value for name, value in given.items() if value is not False}


def state():
    return list(Member.objects.order_by("pk").values_list("user__username", "role", "access"))


def test_the_list_says_who_is_there_and_what_they_are(console, project, editor, analyst):
    page = console.get(reverse("console:members", kwargs={"project": project.slug})).content.decode()
    for name in ("olga", "emil", "anna"):
        assert name in page
    assert "(you)" in page and "Editor" in page and "Analyst" in page


def test_another_role_comes_with_its_own_access(console, project, editor):
    sent = values(Role.EDITOR) | {"role": Role.ANALYST}
    assert console.post(address(project, editor), sent).status_code == 302
    member = member_of(editor)
    assert (member.role, member.access) == (Role.ANALYST, {})
    assert AuditEntry.objects.get(action="member.edit").details["before"] == Role.EDITOR


def test_one_area_and_one_switch_are_changed_for_one_member(console, client, project, editor, furnished):
    console.post(address(project, editor), values(Role.EDITOR, agent="read", personal_data=False))
    assert member_of(editor).access == {"agent": "read", "personal_data": False}
    client.force_login(editor)
    knowledge = reverse("console:topic_add", kwargs={"project": project.slug})
    assert client.post(knowledge, {"name": "x", "content": "y"}).status_code == 403
    talk = {"project": project.slug, "conversation": furnished.conversation.pk}
    page = client.get(reverse("console:conversation", kwargs=talk)).content.decode()
    assert "personal data" in page and "boats" not in page and "From nine" not in page
    assert client.get(reverse("console:recording", kwargs=talk)).status_code == 403
    for name in ("home", "conversations"):
        assert "boats" not in client.get(reverse(f"console:{name}", kwargs={"project": project.slug})).content.decode()


def test_somebody_without_any_area_still_has_a_home(console, client, project, editor, furnished):
    console.post(address(project, editor), values(Role.EDITOR, **dict.fromkeys(AREAS, "none")))
    client.force_login(editor)
    page = client.get(reverse("console:home", kwargs={"project": project.slug})).content.decode()
    assert "We are open" not in page and "/knowledge/" not in page and "/conversations/" not in page
    for name in ("persona", "web_calling", "conversations", "members", "audit"):
        assert client.get(reverse(f"console:{name}", kwargs={"project": project.slug})).status_code == 403


def test_publishing_phone_widgets_can_be_taken_from_an_editor(console, client, project, editor, furnished):
    console.post(address(project, editor), values(Role.EDITOR, publish_phone=False))
    client.force_login(editor)
    here = {"project": project.slug, "widget": furnished.widget.pk}
    before = furnished.widget.published_at
    assert client.post(reverse("console:widget_publish", kwargs=here)).status_code == 403
    furnished.widget.refresh_from_db()
    assert furnished.widget.published_at == before
    assert client.get(reverse("console:widget_styling", kwargs=here)).status_code == 200


def test_the_last_owner_neither_goes_nor_steps_down(console, project, owner, editor):
    before = state()
    response = console.post(address(project, owner), values(Role.OWNER) | {"role": Role.EDITOR})
    assert "A project needs an owner" in response.content.decode()
    response = console.post(address(project, owner, "member_remove"), follow=True)
    assert "A project needs an owner" in response.content.decode()
    assert state() == before


def test_an_owner_who_may_not_sign_in_does_not_count(console, project, owner, django_user_model):
    other = django_user_model.objects.create_user("ines", "ines@example.com", "a-long-password", is_active=False)
    Member.objects.create(project=project, user=other, role=Role.OWNER)
    console.post(address(project, owner, "member_remove"))
    assert Member.objects.filter(user=owner).exists()


def test_with_a_second_owner_the_first_can_leave(console, project, owner, editor):
    console.post(address(project, editor), values(Role.EDITOR) | {"role": Role.OWNER})
    console.post(address(project, owner, "member_remove"))
    assert [name for name, _role, _access in state()] == ["emil"]
    assert console.get(reverse("console:home", kwargs={"project": project.slug})).status_code == 404


def test_who_is_removed_sees_nothing_any_more_and_their_links_end(console, client, project, editor):
    mine = member_of(editor)
    Member.objects.filter(pk=mine.pk).update(access={"settings": "edit"})
    link = members.invite(project, Role.ANALYST, {}, "", by=Member.objects.get(pk=mine.pk))
    console.post(address(project, editor, "member_remove"))
    assert not Member.objects.filter(user=editor).exists()
    assert Invitation.objects.get(pk=link.pk).withdrawn_at
    client.force_login(editor)
    assert client.get(reverse("console:home", kwargs={"project": project.slug})).status_code == 404
    assert AuditEntry.objects.filter(action="member.remove").count() == 1


@pytest.fixture
def steward(editor):
    """Somebody who may edit the settings, and is no owner."""
    Member.objects.filter(user=editor).update(access={"settings": "edit", "conversations": "edit"})
    return editor


@pytest.mark.parametrize(
    ("whom", "sent"),
    [
        ("analyst", {"role": Role.OWNER}),
        ("editor", {"role": Role.OWNER}),
        ("owner", {"role": Role.ANALYST}),
    ],
)
def test_nobody_makes_owners_or_touches_them_but_owners(client, project, owner, steward, analyst, request, whom, sent):
    client.force_login(steward)
    user = request.getfixturevalue(whom)
    before = state()
    response = client.post(address(project, user), values(member_of(user).role, member_of(user).access) | sent)
    assert response.status_code == 422 and state() == before


def test_nobody_gives_what_they_do_not_have(client, project, owner, steward, analyst):
    Member.objects.filter(user=steward).update(
        access={"settings": "edit", "publish_phone": False, "publish_chat": False}
    )
    client.force_login(steward)
    before = state()
    response = client.post(address(project, analyst), values(Role.ANALYST, web_calling="edit", publish_phone=True))
    assert response.status_code == 422 and state() == before
    assert client.post(address(project, analyst), values(Role.ANALYST, agent="edit")).status_code == 302
    assert member_of(analyst).access == {"agent": "edit"}


def test_a_steward_cannot_remove_an_owner(client, project, owner, steward):
    client.force_login(steward)
    before = state()
    client.post(address(project, owner, "member_remove"))
    assert state() == before


def test_an_unknown_role_or_level_changes_nothing(console, project, editor):
    before = state()
    assert console.post(address(project, editor), {"role": "king"}).status_code == 422
    assert console.post(address(project, editor), values(Role.EDITOR, agent="all")).status_code == 422
    assert state() == before


def test_saving_without_a_change_leaves_no_line(console, project, editor):
    console.post(address(project, editor), values(Role.EDITOR))
    assert not AuditEntry.objects.exists()


def test_a_list_of_many_members_takes_as_many_queries_as_one_of_few(
    console, project, editor, django_user_model, django_assert_max_num_queries
):
    page = reverse("console:members", kwargs={"project": project.slug})
    with django_assert_max_num_queries(20) as few:
        console.get(page)
    for number in range(40):
        user = django_user_model.objects.create_user(f"person-{number}")
        Member.objects.create(project=project, user=user, role=Role.ANALYST)
    with django_assert_max_num_queries(len(few.captured_queries)):
        console.get(page)
