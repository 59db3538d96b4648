"""Transition to adults' services."""

from typing import Any

from access.roles import Action
from children.views.base import ChildFormPage, ChildPage, facts
from offer.transition import transition_dates
from plans import forms
from plans.presenters import consideration_item, transition_rows
from plans.selectors import considerations_of
from plans.transition.services import consider_transition


class Transition(ChildPage):
    """The days of the child's transition, and what was decided."""

    action = Action.VIEW_DEADLINES
    asks = (Action.CONSIDER_TRANSITION,)
    template_name = "plans/transition.jinja"

    def context(self) -> dict[str, Any]:
        born = self.child.date_of_birth if self.child else None
        return {
            **super().context(),
            "title": "Transition at 17",
            "rows": transition_rows(transition_dates(born)) if born else [],
            "items": [consideration_item(one) for one in considerations_of(self.case, self.person)],
            "may_consider": Action.CONSIDER_TRANSITION in self.allowed,
        }


class ConsiderTransition(ChildFormPage):
    action = Action.CONSIDER_TRANSITION
    form_class = forms.TransitionForm
    title = "Consider transition"
    button = "Record it"
    intro = "From 17, where exploitation remains a factor, it is always considered. Referring is a judgement."
    back_to = "transition"

    def perform(self, form: Any) -> str:
        consider_transition(self.case, by=self.person, **facts(form))
        return self.back_url()
