"""How a limit is counted, and what a rule about time looks like.

Working days   the event day is day 0; the limit ends at 23:59:59 on the last day counted.
Calendar days  the event day is day 0, unless the law says "beginning with" the day of the event, which then is day 1.
Months         the same day number, clamped to the end of a shorter month. An outer limit.
Hours          elapsed clock time, weekends and holidays included: counted in UTC, given back in Europe/London.

No limit moves later because of a weekend or a holiday. Where a limit falls on a day that is not a working day, the
meeting is booked on or before the last working day before it (`book_by`).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from offer.months import add_months
from offer.sources import Status
from offer.working_days import add_working_days, last_working_day_by, working_days_before

LONDON = ZoneInfo("Europe/London")

REMIND_WORKING_DAYS_BEFORE = (10, 5, 2, 1, 0)
"""Working days before a day limit at which the owner is reminded; 0 is the day itself. [PROPOSED]"""
REMIND_HOURS_BEFORE = (48, 24, 12, 4, 0)
"""Hours before an hour limit at which the owner is reminded; 0 is the moment of breach. [PROPOSED]"""
TEAM_MANAGER_TOLD_AFTER = 1
"""Working days after a missed day limit at which the team manager is told. [PROPOSED]"""
SERVICE_MANAGER_TOLD_AFTER = 5
"""Working days after a missed day limit at which the service manager is told. [PROPOSED]"""


class Unit(Enum):
    """What a limit is counted in. The value is the word a screen shows."""

    HOURS = "hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    MONTHS = "calendar months"
    AT_ONCE = "at once"
    NOT_FIXED = "no fixed limit"


class NoFixedLimitError(Exception):
    """The source sets no limit that can be worked out as a date; the sentence says what it sets instead."""


class FixedByLawError(ValueError):
    """The length of this rule is set by statute or statutory guidance, so no local setting may change it."""


class MomentNeededError(ValueError):
    """The start of the clock is not precise enough: an hour rule needs an aware datetime, every rule a known zone."""


@dataclass(frozen=True, slots=True)
class Length:
    """So many hours, working days, calendar days or calendar months."""

    offset: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Due:
    """What a rule gives for one event.

    limit: the outer limit. A date (its whole day counts, to 23:59:59 Europe/London) for day and month rules; an aware
        datetime in Europe/London for hour rules. Compare moments in UTC: two Europe/London datetimes compare by wall
        clock, which is wrong in the hour that happens twice in October.
    book_by: the limit itself if it is a working day, else the last working day before it, but never before the day of
        the event. For hour rules, the limit: hours run through weekends.
    soft: the earlier limit, only where a rule has two.
    binding: False if the rule did not bind on the day of the event (not commenced, or no longer in force).
    """

    limit: date | datetime
    book_by: date | datetime
    soft: date | None = None
    binding: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Timescale:
    """One rule about time.

    rule_id, version: kept on every clock that the rule starts, so that a later change does not rewrite history.
    label: what has to be done. counted_from: the event that starts the clock.
    source: citation. status: how much it binds. to_check: what is to be verified against the text before live use.
    offset, unit: the length. `offset` is None where the source fixes none (Unit.NOT_FIXED, Unit.AT_ONCE).
    first_day_counts: the law counts the day of the event as day 1 ("beginning with the day on which").
    soft: the earlier of two limits, and what it is (soft_label).
    ceiling_months: calendar months that the limit may never pass, whatever the length is set to.
    earliest: the length before which the thing may not be done.
    in_words: for a rule with no fixed limit, what the source says instead.
    effective_from, effective_to: first and last day the rule binds; None where no such date is on record.
    commenced: False for a duty that is enacted but whose start date is not known.
    followed_by: id of the rule that counts the next one ("then every ...").
    warn_offsets: reminder steps before the limit, in working days (in hours for an hour rule). [PROPOSED]
    note: exceptions and remarks, in a sentence.
    """

    rule_id: str
    label: str
    counted_from: str
    source: str
    status: Status
    unit: Unit
    offset: int | None = None
    first_day_counts: bool = False
    soft: Length | None = None
    soft_label: str = ""
    ceiling_months: int | None = None
    earliest: Length | None = None
    in_words: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    commenced: bool = True
    followed_by: str = ""
    warn_offsets: tuple[int, ...] = ()
    version: str = "1"
    note: str = ""
    to_check: str = ""

    @property
    def has_limit(self) -> bool:
        """True if `due` gives a limit; False if it raises NoFixedLimitError."""
        return self.unit is not Unit.NOT_FIXED

    @property
    def status_text(self) -> str:
        """How much the rule binds and since when, as a screen shows it."""
        if not self.commenced:
            return f"{self.status.value}; not yet in force, start date not known"
        if self.effective_from is None:
            return self.status.value
        return f"{self.status.value}, in force since {self.effective_from:%-d %B %Y}"

    def binds_on(self, day: date) -> bool:
        """True if the rule is in force on `day` (a calendar day, Europe/London)."""
        begun = self.effective_from is None or self.effective_from <= day
        ended = self.effective_to is not None and day > self.effective_to
        return self.commenced and begun and not ended

    def due(self, started: date | datetime, *, extra_holidays: Collection[date] = ()) -> Due:
        """When the thing is due, for an event that happened on or at `started`.

        started: a date, or an aware datetime, whose Europe/London date is taken for day and month rules. An hour rule
            needs the aware datetime.
        extra_holidays: one-off bank holidays that the table does not yet know.

        A rule that does not bind on the day of the event still answers, with `binding` False.
        Raises NoFixedLimitError if the source sets no limit, MomentNeededError (a ValueError) for a naive datetime or
        for a bare date given to an hour rule, OutsideCalendarError for days outside the table of bank holidays.
        """
        start_day = london_date(started)
        binding = self.binds_on(start_day)
        if self.unit is Unit.NOT_FIXED:
            raise NoFixedLimitError(f"{self.rule_id} {self.label}: {self.in_words}")
        if self.unit is Unit.AT_ONCE:
            return Due(_as_given(started), _as_given(started), binding=binding)
        if self.unit is Unit.HOURS:
            moment = _after_hours(started, self._offset())
            return Due(moment, moment, binding=binding)
        limit = self._limit_day(start_day, extra_holidays)
        booked = last_working_day_by(limit, extra_holidays=extra_holidays)
        book_by = booked if booked >= start_day else limit
        return Due(limit, book_by, self._soft_day(start_day, extra_holidays), binding)

    def not_before(self, started: date | datetime, *, extra_holidays: Collection[date] = ()) -> date | None:
        """The first day on which the thing may be done, or None if the rule sets no earliest day."""
        if self.earliest is None:
            return None
        return _after(london_date(started), self.earliest, extra_holidays)

    def reminders(
        self, started: date | datetime, *, extra_holidays: Collection[date] = ()
    ) -> tuple[date | datetime, ...]:
        """The days (for hour rules, the moments) on which the owner is reminded, in order, up to the limit itself.

        Steps that would fall on or before the event itself are left out, except the limit. Raises as `due` does.
        """
        limit = self.due(started, extra_holidays=extra_holidays).limit
        if isinstance(limit, datetime):
            return _reminder_moments(started, limit, self.warn_offsets)
        start_day = london_date(started)
        days = (working_days_before(limit, n, extra_holidays=extra_holidays) for n in self.warn_offsets)
        return tuple(sorted({day for day in days if day > start_day} | {limit}))

    def with_offset(self, offset: int) -> "Timescale":
        """The same rule with another length, in the same unit: what a local setting does to a local target.

        The version says that it was changed here. Raises FixedByLawError for statute and statutory guidance,
        NoFixedLimitError where there is no length to change, ValueError if negative or past the rule's ceiling.
        """
        if self.status.is_fixed_nationally:
            raise FixedByLawError(f"{self.rule_id} is set by {self.source}; it cannot be changed in local settings.")
        if self.offset is None:
            raise NoFixedLimitError(f"{self.rule_id} has no length to change: {self.in_words or self.unit.value}.")
        if offset < 0:
            raise ValueError("A limit cannot lie before its event.")
        if self.ceiling_months is not None and _always_longer(Length(offset, self.unit), self.ceiling_months):
            raise ValueError(f"{self.rule_id} may not be longer than {self.ceiling_months} calendar months.")
        return replace(self, offset=offset, version=f"{self.version}, local setting {offset} {self.unit.value}")

    def commencing(self, day: date) -> "Timescale":
        """The same rule once its start date is known: it binds from `day` on."""
        return replace(self, commenced=True, effective_from=day, version=f"{self.version}, from {day.isoformat()}")

    def _offset(self) -> int:
        if self.offset is None:
            raise NoFixedLimitError(f"{self.rule_id} {self.label}: no length is set.")
        return self.offset

    def _limit_day(self, start_day: date, extra_holidays: Collection[date]) -> date:
        days_counted = self._offset() - (1 if self.first_day_counts else 0)
        limit = _after(start_day, Length(days_counted, self.unit), extra_holidays)
        return limit if self.ceiling_months is None else min(limit, add_months(start_day, self.ceiling_months))

    def _soft_day(self, start_day: date, extra_holidays: Collection[date]) -> date | None:
        return None if self.soft is None else _after(start_day, self.soft, extra_holidays)


def london_date(started: date | datetime) -> date:
    """The Europe/London day of a date or an aware datetime. Raises MomentNeededError for a naive datetime."""
    if not isinstance(started, datetime):
        return started
    return _aware(started).astimezone(LONDON).date()


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise MomentNeededError("The time has no time zone, so nobody can say which day or hour it means.")
    return moment


def _as_given(started: date | datetime) -> date | datetime:
    return _aware(started).astimezone(LONDON) if isinstance(started, datetime) else started


def _after_hours(started: date | datetime, hours: int) -> datetime:
    """Elapsed hours. A wall time that happens twice in October is read as `fold` says: the earlier, unless told."""
    if not isinstance(started, datetime):
        raise MomentNeededError("This limit is counted in hours: give the time of the event, not only its date.")
    return (_aware(started).astimezone(UTC) + timedelta(hours=hours)).astimezone(LONDON)


def _after(day: date, length: Length, extra_holidays: Collection[date]) -> date:
    if length.unit is Unit.WORKING_DAYS:
        return add_working_days(day, length.offset, extra_holidays=extra_holidays)
    if length.unit is Unit.MONTHS:
        return add_months(day, length.offset)
    if length.unit is Unit.CALENDAR_DAYS:
        return day + timedelta(days=length.offset)
    raise ValueError(f"Days cannot be counted in {length.unit.value}.")


def _always_longer(length: Length, ceiling_months: int) -> bool:
    """True if `length` passes the ceiling whatever the months; where it only may, the ceiling cuts the limit short."""
    longest_month = 1 if length.unit is Unit.MONTHS else 31
    return length.offset > ceiling_months * longest_month


def _reminder_moments(
    started: date | datetime, limit: datetime, hours_before: tuple[int, ...]
) -> tuple[date | datetime, ...]:
    end = limit.astimezone(UTC)
    start = started.astimezone(UTC) if isinstance(started, datetime) else end
    moments = {end - timedelta(hours=hours) for hours in hours_before}
    kept = {moment for moment in moments if moment > start} | {end}
    return tuple(moment.astimezone(LONDON) for moment in sorted(kept))
