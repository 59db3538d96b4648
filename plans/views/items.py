"""One item of the plan."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from access.roles import Action
from children.views.base import ChildFormPage, ChildPage, facts
from plans import forms, services
from plans.models import PlanItem
from plans.presenters import item_facts, item_links, session_item
from plans.selectors import plan_of, sessions_of
from plans.views.plan import OwnerChoices


class ItemOfPlan:
    """How a page comes by its item: one of the file, of those this person may work on."""

    works: Action = Action.WORK_ON_ITEM

    @cached_property
    def item(self) -> PlanItem:
        found: PlanItem = self.record(PlanItem, self.works, "item")  # type: ignore[attr-defined]
        return found


class ItemPage(ItemOfPlan, ChildPage):
    """An item in full: for social care any, for a partner those of its own agency."""

    action = Action.WORK_ON_ITEM
    asks = (Action.EDIT_PLAN, Action.SEND_REFERRAL)
    template_name = "plans/item.jinja"

    @classmethod
    def questions(cls) -> tuple[Action, ...]:
        return (*super().questions(), Action.WORK_ON_ITEM)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": f"{self.item.code} {self.item.title}".strip(),
            "facts": item_facts(self.item),
            "links": item_links(self.item, self.allowed, plan_of(self.case, self.person)),
            "sessions": [session_item(one) for one in sessions_of(self.item, self.person)],
        }


class ItemForm(ItemOfPlan, ChildFormPage):
    action = Action.WORK_ON_ITEM
    back_to = "plan"

    def back_url(self) -> str:
        return reverse("plan_item", args=[self.case.pk, self.item.pk])

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.item, name) for name in names if hasattr(self.item, name)}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": f"{self.item.code} {self.item.title}".strip()}


class Settle(ItemForm):
    form_class = forms.SettleForm
    title = "What happens with it?"

    def perform(self, form: Any) -> str:
        services.settle_item(self.item, by=self.person, version=form.cleaned_data["version"], **facts(form))
        return self.back_url()


class Session(ItemForm):
    form_class = forms.SessionForm
    title = "Record a session"

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        services.record_session(
            self.item, by=self.person, on=cleaned["on"], note=cleaned["note"], attended=cleaned["attended"] == "yes"
        )
        return self.back_url()


class Assign(OwnerChoices, ItemForm):
    action = Action.EDIT_PLAN
    form_class = forms.AssignForm
    title = "Who does it, and by when?"

    def initial(self) -> dict[str, Any]:
        chosen = {"person": self.item.owner_person_id, "agency": self.item.agency_id}
        return {**ItemForm.initial(self), **{name: str(pk) for name, pk in chosen.items() if pk}}

    def perform(self, form: Any) -> str:
        services.assign_item(self.item, by=self.person, version=form.cleaned_data["version"], **self.owner(form))
        return self.back_url()


class Continue(ItemForm):
    action = Action.EDIT_PLAN
    form_class = forms.ReasonForm
    title = "It continues above the child’s tier"

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        services.continue_item(self.item, by=self.person, version=cleaned["version"], reason=cleaned["reason"])
        return self.back_url()


class End(ItemForm):
    action = Action.EDIT_PLAN
    form_class = forms.ReasonForm
    title = "End this action"
    button = "End it"

    def perform(self, form: Any) -> str:
        cleaned = form.cleaned_data
        services.end_item(self.item, by=self.person, version=cleaned["version"], reason=cleaned["reason"])
        return reverse("plan", args=[self.case.pk])
