"""The police trigger plan."""

from typing import Any

from django.http import Http404
from django.utils import timezone

from access.roles import Action
from children.views.base import ChildFormPage, ChildPage, facts
from plans import forms, services
from plans.models import TriggerPlan
from plans.presenters import trigger_rows
from plans.selectors import trigger_plan_of


class Trigger(ChildPage):
    action = Action.VIEW_SAFETY_PLAN
    asks = (Action.EDIT_PLAN,)
    template_name = "plans/trigger.jinja"

    def context(self) -> dict[str, Any]:
        trigger = trigger_plan_of(self.case, self.person)
        return {
            **super().context(),
            "title": "Police trigger plan",
            "rows": trigger_rows(trigger) if trigger else [],
            "may_edit": bool(trigger) and Action.EDIT_PLAN in self.allowed,
        }


class TriggerForm(ChildFormPage):
    action = Action.EDIT_PLAN
    back_to = "trigger_plan"

    @property
    def trigger(self) -> TriggerPlan:
        found = trigger_plan_of(self.case, self.person)
        if found is None:
            raise Http404
        return found

    def initial(self) -> dict[str, Any]:
        names = self.form_class.base_fields
        return {name: getattr(self.trigger, name) for name in names if hasattr(self.trigger, name)}


class RequestTrigger(TriggerForm):
    form_class = forms.RequestTriggerForm
    title = "The trigger plan is requested"

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.request_trigger_plan(self.trigger, by=self.person, version=version, **facts(form))
        return self.back_url()


class OnSystem(TriggerForm):
    form_class = forms.OnSystemForm
    title = "The trigger plan is on the police system"

    def initial(self) -> dict[str, Any]:
        return {**super().initial(), "on": timezone.localdate()}

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.record_on_system(self.trigger, by=self.person, version=version, **facts(form))
        return self.back_url()


class FirstHour(TriggerForm):
    form_class = forms.FirstHourForm
    title = "The first hour"
    intro = "It reaches the social worker, the out-of-hours team and the carer."

    def perform(self, form: Any) -> str:
        version = form.cleaned_data["version"]
        services.write_first_hour(self.trigger, by=self.person, version=version, **facts(form))
        return self.back_url()
