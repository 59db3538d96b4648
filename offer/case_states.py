"""The state of the work on a child's file, and what may follow what.

The state is never stored: it is read from what was recorded, so it cannot say something else than the record does.

Source: the state machine of a case (DOMAIN 2). Where a state there is a decision still to be made, it is named for who
must make it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from offer.levels import Tier


class CaseState(Enum):
    """What is being done on a file now."""

    NEW = "New contact, to be screened"
    NO_FURTHER_ACTION = "Contact screened: no further action"
    SCREENING = "Contact accepted, to be assessed"
    ASSESSMENT = "Being assessed"
    TIER_PROPOSED = "Tier proposed: waiting for a manager"
    CPM_PENDING = "Waiting for a Child Protection Manager"
    ACTIVE = "Tier in effect"
    REVIEW_DUE = "Review overdue"
    STEP_UP_PENDING = "Higher tier proposed: waiting for a manager"
    STEP_DOWN_PENDING = "Lower tier proposed: waiting for a manager"
    CLOSURE_PROPOSED = "Closing proposed: waiting for a manager"
    CLOSED = "Closed"
    TRANSFERRED = "Transferred to another area"
    TRANSITIONED = "Handed over to adults' services"
    REOPENED = "Opened again"

    @property
    def is_end(self) -> bool:
        """True once the file is closed, however it ended."""
        return self in {CaseState.CLOSED, CaseState.TRANSFERRED, CaseState.TRANSITIONED}


_OPEN = frozenset(
    one for one in CaseState if not one.is_end and one not in {CaseState.CLOSURE_PROPOSED, CaseState.REOPENED}
)
_BEFORE = frozenset({CaseState.NEW, CaseState.NO_FURTHER_ACTION, CaseState.SCREENING, CaseState.ASSESSMENT})
_IN_EFFECT = frozenset({CaseState.ACTIVE, CaseState.REVIEW_DUE, CaseState.CPM_PENDING})
_PROPOSED = frozenset({CaseState.STEP_UP_PENDING, CaseState.STEP_DOWN_PENDING, CaseState.TIER_PROPOSED})
_ENDS = frozenset(one for one in CaseState if one.is_end)
_CLOSING = frozenset({CaseState.CLOSURE_PROPOSED})

MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.NEW: frozenset({CaseState.SCREENING, CaseState.NO_FURTHER_ACTION, CaseState.ASSESSMENT}) | _CLOSING,
    CaseState.NO_FURTHER_ACTION: frozenset({CaseState.NEW, CaseState.ASSESSMENT}) | _CLOSING,
    CaseState.SCREENING: frozenset({CaseState.ASSESSMENT}) | _CLOSING,
    CaseState.ASSESSMENT: frozenset({CaseState.TIER_PROPOSED}) | _BEFORE - {CaseState.ASSESSMENT} | _CLOSING,
    CaseState.TIER_PROPOSED: _IN_EFFECT | _PROPOSED - {CaseState.TIER_PROPOSED} | {CaseState.ASSESSMENT},
    CaseState.CPM_PENDING: _IN_EFFECT - {CaseState.CPM_PENDING} | _PROPOSED,
    CaseState.ACTIVE: _IN_EFFECT - {CaseState.ACTIVE} | _PROPOSED | _CLOSING,
    CaseState.REVIEW_DUE: _IN_EFFECT - {CaseState.REVIEW_DUE} | _PROPOSED | _CLOSING,
    CaseState.STEP_UP_PENDING: _IN_EFFECT | _PROPOSED - {CaseState.STEP_UP_PENDING},
    CaseState.STEP_DOWN_PENDING: _IN_EFFECT | _PROPOSED - {CaseState.STEP_DOWN_PENDING},
    CaseState.CLOSURE_PROPOSED: _ENDS | _OPEN | {CaseState.REOPENED},
    CaseState.CLOSED: frozenset({CaseState.REOPENED}),
    CaseState.TRANSFERRED: frozenset({CaseState.REOPENED}),
    CaseState.TRANSITIONED: frozenset({CaseState.REOPENED}),
    CaseState.REOPENED: _OPEN - {CaseState.NO_FURTHER_ACTION, CaseState.SCREENING} | _CLOSING,
}
"""What may follow each state. What is sent back, withdrawn or refused returns to where the work was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is recorded on a file.

    contact_waits, contact_accepted: a contact is not screened yet; one was accepted. was_screened_out: one was not.
    is_assessed: an assessment is being written, or its author was asked a question.
    tier_decided: a tier or "no current concern" is in effect. tier: which; None for "no current concern".
    is_proposed: a proposal waits for a manager. proposed: which tier; None for "no current concern".
    cpm_waits: a question waits for a Child Protection Manager. review_overdue: the limit of a review has passed.
    closing_proposed: a closing waits for a manager. closed_as: how the file ended; None while it is open.
    reopened: it was closed once, and opened again.
    """

    contact_waits: bool = False
    contact_accepted: bool = False
    was_screened_out: bool = False
    is_assessed: bool = False
    tier_decided: bool = False
    tier: Tier | None = None
    is_proposed: bool = False
    proposed: Tier | None = None
    cpm_waits: bool = False
    review_overdue: bool = False
    closing_proposed: bool = False
    closed_as: CaseState | None = None
    reopened: bool = False


def case_state(facts: CaseFacts) -> CaseState:
    """The state of the work on a file: what must be done next, before what was done."""
    if facts.closed_as:
        return facts.closed_as
    if facts.closing_proposed:
        return CaseState.CLOSURE_PROPOSED
    if facts.is_proposed:
        return _proposed(facts)
    if facts.cpm_waits:
        return CaseState.CPM_PENDING
    if facts.tier_decided:
        return CaseState.REVIEW_DUE if facts.review_overdue else CaseState.ACTIVE
    return _before_a_tier(facts)


def _proposed(facts: CaseFacts) -> CaseState:
    if not facts.tier_decided or facts.proposed is facts.tier:
        return CaseState.TIER_PROPOSED
    is_higher = facts.proposed is not None and (facts.tier is None or facts.proposed > facts.tier)
    return CaseState.STEP_UP_PENDING if is_higher else CaseState.STEP_DOWN_PENDING


def _before_a_tier(facts: CaseFacts) -> CaseState:
    if facts.is_assessed:
        return CaseState.ASSESSMENT
    if facts.reopened:
        return CaseState.REOPENED
    if facts.contact_accepted:
        return CaseState.SCREENING
    return CaseState.NO_FURTHER_ACTION if facts.was_screened_out and not facts.contact_waits else CaseState.NEW
