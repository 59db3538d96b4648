"""Transition from children's to adults' services.

The service offer: "Those cases that require transition from Children's to Adults' services can be considered for a
transition plan and referral to adult social care from age 17, where exploitation remains a factor." So considering is
compulsory for every open case from the 17th birthday; referring is a judgement. The lengths are local targets.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

from offer.ages import birthday
from offer.months import add_months
from offer.timescales import TIMESCALES, Timescale
from offer.working_days import last_working_day_by

CONSIDERED_FROM_AGE = 17
NOTICE_MONTHS_BEFORE = 3
"""Calendar months before the 17th birthday at which notice is given. [PROPOSED]"""
LOOKED_AT_AGAIN_AFTER_MONTHS = 6
"""Calendar months after the 17th birthday at which the outcome is looked at again. [PROPOSED]"""
LONGEST_DEFERRAL_MONTHS = 3
"""Calendar months for which a consideration may be deferred at most. [PROPOSED]"""
ADULT_AGE = 18
UPPER_AGE = 25
"""Cases stay open until this birthday for SEND and care leavers. Source: DDSCP procedures."""


class TransitionOutcome(Enum):
    """What was decided when transition was considered."""

    PLAN_AND_REFERRAL_TO_ADULT_SOCIAL_CARE = "Transition plan and referral to adult social care"
    PLAN_ONLY = "Transition plan"
    NOT_NEEDED = "Not needed"
    DEFERRED = "Deferred"

    @property
    def needs_reason(self) -> bool:
        """True where the outcome must say why."""
        return self in {TransitionOutcome.NOT_NEEDED, TransitionOutcome.DEFERRED}


@dataclass(frozen=True, slots=True)
class TransitionDates:
    """The days of one child's transition, all calendar days.

    notice: advance notice. opens: the consideration opens. due: limit of the consideration.
    again: looked at again (17 years 6 months), again_book_by: last working day for a meeting about it.
    adult: the 18th birthday, when the case cannot be closed by age without an outcome.
    """

    notice: date
    opens: date
    due: date
    again: date
    again_book_by: date
    adult: date


def transition_dates(
    date_of_birth: date,
    *,
    first_assessed: date | None = None,
    target: Timescale = TIMESCALES["TG-TRANSITION"],
    extra_holidays: Collection[date] = (),
) -> TransitionDates:
    """The days of transition for a child born on `date_of_birth`.

    first_assessed: day of the first CRE assessment; if the child is already 17 by then, the consideration opens on it.
    target: the length of the consideration (TG-TRANSITION, 20 working days unless a local setting changed it).
    Source: the service offer (17); lengths proposed.
    """
    seventeen = birthday(date_of_birth, CONSIDERED_FROM_AGE)
    opens = seventeen if first_assessed is None else max(seventeen, first_assessed)
    due = target.due(opens, extra_holidays=extra_holidays).limit
    again = add_months(seventeen, LOOKED_AT_AGAIN_AFTER_MONTHS)
    return TransitionDates(
        notice=add_months(seventeen, -NOTICE_MONTHS_BEFORE),
        opens=opens,
        due=due,
        again=again,
        again_book_by=last_working_day_by(again, extra_holidays=extra_holidays),
        adult=birthday(date_of_birth, ADULT_AGE),
    )


def latest_deferral(considered_on: date) -> date:
    """The last day to which a consideration made on `considered_on` may be deferred."""
    return add_months(considered_on, LONGEST_DEFERRAL_MONTHS)


def may_stay_open_until(date_of_birth: date, *, has_send: bool, is_care_leaver: bool) -> date:
    """The birthday on which a case ends by age: the 25th for SEND and care leavers, else the 18th."""
    return birthday(date_of_birth, UPPER_AGE if has_send or is_care_leaver else ADULT_AGE)
