"""Backups, on the tests' real server: unreadable without the key, whole with it, and nothing half done."""

import os
import re
from pathlib import Path

import psycopg
import pyrage
import pytest

from launch import backup, database
from launch.__main__ import READY, main
from launch.paths import SetupError
from tests.database import copy, schema_fingerprint

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
NAME, RESTORED = f"cre_backed_up_{WORKER}", f"cre_restored_{WORKER}"
DATABASES = "SELECT datname FROM pg_database"
SECRET = "the yellow door behind the mill"


@pytest.fixture
def server():
    url = os.environ["CRE_TEST_ADMIN_URL"]
    for name in (NAME, RESTORED):
        database.drop(url, name)
    yield url
    for name in (NAME, RESTORED):
        database.drop(url, name)


@pytest.fixture
def small(server):
    """A database with one table, whose rows the owner does not see."""
    urls = database.prepare(server, NAME)
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE place (id int PRIMARY KEY, words text, at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO place SELECT n, %s || n FROM generate_series(1, 5000) AS n", [SECRET])
        connection.execute("ALTER TABLE place ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE place FORCE ROW LEVEL SECURITY")
        connection.execute("GRANT SELECT ON place TO cre_app")
    return server


@pytest.fixture
def key(tmp_path):
    return write_key(tmp_path / "key.txt")


def write_key(path: Path) -> Path:
    identity = pyrage.x25519.Identity.generate()
    path.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    return path


def public(key: Path) -> str:
    return key.read_text().splitlines()[1].removeprefix("# public key: ")


def as_superuser(server: str, name: str, query: str) -> list[tuple]:
    with psycopg.connect(server, dbname=name) as connection:
        found = connection.execute(query)
        return found.fetchall() if found.description else []


def test_what_is_backed_up_is_restored_row_by_row_with_its_walls(small, key, tmp_path):
    made = backup.make(small, NAME, public(key), tmp_path / "kept")
    as_superuser(small, NAME, "DELETE FROM place")
    found = backup.restore(small, made, key, RESTORED)
    assert found["public.place"][0] == 5000
    assert as_superuser(small, RESTORED, "SELECT words FROM place WHERE id = 77") == [(f"{SECRET}77",)]
    with psycopg.connect(database.prepare(small, RESTORED).app) as connection:
        assert connection.execute("SELECT count(*) FROM place").fetchone() == (0,)  # row security came with it


def test_no_word_is_readable_and_nobody_else_may_open_the_files(small, key, tmp_path):
    made = backup.make(small, NAME, public(key), tmp_path / "kept")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z", made.name)
    assert made.stat().st_mode & 0o077 == 0
    for path in sorted(made.iterdir()):
        assert path.stat().st_mode & 0o077 == 0
        kept = path.read_bytes()
        assert kept.startswith(b"age-encryption.org/v1")
        assert SECRET.encode() not in kept
        assert b"place" not in kept
        assert b"PGDMP" not in kept


def test_another_key_opens_nothing(small, key, tmp_path):
    made = backup.make(small, NAME, public(key), tmp_path / "kept")
    with pytest.raises(SetupError, match="this is not its key"):
        backup.restore(small, made, write_key(tmp_path / "other.txt"), RESTORED)
    assert not database.exists(small, RESTORED)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("file", [backup.DUMP, backup.CONTENTS])
def test_a_damaged_backup_is_said_and_leaves_no_database(small, key, tmp_path, file, place):
    made = backup.make(small, NAME, public(key), tmp_path / "kept")
    kept = bytearray((made / file).read_bytes())
    kept[int(len(kept) * place)] ^= 1
    (made / file).write_bytes(kept)
    with pytest.raises(SetupError):
        backup.restore(small, made, key, RESTORED)
    assert not database.exists(small, RESTORED)


def test_a_backup_cut_short_is_said(small, key, tmp_path):
    made = backup.make(small, NAME, public(key), tmp_path / "kept")
    path = made / backup.DUMP
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(SetupError):
        backup.restore(small, made, key, RESTORED)
    assert not database.exists(small, RESTORED)


def test_what_is_not_as_it_was_backed_up_is_named(small, key, tmp_path):
    """As if pg_dump had left a row out: what it should hold is told by another way of counting."""
    one = backup.make(small, NAME, public(key), tmp_path / "one")
    as_superuser(small, NAME, "UPDATE place SET words = 'changed' WHERE id = 1")
    other = backup.make(small, NAME, public(key), tmp_path / "other")
    (other / backup.DUMP).replace(one / backup.DUMP)
    with pytest.raises(SetupError, match=r"not as it was backed up: public\.place"):
        backup.restore(small, one, key, RESTORED)
    assert not database.exists(small, RESTORED)


def test_a_database_that_is_there_is_never_overwritten(small, key, tmp_path):
    made = backup.make(small, NAME, public(key), tmp_path / "kept")
    with pytest.raises(SetupError, match="already"):
        backup.restore(small, made, key, NAME)
    assert as_superuser(small, NAME, "SELECT count(*) FROM place") == [(5000,)]


@pytest.mark.parametrize("recipient", ["", "age1nonsense", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"])
def test_without_a_public_key_nothing_is_written(small, tmp_path, recipient):
    with pytest.raises(SetupError, match="Set BACKUP_RECIPIENT"):
        backup.make(small, NAME, recipient, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_dump_that_fails_leaves_no_half_backup(small, key, tmp_path):
    with pytest.raises(SetupError, match="cannot be reached"):
        backup.make(small, "no_such_database", public(key), tmp_path / "kept")
    whom_rows_are_hidden_from = database.prepare(small, NAME).app
    with pytest.raises(SetupError, match="pg_dump did not work"):
        backup.make(whom_rows_are_hidden_from, NAME, public(key), tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_the_newest_backup_that_was_finished(tmp_path):
    with pytest.raises(SetupError, match="There is no backup in"):
        backup.newest(tmp_path)
    for name in ("2026-01-02T030405Z", "2026-01-03T030405Z", "2026-01-04T030405Z.unfinished"):
        (tmp_path / name).mkdir()
        (tmp_path / name / backup.DUMP).touch()
    assert backup.newest(tmp_path).name == "2026-01-03T030405Z"


@pytest.mark.parametrize("lines", ["", "# a comment\nnonsense\n"])
def test_a_file_that_is_no_key_is_said(small, tmp_path, lines):
    path = tmp_path / "key.txt"
    if lines:
        path.write_text(lines)
    with pytest.raises(SetupError, match="is no file of a secret key"):
        backup.restore(small, tmp_path, path, RESTORED)


@pytest.fixture
def programs_own(django_db_setup, server):
    copy(f"cre_template_{schema_fingerprint()}", NAME)
    return server


def test_the_programs_own_database_is_restored_whole(programs_own, key, tmp_path):
    made = backup.make(programs_own, NAME, public(key), tmp_path)
    found = backup.restore(programs_own, made, key, RESTORED)
    assert found["public.assessments_toolkititem"][0] > 100
    assert len(found) > 80
    shape = "SELECT schemaname, tablename, policyname, permissive, roles, cmd FROM pg_policies ORDER BY 1, 2, 3"
    assert as_superuser(programs_own, RESTORED, shape) == as_superuser(programs_own, NAME, shape)


def test_the_two_commands_make_a_backup_and_prove_it(programs_own, key, tmp_path, monkeypatch, capfd):
    def asked(command: str, **more: str) -> tuple[int, str]:
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(READY, "1")
        code = main(command)
        return code, "".join(capfd.readouterr())

    url = programs_own.removesuffix("/postgres") + f"/{NAME}"
    assert asked("backup", DATABASE_URL=url, BACKUP_FOLDER=str(tmp_path / "kept"), BACKUP_RECIPIENT=public(key))[0] == 0
    assert "Set BACKUP_KEY to the file of the secret key" in asked("restore")[1]
    code, said = asked("restore", BACKUP_KEY=str(key))
    assert code == 0, said
    assert "0 lines in 0 seals are as sealed" in said
    assert "each as it was backed up. This was a drill: the database is gone again." in said
    assert [name for (name,) in as_superuser(programs_own, NAME, DATABASES) if name.startswith("drill_")] == []
    assert f"It is database {RESTORED}." in asked("restore", RESTORE_INTO=RESTORED)[1]
    assert database.has_table(database.prepare(programs_own, RESTORED).owner, "access_casefile")
