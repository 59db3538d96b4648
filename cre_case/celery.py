"""Celery carries ids only. The database is the queue of record, so Redis may be wiped at any moment."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cre_case.settings")

app = Celery("cre_case")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["plans.copies"])  # a part of an app: not found by itself
