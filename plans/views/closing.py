"""Closing a file, and opening it again."""

from typing import Any

from django.urls import reverse

from access.permissions import may
from access.refusals import Refused
from access.roles import Action
from children.views.base import ChildFormPage, ChildPage, facts
from offer.closing import ClosingReason, closing_objections
from plans import forms
from plans.closing import services
from plans.closing.facts import closing_facts, still_open
from plans.models import CaseClosure
from plans.presenters import closure_items, closure_rows
from plans.selectors import closures_of, standing


class Closing(ChildPage):
    """What was proposed and decided about closing, and what must be done before."""

    action = Action.VIEW_DEADLINES
    asks = (Action.PROPOSE_CLOSING, Action.CLOSE_CASE, Action.REOPEN_CASE)
    template_name = "plans/closing.jinja"

    def context(self) -> dict[str, Any]:
        closures = closures_of(self.case, self.person)
        now = standing(closures)
        proposed = now is not None and now.state == CaseClosure.State.PROPOSED
        may_propose = now is None and Action.PROPOSE_CLOSING in self.allowed
        return {
            **super().context(),
            "title": "Closing the file",
            "rows": closure_rows(now) if now else [],
            "items": [item for one in closures for item in closure_items(one)],
            "still_open": still_open(self.case, self.person) if may_propose else (),
            "proposed": proposed,
            "may_propose": may_propose,
            "may_decide": proposed and Action.CLOSE_CASE in self.allowed,
            "may_reopen": self.case.closed_at is not None and Action.REOPEN_CASE in self.allowed,
        }


class ClosingForm(ChildFormPage):
    back_to = "closing"


class ProposeClosing(ClosingForm):
    """A reason that cannot hold today is shown with what stands in its way."""

    action = Action.PROPOSE_CLOSING
    form_class = forms.ProposeClosingForm
    title = "Propose to close the file"
    button = "Propose"
    intro = "A manager decides. Nothing is deleted: the file is kept, and can be opened again."

    def form_options(self) -> dict[str, Any]:
        known = closing_facts(self.case, by=self.person, receiver="asked in the form")
        return {"reasons": {one.name.lower(): " ".join(closing_objections(one, known)) for one in ClosingReason}}

    def perform(self, form: Any) -> str:
        services.propose_closing(self.case, by=self.person, **facts(form))
        return self.back_url()


class DecideClosing(ClosingForm):
    action = Action.CLOSE_CASE
    form_class = forms.DecideClosingForm
    template_name = "plans/decide_closing.jinja"
    title = "Decide whether the file is closed"
    button = "Record decision"

    def initial(self) -> dict[str, Any]:
        now = standing(closures_of(self.case, self.person))
        return {"closure": now.pk} if now else {}

    def context(self) -> dict[str, Any]:
        now = standing(closures_of(self.case, self.person))
        return {**super().context(), "rows": closure_rows(now) if now else []}

    def perform(self, form: Any) -> str:
        closure = self.records(CaseClosure, Action.CLOSE_CASE).filter(pk=form.cleaned_data["closure"]).first()
        if closure is None:
            raise Refused("This closing is no longer proposed. Open the page again.")
        decide = services.close_case if form.cleaned_data["decision"] == "close" else services.send_closing_back
        decide(closure, by=self.person, answer=form.cleaned_data["answer"])
        # Whoever closed it through another access than their team's has lost it with all the others.
        return self.back_url() if may(self.person, Action.VIEW_FILE, self.case) else reverse("start")


class Reopen(ClosingForm):
    action = Action.REOPEN_CASE
    form_class = forms.ReopenForm
    title = "Open the file again"
    button = "Open it again"
    intro = "It has no tier and no worker then: allocate it, and have the child assessed anew."

    def perform(self, form: Any) -> str:
        services.reopen_case(self.case, by=self.person, **facts(form))
        return self.back_url()
