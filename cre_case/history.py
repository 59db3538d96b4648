"""What has happened on a file, in every part of it: the one list that reads across the packages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, Q, TextField, Value
from django.db.models.functions import Cast

from access.models import CaseFile
from access.roles import Action
from accounts.models import User
from assessments.models import Assessment, EffectiveTier
from children import selectors as children
from duties.models import MandatoryReport
from meetings.models import Meeting
from offer.duties import DUTIES
from plans.models import Copy, SafetyPlan
from referrals.models import Referral

KINDS: Mapping[str, str] = {
    **children.TIMELINE_KINDS,
    "assessments": "Assessments and tiers",
    "reports": "Mandatory reports",
    "safety": "Safety plans and copies",
    "meetings": "Meetings",
    "referrals": "Referrals",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One sort of event, and where it is written down.

    Args:
        kind: a key of `KINDS`. action: without it, none of these records is seen.
        at, by, text, about: fields of the record: when it happened, whose doing it was, what to say of it, and what
            `title` is told. only: which records there are such an event of.
        page: the URL name of the page of the file that shows it.
    """

    kind: str
    model: Any
    action: Action
    at: str
    by: str
    title: Callable[[str], str]
    page: str
    about: str = ""
    text: str = ""
    only: Q = field(default_factory=Q)


def _tier(tier: str) -> str:
    return "No current concern" if tier == "none" else f"Tier: {tier.capitalize()}"


def _plan(kind: str) -> str:
    return f"{SafetyPlan.Kind(kind).label} in force"


def _meeting(kind: str) -> str:
    return f"{dict(Meeting._meta.get_field('kind').choices or ())[kind]} held"


SOURCES = (
    Source(
        kind="assessments", model=Assessment, action=Action.VIEW_ASSESSMENTS, at="submitted_at", by="author__name",
        only=Q(submitted_at__isnull=False), title=lambda _: "Risk assessment submitted", page="assessments",
    ),
    Source(
        kind="assessments", model=EffectiveTier, action=Action.VIEW_TIER_REASONS, at="from_at", by="set_by__name",
        about="tier", title=_tier, page="assessments",
    ),
    Source(
        kind="reports", model=MandatoryReport, action=Action.VIEW_REPORTS, at="opened_at", by="author__name",
        about="rule_id", title=lambda rule: f"To report: {DUTIES[rule].title}", page="reports",
    ),
    Source(
        kind="reports", model=MandatoryReport, action=Action.VIEW_REPORTS, at="reported_at", by="reporter__name",
        only=Q(reported_at__isnull=False), about="rule_id", title=lambda rule: f"Reported: {DUTIES[rule].title}",
        page="reports",
    ),
    Source(
        kind="safety", model=SafetyPlan, action=Action.VIEW_SAFETY_PLAN, at="approved_at", by="approved_by__name",
        only=Q(approved_at__isnull=False), about="kind", title=_plan, page="safety_plan",
    ),
    Source(
        kind="safety", model=Copy, action=Action.VIEW_COPIES, at="asked_at", by="author__name", about="recipient_name",
        title=lambda name: f"Copy of the plan for {name}", page="copies",
    ),
    Source(
        kind="meetings", model=Meeting, action=Action.VIEW_MEETINGS, at="held_at", by="chair_name", about="kind",
        only=Q(held_at__isnull=False), text="summary", title=_meeting, page="case_meetings",
    ),
    Source(
        kind="referrals", model=Referral, action=Action.VIEW_REFERRALS, at="sent_at", by="author__name",
        about="service__name", title=lambda service: f"Referred to {service}", page="case_referrals",
    ),
    Source(
        kind="referrals", model=Referral, action=Action.VIEW_REFERRALS, at="answered_at", by="answered_by__name",
        only=Q(answered_at__isnull=False), about="service__name", text="answer",
        title=lambda service: f"{service} answered the referral", page="case_referrals",
    ),
)  # fmt: skip


def history(case: CaseFile, user: User, *, kind: str = "", limit: int = 10) -> list[children.TimelineItem]:
    """What has happened, newest first: one kind of `KINDS`, or everything. Two queries, however many there are.

    A record this person may not see is no event for them either.
    """
    found: list[children.TimelineItem] = []
    if not kind or kind in children.TIMELINE_KINDS:
        found += children.timeline(case, user, kinds=[kind] if kind else (), limit=limit)
    sources = [(place, source) for place, source in enumerate(SOURCES) if kind in ("", source.kind)]
    found += _items([_events(case, user, place, source, limit) for place, source in sources], limit)
    return sorted(found, key=lambda item: item.at, reverse=True)[:limit]


def _events(case: CaseFile, user: User, place: int, source: Source, limit: int) -> Any:
    words = {"said": source.text, "about_what": source.about}
    fields = {name: Cast(F(field) if field else Value(""), TextField()) for name, field in words.items()}
    records = source.model.objects.allowing(user, source.action).filter(source.only, case=case)
    rows = records.annotate(
        source=Value(place), at=Cast(source.at, DateTimeField()), whose=Cast(source.by, CharField()), **fields
    )  # fmt: skip
    return rows.order_by("-at", "-pk").values_list("at", "pk", "source", "whose", "said", "about_what")[:limit]


def _items(queries: Iterable[Any], limit: int) -> list[children.TimelineItem]:
    first, *others = list(queries) or [None]
    if first is None:
        return []
    rows = first.union(*others, all=True).order_by("-at", "-pk")[:limit] if others else first
    return [_item(*row) for row in rows]


def _item(at: datetime, pk: int, place: int, whose: str | None, said: str, about: str) -> children.TimelineItem:
    source = SOURCES[place]
    return children.TimelineItem(at, source.title(about), whose or "", said, source.page, pk, source.kind)
