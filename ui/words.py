"""Dates, moments and text in the words a page uses."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

LONDON = ZoneInfo("Europe/London")


def local(value: datetime) -> datetime:
    """The moment on a clock in London. One without a zone is taken to be on that clock already."""
    return value.astimezone(LONDON) if value.tzinfo else value.replace(tzinfo=LONDON)


def as_day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def long_date(value: date | datetime | None) -> str:
    """20 November 2026. Nothing for nothing."""
    if value is None:
        return ""
    day = as_day(value)
    return f"{day.day} {day:%B} {day.year}"


def clock(value: datetime) -> str:
    """3:12pm, midnight, midday."""
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    return f"{value.hour % 12 or 12}:{value.minute:02}{'am' if value.hour < 12 else 'pm'}"


def moment(value: datetime | None) -> str:
    """20 November 2026 at 3:12pm."""
    if value is None:
        return ""
    return f"{long_date(value)} at {clock(local(value))}"


def days_ago(value: date | datetime | None, today: date | datetime) -> str:
    """today, yesterday, 4 days ago; and for what is still to come tomorrow, in 4 days."""
    if value is None:
        return ""
    days = (as_day(today) - as_day(value)).days
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return near[days]
    return f"{days} days ago" if days > 0 else f"in {-days} days"


def paragraphs(value: object) -> Markup:
    """Escapes the text; an empty line begins a paragraph, a line break stays one."""
    text = str(escape("" if value is None else value)).replace("\r\n", "\n").replace("\r", "\n")
    blocks = (block.strip("\n") for block in text.split("\n\n"))
    return Markup("").join(
        Markup('<p class="govuk-body">{}</p>').format(Markup(block.replace("\n", "<br>")))  # noqa: S704
        for block in blocks
        if block.strip()
    )
