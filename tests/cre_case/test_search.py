"""Finding a child, and finding nothing."""

import pytest

from access import ledger
from access.parts import Label
from access.roles import Level
from accounts.roles import Role
from children.models import Alias, NameKey
from children.names import keys
from cre_case.selectors import MOST_FOUND
from tests.cre_case.makers import child_on, contact, led_child, lines, queries, social_worker, text
from tests.database import seeding
from tests.factories import CaseFileFactory, city_wide_team, exclude, give, person, team_of

pytestmark = pytest.mark.django_db

NOTHING = "No child that you can see matches."


@pytest.fixture
def worker():
    return social_worker()


def find(client, words: str) -> str:
    return text(client.get("/search/", {"q": words}))


@pytest.mark.parametrize(
    ("words", "reason"),
    [("Maya Thorne", "Name"), ("thor", "Name"), ("Thorn May", "Name"), ("Miya", "Name sounds like it"),
     ("CRE-000042", "Reference"), ("cre 42", "Reference"), ("999 000 0018", "NHS number"),
     ("Mouse", "Also known as Mouse")],
)  # fmt: skip
def test_a_child_is_found_and_the_page_says_why(client_for, worker, words, reason):
    case = CaseFileFactory(reference="CRE-000042")
    give(case, worker)
    child_on(case, nhs_number="9990000018")
    with seeding():
        Alias.objects.create(case=case, name="Mouse", added_by=worker)
        for key in keys("Mouse"):
            NameKey.objects.create(case=case, key=key)
    shown = find(client_for(worker), words)
    assert "Maya Thorne" in shown
    assert f"{reason}</span></td>" in shown
    assert "2 March 2012" in shown


def test_a_file_with_only_a_contact_is_found_by_its_reference(client_for, worker):
    case = CaseFileFactory(reference="CRE-000077")
    give(case, worker)
    contact(case)
    shown = find(client_for(worker), "cre-77")
    assert "CRE-000077" in shown
    assert f"/cases/{case.pk}/" in shown


def test_names_written_so_stand_before_names_that_sound_so(client_for, worker):
    for given in ("Philip", "Filip"):
        case = CaseFileFactory()
        give(case, worker)
        child_on(case, given)
    shown = find(client_for(worker), "filip")
    assert shown.index("Filip Thorne") < shown.index("Philip Thorne")


def test_hidden_is_the_same_as_absent(client_for, worker):
    child = led_child(social_worker(), "Maya", "Thorne", nhs_number="9990000018")
    client = client_for(worker)
    answers = set()
    for words in ("Maya", "Miya Thorne", "Nobody", child.case.reference, "CRE-999999", "9990000018", "9990000026"):
        shown = find(client, words)
        assert NOTHING in shown
        answers.add(shown.split("No child found")[1].split("</main>")[0])
    assert len(answers) == 1


def test_an_excluded_person_finds_nothing(client_for, worker):
    child = led_child(worker)
    exclude(child.case, worker)
    assert NOTHING in find(client_for(worker), "Maya")
    assert "Maya Thorne" not in find(client_for(worker), child.case.reference)


def test_police_find_a_child_only_while_it_is_shared(client_for, worker):
    from access.services import end_share

    child, officer = led_child(worker, nhs_number="9990000018"), person(Role.POLICE_OFFICER)
    client = client_for(officer)
    assert NOTHING in find(client, "Thorne")
    grant = give(child.case, team_of(officer), [Label.CORE], level=Level.VIEW)
    assert "Maya Thorne" in find(client, "Thorne")
    assert NOTHING in find(client, "9990000018"), "identifiers were not shared"
    end_share(child.case, by=worker, grant=grant)
    assert NOTHING in find(client, "Thorne")


@pytest.mark.parametrize("role", [Role.OUT_OF_HOURS_WORKER, Role.AUDITOR])
def test_standing_access_searches_the_whole_city(client_for, role):
    led_child(social_worker())
    assert "Maya Thorne" in find(client_for(person(role, city_wide_team(Level.VIEW))), "Thorne")


def test_a_search_is_one_line_with_the_children_found_and_the_words(client_for, worker):
    found = {led_child(worker, given).case_id for given in ("Ada", "Ben")}
    led_child(social_worker(), "Hidden")
    find(client_for(worker), "Thorne")
    ((kind, action, case, listed),) = lines(detail="Searched for: Thorne")
    assert (kind, action, case, set(listed)) == ("list", "list_children", None, found)


def test_a_search_that_finds_nothing_is_recorded_and_an_empty_page_is_not(client_for, worker):
    client = client_for(worker)
    client.get("/search/")
    client.get("/search/?q=ab")
    assert lines(kind="list") == []
    find(client, "Nobody")
    assert [listed for *_, listed in lines(kind="list")] == [[]]


def test_a_search_that_cannot_be_recorded_is_not_answered(client_for, worker, monkeypatch):
    led_child(worker)
    client = client_for(worker)
    client.get("/search/")
    monkeypatch.setattr(ledger, "_INSERT", "INSERT INTO no_such_ledger VALUES (%s)")
    response = client.get("/search/?q=Thorne")
    assert response.status_code == 503
    assert "Maya" not in text(response)


@pytest.mark.parametrize("words", ["", " ", "ab", "a b", "--", "%", "_"])
def test_too_little_asks_for_more(client_for, worker, words):
    led_child(worker, "Ab")
    shown = find(client_for(worker), words)
    assert "There is a problem" in shown
    assert "Thorne</a>" not in shown


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE children_child; --", "💩💩💩", "a" * 5000, "\x00\x00\x00", "..%..%", "ŁÓDŹ"]
)
def test_hostile_words_find_nothing_and_break_nothing(client_for, worker, words):
    assert client_for(worker).get("/search/", {"q": words}).status_code == 200


def test_more_than_a_page_asks_for_more_of_the_name(client_for, worker):
    for _ in range(MOST_FOUND + 1):
        led_child(worker)
    shown = find(client_for(worker), "Thorne")
    assert "More than 25 children match" in shown
    assert shown.count("Thorne</a>") == MOST_FOUND


def test_the_same_number_of_queries_for_few_and_for_many(client_for, worker):
    costs, made = set(), 0
    for wanted in (1, 3, 30):
        for _ in range(made, wanted):
            led_child(worker)
        made = wanted
        costs.add(queries(client_for(worker), "/search/?q=Thorne"))
    assert len(costs) == 1
    assert costs.pop() <= 12
