"""The values of a tool that nobody is asked for: a fixed word, the language, words of the variant, what a page told."""

from typing import Any

from agents.brains.snapshot import spoken
from agents.brains.tools.plan import Tool


def filled(tool: Tool, variant: dict[str, str], page: dict[str, Any], language: str) -> dict[str, str]:
    """What a page told is a value like any other, and is checked as one."""
    texts = {one.key: one.value.replace("${language}", language) for one in tool.parameters if one.value}
    return {key: spoken(text, variant, page) for key, text in texts.items()}
