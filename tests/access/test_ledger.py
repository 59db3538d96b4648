"""The ledger: what cannot be recorded is not shown, and what is recorded cannot be changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from access import ledger
from access.actions import case_action
from access.models import CaseFile
from access.permissions import NotAllowed
from access.principal import acting_as
from access.roles import Action
from access.services import allocate, open_case
from accounts.roles import Role
from tests.database import rows
from tests.factories import CaseFileFactory, TeamFactory, agency, give, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return person(Role.SOCIAL_WORKER, TeamFactory(agency=agency(), receives_contacts=True))


def lines(using="default"):
    return rows("SELECT kind, action, principal_id, case_id, detail FROM access_auditevent ORDER BY at", using=using)


def test_the_database_itself_says_who_it_was(worker):
    with acting_as(worker.pk):
        ledger.record(ledger.Kind.READ, action=Action.VIEW_FILE, claimed_user="somebody else")
    ((_, _, principal, *_),) = lines()
    assert principal == worker.pk


def test_a_write_through_a_service_is_one_line_in_the_same_transaction(worker):
    case = open_case(by=worker, team=team_of(worker), reason="New contact")
    assert [(kind, action, principal, on) for kind, action, principal, on, _ in lines()] == [
        ("write", "open_case", worker.pk, case.pk)
    ]


def test_a_refused_write_is_a_line_that_survives_the_rollback(worker):
    case = CaseFileFactory()
    with pytest.raises(NotAllowed, match="Only a team manager"), transaction.atomic():
        allocate(case, by=worker, worker=worker, team=team_of(worker), reason="Mine")
    assert lines() == []
    ((kind, action, principal, on, detail),) = lines(using="ledger")
    assert (kind, action, principal, on) == ("denied", "allocate", worker.pk, case.pk)
    assert worker.username in detail


def test_what_cannot_be_recorded_is_not_done(worker, monkeypatch):
    monkeypatch.setattr(ledger, "_INSERT", "INSERT INTO no_such_ledger VALUES (%s)")
    with pytest.raises(ledger.LedgerUnavailable):
        open_case(by=worker, team=team_of(worker), reason="New contact")
    assert rows("SELECT count(*) FROM access_casefile") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_auditevent SET detail = 'nothing'",
        "DELETE FROM access_auditevent",
        "TRUNCATE access_auditevent",
        "SELECT * FROM access_auditevent",
        "INSERT INTO access_auditevent (id, kind, principal_id) VALUES (gen_random_uuid(), 'read', 1)",
        "DELETE FROM access_rowhistory",
        "SELECT * FROM access_rowhistory",
    ],
)
def test_the_runtime_role_can_only_add_lines(worker, statement):
    with acting_as(worker.pk), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_version_of_a_row_is_kept_with_who_wrote_it_even_for_raw_sql(worker):
    case = open_case(by=worker, team=team_of(worker), reason="New contact")
    with acting_as(worker.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE access_casefile SET id = id WHERE id = %s", [case.pk])
        assert cursor.rowcount == 1
    kept = rows(
        "SELECT operation, principal_id, before ->> 'reference', after ->> 'reference' FROM access_rowhistory "
        "WHERE table_name = 'access_casefile' AND case_id = %s ORDER BY id",
        case.pk,
    )
    same = case.reference
    assert kept == [("INSERT", worker.pk, None, same), ("UPDATE", worker.pk, same, same)]


@pytest.mark.parametrize("column", ["reference", "opened_at", "opened_by_id", "closed_at"])
def test_what_a_file_is_called_and_when_it_was_opened_or_closed_is_never_changed_by_hand(worker, column):
    case = open_case(by=worker, team=team_of(worker), reason="New contact")
    with acting_as(worker.pk), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute(f"UPDATE access_casefile SET {column} = NULL WHERE id = %s", [case.pk])
        transaction.set_rollback(True)


def test_a_door_locks_the_file_while_its_service_runs(worker):
    seen = []

    @case_action(Action.ADD_NOTE)
    def look(case, *, by):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE relation = 'access_casefile'::regclass"
                " AND mode = 'RowShareLock' AND pid = pg_backend_pid()"
            )
            seen.append(cursor.fetchone()[0])

    case = CaseFileFactory()
    give(case, worker)
    look(case, by=worker)
    assert seen == [1]


def test_a_service_without_by_does_not_run(worker):
    with pytest.raises(TypeError):
        allocate(CaseFileFactory(), worker=worker, team=team_of(worker), reason="x")


def test_nobody_but_the_acting_person_is_the_principal_after_a_service(worker):
    open_case(by=worker, team=team_of(worker), reason="New contact")
    assert not CaseFile.objects.exists()
