"""What happened in the last six months counts as present, what is earlier as past (DOMAIN 1.3)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import dates

from offer.answers import Answer, answer_for

ON = date(2027, 3, 31)


@pytest.mark.parametrize(
    ("last", "answer"),
    [
        pytest.param(ON, Answer.CURRENT, id="today"),
        pytest.param(date(2026, 9, 30), Answer.CURRENT, id="six months ago, to the day (a shorter month)"),
        pytest.param(date(2026, 9, 29), Answer.HISTORIC, id="a day more than six months ago"),
        pytest.param(date(2020, 1, 1), Answer.HISTORIC, id="years ago"),
    ],
)
def test_six_months_are_present(last, answer):
    assert answer_for(last, ON) is answer


@given(last=dates(date(2020, 1, 1), date(2030, 1, 1)), on=dates(date(2030, 1, 1), date(2031, 1, 1)))
def test_a_day_later_is_never_further_in_the_past(last, on):
    assert answer_for(last, on) is Answer.HISTORIC or answer_for(last + timedelta(days=1), on) is Answer.CURRENT


def test_what_is_said_of_each_answer():
    """By hand: whether it is present, whether it is positive, and whether a review must ask it anew."""
    assert {one: (one.is_present, one.is_positive, one.needs_a_fresh_source) for one in Answer} == {
        Answer.NONE: (False, False, False),
        Answer.HISTORIC: (False, True, False),
        Answer.CURRENT: (True, True, True),
        Answer.SUSPECTED: (True, True, False),
        Answer.NOT_KNOWN: (False, False, False),
    }
