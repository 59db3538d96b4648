"""Clocks that are due, and the clock's role in a test's own transaction."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from deadlines.models import Deadline
from tests.database import seeding


def due_clock(case, *, rule_id="TS-03", days=0, step="due", owner=None, about="", waits=timedelta(0)) -> Deadline:
    """A clock whose limit is in so many days, and whose next step was due a minute ago (or will be in `waits`)."""
    now = timezone.now()
    limit = now + timedelta(days=days)
    with seeding():
        return Deadline.objects.create(
            case=case, rule_id=rule_id, rule_version="1", about=about, started_at=limit - timedelta(days=60),
            limit_at=limit, limit_on=timezone.localdate(limit), owner=owner, started_by=case.opened_by,
            next_step=step, next_step_at=now - timedelta(minutes=1) + waits,
        )  # fmt: skip


@contextmanager
def as_the_clock(monkeypatch):
    """The clock's role on the test's own connection, so that it finds what the test has not committed."""
    for module in ("reminders", "outbox"):
        monkeypatch.setattr(f"deadlines.{module}.CLOCK", "default")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cre_worker")
        yield
        cursor.execute("SET LOCAL ROLE cre_app")
