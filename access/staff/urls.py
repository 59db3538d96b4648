"""Addresses of the system administrator's pages."""

from django.urls import path

from access.staff import views

PERSON = "people/<int:person>"

urlpatterns = [
    path("", views.People.as_view(), name="staff"),
    path("people/new/", views.CreatePerson.as_view(), name="staff_create_person"),
    path(f"{PERSON}/", views.Person.as_view(), name="staff_person"),
    path(f"{PERSON}/details/", views.EditPerson.as_view(), name="staff_edit_person"),
    path(f"{PERSON}/password/", views.OneTimePassword.as_view(), name="staff_one_time_password"),
    path(f"{PERSON}/end/", views.EndPerson.as_view(), name="staff_end_person"),
    path(f"{PERSON}/roles/new/", views.JoinTeam.as_view(), name="staff_join_team"),
    path(f"{PERSON}/roles/<int:membership>/end/", views.EndMembership.as_view(), name="staff_end_membership"),
    path("teams/", views.Teams.as_view(), name="staff_teams"),
    path("teams/new/", views.CreateTeam.as_view(), name="staff_create_team"),
    path("teams/<int:team>/end/", views.EndTeam.as_view(), name="staff_end_team"),
    path("agencies/new/", views.CreateAgency.as_view(), name="staff_create_agency"),
]
