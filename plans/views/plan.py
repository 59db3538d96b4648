"""The service plan as a whole, and an agency's own actions on every file."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from access.roles import Action
from access.views import CaseListView
from accounts.models import Agency
from children.models import Person
from children.selectors import people_of
from children.views.base import ChildFormPage, ChildPage, facts
from plans import forms, services
from plans.gaps import gaps_of
from plans.models import PlanItem, ServicePlan
from plans.presenters import gap_items, layers, own_item_row, plan_rows, trigger_rows
from plans.selectors import children_of, items_of, own_items, plan_of, trigger_plan_of

MOST_ACTIONS = 100


class Plan(ChildPage):
    """The plan by tier: all of it for social care, titles and states for a partner, their own actions in full."""

    action = Action.VIEW_ITEMS
    asks = (Action.EDIT_PLAN, Action.APPROVE_PLAN, Action.VIEW_DEADLINES, Action.VIEW_SAFETY_PLAN, Action.WORK_ON_ITEM)
    template_name = "plans/plan.jinja"

    def context(self) -> dict[str, Any]:
        plan, items = plan_of(self.case, self.person), list(items_of(self.case, self.person))
        sees_all = Action.VIEW_DEADLINES in self.allowed
        own = set() if sees_all else set(self.records(PlanItem, Action.WORK_ON_ITEM).values_list("pk", flat=True))
        trigger = trigger_plan_of(self.case, self.person)
        gaps = gaps_of(plan, items, trigger) if plan and sees_all else ()
        full, opens = {one.pk for one in items} if sees_all else own, Action.WORK_ON_ITEM in self.allowed
        return {
            **super().context(),
            "title": "Plan",
            "plan": plan,
            "rows": plan_rows(plan) if plan and sees_all else [],
            "layers": layers(items, plan, timezone.localdate(), full, opens=opens),
            "gaps": gap_items(gaps, self.case, opens=opens),
            "trigger": trigger_rows(trigger) if trigger else [],
            "sees_all": sees_all,
            "may_edit": Action.EDIT_PLAN in self.allowed,
            "may_approve": Action.APPROVE_PLAN in self.allowed,
        }


class OwnActions(CaseListView):
    """What this person's agency has to do, on every file."""

    action = Action.VIEW_ITEMS
    template_name = "plans/own_actions.jinja"

    def context(self) -> dict[str, Any]:
        self.items = list(own_items(self.person)[:MOST_ACTIONS])
        children = children_of([one.case_id for one in self.items], self.person)
        today = timezone.localdate()
        rows = [own_item_row(one, children.get(one.case_id), today) for one in self.items]
        return {"title": "Our actions", "rows": rows}

    def listed(self) -> list[UUID]:
        return list(dict.fromkeys(one.case_id for one in self.items))


class PlanForm(ChildFormPage):
    """A form about the plan as a whole."""

    action = Action.EDIT_PLAN
    back_to = "plan"

    @property
    def plan(self) -> ServicePlan:
        found = plan_of(self.case, self.person)
        if found is None:
            raise Http404
        return found

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.plan, name) for name in names if hasattr(self.plan, name)}


class Agreement(PlanForm):
    form_class = forms.AgreementForm
    title = "Do the child and the parents agree?"

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.record_agreement(self.plan, by=self.person, version=version, **facts(form))
        return self.back_url()


class Approve(PlanForm):
    action = Action.APPROVE_PLAN
    form_class = forms.ApproveForm
    title = "Approve the plan"
    button = "Approve"

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        complete = cleaned["complete"] == "yes"
        services.approve_plan(self.plan, by=self.person, version=cleaned["version"], complete=complete)
        return self.back_url()


class OwnerChoices(ChildFormPage):
    """A form that chooses who does something. Nobody whose part is barred or held is offered."""

    def form_options(self) -> dict[str, Any]:
        people = [one for one in people_of(self.case, self.person) if not one.ended_at]
        offered = [one for one in people if not (one.safety and one.safety.complicity in services.HELD)]
        agencies = Agency.objects.filter(ended_at__isnull=True)
        return {
            "people": [(str(one.pk), f"{one.name}, {one.get_relationship_display().lower()}") for one in offered],
            "agencies": [(str(one.pk), one.name) for one in agencies],
        }

    def owner(self, form: Any) -> dict[str, Any]:
        cleaned = form.cleaned_data
        person, agency = cleaned.get("person"), cleaned.get("agency")
        return {
            "owner_person": self.records(Person, Action.VIEW_NETWORK).get(pk=person) if person else None,
            "agency": Agency.objects.get(pk=agency) if agency else None,
            "owner_name": cleaned["owner_name"],
            "due_on": cleaned["due_on"],
            "measure": cleaned["measure"],
        }


class AddAction(OwnerChoices):
    action = Action.EDIT_PLAN
    form_class = forms.ActionForm
    title = "Add an action"
    button = "Add"
    back_to = "plan"

    def perform(self, form: Any) -> str:
        title = form.cleaned_data["title"]
        services.add_own_action(self.case, by=self.person, title=title, **self.owner(form))
        return self.back_url()


class OpenExceptional(ChildFormPage):
    action = Action.EDIT_PLAN
    form_class = forms.ExceptionalForm
    title = "Open an exceptional measure"
    button = "Open"
    intro = "Only where no other option is left to keep the child or others safe."
    back_to = "plan"

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        services.open_exceptional(
            self.case, by=self.person, code=cleaned["code"], reason=cleaned["reason"],
            already_made=cleaned["already_made"], stops={name: cleaned[name] for name in services.SECURE_STOPS},
        )  # fmt: skip
        return self.back_url()
