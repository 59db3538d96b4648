"""Restricting a file, opening it in an emergency, and what came of it."""

from django.db import connection, transaction

from access.models import CaseFile
from access.parts import Label
from access.principal import acting_as
from access.roles import Level
from access.selectors import emergencies
from access.services import break_glass, restrict
from tests.database import rows

EMERGENCY = "She rang from the motorway and is alone"


def restricted(case, by, *, named=(), aware=(), ground="staff", reason="Her aunt works here"):
    restrict(case, by=by, ground=ground, reason=reason, named=named, aware=aware)
    return case


def about(**changes) -> dict:
    return {
        "labels": [Label.PLAN], "level": Level.VIEW, "purpose": "Tasking", "lawful_basis": "public_task",
        "reason": "He leads the operation",
    } | changes  # fmt: skip


def told() -> set[tuple[int, str]]:
    return set(rows("SELECT recipient_id, path FROM accounts_notice WHERE kind = 'emergency'"))


def asks(user, call: str, *arguments) -> None:
    with acting_as(user.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", arguments)


def opened(case, by, reason=EMERGENCY):
    break_glass(by=by, case=CaseFile(pk=case.pk), reason=reason)


def listed(user):
    with acting_as(user.pk):
        return emergencies(page=1, per_page=50)
