"""On which pages of a site the button is."""

import re

import pytest

from widgets import actions
from widgets.card import cleaning, paths
from widgets.delivery import script


@pytest.mark.parametrize(
    ("show", "hide", "with_button", "without"),
    [
        ("", "", ["/", "/anything"], []),
        ("/contact", "", ["/contact", "/contact/"], ["/", "/contact/us", "/contacts", "/en/contact"]),
        ("/shop/*", "", ["/shop", "/shop/", "/shop/a/b"], ["/shopping", "/"]),
        ("*/contact", "", ["/contact", "/en/contact", "/de/contact/"], ["/contact/us"]),
        ("", "/checkout/*\n/login", ["/", "/logins"], ["/checkout", "/checkout/pay", "/login", "/login/"]),
        ("/shop/*", "/shop/cart", ["/shop/a", "/shop/cart/a"], ["/shop/cart", "/"]),
        ("https://example.com/über-uns?x=1#y", "", ["/%C3%BCber-uns"], ["/"]),
        ("/", "", ["/"], ["/a"]),
        ("", "/", ["/a"], ["/"]),
        ("/*", "/a.b", ["/", "/aab"], ["/a.b"]),
        ("contact", "", ["/contact"], ["/"]),
        ("/a(b)+[c]", "", ["/a(b)+%5Bc%5D"], ["/ab"]),
    ],
)  # fmt: skip
def test_a_page_has_the_button_where_its_path_is_among_them(show, hide, with_button, without):
    pattern = re.compile(paths.pattern(show, hide))
    assert [path for path in with_button if not pattern.search(path)] == []
    assert [path for path in without if pattern.search(path)] == []


def test_paths_are_kept_one_a_line_as_they_will_be_read():
    kept, errors = cleaning.clean({"pages": {"show": " /a \n\nhttps://example.com/b/?q=1\n/a", "hide": ""}})
    assert (kept["pages"]["show"], errors) == ("/a\n/b/", {})


@pytest.mark.parametrize("typed", ["a b", "/x\n" + "\n".join(f"/{n}" for n in range(20)), "/" + "x" * 200, 5, "?"])
def test_what_is_no_path_is_told_in_its_field(typed):
    assert set(cleaning.clean({"pages": {"hide": typed}})[1]) == {"pages.hide"}


def test_the_part_of_the_script_that_asks_comes_along_only_where_it_is_needed(widget, client):
    def served():
        return client.get(f"/widget/{widget.code}.js").content

    assert b"navigatesuccess" not in served()
    actions.save_draft(widget, widget.draft | {"pages": {"show": "/shop/*", "hide": ""}}, by=None)
    actions.publish_widget(widget, by=None)
    assert b"navigatesuccess" in served() and rb"^(?:/shop(?:/.*)?)/?$" in served()


def test_the_script_with_all_that_an_owner_may_have_asked_for_is_at_most_6_kib(widget):
    """Without, it is at most 6,000 bytes (test_script.py)."""
    actions.save_draft(
        widget,
        widget.draft
        | {"pages": {"show": "/shop/*", "hide": "/cart"}, "contact": {"phone": "+49 30 123456", "url": ""}},
        by=None,
    )
    actions.publish_widget(widget, by=None)
    for agent in ("", "Mozilla/5.0 Chrome/71.0.3578.98 Safari/537.36"):
        assert len(script.of_widget(widget, "", agent).gzipped) <= 6 * 1024
