"""The Celery app. The broker only wakes the worker; what is to be done stands in calling/record/outbox.py."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

SWEEP = "calling.record.tasks.sweep"
SWEEP_EVERY_S = 5.0

app = Celery("pickup")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["calling.record", "calling.rehearsing"])
app.conf.beat_schedule = {
    # A wake-up that waited longer than this is worthless: the next one is there already.
    "sweep the outbox": {"task": SWEEP, "schedule": SWEEP_EVERY_S, "options": {"expires": SWEEP_EVERY_S}},
}


def heartbeat_file() -> Path:
    """Touched after every sweep: its age tells whether broker and worker do their work (studio/running/health.py)."""
    from django.conf import settings

    return settings.DATA_DIR / "worker_heartbeat"


@signals.task_postrun.connect
def _beat(task: Any = None, **_: Any) -> None:
    if getattr(task, "name", "") == SWEEP:
        heartbeat_file().touch()


@signals.setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone when somebody answers this signal: studio/running/logs.py has set it up already."""
