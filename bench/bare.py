"""The least there can be of a call: a page, one request, and plain aiortc that plays a tone. The baseline of set-up.

`python -m bench.bare PORT` serves it: no ticket, no socket, no session, no speech, aiortc's own media path.
"""

import asyncio
import json
import sys
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from calling.lines.webrtc.sender import Pace

PAGE = """<!doctype html><html lang=en><title>Bare</title><button>Call</button><script>
document.querySelector('button').onclick = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const peer = new RTCPeerConnection();
  const audio = new Audio();
  peer.ontrack = (event) => { audio.srcObject = event.streams[0]; audio.play(); };
  stream.getTracks().forEach((track) => peer.addTrack(track, stream));
  await peer.setLocalDescription(await peer.createOffer());
  while (peer.iceGatheringState !== 'complete') await new Promise((done) => { peer.onicegatheringstatechange = done; });
  const answer = await fetch('/offer', { method: 'POST', body: JSON.stringify({ sdp: peer.localDescription.sdp }) });
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


async def serve(port: int) -> None:
    peers: list[RTCPeerConnection] = []

    async def answer(sdp: str) -> str:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peers.append(peer)
        peer.addTrack(Tone())
        await peer.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return peer.localDescription.sdp

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("POST /offer"):
            length = next(int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length"))
            body = json.dumps({"sdp": await answer(json.loads(await reader.readexactly(length))["sdp"])})
        else:
            body = PAGE if head.startswith("GET / ") else ""
        kind = "application/json" if body.startswith("{") else "text/html"
        status = "200 OK" if body else "404 Not Found"
        content = body.encode()
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
            "Connection: close\r\n\r\n".encode() + content
        )
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", port):
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until whoever started us is gone
    for peer in peers:
        await peer.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
