"""Roles and database: made once by a superuser, then nothing runs as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from launch.paths import ROOT, SetupError

# The roles that sign in, and the secret each has on a server reached over the network.
ROLES = {"cre_owner": "OWNER_PASSWORD", "cre_app": "APP_PASSWORD", "cre_worker": "WORKER_PASSWORD"}
MAINTENANCE = "postgres"
NOT_ALLOWED = (
    "The role in DATABASE_URL may not make roles. Give a superuser's address; or let an administrator run "
    "access/sql/roles.sql, and give the owner's address in DATABASE_OWNER_URL and cre_app's in DATABASE_URL."
)


@dataclass(frozen=True)
class Urls:
    """One database, seen as its owner (migrates), the runtime role, and the role of the clock tick."""

    owner: str
    app: str
    worker: str


def prepare(admin_url: str, name: str, secrets: Mapping[str, str] | None = None) -> Urls:
    """Makes roles and database `name` on the server, as often as wanted, and returns their addresses.

    Args:
        admin_url: the server, as a superuser.
        name: of the database.
        secrets: the roles' passwords. Without them the server's authentication stays as it is: our own
            socket trusts whoever may enter its folder.

    Raises:
        SetupError: the server is not there, or its role may not make roles.
    """
    with administer(admin_url) as connection:
        connection.execute("SELECT pg_advisory_lock(4242)")  # two at once would stumble over each other
        try:
            connection.execute((ROOT / "access/sql/roles.sql").read_text())
        except psycopg.errors.InsufficientPrivilege as error:
            raise SetupError(NOT_ALLOWED) from error
        passwords = {role: secrets[secret] for role, secret in ROLES.items()} if secrets else {}
        for role, password in passwords.items():
            set_password(connection, role, password)
        make_database(connection, name)
        host, port = connection.info.host, connection.info.port
    query = urlsplit(admin_url).query
    return Urls(*(address(role, passwords.get(role), host, port, name, query) for role in ROLES))


def administer(admin_url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(admin_url, dbname=MAINTENANCE, autocommit=True)
    except psycopg.OperationalError as error:
        raise SetupError(f"The database server cannot be reached: {error}") from error


def make_database(connection: psycopg.Connection, name: str) -> None:
    database = sql.Identifier(name)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER cre_owner").format(database))
    # Nobody else on the server may look in.
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO cre_app, cre_worker").format(database))


def set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """Sends only what the server keeps of a password, so that no log can hold it."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def address(role: str, password: str | None, host: str, port: int, name: str, query: str = "") -> str:
    """The URL of database `name` as one role."""
    signed = f"{role}:{quote(password, safe='')}" if password else role
    place = quote(host, safe="") + (f":{port}" if not host.startswith("/") or port != 5432 else "")
    return f"postgres://{signed}@{place}/{name}" + (f"?{query}" if query else "")


def exists(admin_url: str, name: str) -> bool:
    with administer(admin_url) as connection:
        return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(admin_url: str, name: str) -> None:
    with administer(admin_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def has_table(url: str, table: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
    return bool(found and found[0])


def is_empty(url: str, table: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone()
    return found is None


def allow(url: str, privileges: str, table: str, role: str) -> None:
    """Grants on one table, as its owner."""
    with psycopg.connect(url) as connection:
        grant = sql.SQL(f"GRANT {privileges} ON {{}} TO {{}}")
        connection.execute(grant.format(sql.Identifier(table), sql.Identifier(role)))
