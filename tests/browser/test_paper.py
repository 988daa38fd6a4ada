"""A conversation on paper: as a printer gets it."""

from playwright.sync_api import BrowserContext

from tests.browser.console import sign_in
from tests.browser.site import Product

MAKE = """
from agents.models import Project
from calling.models import Turn
from tests.browser.furnish import LONG, spoken
project = Project.objects.get(slug="harbour-bikes")  # other tests of this product make more
call = spoken(project, project.widgets.first(), 3)
Turn.objects.filter(conversation=call, index=1).update(text=LONG * 3 + " https://example.com/" + "a" * 200)
print(call.pk)
"""
A4_PX = {"width": 718, "height": 1047}  # between its margins, as browsers count


def test_on_paper_what_was_said_has_most_of_the_width_and_long_words_stay_on_the_sheet(
    visitor: BrowserContext, product: Product
):
    call = product.manage("shell", "-c", MAKE).strip().splitlines()[-1]
    page = sign_in(visitor.new_page(), product)
    page.goto(f"{page.url}conversations/{call}/print/")
    page.set_viewport_size(A4_PX)
    page.emulate_media(media="print")
    widths = page.locator(".lines tbody tr").first.evaluate(
        "row => [...row.cells].map((cell) => cell.offsetWidth / row.offsetWidth)"
    )
    assert widths[2] > 0.65 and widths[0] < 0.12
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
