"""Who has looked at a file, and why somebody with access to every file opens this one."""

from typing import Any

from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from access import ledger, services
from access.declarations import Declared
from access.models import CaseFile
from access.roles import Action
from access.selectors import ledger_of
from access.standing import standing_of
from access.views import RoleFormView
from children.views.base import ChildPage
from children.views.notes import page_number
from cre_case import forms
from cre_case.presenters import ledger_row
from cre_case.selectors import names_of

LEDGER_PAGE = 50


class WhoHasLooked(ChildPage):
    """What the ledger says of this file, newest first."""

    action = Action.VIEW_LEDGER
    template_name = "cre_case/who_has_looked.jinja"

    def context(self) -> dict[str, Any]:
        base, number = super().context(), page_number(self.request.GET.get("page", ""))
        events = ledger_of(self.case, page=number, per_page=LEDGER_PAGE)
        shown = events[:LEDGER_PAGE]
        people = names_of(event.principal_id for event in shown if event.principal_id)
        return {
            **base,
            "title": "Who has looked",
            "rows": [ledger_row(event, people) for event in shown],
            "pages": {"number": number, "more": len(events) > LEDGER_PAGE},
        }


class StateReason(RoleFormView):
    """Asks those with standing access to every file why they open this one. Shows nothing of the child.

    For anybody else there is no such page.
    """

    action = Action.STATE_REASON
    declared_access = Declared(Action.STATE_REASON, on_a_file=True)
    form_class = forms.ReasonForm
    template_name = "cre_case/state_reason.jinja"
    case: CaseFile

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        standing = standing_of(self.person)
        found = CaseFile.objects.allowing(self.person, Action.VIEW_FILE).filter(pk=kwargs["case"]).first()
        if found is None or not standing.allows(self.action) or not standing.city_wide(Action.VIEW_FILE):
            ledger.record_denial(ledger.Kind.NOT_FOUND, action=self.action, case=kwargs["case"], detail=request.path)
            raise Http404
        self.case = found
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            "title": "Say why you open this file",
            "caption": self.case.reference,
            "intro": "You can open every file, for a reason. This one then stays open to you for "
            f"{services.REASON_HOURS} hours.",
            "button_text": "Open the file",
            "back_url": reverse("worklist"),
        }

    def destination(self) -> str:
        """Back to the page that was wanted, if it is one of this file; else its overview."""
        overview, wanted = reverse("case_file", args=[self.case.pk]), self.request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            return overview
        try:
            named = resolve(wanted).kwargs.get("case")
        except Resolver404:
            return overview
        return wanted if named == self.case.pk else overview

    def perform(self, form: Any) -> str:
        services.state_reason(by=self.person, case=self.case, reason=form.cleaned_data["reason"])
        return self.destination()
