"""What calls cost the gateway: processor time and memory of 1, 2 and 4 at once, with embedded speech and recording.

    python -m bench load [--calls 1 2 4] [--seconds 40]

Visitors without a browser come in by the same road (frame, ticket, socket, offer), ask questions aloud one after the
other, and listen to the answers. Counted is the gateway with its helper processes; visitors run beside it on the same
machine, so the waits of many calls say more about this machine than about a bigger one.
"""

import argparse
import asyncio
import json
import re
import shutil
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psutil
from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

from agents.speech.sound import Pcm
from bench.call import QUESTIONS
from bench.table import Baseline, Row, show
from tests.browser import speech
from tests.browser.site import Product, until
from tests.fakes.visitor import Visitor, read_wav

SLICE_S = 5.0  # processor time is looked at so often
PAUSE_S = 0.7  # between an answer and the next question
APART_S = 2.3  # calls begin so far apart, so that they do not ask in one voice


class Socket(WebSocketClientProtocol):
    """The signalling socket of one visitor: answers pings, keeps the answer and what the agent is doing."""

    def __init__(self) -> None:
        super().__init__()
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.answer: asyncio.Future[str] = loop.create_future()
        self.doing = asyncio.Condition()
        self.agent = ""
        self.reference = ""
        self.told: list[tuple[float, dict[str, Any]]] = []  # transcriptions, by the loop's clock

    def onOpen(self) -> None:
        self.opened.set_result(None)

    async def onMessage(self, payload: bytes, isBinary: bool) -> None:
        message = json.loads(payload)
        data = message.get("data") or {}
        match message["type"], message.get("name"):
            case "ping", _:
                self.tell(type="pong", t=message["t"])
            case "answer", _:
                self.answer.set_result(data["sdp"])
            case "error", _:
                refused = RuntimeError(f"The server refused: {data}")
                if self.answer.done():
                    raise refused
                self.answer.set_exception(refused)
            case "event", "registered":
                self.reference = data["reference"]
            case "event", "transcription":
                self.told.append((asyncio.get_running_loop().time(), data))
            case "event", "state":
                async with self.doing:
                    self.agent = data["state"]
                    self.doing.notify_all()

    def tell(self, **message: Any) -> None:
        self.sendMessage(json.dumps(message).encode())

    async def until(self, state: str) -> None:
        async with self.doing, asyncio.timeout(60):
            await self.doing.wait_for(lambda: self.agent == state)


def _fetch(url: str, origin: str, body: dict[str, Any] | None = None) -> str:
    headers = {"Origin": origin, "Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


class Caller:
    """One visitor in a call, from the frame to the goodbye."""

    def __init__(self, product: Product, code: str, visitor: Callable[[], Visitor] | None = None) -> None:
        self.product, self.code = product, code
        self._visitor = visitor or partial(Visitor, listen=False)
        self.answers = 0

    @asynccontextmanager
    async def call(self) -> AsyncIterator["Caller"]:
        own = self.product.url
        document = await asyncio.to_thread(_fetch, f"{own}/widget/{self.code}/frame?host={self.product.site}", own)
        settings = json.loads(re.search(r'<script id="settings"[^>]*>(.*?)</script>', document, re.S)[1])
        ticket = await asyncio.to_thread(_fetch, own + settings["urls"]["ticket"], own, {"grant": settings["grant"]})
        factory = WebSocketClientFactory(settings["urls"]["signal"], origin=own)
        factory.protocol = Socket
        loop = asyncio.get_running_loop()
        _, self.socket = await loop.create_connection(factory, "localhost", self.product.port)
        await self.socket.opened
        self.socket.tell(type="hello", ticket=json.loads(ticket)["ticket"], lastEvent=0)
        async with self._visitor() as self.visitor:
            await self.visitor.connect(self._answer)
            await self.socket.until("speaking")
            await self.socket.until("listening")
            try:
                yield self
            finally:
                self.socket.tell(type="close", sessionId=None)
                await asyncio.sleep(0.5)
                self.socket.sendClose(1000)

    async def _answer(self, sdp: str) -> str:
        self.socket.tell(type="offer", sessionId=None, data={"type": "offer", "sdp": sdp})
        return await self.socket.answer

    async def ask(self, questions: list[Pcm], over: asyncio.Event) -> None:
        """One question after the other until time is up."""
        at = 0
        while not over.is_set():
            self.visitor.say(questions[at % len(questions)])
            at += 1
            await self.visitor.finished_speaking()
            await self.socket.until("speaking")
            await self.socket.until("listening")
            self.answers += 1
            await asyncio.sleep(PAUSE_S)


class Gateway:
    """The gateway's process with its helpers, looked at from outside."""

    def __init__(self, product: Product) -> None:
        assert product._process is not None
        children = psutil.Process(product._process.pid).children()
        self._process = next(each for each in children if "gateway" in each.cmdline())

    def _all(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def cpu_s(self) -> float:
        return sum(sum(each.cpu_times()[:2]) for each in self._all())

    def mib(self) -> float:
        return sum(each.memory_full_info().uss for each in self._all()) / 2**20

    async def percent(self, seconds: float) -> list[float]:
        """Of one core, in slices."""
        found, loop = [], asyncio.get_running_loop()
        for _ in range(max(1, round(seconds / SLICE_S))):
            before, began = self.cpu_s(), loop.time()
            await asyncio.sleep(SLICE_S)
            found.append(100 * (self.cpu_s() - before) / (loop.time() - began))
        return found


async def measure(product: Product, code: str, calls: int, questions: list[Pcm], seconds: float) -> dict[str, Any]:
    gateway = Gateway(product)
    before = gateway.mib()
    over = asyncio.Event()
    callers = [Caller(product, code) for _ in range(calls)]

    async def visit(caller: Caller, number: int) -> None:
        await asyncio.sleep(number * APART_S)
        async with caller.call():
            mine = questions[number * 3 :] + questions[: number * 3]
            await caller.ask(mine, over)

    async with asyncio.TaskGroup() as group:
        for number, caller in enumerate(callers):
            group.create_task(visit(caller, number))
        await asyncio.sleep(calls * APART_S + 5)
        percent = await gateway.percent(seconds)
        during = gateway.mib()
        over.set()
    kept = await asyncio.to_thread(until, lambda: _kept(product, {caller.socket.reference for caller in callers}))
    waits = [
        turn["timings"]["first_sound"] for one in kept for turn in one["turns"] if "first_sound" in turn["timings"]
    ]
    return {"cpu": [each / calls for each in percent], "mib": [(during - before) / calls], "waits": waits}


def _kept(product: Product, references: set[str]) -> list[dict[str, Any]] | None:
    found = [one for one in product.conversations() if one["reference"] in references and one["cause"]]
    return found if len(found) == len(references) else None


async def main(options: argparse.Namespace) -> None:
    questions = [await asyncio.to_thread(lambda one=one: read_wav(speech.spoken(one))) for one in QUESTIONS[:12]]
    product = Product(STUDIO_CALLS_PER_ADDRESS="1000")
    try:
        await asyncio.to_thread(product.start)
        code = next(widget["code"] for widget in product.demo()["widgets"] if not widget["consent"])
        idle = await Gateway(product).percent(10)
        await measure(product, code, 1, questions, SLICE_S)  # the first call brings in what later ones share
        rows = [Row("no call: processor, % of a core", idle, "%"), Row("memory", [Gateway(product).mib()], "MiB")]
        alone: dict[str, Baseline] = {}
        for calls in options.calls:
            found = await measure(product, code, calls, questions, options.seconds)
            name = f"{calls} call" + ("s" if calls > 1 else "")
            for key, what, unit in (
                ("cpu", "processor a call, % of a core", "%"),
                ("mib", "memory a call", "MiB"),
                ("waits", "end of speech to first sound, by the server", "ms"),
            ):
                rows.append(Row(f"{name}: {what}", found[key], unit, baseline=alone.get(key)))
                if calls == options.calls[0]:
                    alone[key] = Baseline(name, rows[-1].p50)
        show("Calls at once (embedded speech; visitors ask, listen, ask again)", rows)
    finally:
        await asyncio.to_thread(product.stop)
        shutil.rmtree(product.data, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=40.0)
    asyncio.run(main(parser.parse_args()))
