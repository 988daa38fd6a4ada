"""What an owner copies."""

from widgets.install import embed


def test_the_tag_is_one_line_with_the_public_address(widget, settings):
    settings.PUBLIC_URL = "https://calls.example.com"
    assert embed.tag(widget) == f'<script src="https://calls.example.com/widget/{widget.code}.js"></script>'


def test_the_tags_address_is_the_one_that_is_served(widget, client, settings):
    path = embed.script_url(widget).removeprefix(settings.PUBLIC_URL)
    assert client.get(path)["Content-Type"].startswith("text/javascript")


def test_the_rules_name_our_origin_only(settings):
    settings.PUBLIC_URL = "https://calls.example.com"
    assert embed.csp_lines() == {
        "Content-Security-Policy": "script-src https://calls.example.com; frame-src https://calls.example.com",
        "Permissions-Policy": 'microphone=(self "https://calls.example.com"), autoplay=(self "https://calls.example.com")',
    }
