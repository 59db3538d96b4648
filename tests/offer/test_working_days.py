"""Working days in England, against a calendar typed by hand."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offer.working_days import (
    OutsideCalendarError,
    add_working_days,
    bank_holidays,
    is_working_day,
    last_working_day_by,
    previous_working_day,
    working_days_before,
)
from tests.offer import calendar_oracle as oracle

FIRST, LAST = date(2024, 1, 1), date(2032, 12, 31)
DAYS = st.dates(FIRST, LAST)


def test_every_day_of_2024_to_2032_is_a_working_day_exactly_when_the_hand_typed_calendar_says_so():
    differing = [day for day in oracle.every_day(FIRST, LAST) if is_working_day(day) != oracle.works(day)]
    assert differing == []


@pytest.mark.parametrize("year", range(2024, 2034))
def test_the_weekdays_lost_to_bank_holidays_are_those_typed_by_hand(year):
    weekdays_off = {day for day in bank_holidays(year) if day.weekday() < 5}
    assert weekdays_off == {day for day in oracle.HOLIDAYS if day.year == year}


def test_adding_up_to_60_working_days_agrees_from_every_day_of_2024_to_2032():
    for start in oracle.every_day(FIRST, LAST):
        for n in (1, 2, 5, 10, 15, 20, 45, 60):
            expected = oracle.working_days_after(start, n)
            assert add_working_days(start, n) == expected, (start, n)


def test_the_previous_working_day_agrees_from_every_day_of_2024_to_2032():
    last_seen = date(2023, 12, 29)
    for day in oracle.every_day(FIRST, LAST):
        assert previous_working_day(day) == last_seen
        assert last_working_day_by(day) == (day if oracle.works(day) else last_seen)
        last_seen = day if oracle.works(day) else last_seen


@given(start=DAYS, n=st.integers(0, 80))
@settings(max_examples=150, deadline=None)
def test_adding_any_number_of_working_days_agrees(start, n):
    assert add_working_days(start, n) == oracle.working_days_after(start, n)


@given(start=DAYS, n=st.integers(1, 80))
@settings(max_examples=100, deadline=None)
def test_counting_back_undoes_counting_on_from_a_working_day(start, n):
    start = add_working_days(start, 1)
    assert working_days_before(add_working_days(start, n), n) == start


@given(start=DAYS, n=st.integers(0, 40), m=st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_counting_in_two_parts_gives_the_same_day(start, n, m):
    assert add_working_days(add_working_days(start, n), m) == add_working_days(start, n + m)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2026, 12, 24), True, id="Thursday before Christmas"),
        pytest.param(date(2026, 12, 25), False, id="Christmas Day on a Friday"),
        pytest.param(date(2026, 12, 26), False, id="Boxing Day on a Saturday"),
        pytest.param(date(2026, 12, 28), False, id="substitute for Boxing Day 2026"),
        pytest.param(date(2026, 12, 29), True, id="Tuesday after the substitute"),
        pytest.param(date(2027, 12, 27), False, id="substitute for Christmas Day 2027"),
        pytest.param(date(2027, 12, 28), False, id="substitute for Boxing Day 2027"),
        pytest.param(date(2028, 1, 3), False, id="substitute for New Year 2028"),
        pytest.param(date(2022, 12, 27), False, id="Christmas 2022: Sunday moves past Monday"),
        pytest.param(date(2027, 3, 26), False, id="Good Friday 2027"),
        pytest.param(date(2027, 3, 29), False, id="Easter Monday 2027"),
        pytest.param(date(2023, 5, 8), False, id="coronation"),
        pytest.param(date(2022, 9, 19), False, id="state funeral"),
        pytest.param(date(2020, 5, 8), False, id="May Day moved to VE Day 2020"),
        pytest.param(date(2020, 5, 4), True, id="the Monday it moved from"),
        pytest.param(date(2026, 3, 17), True, id="St Patrick's Day is not a holiday in England"),
        pytest.param(date(2026, 8, 3), True, id="Scottish August holiday is not one in England"),
        pytest.param(date(2027, 1, 4), True, id="4 January is not the Scottish 2 January"),
    ],
)
def test_known_days(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        pytest.param(date(2026, 12, 24), 1, date(2026, 12, 29), id="Christmas Eve and 1"),
        pytest.param(date(2026, 12, 24), 5, date(2027, 1, 5), id="Christmas Eve and 5"),
        pytest.param(date(2026, 11, 23), 45, date(2027, 1, 28), id="45 across the year"),
        pytest.param(date(2026, 12, 26), 1, date(2026, 12, 29), id="event on a Saturday holiday is day 0"),
        pytest.param(date(2026, 11, 28), 1, date(2026, 11, 30), id="event on a Saturday is day 0"),
        pytest.param(date(2026, 11, 28), 0, date(2026, 11, 28), id="0 is the event day itself"),
        pytest.param(date(2027, 3, 25), 1, date(2027, 3, 30), id="over Easter"),
        pytest.param(date(2028, 2, 28), 2, date(2028, 3, 1), id="over 29 February"),
    ],
)
def test_hand_worked_counts(start, n, expected):
    assert add_working_days(start, n) == expected


def test_a_one_off_holiday_can_be_added():
    proclaimed = date(2026, 11, 24)
    assert not is_working_day(proclaimed, extra_holidays={proclaimed})
    assert add_working_days(date(2026, 11, 23), 1, extra_holidays=[proclaimed]) == date(2026, 11, 25)
    assert previous_working_day(date(2026, 11, 25), extra_holidays=(proclaimed,)) == date(2026, 11, 23)
    assert is_working_day(proclaimed)


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2101, 1, 3)])
def test_a_day_outside_the_table_is_refused_rather_than_guessed(day):
    with pytest.raises(OutsideCalendarError, match="outside the table"):
        is_working_day(day)


def test_the_table_reaches_from_2000_to_2100():
    assert is_working_day(date(2000, 1, 4))
    assert not is_working_day(date(2100, 12, 27))


@pytest.mark.parametrize("count", [add_working_days, working_days_before])
def test_a_negative_number_is_refused(count):
    with pytest.raises(ValueError):
        count(date(2026, 11, 23), -1)


@pytest.mark.parametrize(
    "ask",
    [is_working_day, previous_working_day, last_working_day_by, lambda day: add_working_days(day, 0)],
    ids=["is_working_day", "previous_working_day", "last_working_day_by", "add_working_days"],
)
def test_a_moment_is_not_a_day(ask):
    with pytest.raises(TypeError, match="Europe/London date"):
        ask(datetime(2026, 12, 25, 12, tzinfo=UTC))


def test_the_previous_working_day_is_strictly_before():
    assert previous_working_day(date(2026, 11, 24)) == date(2026, 11, 23)
    assert previous_working_day(date(2026, 12, 29)) == date(2026, 12, 24)
    assert last_working_day_by(date(2026, 11, 24)) == date(2026, 11, 24)
    assert last_working_day_by(date(2027, 5, 31)) == date(2027, 5, 28)
