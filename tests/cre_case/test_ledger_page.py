"""An auditor searches the ledger; and everybody may read what each role may do."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.matrix import GROUPS, Extent, matrix
from access.principal import acting_as
from access.roles import Action, Level
from access.selectors import LedgerQuery, search_ledger
from accounts.roles import Role
from tests.cre_case.makers import led_child, queries, social_worker, text
from tests.database import rows, seeding
from tests.factories import city_wide_team, exclude, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return person(Role.AUDITOR, city_wide_team(Level.VIEW), name="Au Ditor")


@pytest.fixture
def worker():
    return social_worker(name="Jo Okafor", username="jo.okafor")


@pytest.fixture
def child(worker):
    return led_child(worker)


@pytest.fixture
def looked(client_for, worker, child):
    """Jo looked at one child, and somebody else at another."""
    other = social_worker(name="Ola Other")
    client_for(worker).get(f"/cases/{child.case_id}/")
    client_for(other).get(f"/cases/{led_child(other, 'Zed', 'Zebra').case_id}/")


def found(client, **asked) -> str:
    return text(client.get("/ledger/", asked))


def test_one_persons_lines_are_found_by_user_name(client_for, auditor, looked):
    shown = found(client_for(auditor), who="Jo.Okafor")
    assert "Looked at the overview" in shown
    assert "Jo Okafor" in shown
    assert "Ola Other" not in shown


def test_one_files_lines_are_found_by_its_reference_lists_too(client_for, auditor, worker, child, looked):
    client_for(worker).get("/children/")
    shown = found(client_for(auditor), reference=child.case.reference.lower())
    assert "Saw a list or search" in shown
    assert child.case.reference in shown
    assert "Ola Other" not in shown


def test_one_kind_of_line_is_found(client_for, auditor, worker, child, looked):
    client_for(worker).get("/children/")
    shown = found(client_for(auditor), kind="list")
    assert "Saw a list or search" in shown
    assert "Looked at the overview" not in shown


def day(moment, name: str) -> dict[str, str]:
    return {f"{name}_day": str(moment.day), f"{name}_month": str(moment.month), f"{name}_year": str(moment.year)}


def test_days_are_days_in_london_and_both_ends_count(client_for, auditor, looked):
    today = timezone.localdate()
    client, yesterday = client_for(auditor), today - timedelta(days=1)
    assert "Jo Okafor" in found(client, **day(today, "since"), **day(today, "until"))
    assert "Jo Okafor" not in found(client, **day(yesterday, "since"), **day(yesterday, "until"))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"who": "nobody.here"}, "User name must be one that an account has or had"),
        ({"reference": "CRE-999999"}, "File must be the reference of a file"),
        ({"reference": "' OR 1=1"}, "File must be the reference of a file"),
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "From must be a real date"),
        (
            {**day(timezone.localdate(), "since"), "until_day": "1", "until_month": "1", "until_year": "2020"},
            "or later",
        ),
    ],
)
def test_what_cannot_be_searched_for_gets_a_sentence_and_stays_typed(client_for, auditor, looked, asked, sentence):
    shown = client_for(auditor).get("/ledger/", asked)
    assert shown.status_code == 200
    assert sentence in text(shown)
    assert "Jo Okafor" not in text(shown)


@pytest.mark.parametrize("after", ["nonsense", "'; --", "00000000-0000-0000-0000-000000000000"])
def test_any_page_that_is_none_is_answered(client_for, auditor, looked, after):
    assert client_for(auditor).get("/ledger/", {"after": after}).status_code == 200


def test_older_lines_follow_and_each_is_shown_once(client_for, auditor, worker, child):
    client = client_for(worker)
    for _ in range(60):
        client.get(f"/cases/{child.case_id}/")
    first = client_for(auditor).get("/ledger/", {"who": worker.username})
    assert text(first).count("Looked at the overview") == 50
    with acting_as(auditor.pk):
        wanted = LedgerQuery(who=worker.pk)
        one = search_ledger(wanted, at_most=50)
        two = search_ledger(wanted, after=one[-1].pk, at_most=50)
    ids = [line.pk for line in (*one, *two)]
    assert len(ids) == len(set(ids)) >= 60
    assert f"after={one[-1].pk}" in text(first)


def test_a_search_is_itself_a_line(client_for, auditor):
    client = client_for(auditor)
    client.get("/ledger/", {"kind": "denied"})
    assert "Searched the ledger for kind: denied" in found(client)


def test_lines_of_a_file_closed_to_the_auditor_are_not_there(client_for, auditor, child, looked):
    exclude(child.case, auditor)
    shown = found(client_for(auditor))
    assert "Ola Other" in shown
    assert child.case.reference not in shown
    assert "File must be the reference" in found(client_for(auditor), reference=child.case.reference)


def test_a_page_costs_the_same_for_one_line_and_for_fifty(client_for, auditor, worker, child):
    client = client_for(auditor)
    costs = {queries(client, f"/ledger/?who={worker.username}")}
    for _ in range(55):
        client_for(worker).get(f"/cases/{child.case_id}/")
    costs.add(queries(client, f"/ledger/?who={worker.username}"))
    assert max(costs) <= 12
    assert len(costs) <= 2  # no person and no file is looked up where no line is found


def test_the_database_itself_refuses_whoever_is_no_auditor(worker):
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="Only an auditor"), transaction.atomic():
        search_ledger(LedgerQuery(), at_most=1)


def test_lines_are_in_the_order_of_the_databases_clock_whatever_their_ids_say(auditor, worker):
    """A machine whose clock was ahead for a while made ids that look late."""
    ids = [UUID(int=number << 80) for number in (3, 1, 2)]
    with acting_as(worker.pk), connection.cursor() as cursor:
        for one in ids:
            cursor.execute(
                "INSERT INTO access_auditevent (id, kind, action, record, detail, claimed_user) "
                "VALUES (%s, 'read', 'view_file', '', '', '')",
                [one],
            )
    with acting_as(auditor.pk):
        found = search_ledger(LedgerQuery(who=worker.pk), at_most=10)
        older = search_ledger(LedgerQuery(who=worker.pk), after=ids[1], at_most=10)
    assert [line.pk for line in found] == ids[::-1]
    assert [line.pk for line in older] == ids[:1]


# What each role may do


def test_every_action_has_its_words_once():
    listed = [action for actions in GROUPS.values() for action in actions]
    assert sorted(listed) == sorted(Action)


def test_the_page_shows_the_rule_itself(client_for):
    officer = person(Role.POLICE_OFFICER)
    shown = text(client_for(officer).get("/roles/"))
    assert "Yours: Police officer." in shown
    look = {row.action: row.extents for row in matrix()["Look"]}
    assert look["See visits and notes"][Role.POLICE_OFFICER] is Extent.OWN
    assert look["See visits and notes"][Role.SOCIAL_WORKER] is Extent.YES
    assert look["See visits and notes"][Role.SYSTEM_ADMIN] is Extent.NO


def test_the_page_costs_nothing_of_a_file(client_for):
    client_for(social_worker()).get("/roles/")
    with seeding():
        assert rows("SELECT count(*) FROM access_auditevent WHERE case_id IS NOT NULL") == [(0,)]
