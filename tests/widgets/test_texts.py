"""An owner's texts in the visitor's language: which one, what stands in, and the words of the variant."""

import re

import pytest

from tests.browser.site import ROOT
from widgets.card import cleaning, config, look, texts
from widgets.card.default_words import NAMES, WORDS


def of(*given, **places):
    return look.read(kept(*given, **places))


def kept(languages=("en", "de", "ar"), choice="browser", said=None, **places):
    data = config.new() | {"languages": list(languages), "language_choice": choice, "texts": said or {}}
    for place, value in places.items():
        section, _separator, name = place.partition("__")
        data[section] = data[section] | {name: value}
    return data


# ── Which language ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("DE-CH", "de"),
        ("nl,ar;q=0.7,en;q=0.3", "ar"),
        ("en;q=0.2,ar;q=0.8", "ar"),
        ("de;q=0", "en"),
        ("nl", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("x" * 5000 + ",de", "en"),
        ("de;q=lots", "en"),
        ("../../de", "en"),
    ],
)
def test_a_card_follows_the_browser_among_the_languages_it_offers(accepted, language):
    assert texts.chosen(of(), accepted) == language
    assert texts.chosen(of(choice="ask"), accepted) == language
    assert texts.chosen(of(choice="first"), accepted) == "en"


def test_a_widget_published_before_there_was_a_choice_stays_in_its_first_language():
    data = kept(("de", "en"))
    old = look.read({key: value for key, value in data.items() if key not in ("language_choice", "texts")})
    assert texts.chosen(old, "en") == "de"
    assert texts.possible(old) == ("de",)
    assert not texts.asks(old)
    assert texts.rendered(old, "de").words.end_label == "Auflegen"


def test_visitors_are_asked_only_where_there_is_something_to_choose():
    assert texts.asks(of(choice="ask"))
    assert not texts.asks(of(("en",), choice="ask"))
    assert not texts.asks(of(choice="browser"))


# ── What stands in ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_owners_words_in_the_language_win():
    both = of(said={"de": {"welcome": "Hallo!"}}, words__welcome="Hello!")
    assert texts.standing(both, "de", "welcome") == ("Hallo!", "de")
    assert texts.standing(both, "en", "welcome") == ("Hello!", "en")


def test_the_owners_first_language_stands_in_for_a_missing_text():
    assert texts.standing(of(words__welcome="Hello!"), "de", "welcome") == ("Hello!", "en")


@pytest.mark.parametrize("left", ["", WORDS["en"]["start_label"]])
def test_what_the_owner_left_to_us_is_in_the_visitors_language(left):
    for language in config.LANGUAGES:
        ours = WORDS[language]["start_label"]
        assert texts.standing(of(words__start_label=left), language, "start_label") == (ours, language)


def test_english_that_came_with_the_widget_is_no_german():
    german = of(("de", "en"))
    assert german.words.welcome == WORDS["en"]["welcome"]
    assert texts.standing(german, "de", "welcome") == (WORDS["de"]["welcome"], "de")
    assert texts.written(german, "de", "welcome") == ""


def test_the_disclaimer_says_which_language_it_is_in():
    own = of(consent__message="We record.", said={"ar": {"message": "نسجل."}})
    shown = {language: texts.rendered(own, language).consent for language in ("en", "de", "ar")}
    assert [shown[one].language for one in shown] == ["en", "en", "ar"]
    assert shown["de"].button == WORDS["de"]["button"]


def test_a_rendered_configuration_holds_one_language_and_leaves_the_given_one_alone():
    given = of(said={"de": {"launcher_label": "Ruf an"}})
    shown = texts.rendered(given, "de")
    assert shown.style.launcher_label == "Ruf an" and not shown.texts
    assert given.style.launcher_label == "" and given.consent.language == ""


def test_another_first_language_takes_its_texts_along():
    both = {"de": {"welcome": "Hallo!"}}
    given = kept(("en", "de"), said=both, words__welcome="Hello!", style__launcher_label="Call")
    turned = texts.arranged(given, ["de", "en"], {"de": {"launcher_label": "Ruf an"}})
    seen = look.read(turned)
    for language, words in {"en": ("Hello!", "Call"), "de": ("Hallo!", "Ruf an")}.items():
        assert tuple(texts.written(seen, language, name) for name in ("welcome", "launcher_label")) == words
    assert cleaning.clean(turned)[1] == {}
    assert texts.arranged(cleaning.clean(turned)[0], ["en", "de"], {})["words"] == given["words"]


def test_our_own_words_are_whole_within_the_limits_and_lead_to_no_page():
    assert set(WORDS) == set(NAMES) == set(config.LANGUAGES)
    for words in WORDS.values():
        assert set(words) == set(WORDS["en"]) >= set(config.PLACES)
        assert all(len(words[name]) <= config.MOST[place] for name, place in config.PLACES.items())
        assert "{agent}" in words["launcher"] and "{{" not in words["message"]


def test_every_language_has_its_modules_in_the_frame():
    strings = ROOT / "static" / "widget" / "frame" / "strings"
    for language in set(config.LANGUAGES) - {"en"}:
        assert re.search(rf"add\('{language}'", (strings / f"{language}.js").read_text(encoding="utf-8"))
        assert (strings / f"{language}-later.js").exists()


# ── Variables ────────────────────────────────────────────────────────────────────────────────────────────────

SHOP = {"shop": "Harbour Bikes", "city": "", "trick": "${variant_shop} \u202ex"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ask ${variant_shop}.", "Ask Harbour Bikes."),
        ("Ask us in ${variant_city}.", "Ask us in."),
        ("Ask ${variant_nobody} now", "Ask now"),
        ("Ask ${page.name} or ${shop}, ${}", "Ask or,"),
        ("${variant_trick}", "x"),
        ("It costs $5 {today}", "It costs $5 {today}"),
    ],
)
def test_a_visitor_never_sees_a_variable(text, shown):
    assert texts.fill(text, SHOP) == shown


def test_a_text_that_is_nothing_but_a_gap_is_stood_in_for():
    own = of(said={"de": {"welcome": "${variant_city}"}}, words__welcome="Hello from ${variant_shop}")
    assert texts.standing(own, "de", "welcome", SHOP) == ("Hello from Harbour Bikes", "en")
    assert texts.standing(own, "de", "welcome", {}) == ("Hello from", "en")


def test_the_editor_learns_of_each_gap_where_it_is():
    own = of(
        said={"de": {"welcome": "${variant_city} ${variant_shop}"}, "fr": {"welcome": "${variant_fr}"}},
        words__start_label="${shop}",
        style__agent_name="${variant_nobody}",
    )
    assert texts.gaps(own, SHOP) == [
        ("${shop}", "en", "words.start_label"),
        ("${variant_city}", "de", "words.welcome"),
        ("${variant_nobody}", "en", "style.agent_name"),
    ]
    assert texts.gaps(of(), SHOP) == []
