"""The script of the tag, as browsers, caches and strangers ask for it."""

import gzip
import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders

from agents.models import Deployment, Version
from widgets import actions
from widgets.admission import limits
from widgets.delivery import script
from widgets.models import RefusedHost, Widget

from .conftest import LOADER, SETTINGS, settings_in


@pytest.fixture
def loader(tmp_path, monkeypatch):
    """A script of three words, so that what stands in it can be read back."""
    path = tmp_path / "loader.js"
    path.write_text(LOADER)
    monkeypatch.setattr(finders, "find", lambda name: str(path))


@pytest.fixture
def fetch(client):
    def get(widget, **headers):
        code = widget if isinstance(widget, str) else widget.code
        return client.get(f"/widget/{code}.js", headers=headers)

    return get


def test_the_script_holds_what_the_launcher_needs_and_no_more(loader, widget, fetch, settings):
    held = settings_in(fetch(widget))
    assert len(held) == len(SETTINGS)
    assert held["frame"] == f"{settings.PUBLIC_URL}/widget/{widget.code}/frame"
    assert held["name"] == "Call Robin"


def test_the_script_names_no_host(loader, widget, fetch):
    body = fetch(widget).content.decode()
    assert "example.com" not in body
    assert len(settings_in(fetch(widget))["hosts"]) == 1


def test_what_the_owner_only_drafted_stays_out(loader, widget, fetch):
    before = fetch(widget).content
    actions.save_draft(widget, {"style": {"launcher_label": "Drafted"}}, by=None)
    assert fetch(widget).content == before
    actions.publish_widget(widget, by=None)
    assert settings_in(fetch(widget))["label"] == "Drafted"


def test_a_page_load_reads_no_topics(loader, widget, fetch, django_assert_max_num_queries):
    """A version can hold megabytes of knowledge; a launcher needs a name."""
    fetch(widget)
    with django_assert_max_num_queries(3) as asked:
        fetch(widget)
    assert not any('"config"' in query["sql"] for query in asked.captured_queries)


def test_a_label_cannot_end_the_script_or_start_another(loader, widget, fetch):
    label = "\u2028</script>');//"
    actions.save_draft(widget, {"style": {"launcher_label": label}}, by=None)
    actions.publish_widget(widget, by=None)
    response = fetch(widget)
    assert response.content.isascii()
    assert settings_in(response)["label"] == label.strip()


def test_headers_let_every_site_load_it_and_nobody_keep_it_unasked(loader, widget, fetch):
    response = fetch(widget)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Cookie" not in response["Vary"] and "Accept-Encoding" in response["Vary"]
    assert not response.cookies
    assert not response.has_header("Access-Control-Allow-Origin")


def test_a_signed_in_person_gets_the_same_script_as_everybody(loader, widget, fetch, client, owner):
    before = fetch(widget)
    client.force_login(owner)
    after = fetch(widget)
    assert (after.content, after["ETag"], after.cookies) == (before.content, before["ETag"], before.cookies)


def test_the_tag_is_strong_and_answers_304(loader, widget, fetch):
    first = fetch(widget)
    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    again = fetch(widget, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "no-cache" and "Accept-Encoding" in again["Vary"]
    assert fetch(widget, if_none_match=f'"x", {first["ETag"]}').status_code == 304
    assert fetch(widget, if_none_match="*").status_code == 304
    assert fetch(widget, if_none_match='"x"').status_code == 200
    assert fetch(widget, if_none_match="garbage").status_code == 200


def test_publishing_and_a_removed_domain_change_the_tag(loader, widget, fetch):
    tags = [fetch(widget)["ETag"]]
    actions.save_draft(widget, {"style": {"side": "left"}}, by=None)
    actions.publish_widget(widget, by=None)
    tags.append(fetch(widget)["ETag"])
    actions.set_domains(widget, ["other.example"], by=None)
    tags.append(fetch(widget)["ETag"])
    assert len(set(tags)) == 3


def test_the_packed_form_has_the_same_words_and_a_tag_of_its_own(loader, widget, fetch):
    plain, packed = fetch(widget), fetch(widget, accept_encoding="br, gzip;q=0.8")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert fetch(widget, accept_encoding="gzip", if_none_match=packed["ETag"]).status_code == 304
    assert fetch(widget, accept_encoding="gzip", if_none_match=plain["ETag"]).status_code == 200


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0", "identity"])
def test_who_does_not_take_gzip_gets_none(loader, widget, fetch, accepted):
    assert not fetch(widget, accept_encoding=accepted).has_header("Content-Encoding")


@pytest.mark.parametrize("code", ["x", "c" * 43, "..", "<script>", "%00", "é", "a" * 200])
def test_an_unknown_code_gets_one_harmless_line(db, fetch, rows, code):
    before = rows()
    response = fetch(code)
    assert response.status_code == 200
    assert re.fullmatch(rb"window\.console&&console\.warn\(\"[^\"<>]*UNKNOWN_WIDGET\)\"\);", response.content)
    assert response["Content-Type"].startswith("text/javascript")
    assert rows() == before


def test_a_widget_nobody_can_call_says_why_in_one_line(loader, widget, fetch, project):
    new = actions.create_widget(project, by=None, name="New", address="example.com")
    assert b"NOT_PUBLISHED" in fetch(new).content
    actions.set_enabled(widget, False, by=None)
    assert b"WIDGET_OFF" in fetch(widget).content
    assert len(fetch(widget).content) < 300


def test_the_button_stays_while_no_version_runs(loader, widget, fetch, project):
    before = fetch(widget).content
    actions.set_environment(widget, "live", by=None)
    assert fetch(widget).content == before
    Deployment.objects.all().delete()
    Version.objects.all().delete()
    assert b"NO_VERSION" in fetch(widget).content


def test_other_methods_are_not_answered(loader, widget, client):
    assert client.post(f"/widget/{widget.code}.js").status_code == 405
    assert client.head(f"/widget/{widget.code}.js").status_code == 200


def test_a_listed_page_is_seen_at_most_once_a_minute(loader, widget, fetch):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        fetch(widget, referer="https://shop.example.com/a?secret=1")
        first = Widget.objects.get()
        fetch(widget, referer="https://www.example.com:8443/")
        assert Widget.objects.get().seen_at == first.seen_at
        clock.shift(61)
        fetch(widget, referer="https://www.example.com:8443/")
    later = Widget.objects.get()
    assert first.seen_host == "shop.example.com"
    assert (later.seen_host, (later.seen_at - first.seen_at).total_seconds()) == ("www.example.com:8443", 61)
    assert RefusedHost.objects.count() == 0


def test_an_unlisted_page_is_counted_and_changes_nothing_else(loader, widget, fetch, rows):
    before = rows()
    response = fetch(widget, referer="https://Evil.com/page")
    assert response.status_code == 200
    assert rows() == before
    assert list(RefusedHost.objects.values_list("host", "count")) == [("evil.com", 1)]


@pytest.mark.parametrize(
    "referer", ["", "null", "x", "file:///etc/passwd", "https://[::1", "https://a b", "about:blank"]
)
def test_a_referer_that_names_no_site_is_nothing(loader, widget, fetch, rows, referer):
    before = rows()
    assert fetch(widget, referer=referer).status_code == 200
    assert rows() == before
    assert RefusedHost.objects.count() == 0


def test_our_own_pages_are_not_counted_as_strangers(loader, widget, fetch, settings):
    fetch(widget, referer=settings.PUBLIC_URL + "/console/")
    assert RefusedHost.objects.count() == 0


def test_a_flood_gets_its_script_and_is_no_longer_noted(loader, widget, fetch, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "script", 1)
    fetch(widget)
    response = fetch(widget, referer="https://evil.com/")
    assert response.status_code == 200
    assert RefusedHost.objects.count() == 0


def test_no_name_of_a_setting_travels(widget, fetch):
    body = fetch(widget).content
    assert b"settings" not in body and b'"hosts"' not in body
    assert set(SETTINGS) == set(script._minified(Path(finders.find(script.LOADER)), 0, frozenset())[1])


def test_the_loader_as_served_is_at_most_6_kb_packed(widget, fetch):
    response = fetch(widget, accept_encoding="gzip")
    assert widget.code.encode() in gzip.decompress(response.content)
    assert len(response.content) <= 6000


def follow(widget, choice):
    draft = widget.draft | {
        "languages": ["en", "de", "ar"],
        "language_choice": choice,
        "texts": {"de": {"launcher_label": "Ruf uns an"}},
    }
    actions.save_draft(widget, draft | {"style": draft["style"] | {"launcher_label": "Call us"}}, by=None)
    actions.publish_widget(widget, by=None)


@pytest.mark.parametrize("choice", ["browser", "ask"])
def test_the_button_speaks_the_visitors_language_and_caches_are_told(loader, widget, client, choice):
    follow(widget, choice)
    said = {}
    for accepted in ("en", "de-AT", "ar", "nl"):
        response = client.get(f"/widget/{widget.code}.js", headers={"Accept-Language": accepted})
        assert "Accept-Language" in response["Vary"] and "Accept-Encoding" in response["Vary"]
        held = settings_in(response)
        said[accepted] = (held["label"], held["name"], response["ETag"])
        again = {"Accept-Language": accepted, "If-None-Match": response["ETag"]}
        unchanged = client.get(f"/widget/{widget.code}.js", headers=again)
        assert unchanged.status_code == 304 and "Accept-Language" in unchanged["Vary"]
    closed = client.get(f"/widget/{widget.code}.js", headers={"Accept-Language": "de"})
    assert settings_in(closed)["no"]["INSECURE_PAGE"] == "Anrufe brauchen eine sichere Seite (https)"
    assert said["en"][:2] == ("Call us", "Call Robin") and said["de-AT"][:2] == ("Ruf uns an", "Robin anrufen")
    assert said["ar"][:2] == ("Call us", "الاتصال بـ Robin")
    assert said["nl"] == said["en"]


def test_a_widget_with_one_language_has_one_script_for_everybody(loader, widget, client):
    follow(widget, "first")
    answers = [client.get(f"/widget/{widget.code}.js", headers={"Accept-Language": one}) for one in ("en", "de")]
    assert answers[0]["ETag"] == answers[1]["ETag"] and settings_in(answers[1])["name"] == "Call Robin"


def test_a_loader_without_the_place_for_settings_stops_the_program(tmp_path):
    path = tmp_path / "loader.js"
    path.write_text("(function () {})();")
    with pytest.raises(Exception, match="SETTINGS"):
        script._minified(path, 0, frozenset())
