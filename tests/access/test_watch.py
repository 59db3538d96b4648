"""Reading that is more than work asks for: asked again for proof beyond a budget, and noted for the auditor."""

from uuid import uuid4

import pytest
from django.conf import settings as real
from django.db import DatabaseError, connection, transaction
from django.test import Client

from access import ledger
from access.models import ReadingAlert
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Level
from access.services import answer_alert
from accounts.roles import Role
from tests import database
from tests.cre_case.makers import led_child, queries, social_worker, text
from tests.database import rows
from tests.factories import city_wide_team, person, team_of
from tests.signed_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return person(Role.AUDITOR, city_wide_team(Level.VIEW), name="Au Ditor")


@pytest.fixture
def worker():
    return social_worker(name="Jo Okafor", username="jo.okafor")


def watched(files: int = 3, refusals: int = 3, searches: int = 3) -> list[tuple]:
    """The watch, as the clock's own role, on this test's transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        before = cursor.fetchone()[0]
        cursor.execute("SET LOCAL ROLE cre_worker")
        cursor.execute("SELECT sec.watch_reading(%s, %s, %s)", [files, refusals, searches])
        cursor.execute(f"SET LOCAL ROLE {before}")
    return rows("SELECT person_id, pattern, amount FROM access_readingalert ORDER BY pattern")


def lines(user, how_many: int, kind=ledger.Kind.READ, *, same: bool = False, detail: str = "") -> None:
    case = uuid4()
    with acting_as(user.pk):
        for _ in range(how_many):
            ledger.record(kind, action="view_file", case=case if same else uuid4(), detail=detail)


# The budget


@pytest.fixture
def budget(settings):
    settings.READING_BUDGET, settings.STEP_UP_MINUTES = 3, 5
    return settings


@pytest.fixture
def children(worker):
    return [led_child(worker, f"Child{n}", "Thorne") for n in range(5)]


def test_beyond_the_budget_each_further_file_asks_for_proof(budget, worker, children):
    client = sign_in(Client(), worker)
    budget.STEP_UP_MINUTES = 0
    statuses = [client.get(f"/cases/{child.case_id}/").status_code for child in children]
    assert statuses == [200, 200, 200, 302, 302]
    assert client.get(f"/cases/{children[3].case_id}/").url.startswith(
        "/accounts/prove-it/?next=/cases/".replace("/cases/", "%2Fcases%2F")
    )
    # What was open already stays open, on every page of it.
    assert client.get(f"/cases/{children[0].case_id}/notes/").status_code == 200
    budget.STEP_UP_MINUTES = 5
    assert client.get(f"/cases/{children[3].case_id}/").status_code == 200


def test_the_api_says_so_too(budget, worker, children):
    client = sign_in(Client(), worker)
    budget.STEP_UP_MINUTES = 0
    for child in children[:3]:
        assert client.get(f"/api/v1/children/{child.case_id}/").status_code == 200
    answer = client.get(f"/api/v1/children/{children[3].case_id}/")
    assert answer.status_code == 403
    assert "many files in this hour" in answer.json()["detail"]


def test_the_budget_is_of_the_last_hour(budget, worker, children):
    client = sign_in(Client(), worker)
    budget.STEP_UP_MINUTES = 0
    for child in children[:3]:
        client.get(f"/cases/{child.case_id}/")
    with database.seeding(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditevent SET at = at - interval '61 minutes'")
    assert client.get(f"/cases/{children[3].case_id}/").status_code == 200


def test_a_scraper_gets_no_more_than_its_budget(budget, worker, children):
    client = sign_in(Client(), worker)
    budget.STEP_UP_MINUTES = 0
    for _ in range(3):
        for child in children:
            client.get(f"/cases/{child.case_id}/")
    assert rows("SELECT count(DISTINCT case_id) FROM access_auditevent WHERE kind = 'read'") == [(3,)]


def test_the_budget_that_is_shipped_leaves_room_for_a_days_work():
    assert real.READING_BUDGET == 60


# The alerts


def test_many_files_in_an_hour_are_noted_once_a_day_and_the_number_grows(worker):
    lines(worker, 4)
    assert watched() == [(worker.pk, "files", 4)]
    lines(worker, 2)
    assert watched() == [(worker.pk, "files", 6)]
    assert watched() == [(worker.pk, "files", 6)]


def test_what_is_within_the_limits_is_not_noted(worker):
    lines(worker, 3)
    lines(worker, 50, same=True)
    lines(worker, 3, ledger.Kind.NOT_FOUND)
    lines(worker, 3, ledger.Kind.LIST, detail="Searched for: maya")
    lines(worker, 50, ledger.Kind.LIST)
    lines(worker, 50, ledger.Kind.WRITE)
    assert watched(files=4) == []


def test_probing_and_searching_are_noted_by_themselves(worker):
    lines(worker, 2, ledger.Kind.NOT_FOUND)
    lines(worker, 2, ledger.Kind.DENIED)
    lines(worker, 4, ledger.Kind.LIST, detail="Searched for: maya")
    assert watched() == [(worker.pk, "refusals", 4), (worker.pk, "searches", 4)]


def test_what_was_more_than_an_hour_ago_is_not_counted(worker):
    lines(worker, 5)
    with database.seeding(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_auditevent SET at = at - interval '61 minutes'")
    assert watched() == []


def test_an_auditor_sees_it_answers_it_once_and_it_stays(client_for, auditor, worker):
    lines(worker, 4)
    watched()
    client = client_for(auditor)
    shown = text(client.get("/unusual/"))
    assert "Jo Okafor" in shown
    assert "Opened many different files in an hour: 4" in shown
    alert = rows("SELECT id FROM access_readingalert")[0][0]
    assert "Say what you found out" in text(client.post(f"/unusual/{alert}/", {"answer": " "}))
    client.post(f"/unusual/{alert}/", {"answer": "Prepared the November audit; her manager knew."})
    assert "Prepared the November audit" in text(client.get("/unusual/"))
    again = text(client.post(f"/unusual/{alert}/", {"answer": "Something else"}))
    assert "Somebody else has answered this already." in again
    assert client.get("/unusual/999999/").status_code == 404


def test_nobody_answers_an_alert_about_themselves(client_for, auditor):
    lines(auditor, 4)
    watched()
    (alert,) = (ReadingAlert(pk=pk, person_id=auditor.pk) for (pk,) in rows("SELECT id FROM access_readingalert"))
    assert "another auditor looks at it" in text(client_for(auditor).get("/unusual/"))
    with pytest.raises(Refused, match="about you"):
        answer_alert(by=auditor, alert=alert, answer="Nothing to see")
    with acting_as(auditor.pk), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE access_readingalert SET answer = 'x', answered_by_id = %s, answered_at = now()", [auditor.pk]
        )
        assert cursor.rowcount == 0


def test_only_an_auditor_sees_alerts_whatever_is_sent(worker):
    lines(worker, 4)
    watched()
    manager = person(Role.TEAM_MANAGER, team_of(worker))
    for user in (worker, manager):
        with acting_as(user.pk), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM access_readingalert")
            assert cursor.fetchall() == []
    for statement in ("SELECT sec.watch_reading(0, 0, 0)", "DELETE FROM access_readingalert",
                      "UPDATE access_readingalert SET amount = 0"):  # fmt: skip
        with acting_as(worker.pk), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_page_costs_the_same_for_one_alert_and_for_ten(client_for, auditor):
    client, costs = client_for(auditor), set()
    for _ in range(2):
        for _ in range(5):
            lines(social_worker(), 4)
        watched()
        costs.add(queries(client, "/unusual/"))
    assert len(costs) == 1
    assert costs.pop() <= 12


def test_searching_without_end_asks_for_proof(worker, settings):
    settings.MOST_SEARCHES = 3
    client = sign_in(Client(), worker)
    settings.STEP_UP_MINUTES = 0
    statuses = [client.get("/search/?q=maya").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 302, 302]
    assert client.get("/search/").status_code == 200
    settings.STEP_UP_MINUTES = 5
    assert client.get("/search/?q=maya").status_code == 200
