"""Search: only what one may open, in few queries."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Member, Topic


@pytest.fixture
def find(client, furnished):
    def find(who, asked):
        client.force_login(who)
        answer = client.get(reverse("console:search", kwargs={"project": furnished.project.slug}), {"q": asked}).json()
        return {group["heading"]: [row["label"] for row in group["rows"]] for group in answer["groups"]}

    return find


def test_topics_widgets_pages_and_references_are_found(find, owner):
    assert find(owner, "opening") == {"Topics": ["Opening hours"]}
    assert find(owner, "phone") == {"Widgets": ["Shop phone"]}
    assert find(owner, "hb-7k") == {"Conversations": ["HB-7K2Q"]}
    assert find(owner, "audi") == {"Pages": ["Audit"]}


def test_words_inside_an_answer_are_found_after_names(find, owner, furnished):
    Topic.objects.create(project=furnished.project, name="Nine lives", content="Cats.", samples=[])
    assert find(owner, "nine")["Topics"] == ["Nine lives", "Opening hours"]


def test_nothing_of_another_project_is_found(find, owner, stranger):
    Topic.objects.create(project=stranger.memberships.get().project, name="Secret recipe", content="Salt.", samples=[])
    assert find(owner, "secret") == {}


def test_what_one_may_not_open_is_not_found(find, editor):
    Member.objects.filter(user=editor).update(access={"agent": "none", "web_calling": "none", "conversations": "none"})
    for asked in ("opening", "phone", "hb-7k", "audi", "knowledge"):
        assert find(editor, asked) == {}


def test_a_setting_is_found_by_its_name_and_by_words_for_it(find, owner):
    assert find(owner, "disclaimer") == {"Inside the pages": ["Consent and recording"]}
    assert find(owner, "roll back") == {"Inside the pages": ["Promote and roll back"]}


def test_a_setting_of_a_widget_leads_to_the_one_edited_last_and_to_nothing_without_one(client, find, owner, furnished):
    client.force_login(owner)
    url = reverse("console:search", kwargs={"project": furnished.project.slug})
    (row,) = client.get(url, {"q": "wordpress"}).json()["groups"][0]["rows"]
    assert (row["note"], client.get(row["url"]).status_code) == ("Shop phone", 200)
    furnished.widget.archived_at = timezone.now()
    furnished.widget.save()
    assert find(owner, "wordpress") == {}


def test_before_a_word_is_typed_the_pages_are_offered(find, owner):
    assert find(owner, "")["Pages"][0] == "Home"


def test_a_search_among_many_takes_few_queries(client, furnished, owner, django_assert_max_num_queries):
    Topic.objects.bulk_create(
        Topic(project=furnished.project, name=f"Topic {number}", content="x", samples=[]) for number in range(2000)
    )
    client.force_login(owner)
    with django_assert_max_num_queries(9):
        rows = client.get(reverse("console:search", kwargs={"project": furnished.project.slug}), {"q": "topic"}).json()
    assert len(rows["groups"][0]["rows"]) == 6
