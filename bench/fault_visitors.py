"""The visitors of the bench of accidents: who calls, what they say, and what befalls one of them alone."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fakes.guest import Guest, TurnedAway
from tests.fakes.house import House

TURNS = (3, 8)  # that a visitor says in one call
ANSWER_S = 10.0  # then what was said went under in an accident, and the visitor says more
AGAIN_S = 0.5  # until somebody who was refused tries again
GIVE_UP_S = 240.0
OWN = ("none", "socket", "sound", "both", "gone")  # what may happen to one visitor


@dataclass
class Run:
    """What happened."""

    guests: list[Guest] = field(default_factory=list)
    accidents: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    refusal_ms: list[float] = field(default_factory=list)  # while the database was away
    caught_up_s: list[float] = field(default_factory=list)
    restart_s: list[float] = field(default_factory=list)
    most_waiting: int = 0
    away: bool = False
    left: int = 0  # calls to come


class Visitors:
    """All of a run. One after the other is let in, as often as `visit` runs at once."""

    def __init__(self, house: House, run: Run, chance: random.Random) -> None:
        self.house, self.run, self.chance = house, run, chance
        self.calls = run.left

    async def visit(self) -> None:
        """One visitor after the other, until there were enough."""
        while self.run.left > 0:
            self.run.left -= 1
            number = self.calls - self.run.left
            guest = await self.let_in(f"198.51.100.{number}")
            self.run.guests.append(guest)
            try:
                await self.talk(guest)
            except TurnedAway as over:
                self.run.accidents[f"call over: {over.code}"] += 1
            except Exception as error:  # noqa: BLE001  a visitor that breaks is no reason to stop looking
                self.run.accidents[f"visitor broke: {type(error).__name__} {error}"[:100]] += 1
            finally:
                await guest.close()

    async def let_in(self, address: str) -> Guest:
        give_up = time.monotonic() + GIVE_UP_S
        while time.monotonic() < give_up:
            guest, began, away = Guest(self.house, address), time.monotonic(), self.run.away
            try:
                return await guest.call()
            except (TurnedAway, TimeoutError, ConnectionError) as refused:
                code = refused.code if isinstance(refused, TurnedAway) else "no answer"
                self.run.refused[code] += 1
                if away and self.run.away:
                    self.run.refusal_ms.append((time.monotonic() - began) * 1000)
                if guest.told:  # it was let in, and broke off soon after
                    self.run.guests.append(guest)
                await guest.close()
            await asyncio.sleep(AGAIN_S)
        raise RuntimeError("Nobody was let in for minutes.")

    async def talk(self, guest: Guest) -> None:
        turns = self.chance.randint(*TURNS)
        accident, at = self.chance.choice(OWN), self.chance.randrange(turns)
        turn = -1
        while (
            turn := turn + 1
        ) < turns or self.run.away:  # who is in a call when the database goes talks until it is back
            saying = asyncio.ensure_future(self.say(guest))
            try:
                if turn == at and accident != "none":
                    await asyncio.sleep(self.chance.uniform(0.0, 1.5))
                    if await self.harm(guest, accident):
                        return
                await saying
            finally:
                saying.cancel()
                await asyncio.gather(saying, return_exceptions=True)
        await guest.hang_up()

    async def say(self, guest: Guest) -> None:
        """Something that is answered, if the visitor is still there."""
        try:
            async with asyncio.timeout(ANSWER_S):
                await guest.speak()
        except TimeoutError:
            self.run.accidents["a sentence went under"] += 1
        except TurnedAway:
            if guest.ended is not None:
                raise
            await self.back(guest)

    async def back(self, guest: Guest) -> None:
        """Into the call, as long as that may work. Raises TurnedAway when the call is over."""
        give_up = time.monotonic() + 30
        while True:
            try:
                return await guest.come_back()
            except TurnedAway as refused:
                if refused.code not in ("NETWORK", "CALL_ELSEWHERE") or time.monotonic() > give_up:
                    raise
            await asyncio.sleep(AGAIN_S)

    async def harm(self, guest: Guest, accident: str) -> bool:
        """True when the visitor never comes back."""
        self.run.accidents[f"visitor: {accident}"] += 1
        if accident != "socket":
            guest.kill_sound()
        if accident != "sound":
            guest.kill_socket()
        if accident == "gone":
            return True
        if accident != "socket":
            if accident == "both":
                await self.back(guest)
            await guest.sound()
        return False
