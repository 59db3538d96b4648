"""The tier: decided by a manager, agreed by a Child Protection Manager where the offer asks for it, in effect.

Every way to a tier leads through here: pages, the API, an import and the shell. The database holds the same rules.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from access.actions import case_action, part_of_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.services import give_oversight
from access.standing import standing_of, teams_with
from accounts.models import User
from accounts.roles import OVERSEERS, Role
from assessments.content import Content
from assessments.decisions.guard import current_tier, low_facts, recorded, tier_of
from assessments.decisions.objections import objection_to, why_not_answer, why_not_decide, why_settled
from assessments.models import (
    NO_CONCERN,
    CPMAgreement,
    CPMMatter,
    EffectiveTier,
    SupportingAssessment,
    TierDecision,
    TierProposal,
)
from assessments.signals import tier_took_effect
from children.models import Child
from deadlines.services import drop_clock, start_clock, stop_clock
from offer.ages import birthday
from offer.levels import Tier
from offer.low_tier import (
    CPMOutcome,
    LowFacts,
    ObjectionCode,
    Protection,
    floor_while_waiting,
    low_objections,
    lowering_objections,
    new_protections,
    protection_grounds,
)

REVIEWS = {tier.name.lower(): f"RV-{tier.name}" for tier in Tier}
# What only a Child Protection Manager's answer takes away: with these low waits, with others it is refused.
WAITS = frozenset(
    {
        ObjectionCode.CPM_NOT_YET_ANSWERED, ObjectionCode.CPM_ANSWERED_ANOTHER_VERSION,
        ObjectionCode.CPM_ANSWERED_EARLIER_DECISION, ObjectionCode.CPM_NOT_AGREED, ObjectionCode.CPM_MORE_ASSESSMENT,
        ObjectionCode.ASSESSMENTS_INCOMPLETE, ObjectionCode.CRITICAL_NOT_KNOWN,
    }
)  # fmt: skip
CORRECTED = frozenset({EffectiveTier.Cause.SEND, EffectiveTier.Cause.AGE})
DISCUSSED = frozenset({"medium", "high"})  # tiers that a Child Protection Manager discusses (item M03)
WATCHED_BIRTHDAYS = (13, 17)
WATCHED_DAYS = 366  # a birthday in the next year has its clock; every decision looks again, at most three months apart


def _as_it_is_now(proposal: TierProposal) -> TierProposal:
    current: TierProposal = TierProposal.objects.select_related("assessment__toolkit", "case").get(pk=proposal.pk)
    return current


def _stop_manager_clock(case: CaseFile, by: User, proposal: TierProposal, at: datetime) -> None:
    for rule in ("TG-MANAGER", "TG-MANAGER-HIGH"):
        stop_clock(case, by=by, rule_id=rule, about=f"proposal:{proposal.pk}", done_at=at)


@case_action(Action.DECIDE_TIER)
def send_back(proposal: TierProposal, *, by: User, question: str) -> TierProposal:
    """Asks the author something before a tier is decided. A new assessment answers it."""
    waiting = _as_it_is_now(proposal)
    if why := why_settled(waiting):
        raise Refused(why)
    if not question.strip():
        raise Refused("Write the question you send it back with.")
    TierProposal.objects.filter(pk=waiting.pk).update(state=TierProposal.State.RETURNED, question=question.strip())
    _stop_manager_clock(waiting.case, by, waiting, timezone.now())
    return TierProposal.objects.get(pk=waiting.pk)


@case_action(Action.DECIDE_TIER)
def decide_tier(
    proposal: TierProposal, *, by: User, decided: str, reason: str, override: str = "",
    second_decider: User | None = None, protective_factors_only: bool = False, override_reason: str = "",
) -> TierDecision:  # fmt: skip
    """A manager decides on a proposal. What takes effect is MEDIUM or HIGH as decided; LOW and "no concern" of a
    protected child wait for a Child Protection Manager, and until then the child is at least MEDIUM (BR-01, Q1).

    Args:
        decided: "low", "medium", "high" or "none". override: the category, where it is not what was proposed.
        second_decider: the chair or Child Protection Manager who agrees to lowering from HIGH (DOMAIN 1.7).
        protective_factors_only: nothing else speaks for the lower tier; `override_reason` then says why it is lowered
            although a critical item is current.

    Raises:
        Refused: the author decides, the proposal is no longer the one that waits, something has no reason, or a rule
            of `offer.low_tier` objects; each with its sentence.
    """
    waiting, now = _as_it_is_now(proposal), timezone.now()
    case, content = waiting.case, Content(waiting.assessment)
    before = current_tier(case)
    if why := why_not_decide(waiting, by):
        raise Refused(why)
    if not reason.strip():
        raise Refused("Give the reason for your decision.")
    if decided != waiting.proposed and not override:
        raise Refused("You decide something other than what was proposed. Say on what grounds.")
    facts = low_facts(
        content, Child.objects.get(case=case), manager=by.pk, decided_on=timezone.localdate(now),
        protective_factors_only=protective_factors_only, override_reason=override_reason,
    )  # fmt: skip
    _check_lowering(before, decided, facts, second_decider, by)
    grounds = _check_low(decided, facts)
    decision: TierDecision = TierDecision.objects.create(
        case=case, proposal=waiting, assessment=waiting.assessment, decided=decided, reason=reason.strip(),
        override=override if decided != waiting.proposed else "", second_decider=second_decider,
        waits_for_cpm=bool(grounds), grounds=list(grounds), decided_by=by, decided_at=now,
    )  # fmt: skip
    TierProposal.objects.filter(pk=waiting.pk).update(state=TierProposal.State.DECIDED)
    _stop_manager_clock(case, by, waiting, now)
    if grounds:
        _wait_for_cpm(decision, by, before)
    else:
        _close_matter(case, by, now, "A manager decided")
        take_effect(case, by=by, tier=decided, cause=EffectiveTier.Cause.DECISION, at=now, decision=decision)
    return decision


def _check_lowering(
    before: EffectiveTier | None, decided: str, facts: LowFacts, second_decider: User | None, by: User
) -> None:
    current = tier_of(before.tier) if before and not before.provisional else None
    if current is None:
        return
    agrees = (
        second_decider is not None
        and second_decider.pk not in (by.pk, facts.author)
        and bool(standing_of(second_decider).roles & OVERSEERS)
    )
    objections = lowering_objections(
        current, tier_of(decided), second_decider_agrees=agrees, critical_current=facts.critical_current,
        protective_factors_only=facts.lowered_on_protective_factors_only, override_reason=facts.override_reason,
    )  # fmt: skip
    if objections:
        raise Refused(objections[0].sentence)


def _check_low(decided: str, facts: LowFacts) -> tuple[str, ...]:
    """Why low waits for a Child Protection Manager; empty where it takes effect. Refused where it may not even wait."""
    if tier_of(decided) not in (Tier.LOW, None):
        return ()
    refused = [one for one in low_objections(facts) if one.code not in WAITS]
    if refused:
        raise Refused(refused[0].sentence)
    return protection_grounds(facts)


def _wait_for_cpm(decision: TierDecision, by: User, before: EffectiveTier | None) -> None:
    """Opens the matter and raises the floor; a tier that stands as high already goes on."""
    case, at = decision.case, decision.decided_at
    _open_matter(case, by, CPMMatter.Opened.LOW_DECIDED, at, decision)
    standing = tier_of(before.tier) if before else None
    floor = floor_while_waiting(standing)
    if before is None or standing is None or standing < floor:
        take_effect(
            case, by=by, tier=floor.name.lower(), cause=EffectiveTier.Cause.FLOOR, at=at, decision=decision,
            provisional=True,
        )  # fmt: skip


def _open_matter(case: CaseFile, by: User, because: str, at: datetime, decision: TierDecision | None) -> CPMMatter:
    """One matter is open at a time; a later decision of low is asked about in the one that is."""
    matter: CPMMatter | None = CPMMatter.objects.filter(case=case, closed_at__isnull=True).first()
    if matter is None:
        matter = CPMMatter.objects.create(case=case, decision=decision, opened_because=because, opened_at=at)
    elif decision is not None:
        CPMMatter.objects.filter(pk=matter.pk).update(decision=decision)
    start_clock(case, by=by, rule_id="TG-CPM", started_at=at, about=f"matter:{matter.pk}")
    _show_to_cpm(case, by, "The tier waits for an answer of a Child Protection Manager")
    return matter


def _show_to_cpm(case: CaseFile, by: User, reason: str) -> None:
    give_oversight(case, by=by, teams=teams_with(Role.CHILD_PROTECTION_MANAGER), reason=reason)


def _close_matter(case: CaseFile, by: User, at: datetime, reason: str) -> None:
    for matter in CPMMatter.objects.filter(case=case, closed_at__isnull=True):
        CPMMatter.objects.filter(pk=matter.pk).update(closed_at=at)
        drop_clock(case, by=by, rule_id="TG-CPM", about=f"matter:{matter.pk}", reason=reason)


@case_action(Action.ANSWER_LOW)
def answer_low(
    decision: TierDecision, *, by: User, outcome: str, reason: str, names: Sequence[str] = (),
    supporting: Sequence[SupportingAssessment] = (), sufficient_because: str = "", required_tier: str = "",
    more_needed: str = "",
) -> CPMAgreement:  # fmt: skip
    """A Child Protection Manager answers a decision of low for a protected child (BR-01, rulings Q1 and Q2).

    Args:
        outcome: "agreed", "not_agreed" (with `required_tier`) or "more_assessment_needed" (with `more_needed`).
        names: the kinds of assessment agreed, each by name; `supporting`: which ones.
        sufficient_because: why other named assessments suffice, where an EHA was declined and a Single Assessment
            is not met.

    Raises:
        Refused: nothing waits, the person wrote the assessment or decided as manager, or the agreement does not hold
            (each reason of `offer.low_tier` with its sentence).
    """
    now = timezone.now()
    current = TierDecision.objects.select_related("assessment__toolkit", "case").get(pk=decision.pk)
    case, content = current.case, Content(current.assessment)
    if why := why_not_answer(current, by):
        raise Refused(why)
    if not reason.strip():
        raise Refused("Give the reason for your answer.")
    if outcome == CPMOutcome.NOT_AGREED.name.lower() and required_tier not in ("medium", "high"):
        raise Refused("Say which tier the child needs instead.")
    if outcome == CPMOutcome.MORE_ASSESSMENT_NEEDED.name.lower() and not more_needed.strip():
        raise Refused("Say what else must be assessed.")
    answer = CPMAgreement(
        case=case, decision=current, assessment=current.assessment, content_hash=current.assessment.content_hash,
        outcome=outcome, required_tier=required_tier, names=sorted(names), supporting=[one.pk for one in supporting],
        sufficient_because=sufficient_because.strip(), more_needed=more_needed.strip(), reason=reason.strip(),
        decided_by=by, decided_at=now,
    )  # fmt: skip
    if why := objection_to(answer, content, Child.objects.get(case=case)):
        raise Refused(why)
    answer.save()
    _follow(answer, by)
    return answer


def _follow(answer: CPMAgreement, by: User) -> None:
    """What an answer changes. One that asks for more leaves the matter open."""
    case, at, cause = answer.case, answer.decided_at, EffectiveTier.Cause
    matter = CPMMatter.objects.get(decision=answer.decision, closed_at__isnull=True)
    stop_clock(case, by=by, rule_id="TG-CPM", about=f"matter:{matter.pk}", done_at=at)
    if answer.outcome == CPMOutcome.MORE_ASSESSMENT_NEEDED.name.lower():
        return
    CPMMatter.objects.filter(pk=matter.pk).update(closed_at=at)
    agreed = answer.outcome == CPMOutcome.AGREED.name.lower()
    take_effect(
        case, by=by, tier=answer.decision.decided if agreed else answer.required_tier,
        cause=cause.AGREEMENT if agreed else cause.REFUSAL, at=at, decision=answer.decision, agreement=answer,
    )  # fmt: skip


@part_of_action
def protect_low_child(child: Child, *, by: User, before: Child) -> None:
    """A correction shows that a child who is low is protected in a way that nobody knew: at least MEDIUM until a Child
    Protection Manager agrees. Any other correction leaves the tier as it is.

    Args:
        before: the child as recorded until now.

    Source: BR-01 for SEND; local for a date of birth.
    """
    current = current_tier(child.case)
    if current is None or tier_of(current.tier) not in (Tier.LOW, None):
        return
    now = timezone.now()
    found = new_protections(recorded(before), recorded(child), timezone.localdate(now))
    if not found:
        return
    cause, because = EffectiveTier.Cause.SEND, CPMMatter.Opened.SEND_RECORDED
    if Protection.SEND not in found:
        cause, because = EffectiveTier.Cause.AGE, CPMMatter.Opened.AGE_CORRECTED
    _open_matter(child.case, by, because, now, current.decision)
    floor = floor_while_waiting(tier_of(current.tier)).name.lower()
    take_effect(child.case, by=by, tier=floor, cause=cause, at=now, provisional=True)


@part_of_action
def take_effect(
    case: CaseFile, *, by: User, tier: str, cause: str, at: datetime, provisional: bool = False,
    decision: TierDecision | None = None, agreement: CPMAgreement | None = None,
) -> EffectiveTier:  # fmt: skip
    """Ends the tier in effect and begins another: a new row, its review clock, and word to the packages to the left."""
    before = current_tier(case)
    if before:
        EffectiveTier.objects.filter(pk=before.pk).update(until_at=at)
    now_in_effect: EffectiveTier = EffectiveTier.objects.create(
        case=case, tier=tier, provisional=provisional, cause=cause, decision=decision, agreement=agreement, set_by=by,
        from_at=at,
    )  # fmt: skip
    _restart_review(now_in_effect, by)
    _watch_birthdays(now_in_effect, by)
    if tier in DISCUSSED and not provisional:
        _show_to_cpm(case, by, "The tier calls for a threshold discussion")
    tier_took_effect.send(sender=EffectiveTier, tier=now_in_effect, before=before, by=by)
    return now_in_effect


def _restart_review(tier: EffectiveTier, by: User) -> None:
    """Deciding is reviewing: the clock that ran stops. A floor after a correction reviews nothing: it is dropped."""
    for rule in REVIEWS.values():
        if tier.cause in CORRECTED:
            reason = f"{tier.get_cause_display().split(':')[0]}: another review interval holds"
            drop_clock(tier.case, by=by, rule_id=rule, reason=reason)
        else:
            stop_clock(tier.case, by=by, rule_id=rule, done_at=tier.from_at)
    if tier.tier in REVIEWS:
        start_clock(tier.case, by=by, rule_id=REVIEWS[tier.tier], started_at=tier.from_at)


def _watch_birthdays(tier: EffectiveTier, by: User) -> None:
    """Turning 13 or 17 opens a look at tier and plan (DOMAIN 1.8). It changes neither by itself."""
    born = Child.objects.values_list("date_of_birth", flat=True).get(case=tier.case_id)
    if born is None or tier.tier == NO_CONCERN:
        return
    today = timezone.localdate(tier.from_at)
    for age in WATCHED_BIRTHDAYS:
        day = birthday(born, age)
        if 0 < (day - today).days <= WATCHED_DAYS:
            start_clock(tier.case, by=by, rule_id="TG-EVENT", started_at=_midday(day), about=f"turned_{age}")


def _midday(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))  # type: ignore[arg-type]
