"""When transition is considered, and what was decided."""

from datetime import date, datetime, time

from django.utils import timezone

from access.actions import case_action, part_of_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from assessments.models import NO_CONCERN, EffectiveTier
from children.models import Child
from deadlines.services import start_clock, stop_clock
from offer.timescales import LONDON
from offer.transition import TransitionOutcome, latest_deferral, transition_dates
from plans.models import TransitionConsideration

ABOUT = "transition"
WATCHED_DAYS = 366  # every tier decision looks again, at most three months apart
MORNING = time(9)


@part_of_action
def watch_transition(case: CaseFile, *, by: User, tier: EffectiveTier) -> None:
    """Starts the consideration's clock once the 17th birthday is within a year, where exploitation remains a factor."""
    born = Child.objects.values_list("date_of_birth", flat=True).filter(case=case).first()
    if born is None or tier.tier == NO_CONCERN or TransitionConsideration.objects.filter(case=case).exists():
        return
    today = timezone.localdate(tier.from_at)
    dates = transition_dates(born, first_assessed=today)
    opens = max(dates.opens, today) if dates.opens <= today else dates.opens
    if (opens - today).days <= WATCHED_DAYS:
        start_clock(case, by=by, rule_id="TG-TRANSITION", started_at=_morning(opens), about=ABOUT)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, LONDON)


@case_action(Action.CONSIDER_TRANSITION)
def consider_transition(
    case: CaseFile, *, by: User, outcome: str, reason: str = "", deferred_until: date | None = None
) -> TransitionConsideration:
    """Records what was decided: considering is compulsory from 17, referring is a judgement.

    Args:
        outcome: a name of `offer.transition.TransitionOutcome` in lower case. `reason` for not needed and deferred;
            `deferred_until` at most three months ahead, when the clock starts anew.
    """
    chosen, today = TransitionOutcome[outcome.upper()], timezone.localdate()
    if chosen.needs_reason and not reason.strip():
        raise Refused("Say why.")
    deferred = chosen is TransitionOutcome.DEFERRED
    if deferred and (deferred_until is None or not today < deferred_until <= latest_deferral(today)):
        raise Refused(f"Choose a day after today and by {latest_deferral(today):%-d %B %Y}.")
    considered: TransitionConsideration = TransitionConsideration.objects.create(
        case=case, outcome=outcome, reason=reason.strip(), deferred_until=deferred_until if deferred else None,
        considered_by=by, considered_at=timezone.now(),
    )  # fmt: skip
    stop_clock(case, by=by, rule_id="TG-TRANSITION", about=ABOUT)
    if deferred and deferred_until:
        start_clock(case, by=by, rule_id="TG-TRANSITION", started_at=_morning(deferred_until), about=ABOUT)
    return considered
