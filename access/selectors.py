"""Who can see a file and why, and who has looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from access.models import AuditEvent, CaseAccess, CaseFile
from access.roles import Level
from accounts.models import Membership, Team
from accounts.roles import Role

BY_NAME = (CaseAccess.Source.NAMED, CaseAccess.Source.ALLOCATION)  # what gives a restricted file to somebody


def grants_of(case: CaseFile) -> list[CaseAccess]:
    """Every grant ever made on the file, newest first; none unless the asker may see who has access."""
    rows = CaseAccess.objects.raw("SELECT * FROM sec.grants_of(%s) ORDER BY valid_from DESC, id DESC", [case.pk])
    return list(rows.prefetch_related("subject__team__agency", "subject__user", "granted_by", "ended_by"))


def is_live(grant: CaseAccess, now: datetime) -> bool:
    """The grant works at this moment."""
    return grant.valid_from <= now and (grant.valid_until is None or grant.valid_until > now)


def live_grant(case: CaseFile, wanted: int, source: str) -> CaseAccess | None:
    """A grant on the file that came in this way and works now."""
    now = timezone.now()
    found = (one for one in grants_of(case) if one.pk == wanted and one.source == source and is_live(one, now))
    return next(found, None)


def is_restricted(case: CaseFile) -> bool:
    """The file is open to named people alone, as the database has it now."""
    return bool(CaseFile.objects.filter(pk=case.pk, restricted_at__isnull=False).exists())


def named_with_role(case: CaseFile, role: Role, team: Team) -> bool:
    """Somebody with the role in the team is given the restricted file by name, to work on it."""
    now = timezone.now()
    named = [one.subject.user_id for one in grants_of(case) if one.source in BY_NAME and one.level >= Level.WORK
             and is_live(one, now)]  # fmt: skip
    live = Membership.objects.filter(role=role, team=team, ended_at__isnull=True, user__is_active=True)
    return live.filter(user__in=named).exists()


@dataclass(frozen=True, slots=True)
class KnownToExist:
    """A file that somebody only knows to exist: its reference and whom to ask ("" where nobody is there)."""

    case: UUID
    reference: str
    is_restricted: bool
    contact: str
    job_title: str
    phone: str


def known_to_exist(wanted: UUID) -> KnownToExist | None:
    """The file, if whoever is asking may only know that it exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sec.known_to_exist() WHERE case_id = %s", [wanted])
        found = cursor.fetchone()
    return as_known(found) if found else None


def as_known(row: Sequence[Any]) -> KnownToExist:
    case, reference, is_restricted, *contact = row
    return KnownToExist(case, reference, is_restricted, *(words or "" for words in contact))


@dataclass(frozen=True, slots=True)
class Emergency:
    """One opening of a file for a stated reason or in an emergency, and what its review found."""

    access: int
    case: UUID
    reference: str
    is_restricted: bool
    person: int
    person_name: str
    source: str
    reason: str
    since: datetime
    until: datetime
    was_needed: bool | None
    finding: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None


def emergencies(*, page: int, per_page: int, wanted: int | None = None) -> list[Emergency]:
    """Such openings, or one of them, one more than a page: what waits for review first, the oldest on top.

    Nothing but for auditors.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sec.emergencies(%s, %s, %s)", [wanted, per_page + 1, (page - 1) * per_page])
        return [Emergency(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class OverdueReview:
    """A file opened in an emergency that nobody reviewed in time."""

    case: UUID
    reference: str
    person_name: str
    since: datetime


def overdue_reviews() -> list[OverdueReview]:
    """Of the files that the asker manages, those opened in an emergency more than `settings.EMERGENCY_REVIEW_DAYS` ago
    and not reviewed since, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sec.overdue_reviews(make_interval(days => %s))", [settings.EMERGENCY_REVIEW_DAYS])
        return [OverdueReview(*row) for row in cursor.fetchall()]


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
