"""From records to what the pages across packages show."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from access.models import AuditEvent, CaseAccess
from access.parts import LABEL_NAMES, Label
from access.roles import Level
from accounts.models import User
from children.models import Child
from offer.ages import age_on

# What each page is called in "who has looked".
PAGE_NAMES = {
    "CaseFilePage": "Overview",
    "Details": "Details",
    "People": "Family and people",
    "Notes": "Visits and notes",
    "CaseContacts": "Contacts",
    "ContactPage": "A contact",
    "WhoCanSee": "Who can see this file",
    "WhoHasLooked": "Who has looked",
}


def worklist_row(child: Any, today: date) -> dict[str, Any]:
    """A child as a row: what a worker needs to see to know who comes first."""
    age = age_on(child.date_of_birth, today) if child.date_of_birth else None
    tags = []
    if child.send_status in (Child.SendStatus.RECORDED, Child.SendStatus.SUSPECTED):
        tags.append("SEND" if child.send_status == Child.SendStatus.RECORDED else "SEND suspected")
    if age is not None and age < 13:
        tags.append("Under 13")
    return {
        "name": str(child),
        "href": reverse("case_file", args=[child.case_id]),
        "age": "Age not known" if age is None else f"Age {age}",
        "reference": child.case.reference,
        "tags": tags,
        "lead": child.lead.worker.name if child.lead else "Not allocated",
        "since": child.lead.started_at if child.lead else None,
        "plans": [plan.get_kind_display() for plan in child.plans],
        "last_seen": getattr(child, "last_seen", None),
    }


def grant_row(grant: CaseAccess, now: datetime) -> dict[str, Any]:
    """A grant in words."""
    holder = grant.subject.team or grant.subject.user
    return {
        "pk": grant.pk,
        "who": str(holder),
        "how": grant.get_source_display(),
        "parts": [LABEL_NAMES[Label(label)] for label in sorted(grant.labels)],
        "level": "Look" if grant.level == Level.VIEW else "Look and work",
        "purpose": grant.purpose,
        "reason": grant.reason,
        "by": grant.granted_by.name,
        "since": grant.valid_from,
        "until": grant.valid_until,
        "ended_by": grant.ended_by.name if grant.ended_by else "",
        "is_share": grant.source == CaseAccess.Source.SHARE,
        "is_live": grant.valid_from <= now and (grant.valid_until is None or grant.valid_until > now),
    }


def ledger_row(event: AuditEvent, people: dict[int, User]) -> dict[str, Any]:
    """A line of the ledger in words."""
    person = people.get(event.principal_id or 0)
    return {
        "who": person.name if person else "Not signed in",
        "job": person.job_title if person else "",
        "at": event.at,
        "did": AuditEvent.Kind(event.kind).label,
        "what": PAGE_NAMES.get(event.record, event.action.replace("_", " ").capitalize()),
    }
