"""Working days in England: Monday to Friday, except bank holidays.

A bank holiday that falls on a weekend has a substitute day, which is not a working day either: Boxing Day 2026 is a
Saturday, so Monday 28 December 2026 is the holiday. The table runs from 2000 to 2100 (Banking and Financial Dealings
Act 1971, and the days proclaimed). A one-off holiday proclaimed later is passed in as `extra_holidays`.

Every argument is a calendar day (Europe/London). A datetime raises TypeError; a day outside the table raises
OutsideCalendarError.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

import holidays

from offer.months import whole_day

FIRST_YEAR = 2000
LAST_YEAR = 2100

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class OutsideCalendarError(ValueError):
    """The day lies outside the table of bank holidays, so nobody can say whether it is a working day."""


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in `year`, with substitute days and the one-off days known to date.

    Raises OutsideCalendarError before 2000 or after 2100.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideCalendarError(
            f"Bank holidays are known from {FIRST_YEAR} to {LAST_YEAR}; {year} is outside the table."
        )
    return frozenset(day for day in holidays.country_holidays("GB", subdiv="ENG", years=year) if day.year == year)


def is_working_day(day: date, *, extra_holidays: Collection[date] = ()) -> bool:
    """True if `day` is Monday to Friday and not a bank holiday in England.

    extra_holidays: one-off holidays that the table does not yet know.
    """
    whole_day(day)
    return day not in bank_holidays(day.year) and day.weekday() < _SATURDAY and day not in extra_holidays


def add_working_days(day: date, n: int, *, extra_holidays: Collection[date] = ()) -> date:
    """The day that is `n` working days after `day`.

    The event day is day 0 even when it is not a working day; then `n` working days are counted after it. With 0 it is
    the event day itself. A limit counted so ends at 23:59:59 on the day returned. Raises ValueError if n is negative.
    """
    if n < 0:
        raise ValueError("Working days are counted forward; use working_days_before to count back.")
    whole_day(day)
    for _ in range(n):
        day = _step(day, _ONE_DAY, extra_holidays)
    return day


def previous_working_day(day: date, *, extra_holidays: Collection[date] = ()) -> date:
    """The last working day strictly before `day`, whether or not `day` is one itself."""
    return _step(whole_day(day), -_ONE_DAY, extra_holidays)


def last_working_day_by(day: date, *, extra_holidays: Collection[date] = ()) -> date:
    """`day` itself if it is a working day, else the last working day before it: the day to book a meeting by."""
    if is_working_day(day, extra_holidays=extra_holidays):
        return day
    return previous_working_day(day, extra_holidays=extra_holidays)


def working_days_before(day: date, n: int, *, extra_holidays: Collection[date] = ()) -> date:
    """The day that is `n` working days before `day`; with 0, `day` itself. Raises ValueError if n is negative."""
    if n < 0:
        raise ValueError("Give the number of working days before as 0 or more.")
    whole_day(day)
    for _ in range(n):
        day = _step(day, -_ONE_DAY, extra_holidays)
    return day


def _step(day: date, step: timedelta, extra_holidays: Collection[date]) -> date:
    day += step
    while not is_working_day(day, extra_holidays=extra_holidays):
        day += step
    return day
