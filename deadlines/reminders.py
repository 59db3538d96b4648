"""The tick: tells people of what is due. As a role of its own that sees no child (alias `clock`).

The database is the queue. A batch of clocks is claimed (others skip it), the reminders, the notices and the next step
of each clock are written, all in one transaction: killed at any moment, nothing is lost and nothing said twice. Any
number may run at once. A clock that is not due costs nothing: they are found by an index on the next step.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.db.models.functions import Now

from access.principal import acting_as
from accounts.models import Notice
from deadlines.models import Deadline
from deadlines.recipients import read_staff, recipients
from deadlines.rules import is_told_at_once
from deadlines.steps import Step, step_after, step_at
from offer.working_days import OutsideCalendarError

logger = logging.getLogger(__name__)

CLOCK = "clock"  # the connection of the clock's own role
BATCH = 100
MOST_BATCHES = 100  # in one tick; the next one goes on

_FIELDS = ("pk", "case_id", "rule_id", "started_at", "limit_at", "limit_on", "owner_id")

# Who was told already is not told again: only what is new comes back.
_REMIND = """
INSERT INTO deadlines_reminder (case_id, deadline_id, step, recipient_id)
SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::varchar[], %s::bigint[])
ON CONFLICT DO NOTHING RETURNING deadline_id, recipient_id
"""
_NEXT = """
UPDATE deadlines_deadline AS d SET next_step = coalesce(n.step, ''), next_step_at = n.at
FROM unnest(%s::bigint[], %s::varchar[], %s::timestamptz[]) AS n (id, step, at) WHERE d.id = n.id
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A clock as its role sees it."""

    pk: int
    case_id: UUID
    rule_id: str
    started_at: datetime
    limit_at: datetime
    limit_on: date | None
    owner_id: int | None

    def step(self, now: datetime) -> Step | None:
        return step_at(self.started_at, self.limit_on or self.limit_at, now, settings.REMINDER_HOUR)

    def next_step(self, now: datetime) -> Step | None:
        """None where the calendar ends: such a clock is said to be broken in the log and never holds up another."""
        try:
            return step_after(self.started_at, self.limit_on or self.limit_at, now, settings.REMINDER_HOUR)
        except OutsideCalendarError:
            logger.exception("Clock %s has no further reminder", self.pk)
            return None


def send_due() -> int:
    """Tells of everything that is due now. Returns how many people were told of how many steps, in all."""
    sent = 0
    for _ in range(MOST_BATCHES):
        with acting_as(None), transaction.atomic(using=CLOCK):
            claimed, told = _send_batch()
        sent += told
        if claimed < BATCH:
            break
    return sent


def _send_batch() -> tuple[int, int]:
    """Claims a batch; how many clocks it had, and how many reminders were new."""
    due = Deadline.objects.using(CLOCK).filter(state__literally=Deadline.State.OPEN, next_step_at__lte=Now())
    claimed = due.select_for_update(skip_locked=True).order_by("next_step_at")[:BATCH]
    found = list(claimed.annotate(now=Now()).values_list(*_FIELDS, "now"))
    if not found:
        return 0, 0
    now = found[0][-1]
    clocks = [Running(*one[:-1]) for one in found]
    reminders = _reminders(clocks, now)
    told = _write(reminders)
    _advance([(clock.pk, clock.next_step(now)) for clock in clocks])
    return len(clocks), told


@dataclass(frozen=True, slots=True)
class _Reminder:
    clock: Running
    step: str
    recipient: int | None
    kind: str
    reference: str


def _reminders(clocks: Sequence[Running], now: datetime) -> list[_Reminder]:
    owners = {clock.owner_id for clock in clocks if clock.owner_id is not None}
    staff = read_staff({clock.case_id for clock in clocks}, owners, CLOCK)
    reminders: list[_Reminder] = []
    for clock in clocks:
        step = clock.step(now)
        if step is None:  # a setting was changed since: the step has a later hour now
            continue
        found = recipients(staff, clock.case_id, clock.owner_id, clock.rule_id, step.name)
        people: dict[Any, Any] = found or {None: ""}
        if None in people:
            logger.error("Nobody could be told of %s of clock %s", step.name, clock.pk)
        reference = staff.references[clock.case_id]
        reminders += [_Reminder(clock, step.name, user, kind, reference) for user, kind in people.items()]
    return reminders


def _write(reminders: Sequence[_Reminder]) -> int:
    """Writes what is new, and a notice for each. Returns how many there were."""
    columns: tuple[list[Any], ...] = (
        [one.clock.case_id for one in reminders],
        [one.clock.pk for one in reminders],
        [one.step for one in reminders],
        [one.recipient for one in reminders],
    )
    with connections[CLOCK].cursor() as cursor:
        cursor.execute(_REMIND, columns)
        new = set(cursor.fetchall())
    Notice.objects.using(CLOCK).bulk_create(
        Notice(
            recipient_id=one.recipient, kind=one.kind, reference=one.reference, path=f"/cases/{one.clock.case_id}/due/",
            mail=Notice.Mail.AT_ONCE if is_told_at_once(one.clock.rule_id) else Notice.Mail.DIGEST,
        )
        for one in reminders
        if one.recipient is not None and (one.clock.pk, one.recipient) in new
    )  # fmt: skip
    return len(new)


def _advance(steps: Sequence[tuple[int, Step | None]]) -> None:
    ids = [pk for pk, _ in steps]
    names, moments = [step and step.name for _, step in steps], [step and step.at for _, step in steps]
    with connections[CLOCK].cursor() as cursor:
        cursor.execute(_NEXT, [ids, names, moments])
