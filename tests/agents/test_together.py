"""Two people who write at once on an agent, or about each other, on two connections, in every order."""

import pytest
from django.contrib.auth import get_user_model

from agents import locks
from agents.authoring import drafting, publish, starters, topics
from agents.models import Agent, AuditEntry, Invitation, Member, Project, Role, Topic, Variant
from agents.people import members
from tests.fakes.together import assert_as_in_a_row

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def prepare(django_user_model):
    """A project with two owners, an editor, topics, variants, a version and an open invitation."""

    people = [django_user_model.objects.create_user(name) for name in ("ann", "ben", "cleo", "dora")]
    numbered = iter(range(1000))

    def made():
        project = Project.objects.create(name="Shop", slug=f"shop-{next(numbered)}")
        Agent.objects.create(project=project, name="Robin", greeting="Hello.")
        for user, role in zip(people, (Role.OWNER, Role.OWNER, Role.EDITOR), strict=False):
            Member.objects.create(project=project, user=user, role=role)
        Topic.objects.create(project=project, name="Hours", content="Nine to six.")
        Variant.objects.create(project=project, key="north", name="North", is_default=True, attributes={"city": "Oslo"})
        publish.publish(project, by=None)
        members.invite(project, Role.EDITOR, {}, "Dora", by=member_of(project.pk, "ann"))
        return project.pk

    return made


def at(pk):
    return Project.objects.select_related("agent").get(pk=pk)


def member_of(pk, name):
    return Member.objects.select_related("user", "project").get(project_id=pk, user__username=name)


def topic_of(pk):
    return Topic.objects.get(project_id=pk, name="Hours")


def persona(**given):
    def save(pk):
        agent = at(pk).agent
        values = {"name": agent.name, "greeting": agent.greeting} | given
        drafting.save_persona(agent, values, None, seen=locks.mark_of(agent, values))

    return save


def topic(name="Hours", content="Nine to five."):
    values = {"name": name, "content": content, "samples": [], "active": True}
    return lambda pk: drafting.save_topic(at(pk), topic_of(pk), values, None)


def row(key, **attributes):
    return {"key": key, "name": key.title(), "is_default": key == "north", "attributes": attributes}


def variants(*rows):
    return lambda pk: drafting.save_variants(at(pk), list(rows), None)


def role(asking, of, to):
    return lambda pk: members.change(member_of(pk, of), to, {}, by=member_of(pk, asking))


def removed(asking, of):
    return lambda pk: members.remove(member_of(pk, of), by=member_of(pk, asking))


def invited(asking):
    return lambda pk: members.invite(at(pk), Role.OWNER, {}, "", by=member_of(pk, asking))


def joined(name):
    def join(pk):
        invitation = Invitation.objects.select_related("project").get(project_id=pk)
        members.join(members.find(members.token_of(invitation)), get_user_model().objects.get(username=name))

    return join


def withdrawn(pk):
    members.withdraw(Invitation.objects.select_related("project").get(project_id=pk), None)


ACTS = {
    "call Robin Kim": persona(name="Kim"),
    "greet otherwise": persona(greeting="Good day."),
    "change a topic": topic(),
    "call a topic Times": topic(name="Times"),
    "delete a topic": lambda pk: drafting.delete_topic(topic_of(pk), None),
    "add Times": lambda pk: drafting.save_topic(
        at(pk), None, {"name": "Times", "content": "Now.", "samples": [], "active": True}, None
    ),
    "import Times": lambda pk: topics.import_topics(at(pk), [{"name": "Times", "content": "Soon."}], by=None),
    "keep one variant": variants(row("north", city="Bergen")),
    "keep two variants": variants(row("north", city="Oslo"), row("south", city="Rome")),
    "publish": lambda pk: publish.publish(at(pk), by=None),
    "publish to live": lambda pk: publish.publish(at(pk), by=None, environment="live"),
    "ask for pre-release": lambda pk: publish.set_pre_release(at(pk), True, None),
    "ask for none": lambda pk: publish.set_pre_release(at(pk), False, None),
    "rename": lambda pk: starters.rename_project(at(pk), "Store", None),
    "rename back": lambda pk: starters.rename_project(at(pk), "Shop", None),
    "ann demotes ben": role("ann", "ben", Role.EDITOR),
    "ben demotes ann": role("ben", "ann", Role.EDITOR),
    "ann removes ben": removed("ann", "ben"),
    "ben removes ann": removed("ben", "ann"),
    "ben leaves": removed("ben", "ben"),
    "ann leaves": removed("ann", "ann"),
    "ben makes cleo an owner": role("ben", "cleo", Role.OWNER),
    "ann removes cleo": removed("ann", "cleo"),
    "ben invites an owner": invited("ben"),
    "dora joins": joined("dora"),
    "withdraw": withdrawn,
}
PAIRS = [
    ("call Robin Kim", "greet otherwise"),
    ("change a topic", "delete a topic"),
    ("delete a topic", "delete a topic"),
    ("call a topic Times", "add Times"),
    ("add Times", "import Times"),
    ("import Times", "add Times"),
    ("keep one variant", "keep two variants"),
    ("publish", "call Robin Kim"),
    ("publish", "publish"),
    ("publish to live", "ask for pre-release"),
    ("ask for none", "ask for pre-release"),
    ("rename back", "rename"),
    ("ann demotes ben", "ben demotes ann"),
    ("ann removes ben", "ben removes ann"),
    ("ann leaves", "ben leaves"),
    ("ben makes cleo an owner", "ann demotes ben"),
    ("ben makes cleo an owner", "ann removes cleo"),
    ("ann removes cleo", "ben makes cleo an owner"),
    ("ben invites an owner", "ann demotes ben"),
    ("dora joins", "withdraw"),
    ("dora joins", "ann removes ben"),
    ("dora joins", "ann leaves"),
]


def state(pk):
    """What became of the project, and what the audit tells of it; numbers of rows left out."""
    project = at(pk)
    told = [
        (line.action, {name: value for name, value in line.details.items() if name != "invitation"})
        for line in AuditEntry.objects.filter(project=project).order_by("pk")
    ]
    agent = project.agent
    return (
        told,
        (project.name, project.pre_release, agent.name, agent.greeting),
        [(one.name, one.content) for one in project.topics.order_by("name")],
        [(one.key, one.attributes) for one in project.variants.order_by("key")],
        [(one.number, one.config) for one in project.versions.order_by("number")],
        [(one.environment, one.version.number) for one in project.deployments.order_by("pk")],
        sorted((one.user.username, one.role) for one in project.members.all()),
        sorted((one.role, one.used_at is not None, one.withdrawn_at is not None) for one in project.invitations.all()),
    )


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_people_at_once_leave_what_they_leave_in_a_row(prepare, first, second):
    assert assert_as_in_a_row(prepare, ACTS[first], ACTS[second], state) > 1
