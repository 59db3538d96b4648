"""Work that Celery starts."""

from celery import shared_task
from django.db import connections


@shared_task(ignore_result=True)
def watch_surnames() -> None:
    """Each minute: who opened the file of a child with their own surname, whom they do not work with, is noted."""
    with connections["clock"].cursor() as cursor:
        cursor.execute("SELECT sec.watch_surnames()")
