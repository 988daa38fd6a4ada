"""Browsers that are too old by their own word get the button that says so."""

import pytest

from widgets import actions
from widgets.delivery import browsers

from .conftest import SITE
from .test_frame import block as settings_in

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:{0}) Gecko/20100101 Firefox/{0}"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + WEBKIT + " Version/{} Safari/605.1.15"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) " + WEBKIT + " Version/15.6 Mobile/15E148 Safari/604.1"
OLD = {
    "Chrome 71": CHROME.format("71.0.3578.98"),
    "Edge 18": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 "
    "Safari/537.36 Edge/18.17763",
    "iOS 15": IPHONE.format("15_6"),
    "iPad with iOS 9": "Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) "
    "Version/9.0 Mobile/13G36 Safari/601.1",
    "Chrome on iOS 15": IPHONE.format("15_0").replace("Version/15.6", "CriOS/120.0.6099.50"),
    "Firefox 59": FIREFOX.format("59.0"),
    "Safari 14.0": SAFARI.format("14.0.3"),
    "Safari 13": SAFARI.format("13.1"),
    "Internet Explorer": "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Android WebView 68": "Mozilla/5.0 (Linux; Android 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/68.0.3440.91 Mobile Safari/537.36",
}
GOOD = {
    "Chrome 72": CHROME.format("72.0.3626.81"),
    "Chrome 149": CHROME.format("149.0.0.0"),
    "Edge 79": CHROME.format("79.0.3945.74") + " Edg/79.0.309.43",
    "Firefox 60": FIREFOX.format("60.0"),
    "Firefox 153": FIREFOX.format("153.0"),
    "Safari 14.1": SAFARI.format("14.1"),
    "Safari 26": SAFARI.format("26.1"),
    "iOS 16": IPHONE.format("16_0"),
    "iOS 26 that calls itself 18": IPHONE.format("18_7"),
    "nobody": "",
    "a robot": "curl/8.5.0",
    "WebKitGTK": "Mozilla/5.0 (X11; Linux x86_64) " + WEBKIT + " Version/18.5 Safari/605.1.15",
    "digits without end": "Chrome/" + "9" * 5000,
}


@pytest.mark.parametrize("name", OLD)
def test_a_browser_below_the_floor_is_too_old(name):
    assert browsers.is_too_old(OLD[name])


@pytest.mark.parametrize("name", GOOD)
def test_one_of_the_floor_or_of_no_name_is_let_try(name):
    assert not browsers.is_too_old(GOOD[name])


@pytest.mark.parametrize("name", ["Chrome 71", "Edge 18", "iOS 15"])
def test_it_gets_the_disabled_button_and_a_card_that_says_why(widget, client, name):
    before = client.get(f"/widget/{widget.code}.js")
    old = client.get(f"/widget/{widget.code}.js", headers={"User-Agent": OLD[name]})
    assert b"='UNSUPPORTED_BROWSER']" in old.content and b"='UNSUPPORTED_BROWSER']" not in before.content
    assert old["ETag"] != before["ETag"] and "User-Agent" in old["Vary"]
    headers = {"Sec-Fetch-Dest": "iframe", "User-Agent": OLD[name]}
    assert settings_in(client.get(f"/widget/{widget.code}/frame", {"host": SITE}, headers=headers))["old"] is True


def test_where_there_is_no_call_the_button_names_the_owners_number_in_the_visitors_language(widget, client):
    draft = widget.draft | {"languages": ["en", "de"], "contact": {"phone": "+49 30 123-456", "url": ""}}
    actions.save_draft(widget, draft, by=None)
    actions.publish_widget(widget, by=None)
    body = client.get(f"/widget/{widget.code}.js", headers={"Accept-Language": "de"}).content.decode()
    assert "Anrufe brauchen einen neueren Browser \\u00b7 \\u2066+49 30 123-456\\u2069 anrufen" in body
    assert '"tel:+4930123456"' in body and ".location.href=" in body


def test_a_page_instead_of_a_number_goes_by_its_label(widget, client):
    actions.save_draft(widget, widget.draft | {"contact": {"phone": "", "url": "example.com/contact"}}, by=None)
    actions.publish_widget(widget, by=None)
    body = client.get(f"/widget/{widget.code}.js").content.decode()
    assert (
        "Calls need a newer browser \\u00b7 More ways to reach us" in body and '"https://example.com/contact"' in body
    )


def test_a_widget_without_another_way_says_no_more_than_before(widget, client):
    body = client.get(f"/widget/{widget.code}.js").content.decode()
    assert '"Calls need a newer browser"' in body and ".location.href=" not in body
