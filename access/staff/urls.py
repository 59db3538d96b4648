"""Addresses of the system administrator's pages."""

from django.urls import path

from access.staff.views import people, teams

PERSON = "people/<int:person>"
TEAM = "teams/<int:team>"
AGENCY = "agencies/<int:agency>"

urlpatterns = [
    path("", people.People.as_view(), name="staff"),
    path("people/new/", people.CreatePerson.as_view(), name="staff_create_person"),
    path(f"{PERSON}/", people.Person.as_view(), name="staff_person"),
    path(f"{PERSON}/details/", people.EditPerson.as_view(), name="staff_edit_person"),
    path(f"{PERSON}/password/", people.OneTimePassword.as_view(), name="staff_one_time_password"),
    path(f"{PERSON}/second-factor/", people.TakeOffSecondFactor.as_view(), name="staff_take_off_second_factor"),
    path(f"{PERSON}/end/", people.EndPerson.as_view(), name="staff_end_person"),
    path(f"{PERSON}/roles/new/", people.JoinTeam.as_view(), name="staff_join_team"),
    path(f"{PERSON}/roles/<int:membership>/end/", people.EndMembership.as_view(), name="staff_end_membership"),
    path("teams/", teams.Teams.as_view(), name="staff_teams"),
    path("teams/new/", teams.CreateTeam.as_view(), name="staff_create_team"),
    path(f"{TEAM}/", teams.TeamPage.as_view(), name="staff_team"),
    path(f"{TEAM}/edit/", teams.EditTeam.as_view(), name="staff_edit_team"),
    path(f"{TEAM}/end/", teams.EndTeam.as_view(), name="staff_end_team"),
    path("agencies/new/", teams.CreateAgency.as_view(), name="staff_create_agency"),
    path(f"{AGENCY}/edit/", teams.RenameAgency.as_view(), name="staff_rename_agency"),
    path(f"{AGENCY}/end/", teams.EndAgency.as_view(), name="staff_end_agency"),
]
