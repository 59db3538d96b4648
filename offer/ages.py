"""Ages and birthdays of a child.

A person born on 29 February reaches an age on 1 March in years that have no 29 February (usual reading in England;
to be confirmed by legal advice).
"""

from datetime import date

from offer.months import whole_day

_LEAP_DAY = (2, 29)


def birthday(date_of_birth: date, years: int) -> date:
    """The day a person reaches the age of `years`.

    date_of_birth: a calendar day. years: whole years, 0 or more.
    For 29 February in an ordinary year: 1 March. Raises ValueError for a negative age, TypeError for a datetime.
    """
    if years < 0:
        raise ValueError("An age cannot be negative.")
    whole_day(date_of_birth)
    year = date_of_birth.year + years
    if (date_of_birth.month, date_of_birth.day) == _LEAP_DAY and not _is_leap(year):
        return date(year, 3, 1)
    return date(year, date_of_birth.month, date_of_birth.day)


def age_on(date_of_birth: date, day: date) -> int:
    """Age in completed years on `day`; the birthday itself counts as the new age.

    Both are calendar days (Europe/London). Raises ValueError if `day` is before the birth, TypeError for a datetime.
    """
    if whole_day(day) < whole_day(date_of_birth):
        raise ValueError("The day is before the date of birth.")
    years = day.year - date_of_birth.year
    return years if birthday(date_of_birth, years) <= day else years - 1


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
