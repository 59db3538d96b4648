"""Journeys: the program on a copy of the demo city, walked in Debian's Chromium."""

import socket
from collections import Counter
from contextlib import suppress
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread

from tests import database
from tests.journeys.walker import PICTURES, Walker

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _loopback(socket_enabled):
    """The only sockets are those between the browser and the program on this machine."""


@pytest.fixture(scope="session")
def demo_template(django_db_setup, django_db_blocker, database_name):
    """A database with the demo city, loaded once and copied for each journey."""
    name = f"{database_name}_demo"
    with django_db_blocker.unblock():
        database.build(name)
        database.use(name, "cre_owner", "")
        call_command("load_demo_city", verbosity=0)
        database.close()
    yield name
    with django_db_blocker.unblock(), database.admin() as connection:
        database.drop(name, connection)


class Cuttable(ThreadedWSGIServer):
    """Knows its connections, so that they end with it as they do when a process is killed."""

    def __init__(self, *args, **kwargs) -> None:
        self.connections: list[socket.socket] = []
        super().__init__(*args, **kwargs | {"allow_reuse_address": True})  # killed, and started again at once

    def process_request(self, request, client_address) -> None:
        self.connections.append(request)
        super().process_request(request, client_address)

    def cut(self) -> None:
        for connection in self.connections:
            with suppress(OSError):  # it ended by itself
                connection.shutdown(socket.SHUT_RDWR)


class Program(LiveServerThread):
    server_class = Cuttable


class Server:
    """The program, on a port that it keeps when it is killed and started again."""

    def __init__(self, name: str) -> None:
        self.database, self.port = name, 0
        self.start()

    def start(self) -> None:
        self.thread = Program("127.0.0.1", _plain_files, port=self.port)
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        assert self.thread.error is None, self.thread.error
        self.port = self.thread.port

    def stop(self) -> None:
        self.thread.terminate()

    def kill(self) -> None:
        """What is being done at this moment is never finished: its transaction goes with the process."""
        with database.admin() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND state <> 'idle' AND pid <> pg_backend_pid()",
                [self.database],
            )
        self.stop()
        self.thread.httpd.cut()


@pytest.fixture
def server(demo_template, django_db_blocker, database_name):
    """The program, running on its own copy of the demo city."""
    name = f"{database_name}_journey"
    with django_db_blocker.unblock():
        database.copy(demo_template, name)
        database.use(name, "cre_test", database.RUNTIME)
        running = Server(name)
        yield running
        running.stop()
        with database.admin() as connection:
            database.close()
            database.drop(name, connection)
        database.use(database_name, "cre_test", database.RUNTIME)


def _plain_files(application):
    """WhiteNoise serves the built files; the test server adds nothing."""
    return application


@pytest.fixture
def city(server) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture
def walk(city, browser, request):
    """Makes a person at a browser: `walk("social.worker")`, or `walk()` for somebody not signed in."""
    walkers = []

    def start(username: str | None = None, **options) -> Walker:
        walker = Walker(browser, city, **options)
        walkers.append(walker)
        if username:
            walker.signs_in(username)
        return walker

    yield start
    for walker in walkers if request.node.stash.get(FAILED, False) else ():
        walker.page.screenshot(path=PICTURES / f"failed-{walker.username}.png", full_page=True)
    for walker in walkers:
        walker.leaves()
    assert sum((walker.read for walker in walkers), Counter()) == written(), "each look is one line of the ledger"


def written() -> Counter[tuple[str, UUID, str]]:
    """Who read which file on which page, by the ledger of the city just walked."""
    lines = database.rows(
        "SELECT username, case_id, record FROM access_auditevent JOIN accounts_user u ON u.id = principal_id"
        " WHERE kind = 'read'"
    )
    return Counter(lines)
