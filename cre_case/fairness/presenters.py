"""Counts by group as the rows of a table, small numbers left out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings

from cre_case.fairness.selectors import Counted
from cre_case.fairness.suppression import suppressed

LEFT_OUT = "Too few to show"


def table_of(name: str, found: Sequence[Counted]) -> dict[str, Any]:
    """Each group: decisions, those that differ from what was proposed, days from proposal to decision at the median.

    Where the decisions are too few to show, so is all else of the group. Of the rest, those that differ and those that
    do not are each left out where they are too few.
    """
    smallest = settings.SMALLEST_COUNT
    decisions = suppressed([one.decisions for one in found], smallest)
    changed = suppressed([one.changed for one in found], smallest)
    rows = []
    for one, shown, differs in zip(found, decisions, changed, strict=True):
        same = one.decisions - one.changed
        tells = shown is None or differs is None or 0 < same < smallest
        rows.append([
            one.group,
            LEFT_OUT if shown is None else str(shown),
            LEFT_OUT if tells else f"{one.changed} ({one.changed / one.decisions:.0%})",
            LEFT_OUT if shown is None else days(one.time),
        ])  # fmt: skip
    return {"name": name, "rows": rows}


def days(time: timedelta) -> str:
    """Days with one digit after the point: "1.5"."""
    return f"{time / timedelta(days=1):.1f}"
