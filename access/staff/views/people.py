"""Accounts and the roles people have."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from access.staff import forms, services
from access.staff.selectors import live_teams, memberships_of, people
from access.staff.views.base import StaffForm, StaffPage, found, kept, number_of, one_page, typed
from accounts.models import Membership, Team, User
from accounts.passwords import ONE_TIME_PASSWORD_DAYS
from accounts.roles import Role
from accounts.second_factor.proof import has_second_factor

LONGEST_QUERY = 100


class People(StaffPage):
    template_name = "staff/people.jinja"

    def context(self) -> dict[str, Any]:
        asked = self.request.GET
        words = asked.get("q", "").replace("\x00", "")[:LONGEST_QUERY]
        team, ended = number_of(asked.get("team", "")), asked.get("show") == "ended"
        page = number_of(asked.get("page", ""), 1) or 1
        shown, more = one_page(people(words=words, team=team, ended=ended), page)
        return {
            "title": "Accounts",
            "people": shown,
            "words": words,
            "team": team or "",
            "ended": ended,
            "teams": live_teams(),
            "page": page,
            "more": more,
            "kept": kept(q=words, team=team, show="ended" if ended else ""),
            "tabs": [
                {"text": "Work here", "href": reverse("staff"), "current": not ended},
                {"text": "Ended", "href": f"{reverse('staff')}?show=ended", "current": ended},
            ],
        }


class Person(StaffPage):
    template_name = "staff/person.jinja"

    def context(self) -> dict[str, Any]:
        about = found(User.objects.all(), self.kwargs["person"])
        posts = memberships_of(about)
        return {
            "title": about.name,
            "about": about,
            "held": [one for one in posts if one.ended_at is None],
            "past": [one for one in posts if one.ended_at is not None],
            "is_self": about == self.person,
            "has_second_factor": has_second_factor(about),
        }


class PasswordShownOnce(StaffForm):
    """A form whose answer shows a one-time password: on that page, and never again."""

    made_for: User | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        if self.made_for is None:
            return response
        page = {"title": "One-time password", "about": self.made_for, "days": ONE_TIME_PASSWORD_DAYS}
        return render(request, "staff/one_time_password.jinja", page)


class CreatePerson(PasswordShownOnce):
    form_class = forms.NewPersonForm
    title = "Create an account"
    button = "Create the account"

    def intro(self) -> str:
        return "One account for one person. A system administrator’s account is apart from any other they have."

    def back_url(self) -> str:
        return reverse("staff")

    def perform(self, form: Any) -> str:
        self.made_for = services.create_person(by=self.person, **typed(form))
        return reverse("staff_person", args=[self.made_for.pk])


class AboutPerson(StaffForm):
    """A form about one person."""

    @cached_property
    def about(self) -> User:
        person: User = found(User.objects.all(), self.kwargs["person"])
        return person

    def back_url(self) -> str:
        return reverse("staff_person", args=[self.about.pk])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": self.about.name}


class EditPerson(AboutPerson):
    form_class = forms.PersonForm
    title = "Change details"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.about, name) for name in ("name", "job_title", "email", "phone", "version")}

    def perform(self, form: Any) -> str:
        services.update_person(by=self.person, person=self.about, **typed(form))
        return self.back_url()


class OneTimePassword(PasswordShownOnce, AboutPerson):
    form_class = forms.ConfirmForm
    title = "Make a one-time password"
    button = "Make the password"

    def intro(self) -> str:
        return "They are signed out everywhere, and choose a password of their own when they sign in with this one."

    def perform(self, form: Any) -> str:
        self.made_for = services.give_one_time_password(by=self.person, person=self.about)
        return self.back_url()


class TakeOffSecondFactor(AboutPerson):
    form_class = forms.ConfirmForm
    title = "Take the second factor off"
    button = "Take it off now"
    is_warning = True
    success_message = "The second factor is off. They set up a new one when they sign in."

    def intro(self) -> str:
        return (
            "For a telephone that is lost or broken. Make sure that it is they who ask: see them, or call back on a "
            "number you know. They are signed out everywhere."
        )

    def perform(self, form: Any) -> str:
        services.take_off_second_factor(by=self.person, person=self.about)
        return self.back_url()


class EndPerson(AboutPerson):
    form_class = forms.ConfirmForm
    title = "End this account"
    button = "End the account now"
    is_warning = True
    success_message = "The account has ended."

    def intro(self) -> str:
        return (
            "Every role and every session ends at once, and files they lead on wait in their team for another worker. "
            "What they did stays in the record. This cannot be undone: somebody who comes back gets a new account."
        )

    def perform(self, form: Any) -> str:
        services.end_person(by=self.person, person=self.about)
        return self.back_url()


class JoinTeam(AboutPerson):
    form_class = forms.JoinTeamForm
    title = "Give a role in a team"
    button = "Give the role"
    success_message = "The role has been given."

    def intro(self) -> str:
        return "They are signed out and see what the role allows when they sign in again."

    def form_options(self) -> dict[str, Any]:
        return {"teams": live_teams()}

    def perform(self, form: Any) -> str:
        team = found(Team.objects.select_related("agency"), int(form.cleaned_data["team"]))
        services.join_team(by=self.person, person=self.about, team=team, role=Role(form.cleaned_data["role"]))
        return self.back_url()


class EndMembership(AboutPerson):
    form_class = forms.ConfirmForm
    title = "Take a role away"
    button = "Take the role away now"
    is_warning = True
    success_message = "The role has been taken away."

    @cached_property
    def membership(self) -> Membership:
        theirs = Membership.objects.select_related("user", "team__agency").filter(user=self.about)
        membership: Membership = found(theirs, self.kwargs["membership"])
        return membership

    def intro(self) -> str:
        role, team = self.membership.get_role_display(), self.membership.team
        return f"{role} in {team}. They are signed out at once; files they lead on there wait for another worker."

    def perform(self, form: Any) -> str:
        services.end_membership(by=self.person, membership=self.membership)
        return self.back_url()
