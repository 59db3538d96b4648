"""Celery carries ids only. The database is the queue of record, so Redis may be wiped at any moment."""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cre_case.settings")

app = Celery("cre_case")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["plans.copies"])  # a part of an app: not found by itself


@setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Celery's own way of logging would write the words of an error and the arguments of a task."""
    from django.conf import settings  # noqa: PLC0415 -- not before Celery has set Django up

    dictConfig(settings.LOGGING)
