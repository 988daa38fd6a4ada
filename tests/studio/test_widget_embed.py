"""The Embed tab: the tag and its guides, the four needs, a look at the site, and a code that was changed."""

import re

import pytest

from widgets import actions
from widgets.models import Widget


@pytest.fixture
def embed(client, owner, furnished):
    client.force_login(owner)
    return f"/console/{furnished.project.slug}/web-calling/{furnished.widget.pk}/embed/"


def test_every_guide_carries_the_tag_of_this_widget(client, embed, furnished):
    text = client.get(embed).content.decode()
    for name in ("Google Tag Manager", "WordPress", "Shopify", "Webflow", "Wix", "Squarespace", "React"):
        assert name in text
    assert text.count(furnished.widget.code) >= 8
    assert "Content-Security-Policy: script-src" in text and "Permissions-Policy: microphone=" in text


def test_the_four_needs_tick_when_the_tag_is_seen(client, embed, furnished):
    def ticks():
        return re.findall(r'<li class="(\w+)">', client.get(embed + "needs/").content.decode())

    assert ticks() == ["done", "done", "missing", "warning"]
    client.get(f"/widget/{furnished.widget.code}.js", headers={"referer": "https://shop.example.com/"})
    assert ticks() == ["done", "done", "done", "warning"]


def test_a_look_at_a_private_network_says_that_it_cannot_be_looked_at(client, embed):
    part = client.post(embed + "check/", {"page": "https://10.0.0.1/"}, headers={"Accept": "text/x-part"})
    assert "on a private network" in part.content.decode()
    assert "<html" not in part.content.decode()
    whole = client.post(embed + "check/", {"page": "https://10.0.0.1/"}).content.decode()
    assert "on a private network" in whole and 'value="https://10.0.0.1/"' in whole


def test_an_empty_address_is_asked_for(client, embed):
    assert "Type the address" in client.post(embed + "check/", {"page": " "}).content.decode()


def test_too_many_looks_have_to_wait(client, embed):
    for _look in range(10):
        client.post(embed + "check/", {"page": "https://10.0.0.1/"})
    assert "within a minute" in client.post(embed + "check/", {"page": "https://10.0.0.1/"}).content.decode()


def test_a_new_code_is_announced_until_a_listed_site_loads_it(client, embed, furnished, owner):
    assert "The tag changed." not in client.get(embed).content.decode()
    actions.rotate_code(furnished.widget, by=owner)
    assert "The tag changed." in client.get(embed).content.decode()
    code = Widget.objects.get().code
    client.get(f"/widget/{code}.js", headers={"referer": "https://shop.example.com/"})
    assert "The tag changed." not in client.get(embed).content.decode()


def test_an_analyst_reads_the_tag_and_sends_nobody_anywhere(client, embed, analyst):
    client.force_login(analyst)
    text = client.get(embed).content.decode()
    assert 'id="tag"' in text and "data-check>" not in text
