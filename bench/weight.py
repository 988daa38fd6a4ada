"""What the tag costs a page: bytes up to In call as they come over the wire, and time of its main thread."""

import shutil
from collections import defaultdict
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, sync_playwright

from bench.table import Baseline, Row, show
from tests.browser import microphone
from tests.browser.card import Card
from tests.browser.chromium import Chromium
from tests.browser.site import Product, Strangers

LOADER_AIM, PHONE_AIM = 6.0, 30.0  # kB
TIMES = 20
SLOWER = 4  # a cheap phone beside this machine
# What others' pages load for a call: minified and gzipped, as published on their package registry. Measured once.
RIVALS_KB = {
    "Twilio voice-sdk 2.18.5": 65.8,
    "Vapi web 2.7.1": 82.7,
    "Pipecat client + WebRTC transport 1.13": 116.0,
    "livekit-client 2.23": 150.4,
    "Retell client 2.0.8": 152.7,
    "ElevenLabs client 1.25": 167.4,
    "ElevenLabs embed widget 0.5.4": 190.9,
    "Vapi embed widget 0.1.1": 216.6,
}


def fetched(browser: Browser, product: Product) -> dict[str, tuple[str, int, int]]:
    """What a first visit asks our server for until the card says In call: kind, bytes as served, bytes unpacked."""
    context = browser.new_context()
    context.add_init_script(microphone.SCRIPT)
    context.grant_permissions(["microphone"])
    requests: list[Request] = []
    context.on("requestfinished", lambda request: requests.append(request))
    card = Card(context.new_page())
    card.page.goto(product.demo()["site"]["url"])
    card.open().press("start")
    card.expect_state("in-call")
    found = {}
    for request in requests:
        path = urlsplit(request.url).path
        if urlsplit(request.url).port != product.port or path.startswith(("/demo", "/static/demo")):
            continue
        answer = request.response()
        if answer is not None and request.method == "GET":
            found[path] = (request.resource_type, request.sizes()["responseBodySize"], len(answer.body()))
    card.press("end")
    card.expect_state("ended")
    context.close()
    return found


def busy_ms(browser: Browser, url: str) -> dict[str, float]:
    """What a page's main thread does until it has loaded, on a processor held to a quarter of its speed."""
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send("Performance.enable")
    page.goto(url, wait_until="load")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")  # the launcher is drawn
    told = {one["name"]: one["value"] * 1000 for one in devtools.send("Performance.getMetrics")["metrics"]}
    long = page.evaluate(
        """() => new Promise((done) => {
          new PerformanceObserver((list) => done(Math.max(0, ...list.getEntries().map((one) => one.duration))))
            .observe({ type: 'longtask', buffered: true });
          setTimeout(() => done(0), 200);
        })"""
    )
    context.close()
    layout = told["LayoutDuration"] + told["RecalcStyleDuration"]
    return {"all": told["TaskDuration"], "script": told["ScriptDuration"], "layout": layout, "longest": long}


def main_thread(browser: Browser, product: Product) -> None:
    """The same page with the tag and without, turn by turn."""
    strangers = Strangers()
    try:
        tag = f'<script src="{product.demo()["widgets"][0]["script"]}"></script>'
        pages = [strangers.put(path, body, host="127.0.0.1") for path, body in (("/with", tag), ("/without", ""))]
        for url in pages:
            busy_ms(browser, url)
        took = [[busy_ms(browser, url) for url in pages] for _ in range(TIMES)]
    finally:
        strangers.stop()

    def row(name: str, words: str) -> Row:
        bare = Row("", [without[name] for _, without in took]).p50
        return Row(words, [having[name] for having, _ in took], baseline=Baseline("the page without it", bare))

    show(
        f"Main thread until the page has loaded, processor {SLOWER} times slower",
        [
            row("all", "everything the page does"),
            row("script", "of it scripts"),
            row("layout", "of it layout and styles"),
            Row("longest task over 50 ms (0: none)", [having["longest"] for having, _ in took]),
            Row("what the tag adds", [having["all"] - without["all"] for having, without in took]),
        ],
    )


def main() -> None:
    product = Product()
    try:
        product.start()
        chromium = Chromium()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.connect_over_cdp(chromium.endpoint)
                found = fetched(browser, product)
                main_thread(browser, product)
        finally:
            chromium.stop()
    finally:
        product.stop()
        shutil.rmtree(product.data, ignore_errors=True)
    loader = sum(size for path, (_, size, _) in found.items() if path.endswith(".js") and path.startswith("/widget/"))
    kinds: dict[str, int] = defaultdict(int)
    for kind, size, _ in found.values():
        kinds[kind] += size
    whole = sum(kinds.values())
    lightest = Baseline("lightest rival", min(RIVALS_KB.values()))
    show(
        "Fetched by a first visit until In call, as served (gzip where it is)",
        [
            Row("the script of the tag, on every page", [loader / 1000], "kB", (LOADER_AIM,), lightest),
            Row("all of it, once somebody calls", [whole / 1000], "kB", (PHONE_AIM,), lightest),
            *(Row(f"of it {kind}", [size / 1000], "kB") for kind, size in sorted(kinds.items())),
        ],
    )
    print(f"\n{len(found)} files:")
    for path, (kind, size, plain) in sorted(found.items(), key=lambda one: -one[1][1]):
        print(f"- {size:6} bytes of {plain:6}  {kind:10} {path if len(path) < 80 else path[:20] + '…' + path[-20:]}")
    print("\nOthers, script only, gzip kB: " + "; ".join(f"{name} {size:.0f}" for name, size in RIVALS_KB.items()))


if __name__ == "__main__":
    main()
