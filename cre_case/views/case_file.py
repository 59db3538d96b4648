"""The case file's overview, and who leads on it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Concat, JSONObject, Trim
from django.urls import reverse
from django.utils import timezone

from access import services
from access.models import CaseFile
from access.roles import Action
from accounts.models import Membership
from children.models import Address, CaseNote, ChildProfile, Contact, OtherPlan, Person
from children.views.base import ChildFormPage, ChildPage
from cre_case import forms
from cre_case.case_state import state_of_work
from cre_case.history import KINDS, history
from cre_case.presenters import (
    DONE_TO_FILE,
    RECORDED,
    buttons,
    due_task,
    event_row,
    involved_rows,
    key_facts,
    menu,
    post_choice,
)
from cre_case.selectors import grant_lines, posts_to_choose
from deadlines.selectors import due_of
from ui.jinja import query_string

DUE_AT_FIRST = 5
SHOWN_AT_FIRST = 10
SHOWN_AT_MOST = 200
RELATIVE = JSONObject(name="name", relationship="relationship")
WORDS = JSONObject(words="child_words", at="happened_at")


class CaseFilePage(ChildPage):
    """The overview: key facts, who is involved, and what has happened."""

    action = Action.VIEW_FILE
    asks = (*(action for _, _, action in (*RECORDED, *DONE_TO_FILE)), Action.EDIT_CHILD,
            Action.VIEW_ASSESSMENTS)  # fmt: skip
    template_name = "cre_case/case_file.jinja"

    def children(self) -> Any:
        """The child with the key facts, each as far as this person may know it, in one query."""
        homes = self.facts(Address, Action.VIEW_LOCATION).filter(until_on__isnull=True, confidential=False)
        address = Trim(Concat("lines", Value(" "), "postcode", output_field=CharField()))
        people = self.facts(Person, Action.VIEW_NETWORK).filter(lives_with_child="yes", ended_at__isnull=True)
        plans = self.facts(OtherPlan, Action.VIEW_FILE).filter(ended_on__isnull=True)
        said = self.facts(CaseNote, Action.VIEW_NOTES).exclude(child_words="").order_by("-happened_at", "-pk")
        return (
            super()
            .children()
            .annotate(
                homes=ArraySubquery(homes.order_by("kind").values(shown=address)),
                lives_with=ArraySubquery(people.order_by("name").values(one=RELATIVE)),
                plans=ArraySubquery(plans.order_by("started_on").values("kind")),
                school=Subquery(self.facts(ChildProfile, Action.VIEW_PROFILE).values("school")),
                own_words=Subquery(said.values(one=WORDS)[:1]),
            )
        )

    def facts(self, model: Any, action: Action) -> Any:
        return model.objects.allowing(self.person, action).filter(case=OuterRef("case"))

    def context(self) -> dict[str, Any]:
        base, allowed = super().context(), self.allowed
        grants = grant_lines(self.case) if Action.VIEW_ACCESS in allowed else []
        due = list(due_of(self.case, self.person)[: DUE_AT_FIRST + 1]) if Action.VIEW_DEADLINES in allowed else []
        return {
            **base,
            **self.history(),
            "title": "Overview",
            "due": [due_task(clock, timezone.now()) for clock in due[:DUE_AT_FIRST]],
            "more_due": len(due) > DUE_AT_FIRST,
            "facts": [*self.state(), *(key_facts(self.child) if self.child else [])],
            "contact": None if self.child else self.contact(),
            "involved": involved_rows(vars(self.case)["lead"], grants),
            "menu": menu(self.case, allowed),
            "buttons": buttons(self.case, allowed, DONE_TO_FILE) if self.shows_buttons() else [],
            "may_create": self.child is None and Action.EDIT_CHILD in allowed,
        }

    def state(self) -> list[dict[str, str]]:
        """For whoever sees all it is read from, what is being done now: of its own assessments alone a school would be
        told something else."""
        if not {Action.VIEW_ASSESSMENTS, Action.VIEW_CONTACTS, Action.VIEW_DEADLINES} <= self.allowed:
            return []
        return [{"key": "State of the work", "value": state_of_work(self.case, self.person).value}]

    def shows_buttons(self) -> bool:
        """With the reason where a role may not; on a closed file nobody may, and the page says that it is closed."""
        return Action.VIEW_ACCESS in self.allowed and self.case.closed_at is None

    def contact(self) -> Any:
        """While there is no child: the contact the file was opened for."""
        return self.records(Contact, Action.VIEW_CONTACTS).order_by("received_at", "pk").first()

    def history(self) -> dict[str, Any]:
        asked = self.request.GET
        kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
        shows_all = asked.get("all") == "yes"
        limit = SHOWN_AT_MOST if shows_all else SHOWN_AT_FIRST
        items = history(self.case, self.person, kind=kind, limit=limit + 1)
        kinds = [("", "Everything"), *KINDS.items()]
        here = "#history"
        return {
            "timeline": [event_row(item, self.case) for item in items[:limit]],
            "more": query_string({"kind": kind}, all="yes") + here if len(items) > limit and not shows_all else "",
            "kinds": [
                {"text": text, "href": query_string({}, kind=value) + here, "current": value == kind}
                for value, text in kinds
            ],
        }


class Allocate(ChildFormPage):
    """Who leads on the file from now."""

    action = Action.ALLOCATE
    form_class = forms.AllocateForm
    title = "Allocate to a social worker"
    button = "Allocate"
    intro = "The worker and the team that had the file before lose it when you allocate it."
    back_to = "case_file"

    def form_options(self) -> dict[str, Any]:
        return {"workers": [post_choice(post) for post in posts_to_choose(self.case, self.person)]}

    def perform(self, form: Any) -> str:
        post = Membership.objects.select_related("user", "team").get(pk=form.cleaned_data["worker"])
        reason = form.cleaned_data["reason"]
        services.allocate(self.case, by=self.person, worker=post.user, team=post.team, reason=reason)
        self.success_message = f"{self.case.reference} is allocated to {post.user.name}, {post.team.name}."
        # Handing a file to another team may end this person's own access to it.
        still = CaseFile.objects.allowing(self.person, Action.VIEW_FILE).filter(pk=self.case.pk).exists()
        return self.back_url() if still else reverse("worklist")
