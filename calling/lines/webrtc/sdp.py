"""Offers cleaned before aiortc reads them, answers completed after it wrote them. Text in, text out.

From an offer goes: the browser's candidates (the server learns its address from its packets, so a visitor cannot make
the server send anything to an address of their choosing, and names that cannot be resolved cost no second), codecs
other than Opus, and every section but the audio, which the answer then refuses.
"""

import re
from dataclasses import dataclass

from calling.lines import LineError

LARGEST_OFFER = 32 * 1024
MOST_SECTIONS = 16
OPUS_FORMAT = "minptime=10;useinbandfec=1;usedtx=1"  # without it browsers send no error correction, and no DTX

_RTPMAP = re.compile(r"a=rtpmap:(\d{1,3}) opus/48000/2$", re.IGNORECASE)
_CANDIDATES = ("a=candidate:", "a=end-of-candidates", "a=remote-candidates:")
_NOT_OF_THE_SESSION = ("a=group:", "a=ice-lite", *_CANDIDATES)  # the browser checks the paths, not the server
_OF_A_FORMAT = ("a=rtpmap:", "a=fmtp:", "a=rtcp-fb:")
# Of the way that a bundle's sections share: those behind its first one may leave it to that (RFC 8843).
_OF_THE_WAY = ("a=ice-ufrag:", "a=ice-pwd:", "a=ice-options:", "a=fingerprint:", "a=setup:", "a=rtcp-mux")
_IN_A_BUNDLE = "a=bundle-only"  # with port 0, and in use all the same


@dataclass(frozen=True, slots=True)
class Offer:
    """What aiortc is given to read, and what the answer needs to know of the rest."""

    sdp: str
    sections: tuple[tuple[str, ...], ...]  # of the original offer, in order
    audio: int  # which of them is taken


def read_offer(text: str) -> Offer:
    """Check an offer and take its audio. Raises LineError."""
    if not isinstance(text, str) or len(text) > LARGEST_OFFER or "\0" in text:
        raise LineError("INVALID_ARGUMENT", "the offer is too large or no text")
    lines = [line.rstrip("\r") for line in text.split("\n")]
    lines = [line for line in lines if line]
    if not lines or lines[0] != "v=0" or any(not re.match(r"[a-z]=", line) for line in lines):
        raise LineError("INVALID_ARGUMENT", "the offer is not SDP")
    starts = [at for at, line in enumerate(lines) if line.startswith("m=")]
    if len(starts) > MOST_SECTIONS:
        raise LineError("INVALID_ARGUMENT", "the offer has too many sections")
    head = lines[: starts[0]] if starts else lines
    ends = [*starts[1:], len(lines)]
    sections = tuple(tuple(lines[start:end]) for start, end in zip(starts, ends, strict=False))
    session_direction = _direction(head, "sendrecv")
    for index, offered in enumerate(sections):
        payload = _opus(offered)
        section = _standing_alone(offered, head, sections)
        if payload and _direction(section, session_direction) == "sendrecv":
            mid = _value(section, "a=mid:")
            if not any(line.startswith("a=fingerprint:sha-256 ") for line in [*head, *section]):
                raise LineError("INVALID_ARGUMENT", "the offer has no sha-256 fingerprint")
            kept_head = [line for line in head if not line.startswith(_NOT_OF_THE_SESSION)]
            group = [f"a=group:BUNDLE {mid}"] if mid else []
            return Offer("\r\n".join([*kept_head, *group, *_only(section, payload), ""]), sections, index)
    raise LineError("NO_AUDIO", "no audio both ways with Opus in the offer")


def write_answer(answer: str, offer: Offer) -> str:
    """Complete the answer: ask for error correction and DTX, and refuse the sections that are not used."""
    lines = answer.replace("\r\n", "\n").strip().split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith("m="))
    head, audio = lines[:start], []
    for line in lines[start:]:
        found = _RTPMAP.match(line)
        if line.startswith("a=fmtp:"):
            continue
        audio.append(line)
        if found:
            audio.append(f"a=fmtp:{found[1]} {OPUS_FORMAT}")
    out = [*head]
    for index, section in enumerate(offer.sections):
        out += audio if index == offer.audio else _refused(section)
    return "\r\n".join([*out, ""])


def _opus(section: tuple[str, ...]) -> str:
    """The payload type of Opus in an audio section that is in use, else nothing."""
    media = section[0].split()
    if len(media) < 4 or media[0] != "m=audio" or "SAVPF" not in media[2]:
        return ""
    if media[1] == "0" and _IN_A_BUNDLE not in section:
        return ""
    for line in section:
        found = _RTPMAP.match(line)
        if found and found[1] in media[3:] and int(found[1]) < 128:
            return found[1]
    return ""


def _standing_alone(
    section: tuple[str, ...], head: list[str], sections: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    """A section that lives in a bundle only, with the way of the bundle's first one: the others are refused."""
    if _IN_A_BUNDLE not in section:
        return section
    mid = _value(section, "a=mid:")
    bundles = (line.removeprefix("a=group:BUNDLE ").split() for line in head if line.startswith("a=group:BUNDLE "))
    mids = next((bundle for bundle in bundles if mid in bundle), [mid])
    first = next((one for one in sections if _value(one, "a=mid:") == mids[0]), section)
    kind, _port, *formats = section[0].split()
    own = [line for line in section[1:] if line != _IN_A_BUNDLE]
    missing = [name for name in _OF_THE_WAY if not any(line.startswith(name) for line in own)]
    return (" ".join([kind, "9", *formats]), *own, *(line for line in first if line.startswith(tuple(missing))))


def _only(section: tuple[str, ...], payload: str) -> list[str]:
    """An audio section with one format and no candidates."""
    kept = [" ".join([*section[0].split()[:3], payload])]
    for line in section[1:]:
        if line.startswith(_CANDIDATES):
            continue
        if line.startswith(_OF_A_FORMAT) and line.split(":", 1)[1].split(" ", 1)[0] != payload:
            continue
        kept.append(line)
    return kept


def _refused(section: tuple[str, ...]) -> list[str]:
    media = section[0].split()
    mid = _value(section, "a=mid:")
    refused = [" ".join([media[0], "0", *media[2:]]), "c=IN IP4 0.0.0.0", "a=inactive"]
    return [*refused, f"a=mid:{mid}"] if mid else refused


def _direction(lines: tuple[str, ...] | list[str], default: str) -> str:
    names = ("sendrecv", "sendonly", "recvonly", "inactive")
    return next((line[2:] for line in lines if line[2:] in names and line.startswith("a=")), default)


def _value(lines: tuple[str, ...], prefix: str) -> str:
    return next((line[len(prefix) :].strip() for line in lines if line.startswith(prefix)), "")
