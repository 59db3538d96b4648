"""Writing a safety plan and bringing it into force. An interim one can be in force tonight (ruling Q7)."""

from datetime import date
from typing import Any

from django.utils import timezone

from access.actions import case_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import User
from assessments.decisions.guard import current_tier
from offer.levels import Tier
from offer.timescales import TIMESCALES
from plans.models import ContextualRisk, PlanItem, RiskAction, SafetyPlan
from plans.safety.completeness import WRITTEN, missing_from
from plans.services import add_action

State = SafetyPlan.State
FACTS = frozenset(
    {
        *WRITTEN, "whom_to_ring", "tonight", "contexts_considered", "no_risk_to_because", "no_risk_from_because",
        "nobody_else_because", "review_on",
    }
)  # fmt: skip


def _clean(value: Any) -> Any:
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def _draft(plan: SafetyPlan) -> SafetyPlan:
    current: SafetyPlan = SafetyPlan.objects.select_related("case").get(pk=plan.pk)
    if current.state != State.DRAFT:
        raise Refused("This safety plan is in force and is not changed. Start a new one from it.")
    return current


@case_action(Action.EDIT_SAFETY_PLAN)
def start_safety_plan(case: CaseFile, *, by: User, kind: str) -> SafetyPlan:
    """Starts an interim or a full safety plan. One draft a file; the one in force stays until the new one is."""
    if SafetyPlan.objects.filter(case=case, state=State.DRAFT).exists():
        raise Refused("A safety plan is being written already. Go on with that one.")
    started: SafetyPlan = SafetyPlan.objects.create(case=case, kind=kind, author=by)
    return started


@case_action(Action.EDIT_SAFETY_PLAN)
def write_safety_plan(plan: SafetyPlan, *, by: User, version: int, **facts: Any) -> SafetyPlan:
    """Saves a part of a draft. Raises StaleRecord where somebody saved it meanwhile."""
    strangers = sorted(facts.keys() - FACTS)
    if strangers:
        raise TypeError(f"A safety plan has nothing to write called {', '.join(strangers)}.")
    current = _draft(plan)
    _check_review(current.case, facts.get("review_on"))
    return save_version(current, version, **{name: _clean(value) for name, value in facts.items()})


def _check_review(case: CaseFile, review_on: date | None) -> None:
    """Within the interval of the tier. Source: BR-09; intervals proposed."""
    tier = current_tier(case)
    if review_on is None or tier is None or tier.tier not in {one.name.lower() for one in Tier}:
        return
    latest = TIMESCALES[f"RV-{tier.tier.upper()}"].due(timezone.localdate()).limit
    if not timezone.localdate() < review_on <= latest:
        raise Refused(f"At {tier.tier} the plan is reviewed by {latest:%-d %B %Y} at the latest.")


@case_action(Action.EDIT_SAFETY_PLAN)
def add_risk(
    plan: SafetyPlan, *, by: User, direction: str, context: str, what: str, where: str, from_whom: str, source: str,
    who_else: str = "",
) -> ContextualRisk:  # fmt: skip
    """Adds a risk to or from the child: where, from whom, who else, and who says so. "Not known" is an answer."""
    current = _draft(plan)
    facts = {"what": what, "where": where, "from_whom": from_whom, "source": source}
    if not all(_clean(value) for value in facts.values()):
        raise Refused("Say what the risk is, where, from whom, and who says so. “Not known” is an answer.")
    added: ContextualRisk = ContextualRisk.objects.create(
        case_id=current.case_id, safety_plan=current, direction=direction, context=context, who_else=_clean(who_else),
        author=by, **{name: _clean(value) for name, value in facts.items()},
    )  # fmt: skip
    return added


@case_action(Action.EDIT_SAFETY_PLAN)
def remove_risk(risk: ContextualRisk, *, by: User) -> ContextualRisk:
    """Takes a risk out of a draft; that it was written is kept."""
    _draft(risk.safety_plan)
    ContextualRisk.objects.filter(pk=risk.pk).update(removed_at=timezone.now())
    return ContextualRisk.objects.get(pk=risk.pk)


@case_action(Action.EDIT_SAFETY_PLAN)
def add_risk_action(
    risk: ContextualRisk, *, by: User, title: str, due_on: date, measure: str, **owner: Any
) -> PlanItem:
    """An action that reduces or removes a risk. It stands in the service plan at once, with its owner and date."""
    if not _clean(measure):
        raise Refused("Say how we will know that it worked.")
    item = add_action(
        risk.case, by=by, title=title, source=PlanItem.Source.SAFETY_PLAN, due_on=due_on, measure=measure, **owner
    )
    RiskAction.objects.create(case_id=risk.case_id, risk=risk, item=item)
    return item


@case_action(Action.EDIT_SAFETY_PLAN)
def bring_into_force(plan: SafetyPlan, *, by: User, version: int, dual_status: bool = False) -> SafetyPlan:
    """The plan is in force from now, in place of the one before.

    Raises:
        Refused: something is missing (each named); for an interim plan only whom to ring and what is done tonight.
    """
    current = _draft(plan)
    risks = list(ContextualRisk.objects.filter(safety_plan=current, removed_at__isnull=True))
    acted_on = set(RiskAction.objects.filter(risk__in=risks).values_list("risk", flat=True))
    left = missing_from(current, risks, acted_on, dual_status=dual_status)
    if left:
        raise Refused(f"It cannot be in force yet. {' '.join(left)}")
    SafetyPlan.objects.filter(case=current.case_id, state=State.IN_FORCE).update(state=State.REPLACED)
    return save_version(current, version, state=State.IN_FORCE, approved_by=by, approved_at=timezone.now())
