"""The hash that server and script work out alike."""

import json

import pytest

from widgets.short_hash import encrypted, short_hash

from ..test_architecture import ROOT

# As in tests/js/loader/listed.test.js, which reads the same table.
SAMPLES = json.loads((ROOT / "tests" / "hash_samples.json").read_text())


@pytest.mark.parametrize(
    ("key", "block", "meant"),
    [
        ("000102030405060708090a0b0c0d0e0f", "4142434445464748", "497df3d072612cb5"),
        ("000102030405060708090a0b0c0d0e0f", "4141414141414141", "e78f2d13744341d8"),
        ("00000000000000000000000000000000", "4142434445464748", "a0390589f8b8efa5"),
    ],
)
def test_the_cipher_is_xtea(key, block, meant):
    def words(text):
        return [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]

    assert list(encrypted(tuple(words(key)), *words(block))) == words(meant)


@pytest.mark.parametrize(("text", "hashed"), SAMPLES, ids=[str(len(text)) for text, _ in SAMPLES])
def test_server_and_page_work_out_the_same(text, hashed):
    assert "{}.{}".format(*short_hash(text)) == hashed


def test_one_letter_changes_about_half_of_it():
    one, other = short_hash("saltexample.com"), short_hash("saltexample.con")
    changed = sum((a ^ b & 0xFFFFFFFF).bit_count() for a, b in zip(one, other, strict=True))
    assert 16 <= changed <= 48


def test_texts_of_every_length_differ():
    assert len({short_hash("a" * size) for size in range(200)}) == 200
