"""Work that Celery starts. Any number may run at once: the database lets one seal at a time."""

from celery import shared_task

from access import sealing


@shared_task(ignore_result=True)
def seal() -> None:
    """Each minute: the ledger's new lines are sealed."""
    sealing.seal_ledger()
