"""The ledger: each read, list, write and denial is a line, written in the transaction it speaks of.

What cannot be recorded cannot be shown. Denials go over a connection of their own, because the refused
request's transaction is rolled back.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections, transaction
from uuid6 import uuid7

from access.models import AuditEvent
from access.roles import Action

Kind = AuditEvent.Kind


class LedgerUnavailable(Exception):
    """The ledger could not be written, so the page must not be shown."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    request_id: UUID | None = None
    address: str | None = None


NO_ORIGIN = Origin()
current_origin: ContextVar[Origin] = ContextVar("origin", default=NO_ORIGIN)

_INSERT = """
INSERT INTO access_auditevent (id, kind, action, case_id, case_ids, record, detail, claimed_user, request_id, address)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    kind: AuditEvent.Kind,
    *,
    action: Action | str = "",
    case: UUID | None = None,
    cases: Iterable[UUID] | None = None,
    record: str = "",
    detail: str = "",
    claimed_user: str = "",
    using: str = "default",
) -> None:
    """Writes one line. Who did it is filled in by the database from the signed principal.

    Raises:
        LedgerUnavailable: the line could not be written; the caller's transaction is to be rolled back.
    """
    origin = current_origin.get()
    values: list[Any] = [
        uuid7(), str(kind), str(action), case, None if cases is None else list(cases),
        record[:120], detail[:500], claimed_user[:60], origin.request_id, origin.address,
    ]  # fmt: skip
    try:
        with transaction.atomic(using=using, savepoint=False), connections[using].cursor() as cursor:
            cursor.execute(_INSERT, values)
    except DatabaseError as error:
        raise LedgerUnavailable from error


def record_denial(kind: AuditEvent.Kind, *, action: Action | str, case: UUID | None = None, detail: str = "") -> None:
    """Writes a refused or fruitless attempt on the ledger's own connection, so that no rollback erases it."""
    record(kind, action=action, case=case, detail=detail, using="ledger")
