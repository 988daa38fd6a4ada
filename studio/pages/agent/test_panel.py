"""The test panel: a conversation with the draft, typed or spoken, with what answered and how long each stage took.

A conversation is kept in the cache for two hours, by person and project: memory and turns as JSON. The draft itself is
read anew at every turn, so that a saved change counts at once.
"""

from typing import Any

import numpy as np
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from agents.authoring import checking, playground, publish, tools
from agents.authoring.playground import Tried
from agents.authoring.topics import SAMPLE_MOST
from agents.brains import manner
from agents.brains.language_model.service import thinking_with
from agents.brains.snapshot import AgentSnapshot
from agents.brains.tools.acting import Acting, NoRecord
from agents.models import Topic
from agents.speech.providers.base import ProviderError
from agents.speech.sound import HEARD_HZ
from calling.gateway.wiring import talk_settings
from calling.record.store import model_use
from calling.record.store.shelves import shelf
from studio.pages.agent import services, source_wording, tool_wording
from studio.pages.agent.live_calls import LiveCall
from studio.pages.calls import wording
from studio.pages.connections import wording as told
from studio.pages.given import number

KEPT_S = 2 * 3600
TURNS_MOST = 100
QUESTION_MOST = 500
SPOKEN_MOST = 2000  # a whole answer: as long as a topic may be
SOUND_BYTES_MOST = int(playground.HEARD_S_MOST * HEARD_HZ) * 2


class TestPanel(LiveCall):
    """GET: the conversation so far, begun if there is none. POST: the next turn, or a new beginning."""

    http_method_names = ["get", "post"]

    async def get(self, request: HttpRequest) -> HttpResponse:
        draft = await sync_to_async(publish.draft)(self.project)
        kept = await cache.aget(self._key())
        if not kept:
            kept = await self._begin(draft, "")
        return self._shown(draft, kept)

    async def post(self, request: HttpRequest) -> HttpResponse:
        draft = await sync_to_async(publish.draft)(self.project)
        variant = request.POST.get("variant", "")[:60]
        if "restart" in request.POST:
            return self._shown(draft, await self._begin(draft, variant))
        text = " ".join(request.POST.get("text", "").split())[:QUESTION_MOST]
        if not text:
            return self.problem(_("Type what a visitor could say."))
        kept = await cache.aget(self._key()) or await self._begin(draft, variant)
        model = await sync_to_async(model_use.opened)(self.project.pk, draft.services)
        thinking = thinking_with(model.service, draft, model.meter) if model else None
        try:
            tried = await self.trial().answer(
                draft,
                variant,
                text,
                kept["memory"],
                playground.settings_of(talk_settings(), draft),
                thinking,
                shelf(),
                await self._acting(draft),
            )
        finally:
            if thinking:
                await thinking.model.close()
        heard_ms = request.POST.get("hearing_ms", "")[:8]
        visitor: dict[str, Any] = {"who": "visitor", "text": text}
        if (heard := number(heard_ms.partition(".")[0])) is not None:
            visitor["hearing_ms"] = float(heard)
        turns = [visitor, await sync_to_async(self._turn)(tried)]
        kept = {
            "variant": variant,
            "memory": tried.memory,
            "turns": [*kept["turns"], *turns][-TURNS_MOST:],
        }
        await cache.aset(self._key(), kept, KEPT_S)
        return JsonResponse({"turns": turns})

    async def _begin(self, draft: AgentSnapshot, variant: str) -> dict[str, Any]:
        opening = [("disclaimer", draft.disclaimer), ("greeting", draft.greeting)]
        turns = [
            {"who": "agent", "text": text, "answered": wording.what_answered(source)}
            for source, text in ((source, playground.filled(draft, text, variant)) for source, text in opening)
            if text.strip()
        ]
        kept = {"variant": variant, "memory": {"greeted": True}, "turns": turns}
        await cache.aset(self._key(), kept, KEPT_S)
        return kept

    async def _acting(self, draft: AgentSnapshot) -> Acting | None:
        """The draft's tools, of which those that only read are asked."""
        if not draft.tools:
            return None
        doors = await sync_to_async(tools.doors)(self.project.pk, draft.tools)
        return Acting(f"trial-{self.request.user.pk}", doors, NoRecord(), reads_only=True)

    def _turn(self, tried: Tried) -> dict[str, Any]:
        cited, answered = source_wording.cited(tried.decision), wording.what_answered(tried.source)
        place = [cited["title"]] if cited and not answered.endswith(cited["title"]) else []
        return {
            "who": "agent",
            "text": tried.text,
            "language": tried.memory.get("language", ""),
            "kind": tried.kind,
            "answered": answered,
            "score": percent(tried.score),
            "near": near(self, tried.near),
            "more": [*tool_wording.of_turn(tried.decision), *place],
            "thinking_ms": tried.thinking_ms,
            "ends": tried.ends_call,
        }

    def _shown(self, draft: AgentSnapshot, kept: dict[str, Any]) -> HttpResponse:
        rows = sorted(draft.variants, key=lambda row: (not row.is_default, row.name))
        return JsonResponse(
            {
                "turns": kept["turns"],
                "variant": kept["variant"],
                "variants": [{"key": row.key, "name": row.name} for row in rows],
            }
        )

    def _key(self) -> str:
        return kept_under(self)


def kept_under(page: LiveCall) -> str:
    """Where a person's conversation with the draft is kept."""
    return f"test-panel:{page.project.pk}:{page.request.user.pk}"


class Say(LiveCall):
    """A text in the draft's voice, or in another one that is being looked at, as a WAV file."""

    limit = ("say", 40)

    async def post(self, request: HttpRequest) -> HttpResponse:
        draft = await sync_to_async(publish.draft)(self.project)
        text = request.POST.get("text", "")[:SPOKEN_MOST]
        text = " ".join(playground.filled(draft, text, request.POST.get("variant", "")[:60]).split())
        if not text:
            return self.problem(_("There is nothing to say yet."))
        try:
            wanted = {"speed": float(request.POST.get("speed") or manner.speed(draft.manner))}
        except ValueError:
            wanted = {}
        language = request.POST.get("language", "")[:16] or draft.language
        voice = request.POST.get("voice", "")[:60] or draft.in_language(language).voice
        service = await sync_to_async(services.opened)(self.project, request.POST.get("service", ""))
        try:
            sound, first_ms = await self.trial().speak(
                text, voice, language, manner.speed(manner.clean(wanted)), service
            )
        except ProviderError as error:
            if service is None:
                raise
            return self.problem(told.result(error.code, 0), 503)
        return HttpResponse(sound, content_type="audio/wav", headers={"X-First-Sound-Ms": str(first_ms)})


class Hear(LiveCall):
    """Words from sound: 16-bit samples at 16 kHz, at most half a minute of them."""

    limit = ("hear", 60)

    async def post(self, request: HttpRequest) -> HttpResponse:
        if len(request.body) > SOUND_BYTES_MOST + HEARD_HZ or len(request.body) % 2:
            return self.problem(_("Speak for half a minute at most."))
        sound = np.frombuffer(request.body, "<i2").astype(np.int16)
        if len(sound) < HEARD_HZ // 5:
            return self.problem(_("That was too short. Hold the button while you speak."))
        draft = await sync_to_async(publish.draft)(self.project)
        if not checking.can_hear(draft.language):
            return self.problem(checking.deaf(draft.name, draft.language))
        kept = await cache.aget(kept_under(self)) or {"memory": {}}
        words, took_ms = await self.trial().hear(sound, draft, kept["memory"].get("language", ""))
        if not words.strip():
            return self.problem(_("No words could be made out. Is it the right microphone?"))
        return JsonResponse({"text": words, "hearing_ms": took_ms})


class Question(LiveCall):
    """What one question would be answered with, and what came close."""

    async def post(self, request: HttpRequest) -> HttpResponse:
        text = " ".join(request.POST.get("text", "").split())[:QUESTION_MOST]
        if not text:
            return self.problem(_("Type a question first."))
        draft = await sync_to_async(publish.draft)(self.project)
        settings = playground.settings_of(talk_settings(), draft)
        tried = await self.trial().answer(draft, "", text, {}, settings, shelf=shelf())
        return JsonResponse(
            {
                "text": tried.text,
                "kind": tried.kind,
                "answered": wording.what_answered(tried.source),
                "score": percent(tried.score),
                "near": await sync_to_async(near)(self, tried.near),
                "answers_from": percent(settings.answer_score),
                "asks_from": percent(settings.ask_score),
                "thinking_ms": tried.thinking_ms,
                "question": text[:SAMPLE_MOST],
            }
        )


class Phrasings(LiveCall):
    """The everyday phrasings that a topic of the draft is found by, besides its own examples."""

    http_method_names = ["get"]
    limit = ("phrasings", 60)

    async def get(self, request: HttpRequest, topic: int) -> HttpResponse:
        row = await sync_to_async(get_object_or_404)(Topic, project=self.project, pk=topic)
        draft = await sync_to_async(publish.draft)(self.project)
        return JsonResponse({"phrasings": await self.trial().phrasings(draft, row.name)})


class Alike(LiveCall):
    """Topics that sound alike, so that the agent may mix them up."""

    http_method_names = ["get"]
    limit = ("alike", 60)

    async def get(self, request: HttpRequest) -> HttpResponse:
        draft = await sync_to_async(publish.draft)(self.project)
        pairs = await self.trial().alike(draft)
        urls = await sync_to_async(addresses)(self, {name for pair in pairs for name in pair[:2]})
        return JsonResponse(
            {
                "pairs": [
                    {"names": [one, two], "lines": [line, other], "urls": [urls.get(one, ""), urls.get(two, "")]}
                    for one, two, line, other in pairs[:20]
                ],
                "more": max(0, len(pairs) - 20),
            }
        )


def percent(score: float | None) -> int | None:
    """Scores are shown from 0 to 100."""
    return None if score is None else max(0, round(score * 100))


def near(page: LiveCall, found: tuple[tuple[str, float], ...]) -> list[dict[str, Any]]:
    urls = addresses(page, {name for name, _score in found})
    return [{"name": name, "score": percent(score), "url": urls.get(name, "")} for name, score in found]


def addresses(page: LiveCall, names: set[str]) -> dict[str, str]:
    """Where each of these topics is written."""
    rows = Topic.objects.filter(project=page.project, name__in=names).values_list("name", "pk")
    return {name: page.address("topic", topic=pk) for name, pk in rows}
