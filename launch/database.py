"""Roles and database: made once by a superuser, then nothing runs as one."""

from dataclasses import dataclass
from urllib.parse import quote

import psycopg
from psycopg import sql

from launch.paths import ROOT
from launch.secrets import kept

ROLES = {"cre_owner": "OWNER_PASSWORD", "cre_app": "APP_PASSWORD", "cre_worker": "WORKER_PASSWORD"}


@dataclass(frozen=True)
class Urls:
    """One database, seen as its owner (migrates), the runtime role, and the role of the clock tick."""

    owner: str
    app: str
    worker: str


def prepare(admin_url: str, name: str) -> Urls:
    """Makes roles and database `name` on the server, as often as wanted, and returns their addresses.

    On a server reached over the network each role gets a password of this installation; on our own
    socket, which trusts this user, none is needed.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute((ROOT / "access/sql/roles.sql").read_text())
        passwords = {} if connection.info.host.startswith("/") else set_passwords(connection)
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER cre_owner").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL(
                "REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT ON DATABASE {0} TO cre_app, cre_worker"
            ).format(sql.Identifier(name))
        )
        host, port = connection.info.host, connection.info.port
    return Urls(*(address(role, passwords.get(role), host, port, name) for role in ROLES))


def set_passwords(connection: psycopg.Connection) -> dict[str, str]:
    passwords = {role: kept()[secret] for role, secret in ROLES.items()}
    for role, password in passwords.items():
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
    return passwords


def address(role: str, password: str | None, host: str, port: int, name: str) -> str:
    signed = f"{role}:{quote(password, safe='')}" if password else role
    place = quote(host, safe="") if host.startswith("/") else f"{host}:{port}"
    return f"postgres://{signed}@{place}/{name}"


def drop(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
