"""What pages say of files that are only known of, and of those opened for a reason."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from access.models import CaseAccess
from access.selectors import Emergency, KnownToExist, OverdueReview
from accounts.models import User
from ui.dates import short_moment


def known_row(known: KnownToExist, *, may_open: bool) -> dict[str, str]:
    """A file of which only this may be said: that it is there, and whom to ask."""
    ask = ", ".join(words for words in (known.contact, known.job_title, known.phone) if words)
    return {
        "reference": known.reference,
        "what": "Restricted record" if known.is_restricted else "A record that is not shared with you",
        "ask": ask or "the team manager on duty",
        "open": reverse("break_glass", args=[known.case]) if may_open and known.is_restricted else "",
    }


def emergency_intro(known: KnownToExist) -> str:
    """What happens when somebody opens a restricted file in an emergency."""
    told = "Who leads on it, its managers and the auditors are told at once, and your reason is reviewed."
    ask = f"First try to reach {known.contact}{f', {known.phone}' if known.phone else ''}. " if known.contact else ""
    return f"{ask}The file opens to you for {settings.EMERGENCY_HOURS} hours, to look. {told}"


def emergency_row(one: Emergency, *, by: User, now: Any) -> dict[str, Any]:
    """One opening of a file for a reason: who, why, and what its review found."""
    in_emergency = one.source == CaseAccess.Source.BREAK_GLASS
    how = "Emergency" if in_emergency else "Standing access"
    return {
        "pk": one.access,
        "who": one.person_name,
        "how": f"{how}, restricted file" if one.is_restricted and not in_emergency else how,
        "reference": one.reference,
        "href": reverse("who_has_looked", args=[one.case]),
        "reason": one.reason,
        "when": short_moment(one.since),
        "finding": one.finding or "",
        "needed": "Needed" if one.was_needed else "Not needed",
        "reviewed": f"{one.reviewed_by}, {short_moment(one.reviewed_at)}" if one.reviewed_at else "",
        "overdue": one.reviewed_at is None and now - one.since > timedelta(days=settings.EMERGENCY_REVIEW_DAYS),
        "may_review": one.reviewed_at is None and one.person != by.pk,
    }


def overdue_row(one: OverdueReview) -> dict[str, str]:
    """A file whose opening in an emergency waits for its review, for the manager who answers for it."""
    return {
        "reference": one.reference,
        "href": reverse("who_has_looked", args=[one.case]),
        "who": one.person_name,
        "when": short_moment(one.since),
    }
