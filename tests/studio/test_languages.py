"""The console in another language: a catalogue without holes, and the choice in the account."""

import re
from datetime import UTC, datetime
from gettext import GNUTranslations

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from agents.models import Preference
from studio.templatetags.console import day, quoted
from widgets.card import look

CATALOGUE = settings.BASE_DIR / "locale" / "de" / "LC_MESSAGES"
PLACEHOLDERS = re.compile(r"%\(\w+\)0?\d*[sd]|\{[a-zA-Z]+\}|\$\{variant_")


def entries():
    """The catalogue's entries: flags, and every text by its keyword."""
    for block in (CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]:
        texts = {
            keyword: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', value))
            for keyword, value in re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', block, re.MULTILINE)
        }
        yield block, texts


def test_every_text_is_translated_and_none_is_a_guess():
    found = list(entries())
    assert len(found) > 1000
    for block, texts in found:
        assert ", fuzzy" not in block and not block.startswith("#~"), texts
        assert all(text for keyword, text in texts.items() if keyword.startswith("msgstr")), texts


def test_no_translation_loses_a_place_for_a_value():
    for _block, texts in entries():
        original = texts.get("msgid_plural", texts["msgid"])
        translated = texts.get("msgstr[1]", texts.get("msgstr"))
        assert sorted(PLACEHOLDERS.findall(original)) == sorted(PLACEHOLDERS.findall(translated)), texts


def test_the_compiled_catalogue_is_the_written_one():
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    unescaped = {r"\"": '"', r"\n": "\n", r"\\": "\\"}
    for _block, texts in entries():
        if "msgstr" in texts and "msgctxt" not in texts:
            original, wanted = (re.sub(r"\\.", lambda m: unescaped[m[0]], texts[k]) for k in ("msgid", "msgstr"))
            assert compiled.gettext(original) == wanted


@pytest.fixture
def console(client, owner):
    client.force_login(owner)
    return client


def test_the_language_is_chosen_in_the_account_and_stays(console, client, owner, project):
    response = console.post(reverse("console:account"), {"name": "Olga", "language": "de"})
    assert Preference.objects.get(user=owner).language == "de"
    assert response.cookies["pickup_language"]["path"] == "/console/"
    page = console.get(f"/console/{project.slug}/").content.decode()
    assert '<html lang="de"' in page and "Ihr Weg zum ersten Anruf" in page
    client.logout()
    client.cookies.clear()
    client.post("/console/login/", {"username": "olga", "password": "a-long-password"})
    assert '<html lang="de"' in client.get(f"/console/{project.slug}/").content.decode()


def test_without_a_choice_the_browser_decides(console, project):
    german = console.get(f"/console/{project.slug}/", headers={"accept-language": "de-AT,de;q=0.9"})
    assert '<html lang="de"' in german.content.decode()
    other = console.get(f"/console/{project.slug}/", headers={"accept-language": "fi"})
    assert '<html lang="en"' in other.content.decode()


@pytest.mark.parametrize(
    "name", ["home", "persona", "knowledge", "variants", "versions", "conversations", "members", "audit", "voice"]
)
def test_pages_come_in_german(console, furnished, name):
    page = console.get(
        reverse(f"console:{name}", kwargs={"project": furnished.project.slug}), headers={"accept-language": "de"}
    )
    assert page.status_code == 200 and '<html lang="de"' in page.content.decode()


def test_what_visitors_agree_to_is_worded_in_the_widgets_language_whoever_looks(console, furnished):
    from django.utils.translation import override

    from widgets.admission import consent

    english = consent.wording(look.read(furnished.widget.published))
    with override("de"):
        assert consent.wording(look.read(furnished.widget.published)) == english


def test_dates_and_what_was_said_are_written_as_the_reader_writes_them():
    moment = datetime(2026, 12, 7, 12, tzinfo=UTC)

    assert (day(moment), quoted("Hello")) == ("7 December 2026", "“Hello”")
    with override("de"):
        assert (day(moment), quoted("Hallo")) == ("7. Dezember 2026", "„Hallo“")
