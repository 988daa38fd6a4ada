"""From an admitted call to who answers it and the connection it comes over: settings become arguments here."""

from collections.abc import Hashable, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from agents.brains import manner
from agents.brains.language_model.service import thinking_with
from agents.brains.snapshot import AgentSnapshot
from agents.brains.tools.acting import Acting
from agents.connections.kinds import HEARING, VOICE
from agents.connections.service import Service
from agents.engine.conversation import Answerer, VoiceAgent
from agents.engine.text import TextAgent
from agents.speech.providers.base import Meaning
from calling.installation import talk_settings
from calling.lines.webrtc.addresses import MediaSettings
from calling.lines.webrtc.connection import Connection
from calling.record.store.admissions import CallSetup
from calling.record.store.model_use import OpenedModel
from calling.record.store.shelves import shelf
from calling.record.store.tool_calls import ToolCalls

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def media_settings() -> MediaSettings:
    """With no network, or from the same machine, a browser reaches us over loopback; it is offered to nobody else."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    local = host in LOCAL_NAMES or host.endswith(".localhost")
    return MediaSettings(allow_loopback=local, address=settings.MEDIA_ADDRESS, port_range=settings.MEDIA_PORTS)


def connection() -> Connection:
    return Connection(media_settings())


async def answerer(setup: CallSetup) -> Answerer:
    """The agent for this call. Raises ProviderError when its speech cannot be had."""
    acting = None
    if setup.snapshot.tools:
        acting = Acting(str(setup.conversation), setup.doors, ToolCalls(setup.conversation))
    made = agent(setup.snapshot, setup.variant_key, setup.language, setup.services, setup.model, acting)
    if setup.aloud:
        made.restore(setup.aloud.state)
    await made.make_ready()
    return made


def text_agent(snapshot: AgentSnapshot, variant_key: str, language: str, who: Hashable) -> TextAgent:
    """The same agent in writing. Raises ProviderError when its topics cannot be looked up."""
    from agents.speech.providers import registry  # loads the speech libraries: not before a chat needs them

    def meaning_of(language: str) -> Meaning:
        if settings.SPEECH == "scripted":
            return registry.engines(settings.SPEECH, "", language, settings.MODELS_DIR).meaning
        return registry.find_meaning(language, settings.MODELS_DIR)

    talk = manner.applied(talk_settings(), snapshot.manner)
    return TextAgent(
        snapshot, meaning_of, variant_key=variant_key, settings=talk, language=language, who=who, shelf=shelf()
    )


def agent(
    snapshot: AgentSnapshot,
    variant_key: str,
    language: str,
    opened: Mapping[str, Service] | None = None,
    model: OpenedModel | None = None,
    acting: Acting | None = None,
) -> VoiceAgent:
    """`opened`: the services of other people that it hears and speaks with; `model`: that it thinks with; `acting`: how
    its tools are called, None: nothing is done.

    Raises ProviderError when its speech cannot be had.
    """
    from agents.speech.providers import registry  # loads the speech libraries: not before a call needs them

    voices = {each: snapshot.in_language(each).voice for each in snapshot.languages}
    services = registry.services_of_call((opened or {}).get(HEARING), (opened or {}).get(VOICE))
    speed = manner.speed(snapshot.manner)
    return VoiceAgent(
        snapshot,
        registry.engines_by_language(settings.SPEECH, voices, settings.MODELS_DIR, speed=speed, services=services),
        variant_key=variant_key,
        settings=manner.applied(talk_settings(), snapshot.manner),
        language=language,
        services=services,
        thinking=thinking_with(model.service, snapshot, model.meter) if model else None,
        acting=acting,
        shelf=shelf(),
    )
