"""Transition from 17."""

from datetime import date

import pytest

from offer.timescales import TIMESCALES
from offer.transition import (
    TransitionDates,
    TransitionOutcome,
    latest_deferral,
    may_stay_open_until,
    transition_dates,
)

CALLUM = date(2009, 11, 30)


def test_case_f_callum():
    assert transition_dates(CALLUM) == TransitionDates(
        notice=date(2026, 8, 30),
        opens=date(2026, 11, 30),
        due=date(2026, 12, 30),
        again=date(2027, 5, 30),
        again_book_by=date(2027, 5, 28),
        adult=date(2027, 11, 30),
    )


def test_case_f2_born_on_29_february():
    dates = transition_dates(date(2012, 2, 29))
    assert (dates.opens, dates.notice, dates.adult) == (date(2029, 3, 1), date(2028, 12, 1), date(2030, 3, 1))


@pytest.mark.parametrize(
    ("assessed", "opens"),
    [
        pytest.param(date(2026, 10, 19), date(2026, 11, 30), id="assessed before 17"),
        pytest.param(date(2027, 1, 11), date(2027, 1, 11), id="first assessed at 17"),
    ],
)
def test_it_opens_at_17_or_at_the_first_assessment_if_later(assessed, opens):
    assert transition_dates(CALLUM, first_assessed=assessed).opens == opens


def test_a_local_setting_changes_when_it_is_due():
    shorter = TIMESCALES["TG-TRANSITION"].with_offset(10)
    assert transition_dates(CALLUM, target=shorter).due == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("has_send", "is_care_leaver", "until"),
    [
        (False, False, date(2027, 11, 30)),
        (True, False, date(2034, 11, 30)),
        (False, True, date(2034, 11, 30)),
        (True, True, date(2034, 11, 30)),
    ],
)
def test_how_long_a_case_may_stay_open(has_send, is_care_leaver, until):
    assert may_stay_open_until(CALLUM, has_send=has_send, is_care_leaver=is_care_leaver) == until


def test_a_consideration_is_deferred_for_three_months_at_most():
    assert latest_deferral(date(2026, 11, 30)) == date(2027, 2, 28)


def test_which_outcomes_must_say_why():
    assert {outcome.name for outcome in TransitionOutcome if outcome.needs_reason} == {"NOT_NEEDED", "DEFERRED"}
