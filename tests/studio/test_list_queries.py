"""Every list of the console asks the database as often for much as for little; the pages are found by themselves."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.authoring import publish
from agents.models import AuditEntry, Invitation, Member, Role, Topic, Variant, Version
from calling.models import Conversation, Note, Notice, Question, QuestionGroup, Tag, Turn
from tests.studio.test_isolation import TABLE, address
from widgets.models import AllowedDomain, RefusedHost, Widget, WidgetPublication

pytestmark = pytest.mark.long

LITTLE, MUCH = 10, 200
# What opens no page of its own: a file, or the way on to another page.
NO_PAGES = {"recording", "topics_alike", "web_calling", "widget_qr"}


@pytest.mark.parametrize(
    "name", [name for name, (may_open, _send) in TABLE.items() if may_open and name not in NO_PAGES]
)
def test_a_page_with_much_asks_as_often_as_one_with_little(client, owner, furnished, name):
    client.force_login(owner)
    page = address(name, furnished)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    fill(furnished, owner, 0, LITTLE)
    queries()  # the first visit keeps the project in the session
    few = queries()
    fill(furnished, owner, LITTLE, MUCH)
    assert queries() <= few


def fill(furnished, owner, start, end):
    """More of everything that a page of the project could list."""
    project, widget, version, now = furnished.project, furnished.widget, furnished.version, timezone.now()
    people, numbers = get_user_model(), range(start, end)
    users = people.objects.bulk_create(people(username=f"p{n}", email=f"p{n}@example.com") for n in numbers)
    Member.objects.bulk_create(Member(project=project, user=user, role=Role.ANALYST) for user in users)
    Invitation.objects.bulk_create(
        Invitation(
            project=project, role=Role.ANALYST, for_whom=f"P{n}", made_by=owner, nonce=str(n), expires_at=later(now)
        )
        for n in numbers
    )
    Topic.objects.bulk_create(Topic(project=project, name=f"Topic {n}", content="Answer.") for n in numbers)
    Variant.objects.bulk_create(Variant(project=project, key=f"v{n}", name=f"V {n}") for n in numbers)
    config = publish.freeze(project)
    Version.objects.bulk_create(
        Version(project=project, number=n + 2, config=config, created_by=owner) for n in numbers
    )
    for archived in (None, now):
        made = Widget.objects.bulk_create(
            Widget(project=project, name=f"W {n}", draft=widget.draft, archived_at=archived) for n in numbers
        )
        AllowedDomain.objects.bulk_create(AllowedDomain(widget=one, host=f"{one.pk}.example.com") for one in made)
    AllowedDomain.objects.bulk_create(AllowedDomain(widget=widget, host=f"d{n}.example.com") for n in numbers)
    RefusedHost.objects.bulk_create(RefusedHost(widget=widget, host=f"r{n}.example", last_seen=now) for n in numbers)
    WidgetPublication.objects.bulk_create(
        WidgetPublication(widget=widget, config=widget.published, by=owner) for n in numbers
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(project=project, actor=owner, actor_name="olga", action="topic.edit", target=f"topic:{n}")
        for n in numbers
    )
    calls = Conversation.objects.bulk_create(
        Conversation(
            project=project, reference=f"R-{n}", widget=widget, version=version, environment="live", started_at=now
        )
        for n in numbers
    )
    Turn.objects.bulk_create(
        Turn(conversation=call, index=0, speaker="agent", text="Hello", source="topic:Topic 1", started_s=0)
        for call in calls
    )
    tags = Tag.objects.bulk_create(Tag(project=project, name=f"Tag {n}") for n in numbers)
    Conversation.tags.through.objects.bulk_create(
        Conversation.tags.through(conversation=call, tag=tag) for call, tag in zip(calls, tags, strict=True)
    )
    Note.objects.bulk_create(
        Note(conversation=furnished.conversation, by=owner, by_name="olga", text=f"Note {n}") for n in numbers
    )
    groups = QuestionGroup.objects.bulk_create(
        QuestionGroup(project=project, language="en", encoder="x", centre=b"", last_at=now, done_by=owner)
        for _n in numbers
    )
    Question.objects.bulk_create(
        Question(turn=turn, group=group, asked_at=now)
        for turn, group in zip(Turn.objects.filter(conversation__in=calls), groups, strict=True)
    )
    Notice.objects.bulk_create(
        Notice(project=project, kind="failed", day=now - timedelta(days=n + 1), count=1, last_at=now) for n in numbers
    )
    Turn.objects.bulk_create(
        Turn(conversation=furnished.conversation, index=100 + n, speaker="agent", text="More", started_s=n)
        for n in numbers
    )


def later(now):
    return now + timedelta(days=3)


def test_members_beyond_a_page_are_on_the_next(client, owner, furnished):
    client.force_login(owner)
    fill(furnished, owner, 0, 60)
    first = client.get(address("members", furnished)).content.decode()
    second = client.get(address("members", furnished) + "?page=2").content.decode()
    assert "1 to 50 of 61" in first and "51 to 61 of 61" in second
    assert first.count("row-link") == 50 and second.count("row-link") == 11
    assert "?page=2#access" in second  # opening somebody stays on the page of the list


def test_a_filter_for_a_widget_that_is_not_among_the_newest_holds(client, owner, furnished):
    client.force_login(owner)
    fill(furnished, owner, 0, MUCH)
    page = f"{address('conversations', furnished)}?widget={furnished.widget.pk}"
    assert f'<option value="{furnished.widget.pk}" selected>' in client.get(page).content.decode()
