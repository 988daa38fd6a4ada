"""The index of what was said: it holds what is there, and nothing of what is gone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import Project
from calling.models import Conversation, Turn
from calling.record import deleting, search, search_index, visitors

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="the table is SQLite's")


@pytest.fixture
def say(project):
    """Makes a conversation in which these words were said."""

    def make(*texts, where=None, **values):
        given = {"reference": "HB-1", "environment": "live", "started_at": timezone.now()} | values
        call = Conversation.objects.create(project=where or project, **given)
        for place, text in enumerate(texts):
            Turn.objects.create(conversation=call, index=place, speaker="visitor", text=text, started_s=place)
        return call

    return make


def found(project, words):
    return list(search.among(project, search.said(project, words).calls))


def kept():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {search_index.WORDS}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("When are you open on Saturday?", "you open on"),
        ("When are you open on Saturday?", "SATUR"),
        ("My number is 0151 234-567.", "234-5"),
        ("Grüße aus MÜNCHEN", "münchen"),
        ('He said "no way" to me', '"no way"'),
        ("50% off AND more_or_less", "50% off AND"),
        ("متى تفتحون؟", "تفتحون"),
    ],
)
def test_words_are_found_in_the_middle_of_what_was_said_whatever_their_capitals(project, say, text, words):
    call = say("Hello.", text)
    say("Something else.")
    assert found(project, words) == [call]


def test_a_sign_of_the_search_means_itself(project, say):
    say("Fifty off", "no way", "more or less")
    for words in ("50%", "n_way", "* way", "no*", 'way"', "project : way", "NOT less", "(no"):
        assert found(project, words) == []


def test_what_another_project_keeps_is_not_found(project, say):
    other = Project.objects.create(name="Other", slug="other")
    say("My name is Miller", where=other)
    assert found(project, "Miller") == [] and len(found(other, "Miller")) == 1


def test_fewer_than_three_letters_are_in_everything_and_find_nothing(project, say):
    say("no")
    assert found(project, "no") == [] and not search.said(project, "no").is_cut


def test_a_turn_that_goes_on_is_found_by_its_last_words_only(project, say):
    call = say("I would like")
    call.turns.update(text="I would rather")
    assert found(project, "would rather") == [call] and found(project, "would like") == []
    turn = Turn(conversation=call, index=0, speaker="visitor", text="Never mind", started_s=0)
    unique = ["conversation", "index"]
    Turn.objects.bulk_create([turn], update_conflicts=True, unique_fields=unique, update_fields=["text"])
    assert found(project, "Never mind") == [call] and found(project, "would") == []


@sqlite_only
def test_nothing_of_a_deleted_conversation_stays_in_the_index(project, say):
    gone, stays = say("My name is Miller", "and again Miller"), say("My name is Bell")
    assert kept() == 3
    deleting.delete_calls(project, [gone.pk])
    assert found(project, "Miller") == [] and found(project, "Bell") == [stays]
    assert kept() == 1


@sqlite_only
def test_turns_from_before_the_index_are_filled_in_once_in_batches(project, say, monkeypatch):
    monkeypatch.setattr(search_index, "BATCH", 2)
    calls = [say(f"Parcel number {n}", "") for n in range(5)]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {search_index.WORDS} WHERE rowid > %s", [calls[0].turns.first().pk])
    with CaptureQueriesContext(connection):  # as with STUDIO_DEBUG, when each statement is written out
        search_index.make(connection)
    search_index.make(connection)
    assert kept() == 5
    assert set(found(project, "parcel number")) == set(calls)


@sqlite_only
@pytest.mark.django_db(transaction=True)
def test_while_tables_are_made_anew_the_index_rests_and_catches_up_afterwards(project, say):
    before = say("My name is Miller")
    search_index.rest(connection)
    gone, stays = say("It is about the boiler"), say("It is about the boat")
    with connection.schema_editor() as editor:  # as a migration that changes a column does
        editor._remake_table(Conversation)
    deleting.delete_calls(project, [before.pk, gone.pk])
    for _again in range(2):
        search_index.go_on(connection)
        assert kept() == 1 and found(project, "boat") == [stays] and found(project, "Miller") == []
    say("The boiler again")
    assert kept() == 2


def test_what_was_said_too_often_is_looked_for_among_the_newest_and_said_to_be(project, say, monkeypatch):
    monkeypatch.setattr(search, "TURNS_MOST", 2)
    _old, *new = [say("good morning") for _n in range(3)]
    assert set(found(project, "good morning")) == set(new) and search.said(project, "good morning").is_cut
    say("good evening")
    assert not search.said(project, "good evening").is_cut


@sqlite_only
def test_without_an_index_everything_is_read(project, say, monkeypatch):
    call = say("When are you open?")
    monkeypatch.setattr(search, "_is_kept", lambda: False)
    assert found(project, "are you") == [call] and found(project, "never said") == []


def test_a_visitor_is_found_by_a_reference_in_small_letters(project, say):
    call = say("Hello", reference="HB-7K2Q")
    for words in ("hb-7k2q", "hb 7k2q", "HB-7K2Q", str(call.pk)):
        assert visitors.find(project, words, in_what_was_said=False).sure == [call]
