"""The case file's overview, allocating it, and who may see it."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from access import services
from access.models import CaseAccess, CaseFile, ConflictExclusion
from access.permissions import sentence
from access.roles import Action, Level
from access.selectors import grants_of, is_live, ledger_of
from access.standing import standing_of
from access.views import RoleFormView
from accounts.models import Membership, Team, User
from children.models import Contact
from children.selectors import TIMELINE_KINDS, addresses_of, notes_of, other_plans_of, people_of, timeline
from children.views.base import ChildFormPage, ChildPage
from children.views.notes import page_number
from cre_case import forms
from cre_case.presenters import grant_row, ledger_row
from cre_case.selectors import permissions_of, workers_to_choose

SHOWN_AT_FIRST = 10
LEDGER_PAGE = 50


class CaseFilePage(ChildPage):
    """The overview: what matters now, key facts, and what has happened."""

    action = Action.VIEW_FILE
    template_name = "cre_case/case_file.jinja"

    def context(self) -> dict[str, Any]:
        base = super().context()
        kind = self.request.GET.get("kind", "")
        kinds = [kind] if kind in TIMELINE_KINDS else []
        limit = SHOWN_AT_FIRST * (10 if self.request.GET.get("all") else 1)
        allowed = permissions_of(self.person, self.case)
        return {
            **base,
            "Action": Action,
            "allowed": allowed,
            "sentence": sentence,
            "timeline": timeline(self.case, self.person, kinds=kinds, limit=limit),
            "kinds": TIMELINE_KINDS,
            "kind": kind,
            "shows_all": bool(self.request.GET.get("all")),
            "plans": [plan for plan in other_plans_of(self.case, self.person) if plan.ended_on is None],
            "carers": self.carers(allowed),
            "homes": self.homes(allowed),
            "words": self.own_words(allowed),
            "waiting": self.waiting_contact(allowed),
        }

    def carers(self, allowed: frozenset[Action]) -> list[Any]:
        if Action.VIEW_NETWORK not in allowed:
            return []
        return [person for person in people_of(self.case, self.person) if person.is_carer and not person.ended_at]

    def homes(self, allowed: frozenset[Action]) -> list[Any]:
        if Action.VIEW_LOCATION not in allowed:
            return []
        return [address for address in addresses_of(self.case, self.person) if address.until_on is None]

    def own_words(self, allowed: frozenset[Action]) -> Any:
        if Action.VIEW_NOTES not in allowed:
            return None
        return notes_of(self.case, self.person).exclude(child_words="").first()

    def waiting_contact(self, allowed: frozenset[Action]) -> Any:
        """While there is no child yet: the contact the file was opened for."""
        if self.child or Action.VIEW_CONTACTS not in allowed:
            return None
        return self.records(Contact, Action.VIEW_CONTACTS).order_by("received_at").first()


class Allocate(ChildFormPage):
    action = Action.ALLOCATE
    form_class = forms.AllocateForm
    title = "Allocate to a social worker"
    button = "Allocate"
    back_to = "case_file"
    success_message = "Allocated."

    def form_options(self) -> dict[str, Any]:
        posts = workers_to_choose(self.person)
        return {"workers": [(str(post.pk), f"{post.user.name}, {post.team.name}") for post in posts]}

    def perform(self, form: Any) -> str:
        post = Membership.objects.select_related("user", "team").get(pk=form.cleaned_data["worker"])
        services.allocate(
            self.case, by=self.person, worker=post.user, team=post.team, reason=form.cleaned_data["reason"]
        )
        # Handing a file to another team may end this person's own access to it.
        still = CaseFile.objects.allowing(self.person, Action.VIEW_FILE).filter(pk=self.case.pk).exists()
        return self.back_url() if still else reverse("worklist")


class WhoCanSee(ChildPage):
    """Everyone who can open this file, and why."""

    action = Action.VIEW_ACCESS
    template_name = "cre_case/who_can_see.jinja"

    def context(self) -> dict[str, Any]:
        now, allowed = timezone.now(), permissions_of(self.person, self.case)
        rows = [grant_row(grant, now) for grant in grants_of(self.case)]
        exclusions = self.records(ConflictExclusion, Action.EXCLUDE).filter(ended_at__isnull=True)
        return {
            **super().context(),
            "Action": Action,
            "allowed": allowed,
            "sentence": sentence,
            "live": [row for row in rows if row["is_live"]],
            "ended": [row for row in rows if not row["is_live"]],
            "city_wide": Team.objects.filter(city_wide_level__gt=0, ended_at__isnull=True).select_related("agency"),
            "exclusions": exclusions.select_related("user", "declared_by"),
        }


class Share(ChildFormPage):
    action = Action.SHARE
    form_class = forms.ShareForm
    title = "Share this file with a team"
    button = "Share"
    back_to = "who_can_see"
    success_message = "Shared."

    def form_options(self) -> dict[str, Any]:
        teams = Team.objects.filter(ended_at__isnull=True, city_wide_level=0).select_related("agency")
        return {"teams": list(teams)}

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        services.share(
            self.case, by=self.person, team=form.teams[typed["team"]], labels=typed["labels"],
            level=Level(int(typed["level"])), purpose=typed["purpose"], lawful_basis=typed["lawful_basis"],
            reason=typed["reason"], until=typed["until"],
        )  # fmt: skip
        return self.back_url()


class EndShare(ChildFormPage):
    action = Action.SHARE
    form_class = forms.ConfirmForm
    title = "End this share now"
    button = "End the share"
    back_to = "who_can_see"
    success_message = "The share has ended."

    def grant(self) -> CaseAccess:
        now = timezone.now()
        for grant in grants_of(self.case):
            if grant.pk == self.kwargs["grant"] and grant.source == CaseAccess.Source.SHARE and is_live(grant, now):
                return grant
        raise Http404

    def context(self) -> dict[str, Any]:
        holder = self.grant().subject
        return {**super().context(), "intro": f"{holder.team or holder.user} will no longer see this file."}

    def perform(self, form: Any) -> str:
        services.end_share(self.case, by=self.person, grant=self.grant())
        return self.back_url()


class Exclude(ChildFormPage):
    action = Action.EXCLUDE
    form_class = forms.ExcludeForm
    title = "Close this file to a person"
    button = "Close the file to this person"
    back_to = "who_can_see"

    def form_options(self) -> dict[str, Any]:
        return {"people": list(User.objects.filter(is_active=True).order_by("name"))}

    def perform(self, form: Any) -> str:
        person = User.objects.get(pk=form.cleaned_data["person"])
        services.exclude(self.case, by=self.person, person=person, reason=form.cleaned_data["reason"])
        return self.back_url()


class EndExclusion(ChildFormPage):
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
        services.end_exclusion(self.case, by=self.person, exclusion=self.exclusion())
        return self.back_url()


class WhoHasLooked(ChildPage):
    """What the ledger says of this file."""

    action = Action.VIEW_LEDGER
    template_name = "cre_case/who_has_looked.jinja"

    def context(self) -> dict[str, Any]:
        number = page_number(self.request.GET.get("page", ""))
        events = ledger_of(self.case, page=number, per_page=LEDGER_PAGE)
        shown = events[:LEDGER_PAGE]
        people = User.objects.in_bulk({event.principal_id for event in shown if event.principal_id})
        return {
            **super().context(),
            "rows": [ledger_row(event, people) for event in shown],
            "pages": {"number": number, "more": len(events) > LEDGER_PAGE, "query": ""},
        }


class StateReason(RoleFormView):
    """Asks those with standing access to every file why they open this one. Shows nothing of the child."""

    action = Action.STATE_REASON
    form_class = forms.ReasonForm
    template_name = "cre_case/state_reason.jinja"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.case = CaseFile.objects.allowing(self.person, Action.VIEW_FILE).filter(pk=kwargs["case"]).first()
        if self.case is None or not standing_of(self.person).city_wide(Action.VIEW_FILE):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"reference": self.case.reference, "next": self.destination()}

    def destination(self) -> str:
        """Back to the page that was wanted, if it is one of this file."""
        own, wanted = f"/cases/{self.case.pk}/", self.request.GET.get("next", "")
        is_local = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return wanted if is_local and wanted.startswith(own) else own

    def perform(self, form: Any) -> str:
        services.state_reason(by=self.person, case=self.case, reason=form.cleaned_data["reason"])
        return self.destination()
