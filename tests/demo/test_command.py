"""The command, as it is run at a first start: a database of its own, as the owner."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests import database


@pytest.fixture
def empty_database(django_db_setup, database_name):
    name = f"{database_name}_city"
    database.build(name)
    yield name
    with database.admin() as connection:
        database.drop(name, connection)


def query(name: str, statement: str) -> list[tuple]:
    import psycopg

    address = settings.DATABASES["default"]["HOST"]
    with psycopg.connect(host=address, dbname=name, user="cre_owner", autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    host = settings.DATABASES["default"]["HOST"].replace("/", "%2F")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cre_case.settings",
        "DATABASE_URL": f"postgres://cre_owner@{host}/{name}",
    }
    command = [sys.executable, "manage.py", "load_demo_city", *arguments]
    return subprocess.run(command, cwd=database.ROOT, env=environment, capture_output=True, text=True, check=False)


def files(name: str) -> int:
    return query(name, "SELECT count(*) FROM access_casefile")[0][0]


def test_load_again_and_reset(empty_database):
    name = empty_database
    first = run(name)
    assert first.returncode == 0, first.stderr
    assert files(name) == 69

    again = run(name)
    assert again.returncode == 0
    assert "already" in again.stdout
    assert files(name) == 69

    query(name, "INSERT INTO access_casefile (id, reference, opened_at, opened_by_id) "
                "SELECT gen_random_uuid(), 'CRE-TRIED', now(), min(id) FROM accounts_user")  # fmt: skip
    reset = run(name, "--reset")
    assert reset.returncode == 0, reset.stderr
    assert files(name) == 69
    assert query(name, "SELECT min(reference) FROM access_casefile") == [("CRE-000001",)]

    query(name, "COMMENT ON TABLE access_casefile IS NULL")
    careful = run(name, "--if-empty")
    assert (careful.returncode, careful.stdout) == (0, "")
    for arguments in ((), ("--reset",)):
        refused = run(name, *arguments)
        assert refused.returncode != 0
        assert "demo" in refused.stderr
        assert files(name) == 69


def test_a_big_city_loads_and_keeps_the_history_trigger_on(empty_database):
    name = empty_database
    query(name, "COMMENT ON TABLE access_casefile IS 'Fictional demo city: nobody in it exists. May be emptied.'")
    loaded = run(name, "--reset", "--children", "300")
    assert loaded.returncode == 0, loaded.stderr
    assert files(name) == 309
    assert query(name, "SELECT count(*) FROM pg_trigger WHERE tgname = 'keep_history' AND tgenabled <> 'O'") == [(0,)]
    assert query(name, "SELECT count(*) FROM access_rowhistory") == [(0,)]


def test_fewer_children_than_the_demo_are_refused(empty_database):
    refused = run(empty_database, "--children", "5")
    assert refused.returncode != 0
    assert "60 children" in refused.stderr


def test_the_accounts_are_printed_with_the_password(empty_database):
    printed = run(empty_database, "--print-accounts")
    assert printed.returncode == 0
    assert "social.worker2" in printed.stdout
    assert "Derwent-demo-city" in printed.stdout


def test_the_password_of_the_demo_would_pass_the_checks_of_passwords():
    from django.contrib.auth.password_validation import validate_password

    from cre_case.demo import DEMO_PASSWORD

    validate_password(DEMO_PASSWORD)
