"""Addresses of the copies of a plan."""

from django.urls import path

from plans.copies import views

FILE = "cases/<uuid:case>/copies"

urlpatterns = [
    path(f"{FILE}/", views.Copies.as_view(), name="copies"),
    path(f"{FILE}/new/", views.ChooseRecipient.as_view(), name="choose_copy"),
    path(f"{FILE}/new/child/", views.CopyForChild.as_view(), name="copy_for_child"),
    path(f"{FILE}/new/person/<int:person>/", views.CopyForPerson.as_view(), name="copy_for_person"),
    path(f"{FILE}/new/team/<int:holder>/", views.CopyForTeam.as_view(), name="copy_for_team"),
    path(f"{FILE}/new/professional/", views.CopyForProfessional.as_view(), name="copy_for_professional"),
    path(f"{FILE}/<int:copy>/print/", views.PrintCopy.as_view(), name="print_copy"),
    path(f"{FILE}/<int:copy>/download/", views.DownloadCopy.as_view(), name="download_copy"),
]
