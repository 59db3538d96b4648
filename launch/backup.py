"""Backups that nobody can read without a key kept elsewhere, and the drill that shows they can be restored.

A backup is a folder of two files, enciphered for the public key of `BACKUP_RECIPIENT` (age, X25519): the database as
pg_dump gives it, and of each table how many rows it has and a digest of them. Both are of one moment. Nothing is on
disk in the clear, neither while a backup is made nor while it is restored.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
import pyrage
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from launch import database
from launch.commands import end_with_parent
from launch.paths import SetupError
from launch.postgres import binaries

DUMP, CONTENTS = "database.age", "contents.age"
NO_RECIPIENT = (
    "Set BACKUP_RECIPIENT to the public key that backups are enciphered for, like age1… . `age-keygen -o key.txt` "
    "makes a pair; keep key.txt away from this machine."
)
EXPORT_SNAPSHOT = "SELECT pg_export_snapshot()"
_TABLES = """
SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
# Whatever the order of the rows: each is digested, and the digests are added up.
_DIGEST = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text FROM {} AS t"

Contents = dict[str, tuple[int, str]]


def make(server: str, name: str, recipient: str, folder: Path) -> Path:
    """Backs up one database, and returns the backup's folder, named for the moment (UTC).

    Args:
        server: its address, as a superuser: row security shows nobody else every row.
        name: of the database.
        recipient: the public key, `age1…`.
        folder: where backups are kept.

    Raises:
        SetupError: the key is none, the server is not there, or pg_dump failed; no half backup is left.
    """
    key = _recipient(recipient)
    place = folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    unfinished = place.with_suffix(".unfinished")
    unfinished.mkdir(parents=True, mode=0o700)
    try:
        with _one_moment(server, name) as (connection, snapshot):
            found = json.dumps(contents(connection)).encode()
            with _new(unfinished / CONTENTS) as file:
                file.write(pyrage.encrypt(found, [key]))
            _dump(server, name, snapshot, unfinished / DUMP, key)
    except BaseException:
        shutil.rmtree(unfinished)
        raise
    return unfinished.replace(place)


def restore(server: str, backup: Path, identity: Path, name: str) -> Contents:
    """Restores a backup into a new database, and returns what it holds, compared row by row with what was backed up.

    Args:
        server: its address, as a superuser.
        backup: the backup's folder.
        identity: the file of the secret key, as age-keygen writes it.
        name: of the database to make; it must not be there.

    Raises:
        SetupError: the name is taken, the key is not the backup's, or what was restored is not what was backed up; the
            new database is gone then.
    """
    keys = _identities(identity)
    with _opened(backup / CONTENTS) as file:
        expected = {table: tuple(row) for table, row in json.loads(pyrage.decrypt(file.read(), keys)).items()}
    if database.exists(server, name):
        raise SetupError(f"There is a database {name} already. Choose another name, or drop it first.")
    database.prepare(server, name)
    try:
        _load(backup / DUMP, keys, server, name)
        with psycopg.connect(_at(server, name)) as connection:
            found = contents(connection)
        if wrong := sorted(table for table in expected | found if expected.get(table) != found.get(table)):
            raise SetupError(f"Restored, but not as it was backed up: {', '.join(wrong)}.")
    except BaseException:
        database.drop(server, name)
        raise
    return found


def contents(connection: psycopg.Connection) -> Contents:
    """Of each table, how many rows it has and a digest of them."""
    found = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        row = connection.execute(sql.SQL(_DIGEST).format(sql.Identifier(schema, table))).fetchone()
        found[f"{schema}.{table}"] = (int(row[0]), str(row[1])) if row else (0, "0")
    return found


def newest(folder: Path) -> Path:
    """The latest backup that was finished.

    Raises:
        SetupError: there is none.
    """
    finished = sorted(path.parent for path in folder.glob(f"*Z/{DUMP}"))
    if not finished:
        raise SetupError(f"There is no backup in {folder}. `make backup` makes one.")
    return finished[-1]


@contextmanager
def _one_moment(server: str, name: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A reading transaction, and the name by which pg_dump sees the same moment."""
    try:
        connection = psycopg.connect(_at(server, name))
    except psycopg.OperationalError as error:
        raise SetupError(f"The database cannot be reached: {error}") from error
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute(EXPORT_SNAPSHOT).fetchone()
        yield connection, str(row[0]) if row else ""


def _dump(server: str, name: str, snapshot: str, path: Path, key: pyrage.x25519.Recipient) -> None:
    command = ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--dbname={name}"]
    with _program(command, server) as process, _new(path) as file:
        pyrage.encrypt_io(process.stdout, file, [key])


def _load(path: Path, keys: list[pyrage.x25519.Identity], server: str, name: str) -> None:
    command = ["pg_restore", "--exit-on-error", f"--dbname={name}"]
    with _program(command, server) as process, _opened(path) as file:
        with suppress(BrokenPipeError):  # it ended before the end of the file, and says why
            pyrage.decrypt_io(file, process.stdin, keys)
        with suppress(BrokenPipeError):
            process.stdin.close()


@contextmanager
def _program(command: list[str], server: str) -> Iterator[Any]:
    """One of PostgreSQL's programs at work. A password is not among its arguments, which others on the machine can see.

    Raises:
        SetupError: it failed; the text holds what it said.
    """
    command = [str(binaries() / command[0]), *command[1:]]
    env = {**os.environ, **_libpq(server)}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, preexec_fn=end_with_parent
        ) as process,
    ):
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        if process.wait():
            said.seek(0)
            reason = said.read().decode(errors="replace").strip()
            raise SetupError(f"{Path(command[0]).name} did not work:\n{reason}")


def _libpq(server: str) -> dict[str, str]:
    """Where a server is, in the environment's words for it."""
    return {f"PG{name.upper()}": str(value) for name, value in conninfo_to_dict(server).items() if name != "dbname"}


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise SetupError(NO_RECIPIENT) from error


def _identities(path: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys of a file, without its lines of comment."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise SetupError(f"{path} is no file of a secret key, as age-keygen writes it.") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Raises SetupError for whatever does not decipher."""
    try:
        with path.open("rb") as file:
            yield file
    except (OSError, pyrage.DecryptError) as error:
        raise SetupError(f"{path} cannot be read: it is not there, is damaged, or this is not its key.") from error


def _new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _at(server: str, name: str) -> str:
    return make_conninfo(server, dbname=name)
