"""The clocks of a file, and what the clocks do by themselves."""

from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Case, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from access.actions import case_action, machine_work, part_of_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from deadlines.models import Breach, Deadline, Heartbeat
from deadlines.rules import rule_in_force
from deadlines.steps import first_step
from offer.timescales import LONDON

CLOCKS = "clocks"
LAST_MOMENT = time(23, 59, 59)


def _moment(limit: date | datetime) -> datetime:
    """The last moment of a limit: a day counts until 23:59:59 in London."""
    return limit if isinstance(limit, datetime) else datetime.combine(limit, LAST_MOMENT, tzinfo=LONDON)


def _day(limit: date | datetime | None) -> date | None:
    return None if isinstance(limit, datetime) else limit


@part_of_action
def start_clock(
    case: CaseFile, *, by: User, rule_id: str, started_at: datetime, about: str = "", owner: User | None = None
) -> Deadline:
    """Starts a clock on a file, in the transaction of what causes it. One that runs already goes on: it is returned.

    Args:
        rule_id: a rule of `offer.timescales` that has a limit.
        started_at: the event the rule counts from (aware; its London day for rules in days and months).
        about: what of the file it is the clock of, like "referral:12"; blank where the file has only one.
        owner: who has to act; None for the worker who leads on the file, whoever that is.

    Raises:
        KeyError: there is no such rule. NoFixedLimitError: its source sets no limit.
    """
    running: Deadline | None = Deadline.objects.filter(
        case=case, rule_id=rule_id, about=about, state=Deadline.State.OPEN
    ).first()
    if running:
        return running
    rule = rule_in_force(rule_id)
    due = rule.due(started_at)
    step = first_step(started_at, due.limit, timezone.now(), settings.REMINDER_HOUR)
    clock: Deadline = Deadline.objects.create(
        case=case, rule_id=rule_id, rule_version=rule.version, about=about, started_at=started_at,
        limit_at=_moment(due.limit), limit_on=_day(due.limit), book_by=_day(due.book_by),
        soft_at=_moment(due.soft) if due.soft else None, binding=due.binding, owner=owner, started_by=by,
        next_step=step.name, next_step_at=step.at,
    )  # fmt: skip
    return clock


@part_of_action
def stop_clock(
    case: CaseFile, *, by: User, rule_id: str, about: str = "", done_at: datetime | None = None
) -> Deadline | None:
    """What the clock waited for is done. None if no such clock runs.

    Args:
        done_at: when it was done (aware; now, if not given): whether the limit was kept is judged by it.
    """
    at = done_at or timezone.now()
    in_time = Case(When(limit_at__gte=at, then=Value(Deadline.State.MET)), default=Value(Deadline.State.LATE))
    return _end(case, rule_id, about, ended_by=by, ended_at=at, state=in_time)


@part_of_action
def drop_clock(case: CaseFile, *, by: User, rule_id: str, reason: str, about: str = "") -> Deadline | None:
    """What the clock waited for is no longer needed. None if no such clock runs."""
    ended = {"ended_by": by, "ended_at": timezone.now(), "end_reason": reason}
    return _end(case, rule_id, about, state=Deadline.State.ENDED, **ended)


@part_of_action
def end_clocks(case: CaseFile, *, by: User, reason: str) -> None:
    """Nothing on the file is waited for any more: every clock that runs ends, with this reason."""
    Deadline.objects.filter(case=case, state=Deadline.State.OPEN).update(
        state=Deadline.State.ENDED, ended_by=by, ended_at=timezone.now(), end_reason=reason,
        next_step="", next_step_at=None,
    )  # fmt: skip


def _end(case: CaseFile, rule_id: str, about: str, **changes: object) -> Deadline | None:
    clocks = Deadline.objects.filter(case=case, rule_id=rule_id, about=about, state=Deadline.State.OPEN)
    pk = clocks.values_list("pk", flat=True).first()
    if pk is None:
        return None
    clocks.filter(pk=pk).update(next_step="", next_step_at=None, **changes)
    ended: Deadline = Deadline.objects.get(pk=pk)
    return ended


@case_action(Action.RECORD_BREACH)
def record_breach(deadline: Deadline, *, by: User, reason: str) -> Breach:
    """Writes down, once and for good, why a limit was missed. A manager's act; the clock itself goes on.

    Raises:
        Refused: no reason, the limit was not missed, or the reason is written down already.
    """
    if not reason.strip():
        raise Refused("Say why the limit was missed.")
    missed: Deadline = Deadline.objects.get(pk=deadline.pk)
    if missed.state == Deadline.State.ENDED or (missed.ended_at or timezone.now()) <= missed.limit_at:
        raise Refused("This limit was not missed, so there is nothing to explain.")
    if Breach.objects.filter(deadline=missed).exists():
        raise Refused("A manager has already written down why this limit was missed.")
    breach: Breach = Breach.objects.create(
        case=missed.case, deadline=missed, reason=reason.strip(), approved_by=by, approved_at=timezone.now()
    )
    return breach


@machine_work
def beat() -> None:
    """Says that the clocks were looked at now, by the database's own clock."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(process=CLOCKS, at=Now())],
        update_conflicts=True, unique_fields=["process"], update_fields=["at"],
    )  # fmt: skip
