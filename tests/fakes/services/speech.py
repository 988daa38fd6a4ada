"""Services that speak, as their documents describe the wire: a tone for each word, a quarter of a second long."""

import base64

import numpy as np
from aiohttp import web

from agents.speech.providers.scripted import WORD_S, word_hz
from agents.speech.sound import SPOKEN_HZ
from tests.fakes.services.wire import Cut, Service


def sound_of(words, loud=2000):
    at = np.arange(int(WORD_S * SPOKEN_HZ)) / SPOKEN_HZ
    return [(np.sin(2 * np.pi * word_hz(word) * at) * loud).astype("<i2").tobytes() for word in words]


class _Voice(Service):
    def __init__(self):
        super().__init__()
        self.fails_at = 1  # the word in whose middle it has its fault
        self.clauses_before = 0  # and how many clauses it says before
        self.said = []  # texts


class ElevenLabs(_Voice):
    def lets_in(self, headers):
        return headers.get("xi-api-key") == self.key

    async def talk(self, path, query, there):
        assert path == "/v1/text-to-speech/voice-1/stream-input" and query["output_format"] == "pcm_24000"
        first, text = await there.receive(), ""
        assert first["text"] == " "
        while (message := await there.receive()) is not None and message["text"]:
            assert message["text"].endswith(" ")
            text += message["text"]
        if message is None:
            return
        self.said.append(text.strip())
        for place, (word, pcm) in enumerate(zip(text.split(), sound_of(text.split()), strict=True)):
            piece = pcm
            if self.fault and place == self.fails_at and len(self.said) > self.clauses_before:
                match self.fault:
                    case "slow":
                        await there.receive()
                        return
                    case "cut":
                        await there.send({"audio": base64.b64encode(pcm[: len(pcm) // 2]).decode(), "isFinal": False})
                        raise Cut
                    case "garbage":
                        await there.send("<html>")
                        return
                    case "odd":
                        await there.send({"audio": 5, "isFinal": None})
                        return
                    case "closed":
                        words = {"message": "You reached the limit.", "error": "quota_exceeded", "code": 1008}
                        await there.send(words)
                        await there.close(1008)
                        return
            letters = [*word, " "]
            each = WORD_S * 1000 / len(word)
            times = {
                "chars": letters,
                "charStartTimesMs": [round(at * each) for at in range(len(letters))],
                "charDurationsMs": [round(each)] * len(word) + [0],
            }
            await there.send({"audio": base64.b64encode(piece).decode(), "isFinal": None, "alignment": times})
        await there.send({"audio": None, "isFinal": True, "alignment": None})
        await there.close(1000)


class Cartesia(_Voice):
    def lets_in(self, headers):
        return headers.get("x-api-key") == self.key

    async def talk(self, path, query, there):
        assert path == "/tts/websocket" and query["cartesia_version"]
        while (asked := await there.receive()) is not None:
            self.heard.append(asked)
            if asked.get("cancel"):
                continue
            assert asked["output_format"] == {"container": "raw", "encoding": "pcm_s16le", "sample_rate": SPOKEN_HZ}
            if not await self.say(asked["context_id"], asked["transcript"], there):
                return

    async def say(self, name, text, there):
        self.said.append(text)
        about = {"context_id": name, "done": False, "status_code": 206}
        words = text.split()
        for place, (word, pcm) in enumerate(zip(words, sound_of(words), strict=True)):
            chunk = {"type": "chunk", "data": base64.b64encode(pcm).decode(), "step_time": 1, **about}
            if self.fault and place == self.fails_at and len(self.said) > self.clauses_before:
                match self.fault:
                    case "slow":
                        return True
                    case "cut":
                        await there.send({**chunk, "data": base64.b64encode(pcm[: len(pcm) // 4 * 2]).decode()})
                        raise Cut
                    case "garbage":
                        await there.send("<html>")
                    case "odd":
                        await there.send(
                            {**about, "type": "timestamps", "word_timestamps": {"words": ["a"], "end": []}}
                        )
                    case "closed":
                        await there.close(self.close_code)
                        return False
            await there.send(chunk)
            timed = {"words": [word], "start": [place * WORD_S], "end": [(place + 1) * WORD_S]}
            await there.send({"type": "timestamps", "word_timestamps": timed, **about})
        await there.send({"type": "done", **about, "done": True})
        return True


class OpenAiSpeaks(_Voice):
    """Gives bare samples as they are made, or a whole WAV file."""

    wav = b""

    def lets_in(self, headers):
        return headers.get("authorization") == f"Bearer {self.key}"

    async def http(self, request):
        asked = await request.json()
        assert request.path == "/v1/audio/speech" and asked["response_format"] == "pcm" and asked["voice"]
        self.heard.append(asked)
        self.said.append(asked["input"])
        if self.wav:
            return web.Response(body=self.wav, content_type="audio/wav")
        if self.fault == "garbage":
            return web.Response(text="<html>", content_type="text/html")
        if self.fault == "odd":
            return web.Response(body=b"", content_type="audio/pcm")
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm", "Transfer-Encoding": "chunked"})
        await response.prepare(request)
        for place, pcm in enumerate(sound_of(asked["input"].split())):
            if place == self.fails_at and self.fault == "slow":
                self.moved.clear()
                await self.moved.wait()
            if place == self.fails_at and self.fault == "cut":
                await response.write(pcm[:101])
                request.transport.abort()
                return response
            await response.write(pcm[:1001])
            await response.write(pcm[1001:])
        await response.write_eof()
        return response
