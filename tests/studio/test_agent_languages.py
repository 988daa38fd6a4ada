"""The page Languages, and what an agent says in each: kept in the draft, told before a publish, frozen with it."""

import pytest
from django.urls import reverse

from agents.authoring import checking, csv_topics, flow_words, languages, publish, topics
from agents.authoring.languages import LanguageRefused
from agents.brains import snapshot
from agents.locks import Stale, mark_of
from agents.models import Agent, AuditEntry, Topic, Version


def draft(project):
    return publish.freeze(project)


def codes(project):
    return [finding.code for finding in checking.check(draft(project))]


RING = {"steps": {"phone": {"name": "Telefon", "ask": "Welche Nummer?"}}}


@pytest.fixture
def german(furnished, owner):
    """The project with German, in which nothing is written yet."""
    languages.add(furnished.project, "de", owner)
    furnished.project.refresh_from_db()
    return furnished


@pytest.fixture
def send(client, german, owner):
    client.force_login(owner)

    def send(name, given, **kwargs):
        return client.post(reverse(f"console:{name}", kwargs={"project": german.project.slug, **kwargs}), given)

    return send


def test_a_language_is_added_with_the_best_voice_and_nothing_written(german):
    agent = Agent.objects.get(project=german.project)
    assert agent.wordings == {"de": {"voice": "pico:de-DE"}}
    assert languages.of(agent) == ("en", "de")
    assert AuditEntry.objects.first().action == "language.add"


@pytest.mark.parametrize("code", ["en", "de", "ja", "it"])
def test_a_language_is_refused_that_is_there_or_cannot_take_calls(german, owner, code):
    before = draft(german.project)
    with pytest.raises(LanguageRefused):
        languages.add(german.project, code, owner)
    assert draft(german.project) == before


def test_what_is_not_written_is_told_before_a_publish_and_what_is_is_not(german, owner):
    assert {"greeting_unwritten", "topics_unwritten"} <= set(codes(german.project))
    languages.save_words(german.project, "de", {"greeting": "Guten Tag."}, owner)
    languages.save_topic_words(german.topic, "de", {"content": "Von neun bis sechs.", "spoken": "Zeiten"}, owner)
    flow_words.save(german.flow, "de", RING, owner)
    assert not [code for code in codes(german.project) if code.endswith(("unwritten", "unnamed"))]


def test_a_disclaimer_that_is_not_written_is_said_in_the_first_language_and_that_is_told(german, owner):
    Agent.objects.filter(project=german.project).update(disclaimer="This call is recorded.")
    (finding,) = [one for one in checking.check(draft(german.project)) if one.code == "disclaimer_unwritten"]
    assert "German" in finding.message and "English" in finding.message


def test_a_version_freezes_what_is_said_in_every_language(german, owner):
    languages.save_words(german.project, "de", {"greeting": "Guten Tag."}, owner)
    languages.save_topic_words(german.topic, "de", {"content": "Von neun bis sechs.", "samples": ["Wann?"]}, owner)
    version = publish.publish(german.project, by=owner)
    languages.save_words(german.project, "de", {"greeting": "Hallo."}, owner)
    read = snapshot.read(Version.objects.get(pk=version.pk).config).in_language("de")
    assert (read.language, read.voice, read.greeting) == ("de", "pico:de-DE", "Guten Tag.")
    assert [(topic.name, topic.content) for topic in read.topics] == [("Opening hours", "Von neun bis sechs.")]
    assert read.topics[0].samples == ("Wann?", "Open?")


def test_a_removed_language_is_in_no_version_and_its_words_are_there_when_it_comes_back(german, owner):
    languages.save_topic_words(german.topic, "de", {"content": "Von neun bis sechs."}, owner)
    languages.remove(german.project, "de", owner)
    assert "wordings" not in draft(german.project)["agent"]
    assert "wordings" not in draft(german.project)["topics"][0]
    languages.add(german.project, "de", owner)
    assert draft(german.project)["topics"][0]["wordings"] == {"de": {"content": "Von neun bis sechs."}}


def test_another_language_comes_first_once_all_is_written_in_it(german, owner):
    with pytest.raises(LanguageRefused):
        languages.make_first(german.project, "de", owner)
    languages.save_words(german.project, "de", {"greeting": "Guten Tag."}, owner)
    languages.save_topic_words(german.topic, "de", {"content": "Von neun bis sechs.", "samples": ["Wann?"]}, owner)
    flow_words.save(german.flow, "de", RING, owner)
    greeting = german.project.agent.greeting
    languages.make_first(german.project, "de", owner)
    agent, topic = Agent.objects.get(project=german.project), Topic.objects.get(pk=german.topic.pk)
    assert (agent.language, agent.voice, agent.greeting) == ("de", "pico:de-DE", "Guten Tag.")
    assert agent.wordings["en"]["greeting"] == greeting
    assert (topic.content, topic.samples) == ("Von neun bis sechs.", ["Wann?"])
    assert topic.wordings == {"en": {"content": "From nine to six.", "spoken": "", "samples": ["Open?"]}}


def test_a_version_made_the_draft_brings_its_languages_back(german, owner, send):
    languages.save_topic_words(german.topic, "de", {"content": "Von neun bis sechs."}, owner)
    version = publish.publish(german.project, by=owner)
    languages.remove(german.project, "de", owner)
    send("make_draft", {}, number=version.number)
    assert draft(german.project) == snapshot.written(version.config)


def test_two_people_who_write_the_same_words_do_not_overwrite_each_other(german, owner):
    agent = Agent.objects.get(project=german.project)
    seen = mark_of(agent, languages.FIELDS)
    languages.save_words(german.project, "de", {"greeting": "Guten Tag."}, owner, seen=seen)
    with pytest.raises(Stale):
        languages.save_words(german.project, "de", {"greeting": "Hallo."}, owner, seen=seen)
    assert Agent.objects.get(project=german.project).wordings["de"]["greeting"] == "Guten Tag."


def test_a_table_of_topics_keeps_their_words_in_every_language(german, owner):
    languages.save_topic_words(
        german.topic,
        "de",
        {"content": "Von neun bis sechs.", "spoken": "Zeiten", "samples": ["Wann?", "Offen?"]},
        owner,
    )
    german.project.agent.refresh_from_db()
    written = csv_topics.write(german.project)
    assert b"answer:de" in written
    rows = csv_topics.read(written)
    assert rows[0]["wordings"] == {
        "de": {"content": "Von neun bis sechs.", "spoken": "Zeiten", "samples": ["Wann?", "Offen?"]}
    }
    assert [change.kind for change in csv_topics.changes(german.project, rows)] == ["same"]
    rows[0]["wordings"]["de"]["content"] = "Ab zehn."
    (change,) = csv_topics.changes(german.project, rows)
    assert change.kind == "changed" and "German" in change.notes[0]
    topics.import_topics(german.project, rows, by=owner)
    assert Topic.objects.get(pk=german.topic.pk).wordings["de"]["content"] == "Ab zehn."


def test_a_table_that_does_not_speak_of_a_language_leaves_its_words_alone(german, owner):
    languages.save_topic_words(german.topic, "de", {"content": "Von neun bis sechs."}, owner)
    rows = csv_topics.read(b"name,answer\nOpening hours,From ten.\n")
    topics.import_topics(german.project, rows, by=owner)
    topic = Topic.objects.get(pk=german.topic.pk)
    assert (topic.content, topic.wordings) == ("From ten.", {"de": {"content": "Von neun bis sechs."}})


# ── The pages ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_what_each_language_can_do_and_what_is_missing(client, german, owner):
    client.force_login(owner)
    text = client.get(reverse("console:languages", kwargs={"project": german.project.slug})).content.decode()
    assert "Takes calls" in text and "No greeting" in text and "1 topic missing" in text
    assert "Italian: cannot take calls yet" in text and 'id="add-language"' not in text  # there is none to add


def test_languages_are_added_and_removed_by_its_buttons(send, german):
    send("languages", {"do": "remove", "language": "de"})
    assert Agent.objects.get(project=german.project).wordings == {}
    send("languages", {"do": "add", "language": "de"})
    assert list(Agent.objects.get(project=german.project).wordings) == ["de"]
    send("languages", {"do": "add", "language": "ja"})
    assert list(Agent.objects.get(project=german.project).wordings) == ["de"]


def test_greeting_and_topic_have_a_tab_for_each_language(client, send, german):
    send("persona_words", {"greeting": "Guten Tag.", "disclaimer": "", "voice": "pico:de-DE"}, language="de")
    assert Agent.objects.get(project=german.project).wordings["de"]["greeting"] == "Guten Tag."
    send("topic_words", {"content": "Ab neun.", "spoken": "", "samples": "Wann?"}, topic=german.topic.pk, language="de")
    assert Topic.objects.get(pk=german.topic.pk).wordings == {"de": {"content": "Ab neun.", "samples": ["Wann?"]}}
    for name, kwargs in (("persona", {}), ("topic", {"topic": german.topic.pk})):
        page = client.get(
            reverse(f"console:{name}", kwargs={"project": german.project.slug, **kwargs})
        ).content.decode()
        assert 'aria-current="page">English</a>' in page and ">German</a>" in page


def test_questions_without_an_answer_are_not_kept(send, german):
    response = send("topic_words", {"content": "", "samples": "Wann?"}, topic=german.topic.pk, language="de")
    assert response.status_code == 422
    assert Topic.objects.get(pk=german.topic.pk).wordings == {}


def test_a_language_that_the_agent_does_not_speak_has_no_page(client, german, owner):
    client.force_login(owner)
    at = reverse("console:persona_words", kwargs={"project": german.project.slug, "language": "fr"})
    assert client.get(at).status_code == 404
