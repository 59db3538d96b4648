"""The worklist: whose children, in what order, how narrowed, how counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access import ledger
from access.parts import Label
from access.roles import Level
from accounts.roles import Role
from cre_case.selectors import PER_PAGE, born_by
from offer.ages import age_on
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
from tests.factories import CaseFileFactory, city_wide_team, exclude, give, person, team_of

pytestmark = pytest.mark.django_db


def letters(number: int) -> str:
    return chr(97 + number // 26) + chr(97 + number % 26)


def names(response, *candidates: str) -> list[str]:
    """Which of the names the page shows, in the page's order."""
    body = text(response)
    return sorted((name for name in candidates if name in body), key=body.index)


def test_a_worker_sees_their_own_children_the_longest_unseen_first(client_for):
    worker = social_worker()
    for given, days in (("Ada", 2), ("Ben", 30), ("Cleo", None)):
        child = led_child(worker, given)
        if days is not None:
            seen(child, days_ago=days, by=worker)
    shown = client_for(worker).get("/children/")
    assert names(shown, "Ada Thorne", "Ben Thorne", "Cleo Thorne") == ["Cleo Thorne", "Ben Thorne", "Ada Thorne"]
    assert "2 days ago" in text(shown)
    assert "Not seen yet" in text(shown)


def test_a_partner_is_not_told_that_nobody_saw_a_child_whose_visits_they_do_not_read(client_for):
    worker = social_worker()
    child = led_child(worker)
    seen(child, days_ago=1, by=worker)
    police = person(Role.POLICE_OFFICER)
    give(child.case, team_of(police), [Label.CORE, Label.PLAN])
    shown = text(client_for(police).get("/children/"))
    assert "Not by your agency" in shown
    assert "Not seen yet" not in shown


def test_a_row_says_what_a_worker_needs_to_know(client_for):
    worker = social_worker(name="Jo Okafor")
    child = led_child(worker, send_status="suspected", date_of_birth=timezone.localdate() - timedelta(days=4000))
    plan(child)
    shown = text(client_for(worker).get("/children/"))
    for words in (
        "Maya Thorne",
        child.case.reference,
        "10",
        "SEND suspected",
        "Under 13",
        "Jo Okafor",
        "Child in need plan",
    ):
        assert words in shown


def test_a_visit_where_the_child_was_not_seen_does_not_count_as_seen(client_for):
    worker = social_worker()
    seen(led_child(worker), days_ago=1, by=worker, seen="not_seen")
    assert "Not seen yet" in text(client_for(worker).get("/children/"))


def test_tabs_count_what_is_behind_them(client_for):
    team = council_team()
    worker, colleague = social_worker(team), social_worker(team)
    led_child(worker, "Ada")
    for given in ("Ben", "Cleo"):
        led_child(colleague, given)
    led_child(social_worker(), "Dan")
    client = client_for(worker)
    shown = text(client.get("/children/"))
    assert 'My <span class="app-count">1</span>' in shown
    assert 'Team <span class="app-count">3</span>' in shown
    assert names(client.get("/children/?tab=team"), "Ada Thorne", "Ben Thorne", "Cleo Thorne", "Dan Thorne") != []
    assert "Dan Thorne" not in text(client.get("/children/?tab=all"))


def test_to_assign_holds_what_waits_for_a_worker_and_nothing_else(client_for):
    team = council_team()
    boss, worker = manager(team), social_worker(team)
    led_child(worker, "Led")
    waiting = CaseFileFactory()
    give(waiting, team, source="team", until=None)
    child_on(waiting, "Waits")
    accepted, received = CaseFileFactory(), CaseFileFactory()
    for case, outcome in ((accepted, "accepted"), (received, "received")):
        give(case, team, source="team", until=None)
        contact(case, outcome, child_given_names=f"Heard {outcome}")
    elsewhere = CaseFileFactory()
    give(elsewhere, council_team(), source="team", until=None)
    child_on(elsewhere, "Elsewhere")
    client = client_for(boss)
    shown = client.get("/children/?tab=assign")
    found = names(shown, "Waits Thorne", "Heard accepted", "Heard received", "Led Thorne", "Elsewhere Thorne")
    assert found == ["Waits Thorne", "Heard accepted"]
    assert 'To assign <span class="app-count">2</span>' in text(client.get("/children/"))
    assert "To assign" not in text(client_for(worker).get("/children/"))


@pytest.fixture
def mixed(client_for):
    """A worker with children of every sort: a client, and who of them a filter leaves."""
    team = council_team()
    worker, colleague = social_worker(team), social_worker(team, name="Sam Khan")
    today = timezone.localdate()

    def born(years: int):
        return born_by(today, years)

    young = led_child(worker, "Young", date_of_birth=born(9), send_status="recorded")
    teen = led_child(worker, "Teen", date_of_birth=born(15), send_status="none")
    led_child(colleague, "Older", date_of_birth=born(17), send_status="suspected")
    led_child(worker, "Unborn", date_of_birth=None)
    seen(young, days_ago=3, by=worker)
    seen(teen, days_ago=20, by=worker)
    client = client_for(worker)

    def left(query: str) -> set[str]:
        everybody = ("Young", "Teen", "Older", "Unborn")
        return {name for name in everybody if f"{name} Thorne" in text(client.get(f"/children/?tab=team&{query}"))}

    left.worker, left.colleague, left.teen, left.client = worker, colleague, teen, client
    return left


def test_filters_leave_what_they_say(mixed):
    assert mixed("send=protected") == {"Young", "Older"}
    assert mixed("send=recorded") == {"Young"}
    assert mixed("age=under_13") == {"Young"}
    assert mixed("age=13_15") == {"Teen"}
    assert mixed("age=16_17") == {"Older"}
    assert mixed("age=not_known") == {"Unborn"}
    assert mixed("seen=not-7") == {"Teen", "Older", "Unborn"}
    assert mixed("seen=seen-7") == {"Young"}
    assert mixed(f"lead={mixed.colleague.pk}") == {"Older"}
    assert mixed("lead=nobody") == set()
    assert mixed("q=Tee") == {"Teen"}
    assert mixed("q=Tean") == {"Teen"}
    assert mixed(f"q={mixed.teen.case.reference}") == set() or mixed.teen.case.reference.startswith("CRE-T")
    assert mixed("q=Tee&seen=not-7&age=13_15") == {"Teen"}


NONSENSE = (
    "send=nonsense", "age=0", "seen=not-x", "seen=%00", "lead=999999999", "page=-1", "page=x", "page=99999999999",
    "tab=nonsense", "q=%F0%9F%92%A9", "q=" + "a" * 3000, "q=%00",
)  # fmt: skip


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_in_the_address_narrows_nothing_and_breaks_nothing(mixed, query):
    assert mixed.client.get(f"/children/?{query}").status_code == 200


def test_a_filter_is_kept_from_page_to_page_and_from_tab_to_tab(client_for):
    worker = social_worker()
    for number in range(PER_PAGE + 2):
        led_child(worker, f"Child{chr(97 + number)}", send_status="recorded")
    client = client_for(worker)
    first = text(client.get("/children/?tab=mine&send=recorded&seen=not-14"))
    assert f"{PER_PAGE + 2} children" in first
    for kept in ("page=2", "send=recorded", "seen=not-14"):
        assert kept in first.split('rel="next"')[0].rsplit("href", 1)[1]
    assert "tab=team" in first
    assert "send=recorded&amp;seen=not-14&amp;tab=team" in first
    second = text(client.get("/children/?tab=mine&send=recorded&seen=not-14&page=2"))
    assert second.count("Thorne</a>") == 2
    assert 'value="recorded" selected' in second
    beyond = text(client.get("/children/?tab=mine&send=recorded&page=50"))
    assert beyond.count("Thorne</a>") == 2


def test_each_page_has_its_own_children(client_for):
    worker = social_worker()
    made = {led_child(worker, f"Kid{letters(number)}").given_names for number in range(PER_PAGE + 5)}
    client = client_for(worker)
    pages = [text(client.get(f"/children/?page={number}")) for number in (1, 2)]
    shown = [{name for name in made if f"{name} Thorne" in page} for page in pages]
    assert shown[0] | shown[1] == made
    assert shown[0] & shown[1] == set()
    tables = [
        page.split("<table")[1].split("</table>")[0] for page in (pages[0], text(client.get("/children/?page=1")))
    ]
    assert tables[0] == tables[1]


def test_nothing_says_so(client_for):
    worker = social_worker()
    client = client_for(worker)
    assert "No child is allocated to you." in text(client.get("/children/"))
    assert "Nothing matches this filter." in text(client.get("/children/?send=recorded"))


@pytest.mark.parametrize(
    "address",
    [
        "/children/",
        "/children/?tab=team",
        "/children/?tab=all",
        "/children/?tab=team&q=Tho&send=none&age=13_15&seen=not-7",
    ],
)
def test_the_same_number_of_queries_for_few_and_for_many(client_for, address):
    worker = social_worker()
    costs = set()
    made = 0
    for wanted in (1, 3, 30):
        for number in range(made, wanted):
            child = led_child(
                worker,
                f"Child{chr(97 + number % 26)}",
                send_status="none",
                date_of_birth=born_by(timezone.localdate(), 14),
            )
            plan(child)
            seen(child, days_ago=20, by=worker)
        made = wanted
        costs.add(queries(client_for(worker), address))
    assert len(costs) == 1
    assert costs.pop() <= 12


def test_a_list_is_one_line_with_every_child_on_the_page(client_for):
    worker = social_worker()
    cases = {led_child(worker, f"Child{chr(97 + number)}").case_id for number in range(3)}
    led_child(social_worker(), "Hidden")
    client_for(worker).get("/children/")
    ((kind, action, case, listed),) = lines(kind="list")
    assert (kind, action, case, set(listed)) == ("list", "list_children", None, cases)


def test_a_list_that_cannot_be_recorded_is_not_shown(client_for, monkeypatch):
    worker = social_worker()
    led_child(worker)
    client = client_for(worker)
    client.get("/children/")
    monkeypatch.setattr(ledger, "_INSERT", "INSERT INTO no_such_ledger VALUES (%s)")
    response = client.get("/children/")
    assert response.status_code == 503
    assert "Thorne" not in text(response)


def test_an_excluded_person_sees_nothing_in_list_or_count(client_for):
    worker = social_worker()
    child = led_child(worker)
    client = client_for(worker)
    assert "Maya Thorne" in text(client.get("/children/"))
    exclude(child.case, worker)
    for address in ("/children/", "/children/?tab=team", "/children/?tab=all"):
        shown = text(client.get(address))
        assert "Maya" not in shown
        assert '<span class="app-count">0</span>' in shown
        assert '<span class="app-count">1</span>' not in shown


def test_a_partner_sees_what_is_shared_with_their_team_until_it_ends(client_for):
    worker, officer = social_worker(), person(Role.POLICE_OFFICER)
    child = led_child(worker)
    client = client_for(officer)
    assert "Maya" not in text(client.get("/children/"))
    grant = give(child.case, team_of(officer), [Label.CORE], level=Level.VIEW)
    shown = text(client.get("/children/"))
    assert "Maya Thorne" in shown
    assert 'Team <span class="app-count">1</span>' in shown
    from access.services import end_share

    end_share(child.case, by=worker, grant=grant)
    assert "Maya" not in text(client.get("/children/"))


def test_standing_access_lists_only_what_was_opened_with_a_reason(client_for):
    auditor = person(Role.AUDITOR, city_wide_team(Level.VIEW))
    child = led_child(social_worker())
    client = client_for(auditor)
    for address in ("/children/", "/children/?tab=team", "/children/?tab=all"):
        assert "Maya" not in text(client.get(address))
    give(child.case, auditor, source="stated_reason", level=Level.VIEW)
    assert "Maya Thorne" in text(client.get("/children/"))


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.DIRECTORY_ADMIN])
def test_who_works_with_no_child_has_no_list(client_for, role):
    assert client_for(person(role)).get("/children/").status_code == 403


def test_born_by_agrees_with_age_on_every_day_of_years():
    from datetime import date

    for today in (date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1), date(2026, 11, 23)):
        for years in (13, 16, 18):
            limit = born_by(today, years)
            for offset in range(-400, 400):
                born = limit + timedelta(days=offset)
                assert (born <= limit) == (age_on(born, today) >= years), (today, years, born)
