"""The state of a case says what must be done next, and moves only as the table says (DOMAIN 2)."""

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, builds, just, none, sampled_from

from offer.case_states import MOVES, CaseFacts, CaseState, case_state
from offer.levels import Tier

S, F = CaseState, CaseFacts
DECIDED = {"tier_decided": True, "tier": Tier.MEDIUM}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (F(), S.NEW),
        (F(contact_waits=True), S.NEW),
        (F(was_screened_out=True), S.NO_FURTHER_ACTION),
        (F(was_screened_out=True, contact_waits=True), S.NEW),
        (F(was_screened_out=True, contact_accepted=True), S.SCREENING),
        (F(contact_accepted=True, is_assessed=True), S.ASSESSMENT),
        (F(is_assessed=True, is_proposed=True, proposed=Tier.LOW), S.TIER_PROPOSED),
        (F(is_proposed=True, proposed=None), S.TIER_PROPOSED),
        (F(**DECIDED), S.ACTIVE),
        (F(tier_decided=True, tier=None), S.ACTIVE),
        (F(**DECIDED, is_assessed=True), S.ACTIVE),
        (F(**DECIDED, review_overdue=True), S.REVIEW_DUE),
        (F(**DECIDED, cpm_waits=True, review_overdue=True), S.CPM_PENDING),
        (F(**DECIDED, is_proposed=True, proposed=Tier.MEDIUM), S.TIER_PROPOSED),
        (F(**DECIDED, is_proposed=True, proposed=Tier.HIGH, cpm_waits=True), S.STEP_UP_PENDING),
        (F(**DECIDED, is_proposed=True, proposed=Tier.LOW), S.STEP_DOWN_PENDING),
        (F(**DECIDED, is_proposed=True, proposed=None), S.STEP_DOWN_PENDING),
        (F(tier_decided=True, tier=None, is_proposed=True, proposed=Tier.LOW), S.STEP_UP_PENDING),
        (F(tier_decided=True, tier=None, is_proposed=True, proposed=None), S.TIER_PROPOSED),
        (F(**DECIDED, closing_proposed=True, review_overdue=True), S.CLOSURE_PROPOSED),
        (F(reopened=True, contact_accepted=True), S.REOPENED),
        (F(reopened=True, is_assessed=True), S.ASSESSMENT),
        (F(reopened=True, **DECIDED), S.ACTIVE),
        *[(F(closed_as=end, **DECIDED), end) for end in (S.CLOSED, S.TRANSFERRED, S.TRANSITIONED)],
    ],
)
def test_what_must_be_done_next_comes_before_what_was_done(facts, state):
    assert case_state(facts) is state


@given(
    facts=builds(
        CaseFacts,
        contact_waits=booleans(), contact_accepted=booleans(), was_screened_out=booleans(), is_assessed=booleans(),
        tier_decided=booleans(), tier=none() | sampled_from(Tier), is_proposed=booleans(),
        proposed=none() | sampled_from(Tier), cpm_waits=booleans(), review_overdue=booleans(),
        closing_proposed=booleans(), closed_as=just(None), reopened=booleans(),
    )
)  # fmt: skip
def test_what_waits_for_somebody_is_never_hidden_behind_a_tier_in_effect(facts):
    state = case_state(facts)
    waits = facts.closing_proposed or facts.is_proposed or facts.cpm_waits
    assert waits is (
        state in {S.CLOSURE_PROPOSED, S.TIER_PROPOSED, S.STEP_UP_PENDING, S.STEP_DOWN_PENDING, S.CPM_PENDING}
    )


def test_every_state_can_be_reached_from_the_first_and_leads_somewhere():
    assert set(MOVES) == set(S)
    reached, edge = {S.NEW}, [S.NEW]
    while edge:
        edge = [to for to in MOVES[edge.pop()] if to not in reached] + edge
        reached |= set(edge)
    assert reached == set(S)
    assert all(MOVES.values())
    assert all(state not in after for state, after in MOVES.items())


def test_a_closed_case_is_opened_again_before_anything_else():
    for end in (one for one in S if one.is_end):
        assert MOVES[end] == {S.REOPENED}
        assert [state for state, after in MOVES.items() if end in after] == [S.CLOSURE_PROPOSED]
