"""Sound connections: processor time a call and lateness of frames, ours against plain aiortc, in the same run.

    python bench/media.py [--calls 5 10 25] [--seconds 6] [--loss 20]

A server process and a process of visitors, each on a core of its own where the system allows it. In every call both
sides speak all the time. `live` encodes each clip anew, `cached` plays clips that are encoded already, `plain` is
aiortc as it comes: frames in, frames out, resampled to 16 kHz. Judge ratios: other work on the machine moves the rest.
"""

import argparse
import asyncio
import contextlib
import json
import os
import resource
import sys
import time
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCSessionDescription

from agents.engine.line import Clip, ClipEnded, Say
from agents.speech.sound import SPOKEN_FRAME, SPOKEN_HZ
from calling.call.seat import Seat
from calling.lines.webrtc import aiortc_hooks, opus
from calling.lines.webrtc.addresses import MediaSettings, open_endpoints
from calling.lines.webrtc.connection import Connection, warm_up
from calling.lines.webrtc.sender import Pace
from tests.fakes.visitor import Visitor, every, tone

LOOPBACK = MediaSettings(allow_loopback=True)
SERVERS = ("plain", "live", "cached")
CORE_AIM = 50  # calls a core while the agent speaks all the time, p99 below 10 ms


def voice(seconds: float) -> np.ndarray:
    """Something with harmonics and syllables, so that the encoder works as it does for speech."""
    harmonics = sum(tone(hz, seconds, level=0.3 / at) for at, hz in enumerate(range(140, 1540, 140), 1))
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * np.arange(len(harmonics)) / SPOKEN_HZ)
    return (harmonics * syllables).astype(np.int16)


# ── The servers ──────────────────────────────────────────────────────────────────────────────────────────────


class OurCall:
    """The product's connection and seat, and an agent that never stops talking."""

    def __init__(self, clip: Clip, cached: bool) -> None:
        self.connection, self.seat = Connection(LOOPBACK), Seat(encode=opus.encode_clip)
        self.clip, self.cached, self.frames = clip, cached, 0

    async def answer(self, offer: str) -> str:
        return await self.connection.answer(offer)

    async def run(self) -> None:
        await self.connection.connected()
        self.connection.start(self.seat)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._talk())

    async def _listen(self) -> None:
        async for _ in self.seat.heard():
            self.frames += 1

    async def _talk(self) -> None:
        for _ in range(2):
            await self._say()
        async for event in self.seat.events():
            if isinstance(event, ClipEnded):
                await self._say()

    async def _say(self) -> None:
        packets = self.clip.packets if self.cached else None
        await self.seat.play(Say(Clip(self.clip.text, self.clip.pcm, self.clip.word_ends_s, packets), 1))

    def late_s(self) -> list[float]:
        return list(self.connection._sender.pace._late_s)

    def counters(self) -> dict:
        return self.connection.stats

    async def close(self) -> None:
        await self.connection.close()


class PlainTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self, pcm_48k: np.ndarray) -> None:
        super().__init__()
        self.pace, self.frames = Pace(), pcm_48k[: len(pcm_48k) // 960 * 960].reshape(-1, 960)

    async def recv(self) -> av.AudioFrame:
        number = await self.pace.next()
        frame = av.AudioFrame.from_ndarray(self.frames[number % len(self.frames)].reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, Fraction(1, 48_000)
        return frame


class PlainCall:
    """aiortc's own paths, but for the addresses and the shared certificate, which are not what is compared."""

    def __init__(self, pcm_48k: np.ndarray) -> None:
        self.pc, self.track, self.frames = aiortc_hooks.new_peer_connection(), PlainTrack(pcm_48k), 0

    async def answer(self, offer: str) -> str:
        self.pc.addTrack(self.track)
        aiortc_hooks.gather_on(self.pc, lambda: open_endpoints(LOOPBACK))
        await self.pc.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        return self.pc.localDescription.sdp

    async def run(self) -> None:
        track, resampler = self.pc.getReceivers()[0].track, av.AudioResampler("s16", "mono", 16_000)
        while True:
            for frame in resampler.resample(await track.recv()):
                frame.to_ndarray()
            self.frames += 1

    def late_s(self) -> list[float]:
        return list(self.track.pace._late_s)

    def counters(self) -> dict:
        return {}

    async def close(self) -> None:
        await self.pc.close()


async def serve(kind: str) -> None:
    """Answers lines of JSON on standard input until it closes."""
    await warm_up()
    clip = Clip("word", voice(3.0), (3.0,))
    opus.encode_clip(clip)
    pcm_48k = np.repeat(clip.pcm, 2)
    calls: list = []
    tasks: set[asyncio.Task] = set()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        asked = json.loads(line)
        if "offer" in asked:
            call = PlainCall(pcm_48k) if kind == "plain" else OurCall(clip, kind == "cached")
            calls.append(call)
            answer = await call.answer(asked["offer"])
            tasks.add(asyncio.ensure_future(call.run()))
            told = {"answer": answer}
        elif "reset" in asked:
            for call in calls:
                pace = call.track.pace if kind == "plain" else call.connection._sender.pace
                pace._late_s.clear()
                call.frames = 0
            told = {}
        else:
            told = {"late": [round(each * 1000, 2) for call in calls for each in call.late_s()]}
            told["frames"] = [call.frames for call in calls]
            told["counters"] = [call.counters() for call in calls]
        used = resource.getrusage(resource.RUSAGE_SELF)
        told |= {"cpu_s": used.ru_utime + used.ru_stime, "rss": _rss(), "at": time.monotonic()}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    for call in calls:
        await call.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _rss() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


# ── The visitors ─────────────────────────────────────────────────────────────────────────────────────────────


class Server:
    """A server process, and how to ask it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> "Server":
        command = [sys.executable, __file__, "--serve", self.kind]
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=2**24)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.stdin.close()
        await self._process.wait()

    async def ask(self, **question: object) -> dict:
        async with self._asking:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            return json.loads(await self._process.stdout.readline())

    async def answer(self, offer: str) -> str:
        return (await self.ask(offer=offer))["answer"]


async def measure(kind: str, calls: int, seconds: float, packets: list[bytes], lose: int = 0) -> dict:
    """One window of so many calls that talk both ways."""
    async with Server(kind) as server, contextlib.AsyncExitStack() as stack:
        idle = await server.ask(stats=1)
        visitors = []
        for _ in range(calls):
            options = {"lose_sent": every(lose)} if lose else {}
            visitor = await stack.enter_async_context(Visitor(listen=False, dtx=False, **options))
            visitor.say_packets(packets * (int(seconds / len(packets) / 0.02) + 20))
            visitors.append(visitor)
            await visitor.connect(server.answer)
        await asyncio.sleep(1.0)
        before = await server.ask(reset=1)
        sent = [visitor.sent_count for visitor in visitors]
        await asyncio.sleep(seconds)
        after = await server.ask(stats=1)
        sent_now = [visitor.sent_count for visitor in visitors]
    late = sorted(after["late"]) or [0.0]
    cpu = 100 * (after["cpu_s"] - before["cpu_s"]) / (after["at"] - before["at"])
    return {
        "server": kind,
        "calls": calls,
        "cpu": cpu,
        "cpu_call": cpu / calls,
        "rss_call": (after["rss"] - idle["rss"]) / calls,
        **{name: late[int((len(late) - 1) * part)] for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))},
        "delivered": sum(after["frames"]) / max(1, sum(sent_now) - sum(sent)),
        "counters": after["counters"],
    }


def show(row: dict) -> None:
    print(
        f"{row['server']:8}{row['calls']:6}{row['cpu']:9.1f}{row['cpu_call']:10.2f}{row['rss_call']:10.2f}"
        f"{row['p50']:10.1f}{row['p99']:8.1f}{row['max']:8.1f}",
        flush=True,
    )


async def main(options: argparse.Namespace) -> None:
    encoder = opus.Encoder()
    packets = [encoder.encode(frame) for frame in voice(3.0).reshape(-1, SPOKEN_FRAME)]
    print("server   calls    CPU %  % a call  MiB call  late p50     p99     max ms")
    rows = {}
    for calls in options.calls:
        for kind in SERVERS:
            if kind == "plain" and calls > options.plain_most:
                continue
            rows[kind, calls] = row = await measure(kind, calls, options.seconds, packets)
            show(row)
    print()
    for calls in options.calls:
        if ("plain", calls) in rows:
            plain = rows["plain", calls]["cpu_call"]
            for kind in SERVERS[1:]:
                ratio = plain / rows[kind, calls]["cpu_call"]
                print(f"{calls} calls: {kind} needs 1/{ratio:.1f} of the time that plain aiortc needs")
    most = max(options.calls)
    for kind in SERVERS[1:]:
        row = rows[kind, most]
        fit = 100 / row["cpu_call"]
        print(f"{kind}: {fit:.0f} calls would fill a core (aim {CORE_AIM}); p99 {row['p99']:.1f} ms with {most}")
    if options.loss:
        await compare_loss(options, packets)


async def compare_loss(options: argparse.Namespace, packets: list[bytes]) -> None:
    print(f"\nOne packet in {options.loss} lost on the way up, DTX off, {options.seconds:g} s, 4 calls:")
    plain = await measure("plain", 4, options.seconds, packets, options.loss)
    ours = await measure("cached", 4, options.seconds, packets, options.loss)
    total = {
        name: sum(each[name] for each in ours["counters"]) for name in ("received", "lost", "recovered", "concealed")
    }
    part = {name: 100 * count / (total["received"] + total["lost"]) for name, count in total.items()}
    print(f"plain aiortc: {100 * (1 - plain['delivered']):.1f} % of the frames that were sent never came out")
    print(
        f"ours: {part['lost']:.1f} % lost, {part['recovered']:.1f} % recovered from copies, so "
        f"{max(0.0, part['lost'] - part['recovered']):.1f} % missing; {part['concealed']:.1f} % concealed"
    )


def pin(core: int) -> None:
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[core]})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, nargs="+", default=[5, 10, 25])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--plain-most", type=int, default=10, help="plain aiortc breaks down with more calls")
    parser.add_argument("--loss", type=int, default=20, help="lose one packet in so many; 0 leaves this out")
    parser.add_argument("--serve", choices=SERVERS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        pin(0)
        asyncio.run(serve(chosen.serve))
    else:
        asyncio.run(main(chosen))
