"""A second calendar, slow and simple, written from the counting rules alone. It imports nothing from the package.

Bank holidays of England typed by hand: proclaimed or statutory days, with the substitute for each that falls on a
weekend. Easter Sundays: 31 Mar 2024, 20 Apr 2025, 5 Apr 2026, 28 Mar 2027, 16 Apr 2028, 1 Apr 2029, 21 Apr 2030,
13 Apr 2031, 28 Mar 2032, 17 Apr 2033.
"""

from datetime import UTC, date, datetime, timedelta

ONE_DAY = timedelta(days=1)

WEEKDAYS_OFF = """
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
2029-01-01 2029-03-30 2029-04-02 2029-05-07 2029-05-28 2029-08-27 2029-12-25 2029-12-26
2030-01-01 2030-04-19 2030-04-22 2030-05-06 2030-05-27 2030-08-26 2030-12-25 2030-12-26
2031-01-01 2031-04-11 2031-04-14 2031-05-05 2031-05-26 2031-08-25 2031-12-25 2031-12-26
2032-01-01 2032-03-26 2032-03-29 2032-05-03 2032-05-31 2032-08-30 2032-12-27 2032-12-28
2033-01-03 2033-04-15 2033-04-18 2033-05-02 2033-05-30 2033-08-29 2033-12-26 2033-12-27
"""

HOLIDAYS = tuple(date.fromisoformat(text) for text in WEEKDAYS_OFF.split())
HOLIDAY_SET = set(HOLIDAYS)


def every_day(first, last):
    """Each day from `first` to `last`, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def works(day):
    """Monday to Friday, and not in the list."""
    return day.strftime("%A") not in {"Saturday", "Sunday"} and day not in HOLIDAY_SET


def working_days_after(day, n):
    """Walk on one day at a time; tick off each working day; stop at the n-th."""
    ticked = 0
    while ticked < n:
        day += ONE_DAY
        if works(day):
            ticked += 1
    return day


def calendar_days_after(day, n):
    """Walk on n days."""
    for _ in range(n):
        day += ONE_DAY
    return day


def months_after(day, n):
    """Turn n pages of the calendar; if the page has no such day, take the last one it has."""
    year, month = day.year, day.month
    for _ in range(n):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def book_by(limit, started):
    """Walk back from the limit to a working day; if that is before the event, the limit has to do."""
    day = limit
    while not works(day):
        day -= ONE_DAY
    return limit if day < started else day


def is_summer_time(moment_utc):
    """Between 01:00 UTC on the last Sunday of March and 01:00 UTC on the last Sunday of October."""
    begins, ends = (_last_sunday(moment_utc.year, month) for month in (3, 10))
    return begins <= moment_utc < ends


def london_wall_time(moment_utc):
    """The wall time in London as (year, month, day, hour, minute), worked out from the rule above."""
    local = moment_utc + timedelta(hours=1) if is_summer_time(moment_utc) else moment_utc
    return (local.year, local.month, local.day, local.hour, local.minute)


def _last_sunday(year, month):
    day = date(year, month, 31)
    while day.strftime("%A") != "Sunday":
        day -= ONE_DAY
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
