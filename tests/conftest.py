import logging
import os
import shutil

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from tests import database
from tests.counted import COUNTED
from tests.heard import Heard
from tests.signed_in import sign_in


@pytest.fixture(scope="session")
def database_name() -> str:
    """One database for each test process; TEST_DATABASE keeps two runs on one machine apart."""
    run = os.environ.get("TEST_DATABASE", "main")
    return f"cre_test_{run}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, database_name):
    with django_db_blocker.unblock():
        database.build(database_name)
        database.use(database_name, "cre_test", database.RUNTIME)
    yield
    with django_db_blocker.unblock():
        database.close()
        with database.admin() as connection:
            database.drop(database_name, connection)


def pytest_collection_modifyitems(items):
    """A test that asks for the database may use the ledger's and the clock's connections too."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and "databases" not in marker.kwargs:
            item.add_marker(
                pytest.mark.django_db(databases=["default", "ledger", "clock"], **marker.kwargs), append=False
            )


def pytest_sessionfinish(session):
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["asked"] = dict(COUNTED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    COUNTED.update(getattr(node, "workeroutput", {}).get("asked", {}))


def pytest_terminal_summary(terminalreporter):
    for what, count in sorted(COUNTED.items()):
        terminalreporter.write_line(f"{count:,} {what}")


@pytest.fixture
def committed(django_db_setup, django_db_blocker, database_name):
    """For tests that need real commits: rows stay until the end of the test, then all are removed."""
    with django_db_blocker.unblock():
        yield database_name
        database.empty(database_name)


@pytest.fixture
def client_for():
    """A browser session signed in as a person (ask for `db` or `committed` as well)."""

    def signed_in(user) -> Client:
        return sign_in(Client(), user)

    return signed_in


@pytest.fixture
def heard():
    """The lines of the log."""
    handler = Heard()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, one for all tests."""
    path = shutil.which("chromium")
    assert path, "These tests need Chromium. On Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        # Playwright's own event loop runs in this thread; Django would take it for an asynchronous view.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        chromium: Browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()
