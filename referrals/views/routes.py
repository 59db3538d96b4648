"""The escalation route: how a child at medium is taken to social care (BR-04)."""

from typing import Any

from django.utils import timezone

from access.roles import Action
from children.views.base import ChildFormPage, facts
from referrals import forms
from referrals.escalation import services
from referrals.models import EscalationRoute
from referrals.selectors import route_objections


class OpenRoute(ChildFormPage):
    """One route at a time; those that cannot be taken are shown with the reason."""

    action = Action.ESCALATE
    form_class = forms.RouteForm
    title = "Open an escalation route"
    button = "Open the route"
    back_to = "case_referrals"

    def form_options(self) -> dict[str, Any]:
        return {"reasons": {str(route): why for route, why in route_objections(self.case, self.person).items()}}

    def initial(self) -> dict[str, Any]:
        return {"opened_at": timezone.now()}

    def perform(self, form: Any) -> str:
        services.open_route(self.case, by=self.person, **facts(form))
        return self.back_url()


class RouteForm(ChildFormPage):
    back_to = "case_referrals"

    def route(self) -> EscalationRoute:
        found: EscalationRoute = self.record(EscalationRoute, Action.ESCALATE, "route")
        return found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": self.route().get_route_display()}


class ConfirmInWriting(RouteForm):
    action = Action.ESCALATE
    form_class = forms.ConfirmedForm
    title = "Confirm the telephone referral in writing"
    button = "It was confirmed"
    intro = "Written confirmation is due within 48 hours of the call."

    def initial(self) -> dict[str, Any]:
        return {"confirmed_at": timezone.now()}

    def perform(self, form: Any) -> str:
        services.confirm_in_writing(self.route(), by=self.person, **facts(form))
        return self.back_url()


class CloseRoute(RouteForm):
    action = Action.ESCALATE
    form_class = forms.CloseRouteForm
    title = "Close this route"
    button = "Close the route"
    intro = "Another route can be opened after it. This one stays in the record."

    def perform(self, form: Any) -> str:
        services.close_route(self.route(), by=self.person, **facts(form))
        return self.back_url()
