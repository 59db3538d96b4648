"""What has happened on a file, in every part of it: the one list that reads across the packages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from access.models import CaseFile
from access.roles import Action
from accounts.models import User
from children import selectors as children
from children.selectors import TimelineItem
from cre_case.models import CaseworkEvent
from meetings.models import Meeting
from offer.closing import ClosingReason
from offer.duties import DUTIES
from plans.models import SafetyPlan

KINDS: Mapping[str, str] = {
    **children.TIMELINE_KINDS,
    "assessments": "Assessments and tiers",
    "reports": "Mandatory reports",
    "safety": "Safety plans and copies",
    "meetings": "Meetings",
    "referrals": "Referrals",
    "closing": "Closing",
}
MEETINGS = dict(Meeting._meta.get_field("kind").choices or ())


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of event of `CaseworkEvent`.

    Args:
        kind: a key of `KINDS`. action: without it, no such event is seen. page: the URL name of the page of the file
            that shows it. title: what to say, from the event's detail.
    """

    kind: str
    action: Action
    page: str
    title: Callable[[str], str]


SORTS: Mapping[str, Sort] = {
    "assessment": Sort(
        "assessments", Action.VIEW_ASSESSMENTS, "assessments", lambda _: "Risk assessment submitted"
    ),
    "tier": Sort(
        "assessments", Action.VIEW_TIER_REASONS, "assessments",
        lambda tier: "No current concern" if tier == "none" else f"Tier: {tier.capitalize()}",
    ),
    "to_report": Sort("reports", Action.VIEW_REPORTS, "reports", lambda rule: f"To report: {DUTIES[rule].title}"),
    "reported": Sort("reports", Action.VIEW_REPORTS, "reports", lambda rule: f"Reported: {DUTIES[rule].title}"),
    "safety_plan": Sort(
        "safety", Action.VIEW_SAFETY_PLAN, "safety_plan", lambda kind: f"{SafetyPlan.Kind(kind).label} in force"
    ),
    "copy": Sort("safety", Action.VIEW_COPIES, "copies", lambda name: f"Copy of the plan for {name}"),
    "meeting": Sort("meetings", Action.VIEW_MEETINGS, "case_meetings", lambda kind: f"{MEETINGS[kind]} held"),
    "referral": Sort("referrals", Action.VIEW_REFERRALS, "case_referrals", lambda service: f"Referred to {service}"),
    "closed": Sort(
        "closing", Action.VIEW_DEADLINES, "closing", lambda why: f"File closed: {ClosingReason[why.upper()].value}"
    ),
    "reopened": Sort("closing", Action.VIEW_DEADLINES, "closing", lambda _: "File opened again"),
    "answer": Sort(
        "referrals", Action.VIEW_REFERRALS, "case_referrals", lambda service: f"{service} answered the referral"
    ),
}  # fmt: skip


def history(case: CaseFile, user: User, *, kind: str = "", limit: int = 10) -> list[TimelineItem]:
    """What has happened, newest first: one kind of `KINDS`, or everything. Two queries, however many there are.

    A record this person may not see is no event for them either.
    """
    found: list[TimelineItem] = []
    if not kind or kind in children.TIMELINE_KINDS:
        found += children.timeline(case, user, kinds=[kind] if kind else (), limit=limit)
    wanted = {name: (sort.action,) for name, sort in SORTS.items() if kind in ("", sort.kind)}
    if wanted:
        events = CaseworkEvent.objects.allowing_each(user, wanted).filter(case=case.pk)
        found += [_item(event) for event in events.order_by("-at", "-pk")[:limit]]
    return sorted(found, key=lambda item: item.at, reverse=True)[:limit]


def _item(event: CaseworkEvent) -> TimelineItem:
    sort = SORTS[event.kind]
    return TimelineItem(event.at, sort.title(event.detail), event.by, event.text, sort.page, event.pk, sort.kind)
