"""The test database: made and migrated by the owner, used as the runtime role.

Tests sign in as a role that may become the runtime role, which is the default, and the seeding role, which
factories step into for their inserts. So no test runs unprotected, and each is still one rolled-back
transaction.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
ALIASES = ("default", "ledger")
RUNTIME = "-c role=cre_app"
CLOCK_ALIAS, CLOCK_ROLE = "clock", "-c role=cre_worker"  # the clock's own connection


def admin() -> psycopg.Connection:
    return psycopg.connect(os.environ["CRE_TEST_ADMIN_URL"], autocommit=True)


def schema_fingerprint() -> str:
    """Changes when anything that shapes the migrated database changes."""
    digest = hashlib.sha256(settings.PRINCIPAL_KEY.encode())
    shaping = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/sql/*.sql"),
        *ROOT.glob("access/*.py"),
        ROOT / "accounts/roles.py",
    ]
    for path in sorted([*shaping, *ROOT.glob("requirements/base.txt")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def prepare_roles(connection: psycopg.Connection) -> None:
    connection.execute((ROOT / "access/sql/roles.sql").read_text())
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for name, attributes in (("cre_test", "NOBYPASSRLS"), ("cre_test_bypass", "BYPASSRLS")):
        if name not in known:
            connection.execute(sql.SQL(f"CREATE ROLE {{}} LOGIN NOSUPERUSER {attributes}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("GRANT cre_app, cre_worker, cre_seed TO {}").format(sql.Identifier(name)))
    connection.execute("GRANT cre_test_bypass TO cre_test")


def build(name: str) -> None:
    """Makes database `name` for this run, from a template that is migrated once per schema."""
    template = f"cre_template_{schema_fingerprint()}"
    with admin() as connection:
        connection.execute("SELECT pg_advisory_lock(4242)")
        prepare_roles(connection)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            migrate_template(connection, template)
    copy(template, name)


def copy(template: str, name: str) -> None:
    with admin() as connection:
        drop(name, connection)
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER cre_owner TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str, connection: psycopg.Connection) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate_template(connection: psycopg.Connection, template: str) -> None:
    unfinished = f"{template}_unfinished"
    drop(unfinished, connection)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER cre_owner").format(sql.Identifier(unfinished)))
    use(unfinished, "cre_owner", "")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    close()
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
    )


def use(name: str, role: str, options: str) -> None:
    """Points Django's connections at a database as a role."""
    close()
    for alias in (*ALIASES, CLOCK_ALIAS):
        own = CLOCK_ROLE if options and alias == CLOCK_ALIAS else options
        connections[alias].settings_dict.update(NAME=name, USER=role)
        connections[alias].settings_dict["OPTIONS"] = {**connections[alias].settings_dict["OPTIONS"], "options": own}


def close() -> None:
    for alias in (*ALIASES, CLOCK_ALIAS):
        connections[alias].close()


@contextmanager
def as_role(role: str, using: str = "default", *, savepoint: bool = True) -> Iterator[None]:
    """Does the block as another role, on the test's own connection and transaction.

    Without a savepoint an error in the block leaves the transaction of no use, for two statements less.
    """
    with transaction.atomic(using=using, savepoint=savepoint), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', %s, true)", [role])
        before = cursor.fetchone()[0]
        yield
        cursor.execute("SELECT set_config('role', %s, true)", [before])


def seeding(using: str = "default") -> AbstractContextManager[None]:
    """As the seeding role, past the walls."""
    return as_role("cre_seed", using)


def second_wall_gone() -> AbstractContextManager[None]:
    """The database shows everything: a role that bypasses row security."""
    return as_role("cre_test_bypass")


def rows(query: str, *arguments: object, using: str = "default") -> list[tuple]:
    """Reads past the walls: what is really in the database."""
    with as_role("cre_seed", using, savepoint=False), connections[using].cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()


def empty(name: str) -> None:
    """Removes every row a test committed, as a superuser: the runtime role may not.

    Only from tables that have any, with no trigger fired: emptying all hundred of them would take a second a test.
    """
    close()
    with admin_of(name) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission') "
                "AND tablename NOT LIKE 'assessments_toolkit%'"  # loaded by a migration
            )
        ]
        has_rows = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
        connection.execute("SET session_replication_role = replica")
        for (table,) in connection.execute(has_rows).fetchall():
            connection.execute(f"DELETE FROM {table}")


def admin_of(name: str) -> psycopg.Connection:
    """A superuser's connection to one database: for what no test may do through the program."""
    return psycopg.connect(os.environ["CRE_TEST_ADMIN_URL"], dbname=name, autocommit=True)


def runtime_connection(name: str) -> psycopg.Connection:
    """A connection signed in as the runtime role itself, with nothing behind it."""
    return psycopg.connect(
        os.environ["CRE_TEST_ADMIN_URL"], dbname=name, user="cre_app", options="-c statement_timeout=5s"
    )
