"""Information for the police: sent from a file, read and answered by those in the police who receive it."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from access import ledger
from access.roles import Action
from access.views import CaseListView, RoleFormView, RoleView
from children.views.base import ChildFormPage, ChildPage, facts
from referrals import forms
from referrals.information import services
from referrals.presenters import DANGER, grading_rows, police_rows, receipt, received_line
from referrals.selectors import gradings_of, received, received_reports, reports_sent
from referrals.views.directory import BIGGEST_ID

PER_PAGE = 50


class CaseInformation(ChildPage):
    """What this person told the police about the child, with where each report stands. Nobody else's."""

    action = Action.SEND_INFORMATION
    template_name = "referrals/case_information.jinja"

    def context(self) -> dict[str, Any]:
        base = super().context()
        return {
            **base,
            "receipts": [receipt(one) for one in reports_sent(self.case, self.person)],
            "danger": DANGER,
            "may_send": self.child is not None,
        }


class SendInformation(ChildFormPage):
    """An Operation Liberty form (P4): locked once it is sent."""

    action = Action.SEND_INFORMATION
    form_class = forms.InformationForm
    template_name = "referrals/send_information.jinja"
    title = "Tell the police"
    button = "Send to the police"
    back_to = "case_information"
    success_message = "Sent to the police. It cannot be changed now; send another to add to it."

    def context(self) -> dict[str, Any]:
        return {**super().context(), "danger": DANGER}

    def perform(self, form: Any) -> str:
        services.send_information(self.case, by=self.person, **facts(form))
        return self.back_url()


class InformationReceived(CaseListView):
    """Every report, whoever holds the file: the most urgent that wait first."""

    action = Action.RECEIVE_INFORMATION
    template_name = "referrals/information.jinja"

    @cached_property
    def found(self) -> list[Any]:
        start = (self.page - 1) * PER_PAGE
        return list(received(self.person, waiting=not self.is_answered)[start : start + PER_PAGE + 1])

    @property
    def is_answered(self) -> bool:
        return self.request.GET.get("show") == "answered"

    @property
    def page(self) -> int:
        typed = self.request.GET.get("page", "")
        return int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) < 10_000 else 1

    def listed(self) -> list[UUID]:
        return [one.case_id for one in self.found[:PER_PAGE]]

    def context(self) -> dict[str, Any]:
        address = reverse("information_received")
        return {
            "lines": [received_line(one) for one in self.found[:PER_PAGE]],
            "tabs": [
                {"text": "Waiting", "href": address, "current": not self.is_answered},
                {"text": "Acknowledged", "href": f"{address}?show=answered", "current": self.is_answered},
            ],
            "empty": "No report is acknowledged yet." if self.is_answered else "No report waits.",
            "page": self.page,
            "more": len(self.found) > PER_PAGE,
            "kept": {"show": "answered"} if self.is_answered else {},
        }


class OneReport(RoleView):
    """A page about one report; each look at it is a line of the ledger of its file."""

    action: ClassVar[Action] = Action.RECEIVE_INFORMATION

    @cached_property
    def report(self) -> Any:
        number = self.kwargs["information"]
        found = received_reports(self.person).filter(pk=number).first() if number <= BIGGEST_ID else None
        if found is None:
            raise Http404
        return found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "report": self.report, "caption": f"Report {self.report.pk}"}

    def show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        response = super().show(status=status, **extra)
        ledger.record(ledger.Kind.READ, action=self.action, case=self.report.case_id, record=f"{type(self).__name__}")
        return response


class InformationPage(OneReport):
    action = Action.RECEIVE_INFORMATION
    template_name = "referrals/information_report.jinja"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "title": f"Information about {self.report.about}",
            "rows": police_rows(self.report),
            "gradings": grading_rows(gradings_of(self.report)),
            "is_answered": self.report.acknowledged_at is not None,
        }


class ReportForm(OneReport, RoleFormView):
    template_name = "children/form.jinja"
    title: ClassVar[str]
    button: ClassVar[str]
    intro: ClassVar[str] = ""

    def back_url(self) -> str:
        return reverse("information_report", args=[self.report.pk])

    def context(self) -> dict[str, Any]:
        about = {"title": self.title, "button": self.button, "intro": self.intro, "back_url": self.back_url()}
        return {**super().context(), **about}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.make_form())


class Acknowledge(ReportForm):
    action = Action.RECEIVE_INFORMATION
    form_class = forms.AcknowledgeForm
    title = "Acknowledge this report"
    button = "Acknowledge"
    intro = (
        "The sender sees that you have it, the reference, and the reply: write nothing there that they must not know."
    )

    def initial(self) -> dict[str, Any]:
        return {"police_reference": self.report.police_reference, "reply": self.report.reply}

    def perform(self, form: Any) -> str:
        services.acknowledge_information(by=self.person, report=self.report, **facts(form))
        return self.back_url()


class Grade(ReportForm):
    action = Action.RECEIVE_INFORMATION
    form_class = forms.GradeForm
    title = "Grade this report"
    button = "Record the grading"
    intro = "3x5x2. Only the police read a grading; a new one does not erase the one before."

    def perform(self, form: Any) -> str:
        services.grade_information(by=self.person, report=self.report, **facts(form))
        return self.back_url()
