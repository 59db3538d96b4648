"""The worklist and search."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone

from access.roles import Action
from access.standing import standing_of
from access.views import CaseListView
from accounts.models import User
from children.models import Child
from children.names import SHORTEST_SEARCH
from children.views.notes import page_number
from cre_case.presenters import worklist_row
from cre_case.selectors import WorklistFilter, found, tab_counts, with_row_facts, worklist

PER_PAGE = 25
MOST_FOUND = 50
TAB_NAMES = {"mine": "Mine", "team": "My teams", "unallocated": "To assign", "all": "All I can see"}
KEPT = ("q", "send", "age", "unseen")  # what the filter keeps in the address
AGES = (("", "Any age"), ("under13", "Under 13"), ("13to16", "13 to 16"), ("17", "17 and over"))
UNSEEN = (("", "Any"), ("10", "10 days"), ("28", "28 days"), ("90", "90 days"))


def tabs_for(user: User) -> tuple[str, ...]:
    """The tabs that can hold anything for this person's roles."""
    standing = standing_of(user)
    leads, manages = standing.allows(Action.ADD_NOTE), standing.allows(Action.ALLOCATE)
    return tuple(
        tab for tab, shown in (("mine", leads), ("team", leads), ("unallocated", manages), ("all", True)) if shown
    )


def read_filter(query: Any, tabs: tuple[str, ...]) -> WorklistFilter:
    """The filter in the address; anything that makes no sense there narrows nothing."""
    days = query.get("unseen", "")
    return WorklistFilter(
        tab=query.get("tab") if query.get("tab") in tabs else tabs[0],
        named=query.get("q", "").replace("\x00", "").strip()[:100],
        send=query.get("send") if query.get("send") in Child.SendStatus.values else "",
        age=query.get("age") if query.get("age") in dict(AGES) else "",
        unseen_days=int(days) if days and days in dict(UNSEEN) else None,
    )


class Worklist(CaseListView):
    """My children: who needs me, longest unseen first."""

    action = Action.LIST_CHILDREN
    template_name = "cre_case/worklist.jinja"

    def context(self) -> dict[str, Any]:
        tabs, today = tabs_for(self.person), timezone.localdate()
        narrowed = read_filter(self.request.GET, tabs)
        number = page_number(self.request.GET.get("page", ""))
        rows = worklist(self.person, narrowed, today).select_related("case")
        page = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
        self.children = with_row_facts(self.person, page[:PER_PAGE])
        counts = tab_counts(self.person, tabs)
        kept = {
            key: value for key, value in self.request.GET.items() if key in ("q", "send", "age", "unseen") and value
        }
        return {
            "rows": [worklist_row(child, today) for child in self.children],
            "narrowed": narrowed,
            "ages": AGES,
            "unseen": UNSEEN,
            "send": (("", "Any"), *Child.SendStatus.choices),
            "tabs": [
                {"text": TAB_NAMES[tab], "count": counts[tab], "current": tab == narrowed.tab,
                 "href": "?" + urlencode({"tab": tab, **kept})}
                for tab in tabs
            ],
            "pages": {"number": number, "more": len(page) > PER_PAGE, "query": query},
            "may_record": standing_of(self.person).allows(Action.OPEN_CASE),
        }  # fmt: skip

    def listed(self) -> list[UUID]:
        return [child.case_id for child in self.children]


class Search(CaseListView):
    """Finds a child by name (misspelt too), reference or NHS number."""

    action = Action.LIST_CHILDREN
    template_name = "cre_case/search.jinja"

    def context(self) -> dict[str, Any]:
        query = self.request.GET.get("q", "").replace("\x00", "").strip()[:100]
        self.children = found(self.person, query, MOST_FOUND) if query else []
        today = timezone.localdate()
        return {
            "query": query,
            "rows": [worklist_row(child, today) for child in self.children],
            "shortest": SHORTEST_SEARCH,
            "too_many": len(self.children) == MOST_FOUND,
        }

    def listed(self) -> list[UUID]:
        return [child.case_id for child in self.children]
