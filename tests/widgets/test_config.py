"""What an owner may set, what is refused, and what a browser gets to know."""

import copy

import pytest

from widgets.card import cleaning, colours, config, look
from widgets.delivery import frame


def with_(**changes):
    data = config.new()
    for field, value in changes.items():
        section, _dot, name = field.replace("__", ".").rpartition(".")
        (data[section] if section else data)[name] = value
    return data


def test_a_new_widget_asks_for_no_consent_and_shows_no_policies():
    fresh = config.new()
    assert fresh["consent"]["enabled"] is False
    assert fresh["policies"]["enabled"] is False
    assert cleaning.clean(fresh) == (fresh, {})


def test_nothing_said_means_the_defaults():
    for nothing in ({}, None, [], "x", {"style": None, "words": 3}):
        assert cleaning.clean(nothing) == (config.DEFAULTS, {})


def test_the_defaults_cannot_be_changed_through_a_configuration():
    config.new()["words"]["welcome"] = "changed"
    cleaned, _errors = cleaning.clean({})
    cleaned["style"]["brand"] = "changed"
    assert config.new()["words"]["welcome"] != "changed"
    assert config.new()["style"]["brand"] != "changed"


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("style__agent_name", 50),
        ("words__welcome", 100),
        ("words__start_label", 100),
        ("words__end_label", 100),
        ("consent__message", 500),
    ],
)
def test_the_documented_limits_hold_to_the_character(field, most):
    name = field.replace("__", ".")
    assert cleaning.clean(with_(**{field: "é" * most}))[1] == {}
    assert list(cleaning.clean(with_(**{field: "é" * (most + 1)}))[1]) == [name]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words__welcome", 5),
        ("words__welcome", ["x"]),
        ("style__theme", "sepia"),
        ("style__theme", ["dark"]),
        ("style__side", "top"),
        ("style__brand", "red"),
        ("style__brand", "#fff"),
        ("style__brand", "#4a4ae0;}"),
        ("style__brand", 4),
        ("recording", "sometimes"),
        ("consent__enabled", "yes"),
        ("policies__enabled", 1),
        ("languages", []),
        ("languages", ["tlh"]),
        ("languages", "en"),
        ("languages", 5),
        ("language_choice", "guess"),
        ("language_choice", ["ask"]),
        ("texts", "Hallo"),
        ("policies__privacy_url", "http://example.com/privacy"),
        ("policies__privacy_url", "javascript:alert(1)"),
        ("policies__privacy_url", "JavaScript:alert(1)"),
        ("policies__privacy_url", "data:text/html,x"),
        ("policies__privacy_url", "//example.com"),
        ("policies__privacy_url", "privacy"),
        ("policies__privacy_url", "example.com:privacy"),
        ("policies__privacy_url", "user@example.com"),
        ("policies__privacy_url", "mailto:user@example.com"),
        ("policies__privacy_url", "https://"),
        ("policies__privacy_url", "https://user@example.com/"),
        ("policies__privacy_url", 'https://example.com/"onclick="x'),
        ("policies__privacy_url", "https://example.com/ x"),
        ("policies__privacy_url", "https://[::1"),
        ("policies__terms_url", "https://example.com:x/"),
        ("policies__terms_url", "https://example.com/" + "a" * 500),
    ],
)
def test_a_value_that_cannot_be_used_is_named_by_its_field(field, value):
    _cleaned, errors = cleaning.clean(with_(**{field: value}))
    assert list(errors) == [field.replace("__", ".")]


def test_a_text_may_be_left_to_us():
    cleaned, errors = cleaning.clean(with_(consent__enabled=True, consent__message=" ", words__start_label=""))
    assert errors == {}
    assert (cleaned["consent"]["message"], cleaned["words"]["start_label"]) == ("", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"policies__enabled": True}, "policies.privacy_url"),
        ({"consent__enabled": True, "consent__message": "See {{privacyPolicyUrl}}"}, "policies.privacy_url"),
        ({"consent__enabled": True, "consent__message": "See {{termsUrl}}"}, "policies.terms_url"),
    ],
)
def test_an_address_is_asked_for_only_where_it_is_shown(changes, field):
    assert list(cleaning.clean(with_(**changes))[1]) == [field]
    assert cleaning.clean(with_(consent__message="See {{termsUrl}}"))[1] == {}


@pytest.mark.parametrize("written", ["shop.example.com/privacy", " shop.example.com/privacy "])
def test_an_address_without_a_scheme_means_https(written):
    cleaned, errors = cleaning.clean(with_(policies__privacy_url=written))
    assert (errors, cleaned["policies"]["privacy_url"]) == ({}, "https://shop.example.com/privacy")


def test_unknown_fields_are_dropped_and_unseen_characters_too():
    cleaned, errors = cleaning.clean({"style": {"agent_name": "Ro\u202ebin\u0000", "css": "x"}, "script": "alert(1)"})
    assert errors == {}
    assert cleaned["style"]["agent_name"] == "Robin"
    assert "css" not in cleaned["style"] and "script" not in cleaned


def test_cleaning_leaves_what_was_given_alone():
    given = with_(words__welcome="  Hello  ")
    before = copy.deepcopy(given)
    cleaning.clean(given)
    assert given == before


def test_the_public_part_holds_nothing_that_is_switched_off():
    kept = with_(
        policies__privacy_url="https://example.com/secret-draft",
        consent__message="Not shown yet",
    )
    shown = look.public(look.read(kept), "Robin")
    assert "secret-draft" not in str(shown) and "Not shown yet" not in str(shown)
    assert shown["style"]["agent_name"] == "Robin"
    assert shown["consent"] is False and shown["policies"] is None


GERMAN = {"welcome": "Hallo", "start_label": "Los", "end_label": "Aus", "launcher_label": "Ruf an", "button": "Ja"}


def test_each_language_has_texts_of_its_own_and_keeps_them_while_it_is_not_offered():
    given = with_(
        languages=["en", "de", "en"], texts={"de": GERMAN | {"message": "Einverstanden?"}, "fr": {"button": "Oui"}}
    )
    cleaned, errors = cleaning.clean(given)
    assert errors == {}
    assert cleaned["languages"] == ["en", "de"]
    assert cleaned["texts"] == {"de": GERMAN | {"message": "Einverstanden?"}, "fr": {"button": "Oui"}}


def test_texts_of_nowhere_are_dropped():
    given = with_(
        texts={"en": {"welcome": "Twice"}, "tlh": {"welcome": "nuqneH"}, "de": {"css": "x", "button": ""}, "fr": 5}
    )
    assert cleaning.clean(given) == (config.new(), {})


@pytest.mark.parametrize(
    ("name", "most"),
    [("welcome", 100), ("start_label", 100), ("message", 500), ("button", 100), ("launcher_label", 24)],
)
def test_the_limits_hold_in_each_language(name, most):
    assert cleaning.clean(with_(texts={"de": {name: "ä" * most}}))[1] == {}
    assert list(cleaning.clean(with_(texts={"de": {name: "ä" * (most + 1)}}))[1]) == [f"texts.de.{name}"]
    assert list(cleaning.clean(with_(texts={"de": {name: 5}}))[1]) == [f"texts.de.{name}"]


def test_the_addresses_are_asked_for_by_the_disclaimer_of_any_language_that_is_offered():
    asking = {"consent__enabled": True, "texts": {"de": {"message": "Siehe {{termsUrl}}"}}}
    assert list(cleaning.clean(with_(languages=["en", "de"], **asking))[1]) == ["policies.terms_url"]
    assert cleaning.clean(with_(**asking))[1] == {}


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("style.call", "#1A2B3C", "#1a2b3c"),
        ("style.call", "", ""),
        ("style.offset_x", 0, 0),
        ("style.offset_y", 300, 300),
        ("contact.phone", " +49 (30)  123-456 ", "+49 (30) 123-456"),
        ("contact.phone", "112", "112"),
        ("contact.url", "example.com/contact", "https://example.com/contact"),
        ("words.questions", " When do you open? \n\nWhere  are you?\n", "When do you open?\nWhere are you?"),
    ],
)
def test_what_was_added_to_the_card_is_kept_in_one_form(field, given, kept):
    section, name = field.split(".")
    cleaned, errors = cleaning.clean({section: {name: given}})
    assert (cleaned[section][name], errors) == (kept, {})


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("style.call", "green"),
        ("style.call", 5),
        ("style.offset_x", -1),
        ("style.offset_x", 301),
        ("style.offset_y", "20"),
        ("style.offset_y", True),
        ("contact.phone", "call me"),
        ("contact.phone", "+"),
        ("contact.phone", "1" * 31),
        ("contact.phone", 112),
        ("contact.url", "javascript:alert(1)"),
        ("words.questions", "a\nb\nc\nd"),
        ("words.questions", "x" * 81),
        ("words.closed", "x" * 201),
    ],
)
def test_what_cannot_be_used_is_told_in_its_field(field, given):
    section, name = field.split(".")
    assert set(cleaning.clean({section: {name: given}})[1]) == {field}


def test_a_call_button_of_the_owners_colour_passes_both_checks_in_both_themes():
    seen = look.public(look.read({"style": {"call": "#ffd400"}}), "Robin")["style"]
    drawn = frame.looks({"style": seen})["style"]
    for surface, used, label in (("#ffffff", "call", "onCall"), ("#191b20", "callDark", "onCallDark")):
        assert colours.contrast(drawn[used], drawn[label]) >= 4.5 and colours.contrast(drawn[used], surface) >= 3
    assert "onCall" not in frame.looks({"style": look.public(look.read({}), "Robin")["style"]})["style"]


def test_a_question_begins_a_call_so_where_consent_is_asked_none_is_shown():
    kept = {"words": {"questions": "When do you open?"}}
    assert look.public(look.read(kept), "Robin")["words"]["questions"] == ["When do you open?"]
    assert "questions" not in look.public(look.read(kept | {"consent": {"enabled": True}}), "Robin")["words"]


def test_another_way_is_public_only_where_there_is_one():
    assert look.public(look.read({}), "Robin")["contact"] is None
    seen = look.public(look.read({"contact": {"phone": "+1 212 555 0100"}}), "Robin")
    assert seen["contact"] == {"phone": "+1 212 555 0100", "url": ""}
