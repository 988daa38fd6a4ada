"""Consent: the wording, the yes, and every way to get around it."""

import threading
import uuid

import pytest
import time_machine
from django.db import connection

from agents import publish
from widgets import access, actions, consent
from widgets.credentials import EMBED, GrantClaims
from widgets.models import ConsentRecord, ConsentText
from widgets.refusals import Refused

from .conftest import SITE


def admitted(widget):
    return access.admission(GrantClaims(widget.code, SITE, EMBED))


def refusal(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.code


def yes(widget):
    held = admitted(widget)
    return str(consent.record(held, consent.wording(held.config).digest, "en").pk)


def reword(widget, message):
    draft = widget.draft | {"consent": widget.draft["consent"] | {"message": message}}
    actions.save_draft(widget, draft, by=None)
    actions.publish_widget(widget, by=None)


def test_the_wording_has_places_for_its_links(asking_widget):
    said = consent.wording(asking_widget.published)
    assert said.text == "You agree to our {privacy}."
    assert said.links == ({"key": "privacy", "label": "privacy policy", "url": "https://example.com/privacy"},)
    assert said.shown()["digest"] == said.digest


def test_a_yes_is_kept_with_the_very_words_it_was_given_to(asking_widget):
    record = ConsentRecord.objects.get(pk=yes(asking_widget))
    assert record.text.text == "You agree to our {privacy}."
    assert record.text.button == "I agree"
    assert record.text.links[0]["url"] == "https://example.com/privacy"
    assert (record.widget, record.language, record.conversation) == (asking_widget, "en", None)


def test_one_wording_is_one_row_however_many_agree(asking_widget):
    yes(asking_widget)
    yes(asking_widget)
    assert (ConsentText.objects.count(), ConsentRecord.objects.count()) == (1, 2)


def test_any_change_of_what_is_shown_is_another_wording(asking_widget):
    config = asking_widget.published
    digests = {consent.wording(config).digest}
    for section, field, value in [
        ("consent", "message", "Other words {{privacyPolicyUrl}}"),
        ("consent", "button", "Fine"),
        ("policies", "privacy_url", "https://example.com/other"),
        ("policies", "terms_url", "https://example.com/terms"),
    ]:
        digests.add(consent.wording(config | {section: config[section] | {field: value}}).digest)
    assert len(digests) == 5


def test_the_old_wording_stays_when_a_new_one_is_published(asking_widget):
    old = ConsentRecord.objects.get(pk=yes(asking_widget))
    reword(asking_widget, "New words")
    old.refresh_from_db()
    assert old.text.text == "You agree to our {privacy}."
    assert ConsentText.objects.count() == 2


@pytest.mark.parametrize("digest", [None, "", "x", 5, [], "0" * 64])
def test_a_yes_to_other_words_is_none(asking_widget, rows, digest):
    before = rows()
    assert refusal(consent.record, admitted(asking_widget), digest, "en") == "CONSENT_INVALID"
    assert rows() == before


def test_a_yes_to_words_that_are_only_drafted_is_none(asking_widget, rows):
    draft = asking_widget.draft | {"consent": asking_widget.draft["consent"] | {"message": "Drafted"}}
    actions.save_draft(asking_widget, draft, by=None)
    before = rows()
    drafted = consent.wording(draft).digest
    assert refusal(consent.record, admitted(asking_widget), drafted, "en") == "CONSENT_INVALID"
    assert rows() == before


def test_a_widget_that_asks_nothing_keeps_no_yes(widget, rows):
    before = rows()
    assert refusal(consent.record, admitted(widget), "0" * 64, "en") == "CONSENT_INVALID"
    assert consent.check(admitted(widget), None) is None
    assert consent.check(admitted(widget), str(uuid.uuid4())) is None
    assert rows() == before


@pytest.mark.parametrize("language", ["tlh", 5, ["en"], {}])
def test_a_yes_in_a_language_the_widget_does_not_speak_is_refused(asking_widget, rows, language):
    before = rows()
    digest = consent.wording(asking_widget.published).digest
    assert refusal(consent.record, admitted(asking_widget), digest, language) == "INVALID_ARGUMENT"
    assert rows() == before


def test_without_a_yes_there_is_no_ticket(asking_widget):
    assert refusal(consent.check, admitted(asking_widget), None) == "CONSENT_REQUIRED"
    assert refusal(consent.check, admitted(asking_widget), "") == "CONSENT_REQUIRED"


@pytest.mark.parametrize("given", ["x", 5, [], True, "0" * 36, str(uuid.uuid4()), "{" + "0" * 34 + "}", "'; --"])
def test_an_invented_yes_is_refused(asking_widget, given):
    assert refusal(consent.check, admitted(asking_widget), given) == "CONSENT_INVALID"


def test_a_yes_to_the_published_words_suffices(asking_widget):
    given = yes(asking_widget)
    assert consent.check(admitted(asking_widget), given) == given


def test_a_yes_given_to_another_widget_is_refused_even_for_the_same_words(asking_widget, project):
    other = actions.create_widget(project, by=None, name="Other", address="example.com")
    actions.save_draft(other, asking_widget.draft, by=None)
    actions.publish_widget(other, by=None)
    assert consent.wording(other.published).digest == consent.wording(asking_widget.published).digest
    assert refusal(consent.check, admitted(asking_widget), yes(other)) == "CONSENT_INVALID"


def test_a_yes_to_words_that_were_replaced_since_is_refused(asking_widget):
    given = yes(asking_widget)
    reword(asking_widget, "New words")
    assert refusal(consent.check, admitted(asking_widget), given) == "CONSENT_INVALID"


def test_an_unused_yes_is_good_for_an_hour(asking_widget):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        given = yes(asking_widget)
        clock.shift(consent.YES_S - 1)
        assert consent.check(admitted(asking_widget), given) == given
        clock.shift(1)
        assert refusal(consent.check, admitted(asking_widget), given) == "CONSENT_INVALID"


def test_a_yes_is_for_one_conversation(asking_widget):
    given, call = yes(asking_widget), uuid.uuid4()
    assert consent.use(admitted(asking_widget), given, call).conversation == call
    assert refusal(consent.check, admitted(asking_widget), given) == "CONSENT_INVALID"
    assert refusal(consent.use, admitted(asking_widget), given, uuid.uuid4()) == "CONSENT_INVALID"
    assert ConsentRecord.objects.get(pk=given).conversation == call


def test_a_call_that_needs_no_consent_uses_none(widget):
    assert consent.use(admitted(widget), None, uuid.uuid4()) is None


def test_wordings_and_yeses_outlive_the_widget(asking_widget):
    given = yes(asking_widget)
    actions.delete_widget(asking_widget, by=None)
    record = ConsentRecord.objects.get(pk=given)
    assert record.widget is None and record.text.text == "You agree to our {privacy}."


def test_a_wording_cannot_be_changed_afterwards(asking_widget):
    row = ConsentText.objects.get()
    row.text = "You agree to everything."
    with pytest.raises(TypeError):
        row.save()
    row.refresh_from_db()
    assert row.text == "You agree to our {privacy}."


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_that_begin_at_once_with_one_yes_one_gets_it(project):
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="Shop", address="example.com")
    actions.save_draft(widget, {"consent": {"enabled": True}}, by=None)
    actions.publish_widget(widget, by=None)
    given, held = yes(widget), admitted(widget)
    start, outcomes = threading.Barrier(4), []

    def begin():
        start.wait()
        try:
            consent.use(held, given, uuid.uuid4())
            outcomes.append("begun")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["CONSENT_INVALID"] * 3 + ["begun"]
