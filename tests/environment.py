"""Settings of a test run, made before Django reads them: data in a folder of its own, models where they are installed."""

import os
import tempfile
from pathlib import Path

_root = Path(__file__).resolve().parent.parent
os.environ.setdefault("STUDIO_MODELS_DIR", str(_root / "data" / "models"))
os.environ["STUDIO_DATA_DIR"] = tempfile.mkdtemp(prefix="pickup-test-")
os.environ["STUDIO_SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
