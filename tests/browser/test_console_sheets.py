"""Every page of the console, found by its address: on a contact sheet for each size and theme in test-output/, without
anything serious against its accessibility, nothing beside the window, nothing red in the browser's console.

A page that is added to studio/console_urls.py or studio/account_urls.py is on the sheets without being named here.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, URLResolver
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page, expect

from studio import account_urls, console_urls
from tests.browser.conftest import PICTURES
from tests.browser.console import sign_in
from tests.browser.site import PASSWORD, Product

pytestmark = pytest.mark.pages

SIZES = {
    "desktop": {"width": 1440, "height": 900},
    "tablet": {"width": 1024, "height": 768},
    "phone": {"width": 390, "height": 844},
}
THEMES = ("light", "dark")
TALLEST = 1800  # of a page on a sheet
THUMB = {"desktop": 480, "tablet": 400, "phone": 260}
COLUMNS = {"desktop": 4, "tablet": 5, "phone": 8}
# What is no page: the preview's inside, parts that a page fetches, files, what sends its reader on.
PARTS = {"widget_preview", "widget_needs", "widget_qr", "recording", "test", "topics_alike", "web_calling", "search"}
PARTS |= {"topic_phrasings", "publish", "promote", "widget_place"}  # the last three are dialogs
BESIDE = """() => [...document.querySelectorAll('main *, header *')].filter((e) => {
  const box = e.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1 || e.closest('svg')) return false;
  for (let up = e.parentElement; up; up = up.parentElement) {
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return false;
  }
  return true;
}).slice(0, 3).map((e) => e.outerHTML.slice(0, 120))"""


def addresses(entries: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The name and the whole route of each page that can be opened."""
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and entry.name not in PARTS:
            view = getattr(entry.callback, "view_class", None)
            if view is None or ("get" in view.http_method_names and hasattr(view, "get")):
                yield entry.name, route


OF_PROJECTS = list(addresses(console_urls.project))
OF_PEOPLE = [*addresses(console_urls.outside), *addresses(account_urls.urlpatterns, "account/")]


@pytest.fixture(scope="module")
def numbers(product: Product, demo: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What stands in the addresses of each project."""
    told = product.manage("shell", "-c", "from tests.browser import furnish; furnish.run()")
    return json.loads(told.strip().splitlines()[-1])


@pytest.fixture
def console(
    new_visitor: Callable[..., BrowserContext], product: Product, numbers: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """A signed-in browser in any language, in whose console nothing may turn red."""
    wrong: list[str] = []

    def enter(**options: Any) -> Page:
        page = new_visitor(viewport=SIZES["desktop"], reduced_motion="reduce", **options).new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda line: wrong.append(f"{page.url}: {line.text}") if line.type == "error" else None)
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, product)
        # As on a phone: bars that take room from the page are a desktop's.
        page.context.new_cdp_session(page).send("Emulation.setScrollbarsHidden", {"hidden": True})
        wrong.clear()
        return page

    yield enter
    # The sound of the furnished calls is not on the disk, and a server's address is refused on purpose.
    known = (("/conversations/", "404"), ("/tools/server/", "422"))
    assert [line for line in wrong if not any(where in line and code in line for where, code in known)] == []


class Sheets:
    """Pictures of many pages, put side by side."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pictures: dict[str, list[tuple[str, Image.Image]]] = {}
        self.problems: list[str] = []

    def look(self, page: Page, name: str, sizes: Any = SIZES, themes: Any = THEMES, axe: bool = True) -> None:
        """The page that is open, in each size and theme."""
        for size in sizes:
            page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
            for theme in themes:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
                where = f"{name}, {size}, {theme}"
                if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    self.problems.append(f"{where}: wider than the window: {page.evaluate(BESIDE)}")
                if axe and size != "tablet":
                    found = Axe().run(page).response["violations"]
                    self.problems += [
                        f"{where}: {one['id']}: {one['nodes'][0]['html'][:120]}"
                        for one in found
                        if one["impact"] in ("serious", "critical")
                    ]
                self._keep(f"{size}-{theme}", name, size, page.screenshot(full_page=True))

    def _keep(self, sheet: str, name: str, size: str, png: bytes) -> None:
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
        width = THUMB[size]
        small = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
        self.pictures.setdefault(sheet, []).append((name, small))

    def save(self) -> None:
        PICTURES.mkdir(exist_ok=True)
        for sheet, pictures in self.pictures.items():
            columns, gap, head = COLUMNS[sheet.split("-")[0]], 16, 20
            rows = [pictures[at : at + columns] for at in range(0, len(pictures), columns)]
            heights = [max(one.height for _name, one in row) + head + gap for row in rows]
            width = max(one.width for _name, one in pictures)
            whole = Image.new("RGB", (columns * (width + gap) + gap, sum(heights) + gap), "#808080")
            draw, top = ImageDraw.Draw(whole), gap
            for row, height in zip(rows, heights, strict=True):
                for at, (name, picture) in enumerate(row):
                    left = gap + at * (width + gap)
                    draw.text((left, top), name, fill="white")
                    whole.paste(picture, (left, top + head))
                top += height
            whole.save(PICTURES / f"console-{self.name}-{sheet}.png")


def open_page(page: Page, product: Product, route: str, known: dict[str, Any], project: str = "") -> bool:
    """Whether there is such a page: a project with nothing has no page of one topic."""
    if route.endswith("/apps/") and "chat" in known:  # a page that a Phone has not
        known = known | {"widget": known["chat"]}
    needed = re.findall(r"<(?:\w+:)?(\w+)>", route)
    if not all(name in known for name in needed):
        return False
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), route)
    url = f"{product.url}/console/{f'{project}/' if project else ''}{path}"
    told = page.request.get(url, max_redirects=0)
    if told.status != 200 or "html" not in told.headers["content-type"]:
        return False
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return True


def confirm(page: Page, product: Product) -> None:
    """Say the password once more, as the pages of the second step want it."""
    page.goto(f"{product.url}/console/account/confirm/?next=/console/account/")
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url("**/console/account/")


def test_every_page_in_every_size_and_theme(console: Callable[..., Page], product: Product, numbers: dict[str, Any]):
    page, sheets, seen = console(), Sheets("all"), set()
    for project, pages in (("harbour-bikes", OF_PROJECTS), ("", OF_PEOPLE)):
        if not project:
            confirm(page, product)
        for name, route in pages:
            if open_page(page, product, route, numbers["harbour-bikes"], project):
                seen.add(name)
                sheets.look(page, name)
    out = console()
    out.context.clear_cookies()
    out.goto(f"{product.url}/console/login/")
    sheets.look(out, "login")
    sheets.save()
    assert not sheets.problems, "\n".join(sheets.problems)
    assert {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"} <= seen
    assert {name for name, _route in OF_PROJECTS} - seen <= {"topics_export", "variants_export"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_with_far_too_much(
    console: Callable[..., Page], product: Product, numbers: dict[str, Any], language: str
):
    page, sheets = console(locale=language), Sheets(f"much-{language}")
    for name, route in OF_PROJECTS:
        if open_page(page, product, route, numbers["too-much"], "too-much"):
            sheets.look(page, name, sizes=["desktop", "phone"], themes=["light"], axe=False)
    sheets.save()
    assert not sheets.problems, "\n".join(sheets.problems)


def test_tools_and_sources_in_german(console: Callable[..., Page], product: Product, numbers: dict[str, Any]):
    """Also what they show after something was done: a server that was asked, a question that was tried."""
    page, sheets = console(locale="de"), Sheets("tools-de")
    for name, route in OF_PROJECTS:
        if name.startswith(("tool", "source", "model")) and open_page(
            page, product, route, numbers["harbour-bikes"], "harbour-bikes"
        ):
            sheets.look(page, name)
    page.goto(f"{product.url}/console/harbour-bikes/tools/server/")
    page.fill("#url", "ftp://mcp.example.com")
    with page.expect_navigation():
        page.click("button[value=look]")
    expect(page.get_by_role("alert")).to_contain_text("Sie sieht aus wie https://mcp.example.com/mcp")
    sheets.look(page, "tool_server, refused")
    page.goto(f"{product.url}/console/harbour-bikes/sources/{numbers['harbour-bikes']['source']}/")
    page.fill("#try-text", "When do you open?")
    page.click("form.try [type=submit]")
    expect(page.locator("[data-verdict]")).not_to_be_empty()
    sheets.look(page, "source, tried")
    sheets.save()
    assert not sheets.problems, "\n".join(sheets.problems)


def test_every_page_in_german_on_a_phone(console: Callable[..., Page], product: Product, numbers: dict[str, Any]):
    page, sheets = console(locale="de"), Sheets("german")
    for project, pages in (("harbour-bikes", OF_PROJECTS), ("", OF_PEOPLE)):
        for name, route in pages:
            if open_page(page, product, route, numbers["harbour-bikes"], project):
                assert page.evaluate("() => document.documentElement.lang") == "de"
                sheets.look(page, name, sizes=["phone"], themes=["dark"], axe=False)
    sheets.save()
    assert not sheets.problems, "\n".join(sheets.problems)


def test_every_page_of_a_project_with_nothing_in_it(
    console: Callable[..., Page], product: Product, numbers: dict[str, Any]
):
    page, sheets = console(), Sheets("nothing")
    for name, route in OF_PROJECTS:
        if open_page(page, product, route, numbers["with-nothing"], "with-nothing"):
            sheets.look(page, name, sizes=["desktop", "phone"], themes=["light"])
    sheets.save()
    assert not sheets.problems, "\n".join(sheets.problems)
