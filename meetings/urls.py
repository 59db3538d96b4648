"""Addresses of meetings, invitations, threshold discussions and the tasking list."""

from django.urls import path

from meetings.views import invitations, meetings, threshold

FILE = "cases/<uuid:case>"
MEETING = f"{FILE}/meetings/<int:meeting>"
INVITATION = f"{FILE}/invitations/<int:invitation>"
DECISION = f"{FILE}/meeting-decisions/<int:meeting_decision>"

urlpatterns = [
    path("meetings/", meetings.MyMeetings.as_view(), name="my_meetings"),
    path("tasking/", threshold.TaskingList.as_view(), name="tasking_list"),
    path(f"{FILE}/meetings/", meetings.CaseMeetings.as_view(), name="case_meetings"),
    path(f"{FILE}/meetings/new/", meetings.ArrangeMeeting.as_view(), name="arrange_meeting"),
    path(f"{MEETING}/", meetings.MeetingPage.as_view(), name="meeting"),
    path(f"{MEETING}/cancel/", meetings.CancelMeeting.as_view(), name="cancel_meeting"),
    path(f"{MEETING}/record/", meetings.RecordMeeting.as_view(), name="record_meeting"),
    path(f"{MEETING}/decisions/new/", meetings.AddDecision.as_view(), name="add_decision"),
    path(f"{MEETING}/outcome/", threshold.RecordStrategy.as_view(), name="record_strategy"),
    path(f"{MEETING}/invite/", invitations.InviteProfessional.as_view(), name="invite_professional"),
    path(f"{MEETING}/invite/child/", invitations.InviteChild.as_view(), name="invite_child"),
    path(f"{MEETING}/invite/family/", invitations.InviteFamily.as_view(), name="invite_family"),
    path(f"{INVITATION}/said/", invitations.RecordReply.as_view(), name="record_reply"),
    path(f"{INVITATION}/answer/", invitations.ReplyToInvitation.as_view(), name="reply_to_invitation"),
    path(f"{INVITATION}/report/", invitations.SendMeetingReport.as_view(), name="send_meeting_report"),
    path(f"{INVITATION}/decide/", invitations.DecideInvitation.as_view(), name="decide_invitation"),
    path(f"{DECISION}/dissent/", meetings.RecordDissent.as_view(), name="record_dissent"),
    path(f"{DECISION}/action/", meetings.AddMeetingAction.as_view(), name="add_meeting_action"),
    path(f"{FILE}/consultations/new/", threshold.ConsultAgency.as_view(), name="consult_agency"),
    path(f"{FILE}/threshold/new/", threshold.HoldThreshold.as_view(), name="hold_threshold"),
    path(f"{FILE}/strategy/refuse/", threshold.RefuseStrategy.as_view(), name="refuse_strategy"),
    path(f"{FILE}/enquiry/end/", threshold.EndEnquiry.as_view(), name="end_enquiry"),
    path(f"{FILE}/tasking/<int:listing>/", threshold.RecordTasking.as_view(), name="record_tasking"),
]
