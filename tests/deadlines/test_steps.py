"""When a reminder goes out: DOMAIN 3.3. Ten, five, two and one working days before and on the day; 48, 24, 12 and 4
hours before a moment; then every working day, with the team manager from the first and the service manager from the
fifth."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines.steps import LATE, Told, first_step, morning, planned, step_after, step_at, told
from offer.counting import LONDON
from offer.timescales import TIMESCALES, Unit
from offer.working_days import is_working_day

HOUR = 7


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


def shown(steps) -> list[tuple[str, str]]:
    return [(step.name, f"{step.at.astimezone(LONDON):%a %d %b %Y %H:%M}") for step in steps]


def test_the_steps_of_fifteen_working_days_over_christmas():
    started = london(2026, 12, 14, 16, 0)
    limit = TIMESCALES["TS-06"].due(started).limit
    assert shown(planned(started, limit, HOUR)) == [
        ("before-10", "Mon 21 Dec 2026 07:00"),
        ("before-5", "Wed 30 Dec 2026 07:00"),
        ("before-2", "Tue 05 Jan 2027 07:00"),
        ("before-1", "Wed 06 Jan 2027 07:00"),
        ("due", "Thu 07 Jan 2027 07:00"),
    ]


def test_a_short_limit_has_only_the_steps_that_fit():
    started = london(2026, 11, 26, 9, 0)
    assert shown(planned(started, date(2026, 11, 27), HOUR)) == [("due", "Fri 27 Nov 2026 07:00")]


def test_hours_are_counted_by_the_clock_through_the_night_the_clocks_change():
    started = london(2026, 10, 23, 14, 0)
    limit = TIMESCALES["TS-19"].due(started).limit
    assert shown(planned(started, limit, HOUR)) == [
        ("before-48h", "Sat 24 Oct 2026 14:00"),
        ("before-24h", "Sun 25 Oct 2026 13:00"),
        ("before-12h", "Mon 26 Oct 2026 01:00"),
        ("before-4h", "Mon 26 Oct 2026 09:00"),
        ("due", "Mon 26 Oct 2026 13:00"),
    ]


@pytest.mark.parametrize(
    ("day", "utc"), [(date(2026, 3, 27), 7), (date(2026, 3, 30), 6), (date(2026, 10, 23), 6), (date(2026, 10, 26), 7)]
)
def test_the_morning_is_that_of_london_in_summer_and_winter(day, utc):
    assert morning(day, HOUR) == datetime(day.year, day.month, day.day, utc, tzinfo=UTC)


LIMIT, STARTED = date(2026, 12, 23), london(2026, 11, 30, 10, 0)  # a Wednesday; 25 and 28 December are holidays


@pytest.mark.parametrize(
    ("now", "name", "then"),
    [
        (london(2026, 12, 1), None, "before-10"),
        (london(2026, 12, 9, 6, 59), None, "before-10"),
        (london(2026, 12, 9, 7, 0), "before-10", "before-5"),
        (london(2026, 12, 16, 7, 0), "before-5", "before-2"),
        (london(2026, 12, 23, 6, 59), "before-1", "due"),
        (london(2026, 12, 23, 23, 59), "due", "late-1"),
        (london(2026, 12, 24, 6, 59), "due", "late-1"),
        (london(2026, 12, 24, 7, 0), "late-1", "late-2"),
        (london(2026, 12, 28, 12, 0), "late-1", "late-2"),
        (london(2026, 12, 29, 7, 0), "late-2", "late-3"),
        (london(2027, 1, 4, 7, 0), "late-5", "late-6"),
    ],
)
def test_which_step_a_moment_belongs_to(now, name, then):
    now = now.astimezone(UTC)
    step = step_at(STARTED, LIMIT, now, HOUR)
    assert (step and step.name, step_after(STARTED, LIMIT, now, HOUR).name) == (name, then)


def test_a_limit_at_the_weekend_is_late_on_monday():
    limit = london(2026, 11, 28, 3, 0)
    assert shown([step_after(limit - timedelta(hours=48), limit, limit.astimezone(UTC), HOUR)]) == [
        ("late-1", "Mon 30 Nov 2026 07:00")
    ]


def test_a_clock_that_is_started_late_says_at_once_how_late_it_is():
    now = london(2026, 12, 29, 15, 0).astimezone(UTC)
    assert first_step(STARTED, LIMIT, now, HOUR).name == "late-2"
    assert first_step(now, LIMIT + timedelta(days=60), now, HOUR).name == "before-10"


@pytest.mark.parametrize(
    ("step", "who"),
    [
        ("before-10", {Told.OWNER}),
        ("before-48h", {Told.OWNER}),
        ("due", {Told.OWNER}),
        ("late-1", {Told.OWNER, Told.TEAM_MANAGER}),
        ("late-4", {Told.OWNER, Told.TEAM_MANAGER}),
        ("late-5", {Told.OWNER, Told.TEAM_MANAGER, Told.SERVICE_MANAGER}),
        ("late-120", {Told.OWNER, Told.TEAM_MANAGER, Told.SERVICE_MANAGER}),
    ],
)
def test_who_hears_of_a_step(step, who):
    assert told(step) == who


MOMENTS = st.integers(0, 12 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
WITH_A_LIMIT = sorted(
    rule_id for rule_id, rule in TIMESCALES.items() if rule.unit not in (Unit.NOT_FIXED, Unit.AT_ONCE)
)


@given(MOMENTS, st.sampled_from(WITH_A_LIMIT))
def test_the_steps_up_to_the_limit_are_those_of_the_offer(started, rule_id):
    rule = TIMESCALES[rule_id]
    steps = planned(started, rule.due(started).limit, HOUR)
    offered = rule.reminders(started)
    wanted = [one.astimezone(UTC) if isinstance(one, datetime) else morning(one, HOUR) for one in offered]
    assert [step.at for step in steps] == wanted
    assert len({step.name for step in steps}) == len(steps)


@given(MOMENTS, st.sampled_from(WITH_A_LIMIT), st.integers(0, 24 * 150))
def test_the_next_step_lies_ahead_and_is_the_one_that_is_then_due(started, rule_id, hours):
    limit, now = TIMESCALES[rule_id].due(started).limit, started + timedelta(hours=hours)
    ahead, current = step_after(started, limit, now, HOUR), step_at(started, limit, now, HOUR)
    assert ahead.at > now
    assert step_at(started, limit, ahead.at, HOUR) == ahead
    assert current is None or (current.at <= now and current.name != ahead.name)
    if ahead.name.startswith(LATE):
        assert is_working_day(ahead.at.astimezone(LONDON).date())
