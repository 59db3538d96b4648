"""Addresses of mandatory reports."""

from django.urls import path

from duties import views

FILE = "cases/<uuid:case>/reports"
ONE = f"{FILE}/<int:report>"

urlpatterns = [
    path(f"{FILE}/", views.Reports.as_view(), name="reports"),
    path(f"{FILE}/new/", views.OpenReport.as_view(), name="open_report"),
    path(f"{ONE}/how-known/", views.AnswerHowKnown.as_view(), name="answer_how_known"),
    path(f"{ONE}/reported/", views.RecordReport.as_view(), name="record_report"),
    path(f"{ONE}/decision/", views.NRMDecision.as_view(), name="record_nrm_decision"),
    path(f"{ONE}/return/", views.RecordReturn.as_view(), name="record_return"),
    path(f"{ONE}/outcome/", views.CloseReport.as_view(), name="close_report"),
    path(f"{ONE}/close/", views.CloseUnreported.as_view(), name="close_unreported"),
    path(f"{ONE}/extend/", views.ExtendReport.as_view(), name="extend_report"),
    path(f"{ONE}/family/", views.TellFamily.as_view(), name="tell_family"),
]
