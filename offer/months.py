"""Calendar months: the same day number, clamped to the end of a shorter month."""

import calendar
from datetime import date, datetime


def whole_day(day: date) -> date:
    """`day` itself, once it is known to be a calendar day.

    A datetime is a date to Python but not to these rules: it belongs to a different day in another time zone, and it
    is never equal to a bank holiday. Raises TypeError for one; convert it to its Europe/London date first.
    """
    if isinstance(day, datetime):
        raise TypeError("Give a calendar day, not a moment: take its Europe/London date first.")
    return day


def add_months(day: date, months: int) -> date:
    """The day `months` calendar months after `day` (before it, if negative).

    Same day number; where the month is too short, its last day: 30 November and three months is 28 February, or
    29 February in a leap year. Source: corresponding date rule, as the service's counting rules state it.
    """
    whole_day(day)
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))
