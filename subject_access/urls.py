"""Addresses of requests to see the record."""

from django.urls import path

from subject_access import views

FILE = "cases/<uuid:case>/access-requests"
ONE = f"{FILE}/<int:asked>"

urlpatterns = [
    path(f"{FILE}/", views.Requests.as_view(), name="subject_access"),
    path(f"{FILE}/new/", views.RecordRequest.as_view(), name="record_access_request"),
    path(f"{ONE}/", views.RequestPage.as_view(), name="access_request"),
    path(f"{ONE}/chapters/<slug:chapter>/", views.Chapter.as_view(), name="access_chapter"),
    path(f"{ONE}/longer/", views.TakeLonger.as_view(), name="access_takes_longer"),
    path(f"{ONE}/ready/", views.Ready.as_view(), name="access_ready"),
    path(f"{ONE}/give/", views.Give.as_view(), name="give_record"),
    path(f"{ONE}/back/", views.SendBack.as_view(), name="send_answer_back"),
    path(f"{ONE}/end/", views.End.as_view(), name="end_access_request"),
]
