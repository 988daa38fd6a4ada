"""Consent: the wording, the yes, and every way to get around it."""

import threading
import uuid

import pytest
import time_machine
from django.db import connection

from agents.authoring import publish
from agents.models import Variant
from widgets import actions
from widgets.admission import access, consent
from widgets.admission.credentials import EMBED, GrantClaims
from widgets.card import look
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
    return str(consent.record(held, consent.wording(held.shown.look).digest, "en").pk)


def reword(widget, message):
    draft = widget.draft | {"consent": widget.draft["consent"] | {"message": message}}
    actions.save_draft(widget, draft, by=None)
    actions.publish_widget(widget, by=None)


def test_the_wording_has_places_for_its_links(asking_widget):
    said = consent.wording(look.read(asking_widget.published))
    assert said.text == "You agree to our {privacy}."
    assert said.links == ({"key": "privacy", "label": "privacy policy", "url": "https://example.com/privacy"},)
    assert said.shown()["digest"] == said.digest


def test_a_link_without_a_place_stands_behind_the_words_with_a_capital_letter(asking_widget):
    reword(asking_widget, "Do you agree?")
    asking_widget.refresh_from_db()
    (link,) = consent.wording(look.read(asking_widget.published)).links
    assert link["label"] == "Privacy policy"


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
    digests = {consent.wording(look.read(config)).digest}
    for section, field, value in [
        ("consent", "message", "Other words {{privacyPolicyUrl}}"),
        ("consent", "button", "Fine"),
        ("policies", "privacy_url", "https://example.com/other"),
        ("policies", "terms_url", "https://example.com/terms"),
    ]:
        digests.add(consent.wording(look.read(config | {section: config[section] | {field: value}})).digest)
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
    drafted = consent.wording(look.read(draft)).digest
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
    digest = consent.wording(look.read(asking_widget.published)).digest
    assert refusal(consent.record, admitted(asking_widget), digest, language) == "INVALID_ARGUMENT"
    assert rows() == before


def test_without_a_yes_there_is_no_ticket(asking_widget):
    assert refusal(consent.check, admitted(asking_widget), None) == "CONSENT_REQUIRED"
    assert refusal(consent.check, admitted(asking_widget), "") == "CONSENT_REQUIRED"


@pytest.mark.parametrize("given", ["x", 5, [], True, "0" * 36, str(uuid.UUID(int=7)), "{" + "0" * 34 + "}", "'; --"])
def test_an_invented_yes_is_refused(asking_widget, given):
    assert refusal(consent.check, admitted(asking_widget), given) == "CONSENT_INVALID"


def test_a_yes_to_the_published_words_suffices(asking_widget):
    given = yes(asking_widget)
    assert consent.check(admitted(asking_widget), given) == given


def test_a_yes_given_to_another_widget_is_refused_even_for_the_same_words(asking_widget, project):
    other = actions.create_widget(project, by=None, name="Other", address="example.com")
    actions.save_draft(other, asking_widget.draft, by=None)
    actions.publish_widget(other, by=None)
    first, second = (consent.wording(look.read(one.published)).digest for one in (other, asking_widget))
    assert first == second
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


# ── In the visitor's language ────────────────────────────────────────────────────────────────────────────────

SAYS = {"en": "You agree to ${variant_shop} recording.", "de": "Sie stimmen {{privacyPolicyUrl}} zu."}


@pytest.fixture
def speaking_widget(asking_widget):
    """It asks in English and German, by the browser; Arabic has a button of its own only, and French nothing."""
    draft = asking_widget.draft | {
        "languages": ["en", "de", "ar"],
        "language_choice": "browser",
        "consent": asking_widget.draft["consent"] | {"message": SAYS["en"]},
        "texts": {"de": {"message": SAYS["de"], "button": "Ja"}, "ar": {"button": "نعم"}},
    }
    actions.save_draft(asking_widget, draft, by=None)
    actions.publish_widget(asking_widget, by=None)
    return asking_widget


def shown(widget, language):
    return consent.shown_to(admitted(widget), language)


def test_each_language_has_its_own_wording_and_its_own_links(speaking_widget):
    said = {language: shown(speaking_widget, language) for language in ("en", "de", "ar")}
    assert len({one.digest for one in said.values()}) == 3
    assert said["de"].text == "Sie stimmen {privacy} zu." and said["de"].links[0]["label"] == "Datenschutzerklärung"
    assert (said["ar"].text, said["ar"].language, said["ar"].button) == (said["en"].text, "en", "نعم")


def test_a_publish_keeps_every_wording_that_visitors_may_see(speaking_widget):
    kept = set(ConsentText.objects.values_list("digest", flat=True))
    assert {shown(speaking_widget, language).digest for language in ("en", "de", "ar")} <= kept


@pytest.mark.parametrize(("language", "text_language"), [("de", "de"), ("ar", "en")])
def test_a_yes_holds_the_language_of_the_card_and_of_the_words(speaking_widget, language, text_language):
    said = shown(speaking_widget, language)
    record = consent.record(admitted(speaking_widget), said.digest, language)
    assert (record.language, record.text.language, record.text.text) == (language, text_language, said.text)
    assert consent.check(admitted(speaking_widget), str(record.pk)) == str(record.pk)
    assert consent.use(admitted(speaking_widget), str(record.pk), uuid.uuid4()) == record


@pytest.mark.parametrize(
    ("shown_in", "said_to_be", "code"),
    [
        ("en", "de", "CONSENT_INVALID"),
        ("de", "en", "CONSENT_INVALID"),
        ("de", "", "CONSENT_INVALID"),
        ("de", "fr", "INVALID_ARGUMENT"),
    ],
)
def test_a_yes_to_the_words_of_another_language_is_refused(speaking_widget, rows, shown_in, said_to_be, code):
    digest = shown(speaking_widget, shown_in).digest
    before = rows()
    assert refusal(consent.record, admitted(speaking_widget), digest, said_to_be) == code
    assert rows() == before


def test_a_card_that_shows_its_first_language_only_takes_no_yes_in_another(speaking_widget, rows):
    actions.save_draft(speaking_widget, speaking_widget.draft | {"language_choice": "first"}, by=None)
    actions.publish_widget(speaking_widget, by=None)
    before = rows()
    digest = shown(speaking_widget, "de").digest
    assert refusal(consent.record, admitted(speaking_widget), digest, "de") == "INVALID_ARGUMENT"
    assert rows() == before


def test_a_yes_in_a_language_that_is_offered_no_more_gives_no_ticket(speaking_widget):
    given = str(consent.record(admitted(speaking_widget), shown(speaking_widget, "de").digest, "de").pk)
    actions.save_draft(speaking_widget, speaking_widget.draft | {"languages": ["en", "ar"]}, by=None)
    actions.publish_widget(speaking_widget, by=None)
    assert refusal(consent.check, admitted(speaking_widget), given) == "CONSENT_INVALID"
    assert refusal(consent.use, admitted(speaking_widget), given, uuid.uuid4()) == "CONSENT_INVALID"


def test_a_yes_counts_in_its_own_language_when_only_another_one_was_reworded(speaking_widget):
    english, german = (
        str(consent.record(admitted(speaking_widget), shown(speaking_widget, one).digest, one).pk)
        for one in ("en", "de")
    )
    texts = speaking_widget.draft["texts"] | {"de": {"message": "Anders."}}
    actions.save_draft(speaking_widget, speaking_widget.draft | {"texts": texts}, by=None)
    actions.publish_widget(speaking_widget, by=None)
    assert consent.check(admitted(speaking_widget), english) == english
    assert refusal(consent.check, admitted(speaking_widget), german) == "CONSENT_INVALID"


def test_the_words_of_the_variant_are_part_of_what_was_agreed_to(speaking_widget, project):
    assert shown(speaking_widget, "en").text == "You agree to recording."
    given = yes(speaking_widget)
    Variant.objects.create(project=project, key="bath", name="Bath", is_default=True, attributes={"shop": "Bath Bikes"})
    publish.publish(project, by=None)
    said = shown(speaking_widget, "en")
    assert said.text == "You agree to Bath Bikes recording."
    assert refusal(consent.check, admitted(speaking_widget), given) == "CONSENT_INVALID"
    record = consent.record(admitted(speaking_widget), said.digest, "en")
    assert record.text.text == "You agree to Bath Bikes recording."
    assert ConsentRecord.objects.get(pk=given).text.text == "You agree to recording."
