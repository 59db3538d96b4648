"""Inviting people to a meeting, deciding on those held, and what each answers."""

from functools import cached_property
from typing import Any

from django.urls import reverse

from access.roles import Action
from accounts.models import User
from children.models import Person
from children.views.base import ChildFormPage
from meetings import forms
from meetings.checks import COMES
from meetings.invitations import services
from meetings.models import Invitation
from meetings.presenters import family_choices, member_choice, standing_rows
from meetings.safety import Standing, chair_decides, is_chair, standings
from meetings.selectors import colleagues_of, family_to_invite
from meetings.views.meetings import MeetingForm, number_asked


class InviteProfessional(MeetingForm):
    """First the team, in the address; then somebody of it. Or a name, for somebody with no account."""

    action = Action.ARRANGE_MEETING
    form_class = forms.ProfessionalForm
    title = "Invite a professional"
    button = "Invite"
    intro = "Somebody with an account may open the file itself until two weeks after the meeting."
    template_name = "meetings/invite_professional.jinja"

    def initial(self) -> dict[str, Any]:
        return {}

    @property
    def team(self) -> int:
        return number_asked(self.request, "team")

    def form_options(self) -> dict[str, Any]:
        return {"people": [member_choice(one) for one in colleagues_of(self.team)] if self.team else []}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "teams": forms.TeamForm(initial={"team": self.team or ""})}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        user = typed.get("user")
        services.invite_professional(
            self.meeting, by=self.person, user=User.objects.get(pk=user) if user else None, name=typed["name"],
            agency_name=typed["agency_name"],
        )  # fmt: skip
        return self.back_url()


class InviteChild(MeetingForm):
    action = Action.ARRANGE_MEETING
    form_class = forms.InviteChildForm
    title = "Invite the child"
    button = "Invite"

    def initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> str:
        services.invite_child(self.meeting, by=self.person, by_way_of=form.cleaned_data["by_way_of"])
        return self.back_url()


class InviteFamily(MeetingForm):
    """Each parent, carer or relative by themselves. Who may not be invited is shown with why."""

    action = Action.ARRANGE_MEETING
    form_class = forms.InviteFamilyForm
    title = "Invite a parent, carer or relative"
    button = "Invite"
    intro = "Each person is invited by themselves. What is said to one is not sent to another."
    template_name = "meetings/invite_family.jinja"

    def initial(self) -> dict[str, Any]:
        return {}

    @cached_property
    def people(self) -> dict[str, Person]:
        return {str(one.pk): one for one in family_to_invite(self.meeting, self.person)}

    def form_options(self) -> dict[str, Any]:
        choices, hints = family_choices(self.people.values(), standings(self.case))
        return {"people": choices, "hints": hints}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "has_choice": bool(self.people)}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        made = services.invite_family(
            self.meeting, by=self.person, person=self.people[typed["person"]], by_way_of=typed["by_way_of"],
            shared_is_safe=typed["shared_is_safe"],
        )  # fmt: skip
        if made.reply == Invitation.Reply.NOT_INVITED:
            self.success_message = f"{made.name} is not invited. That is recorded, with who decided it."
        elif made.reply == Invitation.Reply.HELD:
            self.success_message = f"{made.name} is held until a manager or the chair decides. Send them nothing."
        return self.back_url()


class InvitationForm(ChildFormPage):
    """A form on an invitation."""

    back_to = "case_meetings"

    @cached_property
    def invitation(self) -> Invitation:
        found: Invitation = self.record(Invitation, self.action, "invitation")
        return found

    def initial(self) -> dict[str, Any]:
        return {"version": self.invitation.version, "report": self.invitation.report}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": self.invitation.name}

    def back_url(self) -> str:
        return reverse("meeting", args=[self.case.pk, self.invitation.meeting_id])


class RecordReply(InvitationForm):
    action = Action.ARRANGE_MEETING
    form_class = forms.ReplyForm
    title = "Record their answer"

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.record_reply(self.invitation, by=self.person, version=typed["version"], reply=typed["reply"])
        return self.back_url()


class ReplyToInvitation(InvitationForm):
    action = Action.REPLY_TO_INVITATION
    form_class = forms.ReplyForm
    title = "Answer the invitation"

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.reply_to(self.invitation, by=self.person, version=typed["version"], reply=typed["reply"])
        return self.back_url()


class SendMeetingReport(InvitationForm):
    action = Action.REPLY_TO_INVITATION
    form_class = forms.ReportForm
    title = "Report for the meeting"
    button = "Send"

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.send_report(self.invitation, by=self.person, version=typed["version"], report=typed["report"])
        return self.back_url()


class DecideInvitation(InvitationForm):
    """A manager or the chair decides whether somebody is invited, or left out and why."""

    action = Action.DECIDE_COMPLICITY
    form_class = forms.DecideInvitationForm
    title = "Decide whether this person is invited"
    button = "Record decision"
    template_name = "meetings/decide_invitation.jinja"

    @cached_property
    def standing(self) -> Standing:
        return standings(self.case).get(self.invitation.person_id or 0, Standing())

    def form_options(self) -> dict[str, Any]:
        meeting, person = self.invitation.meeting, self.invitation.person
        is_for_chair = person is not None and chair_decides(meeting, person)
        reasons = {}
        if self.standing.is_never_invited:
            reasons["yes"] = "Considered complicit: never invited. Only clearing them changes that."
        elif self.invitation.reply in COMES:
            reasons["yes"] = "This person is invited already."
        if is_for_chair and not is_chair(meeting, self.person):
            reasons["no"] = "This person has parental responsibility: leaving them out is the chair’s decision."
        return {"reasons": reasons, "asks_legal_advice": is_for_chair}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "rows": standing_rows(self.invitation, self.standing)}

    def perform(self, form: Any) -> str:
        typed, legal = form.cleaned_data, form.cleaned_data.get("legal_advice_taken")
        services.decide_invitation(
            self.invitation, by=self.person, version=typed["version"], is_invited=typed["is_invited"] == "yes",
            reason=typed["reason"], legal_advice_taken=legal == "yes" if legal else None, by_way_of=typed["by_way_of"],
        )  # fmt: skip
        return self.back_url()
