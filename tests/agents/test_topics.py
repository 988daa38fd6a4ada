"""Topics brought in from a list."""

import pytest

from agents.authoring import topics
from agents.authoring.topics import BadTopics, Imported
from agents.models import AuditEntry, Topic

HOURS = {"name": "Hours", "samples": ["When are you open?"], "content": "Nine to six."}


def problems(project, items):
    with pytest.raises(BadTopics) as caught:
        topics.import_topics(project, items, None)
    return caught.value.problems


def test_new_names_are_created_and_known_ones_replaced(project, owner):
    assert topics.import_topics(project, [HOURS], owner) == Imported(1, 0, 0)
    changed = HOURS | {"content": "Nine to five.", "active": False}
    assert topics.import_topics(project, [changed, HOURS | {"name": "Other"}], owner) == Imported(1, 1, 0)
    hours = Topic.objects.get(name="Hours")
    assert (hours.content, hours.active, hours.samples) == ("Nine to five.", False, ["When are you open?"])
    assert AuditEntry.objects.first().details == {"created": 1, "updated": 1}


def test_the_same_again_changes_nothing(project):
    topics.import_topics(project, [HOURS], None)
    before = Topic.objects.get().updated_at
    assert topics.import_topics(project, [HOURS], None) == Imported(0, 0, 1)
    assert Topic.objects.get().updated_at == before
    assert AuditEntry.objects.count() == 1


def test_texts_are_trimmed_and_double_samples_dropped(project):
    topics.import_topics(project, [{"name": " A ", "samples": [" x ", "x", ""], "content": " y "}], None)
    topic = Topic.objects.get()
    assert (topic.name, topic.samples, topic.content) == ("A", ["x"], "y")


def test_the_limits_hold_to_the_character(project):
    most = {"name": "n" * 100, "samples": [f"question {n}" for n in range(20)], "content": "c" * 2000}
    assert topics.import_topics(project, [most], None).created == 1


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"name": "n" * 101, "content": "c"}, "more than 100 characters"),
        ({"name": "A", "content": "c" * 2001}, "more than 2000 characters"),
        ({"name": "A", "content": "c", "samples": [f"q{n}" for n in range(21)]}, "more than 20 sample"),
        ({"name": "A", "content": "c", "samples": ["q" * 201]}, "more than 200 characters"),
        ({"name": "A", "content": "c", "samples": "q"}, "not a list"),
        ({"name": "A", "content": "c", "samples": [1]}, "not a list"),
        ({"name": "A", "content": "c", "samples": None}, "not a list"),
        ({"name": "A", "content": "  "}, "no content"),
        ({"name": "A"}, "no content"),
        ({"name": "", "content": "c"}, "no name"),
        ({"name": 5, "content": "c"}, "no name"),
        ({"content": "c"}, "no name"),
        ({"name": "A", "content": "c", "active": "yes"}, "active"),
        ({"name": "A", "content": "c", "answer": "x"}, "answer"),
        ("A", "not an object"),
        (None, "not an object"),
    ],
)
def test_a_bad_topic_is_named_and_nothing_is_imported(project, item, said):
    found = problems(project, [HOURS, item])
    assert len(found) == 1
    assert found[0].startswith("Topic 2") and said in found[0]
    assert Topic.objects.count() == 0 and AuditEntry.objects.count() == 0


def test_every_problem_is_said_at_once(project):
    found = problems(project, [{"name": "A"}, HOURS, {"content": "c"}])
    assert [line[:7] for line in found] == ["Topic 1", "Topic 3"]
    assert "“A”" in found[0]


def test_the_same_name_twice_in_a_list_is_refused(project):
    assert "same name as topic 1" in problems(project, [HOURS, HOURS])[0]


@pytest.mark.parametrize("items", [None, {}, "x", 5, {"topics": []}])
def test_what_is_no_list_is_refused(project, items):
    assert problems(project, items) == ["The file must hold a list of topics."]


def test_one_projects_topics_are_not_anothers(project, stranger):
    topics.import_topics(project, [HOURS], None)
    other = stranger.memberships.get().project
    assert topics.import_topics(other, [HOURS | {"content": "Ours."}], None) == Imported(1, 0, 0)
    assert Topic.objects.get(project=project).content == "Nine to six."


def test_a_list_that_says_nothing_of_going_first_leaves_it_as_it_is(project):
    topics.import_topics(project, [HOURS | {"first": True, "spoken": "our hours"}], None)
    topics.import_topics(project, [HOURS | {"content": "Nine to five."}], None)
    topic = Topic.objects.get()
    assert (topic.content, topic.first, topic.spoken) == ("Nine to five.", True, "our hours")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("https://example.com/prices?x=1#top", "https://example.com/prices?x=1#top"),
        (" example.com/prices ", "https://example.com/prices"),
    ],
)
def test_a_link_is_kept_as_a_browser_opens_it(typed, kept):
    assert topics.link(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["http://example.com", "javascript:alert(1)", "https://", "example", "https://a b.com", "https://me@example.com",
     "https://example.com/" + "x" * 500, "https://example.com/<b>", "data:text/html,x"],
)  # fmt: skip
def test_what_is_no_page_is_refused_and_changes_nothing(project, typed):
    with pytest.raises(ValueError):
        topics.link(typed)
    assert "link" in " ".join(problems(project, [HOURS | {"link": typed}]))
    assert Topic.objects.count() == 0


def test_a_list_that_says_nothing_of_links_leaves_them(project):
    topics.import_topics(project, [HOURS | {"link": "example.com", "link_title": "Here"}], None)
    topics.import_topics(project, [HOURS], None)
    assert Topic.objects.values_list("link", "link_title").get() == ("https://example.com", "Here")
