"""How agents talk in this installation, where a version does not choose otherwise: settings become numbers."""

from django.conf import settings

from agents.brains.settings import TalkSettings


def talk_settings() -> TalkSettings:
    return TalkSettings(
        end_of_turn_ms=settings.END_OF_TURN_MS,
        silence_prompt_s=float(settings.SILENCE_PROMPT_S),
        boldness=settings.BOLDNESS,
        silence_prompts=settings.SILENCE_PROMPTS,
        call_max_s=settings.CALL_MAX_MINUTES * 60.0,
    )
