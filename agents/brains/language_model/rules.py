"""Rules for some conversations only: <channel:voice>…</channel>, <language:de>…</language>, nested as one likes."""

import re

_TAG = re.compile(r"<(?:(channel|language):([a-z]{2,10}(?:-[a-z]{2})?)|/(channel|language))>", re.IGNORECASE)


def applying(text: str, *, channel: str, language: str) -> str:
    """What of the rules holds in a conversation. `channel` is "voice" or "webchat"; "de" holds for "de-CH", too."""
    kept: list[str] = []
    inside: list[tuple[str, bool]] = []  # the tags that are open, and whether each of them applies
    place = 0
    for tag in _TAG.finditer(text):
        if all(applies for _, applies in inside):
            kept.append(text[place : tag.start()])
        place = tag.end()
        if tag[1]:
            name, value = tag[1].lower(), tag[2].lower()
            inside.append((name, _is_in(value, language) if name == "language" else value == channel))
        elif any(name == tag[3].lower() for name, _ in inside):
            while inside.pop()[0] != tag[3].lower():
                pass  # one that was never closed ends with the one around it
    if all(applies for _, applies in inside):
        kept.append(text[place:])
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip()


def _is_in(wanted: str, language: str) -> bool:
    language = language.lower()
    return language == wanted or language.startswith(f"{wanted}-")
