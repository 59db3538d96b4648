"""The rows of plans, and what of it a file in the matrix holds."""

from django.utils import timezone

from access.models import CaseFile
from access.parts import Label
from accounts.models import Agency, User
from plans.models import (
    CaseClosure,
    ContextualRisk,
    ItemSession,
    PlanItem,
    RiskAction,
    SafetyPlan,
    ServicePlan,
    TransitionConsideration,
    TriggerPlan,
)
from tests.matrix.vocabulary import (
    CASEWORKERS,
    FORM,
    PARTNERS,
    SEES_FILES,
    SEES_SAFETY_PLAN,
    SOCIAL_CARE,
    TM,
    ForRole,
    OnFile,
    Rows,
)

WORKS = CASEWORKERS | PARTNERS  # R7 E: partners their own
EDITS = OnFile(CASEWORKERS, FORM)  # R6 E
OWN = OnFile(WORKS, FORM, not_theirs=PARTNERS)

ROWS: Rows = {
    "own_actions": ForRole(SEES_FILES),
    "plan": OnFile(SEES_FILES),
    "plan_agreement": EDITS,
    "approve_plan": OnFile(frozenset({TM}), FORM),  # R6 A
    "add_action": EDITS,
    "open_exceptional": EDITS,
    "plan_item": OnFile(WORKS, not_theirs=PARTNERS),
    "settle_item": OWN,
    "record_session": OWN,
    "assign_item": EDITS,
    "continue_item": EDITS,
    "end_item": EDITS,
    "trigger_plan": OnFile(SEES_SAFETY_PLAN),
    "request_trigger_plan": EDITS,
    "record_on_system": EDITS,
    "write_first_hour": EDITS,
    "safety_plan": OnFile(SEES_SAFETY_PLAN),
    "start_safety_plan": EDITS,
    "safety_tonight": EDITS,
    "safety_child": EDITS,
    "safety_whole": EDITS,
    "add_risk": EDITS,
    "bring_into_force": EDITS,
    "add_risk_action": EDITS,
    "remove_risk": EDITS,
    "transition": OnFile(SOCIAL_CARE),
    "consider_transition": EDITS,
    "closing": OnFile(SOCIAL_CARE),
    "propose_closing": EDITS,
    "decide_closing": OnFile(frozenset({TM}), FORM),
    "reopen_case": OnFile(frozenset({TM}), FORM),
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """One row in each table, each with its part's canary; returns the ids that addresses need."""
    now, safety = timezone.now(), word[Label.SAFETY]
    plan = ServicePlan.objects.create(
        case=case, tier="medium", opened_at=now, opened_by=by, child_says=word[Label.PLAN]
    )
    item = PlanItem.objects.create(
        case=case, plan=plan, code="L04", title=word[Label.PLAN], source="offer", added_by=by, reason=word[Label.PLAN]
    )
    ItemSession.objects.create(case=case, item=item, on=now.date(), note=word[Label.PLAN], author=by, agency=agency)
    TriggerPlan.objects.create(case=case, officer=safety)
    draft = SafetyPlan.objects.create(case=case, kind="full", author=by, safe_places=safety)
    risk = ContextualRisk.objects.create(
        case=case, safety_plan=draft, direction="to", context="place", what=safety, where=safety, from_whom=safety,
        source=safety, author=by,
    )  # fmt: skip
    RiskAction.objects.create(case=case, risk=risk, item=item)
    TransitionConsideration.objects.create(
        case=case, outcome="not_needed", reason=word[Label.CASEWORK], considered_by=by, considered_at=now
    )
    CaseClosure.objects.create(case=case, reason="no_concern", summary=word[Label.CASEWORK], proposed_by=by)
    return {"item": item.pk, "safety_plan": draft.pk, "risk": risk.pk}
