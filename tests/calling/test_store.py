"""What a call leaves in the database, in which order, and what becomes of it when a process is killed."""

import uuid
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from agents.authoring import publish
from agents.engine.notes import Ending, TurnNote
from agents.models import Agent, Variant
from calling.gateway.slots import Slots
from calling.models import Conversation, Event, Outbox, Recording, Turn
from calling.record import outbox, recording
from calling.record.store import admissions, new_conversations, notes, recovery
from tests.calling.conftest import SITE, change
from widgets import actions
from widgets.admission import call_page, credentials, lines
from widgets.admission.credentials import GrantClaims
from widgets.models import ConsentRecord, SpentTicket, TestLink
from widgets.refusals import Refused

make = sync_to_async
ADDRESS = "192.0.2.7"


@pytest.fixture(autouse=True)
def _asleep(monkeypatch):
    monkeypatch.setattr(outbox, "_wake", lambda: None)


def room(claim):
    """There is a line for everybody."""


async def greeted(ticket, check_room=room):
    return await admissions.greet(ticket, address=ADDRESS, check_room=check_room)


async def admitted(ticket, **claims):
    return await admissions.open_conversation(await greeted(await make(ticket)(**claims)))


async def closed(conversation, ending):
    notes.close(conversation, ending)
    await notes.flush()


async def test_a_clock_that_is_corrected_makes_no_call_last_for_days(ticket, monkeypatch):
    setup = await admitted(ticket)
    notes.Record(setup.conversation).answered()
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(notes.timezone, "now", lambda: later)
    await closed(setup.conversation, Ending("visitor_ended"))
    kept = await Conversation.objects.aget(pk=setup.conversation)
    assert kept.talked_s < 3600


async def test_an_admission_says_everything_the_call_runs_on(ticket, widget, project):
    setup = await admitted(ticket)
    assert (setup.agent_name, setup.environment, setup.origin) == ("Robin", "sandbox", SITE)
    assert (setup.language, setup.record, setup.is_test) == ("en", True, False)
    assert setup.snapshot.greeting == "Hello, this is Robin. How can I help?"
    kept = await Conversation.objects.select_related("version").aget(pk=setup.conversation)
    assert (kept.project_id, kept.widget_id, kept.widget_name) == (project.pk, widget.pk, "Shop phone")
    assert (kept.version.number, kept.site, kept.environment, kept.reference) == (1, SITE, "sandbox", setup.reference)
    assert kept.ended_at is None and kept.answered_at is None and kept.consent_id is None
    assert len(kept.visitor) == 32 and ADDRESS not in kept.visitor


async def test_references_are_short_and_differ(ticket):
    references = {(await admitted(ticket)).reference for _ in range(5)}
    assert len(references) == 5
    for reference in references:
        start, _dash, rest = reference.partition("-")
        assert start == "HB" and len(rest) == 4 and set(rest) <= set(new_conversations.REFERENCE_SIGNS)


async def test_a_reference_that_is_taken_is_not_given_again(ticket, monkeypatch):
    signs = iter("AAAA" + "AAAA" * 5 + "BBBBB")
    monkeypatch.setattr(new_conversations.secrets, "choice", lambda alphabet: next(signs))
    assert [(await admitted(ticket)).reference for _ in range(2)] == ["HB-AAAA", "HB-BBBBB"]


async def test_the_newest_deployment_of_the_widgets_environment_answers(ticket, widget, project):
    await Agent.objects.aupdate(greeting="Newer.")
    await make(publish.publish)(project, by=None)
    await Agent.objects.aupdate(greeting="Live only.")
    await make(publish.publish)(project, by=None, environment="live")
    assert (await admitted(ticket)).snapshot.greeting == "Newer."


async def test_the_variant_that_really_answers_is_kept(ticket, widget, project):
    await Variant.objects.acreate(project=project, key="north", name="North", is_default=True)
    await make(publish.publish)(project, by=None)
    setup = await admitted(ticket)
    assert setup.variant_key == ""
    assert (await Conversation.objects.aget()).variant_key == "north"


async def test_calls_from_a_test_link_are_marked(widget, ticket, settings):
    await sync_to_async(actions.make_test_link)(widget, by=None)
    link = (await TestLink.objects.aget()).pk.hex
    setup = await admitted(ticket, origin=settings.PUBLIC_URL, purpose=credentials.TEST, link=link)
    kept = await Conversation.objects.aget()
    assert setup.is_test and kept.is_test and kept.site == "Test link"


async def test_a_call_from_the_call_page_runs_in_the_pages_environment_and_says_where_it_came_from(
    widget, ticket, settings, project
):
    live = await sync_to_async(publish.publish)(project, by=None, environment="live")
    page = await sync_to_async(actions.save_call_page)(
        widget, by=None, enabled=True, environment="live", expires_at=None
    )
    claims = {"origin": settings.PUBLIC_URL, "purpose": credentials.PAGE, "link": call_page.seal(page)}
    setup = await admitted(ticket, **claims)
    kept = await Conversation.objects.aget()
    assert widget.environment == "sandbox"
    assert setup.environment == kept.environment == "live" and kept.version_id == live.pk
    assert kept.site == "Call page" and not kept.is_test


@pytest.mark.parametrize(
    ("rule", "asks", "records"),
    [
        ("on", False, True),
        ("on", True, True),
        ("off", False, False),
        ("off", True, False),
        ("after_consent", False, False),
        ("after_consent", True, True),
    ],
)
async def test_recording_follows_the_rule_and_the_consent(ticket, widget, rule, asks, records):
    await make(change)(widget, recording=rule, consent={"enabled": asks, "message": "We record.", "button": "Yes"})
    setup = await admitted(ticket)
    assert setup.record is records
    assert (await Conversation.objects.aget()).consent_id == ((await ConsentRecord.objects.aget()).pk if asks else None)
    record = notes.Record(setup.conversation, recorded=setup.record)
    record.answered()
    await notes.flush()
    assert await Recording.objects.acount() == int(records)


async def test_a_full_house_is_found_before_the_ticket_is_spent(ticket, widget, rows):
    good = await make(ticket)()
    before = await rows()
    with pytest.raises(Refused, match="FULL"):
        await greeted(good, Slots(0).check)
    assert await rows() == before
    asked = []
    await greeted(good, asked.append)
    assert asked == [await make(lines.claim)(widget, ADDRESS)]


async def test_a_yes_that_was_used_admits_nobody_and_costs_no_ticket(ticket, widget, rows):
    await make(change)(widget, consent={"enabled": True, "message": "We record.", "button": "Yes"})
    first = await make(ticket)()
    await ConsentRecord.objects.aupdate(conversation=uuid.uuid4())
    before = await rows()
    with pytest.raises(Refused, match="CONSENT_INVALID"):
        await greeted(first)
    assert await rows() == before
    assert await SpentTicket.objects.acount() == 0


async def test_of_two_lines_that_one_yes_opened_one_becomes_a_call(ticket, widget, rows):
    await make(change)(widget, consent={"enabled": True, "message": "We record.", "button": "Yes"})
    good = await make(ticket)()
    claims = credentials.read_ticket(good)
    again = await make(credentials.make_ticket)(GrantClaims(claims.code, claims.origin, claims.purpose), claims.consent)
    first, second = await greeted(good), await greeted(again)
    setup = await admissions.open_conversation(first)
    before = await rows()
    with pytest.raises(Refused, match="CONSENT_INVALID"):
        await admissions.open_conversation(second)
    assert await rows() == before
    assert (await ConsentRecord.objects.aget()).conversation == setup.conversation


async def test_who_is_not_admitted_any_more_when_the_call_begins_gets_none(ticket, widget, rows):
    guest = await greeted(await make(ticket)())
    await make(actions.set_enabled)(widget, False, by=None)
    before = await rows()
    with pytest.raises(Refused, match="WIDGET_OFF"):
        await admissions.open_conversation(guest)
    assert await rows() == before


# ── Notes ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_turns_are_written_as_they_happen_and_replaced_by_their_index(ticket):
    setup = await admitted(ticket)
    record = notes.Record(setup.conversation)
    record.answered()
    note = TurnNote(0, "agent", "Hello", 0.1, planned="Hello there", source="greeting", timings={"voice": 12.0})
    record.turn(note)
    note.text = "changed later by the agent"
    await notes.flush()
    assert (await Turn.objects.aget()).text == "Hello"
    record.turn(TurnNote(0, "agent", "Hello there", 0.1, 1.4, "Hello there", True, "greeting", 0.5, {"voice": 12.0}))
    record.turn(TurnNote(1, "visitor", "Hi", 2.0, 2.5))
    record.event("gap", 3.0, seconds=1.5)
    record.state({"turns": 2})
    await notes.flush()
    first, second = [turn async for turn in Turn.objects.order_by("index")]
    assert (first.text, first.ended_s, first.interrupted, first.score) == ("Hello there", 1.4, True, 0.5)
    assert (second.speaker, second.text) == ("visitor", "Hi")
    event = await Event.objects.aget()
    assert (event.name, event.at_s, event.data) == ("gap", 3.0, {"seconds": 1.5})
    kept = await Conversation.objects.aget()
    assert kept.agent_state == {"turns": 2} and kept.answered_at


async def test_notes_of_a_deleted_conversation_go_nowhere(ticket):
    setup = await admitted(ticket)
    await Conversation.objects.all().adelete()
    record = notes.Record(setup.conversation, recorded=True)
    record.answered()
    record.turn(TurnNote(0, "agent", "Hello", 0.1))
    record.event("gap", 3.0)
    record.state({})
    await closed(setup.conversation, Ending("agent_ended"))
    assert not await Turn.objects.aexists() and not await Recording.objects.aexists()


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_call_ends_once(ticket):
    setup = await admitted(ticket)
    notes.Record(setup.conversation, recorded=True).answered()
    await closed(setup.conversation, Ending("failed", "AGENT_FAILURE"))
    first = await Conversation.objects.values().aget()
    await closed(setup.conversation, Ending("visitor_ended"))
    assert await Conversation.objects.values().aget() == first
    assert (first["end_cause"], first["error_code"]) == ("failed", "AGENT_FAILURE")
    assert (await Recording.objects.aget()).status == Recording.Status.ENCODING
    work = await Outbox.objects.aget(task="encode_recording")
    assert work.payload == {"conversation": str(setup.conversation)}


async def test_a_call_that_is_not_recorded_leaves_no_work(ticket):
    setup = await admitted(ticket)
    notes.Record(setup.conversation).answered()
    await closed(setup.conversation, Ending("visitor_ended"))
    assert not await Outbox.objects.filter(task="encode_recording").aexists()


async def test_a_conversation_deleted_while_it_ran_leaves_no_spool(ticket):
    setup = await admitted(ticket)
    recording.spool_folder(setup.conversation).mkdir(parents=True)
    await Conversation.objects.all().adelete()
    await closed(setup.conversation, Ending("visitor_ended"))
    assert recording.spools() == []


async def test_what_a_killed_process_left_behind_is_put_in_order(ticket):
    """Three calls: cut off in the middle, cut off before its answer, and ended but for its recording."""
    cut, early, ended = [await admitted(ticket) for _ in range(3)]
    began = timezone.now() - timedelta(hours=3)
    for setup in (cut, ended):
        notes.Record(setup.conversation, recorded=True).answered()
        recording.spool_folder(setup.conversation).mkdir(parents=True)
    notes.Record(cut.conversation).turn(TurnNote(0, "agent", "Hello", 0.1, 61.5))
    await notes.flush()
    await Conversation.objects.aupdate(started_at=began, answered_at=None)
    await Conversation.objects.exclude(pk=early.conversation).aupdate(answered_at=began)
    await Conversation.objects.filter(pk=ended.conversation).aupdate(ended_at=began, end_cause="agent_ended")
    (recording.spool_folder(cut.conversation) / recording.VISITOR).write_bytes(b"\0" * 32_000 * 90)
    orphan = uuid.uuid4()
    recording.spool_folder(orphan).mkdir(parents=True)

    assert await recovery.recover() == 2
    by_id = {row.pk: row async for row in Conversation.objects.all()}
    assert by_id[cut.conversation].end_cause == by_id[early.conversation].end_cause == "connection_lost"
    assert by_id[cut.conversation].ended_at == began + timedelta(seconds=90)  # as far as its sound goes
    assert by_id[cut.conversation].talked_s == 90
    assert by_id[ended.conversation].end_cause == "agent_ended"
    assert await Turn.objects.acount() == 1
    work = {row.payload["conversation"] async for row in Outbox.objects.filter(task="encode_recording")}
    assert work == {str(cut.conversation), str(ended.conversation)}
    assert sorted(recording.spools()) == sorted([cut.conversation, ended.conversation])

    assert await recovery.recover() == 0
    assert await Outbox.objects.filter(task="encode_recording").acount() == 2


async def test_a_widget_that_is_deleted_leaves_its_conversations(ticket, widget):
    setup = await admitted(ticket)
    await make(actions.delete_widget)(widget, by=None)
    kept = await Conversation.objects.aget(pk=setup.conversation)
    assert (kept.widget_id, kept.widget_name) == (None, "Shop phone")


async def test_a_call_is_in_the_agents_language_whatever_the_card_speaks(ticket, widget):
    await make(change)(widget, languages=["de", "en"])
    setup = await admitted(ticket)
    assert setup.language == "en"
    assert (await Conversation.objects.aget(pk=setup.conversation)).language == "en"
