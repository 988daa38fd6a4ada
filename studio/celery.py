"""The Celery app. The broker only wakes the worker; what is to be done stands in the outbox table (calling/outbox.py)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

app = Celery("pickup")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep the outbox": {"task": "calling.tasks.sweep", "schedule": 5.0},
}
