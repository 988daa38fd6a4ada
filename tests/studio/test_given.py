"""Numbers out of addresses and forms: whatever stands there, no page falls over."""

import pytest
from django.urls import reverse

from studio.pages.given import number


@pytest.mark.parametrize("text", ["", "²", "٣", "x", "-1", "1.5", " 1", "1" * 10, "9" * 5000, None, 7])
def test_anything_but_plain_digits_is_no_number(text):
    assert number(text) is None


@pytest.mark.parametrize(("text", "read"), [("0", 0), ("12", 12), ("007", 7), ("9" * 9, 999_999_999)])
def test_plain_digits_are_one(text, read):
    assert number(text) == read


@pytest.mark.parametrize("text", ["²", "9" * 5000])
def test_versions_are_compared_with_the_newest_where_the_number_is_none(client, owner, text):
    client.force_login(owner)
    page = reverse("console:compare", kwargs={"project": "harbour-bikes"})
    assert client.get(page, {"from": text, "to": text}).status_code == 200
