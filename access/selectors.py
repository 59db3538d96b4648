"""Who can see a file and why, and who has looked at it."""

from datetime import datetime

from access.models import AuditEvent, CaseAccess, CaseFile


def grants_of(case: CaseFile) -> list[CaseAccess]:
    """Every grant ever made on the file, newest first; none unless the asker may see who has access."""
    rows = CaseAccess.objects.raw("SELECT * FROM sec.grants_of(%s) ORDER BY valid_from DESC, id DESC", [case.pk])
    return list(rows.prefetch_related("subject__team__agency", "subject__user", "granted_by", "ended_by"))


def is_live(grant: CaseAccess, now: datetime) -> bool:
    """The grant works at this moment."""
    return grant.valid_from <= now and (grant.valid_until is None or grant.valid_until > now)


def ledger_of(case: CaseFile, *, page: int, per_page: int = 50) -> list[AuditEvent]:
    """What the ledger says of the file, newest first; nothing unless the asker may read the ledger.

    One more line than a page is read, so that the caller knows whether there is another page.
    """
    rows = AuditEvent.objects.raw(
        "SELECT * FROM sec.ledger_of(%s, %s, %s)", [case.pk, per_page + 1, (page - 1) * per_page]
    )
    return list(rows)
