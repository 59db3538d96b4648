"""Meetings: of a file, of a person; arranging, cancelling and recording one."""

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from access.roles import Action
from access.standing import standing_of
from access.views import CaseListView
from accounts.models import Agency, User
from children.models import Child
from children.views.base import ChildFormPage, ChildPage
from meetings import forms, services
from meetings.checks import COMES
from meetings.models import Invitation, Meeting, MeetingDecision
from meetings.presenters import (
    consultation_rows,
    decision_card,
    invitation_row,
    is_too_late,
    limit_line,
    limit_sentence,
    limit_task,
    listing_rows,
    meeting_buttons,
    meeting_groups,
    meeting_rows,
    member_choice,
    my_meeting_line,
    state_tag,
    strategy_rows,
    threshold_event,
)
from meetings.selectors import (
    chairs,
    consultations_of,
    decisions_of,
    invitations_of,
    limit_for,
    listings_of,
    meetings_of,
    my_meetings,
    strategy_of,
    threshold_of,
    waiting_for_meetings,
    without_outcome,
)
from plans.views.plan import OwnerChoices
from ui.dates import counted

PER_PAGE = 50
MOST_PAGES = 10_000
LASTS = timedelta(hours=4)  # a meeting that began so long ago is still shown as to come


class MyMeetings(CaseListView):
    """Meetings to come that concern this person, whatever the child."""

    action = Action.VIEW_MEETINGS
    template_name = "meetings/my_meetings.jinja"

    @cached_property
    def found(self) -> list[Meeting]:
        start = (self.page - 1) * PER_PAGE
        return list(my_meetings(self.person, since=timezone.now() - LASTS)[start : start + PER_PAGE + 1])

    @property
    def page(self) -> int:
        return page_asked(self.request)

    def listed(self) -> list[UUID]:
        return sorted({one.case_id for one in self.found[:PER_PAGE]})

    def context(self) -> dict[str, Any]:
        known = Child.objects.allowing(self.person, Action.VIEW_FILE).filter(case__in=self.listed())
        children = {child.case_id: child for child in known}
        return {
            "title": "Meetings",
            "lines": [my_meeting_line(one, children.get(one.case_id), timezone.now()) for one in self.found[:PER_PAGE]],
            "page": self.page,
            "more": len(self.found) > PER_PAGE,
        }


class CaseMeetings(ChildPage):
    """The meetings of a file, what a meeting is due for, and what was discussed about the threshold."""

    action = Action.VIEW_MEETINGS
    asks = (
        Action.ARRANGE_MEETING, Action.RECORD_MEETING, Action.HOLD_THRESHOLD_DISCUSSION, Action.VIEW_TASKING,
        Action.VIEW_CONTACTS,
    )  # fmt: skip
    template_name = "meetings/case_meetings.jinja"

    def context(self) -> dict[str, Any]:
        base, allowed, now = super().context(), self.allowed, timezone.now()
        may_arrange, may_discuss = Action.ARRANGE_MEETING in allowed, Action.HOLD_THRESHOLD_DISCUSSION in allowed
        sees_all = Action.VIEW_CONTACTS in allowed
        waiting = waiting_for_meetings(self.case, self.person) if sees_all else []
        rules = {clock.rule_id for clock in waiting}
        listings = listings_of(self.case, self.person) if Action.VIEW_TASKING in allowed else []
        about: dict[str, Any] = {"may_arrange": may_arrange, "may_discuss": may_discuss}
        if "TG-STRATEGY" in rules:
            about["without_outcome"] = without_outcome(self.case, self.person)
        return {
            **base,
            "title": "Meetings",
            "waiting": [limit_task(one, now, **about) for one in waiting],
            "groups": meeting_groups(meetings_of(self.case, self.person), now),
            "sees_all": sees_all,
            "consulted": consultation_rows(consultations_of(self.case, self.person)) if sees_all else [],
            "threshold": [threshold_event(one) for one in threshold_of(self.case, self.person)] if sees_all else [],
            "listings": [
                {"rows": listing_rows(one), "href": self.tasking_address(one), "title": one.get_state_display()}
                for one in listings
            ],
            "may": {
                "arrange": may_arrange,
                "discuss": may_discuss,
                "refuse": may_discuss and "TG-STRATEGY" in rules,
                "end_enquiry": may_discuss and "TS-06" in rules,
            },
        }

    def tasking_address(self, listing: Any) -> str:
        is_listed = listing.state == listing.State.LISTED and Action.RECORD_MEETING in self.allowed
        return reverse("record_tasking", args=[self.case.pk, listing.pk]) if is_listed else ""


class ArrangeMeeting(ChildFormPage):
    """A meeting to come. Where a clock waits for its kind, the page says by when."""

    action = Action.ARRANGE_MEETING
    form_class = forms.ArrangeForm
    title = "Arrange a meeting"
    button = "Arrange"
    back_to = "case_meetings"
    template_name = "meetings/arrange.jinja"

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked} if asked in dict(forms.KINDS) else {}

    def form_options(self) -> dict[str, Any]:
        return {"chairs": [member_choice(one) for one in chairs()]}

    def context(self) -> dict[str, Any]:
        waiting = waiting_for_meetings(self.case, self.person)
        return {
            **super().context(),
            "limits": [limit_line(one) for one in waiting],
        }

    def perform(self, form: Any) -> str:
        typed = {name: value for name, value in form.cleaned_data.items() if name not in ("once", "chair")}
        chair = form.cleaned_data["chair"]
        made = services.arrange_meeting(
            self.case, by=self.person, chair=User.objects.get(pk=chair) if chair else None, **typed
        )
        waiting = waiting_for_meetings(self.case, self.person)
        self.success_message = f"Arranged. {limit_sentence(made, limit_for(made.kind, waiting))} Now invite people."
        return reverse("meeting", args=[self.case.pk, made.pk])


class OneMeeting(ChildPage):
    """A page about one meeting: any for social care, for partners those their agency is invited to."""

    @cached_property
    def meeting(self) -> Meeting:
        found: Meeting = self.record(Meeting, self.action, "meeting")
        return found


class MeetingPage(OneMeeting):
    action = Action.VIEW_MEETINGS
    asks = (
        Action.ARRANGE_MEETING, Action.RECORD_MEETING, Action.DECIDE_COMPLICITY, Action.REPLY_TO_INVITATION,
        Action.VIEW_CONTACTS,
    )  # fmt: skip
    template_name = "meetings/meeting.jinja"

    def context(self) -> dict[str, Any]:
        base, meeting, allowed = super().context(), self.meeting, self.allowed
        outcome = strategy_of(meeting, self.person)
        waiting = waiting_for_meetings(self.case, self.person) if Action.VIEW_CONTACTS in allowed else []
        invited = invitations_of(meeting, self.person)
        may_record, limit = Action.RECORD_MEETING in allowed, limit_for(meeting.kind, waiting)
        return {
            **base,
            "title": meeting.get_kind_display(),
            "state": state_tag(meeting, timezone.now()),
            "limit": limit_sentence(meeting, limit),
            "is_too_late": is_too_late(meeting, limit),
            "rows": meeting_rows(meeting),
            "buttons": meeting_buttons(meeting, allowed, has_strategy=outcome is not None),
            "invited": [invitation_row(one, meeting, allowed, self.own(invited)) for one in invited],
            "strategy": strategy_rows(outcome) if outcome else [],
            "decisions": [decision_card(one, may_record=may_record) for one in decisions_of(meeting, self.person)],
            "was_held": meeting.state == Meeting.State.HELD,
        }

    def own(self, invited: list[Invitation]) -> frozenset[int]:
        agencies = standing_of(self.person).partner_agency_ids
        return frozenset(one.pk for one in invited if one.agency_id in agencies or one.user_id == self.person.pk)


class MeetingForm(OneMeeting, ChildFormPage):
    """A form on a meeting."""

    back_to = "case_meetings"

    def initial(self) -> dict[str, Any]:
        return {"version": self.meeting.version}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": str(self.meeting)}

    def back_url(self) -> str:
        return reverse("meeting", args=[self.case.pk, self.meeting.pk])


class CancelMeeting(MeetingForm):
    action = Action.ARRANGE_MEETING
    form_class = forms.CancelForm
    title = "Cancel this meeting"
    button = "Cancel the meeting"
    intro = "Tell those who were invited. Access to the file that came by this meeting alone ends now."

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.cancel_meeting(self.meeting, by=self.person, version=typed["version"], reason=typed["reason"])
        return self.back_url()


class RecordMeeting(MeetingForm):
    action = Action.RECORD_MEETING
    form_class = forms.RecordForm
    title = "Record the meeting"
    button = "Save and add decisions"

    def initial(self) -> dict[str, Any]:
        return {**super().initial(), "held_at": min(self.meeting.starts_at, timezone.now())}

    def form_options(self) -> dict[str, Any]:
        return {"invited": [one for one in invitations_of(self.meeting, self.person) if one.reply in COMES]}

    def perform(self, form: Any) -> str:
        names = ("version", "held_at", "summary", "child_took_part", "counts_as_review", "review_statement", "next_on")
        services.record_meeting(
            self.meeting, by=self.person, attendance=form.attendance(),
            **{name: form.cleaned_data[name] for name in names},
        )  # fmt: skip
        return reverse("add_decision", args=[self.case.pk, self.meeting.pk])


class AddDecision(MeetingForm):
    """A few decisions at a time, and then the next ones, until there is none left to write."""

    action = Action.RECORD_MEETING
    form_class = forms.DecisionsForm
    title = "Add decisions"
    template_name = "meetings/add_decision.jinja"

    def initial(self) -> dict[str, Any]:
        return {}

    def form_options(self) -> dict[str, Any]:
        return {
            "number": len(decisions_of(self.meeting, self.person)) + 1,
            "agencies": Agency.objects.filter(ended_at__isnull=True),
        }

    def perform(self, form: Any) -> str:
        typed = form.decisions()
        services.record_decisions(self.meeting, by=self.person, decisions=typed)
        self.success_message = f"{counted(len(typed), 'decision')} saved."
        if self.request.POST.get("then") == "another":
            return reverse("add_decision", args=[self.case.pk, self.meeting.pk])
        return self.back_url()


class OfDecision:
    """How a page comes by its decision: one of a meeting of this file."""

    @cached_property
    def decision(self) -> MeetingDecision:
        found: MeetingDecision = self.record(  # type: ignore[attr-defined]
            MeetingDecision, Action.RECORD_MEETING, "meeting_decision"
        )
        return found

    def back_url(self) -> str:
        return reverse("meeting", args=[self.decision.case_id, self.decision.meeting_id])


class RecordDissent(OfDecision, ChildFormPage):
    action = Action.RECORD_MEETING
    form_class = forms.DissentForm
    title = "Somebody does not agree"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": f"Decision {self.decision.number}", "intro": self.decision.text}

    def perform(self, form: Any) -> str:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        services.record_dissent(self.decision, by=self.person, **typed)
        return self.back_url()


class AddMeetingAction(OfDecision, OwnerChoices):
    """An action that the meeting agreed: part of the plan at once."""

    action = Action.RECORD_MEETING
    form_class = forms.MeetingActionForm
    title = "Add an action"
    button = "Add to the plan"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": f"Decision {self.decision.number}", "intro": self.decision.text}

    def perform(self, form: Any) -> str:
        title = form.cleaned_data["title"]
        services.add_meeting_action(self.decision, by=self.person, title=title, **self.owner(form))
        self.success_message = "The action is in the plan."
        return self.back_url()


def page_asked(request: HttpRequest) -> int:
    """Which page of a list the address names: the first where it names none that could be."""
    number = number_asked(request, "page")
    return number if 0 < number < MOST_PAGES else 1


def number_asked(request: HttpRequest, name: str) -> int:
    """A number in the address, or 0."""
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
