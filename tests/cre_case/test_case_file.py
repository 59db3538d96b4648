"""The overview of a file, and who leads on it."""

from datetime import date

import pytest

from access import ledger
from access.parts import Label
from access.roles import Level
from accounts.roles import Role
from children.models import Address, ChildProfile, Person, WorkerSafetyWarning
from tests.cre_case.makers import (
    child_on,
    contact,
    council_team,
    led_child,
    lines,
    manager,
    plan,
    queries,
    seen,
    social_worker,
    text,
)  # fmt: skip
from tests.database import rows, seeding
from tests.factories import CaseFileFactory, exclude, give, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return social_worker(name="Jo Okafor")


@pytest.fixture
def full(worker):
    """A child with something in every part of the overview."""
    child = led_child(worker)
    plan(child)
    seen(child, days_ago=5, by=worker, child_words="I want to see my nan")
    with seeding():
        case, by = child.case, worker
        ChildProfile.objects.filter(case=case).update(school="Riverside Academy")
        home = {"case": case, "from_on": date(2020, 1, 1), "recorded_by": by}
        Address.objects.create(kind="home", lines="1 Vernon Street", postcode="DE1 1FR", **home)
        Address.objects.create(kind="placement", lines="Hidden House", confidential=True, **home)
        Person.objects.create(
            case=case, name="Ruth Thorne", relationship="mother", lives_with_child="yes", recorded_by=by
        )
        WorkerSafetyWarning.objects.create(case=case, advice="Visit in pairs", raised_by=by)
    contact(child.case, "linked")
    return child


def page(client, child, rest: str = "") -> str:
    response = client.get(f"/cases/{child.case_id}/{rest}")
    assert response.status_code == 200
    return text(response)


def test_the_overview_says_who_this_is_and_what_matters(client_for, worker, full):
    shown = page(client_for(worker), full)
    for words in ("Maya Thorne", full.case.reference, "Jo Okafor", "Visit in pairs", "Ruth Thorne (mother)",
                  "1 Vernon Street DE1 1FR", "Riverside Academy", "I want to see my nan", "Visit: seen alone",
                  "Phone call from school or college", "Allocated to Jo Okafor"):  # fmt: skip
        assert words in shown, words
    facts = shown.split("Key facts")[1].split("Who is involved")[0]
    assert "Child in need plan" in facts
    assert "Hidden House" not in shown
    assert "5 January 2026</" in shown


def test_a_partner_sees_no_more_than_was_shared(client_for, full):
    officer = person(Role.POLICE_OFFICER)
    give(full.case, team_of(officer), [Label.CORE], level=Level.VIEW)
    shown = page(client_for(officer), full)
    for words in ("Maya Thorne", "Visit in pairs", "Jo Okafor", "Child in need plan"):
        assert words in shown, words
    for words in (
        "Ruth",
        "Vernon",
        "Riverside",
        "nan",
        "Seen at school",
        "Not in school",
        "Allocate<",
        "Share<",
        "Who has looked",
    ):
        assert words not in shown, words


def test_what_is_shared_adds_what_it_names(client_for, full):
    officer = person(Role.POLICE_OFFICER)
    give(full.case, team_of(officer), [Label.CORE, Label.NETWORK, Label.LOCATION, Label.PROFILE], level=Level.VIEW)
    shown = page(client_for(officer), full)
    assert "Ruth Thorne (mother)" in shown
    assert "1 Vernon Street" in shown
    assert "Hidden House" not in shown


def test_a_file_with_only_a_contact_shows_the_contact(client_for, worker):
    case = CaseFileFactory()
    give(case, worker)
    told = contact(case, "accepted")
    response = client_for(worker).get(f"/cases/{case.pk}/")
    shown = text(response)
    assert "Not in school" in shown
    assert f"/cases/{case.pk}/contacts/{told.pk}/" in shown
    assert "Add the child" in shown
    assert "not allocated" in shown


def items(shown: str) -> int:
    """How many things the overview says have happened."""
    return shown.split('id="history"')[1].split("</ol>")[0].count("<h3")


def test_kinds_and_more_of_what_has_happened(client_for, worker, full):
    client = client_for(worker)
    only = page(client, full, "?kind=allocations").split('id="history"')[1]
    assert "Allocated to" in only
    assert "Seen at school" not in only
    for day in range(12):
        seen(full, days_ago=40 + day, by=worker)
    first = page(client, full)
    assert items(first) == 10
    assert "?all=yes#history" in first
    assert page(client, full, "?all=yes").count("Seen at school") == 13
    assert items(page(client, full, "?kind=nonsense&all=x")) == 10


def test_what_may_not_be_done_says_why(client_for, worker, full):
    shown = page(client_for(worker), full)
    assert "Only a team manager of the team that holds this file can allocate it." in shown
    assert f"/cases/{full.case_id}/share/" in shown
    assert f"/cases/{full.case_id}/allocate/" not in shown


@pytest.mark.parametrize("address", ["", "access/", "looked/", "share/"])
def test_the_same_number_of_queries_for_few_and_for_many(client_for, worker, full, address):
    client = client_for(worker)
    costs = set()
    for more in (0, 2, 27):
        for _ in range(more):
            seen(full, days_ago=9, by=worker)
            plan(full)
            give(full.case, council_team(), [Label.CORE], level=Level.VIEW)
        costs.add(queries(client, f"/cases/{full.case_id}/{address}"))
    assert len(costs) == 1
    assert costs.pop() <= 12


def test_opening_a_file_is_one_line(client_for, worker, full):
    client_for(worker).get(f"/cases/{full.case_id}/")
    assert lines(case_id=full.case_id) == [("read", "view_file", full.case_id, None)]


def test_a_page_that_cannot_be_recorded_is_not_shown(client_for, worker, full, monkeypatch):
    client = client_for(worker)
    client.get("/children/")
    monkeypatch.setattr(ledger, "_INSERT", "INSERT INTO no_such_ledger VALUES (%s)")
    for address in ("", "access/", "looked/", "share/"):
        response = client.get(f"/cases/{full.case_id}/{address}")
        assert response.status_code == 503
        assert "Maya" not in text(response)


def test_hidden_is_absent_byte_for_byte(client_for, full):
    stranger = social_worker()
    closed_to = social_worker()
    give(full.case, closed_to)
    exclude(full.case, closed_to)
    absent = "00000000-0000-4000-8000-000000000000"
    for somebody in (stranger, closed_to):
        client = client_for(somebody)
        for address in ("", "access/", "looked/", "share/", "allocate/", "exclude/", "reason/"):
            hidden = client.get(f"/cases/{full.case_id}/{address}")
            missing = client.get(f"/cases/{absent}/{address}")
            assert (hidden.status_code, missing.status_code) == (404, 404)
            assert hidden.content == missing.content
            assert sorted(hidden.headers.items()) == sorted(missing.headers.items())


def allocate(client, case, **typed):
    return client.post(f"/cases/{case.pk}/allocate/", typed)


def choice(worker) -> str:
    return str(worker.memberships.get().pk)


def test_allocation_end_to_end(client_for):
    team = council_team()
    boss, worker = manager(team), social_worker(team, name="Jo Okafor")
    case = CaseFileFactory()
    give(case, team, source="team", until=None)
    child_on(case)
    client = client_for(boss)
    assert "Jo Okafor" in text(client.get(f"/cases/{case.pk}/allocate/"))
    sent = client.post(
        f"/cases/{case.pk}/allocate/", {"worker": choice(worker), "reason": "Knows the school"}, follow=True
    )
    assert sent.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert f"{case.reference} is allocated to Jo Okafor" in text(sent)
    assert "Maya Thorne" in text(client_for(worker).get("/children/"))
    assert "Every child of your teams has a social worker." in text(client.get("/children/?tab=assign"))
    assert lines(action="allocate", kind="write")[0][2] == case.pk


def test_the_choice_shows_how_many_children_each_of_the_own_team_has(client_for):
    team = council_team(name="Locality 1")
    boss, busy = manager(team), social_worker(team, name="Busy Bee")
    elsewhere = social_worker(council_team(name="Locality 2"), name="Else Where")
    person(Role.POLICE_OFFICER, name="Not Offered")
    child = led_child(busy)
    led_child(busy, "Ben")
    led_child(elsewhere, "Cleo")
    shown = text(client_for(boss).get(f"/cases/{child.case_id}/allocate/"))
    assert "Busy Bee, Locality 1 (2 children now)" in shown
    assert "Else Where, Locality 2<" in shown
    assert "Not Offered" not in shown


def test_a_file_handed_to_another_team_leads_back_to_the_worklist(client_for):
    team, other = council_team(), council_team()
    boss, worker = manager(team), social_worker(other)
    child = led_child(social_worker(team))
    sent = allocate(client_for(boss), child.case, worker=choice(worker), reason="Moved house")
    assert (sent.status_code, sent.url) == (302, "/children/")
    assert client_for(boss).get(f"/cases/{child.case_id}/").status_code == 404
    assert client_for(worker).get(f"/cases/{child.case_id}/").status_code == 200


@pytest.mark.parametrize(
    "typed", [{}, {"worker": "x", "reason": "y"}, {"worker": "999999", "reason": "y"}, {"reason": "kept words"}]
)
def test_a_bad_allocation_is_a_sentence_and_nothing_is_lost(client_for, typed):
    team = council_team()
    child = led_child(social_worker(team))
    sent = allocate(client_for(manager(team)), child.case, **typed)
    assert sent.status_code == 200
    assert "There is a problem" in text(sent)
    assert typed.get("reason", "") in text(sent)


def test_who_is_closed_out_is_not_offered(client_for):
    team = council_team()
    boss, relative = manager(team), social_worker(team, name="Rela Tive")
    child = led_child(social_worker(team))
    exclude(child.case, relative)
    client = client_for(boss)
    assert "Rela Tive" not in text(client.get(f"/cases/{child.case_id}/allocate/"))
    assert "There is a problem" in text(allocate(client, child.case, worker=choice(relative), reason="Try"))


def test_a_form_sent_twice_allocates_once(client_for):
    team = council_team()
    boss, worker = manager(team), social_worker(team)
    child = led_child(social_worker(team))
    key = "11111111-1111-4111-8111-111111111111"
    client = client_for(boss)
    for _ in range(2):
        assert allocate(client, child.case, worker=choice(worker), reason="Knows the area", once=key).status_code == 302
    assert rows("SELECT count(*) FROM access_allocation WHERE case_id = %s", child.case_id) == [(2,)]


def test_only_a_manager_allocates(client_for, worker, full):
    response = client_for(worker).get(f"/cases/{full.case_id}/allocate/")
    assert response.status_code == 403
    assert "Only a team manager" in text(response)
