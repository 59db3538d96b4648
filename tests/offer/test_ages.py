"""Ages, birthdays and calendar months."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offer.ages import age_on, birthday
from offer.months import add_months
from tests.offer import calendar_oracle as oracle

LEAP_BIRTH = date(2012, 2, 29)


@pytest.mark.parametrize(
    ("born", "years", "expected"),
    [
        pytest.param(LEAP_BIRTH, 13, date(2025, 3, 1), id="born 29 February: 13 on 1 March"),
        pytest.param(LEAP_BIRTH, 17, date(2029, 3, 1), id="born 29 February: 17 on 1 March"),
        pytest.param(LEAP_BIRTH, 18, date(2030, 3, 1), id="born 29 February: 18 on 1 March"),
        pytest.param(LEAP_BIRTH, 16, date(2028, 2, 29), id="born 29 February: 16 on 29 February"),
        pytest.param(date(2000, 2, 29), 100, date(2100, 3, 1), id="2100 is no leap year"),
        pytest.param(date(1900, 2, 28), 100, date(2000, 2, 28), id="born 28 February"),
        pytest.param(date(2014, 2, 14), 13, date(2027, 2, 14), id="Theo"),
        pytest.param(date(2009, 11, 30), 17, date(2026, 11, 30), id="Callum 17"),
        pytest.param(date(2009, 11, 30), 18, date(2027, 11, 30), id="Callum 18"),
        pytest.param(date(2010, 5, 1), 0, date(2010, 5, 1), id="the day of birth"),
    ],
)
def test_birthdays(born, years, expected):
    assert birthday(born, years) == expected


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        pytest.param(LEAP_BIRTH, date(2025, 2, 28), 12, id="born 29 February: still 12 on 28 February"),
        pytest.param(LEAP_BIRTH, date(2025, 3, 1), 13, id="born 29 February: 13 on 1 March"),
        pytest.param(LEAP_BIRTH, date(2028, 2, 28), 15, id="leap year: still 15 on 28 February"),
        pytest.param(LEAP_BIRTH, date(2028, 2, 29), 16, id="leap year: 16 on 29 February"),
        pytest.param(date(2014, 2, 14), date(2027, 2, 13), 12, id="the day before the 13th birthday"),
        pytest.param(date(2014, 2, 14), date(2027, 2, 14), 13, id="on the 13th birthday"),
        pytest.param(date(2011, 6, 14), date(2026, 11, 5), 15, id="Amira is 15"),
        pytest.param(date(2026, 11, 23), date(2026, 11, 23), 0, id="newborn"),
    ],
)
def test_ages(born, day, age):
    assert age_on(born, day) == age


def test_a_day_before_birth_is_refused():
    with pytest.raises(ValueError, match="before the date of birth"):
        age_on(date(2014, 2, 14), date(2014, 2, 13))


def test_a_negative_age_is_refused():
    with pytest.raises(ValueError):
        birthday(date(2014, 2, 14), -1)


def test_moments_are_refused():
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    with pytest.raises(TypeError):
        age_on(date(2014, 2, 14), moment)
    with pytest.raises(TypeError):
        birthday(moment, 13)


@given(born=st.dates(date(2000, 1, 1), date(2026, 1, 1)), years=st.integers(0, 25))
@settings(max_examples=200, deadline=None)
def test_the_age_changes_on_the_birthday_and_on_no_other_day(born, years):
    day = birthday(born, years)
    assert age_on(born, day) == years
    if years:
        assert age_on(born, day - timedelta(days=1)) == years - 1


def test_a_leap_child_ages_one_year_at_a_time_day_by_day():
    ages = [age_on(LEAP_BIRTH, day) for day in oracle.every_day(LEAP_BIRTH, date(2037, 12, 31))]
    steps = [later - earlier for earlier, later in pairwise(ages)]
    assert set(steps) == {0, 1}
    assert ages[-1] == sum(steps) == 25


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param(date(2026, 11, 30), 3, date(2027, 2, 28), id="30 November and 3 is 28 February"),
        pytest.param(date(2027, 11, 30), 3, date(2028, 2, 29), id="and 29 February in a leap year"),
        pytest.param(date(2026, 8, 31), 1, date(2026, 9, 30), id="31 August and 1 is 30 September"),
        pytest.param(date(2027, 1, 31), 1, date(2027, 2, 28), id="31 January and 1"),
        pytest.param(date(2026, 11, 5), 3, date(2027, 2, 5), id="over the year"),
        pytest.param(date(2028, 2, 29), 12, date(2029, 2, 28), id="29 February and 12"),
        pytest.param(date(2026, 11, 30), -3, date(2026, 8, 30), id="three months before"),
        pytest.param(date(2027, 5, 31), -3, date(2027, 2, 28), id="three months before, clamped"),
        pytest.param(date(2026, 12, 31), 0, date(2026, 12, 31), id="none"),
    ],
)
def test_calendar_months(day, months, expected):
    assert add_months(day, months) == expected


@given(day=st.dates(date(2024, 1, 1), date(2032, 12, 31)), months=st.integers(0, 30))
@settings(max_examples=200, deadline=None)
def test_months_agree_with_turning_the_pages(day, months):
    assert add_months(day, months) == oracle.months_after(day, months)
