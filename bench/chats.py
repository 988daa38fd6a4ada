"""Chats on the real product: how fast messages are echoed and answered with many open, and what an idle one holds.

    python -m bench chats [--chats 500] [--rate 20] [--seconds 30]

One gateway with the embedded topic matching, its SQLite, and clients of the messaging API, each from an address of its
own; they share the machine with the server. Echo and first words count from the send in the client.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import time
import uuid
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.table import Row, show
from tests.browser.site import until
from tests.fakes.house import House
from tests.fakes.messaging import Sdk, Served

WARM = 20  # chats before the first figure: what is loaded once is no chat's
CALM_KB, CALM_TRIES = 64.0, 15
AT_ONCE = 8  # chats that come in side by side
ECHO_AIM_MS, FIRST_AIM_MS, IDLE_AIM_KB = (50.0, 250.0), (500.0, 1500.0), (40.0,)
QUESTIONS = ("When are you open?", "Do you repair e-bikes?", "What does a service cost?", "Where can I park?")
PREFIX = "EVENT_TYPE_"


class At(Served):
    """A server that is asked from one address."""

    def __init__(self, url: str, address: str) -> None:
        super().__init__(url)
        self.address = address

    async def post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return await super().post(path, body, headers | {"X-Forwarded-For": self.address})


@dataclass
class Times:
    """Milliseconds from the send."""

    echo: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    refused: int = 0  # a client of the apps would send it again


@dataclass
class Chat:
    sdk: Sdk
    times: Times
    sent: dict[str, float] = field(default_factory=dict)  # by local id
    asked_at: float | None = None
    reader: "asyncio.Task[None] | None" = None

    async def read(self) -> None:
        while True:
            assert self.sdk.socket is not None
            try:
                text = await self.sdk.socket.receive()
            except TimeoutError:  # a client waits as long as it is open, not for a test's patience
                continue
            if isinstance(text, int):
                self.refuse()
                return
            self.take(json.loads(text), time.perf_counter())

    def take(self, frame: dict[str, Any], now: float) -> None:
        type, payload = frame["type"].removeprefix(PREFIX), frame["payload"]
        if type == "USER_MESSAGE":
            local = frame["metadata"]["custom"].get("local_id", "")
            if local in self.sent:
                self.times.echo.append((now - self.sent.pop(local)) * 1000)
        elif type == "SYSTEM_MESSAGE":
            self.refuse()
        elif type == "POLY_AGENT_MESSAGE_CHUNK" and self.asked_at is not None:
            if payload["chunk_index"] == 1:
                self.times.first.append((now - self.asked_at) * 1000)
            if payload["is_complete"]:
                self.times.whole.append((now - self.asked_at) * 1000)
                self.asked_at = None

    def refuse(self) -> None:
        self.times.refused += len(self.sent)
        self.sent.clear()
        self.asked_at = None

    @property
    def rests(self) -> bool:
        return self.asked_at is None and not self.sent

    async def ask(self, text: str) -> None:
        local = str(uuid.uuid4())
        self.sent[local] = self.asked_at = time.perf_counter()
        await self.sdk.say("USER_MESSAGE", {"text": text}, local_id=local)


async def come_in(house: House, app: dict[str, str], number: int, times: Times) -> Chat:
    address = f"198.{18 + number // 62500 % 2}.{number // 250 % 250}.{number % 250 + 1}"
    sdk = Sdk(app["token"], app["host"], platform="web", streaming=True, server=At(house.url, address))
    sdk.headers = {"X_Forwarded_For": address}
    await sdk.start()
    chat = Chat(sdk, times)
    chat.reader = asyncio.ensure_future(chat.read())
    return chat


async def crowd(house: House, app: dict[str, str], first: int, count: int, times: Times) -> list[Chat]:
    numbers, chats = iter(range(first, first + count)), []

    async def enter() -> None:
        for number in numbers:
            chats.append(await come_in(house, app, number, times))

    await asyncio.gather(*(enter() for _ in range(AT_ONCE)))
    return chats


def held_kb(pid: int) -> float:
    """What the process holds of the machine's memory and shares with nobody."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty"):
            return float(line.split()[1])
    raise RuntimeError("no smaps_rollup")


async def calm(pid: int) -> float:
    """What it holds once that rests: a start gives back what it needed for itself."""
    held = held_kb(pid)
    for _ in range(CALM_TRIES):
        await asyncio.sleep(2)
        before, held = held, held_kb(pid)
        if abs(held - before) < CALM_KB:
            break
    return held


async def load(chats: list[Chat], rate: float, seconds: float) -> float:
    """Messages at this rate, each from a chat that rests. How many went out a second."""
    began, sent = time.perf_counter(), 0
    chance = random.Random(1)
    while (now := time.perf_counter() - began) < seconds:
        due = int(now * rate)
        while sent < due:
            free = [chat for chat in chats if chat.rests]
            if not free:
                break
            await chance.choice(free).ask(chance.choice(QUESTIONS))
            sent += 1
        await asyncio.sleep(0.005)
    return sent / seconds


async def settled(chats: list[Chat]) -> None:
    while not all(chat.rests for chat in chats):
        await asyncio.sleep(0.05)


async def burst(chats: list[Chat]) -> tuple[float, Times]:
    """Everybody writes at once. Messages answered a second."""
    times = Times()
    for chat in chats:
        chat.times = times
    began = time.perf_counter()
    for chat in chats:
        await chat.ask(QUESTIONS[0])
    await settled(chats)
    return len(times.whole) / (time.perf_counter() - began), times


async def run(house: House, options: argparse.Namespace) -> None:
    app = next(one["app"] for one in house.described["widgets"] if one["kind"] == "chat")
    pid, times = house._running["gateway"].pid, Times()
    warm = await crowd(house, app, 0, WARM, Times())
    for chat in warm:
        await chat.ask(QUESTIONS[1])
    await settled(warm)
    half = options.chats // 2
    chats = await crowd(house, app, WARM, half, times)
    before = await calm(pid)  # what is taken once, and what rooms a burst of them needs, is no chat's
    chats += await crowd(house, app, WARM + half, options.chats - half, times)
    idle = (await calm(pid) - before) / (options.chats - half)
    sent = await load(chats, options.rate, options.seconds)
    await settled(chats)
    at_once, crowded = await burst(chats)
    p99 = sorted(times.echo)[int(len(times.echo) * 0.99)]
    show(
        f"{options.chats} open chats on one gateway, {sent:.1f} messages a second over {options.seconds:.0f} s",
        [
            Row("echo", times.echo, aim=ECHO_AIM_MS),
            Row("echo, p99", [p99]),
            Row("first words of an answer", times.first, aim=FIRST_AIM_MS),
            Row("the whole of it", times.whole),
            Row("memory of an idle chat", [idle], "kB", aim=IDLE_AIM_KB),
            Row("refused", [times.refused], "messages"),
            Row("everybody at once: answered a second", [at_once], "/s"),
            Row("everybody at once: refused", [crowded.refused], "messages"),
            Row("everybody at once: echo", crowded.echo),
            Row("everybody at once: first words", crowded.first),
        ],
    )
    for chat in [*warm, *chats]:
        if chat.reader:
            chat.reader.cancel()


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench chats")
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args(given)
    house = House(STUDIO_TRUSTED_PROXIES="1")
    house.manage("migrate", "--no-input", "--verbosity", "0")
    house.manage("collectstatic", "--no-input", "--verbosity", "0")
    house.described = house.demo()
    try:
        house.begin("gateway")
        until(partial(answers, house))
        asyncio.run(run(house, options))
    finally:
        house.stop()
        shutil.rmtree(house.data, ignore_errors=True)
    return 0


def answers(house: House) -> bool:
    house.until_ready()
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
