"""The worklist and search."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from access import ledger
from access.roles import Action
from access.selectors import OverdueReview, overdue_reviews, searches_lately
from access.standing import Standing, standing_of
from access.views import CaseListView
from accounts.roles import Role
from accounts.second_factor.proof import ask_for_proof, recently_proved
from children.names import SHORTEST_SEARCH, parts
from children.views.notes import page_number
from cre_case.forms import FilterForm, SearchForm
from cre_case.presenters import found_row, worklist_row
from cre_case.restriction.presenters import known_row, overdue_row
from cre_case.selectors import (
    MOST_FOUND,
    Answer,
    Tab,
    Worklist,
    search,
    workers_who_lead,
    worklist,
)
from ui.jinja import query_string

TAB_NAMES = {Tab.MINE: "My", Tab.TEAM: "Team", Tab.ALL: "All open to me", Tab.ASSIGN: "To assign", Tab.CLOSED: "Closed"}
EMPTY = {
    Tab.MINE: "No child is allocated to you.",
    Tab.TEAM: "Your team holds no file now.",
    Tab.ALL: "No file is open to you now.",
    Tab.ASSIGN: "Every child of your teams has a social worker.",
    Tab.CLOSED: "Your team keeps no closed file.",
}


def tabs_for(standing: Standing) -> tuple[Tab, ...]:
    """The tabs that can hold anything for this person's roles; the first is where they start."""
    if Role.SOCIAL_WORKER in standing.roles:
        tabs: tuple[Tab, ...] = (Tab.MINE, Tab.TEAM, Tab.ALL)
    else:
        tabs = (Tab.ALL,) if standing.city_wide(Action.VIEW_FILE) else (Tab.TEAM,)
    if standing.allows(Action.ALLOCATE):
        tabs = (*tabs, Tab.ASSIGN)
    return (*tabs, Tab.CLOSED) if standing.allows(Action.PROPOSE_CLOSING) else tabs


class MyChildren(CaseListView):
    """Who needs me: what is due first, then the longest unseen."""

    action = Action.LIST_CHILDREN
    template_name = "cre_case/worklist.jinja"
    page: Worklist
    unreviewed: Sequence[OverdueReview] = ()

    def context(self) -> dict[str, Any]:
        standing, asked = standing_of(self.person), self.request.GET
        tabs, sees_clocks = tabs_for(standing), standing.allows(Action.VIEW_DEADLINES)
        tab = Tab(asked["tab"]) if asked.get("tab") in tabs else tabs[0]
        may_assess = tab is Tab.MINE and standing.allows(Action.ASSESS)
        form = FilterForm(asked, leads=() if tab is Tab.MINE else workers_who_lead(self.person))
        self.page = worklist(self.person, tabs, tab, form.filters, page_number(asked.get("page", "")))
        if standing.allows(Action.RESTRICT):
            self.unreviewed = overdue_reviews()
        return {
            "title": "My children" if tab is Tab.MINE else TITLES[tab],
            "rows": [
                worklist_row(row, timezone.now(), sees_all=sees_clocks, may_assess=may_assess) for row in self.page.rows
            ],
            "sees_clocks": sees_clocks,
            "unreviewed": [overdue_row(one) for one in self.unreviewed],
            "form": form,
            "asks_lead": tab is not Tab.MINE,
            "tab": tab,
            "tabs": self.tabs(tabs, tab, form.kept),
            "listed": self.page.listed,
            "pages": {"number": self.page.page, "more": self.page.page < self.page.pages},
            "kept": {"tab": tab, **form.kept},
            "empty": "Nothing matches this filter." if form.kept else EMPTY[tab],
            "may_record": standing.allows(Action.OPEN_CASE),
            "searches_city": standing.city_wide(Action.VIEW_FILE),
        }

    def tabs(self, tabs: tuple[Tab, ...], current: Tab, kept: dict[str, str]) -> Any:
        counts = self.page.counts
        return [
            {
                "text": TAB_NAMES[tab],
                "count": counts[tab],
                "href": query_string(kept, tab=tab),
                "current": tab is current,
            }
            for tab in tabs
        ]

    def listed(self) -> list[UUID]:
        return [*(row.case.pk for row in self.page.rows), *(one.case for one in self.unreviewed)]


class Search(CaseListView):
    """Finds a child by name (misspelt too), reference or NHS number."""

    action = Action.LIST_CHILDREN
    template_name = "cre_case/search.jinja"
    answer: Answer | None = None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if "q" in request.GET and searches_lately() >= settings.MOST_SEARCHES and not recently_proved(request):
            return ask_for_proof(request)
        response = self.show()
        if self.answer is not None:
            words = f"Searched for: {self.form.cleaned_data['q']}"
            ledger.record(ledger.Kind.LIST, action=self.action, cases=self.listed(), detail=words)
        return response

    def context(self) -> dict[str, Any]:
        self.form = SearchForm(self.request.GET if "q" in self.request.GET else None)
        if self.form.is_valid() and not self.is_too_short(self.form.cleaned_data["q"]):
            self.answer = search(self.person, self.form.cleaned_data["q"])
        today, may_open = timezone.localdate(), standing_of(self.person).allows(Action.BREAK_GLASS)
        return {
            "title": "Find a child",
            "form": self.form,
            "rows": [found_row(one, today) for one in self.answer.found] if self.answer else [],
            "known": [known_row(one, may_open=may_open) for one in self.answer.known] if self.answer else [],
            "has_searched": self.answer is not None,
            "more": f"More than {MOST_FOUND} children match. Type more of the name."
            if self.answer and self.answer.more
            else "",
        }

    def is_too_short(self, words: str) -> bool:
        """Two letters would list the city."""
        if any(letter.isdecimal() for letter in words) or sum(map(len, parts(words))) >= SHORTEST_SEARCH:
            return False
        self.form.add_error("q", f"Enter at least {SHORTEST_SEARCH} letters of a name, a reference or an NHS number")
        return True

    def listed(self) -> list[UUID]:
        if self.answer is None:
            return []
        return [one.case.pk for one in self.answer.found] + [one.case for one in self.answer.known]


TITLES = {
    Tab.TEAM: "Team’s children",
    Tab.ALL: "Children open to me",
    Tab.ASSIGN: "To assign",
    Tab.CLOSED: "Closed files",
}
