"""What comes back from one file: the timeline, when the child was last seen, contacts that wait."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.parts import SOCIAL_CARE_LABELS, Label
from access.principal import acting_as
from accounts.roles import AgencyKind, Role
from children.models import CaseNote, Moment
from children.selectors import TIMELINE_KINDS, contacts_of, last_seen, timeline, waiting_contacts
from tests.children.factories import (
    ContactFactory,
    NoteFactory,
    PersonFactory,
    PlanFactory,
    SafetyFactory,
    WarningFactory,
    ago,
    child_on_file,
    partner,
)
from tests.database import seeding
from tests.factories import agency, give, lead, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def eventful(case, worker):
    """A file on which each kind of thing has happened once, a day apart."""
    SafetyFactory(case=case, decided_at=ago(days=1), person=PersonFactory(case=case, name="Dana"))
    NoteFactory(case=case, kind="visit", seen="alone", happened_at=ago(days=2), text="Played outside.")
    NoteFactory(case=case, kind="phone_call", happened_at=ago(days=3), text="Rang the school.")
    ContactFactory(case=case, received_at=ago(days=4), recorded_at=ago(days=4))
    WarningFactory(case=case, raised_at=ago(days=5))
    PlanFactory(case=case, started_on=date(2026, 6, 1))
    leader = person(Role.SOCIAL_WORKER, name="Lee Adder")
    lead(case, leader)
    return case


def titles(case, user, **options) -> list[str]:
    with acting_as(user.pk):
        return [item.title for item in timeline(case, user, **options)]


def kinds(case, user) -> set[str]:
    with acting_as(user.pk):
        return {item.kind for item in timeline(case, user, limit=50)}


def test_everything_that_happened_is_there_newest_first(eventful, worker):
    with acting_as(worker.pk):
        items = timeline(eventful, worker, limit=50)
    assert [item.at for item in items] == sorted((item.at for item in items), reverse=True)
    assert {item.kind for item in items} == set(TIMELINE_KINDS)
    assert [item.title for item in items if item.kind not in ("allocations", "contacts")] == [
        "Dana: suspected: hold each invitation and document",
        "Visit: seen alone",
        "Phone call",
        "Warning to visitors raised",
        "Child in need plan started",
    ]


def test_an_item_says_who_what_and_where_to_read_on(eventful, worker):
    with acting_as(worker.pk):
        (visit,) = timeline(eventful, worker, kinds=["visits"])
        (allocation,) = timeline(eventful, worker, kinds=["allocations"])
    assert visit.text == "Played outside."
    assert visit.by.endswith(", Derby City Council")
    assert (visit.href_name, visit.kind) == ("notes", "visits")
    with seeding():
        assert CaseNote.objects.get(pk=visit.record_pk).text == "Played outside."
    assert allocation.title.startswith("Allocated to Lee Adder, ")
    assert allocation.href_name == ""


@pytest.mark.parametrize("kind", sorted(TIMELINE_KINDS))
def test_the_timeline_shows_the_kinds_asked_for(eventful, worker, kind):
    with acting_as(worker.pk):
        assert {item.kind for item in timeline(eventful, worker, kinds=[kind])} == {kind}


def test_no_kind_asked_for_is_every_kind_and_an_unknown_one_is_none(eventful, worker):
    assert titles(eventful, worker, kinds=[], limit=50) == titles(eventful, worker, kinds=None, limit=50) != []
    assert titles(eventful, worker, kinds=["gossip"]) == []


def test_the_limit_keeps_the_newest_of_all_kinds(eventful, worker):
    assert titles(eventful, worker, limit=3, kinds=["decisions", "visits", "notes", "warnings"]) == [
        "Dana: suspected: hold each invitation and document",
        "Visit: seen alone",
        "Phone call",
    ]


def test_a_day_without_an_hour_is_its_beginning_in_derby(case, worker):
    PlanFactory(case=case, started_on=date(2026, 6, 1), ended_on=date(2026, 11, 2))
    with acting_as(worker.pk):
        ended, started = timeline(case, worker, kinds=["plans"])
    derby = ZoneInfo("Europe/London")
    assert started.at == datetime(2026, 6, 1, tzinfo=derby)
    assert ended.at == datetime(2026, 11, 2, tzinfo=derby)


def test_a_warning_is_there_when_raised_and_when_taken_away(case, worker):
    WarningFactory(case=case, raised_at=ago(days=2), ended_at=ago(days=1), ended_by=worker)
    assert titles(case, worker, kinds=["warnings"]) == [
        "Warning to visitors taken away",
        "Warning to visitors raised",
    ]


def test_a_partner_reads_its_own_notes_and_what_all_holders_may(eventful):
    officer = partner(eventful, Role.POLICE_OFFICER)
    NoteFactory(case=eventful, agency=agency(AgencyKind.POLICE), text="Stopped in town.")
    assert kinds(eventful, officer) == {"notes", "allocations", "warnings", "plans"}
    with acting_as(officer.pk):
        assert [item.text for item in timeline(eventful, officer, kinds=["notes", "visits"])] == ["Stopped in town."]


def test_why_a_worker_was_chosen_is_not_a_partners_to_read(eventful, worker):
    officer = partner(eventful, Role.POLICE_OFFICER)
    with acting_as(worker.pk):
        (of_social_care,) = timeline(eventful, worker, kinds=["allocations"])
    with acting_as(officer.pk):
        (of_police,) = timeline(eventful, officer, kinds=["allocations"])
    assert of_social_care.text
    assert (of_police.text, of_police.title) == ("", of_social_care.title)


@pytest.mark.parametrize(
    ("missing", "hidden"),
    [
        (Label.CASEWORK, {"notes", "visits", "contacts"}),
        (Label.COMPLICITY, {"decisions"}),
        (Label.NETWORK, {"decisions"}),
    ],
)
def test_a_label_that_a_grant_leaves_out_leaves_its_kinds_out(eventful, missing, hidden):
    user = person(Role.SOCIAL_WORKER)
    give(eventful, user, SOCIAL_CARE_LABELS - {missing})
    assert kinds(eventful, user) == set(TIMELINE_KINDS) - hidden


@pytest.mark.parametrize(
    ("missing", "hidden"),
    [
        (Label.CASEWORK, {"notes", "visits", "contacts"}),
        (Label.COMPLICITY, {"decisions"}),
        (Label.NETWORK, {"decisions"}),
    ],
)
def test_the_first_wall_leaves_them_out_without_the_second(eventful, missing, hidden):
    user = person(Role.SOCIAL_WORKER)
    give(eventful, user, SOCIAL_CARE_LABELS - {missing})
    with acting_as(user.pk), seeding():
        assert {item.kind for item in timeline(eventful, user, limit=50)} == set(TIMELINE_KINDS) - hidden


@pytest.mark.parametrize(
    ("missing", "hidden"),
    [
        (Label.CASEWORK, {"notes", "visits", "contacts"}),
        (Label.COMPLICITY, {"decisions"}),
        (Label.NETWORK, {"decisions"}),
    ],
)
def test_the_second_wall_leaves_them_out_without_the_first(eventful, missing, hidden):
    user = person(Role.SOCIAL_WORKER)
    give(eventful, user, SOCIAL_CARE_LABELS - {missing})
    with acting_as(user.pk):
        assert set(Moment.objects.values_list("kind", flat=True)) == set(TIMELINE_KINDS) - hidden


def test_an_outsider_reads_nothing(eventful):
    assert titles(eventful, person(Role.SOCIAL_WORKER)) == []


def test_the_timeline_is_one_query_however_long(eventful, worker):
    def counted() -> int:
        with acting_as(worker.pk), CaptureQueriesContext(connection) as queries:
            timeline(eventful, worker, limit=50)
        return len([query for query in queries if "children_" in query["sql"]])

    few = counted()
    for _ in range(5):
        NoteFactory(case=eventful)
    assert counted() == few == 1


# Last seen


def test_a_child_was_last_seen_at_the_latest_visit_that_found_them(case, worker):
    seen = NoteFactory(case=case, kind="visit", seen="with_others", happened_at=ago(days=5))
    NoteFactory(case=case, kind="visit", seen="alone", happened_at=ago(days=9))
    NoteFactory(case=case, kind="visit", seen="not_seen", happened_at=ago(days=1))
    NoteFactory(case=case, happened_at=ago(hours=5))
    with acting_as(worker.pk):
        assert last_seen([case.pk], worker) == {case.pk: seen.happened_at}


def test_last_seen_is_one_query_for_all_and_silent_on_the_rest(case, worker):
    hidden, unseen = child_on_file().case, child_on_file().case
    give(unseen, worker)
    for one in (case, hidden):
        NoteFactory(case=one, kind="visit", seen="alone")
    with acting_as(worker.pk), CaptureQueriesContext(connection) as queries:
        assert set(last_seen([case.pk, hidden.pk, unseen.pk], worker)) == {case.pk}
    assert len([query for query in queries if "children_" in query["sql"]]) == 1


def test_a_partner_knows_of_its_own_visits_only(case):
    volunteer = partner(case, Role.VOLUNTARY_WORKER)
    NoteFactory(case=case, kind="visit", seen="alone", happened_at=ago(days=1))
    with acting_as(volunteer.pk):
        assert last_seen([case.pk], volunteer) == {}


# Contacts


def test_contacts_wait_in_the_order_they_were_received(case, worker):
    hidden = child_on_file().case
    ContactFactory(case=hidden)
    second = ContactFactory(case=case, received_at=ago(days=1), recorded_at=ago(days=1))
    first = ContactFactory(case=case, received_at=ago(days=2), recorded_at=ago(hours=1))
    with acting_as(worker.pk):
        assert list(waiting_contacts(worker)) == [first, second]


def test_a_files_contacts_come_latest_received_first(case, worker):
    ContactFactory(case=case, received_at=ago(days=9), details="Old")
    ContactFactory(case=case, received_at=ago(minutes=1), recorded_at=ago(minutes=0), details="New")
    with acting_as(worker.pk):
        details = [contact.details for contact in contacts_of(case, worker)]
    assert (details[0], details[-1], len(details)) == ("New", "Old", 3)


@pytest.mark.parametrize("role", [Role.POLICE_OFFICER, Role.VOLUNTARY_WORKER])
def test_contacts_are_not_a_partners(case, role):
    ContactFactory(case=case)
    user = partner(case, role, {Label.PROFILE})
    with acting_as(user.pk), seeding():
        assert not waiting_contacts(user).exists()
        assert not contacts_of(case, user).exists()
