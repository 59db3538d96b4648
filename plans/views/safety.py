"""The safety plan: reading, writing, bringing into force."""

from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse

from access.roles import Action
from children.views.base import ChildFormPage, ChildPage, facts
from plans import forms
from plans.models import ContextualRisk, SafetyPlan
from plans.presenters import safety_caption, safety_rows
from plans.safety import services
from plans.safety.completeness import missing_from
from plans.selectors import risks_of, safety_plans_of
from plans.views.plan import OwnerChoices


class SafetyPlanPage(ChildPage):
    """The plan in force, and the draft of the next one."""

    action = Action.VIEW_SAFETY_PLAN
    asks = (Action.EDIT_SAFETY_PLAN,)
    template_name = "plans/safety_plan.jinja"

    def context(self) -> dict[str, Any]:
        plans = list(safety_plans_of(self.case, self.person))
        may_edit = Action.EDIT_SAFETY_PLAN in self.allowed
        in_force = next((one for one in plans if one.state == SafetyPlan.State.IN_FORCE), None)
        draft = next((one for one in plans if one.state == SafetyPlan.State.DRAFT), None) if may_edit else None
        return {
            **super().context(),
            "title": "Safety plan",
            "in_force": self._shown(in_force),
            "draft": self._shown(draft),
            "may_edit": may_edit,
        }

    def _shown(self, plan: SafetyPlan | None) -> dict[str, Any] | None:
        if plan is None:
            return None
        risks = risks_of(plan, self.person)
        acted_on = [one.pk for one in risks if one.acts]
        is_draft = plan.state == SafetyPlan.State.DRAFT
        return {
            "plan": plan,
            "caption": safety_caption(plan),
            "rows": safety_rows(plan),
            "risks": risks,
            "missing": missing_from(plan, risks, acted_on, dual_status=False) if is_draft else (),
        }


class StartSafetyPlan(ChildFormPage):
    action = Action.EDIT_SAFETY_PLAN
    form_class = forms.StartSafetyForm
    title = "Start a safety plan"
    button = "Start"
    back_to = "safety_plan"

    def perform(self, form: Any) -> str:
        services.start_safety_plan(self.case, by=self.person, kind=form.cleaned_data["kind"])
        return self.back_url()


class DraftForm(ChildFormPage):
    """A part of the draft."""

    action = Action.EDIT_SAFETY_PLAN
    back_to = "safety_plan"
    form_class: ClassVar[type[Any]]

    @cached_property
    def plan(self) -> SafetyPlan:
        found: SafetyPlan = self.record(SafetyPlan, Action.EDIT_SAFETY_PLAN, "safety_plan")
        return found

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.plan, name) for name in names if hasattr(self.plan, name)}

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.write_safety_plan(self.plan, by=self.person, version=version, **facts(form))
        return self.back_url()


class Tonight(DraftForm):
    form_class = forms.TonightForm
    title = "Tonight"


class ChildsPart(DraftForm):
    form_class = forms.ChildsPartForm
    title = "The child’s part"


class Whole(DraftForm):
    form_class = forms.WholeForm
    title = "Contexts, impacts and review"


class AddRisk(DraftForm):
    form_class = forms.RiskForm
    title = "Add a risk"
    button = "Add"
    intro = "Say what is happening to the child, never that the child puts themselves at risk."

    def perform(self, form: Any) -> str:
        services.add_risk(self.plan, by=self.person, **facts(form))
        return self.back_url()


class InForce(DraftForm):
    form_class = forms.InForceForm
    title = "Bring the safety plan into force"
    button = "In force from now"

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        services.bring_into_force(
            self.plan, by=self.person, version=cleaned["version"], dual_status=cleaned["dual_status"]
        )
        return self.back_url()


class AddRiskAction(OwnerChoices):
    action = Action.EDIT_SAFETY_PLAN
    form_class: ClassVar[type[Any]] = forms.RiskActionForm
    title = "What reduces or removes this risk?"
    button = "Add"
    back_to = "safety_plan"

    @cached_property
    def risk(self) -> ContextualRisk:
        found: ContextualRisk = self.record(ContextualRisk, Action.EDIT_SAFETY_PLAN, "risk")
        return found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": self.risk.what}

    def perform(self, form: Any) -> str:
        title = form.cleaned_data["title"]
        services.add_risk_action(self.risk, by=self.person, title=title, **self.owner(form))
        return reverse(self.back_to, args=[self.case.pk])


class RemoveRisk(AddRiskAction):
    form_class = forms.RemoveForm
    title = "Take this risk out of the plan"
    button = "Take it out"

    def form_options(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> str:
        services.remove_risk(self.risk, by=self.person)
        return reverse(self.back_to, args=[self.case.pk])
