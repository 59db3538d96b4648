"""Work that Celery starts. Any number may run at once: one seals at a time, and an alert is noted once."""

from celery import shared_task
from django.conf import settings
from django.db import connections

from access import sealing


@shared_task(ignore_result=True)
def seal() -> None:
    """Each minute: the ledger's new lines are sealed."""
    sealing.seal_ledger()


@shared_task(ignore_result=True)
def watch() -> None:
    """Each minute: what in the ledger's last hour is more than work asks for is noted for the auditor."""
    limits = [settings.READING_BUDGET, settings.MOST_REFUSALS, settings.MOST_SEARCHES]
    with connections["clock"].cursor() as cursor:
        cursor.execute("SELECT sec.watch_reading(%s, %s, %s)", limits)
