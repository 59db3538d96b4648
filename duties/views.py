"""Pages of mandatory reports."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from access.roles import Action
from children.views.base import ChildFormPage, ChildPage, facts, values
from deadlines.models import Deadline
from duties import forms, services
from duties.models import MandatoryReport
from duties.presenters import due_first, recipient_of, report_card
from duties.selectors import clocks_of, reports_of


class Reports(ChildPage):
    """What must be reported and by when, open ones first; a partner sees those of its own agency."""

    action = Action.VIEW_REPORTS
    asks = (Action.OPEN_REPORT, Action.CLOSE_REPORT)
    template_name = "duties/reports.jinja"

    def context(self) -> dict[str, Any]:
        clocks: dict[str, list[Deadline]] = defaultdict(list)
        for clock in clocks_of(self.case, self.person):
            clocks[clock.about].append(clock)
        now = timezone.now()
        reports = due_first(reports_of(self.case, self.person), clocks)
        return {
            **super().context(),
            "title": "Mandatory reports",
            "cards": [
                report_card(one, clocks[f"report:{one.pk}"], now, asker=self.person.pk, allowed=self.allowed)
                for one in reports
            ],
            "may_open": Action.OPEN_REPORT in self.allowed,
        }


class OpenReport(ChildFormPage):
    action = Action.OPEN_REPORT
    form_class = forms.OpenReportForm
    template_name = "duties/open.jinja"
    title = "Start a mandatory report"
    button = "Start the report"
    back_to = "reports"

    def initial(self) -> dict[str, Any]:
        return {"discovered_at": timezone.now(), "rule_id": self.request.GET.get("duty", "")}

    def perform(self, form: Any) -> str:
        services.open_report(self.case, by=self.person, **facts(form))
        return self.back_url()


class ReportForm(ChildFormPage):
    """A form about one report."""

    action = Action.OPEN_REPORT
    back_to = "reports"
    read: ClassVar[Action] = Action.VIEW_REPORTS

    def one(self) -> MandatoryReport:
        found: MandatoryReport = self.record(MandatoryReport, self.read, "report")
        return found

    def initial(self) -> dict[str, Any]:
        return {"version": self.one().version}

    def perform(self, form: Any) -> str:
        self.do(self.one(), by=self.person, version=form.cleaned_data["version"], **facts(form))
        return reverse(self.back_to, args=[self.case.pk])

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        raise NotImplementedError


class AnswerHowKnown(ReportForm):
    form_class = forms.HowKnownForm
    title = "How do you know?"
    button = "Save"
    intro = "The answer decides who must report, and to whom (Female Genital Mutilation Act 2003, section 5B)."

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.answer_how_known(report, **given)


class RecordReport(ReportForm):
    form_class = forms.RecordReportForm
    title = "Record that it was reported"
    button = "Reported"

    def initial(self) -> dict[str, Any]:
        report = self.one()
        return {"version": report.version, "recipient": recipient_of(report), "consent": report.consent}

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.record_report(report, **given)


class NRMDecision(ReportForm):
    form_class = forms.NRMDecisionForm
    title = "Record an NRM decision"
    intro = "As the competent authority or a devolved panel decided it, also where it came early."

    def initial(self) -> dict[str, Any]:
        return values(self.one(), self.form_class)

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.record_nrm_decision(report, **given)


class RecordReturn(ReportForm):
    form_class = forms.ReturnForm
    title = "The child is back"

    def initial(self) -> dict[str, Any]:
        return values(self.one(), self.form_class)

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.record_return(report, **given)


class CloseReport(ReportForm):
    action = Action.CLOSE_REPORT
    form_class: ClassVar[type[Any]] = forms.OutcomeForm
    title = "Record the outcome"
    button = "Close the report"

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.close_report(report, **given)


class CloseUnreported(CloseReport):
    form_class = forms.NotReportedForm
    title = "Close without a report"
    intro = "A duty is not dismissed: choose the reason, and say what it rests on."


class ExtendReport(CloseReport):
    form_class = forms.BecauseForm
    title = "Extend the first limit"
    button = "Extend"
    intro = "Only exceptionally, after asking the safeguarding lead. The limit of one month stays."

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.extend(report, **given)


class TellFamily(CloseReport):
    form_class = forms.BecauseForm
    title = "The family may be told"
    button = "Record decision"
    intro = "Until now nothing of this report reaches the family, in no letter, copy or meeting."

    def as_saved(self, current: Any) -> Any:
        return SimpleNamespace(version=current.version, because=current.family_decision)

    def do(self, report: MandatoryReport, **given: Any) -> MandatoryReport:
        return services.decide_family_told(report, **given)
