"""Dates and times in words, British and in the GOV.UK style: "20 November 2026 at 3:12pm"."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR, DAY = 60, 3600, 86400


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 day", "4 days", "1,204 days"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def local(moment: datetime) -> datetime:
    """The same moment on a clock in England. A moment without a zone is a mistake of ours, never a guess."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(LONDON)


def day_of(when: date | datetime) -> date:
    """The day in England on which it happened."""
    return local(when).date() if isinstance(when, datetime) else when


def long_date(when: date | datetime | None) -> str:
    """ "20 November 2026"; nothing for nothing."""
    if when is None:
        return ""
    day = day_of(when)
    return f"{day.day} {day:%B} {day.year}"


def short_date(when: date | datetime | None) -> str:
    """ "20 November": for places where the year is plain."""
    if when is None:
        return ""
    day = day_of(when)
    return f"{day.day} {day:%B}"


def weekday_date(when: date | datetime | None) -> str:
    """ "Tuesday 24 November 2026"."""
    return f"{day_of(when):%A} {long_date(when)}" if when is not None else ""


def clock(moment: datetime | None) -> str:
    """ "3:12pm", "midday", "midnight"."""
    if moment is None:
        return ""
    at = local(moment)
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    return f"{at.hour % 12 or 12}:{at.minute:02}{'am' if at.hour < 12 else 'pm'}"


def short_moment(moment: datetime | None) -> str:
    """ "20 November 2026 at 3:12pm"."""
    return f"{long_date(moment)} at {clock(moment)}" if moment is not None else ""


def days_ago(when: date | datetime | None, today: date) -> str:
    """How long ago a day was: "today", "yesterday", "9 days ago"; a day to come is "in 3 days"."""
    return relative_day(when, today)


def relative_day(when: date | datetime | None, today: date) -> str:
    """A day as seen from today: "tomorrow", "in 3 days", "2 days ago"."""
    if when is None:
        return ""
    distance = (day_of(when) - day_of(today)).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if distance in near:
        return near[distance]
    return f"in {counted(distance, 'day')}" if distance > 0 else f"{counted(-distance, 'day')} ago"


def time_left(limit: date | datetime | None, now: date | datetime) -> str:
    """What is left until a limit, in words: "1 day left", "due today", "4 days overdue", "5 hours left".

    A limit that is a day is met until that day ends. A limit that is a moment counts hours and minutes in the
    last day.
    """
    if limit is None:
        return ""
    if isinstance(limit, datetime) and isinstance(now, datetime):
        return _moments_apart(limit.astimezone(UTC) - now.astimezone(UTC))
    days = (day_of(limit) - day_of(now)).days
    if days == 0:
        return "due today"
    return f"{counted(days, 'day')} left" if days > 0 else f"{counted(-days, 'day')} overdue"


def _moments_apart(distance: timedelta) -> str:
    seconds = int(distance.total_seconds())
    end = "left" if seconds >= 0 else "overdue"
    size = abs(seconds)
    for length, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if size >= length:
            return f"{counted(size // length, unit)} {end}"
    return "due now"
