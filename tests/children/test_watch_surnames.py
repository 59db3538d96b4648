"""Who opens the file of a child with their own surname is noted for the auditor, once a child (T2)."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from access import ledger
from access.principal import acting_as
from accounts.roles import Role
from children.tasks import watch_surnames
from tests.cre_case.makers import child_on, led_child, social_worker
from tests.database import rows, seeding
from tests.factories import CaseFileFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(monkeypatch):
    """The task, as the clock's own role, on this test's transaction."""
    monkeypatch.setattr("children.tasks.connections", {"clock": connection})

    def go() -> list[tuple]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            before = cursor.fetchone()[0]
            cursor.execute("SET LOCAL ROLE cre_worker")
            watch_surnames()
            cursor.execute(f"SET LOCAL ROLE {before}")
        return rows("SELECT person_id, amount FROM access_readingalert WHERE pattern = 'surname'")

    return go


def looks(user, *cases) -> None:
    with acting_as(user.pk):
        for case in cases:
            ledger.record(ledger.Kind.READ, action="view_file", case=case.pk)


def child_called(family: str):
    case = CaseFileFactory()
    child_on(case, "Maya", family)
    return case


@pytest.mark.parametrize("family", ["Thorne", "THORNE", "Thorne-Lund", "Lund Thorne"])
@pytest.mark.parametrize("reader", ["Jo Thorne", "Jo Okafor-Thorne", "Jo  thorne "])
def test_a_surname_in_common_is_noted(watched, reader, family):
    worker = social_worker(name=reader)
    looks(worker, child_called(family))
    assert watched() == [(worker.pk, 1)]


@pytest.mark.parametrize(("reader", "family"), [("Thorne Okafor", "Thorne"), ("Jo Thorne", "Thorn"), ("Jo", "Thorne"),
                                                ("Jo -", "Thorne")])  # fmt: skip
def test_another_surname_is_not(watched, reader, family):
    looks(social_worker(name=reader), child_called(family))
    assert watched() == []


def test_who_leads_on_the_child_is_not_noted(watched):
    worker = social_worker(name="Jo Thorne")
    looks(worker, led_child(worker, family="Thorne").case)
    assert watched() == []


def test_who_led_before_is(watched):
    worker = social_worker(name="Jo Thorne")
    child = led_child(worker, family="Thorne")
    with seeding():
        connection.cursor().execute("UPDATE access_allocation SET ended_at = started_at")
    looks(worker, child.case)
    assert watched() == [(worker.pk, 1)]


def test_a_file_that_was_opened_before_is_not_noted_again(watched):
    worker, case = social_worker(name="Jo Thorne"), child_called("Thorne")
    looks(worker, case)
    with seeding():
        connection.cursor().execute("UPDATE access_auditevent SET at = at - interval '3 hours'")
    looks(worker, case)
    assert watched() == []
    looks(worker, child_called("Thorne"))
    assert watched() == [(worker.pk, 1)]


def test_it_grows_and_is_one_line_a_day(watched):
    worker = social_worker(name="Jo Thorne")
    looks(worker, child_called("Thorne"))
    watched()
    looks(worker, child_called("Thorne"))
    assert watched() == [(worker.pk, 2)]


def test_nobody_but_the_clock_may_ask(db):
    refused = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(person(Role.AUDITOR).pk), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sec.watch_surnames()")


def test_it_is_asked_each_minute():
    assert settings.CELERY_BEAT_SCHEDULE["surnames"]["schedule"] == 60.0
