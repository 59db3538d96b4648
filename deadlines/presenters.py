"""Clocks in words. The one place that says how late, or how soon, a thing is."""

from datetime import datetime, timedelta
from typing import Any

from accounts.roles import Role
from deadlines.models import Breach, Deadline
from deadlines.rules import DONE_BY
from offer.sources import Status
from offer.timescales import TIMESCALES
from ui.dates import day_of, long_date, short_moment, time_left

SOON = timedelta(days=3)
LEAD = "The allocated social worker"
DOERS = {Role.TEAM_MANAGER: "The team manager", Role.CHILD_PROTECTION_MANAGER: "A Child Protection Manager"}


def marker(limit: datetime, now: datetime, *, by_day: bool) -> dict[str, str]:
    """A limit for the `due_marker` of templates: the day or moment, how far away it is in words, and a level."""
    text = long_date(limit) if by_day else short_moment(limit)
    words = time_left(day_of(limit), day_of(now)) if by_day else time_left(limit, now)
    level = "overdue" if limit < now else "soon" if limit < now + SOON else "later"
    return {"text": text, "words": words, "level": level}


def due_marker(deadline: Deadline, now: datetime) -> dict[str, str]:
    """The same for a clock: "24 November 2026", "4 days overdue"; when it has ended, how."""
    found = marker(deadline.limit_at, now, by_day=deadline.limit_on is not None)
    if deadline.state == Deadline.State.OPEN:
        return found
    return {**found, "words": Deadline.State(deadline.state).label, "level": "done"}


def what_is_due(deadline: Deadline) -> str:
    """What has to be done, in the rule's words."""
    rule = TIMESCALES.get(deadline.rule_id)
    return rule.label if rule else deadline.rule_id


def who_does_it(deadline: Deadline) -> str:
    """Whose it is to do: a person, or those whose part it is."""
    if deadline.owner:
        return deadline.owner.name
    role = DONE_BY.get(deadline.rule_id)
    return DOERS[role] if role else LEAD


def by_whose_rule(deadline: Deadline) -> str:
    """Law, guidance or only a local target, and where it is written. Nothing proposed is ever shown as law."""
    rule = TIMESCALES.get(deadline.rule_id)
    if rule is None:
        return deadline.rule_id
    if rule.status is Status.PROPOSED:
        return f"Local target, not law ({rule.rule_id})"
    not_binding = "" if deadline.binding else "; did not bind on that day"
    return f"{rule.status.value}{not_binding}: {rule.source} ({rule.rule_id})"


def due_row(deadline: Deadline, now: datetime) -> dict[str, Any]:
    """A clock as a row of a table."""
    rule = TIMESCALES.get(deadline.rule_id)
    book_by = deadline.book_by if deadline.book_by != deadline.limit_on else None
    return {
        "pk": deadline.pk,
        "case": deadline.case_id,
        "what": what_is_due(deadline),
        "due": due_marker(deadline, now),
        "book_by": long_date(book_by),
        "soft": f"{rule.soft_label}, {long_date(deadline.soft_at)}" if rule and deadline.soft_at else "",
        "rule": by_whose_rule(deadline),
        "since": f"from {rule.counted_from}, {short_moment(deadline.started_at)}" if rule else "",
        "owner": who_does_it(deadline),
        "is_missed": deadline.limit_at < (deadline.ended_at or now) and deadline.state != Deadline.State.ENDED,
    }


def ended_row(deadline: Deadline, now: datetime) -> dict[str, Any]:
    """A clock that has ended: how, when and by whom."""
    by = deadline.ended_by.name if deadline.ended_by else ""
    why = f": {deadline.end_reason}" if deadline.end_reason else ""
    outcome = f"{Deadline.State(deadline.state).label}{why}"
    return {**due_row(deadline, now), "outcome": outcome, "ended": f"{short_moment(deadline.ended_at)}, {by}"}


def breach_words(breach: Breach) -> dict[str, str]:
    """Why a limit was missed, who says so and when."""
    return {"reason": breach.reason, "by": f"{breach.approved_by.name}, {short_moment(breach.approved_at)}"}
