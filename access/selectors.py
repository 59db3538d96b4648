"""Who can see a file and why, and who has looked at it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

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


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """What an auditor looks for in the ledger; None where anything will do. `since` and `until` are aware."""

    who: int | None = None
    case: UUID | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def searches_lately() -> int:
    """How often whoever is asking searched for a child in the last hour, by the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.searches_lately()")
        return int(cursor.fetchone()[0])


def search_ledger(wanted: LedgerQuery, *, after: UUID | None = None, at_most: int) -> list[AuditEvent]:
    """Lines of the whole ledger, newest first.

    Args:
        after: the last line of the page before; None for the first page.

    Raises:
        DatabaseError: the asker is no auditor.
    """
    rows = AuditEvent.objects.raw(
        "SELECT * FROM sec.search_ledger(%s, %s, %s, %s, %s, %s, %s)",
        [wanted.who, wanted.case, wanted.kind, wanted.since, wanted.until, after, at_most],
    )
    return list(rows)
