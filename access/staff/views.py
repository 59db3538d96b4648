"""Pages of the system administrator: accounts, roles, teams. No child stands on any of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from access.roles import Action
from access.staff import forms, services
from access.staff.selectors import agencies, live_teams, memberships_of, people, teams
from access.views import RoleFormView, RoleView
from accounts.models import Agency, Membership, Team, User
from accounts.roles import Role

MOST = 50


class StaffPage(RoleView):
    action = Action.MANAGE_STAFF


class StaffForm(RoleFormView):
    """A form with a title, a button and the page it goes back to."""

    action = Action.MANAGE_STAFF
    template_name = "staff/form.jinja"
    title = ""
    button_text = "Save"
    intro = ""

    def back_url(self) -> str:
        return reverse("staff")

    def context(self) -> dict[str, Any]:
        return {"title": self.title, "button_text": self.button_text, "intro": self.intro, "back_url": self.back_url()}


class AboutPerson(StaffForm):
    """A form about one person."""

    def about(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["person"])

    def back_url(self) -> str:
        return reverse("staff_person", args=[self.kwargs["person"]])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": self.about().name}


class People(StaffPage):
    action = Action.MANAGE_STAFF
    template_name = "staff/people.jinja"

    def context(self) -> dict[str, Any]:
        query = self.request.GET.get("q", "").replace("\x00", "")[:100]
        found = list(people(query)[: MOST + 1])
        return {"title": "Accounts", "query": query, "people": found[:MOST], "too_many": len(found) > MOST}


class Person(StaffPage):
    action = Action.MANAGE_STAFF
    template_name = "staff/person.jinja"

    def context(self) -> dict[str, Any]:
        about = get_object_or_404(User, pk=self.kwargs["person"])
        return {"title": about.name, "about": about, "posts": memberships_of(about), "is_self": about == self.person}


class CreatePerson(StaffForm):
    action = Action.MANAGE_STAFF
    form_class = forms.NewPersonForm
    title = "Create an account"

    def perform(self, form: Any) -> str:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return reverse("staff_person", args=[services.create_person(by=self.person, **typed).pk])


class EditPerson(AboutPerson):
    action = Action.MANAGE_STAFF
    form_class = forms.PersonForm
    title = "Change details"

    def initial(self) -> dict[str, Any]:
        about = self.about()
        return {name: getattr(about, name) for name in ("name", "job_title", "email", "phone")}

    def perform(self, form: Any) -> str:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        services.update_person(by=self.person, person=self.about(), **typed)
        return self.back_url()


class OneTimePassword(AboutPerson):
    """Shows a new one-time password once, on the page that answers the form, and nowhere else."""

    action = Action.MANAGE_STAFF
    form_class = forms.ConfirmForm
    title = "Make a one-time password"
    button_text = "Make the password"
    intro = "The person is signed out everywhere and must choose a new password when they sign in with this one."

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        about = self.about()
        password = services.give_one_time_password(by=self.person, person=about)
        given = {"title": "One-time password", "password": password, "about": about, "back_url": self.back_url()}
        return render(request, "staff/one_time_password.jinja", given)


class EndPerson(AboutPerson):
    action = Action.MANAGE_STAFF
    form_class = forms.ConfirmForm
    title = "End this account"
    button_text = "End the account now"
    intro = "Every role and every session of this person ends at once. What they did stays in the record."

    def perform(self, form: Any) -> str:
        services.end_person(by=self.person, person=self.about())
        return self.back_url()


class JoinTeam(AboutPerson):
    action = Action.MANAGE_STAFF
    form_class = forms.JoinTeamForm
    title = "Give a role in a team"

    def form_options(self) -> dict[str, Any]:
        return {"teams": live_teams()}

    def perform(self, form: Any) -> str:
        team = Team.objects.select_related("agency").get(pk=form.cleaned_data["team"])
        role = Role(form.cleaned_data["role"])
        services.join_team(by=self.person, person=self.about(), team=team, role=role)
        return self.back_url()


class EndMembership(AboutPerson):
    action = Action.MANAGE_STAFF
    form_class = forms.ConfirmForm
    title = "Take this role away"
    button_text = "Take the role away now"

    def membership(self) -> Membership:
        mine = Membership.objects.select_related("user", "team__agency")
        return get_object_or_404(mine, pk=self.kwargs["membership"], user=self.kwargs["person"], ended_at__isnull=True)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "intro": str(self.membership())}

    def perform(self, form: Any) -> str:
        services.end_membership(by=self.person, membership=self.membership())
        return self.back_url()


class Teams(StaffPage):
    action = Action.MANAGE_STAFF
    template_name = "staff/teams.jinja"

    def context(self) -> dict[str, Any]:
        return {"title": "Agencies and teams", "teams": teams()}


class CreateAgency(StaffForm):
    action = Action.MANAGE_STAFF
    form_class = forms.AgencyForm
    title = "Add an agency"

    def back_url(self) -> str:
        return reverse("staff_teams")

    def perform(self, form: Any) -> str:
        services.create_agency(by=self.person, name=form.cleaned_data["name"], kind=form.cleaned_data["kind"])
        return self.back_url()


class CreateTeam(CreateAgency):
    action = Action.MANAGE_STAFF
    form_class = forms.TeamForm
    title = "Add a team"

    def form_options(self) -> dict[str, Any]:
        return {"agencies": agencies()}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        agency = Agency.objects.get(pk=typed["agency"])
        services.create_team(
            by=self.person, agency=agency, name=typed["name"], receives_contacts=typed["receives_contacts"]
        )
        return self.back_url()


class EndTeam(CreateAgency):
    action = Action.MANAGE_STAFF
    form_class = forms.ConfirmForm
    title = "End this team"
    button_text = "End the team now"

    def team(self) -> Team:
        return get_object_or_404(Team.objects.select_related("agency"), pk=self.kwargs["team"], ended_at__isnull=True)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "intro": f"{self.team()}: nobody holds anything through it any more."}

    def perform(self, form: Any) -> str:
        services.end_team(by=self.person, team=self.team())
        return self.back_url()
