"""Whether the program works is told in one word to anybody, and in sentences to those who look after it."""

from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import Mock

import pytest
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from access.principal import acting_as, current_principal
from accounts.roles import Role
from deadlines import selectors, services
from deadlines.models import Heartbeat
from deadlines.tasks import tick
from tests import factories
from tests.database import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(monkeypatch):
    """Redis answers, with so many jobs waiting: `jobs(3)`; it is gone: `jobs(None)`."""

    def waiting(number):
        server = Mock()
        server.llen = Mock(return_value=number, side_effect=redis.ConnectionError if number is None else None)
        monkeypatch.setattr(selectors, "connect_to_redis", lambda: nullcontext(server))

    waiting(0)
    return waiting


def ran(ago: timedelta) -> None:
    tick()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deadlines_heartbeat SET at = now() - %s", [ago])


def ready() -> tuple[int, str]:
    response = Client().get(reverse("readyz"))
    return response.status_code, response.content.decode()


def test_the_tick_says_that_the_clocks_run(jobs):
    assert ready() == (503, "clock\n")
    tick()
    tick()
    assert Heartbeat.objects.count() == 1
    assert ready() == (200, "ok\n")


def test_the_tick_is_scheduled_each_minute_under_its_name():
    (entry,) = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == tick.name]
    assert entry["schedule"] == 60.0
    assert import_string(tick.name) is not None


def test_the_tick_works_as_nobody(monkeypatch):
    """It has no principal even where the one who starts it has, so the second wall shows it no file."""
    seen = []
    monkeypatch.setattr(
        services, "Heartbeat", Mock(objects=Mock(bulk_create=lambda *a, **k: seen.append(current_principal())))
    )
    with acting_as(factories.person(Role.AUDITOR).pk):
        tick()
    assert seen == [None]


@pytest.mark.parametrize(
    ("ago", "words", "works"),
    [
        (timedelta(seconds=1), "1 second ago", True),
        (timedelta(seconds=40), "40 seconds ago", True),
        (timedelta(seconds=299), "4 minutes ago", True),
        (timedelta(seconds=301), "5 minutes ago. That is too long", False),
        (timedelta(hours=2), "120 minutes ago. That is too long", False),
        (timedelta(seconds=-30), "0 seconds ago", True),  # a clock that was put back
    ],
)
def test_when_the_clocks_last_ran(ago, words, works):
    ran(ago)
    part = selectors.clocks()
    assert part.works is works
    assert words in part.sentence


def test_not_ready_in_one_word_each(jobs):
    jobs(None)
    ran(timedelta(minutes=6))
    assert ready() == (503, "clock\nredis\n")


def test_not_ready_without_a_database(monkeypatch, jobs):
    def gone():
        raise DatabaseError("secret words of the server")

    monkeypatch.setattr(selectors.connection, "cursor", gone)
    assert ready() == (503, "database\n")


def test_alive_asks_neither_the_database_nor_redis(django_assert_num_queries, jobs):
    jobs(None)
    with django_assert_num_queries(0):
        response = Client().get(reverse("healthz"))
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert set(response.cookies) == set()


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_what_the_public_hears_names_no_version_and_nobody(name, jobs):
    case = factories.CaseFileFactory()
    words = Client().get(reverse(name)).content.decode()
    assert len(words) < 30
    assert case.reference not in words


def test_a_redis_that_is_not_there_is_noticed_quickly():
    assert selectors.REDIS_SECONDS <= 2
    assert selectors.waiting_jobs() is None  # the tests' address leads nowhere


def test_a_page_works_without_redis(client_for):
    assert client_for(factories.person(Role.SOCIAL_WORKER)).get(reverse("worklist")).status_code == 200


HEALTH_ROLES = {Role.TEAM_MANAGER, Role.SYSTEM_ADMIN}


@pytest.mark.parametrize("role", list(Role))
def test_health_is_for_managers_and_system_administrators(client_for, jobs, role):
    status = client_for(factories.person(role)).get(reverse("health")).status_code
    assert status == (200 if role in HEALTH_ROLES else 403)


@pytest.fixture
def page(client_for):
    manager = client_for(factories.person(Role.TEAM_MANAGER))
    return lambda: manager.get(reverse("health")).content.decode()


def test_the_page_says_that_all_is_well(jobs, page):
    ran(timedelta(seconds=40))
    words = page()
    assert "The clocks last ran 40 seconds ago." in words
    assert "Does not work" not in words


def test_the_page_says_that_the_clocks_stand_still(jobs, page):
    ran(timedelta(minutes=7))
    words = page()
    assert "govuk-warning-text" in words
    assert "last ran 7 minutes ago. That is too long" in words


@pytest.mark.parametrize(
    ("waiting", "beat", "worker", "words"),
    [
        (5, True, False, "It does not take the ticks that wait."),
        (0, False, True, "It sends no ticks"),
        (None, False, False, "Not known while Redis does not answer."),
    ],
)
def test_which_process_stands_still_is_told_by_the_queue(waiting, beat, worker, words):
    parts = selectors.processes(waiting, clocks_run=False)
    assert [part.works for part in parts] == [beat, worker]
    assert words in " ".join(part.sentence for part in parts)


def test_missing_migrations_are_noticed(jobs, page):
    assert "The tables are as this version needs them." in page()
    rows("DELETE FROM django_migrations WHERE app = 'deadlines' RETURNING 1")
    assert "of the tables not made yet" in page()


def test_row_security_is_looked_at_on_every_table(monkeypatch):
    assert selectors.second_wall().works
    monkeypatch.setattr(selectors, "UNPROTECTED", "SELECT 2")
    assert selectors.second_wall().sentence == "2 tables without row security. Stop the program."
    monkeypatch.setattr(selectors, "PAST_THE_WALL", "SELECT true")
    assert "does not bind" in selectors.second_wall().sentence


def test_the_look_at_row_security_would_see_a_table_without_it(database_name):
    from tests.database import admin_of

    with admin_of(database_name) as owner:
        owner.execute("BEGIN")
        owner.execute("ALTER TABLE children_child NO FORCE ROW LEVEL SECURITY")
        assert owner.execute(selectors.UNPROTECTED).fetchone() == (1,)
        assert owner.execute(selectors.PAST_THE_WALL).fetchone() == (True,)
        owner.execute("ROLLBACK")
