"""Agencies and their teams."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from access.parts import LABEL_NAMES, Label
from access.roles import Level
from access.staff import forms, services
from access.staff.selectors import agencies, live_agencies, members_of, teams
from access.staff.views.base import StaffForm, StaffPage, found, typed
from accounts.models import Agency, Team


class Teams(StaffPage):
    template_name = "staff/teams.jinja"

    def context(self) -> dict[str, Any]:
        return {"title": "Agencies and teams", "teams": teams(), "agencies": agencies()}


class TeamPage(StaffPage):
    template_name = "staff/team.jinja"

    def context(self) -> dict[str, Any]:
        team = found(Team.objects.select_related("agency"), self.kwargs["team"])
        return {"title": team.name, "team": team, "members": members_of(team), "standing": standing_in_words(team)}


def standing_in_words(team: Team) -> str:
    """What the team may see without being given a file. Nobody changes this on a page."""
    if not team.city_wide_level:
        return "Only files that the team is given"
    parts = ", ".join(LABEL_NAMES[Label(label)].lower() for label in sorted(team.city_wide_labels))
    reach = "may look and add" if team.city_wide_level == Level.WORK else "may look"
    return f"Every file, after giving a reason: {reach}. Parts: {parts}"


class TeamsForm(StaffForm):
    """A form that goes back to the list."""

    def back_url(self) -> str:
        return reverse("staff_teams")


class CreateAgency(TeamsForm):
    form_class = forms.AgencyForm
    title = "Add an agency"
    button = "Add the agency"

    def perform(self, form: Any) -> str:
        services.create_agency(by=self.person, **typed(form))
        return self.back_url()


class AboutAgency(TeamsForm):
    """A form about one agency."""

    @cached_property
    def agency(self) -> Agency:
        agency: Agency = found(Agency.objects.filter(ended_at__isnull=True), self.kwargs["agency"])
        return agency

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": self.agency.name}


class RenameAgency(AboutAgency):
    form_class = forms.RenameAgencyForm
    title = "Rename this agency"

    def initial(self) -> dict[str, Any]:
        return {"name": self.agency.name}

    def perform(self, form: Any) -> str:
        services.rename_agency(by=self.person, agency=self.agency, **typed(form))
        return self.back_url()


class EndAgency(AboutAgency):
    form_class = forms.ConfirmForm
    title = "End this agency"
    button = "End the agency now"
    is_warning = True
    success_message = "The agency has ended."

    def intro(self) -> str:
        return "Its teams must have ended before. This cannot be undone."

    def perform(self, form: Any) -> str:
        services.end_agency(by=self.person, agency=self.agency)
        return self.back_url()


class CreateTeam(TeamsForm):
    form_class = forms.NewTeamForm
    title = "Add a team"
    button = "Add the team"

    def form_options(self) -> dict[str, Any]:
        return {"agencies": live_agencies()}

    def perform(self, form: Any) -> str:
        about = typed(form)
        agency = found(Agency.objects.all(), int(about.pop("agency")))
        team = services.create_team(by=self.person, agency=agency, **about)
        return reverse("staff_team", args=[team.pk])


class AboutTeam(StaffForm):
    """A form about one team."""

    @cached_property
    def team(self) -> Team:
        live = Team.objects.select_related("agency").filter(ended_at__isnull=True)
        team: Team = found(live, self.kwargs["team"])
        return team

    def back_url(self) -> str:
        return reverse("staff_team", args=[self.team.pk])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": str(self.team)}


class EditTeam(AboutTeam):
    form_class = forms.TeamForm
    title = "Change this team"

    def initial(self) -> dict[str, Any]:
        return {"name": self.team.name, "receives_contacts": self.team.receives_contacts}

    def perform(self, form: Any) -> str:
        services.update_team(by=self.person, team=self.team, **typed(form))
        return self.back_url()


class EndTeam(AboutTeam):
    form_class = forms.ConfirmForm
    title = "End this team"
    button = "End the team now"
    is_warning = True
    success_message = "The team has ended."

    def intro(self) -> str:
        return "Every role in it ends at once, and its people are signed out. This cannot be undone."

    def perform(self, form: Any) -> str:
        services.end_team(by=self.person, team=self.team)
        return reverse("staff_teams")
