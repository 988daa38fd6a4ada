"""The project. Loaded before everything else, so what libraries read when they are loaded is set here."""

import os

# The pool of inference is the parallelism: a product of two small matrices that is spread over all cores makes them
# spin, and takes ten times the processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
from studio.running.celery import app as celery_app

__all__ = ["celery_app"]
