"""After the call: tasks that the worker runs."""

from celery import shared_task


@shared_task(name="calling.tasks.sweep")
def sweep() -> None:
    """Do everything in the outbox that is due."""
