"""An owner's colour made readable in both themes: 4.5:1 with its label, 3:1 on the card. Nudged where it fails."""

from dataclasses import dataclass

OWN = "#4a4ae0"
_WHITE, _INK = "#ffffff", "#16181d"
_LIGHT_SURFACE, _DARK_SURFACE = "#ffffff", "#191b20"
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Accents:
    accent: str
    on_accent: str
    accent_dark: str
    on_accent_dark: str

    def shown(self) -> dict[str, str]:
        return {
            "accent": self.accent,
            "onAccent": self.on_accent,
            "accentDark": self.accent_dark,
            "onAccentDark": self.on_accent_dark,
        }

    def of_calls(self) -> dict[str, str]:
        """As the colour of what places a call."""
        return {
            "call": self.accent,
            "onCall": self.on_accent,
            "callDark": self.accent_dark,
            "onCallDark": self.on_accent_dark,
        }

    def of_chats(self) -> dict[str, str]:
        """What else a chat has of them: a tint, the colour as text on card and tint, the visitor's bubble."""
        if self.accent == OWN:
            drawn = ("#eeeefc", "#4444d6", OWN, _WHITE), ("#26263f", "#a3a3ff", "#5252d9", _WHITE)
        else:
            night = _until(self.accent_dark, "#000000", [_WHITE])
            drawn = (
                _of_chat(self.accent, _LIGHT_SURFACE, "#000000", (self.accent, self.on_accent)),
                # By night a bubble is deeper and has white text, so that a dark card does not glare.
                _of_chat(self.accent_dark, _DARK_SURFACE, _WHITE, (night, _WHITE)),
            )
        names = "soft", "ink", "bubble", "onBubble"
        return {
            name + theme: colour
            for theme, values in zip(("", "Dark"), drawn, strict=True)
            for name, colour in zip(names, values, strict=True)
        }

    def pairs(self) -> list[list[str]]:
        """The light theme's colour and what is written on it, then the dark theme's."""
        return [[self.accent, self.on_accent], [self.accent_dark, self.on_accent_dark]]


def accents(brand: str) -> Accents:
    """The colour as it is used in the light and the dark theme, each with the colour of the label on it."""
    if brand == OWN:  # our own pair was drawn, not computed
        return Accents(OWN, _WHITE, "#8b8bff", _INK)
    return Accents(*_nudged(brand, _LIGHT_SURFACE, "#000000"), *_nudged(brand, _DARK_SURFACE, _WHITE))


@dataclass(frozen=True, slots=True)
class Check:
    """How an owner's colour comes out in one theme: what is used, and the two ratios that it passes."""

    theme: str
    surface: str
    used: str
    label: str
    label_ratio: float
    surface_ratio: float
    nudged: bool


def checks(brand: str) -> tuple[Check, Check]:
    """The colour in the light and in the dark theme. Our own is drawn anew for the dark one, and never nudged."""
    pairs = accents(brand)
    return (
        _check("light", _LIGHT_SURFACE, brand, pairs.accent, pairs.on_accent),
        _check("dark", _DARK_SURFACE, brand, pairs.accent_dark, pairs.on_accent_dark),
    )


def _check(theme: str, surface: str, brand: str, used: str, label: str) -> Check:
    ratios = contrast(used, label), contrast(used, surface)
    return Check(theme, surface, used, label, *ratios, nudged=used != brand)


def _nudged(brand: str, surface: str, towards: str) -> tuple[str, str]:
    """The colour itself, or the nearest on the way to black or white that passes both checks."""
    for step in range(_STEPS + 1):
        colour = _mixed(brand, towards, step / _STEPS)
        label = max((_WHITE, _INK), key=lambda ink: contrast(ink, colour))
        if contrast(colour, label) >= 4.5 and contrast(colour, surface) >= 3:
            return colour, label
    raise AssertionError("black passes on white, and white on dark")


def _of_chat(accent: str, surface: str, towards: str, bubble: tuple[str, str]) -> tuple[str, str, str, str]:
    tint = _mixed(surface, accent, 0.1)
    return tint, _until(accent, towards, [surface, tint]), *bubble


def _until(colour: str, towards: str, others: list[str]) -> str:
    """The nearest on the way there that is readable on, or under, each of the others."""
    for step in range(_STEPS + 1):
        found = _mixed(colour, towards, step / _STEPS)
        if all(contrast(found, other) >= 4.5 for other in others):
            return found
    raise AssertionError("black and white are read on every tint")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (p / 255 for p in _parts(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(colour: str, towards: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(towards), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
