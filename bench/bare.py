"""The least there can be of a call: a page and one request. What the product's times stand beside.

`python -m bench.bare PORT` serves two: `/tone` is plain aiortc that plays a tone from the first moment, the baseline of
set-up. `/echo` is the product's own sound connection with nobody thinking: it beeps as soon as it hears anything, which
is the time that sound alone needs there and back.
"""

import asyncio
import contextlib
import json
import sys
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from agents.engine.line import Clip, Say
from agents.speech.sound import SPOKEN_HZ, level_dbfs
from calling.call.seat import Seat
from calling.lines.webrtc import opus
from calling.lines.webrtc.addresses import MediaSettings
from calling.lines.webrtc.connection import Connection
from calling.lines.webrtc.sender import Pace

SILENT_FRAMES = 25  # so long it was quiet before a sound counts as a new one
HEARD_DBFS = -35.0

PAGE = """<!doctype html><html lang=en><title>Bare</title><button>Call</button><script>
document.querySelector('button').onclick = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const peer = window.kept = new RTCPeerConnection();  // a peer that nobody holds is collected, and its call ends
  const audio = new Audio();
  peer.ontrack = (event) => { audio.srcObject = event.streams[0]; audio.play(); };
  stream.getTracks().forEach((track) => peer.addTrack(track, stream));
  await peer.setLocalDescription(await peer.createOffer());
  while (peer.iceGatheringState !== 'complete') await new Promise((done) => { peer.onicegatheringstatechange = done; });
  const body = JSON.stringify({ sdp: peer.localDescription.sdp });
  const answer = await fetch(location.pathname, { method: 'POST', body });
  await peer.setRemoteDescription({ type: 'answer', sdp: (await answer.json()).sdp });
};
</script>"""


class Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.pace = Pace()

    async def recv(self) -> av.AudioFrame:
        number = await self.pace.next()
        at = np.arange(960) / 48_000
        sound = (np.sin(2 * np.pi * 400 * at) * 8000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, Fraction(1, 48_000)
        return frame


async def tone(sdp: str, left: contextlib.AsyncExitStack) -> str:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    left.push_async_callback(peer.close)
    peer.addTrack(Tone())
    await peer.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    return peer.localDescription.sdp


async def echo(sdp: str, left: contextlib.AsyncExitStack) -> str:
    connection = Connection(MediaSettings(allow_loopback=True))
    left.push_async_callback(connection.close)
    answer = await connection.answer(sdp)
    beeping = asyncio.create_task(beep(connection))
    left.callback(beeping.cancel)
    return answer


async def beep(connection: Connection) -> None:
    at = np.arange(SPOKEN_HZ // 5) / SPOKEN_HZ
    sound = np.sin(2 * np.pi * 400 * at) * 8000 * np.minimum(1, (0.2 - at) * 20)
    clip = Clip("beep", np.concatenate([sound, np.zeros(SPOKEN_HZ // 3)]).astype(np.int16), (0.2,))
    opus.encode_clip(clip)
    seat = Seat(encode=opus.encode_clip)
    await connection.connected()
    connection.start(seat)
    quiet = 0
    async for frame in seat.heard():
        loud = level_dbfs(frame) > HEARD_DBFS
        if loud and quiet >= SILENT_FRAMES:
            await seat.play(Say(clip, 1))
        quiet = 0 if loud else quiet + 1


async def serve(port: int) -> None:
    answers = {"/tone": tone, "/echo": echo}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:  # somebody only looked whether we are there
            writer.close()
            return
        method, path, _ = head.split(" ", 2)
        body = ""
        if method == "POST" and path in answers:
            length = next(line for line in head.lower().splitlines() if line.startswith("content-length:"))
            asked = json.loads(await reader.readexactly(int(length.partition(":")[2])))
            body = json.dumps({"sdp": await answers[path](asked["sdp"], left)})
        elif path in answers:
            body = PAGE
        kind = "application/json" if body.startswith("{") else "text/html"
        content = body.encode()
        writer.write(
            f"HTTP/1.1 {'200 OK' if body else '404 Not Found'}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        writer.close()

    async with contextlib.AsyncExitStack() as left, await asyncio.start_server(talk, "127.0.0.1", port):
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever started us is gone


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
