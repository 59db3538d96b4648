"""When a case may be closed: every reason against every fact that stands in its way."""

from datetime import date
from itertools import product

import pytest

from offer.case_states import CaseState
from offer.closing import (
    ClosingFacts,
    ClosingReason,
    closing_objections,
    is_re_referral,
    state_after,
)
from offer.levels import Tier
from offer.transition import TransitionOutcome

Reason = ClosingReason
TODAY = date(2027, 11, 30)
OF_14, OF_17, OF_18, OF_24, OF_25 = (date(2027 - years, 11, 30) for years in (14, 17, 18, 24, 25))
DECIDED = TransitionOutcome.PLAN_ONLY


def facts(**about) -> ClosingFacts:
    """A child of 14 whose tier of low stands, and nothing is in the way."""
    known = {"on": TODAY, "date_of_birth": OF_14, "assessed": True, "has_tier": True, "tier": Tier.LOW, **about}
    return ClosingFacts(**known)


def may(reason: ClosingReason, **about) -> bool:
    return closing_objections(reason, facts(**about)) == ()


@pytest.mark.parametrize(
    ("assessed", "has_tier", "tier", "provisional"),
    list(product((False, True), (False, True), (None, Tier.LOW, Tier.MEDIUM, Tier.HIGH), (False, True))),
)
def test_no_concern_needs_low_or_none_in_effect_once_a_child_was_assessed(assessed, has_tier, tier, provisional):
    allowed = not assessed or (has_tier and not provisional and tier in (None, Tier.LOW))
    known = {"assessed": assessed, "has_tier": has_tier, "tier": tier, "provisional": provisional}
    assert may(Reason.NO_CONCERN, **known) is allowed


def test_the_guard_on_low_is_asked_again_and_its_sentences_are_shown():
    said = ("Low proposed: awaiting agreement by a Child Protection Manager.",)
    assert closing_objections(Reason.NO_CONCERN, facts(low_objections=said)) == said
    assert closing_objections(Reason.NO_CONCERN, facts(assessed=False, has_tier=False, low_objections=said)) == ()


@pytest.mark.parametrize("reason", [Reason.MOVED, Reason.ADULT_SERVICES, Reason.TURNED_18, Reason.DIED])
def test_only_no_concern_speaks_of_the_tier(reason):
    known = {"date_of_birth": OF_18, "transition": DECIDED, "receiver": "Nottingham, J Okafor"}
    assert may(reason, tier=Tier.HIGH, **known)
    assert may(reason, tier=Tier.MEDIUM, provisional=True, low_objections=("No",), **known)


@pytest.mark.parametrize("reason", list(Reason))
def test_nothing_that_was_begun_is_left_open_whatever_the_reason(reason):
    known = {"date_of_birth": OF_18, "transition": DECIDED, "receiver": "Nottingham, J Okafor"}
    assert may(reason, **known)
    assert closing_objections(reason, facts(still_open=("A meeting is arranged.",), **known)) == (
        "A meeting is arranged.",
    )


@pytest.mark.parametrize("reason", list(Reason))
def test_who_takes_over_is_named_and_the_name_is_no_blank(reason):
    known = {"date_of_birth": OF_18, "transition": DECIDED}
    assert may(reason, receiver="  ", **known) is (reason not in (Reason.MOVED, Reason.ADULT_SERVICES))


@pytest.mark.parametrize("reason", [Reason.TURNED_18, Reason.ADULT_SERVICES])
@pytest.mark.parametrize(
    ("born", "allowed"), [(None, False), (OF_14, False), (date(2009, 12, 1), False), (OF_18, True), (OF_25, True)]
)
def test_nobody_is_closed_by_age_before_the_18th_birthday(reason, born, allowed):
    assert may(reason, date_of_birth=born, transition=DECIDED, receiver="Adult social care") is allowed


@pytest.mark.parametrize(
    ("born", "has_send", "is_care_leaver", "allowed"),
    [
        (OF_18, False, False, True), (OF_18, True, False, False), (OF_18, False, True, False),
        (OF_24, True, True, False), (OF_25, True, True, True),
    ],
)  # fmt: skip
def test_send_and_leaving_care_keep_a_case_open_until_25_unless_adults_services_take_over(
    born, has_send, is_care_leaver, allowed
):
    known = {"date_of_birth": born, "has_send": has_send, "is_care_leaver": is_care_leaver, "transition": DECIDED}
    assert may(Reason.TURNED_18, **known) is allowed
    assert may(Reason.ADULT_SERVICES, receiver="Adult social care", **known)


@pytest.mark.parametrize("outcome", [None, *TransitionOutcome])
def test_no_case_is_closed_by_age_without_an_outcome_of_transition(outcome):
    allowed = outcome not in (None, TransitionOutcome.DEFERRED)
    assert may(Reason.TURNED_18, date_of_birth=OF_18, transition=outcome) is allowed
    assert may(Reason.ADULT_SERVICES, date_of_birth=OF_18, transition=outcome, receiver="They") is allowed


@pytest.mark.parametrize(
    ("born", "tier", "asked"),
    [(OF_14, Tier.LOW, False), (date(2010, 12, 1), Tier.LOW, False), (OF_17, Tier.LOW, True), (OF_18, Tier.LOW, True),
     (OF_17, None, False), (None, Tier.LOW, False)],
)  # fmt: skip
def test_from_17_transition_is_considered_before_an_end_where_exploitation_remains(born, tier, asked):
    assert may(Reason.NO_CONCERN, date_of_birth=born, tier=tier) is not asked
    assert may(Reason.NO_CONCERN, date_of_birth=born, tier=tier, transition=TransitionOutcome.NOT_NEEDED)
    assert may(Reason.MOVED, date_of_birth=born, tier=tier, receiver="Nottingham")


def test_what_becomes_of_a_case():
    assert {reason: state_after(reason) for reason in Reason} == {
        Reason.NO_CONCERN: CaseState.CLOSED,
        Reason.MOVED: CaseState.TRANSFERRED,
        Reason.ADULT_SERVICES: CaseState.TRANSITIONED,
        Reason.TURNED_18: CaseState.CLOSED,
        Reason.DIED: CaseState.CLOSED,
    }


@pytest.mark.parametrize(
    ("reopened", "counts"), [(date(2027, 3, 1), True), (date(2028, 2, 27), True), (date(2028, 2, 28), False)]
)
def test_opened_again_within_twelve_months_is_a_re_referral(reopened, counts):
    assert is_re_referral(date(2027, 2, 28), reopened) is counts
