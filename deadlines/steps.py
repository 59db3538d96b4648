"""When the reminders of a clock go out, and who hears of each. Pure: a limit and a moment in, steps out.

Steps have names that stay put, because a reminder is sent once for each (clock, step, recipient):
`before-5` (working days before a day limit), `before-24h` (hours before a moment), `due`, and `late-1`, `late-2` ...
(working days after). DOMAIN 3.3 [PROPOSED]; the numbers themselves are in `offer.counting`.

Reminders of days go out in the morning (an hour in Europe/London); those of an hour limit at their very hour, on any
day. Moments are UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from offer.counting import (
    LONDON,
    REMIND_HOURS_BEFORE,
    REMIND_WORKING_DAYS_BEFORE,
    SERVICE_MANAGER_TOLD_AFTER,
    TEAM_MANAGER_TOLD_AFTER,
    london_date,
)
from offer.working_days import add_working_days, is_working_day, working_days_before

DUE, BEFORE, LATE = "due", "before-", "late-"


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder: its name, and the moment (UTC) from which it is to be sent."""

    name: str
    at: datetime


class Told(StrEnum):
    """Who hears of a step."""

    OWNER = "owner"
    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"


def morning(day: date, hour: int) -> datetime:
    """The hour of the morning on a day in Europe/London, as UTC."""
    return datetime.combine(day, time(hour), tzinfo=LONDON).astimezone(UTC)


def planned(started: datetime, limit: date | datetime, hour: int) -> tuple[Step, ...]:
    """The steps up to the limit, in order. Those on the day of the event (or at its moment) or before are left out."""
    if isinstance(limit, datetime):
        end = limit.astimezone(UTC)
        steps = [_step(n, f"{n}h", end - timedelta(hours=n)) for n in REMIND_HOURS_BEFORE]
        return tuple(step for step in steps if step.name == DUE or step.at > started)
    days = [(n, working_days_before(limit, n)) for n in REMIND_WORKING_DAYS_BEFORE]
    begun = london_date(started)
    return tuple(_step(n, str(n), morning(day, hour)) for n, day in days if n == 0 or day > begun)


def _step(before: int, words: str, at: datetime) -> Step:
    return Step(BEFORE + words if before else DUE, at)


def step_at(started: datetime, limit: date | datetime, now: datetime, hour: int) -> Step | None:
    """The step that is to be sent now: the last one whose time has come, or None while it is too early for any.

    Steps missed while nothing ran are not made up for one by one: whoever is late is told once how late it is.
    """
    late = _working_days_late(limit, now, hour)
    if late:
        return _late(limit, late, hour)
    come = [step for step in planned(started, limit, hour) if step.at <= now]
    return come[-1] if come else None


def step_after(started: datetime, limit: date | datetime, now: datetime, hour: int) -> Step:
    """The first step whose time has not come yet. There is always one: what is late is said every working day.

    Raises:
        OutsideCalendarError: the next working day lies outside the table of bank holidays.
    """
    to_come = [step for step in planned(started, limit, hour) if step.at > now]
    return to_come[0] if to_come else _late(limit, _working_days_late(limit, now, hour) + 1, hour)


def first_step(started: datetime, limit: date | datetime, now: datetime, hour: int) -> Step:
    """What a clock that is started now waits for: what is due to be said at once, else the next step."""
    return step_at(started, limit, now, hour) or step_after(started, limit, now, hour)


def told(step: str) -> frozenset[Told]:
    """Who hears of a step: the owner always; the managers from so many working days after the limit."""
    days = int(step.removeprefix(LATE)) if step.startswith(LATE) else 0
    after = {Told.TEAM_MANAGER: TEAM_MANAGER_TOLD_AFTER, Told.SERVICE_MANAGER: SERVICE_MANAGER_TOLD_AFTER}
    return frozenset({Told.OWNER, *(who for who, least in after.items() if days >= least)})


def _late(limit: date | datetime, days: int, hour: int) -> Step:
    return Step(f"{LATE}{days}", morning(add_working_days(london_date(limit), days), hour))


def _working_days_late(limit: date | datetime, now: datetime, hour: int) -> int:
    """How many mornings of working days have come since the day of the limit."""
    day, today, late = london_date(limit), london_date(now), 0
    while day < today:
        day += timedelta(days=1)
        late += is_working_day(day) and morning(day, hour) <= now
    return late
