"""What a page pays for the button, as it is served."""

import gzip
import re
import urllib.request
from typing import Any

from tests.browser.site import Product

LOADER_MOST = 6000
PHONE_MOST = 30 * 1024
CHAT_MOST = 40 * 1024


def served(url: str, **headers: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip", **headers})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        return body if answer.headers.get("Content-Encoding") == "gzip" else gzip.compress(body, 9)


def all_of(product: Product, widget: dict[str, Any]) -> dict[str, bytes]:
    """What a visitor fetches of a widget until its card is there, by address."""
    frame = served(f"{product.url}/widget/{widget['code']}/frame?host={product.site}", **{"Sec-Fetch-Dest": "iframe"})
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', gzip.decompress(frame).decode()))
    found = dict.fromkeys(named, b"")
    while missing := [url for url, body in found.items() if not body]:
        for url in missing:
            found[url] = served(product.url + url)
            source = gzip.decompress(found[url]).decode()
            for name in re.findall(r"from\s*['\"]\./([^'\"]+)['\"]", source):
                found.setdefault(url.rsplit("/", 1)[0] + "/" + name, b"")
    return {**found, "loader": served(widget["script"]), "frame": frame}


def test_script_and_card_stay_small(product: Product, demo: dict[str, Any]):
    found = all_of(product, demo["widgets"][1])

    assert len(found["loader"]) <= LOADER_MOST
    assert len([url for url in found if url.endswith(".js")]) == 2  # the card in one piece, and what begins it
    assert not any("/chat/" in url for url in found)
    assert sum(map(len, found.values())) <= PHONE_MOST


def test_a_chat_stays_small_and_brings_nothing_of_a_phone(product: Product, demo: dict[str, Any]):
    found = all_of(product, next(one for one in demo["widgets"] if one["kind"] == "chat"))

    assert {url.split("/")[3] for url in found if url.endswith(".js")} == {"chat"}
    assert sum(map(len, found.values())) <= CHAT_MOST
