"""Asks a model one thing, as a call would, and tells how that went."""

import time
from dataclasses import dataclass, field

from agents.brains.language_model.base import Done, Limits, Message, ModelError, Usage, Words
from agents.brains.language_model.service import client
from agents.connections.service import Service

SLOWEST_S = 10.0  # longer than a call would wait: how slow it is, is to be known
SAID_MOST = 160
PROMPT_S = 0.8  # up to here a first word feels prompt
_ASKED = [
    Message("system", "You answer callers of a shop. Answer in one short sentence."),
    Message("user", "Hello, can you hear me? Please say that you are ready to help."),
]


@dataclass(frozen=True, slots=True)
class Probed:
    """`code` is empty where it went well; else a ModelError's."""

    code: str = ""
    first_ms: int = 0
    whole_ms: int = 0
    said: str = ""
    usage: Usage = field(default_factory=Usage)
    detail: str = ""  # what the service says of its refusal, for a web team


async def probe(service: Service) -> Probed:
    asked = client(service, Limits(first_s=SLOWEST_S, between_s=SLOWEST_S, all_s=SLOWEST_S * 1.5, tokens=60))
    began_s = time.monotonic()
    first_ms, said, usage = 0, "", Usage()
    try:
        async for delta in asked.ask(_ASKED):
            if isinstance(delta, Words):
                first_ms = first_ms or max(1, round((time.monotonic() - began_s) * 1000))
                said += delta.text
            elif isinstance(delta, Done):
                usage = delta.usage
    except ModelError as error:
        return Probed(error.code, detail=error.detail)
    finally:
        await asked.close()
    if not said.strip():
        return Probed("CUT")
    whole_ms = round((time.monotonic() - began_s) * 1000)
    return Probed("", first_ms, whole_ms, " ".join(said.split())[:SAID_MOST], usage)
