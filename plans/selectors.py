"""What comes back of plans. Each starts from `allowing`."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from access.models import CaseFile
from access.roles import Action
from access.standing import standing_of
from accounts.models import User
from children.models import Child
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


def plan_of(case: CaseFile, user: User) -> ServicePlan | None:
    found: ServicePlan | None = (
        ServicePlan.objects.allowing(user, Action.VIEW_PLAN).filter(case=case).select_related("approved_by").first()
    )
    return found


def items_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """The items of the plan; of a plan that was not shared, those of the person's own agency."""
    found = PlanItem.objects.allowing(user, Action.VIEW_ITEMS).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("agency", "owner").annotate(
        worked=Count("sessions", filter=Q(sessions__attended=True))
    )
    return ordered.order_by("pk")


def own_items(user: User) -> QuerySet[Any]:
    """What this person's agency has to do, on every file, what is due first."""
    found = PlanItem.objects.allowing(user, Action.WORK_ON_ITEM).filter(ended_at__isnull=True, on_hold=False)
    mine = Q(owner=user) | Q(agency__in=standing_of(user).partner_agency_ids)
    done = ("completed", "not_appropriate", "declined", "already_provided")
    ordered: QuerySet[Any] = found.filter(mine).exclude(disposition__in=done).select_related("case")
    return ordered.order_by("due_on", "pk")


def sessions_of(item: PlanItem, user: User) -> QuerySet[Any]:
    found = ItemSession.objects.allowing(user, Action.VIEW_ITEMS).filter(item=item)
    ordered: QuerySet[Any] = found.select_related("author", "agency").order_by("-on", "-pk")
    return ordered


def trigger_plan_of(case: CaseFile, user: User) -> TriggerPlan | None:
    found: TriggerPlan | None = TriggerPlan.objects.allowing(user, Action.VIEW_SAFETY_PLAN).filter(case=case).first()
    return found


def safety_plans_of(case: CaseFile, user: User) -> QuerySet[Any]:
    found = SafetyPlan.objects.allowing(user, Action.VIEW_SAFETY_PLAN).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("author", "approved_by").order_by("-started_at", "-pk")
    return ordered


def risks_of(plan: SafetyPlan, user: User) -> list[ContextualRisk]:
    """The risks of a plan that was fetched through the first wall, each with `.acts`: titles of its actions."""
    found = list(
        ContextualRisk.objects.allowing(user, Action.VIEW_SAFETY_PLAN)
        .filter(safety_plan=plan, removed_at__isnull=True)
        .order_by("direction", "pk")
    )
    acts = RiskAction.objects.allowing(user, Action.VIEW_SAFETY_PLAN).filter(risk__in=found).order_by("pk")
    titles: dict[int, list[str]] = {}
    for risk, title in acts.values_list("risk", "item__title"):
        titles.setdefault(risk, []).append(title)
    for one in found:
        one.acts = titles.get(one.pk, [])
    return found


def considerations_of(case: CaseFile, user: User) -> QuerySet[Any]:
    found = TransitionConsideration.objects.allowing(user, Action.VIEW_DEADLINES).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("considered_by").order_by("-considered_at", "-pk")
    return ordered


def closures_of(case: CaseFile, user: User) -> list[CaseClosure]:
    """What was proposed and decided about closing a file, the latest first."""
    found = CaseClosure.objects.allowing(user, Action.VIEW_DEADLINES).filter(case=case)
    return list(found.select_related("proposed_by", "decided_by", "reopened_by").order_by("-proposed_at", "-pk"))


def standing(closures: list[CaseClosure]) -> CaseClosure | None:
    """The closing that is proposed now, or by which the file is closed."""
    stands = (CaseClosure.State.PROPOSED, CaseClosure.State.CLOSED)
    return next((one for one in closures if one.state in stands), None)


def children_of(cases: list[Any], user: User) -> dict[Any, Child]:
    return {one.case_id: one for one in Child.objects.allowing(user, Action.VIEW_FILE).filter(case__in=cases)}
