"""One project's visitors, from as many addresses as they like, leave a line for those of another."""

import itertools
import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.card import Card
from tests.browser.site import Product, Strangers

LINES = 4  # of which three are the most that one project may have
OTHERS = """
import json
from agents.authoring import publish, starters
from agents.models import Environment
from studio import demo
from widgets import actions
user = demo.find().members.first().user
project = starters.create_project("Others", starters.read(starters.BLANK), user)
publish.publish(project, by=user, note="", environment=Environment.LIVE)
widget = actions.create_widget(project, by=user, name="Theirs", address="127.0.0.1", environment=Environment.LIVE)
actions.publish_widget(widget, by=user)
print(json.dumps(widget.code))
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Product]:
    running = Product(STUDIO_SPEECH="scripted", STUDIO_TRUSTED_PROXIES="1", STUDIO_MAX_CALLS=str(LINES)).start()
    yield running
    running.stop()


def test_one_project_cannot_take_every_line_whatever_addresses_its_callers_have(
    new_visitor: Callable[..., BrowserContext], house: Product, strangers: Strangers
):
    code = json.loads(house.manage("shell", "-c", OTHERS).strip().splitlines()[-1])
    theirs = strangers.put("/others", f'<script src="{house.url}/widget/{code}.js"></script>', host="127.0.0.1")
    ours = f"{house.site}/demo/"

    def call(url: str) -> Card:
        card = Card(new_visitor().new_page())
        card.page.goto(url)
        card.open()
        card.press("consent" if card.state[0] == "consent" else "start")
        card.expect_state("in-call", "full", "error")
        return card

    cards = [call(url) for url in itertools.repeat(ours, LINES)]
    assert [card.state[0] for card in cards] == ["in-call"] * 3 + ["full"]
    assert call(theirs).state[0] == "in-call"  # the fourth line is theirs

    cards[0].press("end")
    cards[0].expect_state("ended")
    assert call(ours).state[0] == "in-call"
