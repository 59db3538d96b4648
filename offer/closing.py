"""When a case may be closed.

Closing is never a way round the guard on Low: the same questions are asked again on the day of closing
(`offer.low_tier`). A case may not be closed by age without an outcome of the consideration of transition
(`offer.transition`), nor, where the child has SEND or is leaving care, by age before the 25th birthday.

Sources: the service offer (transition from 17; no child under 13 or with SEND is low until it is agreed); DDSCP
procedures (25); the rest is proposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from offer.ages import age_on
from offer.case_states import CaseState
from offer.levels import Tier
from offer.months import add_months
from offer.transition import ADULT_AGE, CONSIDERED_FROM_AGE, TransitionOutcome, may_stay_open_until

RE_REFERRAL_MONTHS = 12
"""Calendar months after closing within which a case opened again counts as a re-referral. [PROPOSED]"""


class ClosingReason(Enum):
    """Why a case ends. Its file is kept whatever the reason."""

    NO_CONCERN = "The work is complete and there is no current concern"
    MOVED = "Another authority is responsible now"
    ADULT_SERVICES = "Handed over to adults' services"
    TURNED_18 = "Turned 18"
    DIED = "The child has died"

    @property
    def needs_receiver(self) -> bool:
        """True where somebody else takes over, and is named."""
        return self in {ClosingReason.MOVED, ClosingReason.ADULT_SERVICES}

    @property
    def is_by_age(self) -> bool:
        """True where the case ends because the child is an adult."""
        return self in {ClosingReason.ADULT_SERVICES, ClosingReason.TURNED_18}


def state_after(reason: ClosingReason) -> CaseState:
    """The state a case is in once it is closed for this reason."""
    handed_over = {
        ClosingReason.MOVED: CaseState.TRANSFERRED,
        ClosingReason.ADULT_SERVICES: CaseState.TRANSITIONED,
    }
    return handed_over.get(reason, CaseState.CLOSED)


def is_re_referral(closed_on: date, reopened_on: date) -> bool:
    """Whether a case opened again counts as a re-referral: within twelve calendar months of its closing."""
    return reopened_on < add_months(closed_on, RE_REFERRAL_MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingFacts:
    """What is known when closing is asked about.

    on: the day of closing (Europe/London). date_of_birth: None if not known.
    assessed: a CRE assessment has been submitted. has_tier: something decided is in effect.
    tier: the tier in effect; None for "no current concern", or if nothing is.
    provisional: the tier is only a floor while Low waits.
    low_objections: what the guard on Low answers today about the decision in effect, in sentences.
    transition: the latest outcome of the consideration of transition; None if it was not considered.
    has_send: SEND recorded or suspected. is_care_leaver: a pathway or care plan runs.
    receiver: who takes over, by name; blank if nobody is named.
    still_open: what has been begun and not ended, in sentences.
    """

    on: date
    date_of_birth: date | None
    assessed: bool = False
    has_tier: bool = False
    tier: Tier | None = None
    provisional: bool = False
    low_objections: tuple[str, ...] = ()
    transition: TransitionOutcome | None = None
    has_send: bool = False
    is_care_leaver: bool = False
    receiver: str = ""
    still_open: tuple[str, ...] = ()

    @property
    def age(self) -> int | None:
        """Completed years on the day of closing; None if the date of birth is not known."""
        return None if self.date_of_birth is None else age_on(self.date_of_birth, self.on)


def closing_objections(reason: ClosingReason, facts: ClosingFacts) -> tuple[str, ...]:
    """Every reason why the case may not be closed for this reason on this day, in sentences; empty if it may."""
    objections = list(facts.still_open)
    if reason is ClosingReason.NO_CONCERN:
        objections += _concern_objections(facts)
    if reason.is_by_age:
        objections += _age_objections(reason, facts)
    objections += _transition_objections(reason, facts)
    if reason.needs_receiver and not facts.receiver.strip():
        objections.append("Name who takes over, and who there has accepted.")
    return tuple(objections)


def _concern_objections(facts: ClosingFacts) -> Iterator[str]:
    """The questions of the guard on Low, once more: closing does not get round it. [PROPOSED]"""
    if not facts.assessed:
        return
    if not facts.has_tier or facts.provisional or facts.tier not in {None, Tier.LOW}:
        yield "The tier in effect is not low or “no current concern”. Assess again, and have the tier decided first."
    yield from facts.low_objections


def _age_objections(reason: ClosingReason, facts: ClosingFacts) -> Iterator[str]:
    if facts.date_of_birth is None:
        yield "The date of birth is not known, so the case cannot be closed by age."
        return
    if facts.on < may_stay_open_until(facts.date_of_birth, has_send=False, is_care_leaver=False):
        yield "The young person is not 18 yet, so the case cannot be closed by age."
    elif reason is ClosingReason.TURNED_18 and facts.on < may_stay_open_until(
        facts.date_of_birth, has_send=facts.has_send, is_care_leaver=facts.is_care_leaver
    ):
        yield (
            "The case stays open until the 25th birthday where the young person has SEND or is leaving care, "
            "unless adults' services take over."
        )


def _transition_objections(reason: ClosingReason, facts: ClosingFacts) -> Iterator[str]:
    """From 17, where exploitation remains a factor, considering transition is compulsory before an end."""
    remains = facts.tier is not None and facts.age is not None and facts.age >= CONSIDERED_FROM_AGE
    asked = reason.is_by_age or (reason is ClosingReason.NO_CONCERN and remains)
    if not asked:
        return
    if facts.transition is None:
        yield f"Transition was not considered. No case is closed at {ADULT_AGE} without its outcome: record it first."
    elif facts.transition is TransitionOutcome.DEFERRED:
        yield "The consideration of transition was deferred. Record its outcome first."
