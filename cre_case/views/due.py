"""What is due: for one person, for a team, and on one file."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from access.roles import Action
from access.standing import standing_of
from access.views import CaseListView
from accounts.roles import OVERSEERS, Role
from children.models import Child
from children.views.base import ChildFormPage, ChildPage
from children.views.notes import page_number
from cre_case.forms import BreachForm
from deadlines.models import Deadline
from deadlines.presenters import breach_words, due_row, ended_row
from deadlines.selectors import KINDS, WITHIN, breaches_of, due_for, due_of, due_of_team, ended_of, narrowed
from deadlines.services import record_breach
from ui.jinja import query_string

PER_PAGE = 50
MOST_ENDED = 100
TABS = {"mine": ("Mine", due_for), "team": ("My team", due_of_team)}
ACT_THEMSELVES = OVERSEERS | {Role.SOCIAL_WORKER}  # whose own clocks come first; others look after a team's
WITHIN_WORDS = {"": "Any time", "overdue": "Overdue", "7": "Next 7 days, and overdue"}


class WhatIsDue(CaseListView):
    """Everything that is due, what runs out first first."""

    action = Action.VIEW_DEADLINES
    template_name = "cre_case/due.jinja"
    shown: list[Deadline]

    def context(self) -> dict[str, Any]:
        asked = self.request.GET
        start = "mine" if standing_of(self.person).roles & ACT_THEMSELVES else "team"
        tab = asked["tab"] if asked.get("tab") in TABS else start
        kept = {name: asked[name] for name, known in (("due", WITHIN), ("kind", KINDS)) if asked.get(name) in known}
        clocks = narrowed(TABS[tab][1](self.person), within=kept.get("due", ""), kind=kept.get("kind", ""))
        number = page_number(asked.get("page", ""))
        found = list(clocks.select_related("case", "owner")[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
        self.shown = found[:PER_PAGE]
        return {
            "title": "What is due",
            "tab": tab,
            "tabs": [
                {"text": words, "href": query_string(kept, tab=name), "current": name == tab}
                for name, (words, _) in TABS.items()
            ],
            "rows": self.rows(),
            "kept": {"tab": tab, **kept},
            "within": kept.get("due", ""),
            "kind": kept.get("kind", ""),
            "withins": list(WITHIN_WORDS.items()),
            "kinds": [("", "Everything"), *KINDS.items()],
            "pages": {"number": number, "more": len(found) > PER_PAGE},
        }

    def rows(self) -> list[dict[str, Any]]:
        now, cases = timezone.now(), {clock.case_id for clock in self.shown}
        children = Child.objects.allowing(self.person, Action.VIEW_FILE).filter(case__in=cases)
        names = {child.case_id: str(child) for child in children}
        return [
            {
                **due_row(clock, now),
                "child": names.get(clock.case_id, "New contact"),
                "reference": clock.case.reference,
                "href": reverse("case_due", args=[clock.case_id]),
            }
            for clock in self.shown
        ]

    def listed(self) -> list[UUID]:
        return sorted({clock.case_id for clock in self.shown})


class CaseDue(ChildPage):
    """The clocks of one file: those that run, and below those that have ended, with how."""

    action = Action.VIEW_DEADLINES
    asks = (Action.RECORD_BREACH,)
    template_name = "cre_case/case_due.jinja"

    def context(self) -> dict[str, Any]:
        now, breaches = timezone.now(), breaches_of(self.case, self.person)
        may_record = Action.RECORD_BREACH in self.allowed
        running = [due_row(clock, now) for clock in due_of(self.case, self.person)]
        ended = [ended_row(clock, now) for clock in ended_of(self.case, self.person)[:MOST_ENDED]]
        for row in (*running, *ended):
            known = breaches.get(row["pk"])
            row["breach"] = breach_words(known) if known else None
            row["may_explain"] = may_record and row["is_missed"] and known is None
        return {**super().context(), "title": "What is due", "running": running, "ended": ended}


class RecordBreach(ChildFormPage):
    """A manager says why a limit was missed."""

    action = Action.RECORD_BREACH
    form_class = BreachForm
    title = "Why was this limit missed?"
    button = "Record"
    back_to = "case_due"

    def context(self) -> dict[str, Any]:
        clock = due_row(self.record(Deadline, Action.VIEW_DEADLINES, "deadline"), timezone.now())
        return {**super().context(), "caption": clock["what"], "intro": f"The limit was {clock['due']['text']}."}

    def perform(self, form: Any) -> str:
        clock = self.record(Deadline, Action.RECORD_BREACH, "deadline")
        record_breach(clock, by=self.person, reason=form.cleaned_data["reason"])
        return self.back_url()
