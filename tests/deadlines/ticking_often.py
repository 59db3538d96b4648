"""The program's Celery with a tick each half second and small batches: `celery --app tests.deadlines.ticking_often`."""

from celery.signals import worker_init

from cre_case.celery import app

__all__ = ["app"]

app.conf.beat_schedule = {"tick": {"task": "deadlines.tasks.tick", "schedule": 0.5}}


@worker_init.connect
def small_batches(**_: object) -> None:
    from deadlines import reminders

    reminders.BATCH = 20
