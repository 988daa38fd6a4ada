"""A version's frozen configuration, read back."""

import pytest

from agents.brains import snapshot

CONFIG = {
    "schema": 1,
    "agent": {"name": "Robin", "greeting": "Hello from ${variant_town}.", "voice": "piper:joe", "language": "en"},
    "topics": [{"name": "hours", "samples": ["When?"], "content": "At nine."}],
    "variants": [
        {"key": "york", "name": "York", "is_default": True, "attributes": {"town": "York"}},
        {"key": "hull", "name": "Hull", "is_default": False, "attributes": {"town": "Hull"}},
    ],
}


def test_a_configuration_is_read():
    read = snapshot.read(CONFIG)

    assert (read.name, read.disclaimer, read.topics[0].samples) == ("Robin", "", ("When?",))


def test_a_newer_schema_is_refused():
    with pytest.raises(ValueError, match="schema 99"):
        snapshot.read({**CONFIG, "schema": 99})


@pytest.mark.parametrize(("key", "found"), [("hull", ("hull", True)), ("", ("york", True)), ("gone", ("york", False))])
def test_a_variant_is_found_or_the_default_stands_in(key, found):
    variant, known = snapshot.read(CONFIG).variant(key)

    assert (variant.key, known) == found


def test_names_are_filled_and_unknown_ones_vanish():
    text = "${variant_town}: ${page.item} ${page.gone}${variant_gone}!${other}"

    assert snapshot.fill(text, {"town": "York"}, {"item": 3}) == "York: 3 !${other}"


def test_values_are_not_filled_again():
    assert snapshot.fill("${page.a}", {"town": "York"}, {"a": "${variant_town}"}) == "${variant_town}"


def test_phrases_that_older_versions_kept_are_not_what_authors_wrote():
    name = CONFIG["topics"][0]["name"]
    config = {**CONFIG, "schema": 2, "given": {name: ["how late is it"]}}

    assert snapshot.read(config) == snapshot.read(CONFIG)
    assert snapshot.written(config) == snapshot.written(CONFIG)


def test_pasted_markup_is_gone_from_all_that_is_said():
    agent = {
        **CONFIG["agent"],
        "greeting": "<p>Hello from <b>${variant_town}</b>.</p>",
        "disclaimer": "This&nbsp;is **recorded**.",
    }
    topics = [{"name": "hours", "samples": [], "content": "See [our hours](https://example.com)."}]
    read = snapshot.read({**CONFIG, "agent": agent, "topics": topics})

    assert (read.greeting, read.disclaimer) == ("Hello from ${variant_town}.", "This is recorded.")
    assert read.topics[0].content == "See our hours."
    assert snapshot.spoken(read.greeting, {"town": "<i>York</i> &amp; Hull"}) == "Hello from York & Hull."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Hello ${page.name}, this is Robin. How can I help?", "Hello, this is Robin. How can I help?"),
        ("Hello ${page.name}!", "Hello!"),
        ("Thank you, ${page.name}. Goodbye.", "Thank you. Goodbye."),
        ("We are open from nine. You find us at ${variant_address}. See you!", "We are open from nine. See you!"),
        ("Your order ${page.order} is on its way. Is there anything else?", "Is there anything else?"),
        ("${variant_town} is where we are. Come by.", "York is where we are. Come by."),
        ("You find us at ${variant_address}.", "You find us at."),
        ("${page.gone}", ""),
        ("Dr. Smith is in ${variant_town}, at 9 a.m. today.", "Dr. Smith is in York, at 9 a.m. today."),
    ],
)
def test_a_missing_value_is_never_a_gap(written, said):
    assert snapshot.spoken(written, {"town": "York"}, {}) == said
