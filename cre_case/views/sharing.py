"""Who can see a file, and changing that."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from access import services
from access.models import CaseAccess, ConflictExclusion, DisclosureDecision
from access.parts import LABEL_NAMES, Label
from access.roles import Action, Level
from access.selectors import live_grant
from access.standing import standing_of
from accounts.second_factor.proof import ProvedFirst
from children.views.base import ChildFormPage, ChildPage, EndPage, facts
from cre_case import forms
from cre_case.presenters import buttons, decision_row, exclusion_row, grant_card, own_grant_card, standing_row
from cre_case.selectors import city_wide_teams, grant_lines, labels_held, own_grants, teams_to_share_with

CHANGES = (
    ("Share with a team", "share", Action.SHARE),
    ("Not shared", "not_shared", Action.SHARE),
    ("Close to a person", "exclude", Action.EXCLUDE),
    ("Restrict to named people", "restrict", Action.RESTRICT),
)
CHANGES_OF_RESTRICTED = (
    ("Name a person", "name_person", Action.RESTRICT),
    *CHANGES[1:-1],
    ("Tell a team that it exists", "share", Action.SHARE),
    ("Lift the restriction", "lift_restriction", Action.RESTRICT),
)


class WhoCanSee(ChildPage):
    """Everyone who can open this file, and why."""

    action = Action.VIEW_ACCESS
    asks = (Action.SHARE, Action.EXCLUDE, Action.RESTRICT)
    template_name = "cre_case/who_can_see.jinja"

    def part(self) -> Label | None:
        """The part of the file that is asked about; None: the whole of it."""
        asked = self.request.GET.get("part", "")
        return Label(asked) if asked in set(Label) else None

    def context(self) -> dict[str, Any]:
        base, allowed = super().context(), self.allowed
        part = self.part()
        lines = [one for one in grant_lines(self.case) if part is None or part in one.labels]
        ends = {
            CaseAccess.Source.SHARE: "end_share" if Action.SHARE in allowed else "",
            CaseAccess.Source.NAMED: "end_naming" if Action.RESTRICT in allowed else "",
        }
        changes = CHANGES_OF_RESTRICTED if self.case.restricted_at else CHANGES
        decisions = self.records(DisclosureDecision, Action.VIEW_ACCESS).select_related("decided_by")
        exclusions = self.records(ConflictExclusion, Action.EXCLUDE).filter(ended_at__isnull=True)
        return {
            **base,
            "title": "Who can see this file",
            "part": LABEL_NAMES[part] if part else "",
            "live": [grant_card(line, end=ends.get(line.source, "")) for line in lines if line.is_live and line.level],
            "aware": [grant_card(one, end=ends.get(one.source, "")) for one in lines if one.is_live and not one.level],
            "ended": [grant_card(line) for line in lines if not line.is_live],
            "standing": [
                standing_row(team) for team in city_wide_teams() if part is None or part in team.city_wide_labels
            ],
            "decisions": [decision_row(one) for one in decisions.order_by("-decided_at", "-pk")],
            "sees_exclusions": Action.EXCLUDE in allowed,
            "exclusions": [exclusion_row(one) for one in exclusions.select_related("user", "declared_by")],
            "buttons": buttons(self.case, allowed, changes),
        }


class WhyYouCanSee(ChildPage):
    """Through what whoever asks sees this file: their own grants, and no one else's."""

    action = Action.VIEW_FILE
    asks = (Action.DECLARE_CONFLICT,)
    template_name = "cre_case/why_you_can_see.jinja"

    def context(self) -> dict[str, Any]:
        teams = standing_of(self.person).team_ids
        return {
            **super().context(),
            "title": "Why you can see this file",
            "grants": [own_grant_card(one) for one in own_grants(self.case)],
            "standing": [standing_row(team) for team in city_wide_teams() if team.pk in teams],
            "may_declare": Action.DECLARE_CONFLICT in self.allowed,
        }


class Share(ProvedFirst, ChildFormPage):
    """Shares parts of the file with a team until a day."""

    action = Action.SHARE
    form_class = forms.ShareForm
    title = "Share this file with a team"
    button = "Share"
    back_to = "who_can_see"

    def context(self) -> dict[str, Any]:
        if self.case.restricted_at is None:
            return super().context()
        return {**super().context(), "title": "Tell a team that this file exists", "button": "Tell them"}

    def form_options(self) -> dict[str, Any]:
        return {
            "teams": teams_to_share_with(),
            "held": labels_held(self.case, self.person),
            "is_restricted": self.case.restricted_at is not None,
        }

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        team = form.teams[typed["team"]]
        services.share(
            self.case, by=self.person, team=team, labels=typed.get("labels", ()), level=Level(int(typed["level"])),
            purpose=typed["purpose"], lawful_basis=typed["lawful_basis"], reason=typed["reason"],
            until=typed["until"], agreement=typed["agreement"], safe_to_tell_family=typed["safe_to_tell_family"],
        )  # fmt: skip
        self.success_message = f"Shared with {team}."
        return self.back_url()


class NotShared(ChildFormPage):
    """Somebody asked and is not given it: the reason is written down."""

    action = Action.SHARE
    form_class = forms.NotSharedForm
    title = "Record that something was not shared"
    intro = "Whoever holds information that helps to keep a child safe must share it, unless that harms the child more."
    back_to = "who_can_see"
    success_message = "Recorded. Nothing was shared."

    def perform(self, form: Any) -> str:
        services.decide_not_to_share(self.case, by=self.person, **facts(form))
        return self.back_url()


class DeclareConflict(ChildFormPage):
    """Somebody who knows the family closes the file to themselves."""

    action = Action.DECLARE_CONFLICT
    form_class = forms.ConflictForm
    title = "I know this child or family"
    button = "Close this file to me"
    intro = (
        "A relative, a friend, a neighbour, or somebody who works with a suspect should not read this file. It closes "
        "to you at once, and you see no more of it, here or in any list. Only a manager can open it to you again."
    )
    back_to = "case_file"
    success_message = "The file is closed to you now."

    def perform(self, form: Any) -> str:
        services.declare_conflict(by=self.person, case=self.case, reason=form.cleaned_data["reason"])
        return reverse("worklist")


class EndGrant(EndPage):
    """Ends what one person or team holds of a file: their next click finds nothing."""

    form_class = forms.ConfirmForm
    back_to = "who_can_see"
    source: CaseAccess.Source
    named_in_address: str

    def grant(self) -> CaseAccess:
        found = live_grant(self.case, self.kwargs[self.named_in_address], self.source)
        if found is None:
            raise Http404
        return found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "intro": f"{self.grant().subject} will no longer see this file."}


class EndShare(EndGrant):
    """Ends a share."""

    action = Action.SHARE
    source, named_in_address = CaseAccess.Source.SHARE, "grant"
    title = "End this share now"
    button = "End the share"
    success_message = "The share has ended."

    def perform(self, form: Any) -> str:
        services.end_share(self.case, by=self.person, grant=self.grant())
        return self.back_url()


class Exclude(ChildFormPage):
    """Closes the file to one person, whatever they hold."""

    action = Action.EXCLUDE
    form_class = forms.ExcludeForm
    title = "Close this file to a person"
    button = "Close the file to this person"
    intro = (
        "For a relative, a friend of the family, or anybody else with a conflict of interest. It takes effect at once."
    )
    back_to = "who_can_see"

    def perform(self, form: Any) -> str:
        person = form.cleaned_data["person"]
        services.exclude(self.case, by=self.person, person=person, reason=form.cleaned_data["reason"])
        self.success_message = f"This file is closed to {person.name}."
        return self.back_url()


class EndExclusion(EndPage):
    """Opens the file again to a person it was closed to."""

    action = Action.EXCLUDE
    form_class = forms.ConfirmForm
    title = "Open this file to the person again"
    button = "Open the file again"
    back_to = "who_can_see"

    def exclusion(self) -> ConflictExclusion:
        found: ConflictExclusion = self.record(ConflictExclusion, Action.EXCLUDE, "exclusion")
        return found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "intro": f"{self.exclusion().user.name} will see what they hold, as others do."}

    def perform(self, form: Any) -> str:
        exclusion = self.exclusion()
        services.end_exclusion(self.case, by=self.person, exclusion=exclusion)
        self.success_message = f"This file is open to {exclusion.user.name} again, as far as they hold access."
        return self.back_url()
