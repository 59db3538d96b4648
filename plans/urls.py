"""Addresses of plans."""

from django.urls import include, path

from plans.views import closing, items, plan, police, safety, transition

FILE = "cases/<uuid:case>"
ITEM = f"{FILE}/plan/<int:item>"
SAFETY = f"{FILE}/safety-plan/<int:safety_plan>"
RISK = f"{FILE}/safety-plan/risks/<int:risk>"

urlpatterns = [
    path("", include("plans.copies.urls")),
    path("actions/", plan.OwnActions.as_view(), name="own_actions"),
    path(f"{FILE}/plan/", plan.Plan.as_view(), name="plan"),
    path(f"{FILE}/plan/agreement/", plan.Agreement.as_view(), name="plan_agreement"),
    path(f"{FILE}/plan/approve/", plan.Approve.as_view(), name="approve_plan"),
    path(f"{FILE}/plan/new/", plan.AddAction.as_view(), name="add_action"),
    path(f"{FILE}/plan/exceptional/", plan.OpenExceptional.as_view(), name="open_exceptional"),
    path(f"{ITEM}/", items.ItemPage.as_view(), name="plan_item"),
    path(f"{ITEM}/settle/", items.Settle.as_view(), name="settle_item"),
    path(f"{ITEM}/session/", items.Session.as_view(), name="record_session"),
    path(f"{ITEM}/who/", items.Assign.as_view(), name="assign_item"),
    path(f"{ITEM}/continue/", items.Continue.as_view(), name="continue_item"),
    path(f"{ITEM}/end/", items.End.as_view(), name="end_item"),
    path(f"{FILE}/trigger-plan/", police.Trigger.as_view(), name="trigger_plan"),
    path(f"{FILE}/trigger-plan/requested/", police.RequestTrigger.as_view(), name="request_trigger_plan"),
    path(f"{FILE}/trigger-plan/on-system/", police.OnSystem.as_view(), name="record_on_system"),
    path(f"{FILE}/trigger-plan/first-hour/", police.FirstHour.as_view(), name="write_first_hour"),
    path(f"{FILE}/safety-plan/", safety.SafetyPlanPage.as_view(), name="safety_plan"),
    path(f"{FILE}/safety-plan/new/", safety.StartSafetyPlan.as_view(), name="start_safety_plan"),
    path(f"{SAFETY}/tonight/", safety.Tonight.as_view(), name="safety_tonight"),
    path(f"{SAFETY}/child/", safety.ChildsPart.as_view(), name="safety_child"),
    path(f"{SAFETY}/whole/", safety.Whole.as_view(), name="safety_whole"),
    path(f"{SAFETY}/risk/", safety.AddRisk.as_view(), name="add_risk"),
    path(f"{SAFETY}/in-force/", safety.InForce.as_view(), name="bring_into_force"),
    path(f"{RISK}/action/", safety.AddRiskAction.as_view(), name="add_risk_action"),
    path(f"{RISK}/remove/", safety.RemoveRisk.as_view(), name="remove_risk"),
    path(f"{FILE}/transition/", transition.Transition.as_view(), name="transition"),
    path(f"{FILE}/transition/consider/", transition.ConsiderTransition.as_view(), name="consider_transition"),
    path(f"{FILE}/closing/", closing.Closing.as_view(), name="closing"),
    path(f"{FILE}/closing/propose/", closing.ProposeClosing.as_view(), name="propose_closing"),
    path(f"{FILE}/closing/decide/", closing.DecideClosing.as_view(), name="decide_closing"),
    path(f"{FILE}/closing/reopen/", closing.Reopen.as_view(), name="reopen_case"),
]
