"""What accidents cost: 50 calls, while sockets, sound, the gateway and the database are killed at random moments.

    python -m bench faults [--calls 50] [--at-once 6] [--outage 60] [--seed 1]

The real product in processes of its own on a real PostgreSQL, with scripted engines; visitors without a browser, who
come back as the card does. The baseline of "turns lost" is what visitors were shown: a turn that somebody saw and the
database does not have, or has only in an earlier form, is lost. Ends with status 1 when anything was lost or leaked.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import time
from collections import Counter

from bench.fault_visitors import AGAIN_S, Run, Visitors
from bench.table import Baseline, Row, show
from tests.browser.site import free_port, until
from tests.fakes import postgres
from tests.fakes.guest import Guest, TurnedAway
from tests.fakes.house import House
from tests.fakes.postgres import Postgres

APART_S = (8.0, 16.0)  # between two accidents of the house
SHORT_OUTAGE_S = 5.0

OUTBOX = """
import json
from collections import Counter
from calling.models import Outbox
rows = Outbox.objects.filter(task="encode_recording").values_list("payload", flat=True)
print(json.dumps(Counter(row["conversation"] for row in rows)))
"""


class Trial:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.chance = random.Random(options.seed)
        self.run = Run(left=options.calls)
        self.database = Postgres(free_port())
        self.house = House(
            DATABASE_URL=self.database.url,
            STUDIO_SPEECH="scripted",
            STUDIO_MAX_CALLS=str(options.at_once),
            STUDIO_TRUSTED_PROXIES="1",
            STUDIO_END_OF_TURN_MS="200",
        )
        self.visitors = Visitors(self.house, self.run, self.chance)

    # ── The house ────────────────────────────────────────────────────────────────────────────────────────────

    async def wreck(self) -> None:
        """Gateway and database, in turns; the first outage is the long one, and later ones see the gateway killed."""
        outages = 0
        while True:
            await asyncio.sleep(self.chance.uniform(*APART_S))
            await self.kill_gateway()
            await asyncio.sleep(self.chance.uniform(*APART_S))
            outages += 1
            first = outages == 1
            await self.outage(self.options.outage if first else SHORT_OUTAGE_S, kill=not first)

    async def kill_gateway(self) -> None:
        self.run.accidents["gateway killed"] += 1
        await asyncio.to_thread(self.house.kill, "gateway")
        began = time.monotonic()
        self.house.begin("gateway")
        await asyncio.to_thread(self.house.until_ready)
        self.run.restart_s.append(time.monotonic() - began)

    async def outage(self, seconds: float, *, kill: bool) -> None:
        self.run.accidents[f"database away for {seconds:.0f} s" + (", gateway killed meanwhile" if kill else "")] += 1
        await asyncio.to_thread(self.database.stop)
        self.run.away = True
        try:
            await asyncio.sleep(seconds)
            self.run.most_waiting = max(self.run.most_waiting, (await self.notes())["waiting"])
            if kill:
                await self.kill_gateway()
        finally:
            self.run.away = False
            await asyncio.to_thread(self.database.start)
        began = time.monotonic()
        while (await self.notes())["waiting"] > self.options.at_once:  # running calls always have some on the way
            await asyncio.sleep(0.1)
        self.run.caught_up_s.append(time.monotonic() - began)

    async def notes(self) -> dict[str, int]:
        return (await asyncio.to_thread(self.house.health))["notes"]

    # ── The sum ──────────────────────────────────────────────────────────────────────────────────────────────

    async def go(self) -> int:
        await asyncio.to_thread(self.house.start)
        began = time.monotonic()
        wrecking = asyncio.ensure_future(self.wreck())
        visits = asyncio.gather(*(self.visitors.visit() for _ in range(self.options.at_once)))
        await asyncio.wait({wrecking, visits}, return_when=asyncio.FIRST_COMPLETED)
        if wrecking.done():
            visits.cancel()
            wrecking.result()
        wrecking.cancel()
        await asyncio.gather(wrecking, return_exceptions=True)
        await visits
        took_s = time.monotonic() - began
        await asyncio.to_thread(self.settle)
        leaked = await self.leaked()
        return await asyncio.to_thread(self.tell, took_s, leaked)

    def settle(self) -> None:
        """Whoever was cancelled may have left something dead; then everything comes to rest."""
        self.database.ensure()
        self.house.ensure("gateway")
        self.house.until_ready()
        until(lambda: self.house.health()["activeSessions"] == 0, 120)
        until(lambda: self.house.health()["notes"]["waiting"] == 0, 120)

    async def leaked(self) -> int:
        """Slots that are not free though nobody calls: as many calls are made as there are lines, all at once."""
        guests = [Guest(self.house, f"203.0.113.{number}") for number in range(self.options.at_once)]
        found = await asyncio.gather(*map(self.finds_a_line, guests))
        for guest in guests:
            if guest.token:
                await guest.hang_up()
            await guest.close()
        return found.count(False)

    async def finds_a_line(self, guest: Guest) -> bool:
        """After an accident the house may not be ready yet: that is no slot that leaked."""
        give_up = time.monotonic() + 60
        while True:
            try:
                await guest.call()
                return True
            except TurnedAway as refused:
                if refused.code == "FULL" or time.monotonic() > give_up:
                    self.run.accidents[f"no line at the end: {refused.code}"] += 1
                    return False
                await guest.close()
                guest.refused = ""
            await asyncio.sleep(AGAIN_S)

    def tell(self, took_s: float, leaked: int) -> int:
        run = self.run
        conversations = json.loads(self.house.manage("conversations", "--json", "--limit=1000"))
        kept = {one["reference"]: one for one in conversations}
        handed_over = json.loads(self.house.manage("shell", "--verbosity", "0", "--command", OUTBOX))
        called = {guest.reference: guest for guest in run.guests}
        shown = sum(len(guest.told) for guest in called.values())
        lost = [f"{name} {each}" for name, guest in called.items() for each in missing(guest, kept.get(name))]
        ended = sum(bool(one["cause"] and one["ended_at"]) for one in conversations)
        twice = sum(count > 1 for count in handed_over.values())
        causes = Counter(kept[name]["cause"] for name in called if name in kept)
        print(f"\n{len(called)} calls in {took_s:.0f} s, {self.options.at_once} at a time. What happened to them:")
        for what, count in sorted(run.accidents.items()):
            print(f"- {what}: {count}")
        print(f"Ended as {dict(causes)}. Refused on the way in: {dict(run.refused)}.")
        notes = self.house.health()["notes"]
        show(
            "Accidents",
            [
                Row("turns lost", [len(lost)], "", baseline=Baseline("shown to visitors", shown)),
                Row("slots leaked", [leaked], "", baseline=Baseline("lines", self.options.at_once)),
                Row("conversations with an end", [ended], "", baseline=Baseline("conversations", len(conversations))),
                Row("recordings handed over twice", [twice], "", baseline=Baseline("recordings", len(handed_over))),
                Row("notes dropped, damaged or set aside", [notes["lost"] + notes["setAside"]], ""),
                Row("notes that waited at the end of an outage, at most", [run.most_waiting], ""),
                Row("the database is back to everything written", run.caught_up_s, "s"),
                Row("a gateway that was killed serves again", run.restart_s, "s"),
                Row("a caller is told that the database is away", run.refusal_ms),
            ],
        )
        for each in lost[:20]:
            print(f"Lost: {each}")
        return int(bool(lost or leaked or twice or ended != len(conversations) or notes["lost"] or notes["setAside"]))

    def end(self) -> None:
        self.house.stop()
        self.database.remove()
        shutil.rmtree(self.house.data, ignore_errors=True)


def missing(guest: Guest, conversation: dict | None) -> list[str]:
    """What the visitor saw and the database does not have."""
    if conversation is None:
        return ["the whole conversation"] if guest.told else []
    kept = {turn["index"]: (turn["speaker"], turn["text"]) for turn in conversation["turns"]}
    return [
        f"{index}: {seen[-1]} is {kept.get(index)}"
        for index, seen in guest.told.items()
        if index not in kept or (kept[index] in seen[:-1] and kept[index] != seen[-1])
    ]


def main(given: list[str]) -> int:
    options = argparse.ArgumentParser(prog="bench.faults")
    options.add_argument("--calls", type=int, default=50)
    options.add_argument("--at-once", type=int, default=6)
    options.add_argument("--outage", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=1)
    wanted = options.parse_args(given)
    if postgres.programs() is None:
        print("PostgreSQL is not installed: sh tests/tools.sh")
        return 1
    trial = Trial(wanted)
    try:
        return asyncio.run(trial.go())
    except BaseException:
        print(trial.house.output(60))
        raise
    finally:
        trial.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
