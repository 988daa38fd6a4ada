"""Tries out, one after the other, what a call needs, and says in plain words what it found."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from agents.speech.providers.base import ProviderError
from studio.checks import is_local
from studio.running import health

SENTENCE = "We are open from nine in the morning until seven in the evening."
# Small engines may miss a word; half of them prove that sound and words find to each other.
HEARD_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do. `bad` stops calls; `notice` does not."""

    subject: str
    state: Literal["good", "notice", "bad"]
    says: str
    remedy: str = ""


def examine() -> list[Finding]:
    looks: list[Callable[[], list[Finding]]] = [
        look_at_settings,
        look_at_database,
        look_at_models,
        look_at_speech,
        look_at_sound_addresses,
        look_at_ports,
        look_at_relays,
        look_at_worker,
    ]
    return [finding for look in looks for finding in look()]


def look_at_settings() -> list[Finding]:
    found = [
        Finding(
            f"Settings ({message.id})",
            "bad" if message.level >= checks.ERROR else "notice",
            message.msg,
            message.hint or "",
        )
        for message in checks.run_checks()
        if message.level >= checks.WARNING
    ]
    return found or [Finding("Settings", "good", f"visitors reach this server as {settings.PUBLIC_URL}")]


def look_at_database() -> list[Finding]:
    problem = health.database_problem()
    if problem:
        return [
            Finding(
                "Database",
                "bad",
                problem,
                "Check DATABASE_URL, and that nothing else keeps it locked.",
            )
        ]
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return [Finding("Database", "bad", "its tables are not up to date", "Run `python manage.py migrate`.")]
    kind = connections[DEFAULT_DB_ALIAS].vendor
    return [Finding("Database", "good", f"{kind} answers, and its tables are up to date")]


def look_at_models() -> list[Finding]:
    if settings.SPEECH != "local":
        return [Finding("Speech models", "notice", "not needed: STUDIO_SPEECH is scripted", "Set it to local to talk.")]
    from agents.speech.providers import registry, table

    found = []
    for kind in table.PROVIDERS:
        there = registry.available(settings.MODELS_DIR, [kind])
        ready = [one.label for one in there if one.ready]
        for one in (one for one in there if not one.ready):
            state = "notice" if ready else "bad"
            remedy = f"{ready[0]} steps in. " if ready else ""
            found.append(
                Finding(
                    f"Models ({kind})", state, f"{one.label}: {one.problem}", remedy + "Run `python manage.py models`."
                )
            )
        if ready:
            found.append(Finding(f"Models ({kind})", "good", ", ".join(ready)))
    return found


def look_at_speech() -> list[Finding]:
    """Let the voice say a sentence and the hearing write it down."""
    if settings.SPEECH != "local":
        return []
    try:
        heard = asyncio.run(_say_and_hear(SENTENCE))
    except ProviderError as error:
        return [Finding("Speech", "bad", f"does not work: {error}", "Run `python manage.py models`.")]
    said_words, heard_words = _words(SENTENCE), _words(heard)
    share = len(said_words & heard_words) / len(said_words)
    if share < HEARD_WORDS:
        says = f"said “{SENTENCE}”, but heard “{heard}”"
        return [Finding("Speech", "bad", says, "Remove the models folder and run `python manage.py models`.")]
    return [Finding("Speech", "good", f"said a sentence and heard “{heard}”")]


async def _say_and_hear(text: str) -> str:
    from agents.speech import sound
    from agents.speech.providers import registry
    from agents.speech.providers.resampling import resample

    engines = registry.engines(settings.SPEECH, health.default_voice(), "en", settings.MODELS_DIR)
    spoken = await engines.voice.speak(text)
    at_16k = sound.from_float(resample(sound.as_float(spoken.pcm), sound.SPOKEN_HZ, sound.HEARD_HZ))
    return (await engines.hearing.hear(at_16k, language="en")).text


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def look_at_sound_addresses() -> list[Finding]:
    """Open the sockets of one call, as a call does, and tell where browsers are going to be sent."""
    from calling.gateway import wiring
    from calling.lines import LineError
    from calling.lines.webrtc.addresses import open_endpoints

    try:
        endpoints = open_endpoints(wiring.media_settings())
    except (LineError, ValueError) as error:
        return [
            Finding("Sound", "bad", f"no way for it: {error}", "Check STUDIO_MEDIA_ADDRESS and STUDIO_MEDIA_PORTS.")
        ]
    told = list(dict.fromkeys(endpoint.address for endpoint in endpoints))
    for endpoint in endpoints:
        endpoint.socket.close()
    found = [Finding("Sound", "good", f"browsers are told to send it to {', '.join(told)}, over UDP")]
    if not is_local(settings.PUBLIC_URL) and all(_is_private(address) for address in told):
        found.append(
            Finding(
                "Sound",
                "notice",
                "these addresses are private: visitors from elsewhere cannot reach them",
                "Set STUDIO_MEDIA_ADDRESS to the public address of this machine.",
            )
        )
    return found


def _is_private(address: str) -> bool:
    return ipaddress.ip_address(address).is_private


def look_at_ports() -> list[Finding]:
    if not settings.MEDIA_PORTS:
        return [Finding("UDP ports", "good", "any that are free; a firewall in front needs STUDIO_MEDIA_PORTS")]
    first, last = settings.MEDIA_PORTS
    taken = [port for port in range(first, last + 1) if not _can_bind(port)]
    free = last - first + 1 - len(taken)
    if free < settings.MAX_CALLS:
        says = f"only {free} of {first}-{last} are free, and {settings.MAX_CALLS} calls may run"
        return [Finding("UDP ports", "notice", says, "Another program has them, or calls are running right now.")]
    return [Finding("UDP ports", "good", f"{free} of {first}-{last} are free; open them in your firewall")]


def _can_bind(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def look_at_relays() -> list[Finding]:
    names = [*settings.STUN_URLS, *settings.TURN_URLS]
    if not names:
        return [Finding("Relays", "good", "none set; only visitors behind strict firewalls would need TURN")]
    unknown = [name for name in names if not _resolves(name)]
    if unknown:
        return [Finding("Relays", "notice", f"no such host: {', '.join(unknown)}", "Check STUDIO_STUN/TURN_URLS.")]
    return [Finding("Relays", "good", f"browsers are told of {', '.join(names)}")]


def _resolves(url: str) -> bool:
    host = urlsplit("//" + url.partition(":")[2]).hostname  # turn:host:port?transport=udp
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return True


def look_at_worker() -> list[Finding]:
    from calling.models import Outbox

    remedy = "`python manage.py serve` starts it; alone: `python manage.py worker`."
    try:
        waiting = Outbox.objects.filter(done_at=None).count()
    except DatabaseError:  # told above
        return []
    state = health.worker_state()
    if state == "ok":
        return [Finding("Worker", "good", f"at work; {waiting} things to do")]
    says = "has not run yet" if state == "not seen yet" else "does not run"
    return [Finding("Worker", "notice", f"{says}; {waiting} things wait, recordings among them", remedy)]
