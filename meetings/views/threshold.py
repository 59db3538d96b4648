"""Agencies consulted, the threshold discussion, the outcome of a strategy discussion, and the tasking list."""

from functools import cached_property
from typing import Any
from uuid import UUID

from access.roles import Action
from access.standing import standing_of
from access.views import CaseListView
from accounts.models import User
from accounts.roles import Role
from children.models import Child
from children.views.base import ChildFormPage, facts
from meetings import forms
from meetings.models import TaskingListing
from meetings.presenters import consultation_rows, listing_rows, member_choice, tasking_line
from meetings.selectors import consultations_of, deciders, may_record_on, on_the_tasking_list
from meetings.tasking.services import record_tasking
from meetings.threshold import services
from meetings.views.meetings import PER_PAGE, MeetingForm, page_asked
from ui.dates import long_date


class OnMeetings(ChildFormPage):
    """A form that belongs to the meetings of a file."""

    back_to = "case_meetings"


class ConsultAgency(OnMeetings):
    action = Action.HOLD_THRESHOLD_DISCUSSION
    form_class = forms.ConsultForm
    title = "Record what an agency thinks"
    intro = "Before the threshold discussion at least one agency is asked."

    def perform(self, form: Any) -> str:
        services.consult_agency(self.case, by=self.person, **facts(form))
        return self.back_url()


class HoldThreshold(OnMeetings):
    """Written by the manager or the Child Protection Manager who held it with the other (BR-05)."""

    action = Action.HOLD_THRESHOLD_DISCUSSION
    form_class = forms.ThresholdForm
    title = "Record the threshold discussion"
    template_name = "meetings/hold_threshold.jinja"

    @property
    def is_manager(self) -> bool:
        return Role.TEAM_MANAGER in standing_of(self.person).roles

    @cached_property
    def consulted(self) -> dict[str, Any]:
        return {str(one.pk): one for one in consultations_of(self.case, self.person)}

    def form_options(self) -> dict[str, Any]:
        role = Role.CHILD_PROTECTION_MANAGER if self.is_manager else Role.TEAM_MANAGER
        return {
            "others": [member_choice(one) for one in deciders(role)],
            "consulted": [(pk, f"{one.agency_name}, {long_date(one.on)}") for pk, one in self.consulted.items()],
        }

    def context(self) -> dict[str, Any]:
        return {**super().context(), "consulted": consultation_rows(self.consulted.values())}

    def perform(self, form: Any) -> str:
        typed = facts(form, "other", "consulted")
        other = User.objects.get(pk=form.cleaned_data["other"])
        manager, cpm = (self.person, other) if self.is_manager else (other, self.person)
        services.hold_threshold_discussion(
            self.case, by=self.person, manager=manager, cpm=cpm,
            consultations=[self.consulted[pk] for pk in form.cleaned_data["consulted"]], **typed,
        )  # fmt: skip
        return self.back_url()


class RecordStrategy(MeetingForm):
    """What a strategy discussion decided. An enquiry starts the conference's limit."""

    action = Action.RECORD_MEETING
    form_class = forms.StrategyForm
    title = "Record the outcome of the strategy discussion"

    def initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> str:
        typed = facts(form, "s47_met")
        met = form.cleaned_data["s47_met"] == "yes"
        services.record_strategy_outcome(self.meeting, by=self.person, s47_met=met, **typed)
        return self.back_url()


class RefuseStrategy(OnMeetings):
    action = Action.HOLD_THRESHOLD_DISCUSSION
    form_class = forms.RefuseForm
    title = "No strategy discussion is held"

    def perform(self, form: Any) -> str:
        services.refuse_strategy(self.case, by=self.person, reason=form.cleaned_data["reason"])
        return self.back_url()


class EndEnquiry(OnMeetings):
    action = Action.HOLD_THRESHOLD_DISCUSSION
    form_class = forms.EndEnquiryForm
    title = "The section 47 enquiry ends without a conference"

    def perform(self, form: Any) -> str:
        services.end_enquiry(self.case, by=self.person, **facts(form))
        return self.back_url()


class TaskingList(CaseListView):
    """Children on the list of the next Police and Partners Tasking Meeting."""

    action = Action.VIEW_TASKING
    template_name = "meetings/tasking_list.jinja"

    @cached_property
    def found(self) -> list[TaskingListing]:
        start = (self.page - 1) * PER_PAGE
        return list(on_the_tasking_list(self.person)[start : start + PER_PAGE + 1])

    @property
    def page(self) -> int:
        return page_asked(self.request)

    def listed(self) -> list[UUID]:
        return sorted({one.case_id for one in self.found[:PER_PAGE]})

    def context(self) -> dict[str, Any]:
        known = Child.objects.allowing(self.person, Action.VIEW_FILE).filter(case__in=self.listed())
        children = {child.case_id: child for child in known}
        records = may_record_on(self.listed(), self.person)
        return {
            "title": "Tasking list",
            "lines": [
                tasking_line(one, children.get(one.case_id), may_record=one.case_id in records)
                for one in self.found[:PER_PAGE]
            ],
            "page": self.page,
            "more": len(self.found) > PER_PAGE,
        }


class RecordTasking(OnMeetings):
    action = Action.RECORD_MEETING
    form_class = forms.TaskingForm
    title = "Record what the tasking meeting agreed"
    template_name = "meetings/record_tasking.jinja"

    @cached_property
    def listing(self) -> TaskingListing:
        found: TaskingListing = self.record(TaskingListing, Action.VIEW_TIER_REASONS, "listing")
        return found

    def initial(self) -> dict[str, Any]:
        return {"version": self.listing.version}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "rows": listing_rows(self.listing)}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        record_tasking(
            self.listing, by=self.person, version=typed["version"], discussed_on=typed["discussed_on"],
            outcome=typed["outcome"], next_on=typed["next_on"],
        )  # fmt: skip
        return self.back_url()
