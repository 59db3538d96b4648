"""The reports of a file, as far as somebody may see them."""

from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from access.models import CaseFile
from access.querysets import allowed_records
from access.roles import Action
from accounts.models import User
from deadlines.models import Deadline
from duties.models import MandatoryReport

OPEN_FIRST = Case(When(state=MandatoryReport.State.OPEN, then=Value(0)), default=Value(1))


def reports_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Open ones first, then the newest. A partner sees those of its own agency."""
    found = MandatoryReport.objects.allowing(user, Action.VIEW_REPORTS).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("discovered_by", "reporter", "closed_by").order_by(
        OPEN_FIRST, "-opened_at", "-pk"
    )
    return ordered


def open_reports(case: CaseFile, user: User) -> QuerySet[Any]:
    """What is still to be reported."""
    return reports_of(case, user).filter(state=MandatoryReport.State.OPEN)


def clocks_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """The clocks of reports that run, as far as somebody may see clocks. A partner sees those it started."""
    running = Deadline.objects.filter(case=case, state=Deadline.State.OPEN, about__startswith="report:")
    mine = Q(started_by=user) | allowed_records(Deadline, user, Action.VIEW_DEADLINES)
    found: QuerySet[Any] = running.filter(mine).order_by("limit_at", "pk")
    return found
