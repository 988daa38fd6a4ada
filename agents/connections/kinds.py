"""The services that can be connected: what each can do, where it is, and what it asks for. No Django, no speech.

A kind is a wire, not a company: "openai" is every server that speaks like OpenAI's, one of your own among them.
"""

from dataclasses import dataclass

HEARING, VOICE, MODEL = "hearing", "voice", "model"


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    label: str  # a name: it is not translated
    uses: tuple[str, ...]
    address: str  # where its own servers are; what stands there may be replaced
    keyed: bool = True  # without a key it answers nobody
    models: tuple[tuple[str, str], ...] = ()  # for a use, the model that is asked for where nobody chose one
    voice: str = ""  # which voice, likewise; "": one has to be chosen
    # What its makers ask for in US dollars a minute with these models, as public comparisons of 2026 say; for a default
    # only, and left out where they ask by letters.
    dollars_a_minute: tuple[tuple[str, float], ...] = ()

    def model(self, use: str) -> str:
        return dict(self.models).get(use, "")

    def price(self, use: str) -> float | None:
        return dict(self.dollars_a_minute).get(use)


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "openai",
            "OpenAI-compatible",
            (HEARING, VOICE, MODEL),
            "https://api.openai.com/v1",
            keyed=False,  # a server of one's own often takes everybody
            models=((HEARING, "gpt-4o-mini-transcribe"), (VOICE, "gpt-4o-mini-tts")),
            voice="alloy",
            dollars_a_minute=((HEARING, 0.003), (VOICE, 0.015)),
        ),
        Kind(
            "deepgram",
            "Deepgram",
            (HEARING,),
            "https://api.deepgram.com",
            models=((HEARING, "nova-3"),),
            dollars_a_minute=((HEARING, 0.0077),),
        ),
        Kind(
            "assemblyai",
            "AssemblyAI",
            (HEARING,),
            "https://streaming.assemblyai.com",
            models=((HEARING, "universal-streaming-english"),),
            dollars_a_minute=((HEARING, 0.0025),),
        ),
        Kind(
            "elevenlabs",
            "ElevenLabs",
            (VOICE,),
            "https://api.elevenlabs.io",
            models=((VOICE, "eleven_flash_v2_5"),),
        ),
        Kind(
            "cartesia",
            "Cartesia",
            (VOICE,),
            "https://api.cartesia.ai",
            models=((VOICE, "sonic-3"),),
        ),
    )
}


def for_use(use: str) -> list[Kind]:
    return [kind for kind in KINDS.values() if use in kind.uses]
