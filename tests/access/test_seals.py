"""Seals: what anybody changes in the ledger afterwards is found, and the line is named."""

import csv
import io
import os
import random
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from access import ledger, sealing, verifier
from access.apps import CARRY_ON
from access.models import AuditEvent
from access.principal import acting_as
from accounts.roles import Role
from deadlines.selectors import seals as seals_part
from tests import database
from tests.counted import COUNTED
from tests.factories import person


def write_lines(worker, how_many: int) -> None:
    for number in range(how_many):
        with acting_as(worker.pk), transaction.atomic():
            # What a comma, a quotation mark, a line's end and a NULL's spelling might confuse.
            ledger.record(ledger.Kind.READ, action="view_file", record=f"Page “{number}”", detail='a,"b"\n\\N\t\\')


def seal_all(name: str) -> None:
    """One seal over every line there is, though a transaction of another test on this server may be older."""
    with database.admin_of(name) as admin:
        admin.execute("SELECT FROM sec.seal_up_to((SELECT max(position) + 1 FROM access_auditevent), 1000)")


def waits_for_another(admin: psycopg.Connection) -> bool:
    """Whether a transaction of another test's database is older than the last line."""
    older = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname <> current_database() "
        "AND backend_xid::text::bigint <= (SELECT max(position) FROM access_auditevent))"
    )
    return admin.execute(older).fetchone() == (True,)


@pytest.fixture
def sealed(committed):
    """Twenty lines under four seals, and a superuser's connection to them."""
    worker = person(Role.SOCIAL_WORKER)
    with database.admin_of(committed) as admin:
        for _ in range(4):
            write_lines(worker, 5)
            seal_all(committed)
        admin.autocommit = False
        yield admin
        admin.rollback()


def rows_of(admin: psycopg.Connection, query: str) -> list[list[str]]:
    with admin.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT {verifier.CSV}") as copied:
        text = b"".join(bytes(block) for block in copied).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def verdict_of(admin: psycopg.Connection, head: str = "") -> verifier.Verdict:
    lines, seals = rows_of(admin, verifier.LINES), rows_of(admin, verifier.SEALS)
    return verifier.verify(verifier.read_lines(lines), verifier.read_seals(seals), head)


def ids(admin: psycopg.Connection) -> list[str]:
    found = admin.execute("SELECT id::text FROM access_auditevent ORDER BY position, id").fetchall()
    return [row[0] for row in found]


def test_what_nobody_touched_is_as_sealed(sealed):
    verdict = verdict_of(sealed)
    assert (verdict.fault, verdict.seals, verdict.sealed, verdict.unsealed) == ("", 4, 20, 0)
    assert verdict_of(sealed, verdict.head) == verdict


def test_a_line_that_is_not_sealed_yet_is_counted_and_no_fault(sealed, committed):
    write_lines(person(Role.SOCIAL_WORKER), 1)
    assert verdict_of(sealed).unsealed == 1


def test_a_line_of_a_transaction_that_still_runs_is_left_for_the_next_seal(committed):
    """Else it would commit behind the seal, and look as if somebody had slipped it in."""
    worker = person(Role.SOCIAL_WORKER)
    with acting_as(worker.pk), transaction.atomic():
        ledger.record(ledger.Kind.READ, action="first to start, last to end")
        with acting_as(worker.pk):
            ledger.record(ledger.Kind.READ, action="quick", using="ledger")
        assert sealing.seal_ledger() == 0
    seal_all(committed)
    with database.admin_of(committed) as admin:
        assert verdict_of(admin).sealed == 2


def test_the_worker_seals_what_is_there_and_prints_the_head(committed, caplog):
    write_lines(person(Role.SOCIAL_WORKER), 3)
    with database.admin_of(committed) as admin:
        waits = waits_for_another(admin)
        lines = sealing.seal_ledger()
        assert lines == 3 or waits
        if lines:
            assert verdict_of(admin).head in caplog.text
            assert sealing.seal_ledger() == 0


CHANGES = {
    "what was done": "kind = 'list'", "who did it": "principal_id = 1", "who did it, to nobody": "principal_id = NULL",
    "when": "at = at + interval '1 microsecond'", "to which file": "case_id = gen_random_uuid()",
    "a list": "case_ids = ARRAY[gen_random_uuid()]", "an empty list": "case_ids = '{}'", "action": "action = ''",
    "record": "record = record || ' '", "detail": "detail = replace(detail, 'a', 'b')", "name": "claimed_user = 'x'",
    "request": "request_id = gen_random_uuid()", "address": "address = '10.0.0.1'", "place": "position = position - 1",
    "identity": "id = gen_random_uuid()",
}  # fmt: skip


def test_a_change_to_any_column_is_found_and_the_line_named(sealed):
    victim = ids(sealed)[7]
    for change in CHANGES.values():
        with sealed.transaction(force_rollback=True):
            sealed.execute(f"UPDATE access_auditevent SET {change} WHERE id = %s", [victim])
            fault = verdict_of(sealed).fault
        assert "seal 2" in fault, change
        if not change.startswith(("id", "position")):
            assert f"Line {victim} was changed" in fault, change


def test_every_column_of_a_line_is_sealed():
    """A column that is added to the ledger has to be added to the seal, and to CHANGES above."""
    columns = {field.column for field in AuditEvent._meta.concrete_fields}
    assert columns == {change.split(" = ")[0] for change in CHANGES.values()}


def test_a_line_taken_out_is_found_with_the_one_before_it(sealed):
    before, victim = ids(sealed)[6:8]
    sealed.execute("DELETE FROM access_auditevent WHERE id = %s", [victim])
    assert "1 line(s) of what was sealed are missing" in verdict_of(sealed).fault
    assert f"after line {before}" in verdict_of(sealed).fault


def test_a_line_put_in_afterwards_is_found(sealed):
    sealed.execute(
        "INSERT INTO access_auditevent (id, kind, action, record, detail, claimed_user, position) "
        "SELECT gen_random_uuid(), 'read', '', '', '', '', position FROM access_auditevent ORDER BY position LIMIT 1"
    )
    assert "1 line(s) were added" in verdict_of(sealed).fault


def test_two_lines_that_changed_places_are_found(sealed):
    first, second = ids(sealed)[2:4]
    swap = "UPDATE access_auditevent SET at = %s WHERE id = %s"
    times = dict(sealed.execute("SELECT id::text, at FROM access_auditevent").fetchall())
    sealed.execute(swap, [times[second], first])
    sealed.execute(swap, [times[first], second])
    assert f"Line {first} was changed" in verdict_of(sealed).fault


CHANGED_SEALS = {
    "UPDATE access_ledgerseal SET sealed_at = sealed_at + interval '1 hour' WHERE number = 2": "Seal 2 was changed",
    "UPDATE access_ledgerseal SET digest = sha256('') WHERE number = 2": "Seal 2 was changed",
    "UPDATE access_ledgerseal SET leaves = leaves || sha256('') WHERE number = 2": "Seal 2 was changed",
    "UPDATE access_ledgerseal SET ends = ends + 1 WHERE number = 2": "Seal 2 was changed",
    "UPDATE access_ledgerseal SET lines = lines + 1 WHERE number = 2": "Seal 2 was changed",
    "DELETE FROM access_ledgerseal WHERE number = 2": "Seal 2 is missing",
    "DELETE FROM access_ledgerseal WHERE number = 1": "Seal 1 is missing",
}


def test_a_change_to_the_seals_is_found(sealed):
    for statement, said in CHANGED_SEALS.items():
        with sealed.transaction(force_rollback=True):
            sealed.execute(statement)
            assert said in verdict_of(sealed).fault, statement


def test_an_end_cut_off_with_its_seals_is_found_by_a_head_that_was_kept(sealed):
    head = verdict_of(sealed).head
    (cut,) = sealed.execute("SELECT starts FROM access_ledgerseal WHERE number = 4").fetchone()
    sealed.execute("DELETE FROM access_ledgerseal WHERE number = 4")
    sealed.execute("DELETE FROM access_auditevent WHERE position >= %s", [cut])
    assert verdict_of(sealed).fault == ""  # by itself it is whole: this is why heads are kept elsewhere
    assert "Seal 4 is not the one whose head was kept" in verdict_of(sealed, head).fault


def tampering(chance: random.Random, sealed: psycopg.Connection) -> None:
    """One act of somebody who can do everything in the database but recall the printed heads."""
    every = ids(sealed)
    one, other = chance.sample(every, 2)
    match chance.randrange(6):
        case 0:
            change = chance.choice(sorted(CHANGES.values()))
            sealed.execute(f"UPDATE access_auditevent SET {change} WHERE id = %s", [one])
        case 1:
            sealed.execute("DELETE FROM access_auditevent WHERE id = %s", [one])
        case 2:
            for id_, place in ((one, other), (other, one)):
                sealed.execute(
                    "UPDATE access_auditevent AS e SET position = k.position FROM kept AS k "
                    "WHERE (k.id, e.id) = (%s, %s)", [place, id_],
                )  # fmt: skip
        case 3:
            sealed.execute(
                "INSERT INTO access_auditevent SELECT gen_random_uuid(), at, principal_id, claimed_user, kind, action, "
                "case_id, case_ids, record, detail, request_id, address, position FROM access_auditevent WHERE id = %s",
                [one],
            )
        case 4:
            sealed.execute("DELETE FROM access_ledgerseal WHERE number = %s", [chance.randrange(1, 5)])
        case 5:
            (start,) = sealed.execute(
                "SELECT starts FROM access_ledgerseal WHERE number = %s", [chance.randrange(2, 5)]
            ).fetchone()
            sealed.execute("DELETE FROM access_ledgerseal WHERE starts >= %s", [start])
            sealed.execute("DELETE FROM access_auditevent WHERE position >= %s", [start])


@pytest.mark.parametrize("tries", [100, pytest.param(1_000, marks=pytest.mark.prove)])
def test_random_tampering_by_a_superuser_is_always_found(sealed, tries):
    head = verdict_of(sealed).head
    sealed.execute("CREATE TEMP TABLE kept AS SELECT id, position FROM access_auditevent")
    chance, missed = random.Random(tries), []
    for number in range(tries):
        with sealed.transaction(force_rollback=True):
            before = rows_of(sealed, verifier.LINES), rows_of(sealed, verifier.SEALS)
            tampering(chance, sealed)
            after = rows_of(sealed, verifier.LINES), rows_of(sealed, verifier.SEALS)
            COUNTED["tamperings with the sealed ledger"] += before != after
            if before != after and not verdict_of(sealed, head).fault:
                missed.append(number)
    assert missed == []


def test_the_command_says_so_and_fails_at_a_fault(committed, capsys, monkeypatch):
    write_lines(person(Role.SOCIAL_WORKER), 3)
    seal_all(committed)
    database.close()
    database.use(committed, "cre_owner", "")
    try:
        call_command("verify_ledger")
        assert "3 lines in" in capsys.readouterr().out
        with database.admin_of(committed) as admin:
            admin.execute("DELETE FROM access_auditevent WHERE id = (SELECT id FROM access_auditevent LIMIT 1)")
        with pytest.raises(CommandError, match="missing"):
            call_command("verify_ledger")
    finally:
        database.use(committed, "cre_test", database.RUNTIME)


def test_the_script_verifies_an_export_without_this_program(committed, tmp_path):
    write_lines(person(Role.SOCIAL_WORKER), 3)
    seal_all(committed)
    database.use(committed, "cre_owner", "")
    try:
        call_command("verify_ledger", export=tmp_path)
    finally:
        database.use(committed, "cre_test", database.RUNTIME)

    def script(*arguments: str):
        return subprocess.run(
            [sys.executable, "-I", str(Path(verifier.__file__)), "lines.csv", "seals.csv", *arguments],
            cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    well = script()
    assert well.returncode == 0, well.stderr
    head = well.stdout.split("Head: ")[1].strip()
    assert script("--head", head).returncode == 0
    assert script("--head", f"1:{'0' * 64}").returncode == 1
    lines = tmp_path / "lines.csv"
    lines.write_text(lines.read_text().replace("view_file", "view_note", 1))
    forged = script()
    assert forged.returncode == 1
    assert "was changed" in forged.stdout


def test_a_database_restored_into_a_server_that_counts_anew_goes_on_after_its_last_line(committed):
    worker = person(Role.SOCIAL_WORKER)
    write_lines(worker, 1)
    with database.admin_of(committed) as admin:
        admin.execute("UPDATE access_auditevent SET position = position + 1000000000")
        admin.execute(CARRY_ON)
        write_lines(worker, 1)
        first, second = (row[0] for row in admin.execute("SELECT position FROM access_auditevent ORDER BY at"))
        admin.execute("UPDATE sec.ledger_base SET base = 0")
    assert first < second


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["SELECT * FROM access_ledgerseal", "DELETE FROM access_ledgerseal",
                                       "SELECT sec.seal_ledger(1)", "UPDATE sec.ledger_base SET base = 9"])  # fmt: skip
def test_the_runtime_role_neither_reads_nor_makes_seals(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_whoever_looks_after_the_program_sees_that_nothing_is_sealed():
    assert seals_part().works
    with acting_as(person(Role.AUDITOR).pk):
        ledger.record(ledger.Kind.READ, action="view_file")
    with database.seeding(), connections["default"].cursor() as cursor:
        cursor.execute("UPDATE access_auditevent SET at = at - interval '6 minutes'")
    assert not seals_part().works
