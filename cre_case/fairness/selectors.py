"""Decisions on tiers, counted by what is recorded of the child, as far as whoever asks may read both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from access.roles import Action
from accounts.models import User
from assessments.models import TierDecision
from children.codes import ETHNICITIES
from children.models import Child, ChildProfile

NOT_RECORDED = "Not recorded"
BANDS = ((10, "Under 10"), (13, "10 to 12"), (16, "13 to 15"), (18, "16 and 17"))
OLDEST = "18 or over"


class Median(Aggregate):
    """The middle one of the values, by PostgreSQL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Counted:
    """Decisions on the children of one group: how many, how many differ from what was proposed, the median time from
    proposal to decision."""

    group: str
    decisions: int
    changed: int
    time: timedelta


def _of_child(user: User, field: str) -> Any:
    return Subquery(Child.objects.allowing(user, Action.VIEW_FILE).filter(case=OuterRef("case")).values(field)[:1])


def _of_profile(user: User, field: str) -> Any:
    profiles = ChildProfile.objects.allowing(user, Action.VIEW_PROFILE)
    return Subquery(profiles.filter(case=OuterRef("case")).values(field)[:1])


def _age(user: User) -> Any:
    born = _of_child(user, "date_of_birth")
    return Func(F("decided_at"), born, template="EXTRACT(YEAR FROM AGE(%(expressions)s))", output_field=IntegerField())


GROUPS: Mapping[str, tuple[str, Callable[[User], Any], Mapping[Any, str]]] = {
    "ethnicity": ("Ethnicity", lambda user: _of_profile(user, "ethnicity"), dict(ETHNICITIES)),
    "sex": ("Sex", lambda user: _of_profile(user, "sex"), dict(ChildProfile.Sex.choices)),
    "send": ("Special educational needs", lambda user: _of_child(user, "send_status"), dict(Child.SendStatus.choices)),
    "age": ("Age at the decision", _age, {}),
}


def decisions_by(user: User, group: str, since: datetime) -> list[Counted]:
    """Decisions since a moment, by group in the order of its words. One query."""
    _, of, words = GROUPS[group]
    decisions = TierDecision.objects.allowing(user, Action.VIEW_TIER_REASONS).filter(decided_at__gte=since)
    decisions = decisions.annotate(recorded=of(user))
    key = _band() if group == "age" else F("recorded")
    found = decisions.annotate(group=key).values("group").annotate(
        decisions=Count("pk"),
        changed=Count("pk", filter=~Q(decided=F("proposal__proposed"))),
        time=Median(F("decided_at") - F("proposal__submitted_at")),
    )  # fmt: skip
    rows = [
        Counted(words.get(one["group"], one["group"]) or NOT_RECORDED, one["decisions"], one["changed"], one["time"])
        for one in found.order_by()
    ]  # fmt: skip
    order = [*words.values(), *(name for _, name in BANDS), OLDEST, NOT_RECORDED]
    return sorted(rows, key=lambda row: order.index(row.group))


def _band() -> Case:
    bands = (When(recorded__lt=below, then=Value(name)) for below, name in BANDS)
    return Case(When(recorded__isnull=True, then=Value(NOT_RECORDED)), *bands, default=Value(OLDEST))
