"""Who has looked at a file, and why somebody with access to every file opens this one."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from access import ledger, services
from access.declarations import Declared
from access.models import CaseFile, ReadingAlert
from access.roles import Action
from access.selectors import ledger_of, search_ledger
from access.standing import standing_of
from access.views import RoleFormView, RoleView
from children.views.base import ChildPage
from children.views.notes import page_number
from cre_case import forms
from cre_case.presenters import alert_row, ledger_row, ledger_search_row
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


class LedgerSearch(RoleView):
    """An auditor's search of the whole ledger, which is itself a line of it."""

    action = Action.SEARCH_LEDGER
    template_name = "cre_case/ledger.jinja"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = self.show()
        kept = self.kept()
        words = ", ".join(f"{name}: {value}" for name, value in kept.items()) or "the newest lines"
        ledger.record(ledger.Kind.LIST, action=self.action, detail=f"Searched the ledger for {words}")
        return response

    def kept(self) -> dict[str, str]:
        """What was asked, as the address keeps it from page to page."""
        return {name: str(value) for name, value in self.request.GET.items() if value and name != "after"}

    def context(self) -> dict[str, Any]:
        form = forms.LedgerForm(self.request.GET, by=self.person)
        events = search_ledger(form.query, after=self.after(), at_most=LEDGER_PAGE + 1) if form.is_valid() else []
        shown = events[:LEDGER_PAGE]
        people = names_of(event.principal_id for event in shown if event.principal_id)
        files = CaseFile.objects.allowing(self.person, Action.VIEW_FILE).in_bulk(
            {event.case_id for event in shown if event.case_id}
        )
        return {
            "title": "Search the ledger",
            "form": form,
            "rows": [ledger_search_row(event, people, files) for event in shown],
            "kept": self.kept(),
            "older": shown[-1].pk if len(events) > LEDGER_PAGE else None,
        }

    def after(self) -> UUID | None:
        try:
            return UUID(self.request.GET.get("after", ""))
        except ValueError:
            return None


class UnusualReading(RoleView):
    """What the ledger shows to be more than work asks for."""

    action = Action.SEARCH_LEDGER
    template_name = "cre_case/unusual.jinja"

    def context(self) -> dict[str, Any]:
        number = page_number(self.request.GET.get("page", ""))
        alerts = ReadingAlert.objects.select_related("person", "answered_by")
        shown = list(alerts[(number - 1) * LEDGER_PAGE : number * LEDGER_PAGE + 1])
        return {
            "title": "Unusual reading",
            "rows": [alert_row(one, by=self.person) for one in shown[:LEDGER_PAGE]],
            "pages": {"number": number, "more": len(shown) > LEDGER_PAGE},
        }


class AnswerAlert(RoleFormView):
    """What an auditor found out about it."""

    action = Action.SEARCH_LEDGER
    form_class = forms.AnswerAlertForm
    template_name = "cre_case/state_reason.jinja"
    success_message = "Written down."

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        found = ReadingAlert.objects.select_related("person").filter(pk=kwargs["reading"]).first()
        if found is None:
            raise Http404
        self.alert = found
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            "title": "What did you find out?",
            "caption": f"{self.alert.person.name}: {self.alert.get_pattern_display().lower()} ({self.alert.amount})",
            "intro": "Ask them, or their manager, what it was for. What you write is kept and cannot be changed.",
            "button_text": "Write it down",
            "back_url": reverse("unusual_reading"),
        }

    def perform(self, form: Any) -> str:
        services.answer_alert(by=self.person, alert=self.alert, answer=form.cleaned_data["answer"])
        return reverse("unusual_reading")


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
