"""Services that hear, as their documents describe the wire. A line is what a stream hears, part by part ("|"): a word
for each quarter of a second, and the rest of a part when its final words are wanted."""

import json

from aiohttp import web

from tests.fakes.services.wire import Cut, Service

WORD_S = 0.25


class _Ear(Service):
    def __init__(self, lines=("when do you close | on sundays",)):
        super().__init__()
        self.lines = list(lines)
        self.seconds = []  # of sound, for each stream
        self.held = []

    def line(self):
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        return [part.split() for part in line.split("|")]

    async def answer(self, there, messages):
        """What was asked for; "late": only together with what is asked for next."""
        if self.fault == "late":
            self.fault, self.held = "", messages
            return
        held, self.held = self.held, []
        for message in [*held, *messages]:
            await there.send(message)

    async def trouble(self, there):
        """In the middle of a word."""
        match self.fault:
            case "cut":
                raise Cut
            case "garbage":
                await there.send("<html>")
            case "odd":
                await there.send(self.ODD)
            case "closed":
                await there.close(self.close_code)
                return False
            case "slow":
                return False
        return True


class Deepgram(_Ear):
    ODD = {"type": "Results", "is_final": True, "channel": {"alternatives": "none"}}

    def lets_in(self, headers):
        return headers.get("authorization") == f"Token {self.key}"

    async def talk(self, path, query, there):
        assert path == "/v1/listen" and query["encoding"] == "linear16" and query["sample_rate"] == "16000"
        parts, final_s, sent_s, number = self.line(), 0.0, 0.0, len(self.seconds)
        self.seconds.append(0.0)
        quiet = False
        while (message := await there.receive()) is not None:
            self.heard.append(message)
            if isinstance(message, bytes):
                sent_s += len(message) / 32_000
                self.seconds[number] = sent_s
                if quiet or not await self.trouble(there):
                    quiet = True
                    continue
                words = (parts[0] if parts else [])[: int((sent_s - final_s) / WORD_S)]
                await there.send(self.results(words, final_s, sent_s, final=False))
            elif quiet:
                continue
            elif message["type"] == "Finalize":
                words = parts.pop(0) if parts and sent_s > final_s else []
                await self.answer(there, [self.results(words, final_s, sent_s, final=True, asked=True)])
                final_s = sent_s
            elif message["type"] == "CloseStream":
                await there.send({"type": "Metadata", "request_id": "r", "duration": sent_s, "channels": 1})
                await there.close(1000)
                return

    @staticmethod
    def results(words, start, end, *, final, asked=False):
        told = [
            {"word": word, "punctuated_word": word, "start": start, "end": end, "confidence": 0.9} for word in words
        ]
        best = {"transcript": " ".join(words), "confidence": 0.9, "words": told}
        return {
            "type": "Results",
            "channel_index": [0, 1],
            "start": start,
            "duration": end - start,
            "is_final": final,
            "speech_final": False,
            "channel": {"alternatives": [best]},
            "from_finalize": asked,
        }


class AssemblyAi(_Ear):
    ODD = {"type": "Turn", "turn_order": 0, "end_of_turn": True, "words": [{"text": "so", "confidence": "much"}]}

    def lets_in(self, headers):
        return headers.get("authorization") == self.key

    async def talk(self, path, query, there):
        assert path == "/v3/ws" and query["sample_rate"] == "16000" and query["speech_model"]
        await there.send({"type": "Begin", "id": "s", "expires_at": 1})
        parts, sent_s, from_s, order, number = self.line(), 0.0, 0.0, 0, len(self.seconds)
        self.seconds.append(0.0)
        quiet = False
        while (message := await there.receive()) is not None:
            self.heard.append(message)
            if isinstance(message, bytes):
                seconds = len(message) / 32_000
                if not 0.05 <= seconds <= 1.0:
                    await there.send({"type": "Error", "error_code": 3007, "error": "Input Duration Violation"})
                    await there.close(3007)
                    return
                sent_s += seconds
                self.seconds[number] = sent_s
                if quiet or not await self.trouble(there):
                    quiet = True
                    continue
                words = (parts[0] if parts else [])[: int((sent_s - from_s) / WORD_S)]
                if words:
                    await there.send(self.turn(order, words))
            elif quiet:
                continue
            elif message["type"] == "ForceEndpoint":
                words = parts.pop(0) if parts and sent_s > from_s else []
                from_s = sent_s
                if words:  # a turn without words is none
                    turn = [self.turn(order, words, end=True), self.turn(order, words, end=True, formatted=True)]
                    await self.answer(there, turn)
                    order += 1
            elif message["type"] == "Terminate":
                await there.send({"type": "Termination", "audio_duration_seconds": 1, "session_duration_seconds": 1})
                await there.close(1000)
                return

    @staticmethod
    def turn(order, words, *, end=False, formatted=False):
        told = [{"text": word, "start": 0, "end": 1, "confidence": 0.9, "word_is_final": end} for word in words]
        return {
            "type": "Turn",
            "turn_order": order,
            "turn_is_formatted": formatted,
            "end_of_turn": end,
            "end_of_turn_confidence": 1.0 if end else 0.1,
            "transcript": " ".join(words) if end else "",
            "utterance": "",
            "words": told,
        }


class OpenAiHears(_Ear):
    """Hears a whole file at a time."""

    def lets_in(self, headers):
        return headers.get("authorization") == f"Bearer {self.key}"

    async def http(self, request):
        assert request.path == "/v1/audio/transcriptions"
        form = await request.post()
        sound = form["file"].file.read()
        assert sound[:4] == b"RIFF" and form["response_format"] == "json" and form["model"]
        self.heard.append({name: value for name, value in form.items() if name != "file"})
        self.seconds.append((len(sound) - 44) / 32_000)
        match self.fault:
            case "slow":
                self.moved.clear()
                await self.moved.wait()
            case "cut":
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b'{"text": "wh')
                request.transport.abort()
                return response
            case "garbage":
                return web.Response(text="<html>")
            case "odd":
                return web.json_response({"text": ["when"]})
        parts = self.line()
        whole = [word for part in parts for word in part] if self.seconds[-1] > 1.6 else parts[0]
        return web.Response(text=json.dumps({"text": " ".join(whole)}), content_type="application/json")
