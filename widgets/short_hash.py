"""64 bits of a text, as the tag's script works them out, too: the XTEA cipher in the manner of Davies and Meyer.

For telling apart, and for not being readable; nothing is proven by it. What browsers have by themselves takes its time
and wants https, and SHA-256 written out was a tenth of the script (docs/decisions/034).
"""

from functools import lru_cache

_MASK, _STEP, _ROUNDS, _BLOCK = 0xFFFFFFFF, 0x9E3779B9, 32, 16


@lru_cache(maxsize=1024)
def short_hash(text: str) -> tuple[int, int]:
    """Two signed numbers of 32 bits, of an ASCII text."""
    data = text.encode("ascii") + b"\x80"
    data += bytes(-len(data) % _BLOCK)
    first = second = 0
    for at in range(0, len(data), _BLOCK):
        key = tuple(int.from_bytes(data[place : place + 4], "little") for place in range(at, at + _BLOCK, 4))
        one, other = encrypted(key, first, second)
        first, second = first ^ one, second ^ other
    return _signed(first), _signed(second)


def encrypted(key: tuple[int, ...], first: int, second: int) -> tuple[int, int]:
    """XTEA with its 32 rounds, over a block of two words."""
    total = 0
    for _round in range(_ROUNDS):
        first = first + ((((second << 4) ^ (second >> 5)) + second) ^ (total + key[total & 3])) & _MASK
        total = total + _STEP & _MASK
        second = second + ((((first << 4) ^ (first >> 5)) + first) ^ (total + key[total >> 11 & 3])) & _MASK
    return first, second


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word
