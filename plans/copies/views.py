"""Who has a copy of the plan; making one; taking it away or printing it."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from access.parts import LABEL_NAMES
from access.refusals import Refused
from access.roles import Action
from accounts.models import Team
from accounts.roles import AgencyKind
from accounts.second_factor.proof import ProvedFirst
from children.models import Person
from children.views.base import ChildFormPage, ChildPage, facts
from plans.copies import forms, services
from plans.copies.contents import labels_for, new_copy, sheet_of, warnings_for
from plans.copies.presenters import copy_card, person_choice, team_choice
from plans.copies.selectors import copies_of, family_is_held, holding_teams, own_actions, people_for_copies, readable
from plans.models import Copy


class Copies(ChildPage):
    """Every copy there is; for an agency outside social care those made for it."""

    action = Action.VIEW_COPIES
    asks = (Action.MAKE_COPY,)
    template_name = "plans/copies/copies.jinja"

    def context(self) -> dict[str, Any]:
        may_make = Action.MAKE_COPY in self.allowed
        found = copies_of(self.case, self.person)
        return {
            **super().context(),
            "title": "Copies",
            "cards": [copy_card(one, may_read_again=_can_print(one, may_make=may_make)) for one in found],
            "may_make": may_make,
        }


def _can_print(copy: Copy, *, may_make: bool) -> bool:
    """What was given can be read again; what still waits can be read only by somebody who could have asked for it."""
    return copy.state == Copy.State.READY or may_make


class ChooseRecipient(ChildPage):
    """For whom the copy is to be. Who may not have one is shown with the reason."""

    action = Action.MAKE_COPY
    template_name = "plans/copies/choose.jinja"

    def context(self) -> dict[str, Any]:
        teams = holding_teams(self.case)
        is_held = family_is_held(self.case, self.person)
        people = people_for_copies(self.case, self.person)
        return {
            **super().context(),
            "title": "Who is the copy for?",
            "family": [person_choice(person, is_held=is_held) for person in people],
            "partners": [team_choice(team, self.case.pk) for team in teams if not _in_council(team)],
            "colleagues": [team_choice(team, self.case.pk) for team in teams if _in_council(team)],
        }


def _in_council(team: Team) -> bool:
    return bool(team.agency.kind == AgencyKind.COUNCIL)


class AskForCopy(ProvedFirst, ChildFormPage):
    """What the copy will hold for this recipient, and the decision to give it."""

    action = Action.MAKE_COPY
    form_class: ClassVar[type[Any]] = forms.ProfessionalCopyForm
    template_name = "plans/copies/ask.jinja"
    title = "Make a copy of the plan"
    button = "Make the copy"
    back_to = "choose_copy"
    kind: Copy.Kind

    def recipient(self) -> dict[str, Any]:
        """Whom the copy is for, as arguments of `new_copy`."""
        return {}

    def context(self) -> dict[str, Any]:
        copy = new_copy(self.case, self.person, kind=self.kind, **{"recipient_name": "…", **self.recipient()})
        preview: dict[str, Any] | None = None
        reason, parts, warnings = "", "", []
        try:
            preview = sheet_of(copy, self.person).as_data()
            parts = "; ".join(sorted(LABEL_NAMES[label] for label in labels_for(copy)))
            warnings = warnings_for(copy, self.person)
        except Refused as refusal:
            reason = str(refusal)
        about = {"sheet": preview, "reason": reason, "parts": parts, "cautions": warnings}
        return {**super().context(), **about, "caption": self.for_whom(copy)}

    def for_whom(self, copy: Copy) -> str:
        return f"For {copy.recipient_name}"

    def perform(self, form: Any) -> str:
        typed = {**facts(form), **self.recipient()}
        services.ask_for_copy(self.case, by=self.person, kind=self.kind, **typed)
        self.success_message = "The copy is being made. It will be here in a few seconds: open this page again."
        return reverse("copies", args=[self.case.pk])


class FamilyCopy(AskForCopy):
    form_class = forms.FamilyCopyForm
    kind = Copy.Kind.FAMILY

    def form_options(self) -> dict[str, Any]:
        return {"actions": list(own_actions(self.case, self.person).values_list("pk", "title"))}


class CopyForChild(FamilyCopy):
    action = Action.MAKE_COPY


class CopyForPerson(FamilyCopy):
    action = Action.MAKE_COPY

    def recipient(self) -> dict[str, Any]:
        return {"recipient_person": self.one}

    @property
    def one(self) -> Person:
        if not hasattr(self, "_one"):
            self._one: Person = self.record(Person, Action.VIEW_NETWORK, "person")
        return self._one


class CopyForTeam(AskForCopy):
    """For a named person of a team that holds the file: of another agency, what it may hold; of the council, all."""

    action = Action.MAKE_COPY

    @property
    def team(self) -> Team:
        if not hasattr(self, "_team"):
            found = next((team for team in holding_teams(self.case) if team.pk == self.kwargs["holder"]), None)
            if found is None:
                raise Http404
            self._team = found
        return self._team

    @property
    def kind(self) -> Copy.Kind:  # type: ignore[override]
        return Copy.Kind.PROFESSIONAL if _in_council(self.team) else Copy.Kind.PARTNER

    def recipient(self) -> dict[str, Any]:
        return {"recipient_team": self.team}

    def for_whom(self, copy: Copy) -> str:
        return f"For somebody of {self.team}"


class CopyForProfessional(AskForCopy):
    """For a named professional outside every team here: a court, another council."""

    action = Action.MAKE_COPY
    kind = Copy.Kind.PROFESSIONAL

    def for_whom(self, copy: Copy) -> str:
        return "For another professional"


class OneCopy(ChildPage):
    """A page about one copy. A copy of somebody else's is as absent to each method as one that never was."""

    action = Action.VIEW_COPIES

    def one(self) -> Copy:
        copies = readable(self.records(Copy, Action.VIEW_COPIES), self.case, self.person)
        found: Copy | None = copies.filter(pk=self.kwargs["copy"]).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.one()
        return HttpResponseNotAllowed(["POST"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.one()
        return HttpResponseNotAllowed(["GET"])


class PrintCopy(OneCopy):
    """The copy as a page to print: what was given, word for word; or, while there is no PDF, what it would say."""

    action = Action.VIEW_COPIES
    asks = (Action.MAKE_COPY,)
    template_name = "plans/copies/print.jinja"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def context(self) -> dict[str, Any]:
        copy = self.one()
        sheet, reason = self.sheet(copy)
        return {**super().context(), "title": "Print a copy", "sheet": sheet, "reason": reason, "identity": None}

    def sheet(self, copy: Copy) -> tuple[dict[str, Any] | None, str]:
        if copy.content:
            return copy.content, ""
        if Action.MAKE_COPY not in self.allowed:
            return None, "This copy has not been made yet."
        if copy.state == Copy.State.FAILED and copy.problem != services.GIVEN_UP:
            return None, copy.problem
        try:
            return sheet_of(copy, self.person).as_data(), ""
        except Refused as refusal:
            return None, str(refusal)


class DownloadCopy(OneCopy):
    """The PDF. Sent by a button, so that no link or program fetches it by itself."""

    action = Action.VIEW_COPIES

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        copy = self.one()
        if copy.pdf is None:
            raise Http404
        response = HttpResponse(bytes(copy.pdf), content_type="application/pdf")
        # The name of the file is seen by whoever looks over a shoulder: it tells nothing of anybody.
        response["Content-Disposition"] = f'attachment; filename="copy-{copy.number}.pdf"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
