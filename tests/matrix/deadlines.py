"""The rows of clocks and notices, and what of them a file in the matrix holds."""

from datetime import timedelta

from django.utils import timezone

from access.models import CaseFile
from access.parts import Label
from accounts.models import Agency, Notice, User
from deadlines.models import Breach, Deadline, Reminder
from tests.matrix.vocabulary import CASEWORKERS, FORM, SOCIAL_CARE, TM, AnyoneSignedIn, ForRole, OnFile, Rows

ROWS: Rows = {
    "due": ForRole(SOCIAL_CARE),
    "case_due": OnFile(SOCIAL_CARE),
    "record_breach": OnFile(frozenset({TM}), FORM),  # a manager says why
    "notices": AnyoneSignedIn(),
    "confirm_contact": OnFile(CASEWORKERS, FORM),
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """One row in each table, each with its part's canary; returns the ids that addresses need."""
    now = timezone.now()
    limit, hidden = now - timedelta(days=3), word[Label.CASEWORK]
    about = {"case": case, "rule_version": "1", "started_at": limit - timedelta(days=9), "limit_at": limit,
             "limit_on": timezone.localdate(limit), "started_by": by}  # fmt: skip
    missed = Deadline.objects.create(**about, rule_id="TG-CPM", about="matrix")
    ended = Deadline.objects.create(
        **about, rule_id="TG-TAF", about="matrix", state="ended", ended_at=now, ended_by=by, end_reason=hidden
    )
    late = Deadline.objects.create(**about, rule_id="TG-GAP", about="matrix", state="late", ended_at=now, ended_by=by)
    Breach.objects.create(case=case, deadline=late, reason=hidden, approved_by=by)
    Reminder.objects.create(case=case, deadline=ended, step="due", recipient=by)
    Notice.objects.create(
        recipient=by, kind="due", reference="CRE-000042", path=f"/cases/{case.pk}/due/", mail=Notice.Mail.DIGEST
    )
    return {"deadline": missed.pk}
