"""The cities that speed is measured on: built once, used again while what shapes them is the same."""

import hashlib
import os
import subprocess
import sys
from datetime import date

import psycopg
from psycopg import sql

from launch import database, postgres, program
from launch.environment import say
from launch.paths import LOCAL, ROOT

DATA = LOCAL / "bench-postgres"
BYPASS_ROLE = "cre_bench_bypass"
KEEP_DAYS = 3  # shares of the city end one after another, so an old one is another city
SETTINGS = {
    "SECRET_KEY": "only for measuring",
    "PRINCIPAL_KEY": "only for measuring as well",
    "SECURE": "0",
    "SECOND_FACTOR": "0",
    # More files and searches in an hour than a person is let through without proof.
    "READING_BUDGET": "1000000",
    "MOST_SEARCHES": "1000000",
}
SHAPING = (
    "*/migrations/*.py",
    "access/*.py",
    "access/sql/*.sql",
    "accounts/*.py",
    "children/names.py",
    "cre_case/demo/*.py",
)


def start_server() -> tuple[str, bool]:
    """The superuser's address of a server with the settings of `make run`, and whether this call started it."""
    given = os.environ.get("BENCH_ADMIN_URL")
    if given:
        return given, False
    was_running = postgres.running_pid(DATA.resolve()) is not None
    return postgres.start(DATA), not was_running


def stop_server() -> None:
    postgres.stop(DATA)


def fingerprint() -> str:
    """Changes when anything that shapes a migrated and loaded database changes."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SHAPING for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def environment(url: str) -> dict[str, str]:
    return {**os.environ, **SETTINGS, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cre_case.settings"}


def build(admin_url: str, children: int) -> database.Urls:
    """Makes the database of a city of so many children, unless it is there and fresh."""
    name = f"bench_{children}"
    if not _is_fresh(admin_url, name):
        say(f"Building {name} ...")
        database.drop(admin_url, name)
        urls = database.prepare(admin_url, name)
        program.make_tables(urls, environment(urls.owner))
        _load(urls.owner, children)
        _mark(admin_url, name)
    _prepare_bypass(admin_url, name)
    _forget_typed(admin_url, name)
    return _urls(admin_url, name)


def _urls(admin_url: str, name: str) -> database.Urls:
    """A database that is there, as each role; our own socket asks for no password."""
    with psycopg.connect(admin_url) as connection:
        host, port = connection.info.host, connection.info.port
    return database.Urls(*(database.address(role, None, host, port, name) for role in database.ROLES))


def _load(url: str, children: int) -> None:
    command = [sys.executable, "manage.py", "load_demo_city", f"--children={children}"]
    subprocess.run(command, cwd=ROOT, env=environment(url), check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _is_fresh(admin_url: str, name: str) -> bool:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
    built, _, day = (found[0] if found and found[0] else "").partition(" ")
    return built == fingerprint() and (_today() - date.fromisoformat(day)).days <= KEEP_DAYS


def _today() -> date:
    return date.today()  # noqa: DTZ011 -- of this machine, as the demo's


def _mark(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        mark = f"{fingerprint()} {_today()}"
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(mark)))


def _prepare_bypass(admin_url: str, name: str) -> None:
    """A role that does what the runtime role may, past the second wall: what is left is the first alone."""
    role = sql.Identifier(BYPASS_ROLE)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [BYPASS_ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER BYPASSRLS IN ROLE cre_app").format(role))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), role))


def _forget_typed(admin_url: str, name: str) -> None:
    """What an earlier run kept unsaved would be in conflict with what this one saves."""
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
        connection.execute("TRUNCATE assessments_unsavedpart")


def bypass_url(urls: database.Urls) -> str:
    return urls.app.replace("cre_app", BYPASS_ROLE, 1)


def server_version(admin_url: str) -> str:
    with psycopg.connect(admin_url) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    return str(found[0]) if found else ""


def size_in_megabytes(admin_url: str, name: str) -> int:
    with psycopg.connect(admin_url) as connection:
        found = connection.execute("SELECT pg_database_size(%s) / 1000000", [name]).fetchone()
    return int(found[0]) if found else 0
