"""Restricting a file to named people, and opening a restricted one in an emergency."""

from typing import Any

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from access import ledger, services
from access.declarations import Declared
from access.models import CaseAccess, CaseFile, Restriction
from access.roles import Action, Level
from access.selectors import emergencies, known_to_exist
from access.standing import standing_of
from access.views import RoleFormView, RoleView
from accounts.second_factor.proof import ProvedFirst
from children.views.base import ChildFormPage, EndPage
from children.views.notes import page_number
from cre_case.restriction import forms
from cre_case.restriction.presenters import emergency_intro, emergency_row
from cre_case.restriction.selectors import holders
from cre_case.selectors import labels_held
from cre_case.views.sharing import EndGrant

PER_PAGE = 50


class Restrict(ProvedFirst, ChildFormPage):
    """Leaves the file to people by name."""

    action = Action.RESTRICT
    form_class = forms.RestrictForm
    title = "Restrict this file to named people"
    button = "Restrict the file"
    intro = "What teams hold of it ends at once. Its time limits go on, and the people named are reminded of them."
    back_to = "who_can_see"
    success_message = "The file is restricted to the people named."

    def form_options(self) -> dict[str, Any]:
        found = holders(self.case, apart_from=self.person)
        return {"people": found.people, "teams": found.teams}

    def initial(self) -> dict[str, Any]:
        return {"aware": [str(team.pk) for team in holders(self.case, apart_from=self.person).teams]}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.restrict(
            self.case, by=self.person, ground=typed["ground"], reason=typed["reason"], named=typed["named"],
            aware=typed["aware"],
        )  # fmt: skip
        return self.back_url()


class LiftRestriction(EndPage):
    """Gives the file back to its teams."""

    action = Action.RESTRICT
    form_class = forms.LiftForm
    title = "Lift the restriction"
    button = "Lift the restriction"
    back_to = "who_can_see"
    success_message = "The file is open to its teams again."

    def context(self) -> dict[str, Any]:
        current = self.records(Restriction, Action.RESTRICT).filter(lifted_at__isnull=True).first()
        if current is None:
            raise Http404
        return {
            **super().context(),
            "caption": f"{current.get_ground_display()}: {current.reason}",
            "intro": "The teams that held the file then hold it again, and those named hold it by their teams.",
        }

    def perform(self, form: Any) -> str:
        services.lift_restriction(self.case, by=self.person, reason=form.cleaned_data["reason"])
        return self.back_url()


class NamePerson(ProvedFirst, ChildFormPage):
    """Names one more person on a restricted file."""

    action = Action.RESTRICT
    form_class = forms.NamePersonForm
    title = "Name a person on this restricted file"
    button = "Name this person"
    back_to = "who_can_see"

    def form_options(self) -> dict[str, Any]:
        return {"held": labels_held(self.case, self.person)}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.name_person(
            self.case, by=self.person, person=typed["person"], team=form.team, labels=typed["labels"],
            level=Level(int(typed["level"])), purpose=typed["purpose"], lawful_basis=typed["lawful_basis"],
            reason=typed["reason"], until=typed["until"],
        )  # fmt: skip
        self.success_message = f"{typed['person'].name} can see this file now."
        return self.back_url()


class EndNaming(EndGrant):
    """Takes a person off a restricted file."""

    action = Action.RESTRICT
    source, named_in_address = CaseAccess.Source.NAMED, "naming"
    title = "Take this person off the file"
    button = "Take them off"
    success_message = "They no longer see this file."

    def perform(self, form: Any) -> str:
        services.end_naming(self.case, by=self.person, grant=self.grant())
        return self.back_url()


class BreakGlass(ProvedFirst, RoleFormView):
    """Opens a restricted file that one knows of, in an emergency. Shows nothing of the child.

    For anybody who does not know of it there is no such page.
    """

    action = Action.BREAK_GLASS
    declared_access = Declared(Action.BREAK_GLASS, on_a_file=True)
    form_class = forms.EmergencyForm
    template_name = "cre_case/state_reason.jinja"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        known = known_to_exist(kwargs["case"]) if standing_of(self.person).allows(self.action) else None
        if known is None and (earlier := self.sent_before()):
            return redirect(earlier)  # it is open to them, because they sent this
        if known is None or not known.is_restricted:
            ledger.record_denial(ledger.Kind.NOT_FOUND, action=self.action, case=kwargs["case"], detail=request.path)
            raise Http404
        self.known = known
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            "title": "Open this restricted file in an emergency",
            "caption": self.known.reference,
            "intro": emergency_intro(self.known),
            "button_text": "Open the file",
            "back_url": reverse("search"),
        }

    def perform(self, form: Any) -> str:
        services.break_glass(by=self.person, case=CaseFile(pk=self.known.case), reason=form.cleaned_data["reason"])
        return reverse("case_file", args=[self.known.case])


class Emergencies(RoleView):
    """Who opened files for a reason of their own, for auditors to review each week."""

    action = Action.REVIEW_EMERGENCIES
    template_name = "cre_case/emergencies.jinja"

    def context(self) -> dict[str, Any]:
        number = page_number(self.request.GET.get("page", ""))
        found, now = emergencies(page=number, per_page=PER_PAGE), timezone.now()
        self.shown = found[:PER_PAGE]
        return {
            "title": "Opened for a reason",
            "rows": [emergency_row(one, by=self.person, now=now) for one in self.shown],
            "pages": {"number": number, "more": len(found) > PER_PAGE},
        }

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = self.show()
        ledger.record(ledger.Kind.LIST, action=self.action, cases=[one.case for one in self.shown])
        return response


class ReviewEmergency(RoleFormView):
    """What an auditor found about one of them."""

    action = Action.REVIEW_EMERGENCIES
    form_class = forms.ReviewForm
    template_name = "cre_case/state_reason.jinja"
    success_message = "Reviewed."

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        found = emergencies(page=1, per_page=1, wanted=kwargs["access"])
        if not found:
            raise Http404
        self.found = found[0]
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            "title": "Was it needed?",
            "caption": f"{self.found.person_name}, {self.found.reference}",
            "intro": f"The reason given: {self.found.reason}",
            "button_text": "Write it down",
            "back_url": reverse("emergencies"),
        }

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.review_emergency(
            by=self.person, access=self.found.access, was_needed=typed["was_needed"] == "yes", finding=typed["finding"]
        )
        return reverse("emergencies")
