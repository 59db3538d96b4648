"""Roles and database, made on the tests' real server."""

import os
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from launch import database
from launch.paths import SetupError

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
NAME = f"cre_launch_test_{WORKER}"
STRANGER = f"cre_stranger_{WORKER}"


@pytest.fixture
def admin_url():
    url = os.environ["CRE_TEST_ADMIN_URL"]
    database.drop(url, NAME)
    yield url
    database.drop(url, NAME)


def test_it_can_be_prepared_as_often_as_wanted(admin_url):
    first = database.prepare(admin_url, NAME)
    with psycopg.connect(first.owner) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    assert database.prepare(admin_url, NAME) == first
    assert database.has_table(first.owner, "kept")
    assert not database.has_table(first.owner, "never_made")


def test_each_address_is_its_role_and_only_the_owner_may_make_tables(admin_url):
    urls = database.prepare(admin_url, NAME)
    for url, role in ((urls.owner, "cre_owner"), (urls.app, "cre_app"), (urls.worker, "cre_worker")):
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT current_user, current_database()").fetchone()
        assert found == (role, NAME)
    for url in (urls.app, urls.worker):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (number int)")


def test_other_roles_of_the_server_may_not_look_in(admin_url):
    urls = database.prepare(admin_url, NAME)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {STRANGER}")
        connection.execute(f"CREATE ROLE {STRANGER} LOGIN")
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(urls.app.replace("cre_app@", f"{STRANGER}@"))
    finally:
        with psycopg.connect(admin_url, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {STRANGER}")


def test_tables_are_opened_to_a_role_and_seen_empty(admin_url):
    urls = database.prepare(admin_url, NAME)
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE cache (number int)")
    with psycopg.connect(urls.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM cache")
    database.allow(urls.owner, "SELECT, INSERT", "cache", "cre_app")
    assert database.is_empty(urls.app, "cache")
    with psycopg.connect(urls.app) as connection:
        connection.execute("INSERT INTO cache VALUES (1)")
    assert not database.is_empty(urls.app, "cache")


def test_a_password_reaches_the_server_only_as_its_verifier(admin_url):
    stored = "SELECT rolpassword FROM pg_authid WHERE rolname = 'cre_launch_password'"
    with psycopg.connect(admin_url) as connection:
        connection.execute("CREATE ROLE cre_launch_password")
        sent = []
        execute = connection.execute
        connection.execute = lambda query, *rest: sent.append(query.as_string(connection)) or execute(query, *rest)
        database.set_password(connection, "cre_launch_password", "very secret")
        assert execute(stored).fetchone()[0].startswith("SCRAM-SHA-256$")
        assert "very secret" not in " ".join(sent)
        connection.rollback()


@pytest.mark.parametrize(
    ("host", "port", "query", "expected"),
    [
        ("db.example", 5433, "sslmode=require", "postgres://cre_app:a%2Fb@db.example:5433/cre?sslmode=require"),
        ("/run/pg", 5432, "", "postgres://cre_app:a%2Fb@%2Frun%2Fpg/cre"),
        ("/run/pg", 5433, "", "postgres://cre_app:a%2Fb@%2Frun%2Fpg:5433/cre"),
    ],
)
def test_an_address_keeps_what_the_server_needs(host, port, query, expected):
    url = database.address("cre_app", "a/b", host, port, "cre", query)
    assert url == expected
    assert unquote(urlsplit(url).password) == "a/b"


def test_a_server_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(SetupError, match="cannot be reached"):
        database.prepare(database.address("postgres", None, str(tmp_path), 5432, "x"), NAME)


def test_a_role_that_may_not_make_roles_is_told_the_way_out(admin_url):
    app = database.prepare(admin_url, NAME).app
    with pytest.raises(SetupError, match="DATABASE_OWNER_URL"):
        database.prepare(app, NAME)
