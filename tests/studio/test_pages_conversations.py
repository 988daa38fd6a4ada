"""Conversations: the list and one of them."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calling.models import Conversation, Event, Recording, Turn
from calling.record import outcomes
from studio.pages.calls.transcript import EVENTS_A_PART, TURNS_A_PART, unheard
from studio.pages.calls.waves import flat, quiet, rail
from widgets.models import ConsentText

LINK = {"key": "privacy", "label": "Privacy policy", "url": "https://shop.example.com/p"}


@pytest.fixture
def conversations(client, owner, project):
    client.force_login(owner)
    return f"/console/{project.slug}/conversations/"


@pytest.fixture
def one(conversations, furnished):
    return f"{conversations}{furnished.conversation.pk}/"


def text_of(client, url, **given):
    return client.get(url, given).content.decode()


def test_an_empty_list_says_what_will_be_here(client, conversations):
    assert "No conversations yet" in text_of(client, conversations)


def test_the_list_says_what_a_call_was_about_and_how_it_went(client, conversations, furnished):
    text = text_of(client, conversations)
    assert "Opening hours</a>" in text
    assert "“When are you open?”" in text
    assert "1 unanswered" in text and "56 s" in text


def test_a_call_in_which_the_visitor_typed_marks_both_media_and_says_why(client, one, furnished):
    call = furnished.conversation
    assert "aloud</small>" not in text_of(client, one)
    call.turns.filter(speaker="visitor").update(decision={"typed": "w1"})
    call.events.create(name="muted", at_s=0.5, data={"reason": "typing"}, number=900)

    text = text_of(client, one)

    assert "typed</small>" in text and "aloud</small>" in text
    assert "There was no microphone: the visitor typed" in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ended_at": None, "end_cause": ""}, "In progress"),
        ({"end_cause": "connection_lost"}, "Lost connection"),
        ({"end_cause": "failed", "answered_at": None}, "Failed"),
    ],
)
def test_the_list_tells_how_a_call_ended(client, conversations, make_call, values, words):
    make_call(**values)
    assert words in text_of(client, conversations)


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"end_cause": "failed", "answered_at": None}, "failed"),
        ({"end_cause": "connection_lost"}, "lost"),
        ({"rating": 2}, "rated_low"),
        ({"rating": 5}, "rated"),
    ],
)
def test_a_result_finds_the_calls_that_went_so(client, conversations, furnished, make_call, values, result):
    wanted = make_call(**values)
    text = text_of(client, conversations, result=result)
    assert str(wanted.pk) in text and str(furnished.conversation.pk) not in text


def test_the_search_looks_into_what_was_said_and_at_reference_and_session(client, conversations, furnished, make_call):
    other = make_call(reference="ZZ-1111")
    other.turns.all().delete()
    for words in ("when are you OPEN", furnished.conversation.reference, str(furnished.conversation.pk)):
        text = text_of(client, conversations, q=words)
        assert f"{furnished.conversation.pk}/" in text and f"{other.pk}/" not in text, words
    assert "Nothing found" in text_of(client, conversations, q="never said")


def test_whoever_may_not_read_what_was_said_cannot_search_it_either(client, conversations, furnished, analyst):
    analyst_member = furnished.project.members.get(user=analyst)
    analyst_member.access = {"personal_data": False}
    analyst_member.save()
    client.force_login(analyst)
    assert "Search what was said" not in text_of(client, conversations)
    assert "Nothing found" in text_of(client, conversations, q="when are you open")


def test_a_range_of_days_leaves_older_calls_out(client, conversations, furnished, make_call):
    old = make_call(minutes_ago=60 * 24 * 9)
    assert f"{old.pk}/" not in text_of(client, conversations, since="7")
    assert f"{old.pk}/" in text_of(client, conversations, since="30")


def test_filters_stay_in_the_address_and_in_the_pages(client, conversations, furnished, make_call):
    for _number in range(30):
        make_call(widget=furnished.widget, environment="live")
    text = text_of(client, conversations, environment="live", widget=furnished.widget.pk)
    assert "1 to 25 of 30" in text
    assert f"?environment=live&amp;widget={furnished.widget.pk}&amp;page=2" in text
    assert "26 to 30 of 30" in text_of(client, conversations, environment="live", page=2)
    assert "1 to 1 of 1" in text_of(client, conversations, environment="sandbox")


def test_a_filter_that_means_nothing_is_left_out(client, conversations, furnished):
    text = text_of(client, conversations, environment="moon", widget="x", result="?", page="last-but-one")
    assert "1 to 1 of 1" in text


def test_calls_with_unanswered_questions_can_be_listed_alone(client, conversations, furnished, make_call):
    silent = make_call()
    silent.turns.all().delete()
    outcomes.tell([silent.pk])
    assert "1 to 2 of 2" in text_of(client, conversations)
    assert "1 to 1 of 1" in text_of(client, conversations, result="unanswered")


def test_the_list_asks_as_often_for_fifty_rows_as_for_five(client, conversations, furnished, make_call):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(conversations)
        return len(asked)

    queries()
    for _number in range(4):
        make_call(widget=furnished.widget)
    few = queries()
    for _number in range(45):
        make_call(widget=furnished.widget)
    assert queries() == few


def test_a_conversation_shows_words_times_and_what_answered(client, one):
    text = text_of(client, one)
    assert "When are you open?" in text
    assert 'data-from="6.0" data-to="8.0"' in text
    assert "0.7 s to answer" in text and "No topic matched" in text
    assert "Do you sell &lt;b&gt;boats&lt;/b&gt;?" in text


def test_words_that_were_never_heard_are_struck_through_where_the_visitor_cut_in(client, one):
    text = text_of(client, one)
    assert '<del class="unheard">to six, and on Saturdays.</del>' in text
    assert "Visitor cut in at 0:08" in text


def test_a_conversation_shows_what_it_ran_on(client, one, furnished):
    text = text_of(client, one)
    for words in ("Shop phone", "Sandbox", "Version 1", "harbour", "HB-7K2Q", "The visitor hung up"):
        assert words in text
    assert "shop<wbr>.example<wbr>.com" in text


def test_a_conversation_shows_the_very_words_that_were_agreed_to(client, one):
    text = text_of(client, one)
    assert 'Read our <a href="https://shop.example.com/privacy"' in text
    assert "Agreed by pressing “I agree”." in text


def test_a_conversation_without_consent_says_so(client, one):
    Conversation.objects.update(consent=None)
    assert "This widget asked for none." in text_of(client, one)


def test_a_call_that_never_began_does_not_say_that_its_widget_asked_for_nothing(client, one):
    Conversation.objects.update(consent=None, answered_at=None)
    text = text_of(client, one)
    assert "None is kept: the call did not begin." in text and "asked for none" not in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"end_cause": "silence"}, "Nobody spoke"),
        ({"end_cause": "visitor_ended"}, "Left early"),
        ({"answered_at": None, "end_cause": "failed", "error_code": "MICROPHONE_NONE"}, "No microphone found"),
        ({"answered_at": None, "end_cause": "failed", "error_code": "FULL"}, "All lines busy"),
        ({"answered_at": None, "end_cause": "failed", "error_code": "NETWORK"}, "No connection"),
        ({"answered_at": None, "end_cause": "failed", "error_code": "MICROPHONE_DENIED"}, "Microphone refused"),
        (
            {"answered_at": None, "end_cause": "failed", "error_code": "MICROPHONE_DENIED"},
            "The card showed how to allow it.",
        ),
        (
            {"answered_at": None, "end_cause": "failed", "error_code": "MICROPHONE_NONE"},
            "Nothing is wrong with your site: their device has none",
        ),
    ],
)
def test_the_list_says_why_nothing_was_asked(client, conversations, furnished, changes, words):
    furnished.conversation.turns.all().delete()
    Conversation.objects.update(**changes)
    assert words in client.get(conversations).content.decode()


def test_links_that_stood_behind_the_agreed_words_are_shown_behind_them(client, one, furnished):
    text = ConsentText.objects.get()
    ConsentText.objects.filter(pk=text.pk).update(text="Do you agree?", links=[LINK])
    shown = text_of(client, one)
    assert re.search(r'Do you agree\? <a href="https://shop.example.com/p"[^>]*>Privacy policy</a>', shown)


def test_what_a_visitor_said_first_stands_once_in_a_row(client, conversations, furnished, make_call):
    call = make_call()
    call.turns.all().delete()
    Turn.objects.create(conversation=call, index=0, speaker="visitor", text="Do you rent ropes?", started_s=1.0)
    assert text_of(client, conversations, q="rent ropes").count("Do you rent ropes?") == 2  # and its box


def test_a_rating_stands_behind_the_end_that_it_came_after(client, one, furnished):
    Event.objects.create(conversation=furnished.conversation, at_s=9000.0, name="rated", data={"stars": 4})
    text = text_of(client, one)
    assert text.index("The visitor hung up") < text.index("Rated 4 of 5")
    assert text.count("Rated 4 of 5") == 1


def test_events_stand_in_their_place_between_the_turns(client, one, furnished):
    Event.objects.create(conversation=furnished.conversation, at_s=5.5, name="muted")
    Event.objects.create(conversation=furnished.conversation, at_s=5.6, name="something_internal")
    text = text_of(client, one)
    assert text.index("When are you open?") < text.index("The visitor muted") < text.index("We are open from nine")
    assert "something_internal" not in text


def test_a_question_without_an_answer_leads_to_a_new_topic(client, one):
    assert "knowledge/new/?question=Do%20you%20sell%20%3Cb%3Eboats" in text_of(client, one)


def test_an_unanswered_question_offers_an_analyst_no_page_they_cannot_use(client, one, analyst):
    client.force_login(analyst)
    text = text_of(client, one)
    assert "Add the answer" not in text and "Delete" not in text


def test_a_call_that_still_runs_says_so_and_refreshes(client, one):
    Conversation.objects.update(ended_at=None, end_cause="")
    text = text_of(client, one)
    assert "In progress" in text and "data-refresh-ms" in text
    assert "data-player" not in text


@pytest.mark.parametrize(("status", "words"), [("encoding", "being prepared"), ("failed", "could not be prepared")])
def test_a_recording_that_is_not_ready_says_why(client, one, status, words):
    Recording.objects.update(status=status, peaks=None)
    assert words in text_of(client, one)


def test_a_call_that_was_not_recorded_says_so(client, one):
    Recording.objects.all().delete()
    assert "This call was not recorded." in text_of(client, one)


def test_the_recording_is_served_in_pieces(client, one, furnished):
    name = storages["recordings"].save("sound.ogg", ContentFile(b"0123456789"))
    Recording.objects.update(file=name)
    response = client.get(one + "recording/", headers={"Range": "bytes=2-4"})
    assert response.status_code == 206
    assert b"".join(response.streaming_content) == b"234"


def test_deleting_a_conversation_deletes_its_rows(client, one, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(one + "delete/")
    assert not Conversation.objects.exists()
    assert not Turn.objects.exists() and not Recording.objects.exists()


def test_times_are_in_the_readers_zone(client, one, furnished):
    moment = timezone.now().replace(year=2020, month=7, day=1, hour=12, minute=0)
    Conversation.objects.update(started_at=moment)
    client.cookies["pickup_zone"] = "Asia/Tokyo"
    assert "1 July 2020, 21:00" in text_of(client, one)
    client.cookies["pickup_zone"] = "Nowhere/At all"
    assert "1 July 2020, 12:00" in text_of(client, one)


@pytest.mark.parametrize(
    ("heard", "planned", "rest"),
    [
        ("We are open", "We are open from nine.", "from nine."),
        ("We are open,", "We  are open – from nine.", "– from nine."),
        ("", "We are open.", "We are open."),
        ("We are open from nine", "We are open from nine.", ""),
        ("Something else", "We are open.", ""),
    ],
)
def test_the_unheard_rest_is_found_by_words(heard, planned, rest):
    assert unheard(heard, planned) == rest


def test_a_flat_wave_has_the_visitor_above_the_line_and_the_agent_below():
    wave = flat({"rate_hz": 10, "visitor": [100, 0], "agent": [0, 100]})
    assert wave["visitor"] == "M250.0 24.0v-22.0"
    assert wave["agent"] == "M750.0 28.0v22.0"
    assert wave["seconds"] == 0.2


def test_a_rail_is_drawn_only_where_there_is_sound():
    peaks = {"rate_hz": 10, "visitor": [100] * 10, "agent": [0] * 10}
    assert rail(peaks, "visitor", 0.0, 1.0, 2) == "M24.0 25.0h-24.0M24.0 75.0h-24.0"
    assert rail(peaks, "agent", 0.0, 1.0, 2) == ""
    assert rail(peaks, "visitor", 2.0, 3.0, 2) == ""
    assert rail(None, "visitor", 0.0, 1.0, 2) == ""


# ── As much of it as is shown ────────────────────────────────────────────────────────────────────────────────


def turns_of(call, count):
    Turn.objects.filter(conversation=call).delete()
    Turn.objects.bulk_create(
        Turn(
            conversation=call,
            index=number,
            speaker="agent" if number % 2 else "visitor",
            text=f"Sentence {number}.",
            started_s=number * 2.0,
            ended_s=number * 2.0 + 1,
            source="unknown" if number % 2 else "",
        )
        for number in range(count)
    )


def test_a_long_conversation_is_shown_in_parts_and_each_event_once(client, one, furnished):
    call = furnished.conversation
    turns_of(call, 2 * TURNS_A_PART + 3)
    Event.objects.filter(conversation=call).delete()
    for at_s in (-1.0, 2.0 * TURNS_A_PART - 1, 2.0 * TURNS_A_PART, 9_999.0):
        Event.objects.create(conversation=call, name="gap", at_s=at_s)
    said, gaps = [], 0
    for number in ("1", "2", "3"):
        text = text_of(client, one, part=number)
        said += [int(found) for found in re.findall(r"Sentence (\d+)\.", re.sub(r"<input[^>]*>|<a [^>]*>", "", text))]
        gaps += text.count("The connection was gone for a moment")
        assert f"{TURNS_A_PART + 1} questions" in text, "the whole conversation is counted in each part"
    assert sorted(set(said)) == list(range(2 * TURNS_A_PART + 3)) and gaps == 4
    assert "Sentence 0." in text_of(client, one) and "Sentence 0." in text_of(client, one, part="nonsense")
    assert "401 to 403 of 403" in text_of(client, one, part="99")


def test_a_call_that_runs_shows_its_newest_part(client, one, furnished):
    Conversation.objects.filter(pk=furnished.conversation.pk).update(ended_at=None)
    turns_of(furnished.conversation, TURNS_A_PART + 1)
    text = text_of(client, one)
    assert f"Sentence {TURNS_A_PART}." in text and "Sentence 1." not in text


def test_a_flood_of_events_is_neither_loaded_nor_shown_whole(client, one, furnished):
    call = furnished.conversation
    Event.objects.bulk_create(
        Event(conversation=call, name="dtmf", at_s=1.0, data={"digit": "5"}) for _ in range(EVENTS_A_PART + 50)
    )
    with CaptureQueriesContext(connection) as asked:
        text = text_of(client, one)
    assert text.count("The visitor pressed") == EVENTS_A_PART and "More happened here than is shown" in text
    events = [query["sql"] for query in asked if 'FROM "calling_event"' in query["sql"]]
    assert events and all("LIMIT" in sql for sql in events)


def test_what_was_not_kept_is_said(client, one, furnished):
    Event.objects.create(conversation=furnished.conversation, name="dropped", at_s=9, data={"dtmf": 12, "page_info": 3})
    assert "More happened than is kept: 15 events" in text_of(client, one)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "cart_opened", "data": {"items": 2, "gift": True, "note": None}},
         "The page told the agent “cart_opened”: items = 2, gift = yes, note = –"),
        ({"text": "cart_opened", "data": {}}, "The page told the agent “cart_opened”"),
        ({"text": "", "data": {"name": "Ann"}}, "The page told the agent: name = Ann"),
        ({"text": "x", "data": {"long": "y" * 100}}, "long = " + "y" * 59 + "…"),
        ({"text": "x", "data": {f"n{number}": number for number in range(9)}}, "n7 = 7, …"),
        ({"text": "<b>x</b>", "data": {"a": "<i>"}}, "“&lt;b&gt;x&lt;/b&gt;”: a = &lt;i&gt;"),
    ],
)  # fmt: skip
def test_what_the_page_told_the_agent_stands_in_the_timeline(client, one, furnished, data, words):
    Event.objects.create(conversation=furnished.conversation, name="page_info", at_s=1, data=data)
    assert words in text_of(client, one)


def test_pauses_that_are_long_enough_are_told_to_the_player(client, one):
    visitor = [50] * 10 + [0] * 20 + [50] * 10 + [0] * 10 + [50] * 5 + [2] * 15
    Recording.objects.update(peaks={"rate_hz": 10, "visitor": visitor, "agent": [0] * 40})
    assert quiet({"rate_hz": 10, "visitor": visitor, "agent": [0] * 40}) == [(1.0, 3.0), (5.5, 7.0)]
    assert quiet({"rate_hz": 10, "visitor": [], "agent": []}) == []
    assert "[[1.0, 3.0], [5.5, 7.0]]" in text_of(client, one) and "data-skip" in text_of(client, one)
