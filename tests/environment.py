"""Settings of a test run, made before Django reads them: data in its own folder, models where they are installed."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_root = Path(__file__).resolve().parent.parent
_models = os.environ.get("STUDIO_MODELS_DIR") or str(_root / "data" / "models")

# What the shell of a developer says about their own installation says nothing about a test run.
for _name in [*os.environ]:
    if _name.startswith("STUDIO_") or _name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        del os.environ[_name]

_data = tempfile.mkdtemp(prefix="pickup-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)

Path(_data, "static").mkdir()  # whitenoise looks whether it is there

os.environ["STUDIO_MODELS_DIR"] = _models
os.environ["STUDIO_DATA_DIR"] = _data
os.environ["STUDIO_SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
