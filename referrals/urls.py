"""Addresses of the directory, of referrals, of routes and of information for the police."""

from django.urls import path

from referrals.views import directory, information, referrals, routes

FILE = "cases/<uuid:case>"
REFERRAL = f"{FILE}/referrals/<int:referral>"
ROUTE = f"{FILE}/routes/<int:route>"
ENTRY = "services/<int:service>"
REPORT = "information/<int:information>"

urlpatterns = [
    path("services/", directory.Services.as_view(), name="services"),
    path("services/new/", directory.AddService.as_view(), name="add_service"),
    path(f"{ENTRY}/", directory.ServicePage.as_view(), name="service"),
    path(f"{ENTRY}/edit/", directory.EditService.as_view(), name="edit_service"),
    path(f"{ENTRY}/pause/", directory.PauseService.as_view(), name="pause_service"),
    path(f"{ENTRY}/check/", directory.CheckService.as_view(), name="check_service"),
    path(f"{ENTRY}/end/", directory.EndService.as_view(), name="end_service"),
    path(f"{ENTRY}/history/", directory.ServiceHistory.as_view(), name="service_history"),
    path(f"{ENTRY}/maintainers/", directory.Maintainers.as_view(), name="maintainers"),
    path(f"{ENTRY}/maintainers/<int:maintainer>/end/", directory.StopMaintaining.as_view(), name="stop_maintaining"),
    path("referrals/", referrals.Referrals.as_view(), name="referrals"),
    path(f"{FILE}/referrals/", referrals.CaseReferrals.as_view(), name="case_referrals"),
    path(f"{FILE}/referrals/choose/", referrals.ChooseService.as_view(), name="choose_service"),
    path(f"{FILE}/referrals/new/<int:service>/", referrals.SendReferral.as_view(), name="send_referral"),
    path(f"{REFERRAL}/", referrals.ReferralPage.as_view(), name="referral"),
    path(f"{REFERRAL}/answer/", referrals.AnswerReferral.as_view(), name="answer_referral"),
    path(f"{REFERRAL}/attendance/", referrals.RecordAttendance.as_view(), name="record_attendance"),
    path(f"{REFERRAL}/outcome/", referrals.EndWork.as_view(), name="end_work"),
    path(f"{REFERRAL}/withdraw/", referrals.WithdrawReferral.as_view(), name="withdraw_referral"),
    path(f"{FILE}/referrals/<int:outside>/said/", referrals.RecordAnswer.as_view(), name="record_answer"),
    path(f"{FILE}/routes/new/", routes.OpenRoute.as_view(), name="open_route"),
    path(f"{ROUTE}/confirm/", routes.ConfirmInWriting.as_view(), name="confirm_in_writing"),
    path(f"{ROUTE}/close/", routes.CloseRoute.as_view(), name="close_route"),
    path(f"{FILE}/information/", information.CaseInformation.as_view(), name="case_information"),
    path(f"{FILE}/information/new/", information.SendInformation.as_view(), name="send_information"),
    path("information/", information.InformationReceived.as_view(), name="information_received"),
    path(f"{REPORT}/", information.InformationPage.as_view(), name="information_report"),
    path(f"{REPORT}/acknowledge/", information.Acknowledge.as_view(), name="acknowledge_information"),
    path(f"{REPORT}/grade/", information.Grade.as_view(), name="grade_information"),
]
