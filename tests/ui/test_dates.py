"""Dates and times in the words a page uses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import dates

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_a_day_in_words():
    assert dates.long_date(date(2026, 11, 2)) == "2 November 2026"
    assert dates.short_date(date(2026, 11, 2)) == "2 November"
    assert dates.weekday_date(date(2026, 11, 24)) == "Tuesday 24 November 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 20, 15, 12, tzinfo=UTC), "20 November 2026 at 3:12pm"),
        (datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "1 July 2026 at 9:05am"),  # summer time in England
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026 at 12:30am"),  # already the next day there
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), "20 November 2026 at midday"),
        (datetime(2026, 11, 20, 0, 0, tzinfo=UTC), "20 November 2026 at midnight"),
    ],
)
def test_a_moment_is_told_on_a_clock_in_england(moment, words):
    assert dates.short_moment(moment) == words


def test_nothing_is_nothing():
    words = [dates.long_date(None), dates.short_moment(None), dates.relative_day(None, TODAY), dates.clock(None)]
    assert [*words, dates.weekday_date(None), dates.short_date(None), dates.time_left(None, NOW)] == [""] * 7


def test_a_moment_without_a_zone_is_not_guessed():
    with pytest.raises(ValueError, match="zone"):
        dates.short_moment(datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("days", "words"),
    [(-9, "9 days ago"), (-1, "yesterday"), (0, "today"), (1, "tomorrow"), (3, "in 3 days"), (2000, "in 2,000 days")],
)
def test_a_day_as_seen_from_today(days, words):
    assert dates.relative_day(TODAY + timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (date(2026, 11, 24), "1 day left"),
        (date(2026, 11, 23), "due today"),
        (date(2026, 11, 19), "4 days overdue"),
        (date(2026, 11, 22), "1 day overdue"),
        (NOW + timedelta(hours=31), "1 day left"),
        (NOW + timedelta(hours=5, minutes=59), "5 hours left"),
        (NOW + timedelta(minutes=20), "20 minutes left"),
        (NOW, "due now"),
        (NOW - timedelta(minutes=1), "1 minute overdue"),
        (NOW - timedelta(days=2), "2 days overdue"),
    ],
)
def test_what_is_left_until_a_limit(limit, words):
    assert dates.time_left(limit, NOW) == words


def test_hours_are_counted_across_the_change_of_clocks():
    before = datetime(2026, 3, 28, 23, 0, tzinfo=dates.LONDON)
    after = datetime(2026, 3, 29, 4, 0, tzinfo=dates.LONDON)
    assert dates.time_left(after, before) == "4 hours left"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.dates(min_value=date(1900, 1, 1)))
def test_left_and_overdue_never_both(limit, today):
    words = dates.time_left(limit, today)
    assert words.endswith("left") == (limit > today)
    assert words.endswith("overdue") == (limit < today)


def test_a_number_with_its_noun():
    assert dates.counted(1, "child", "children") == "1 child"
    assert dates.counted(0, "child", "children") == "0 children"
    assert dates.counted(1204, "day") == "1,204 days"
