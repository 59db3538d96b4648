"""The pages of restricted files: who finds them, what they say, and what is typed wrong."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import CaseFile
from access.roles import Level
from accounts.roles import Role
from tests.cre_case.makers import led_child, manager, queries, social_worker, text
from tests.database import rows, seeding
from tests.factories import TeamFactory, agency, city_wide_team, give, person, team_of

pytestmark = pytest.mark.django_db

EMERGENCY = "She rang from the motorway and is alone"


@pytest.fixture
def worker():
    return social_worker(name="Jo Okafor")


@pytest.fixture
def child(worker):
    return led_child(worker)


@pytest.fixture
def boss(worker):
    return manager(team_of(worker), name="Bo Boss", job_title="Team manager", phone="01332 000001")


@pytest.fixture
def colleague(worker):
    return social_worker(team_of(worker), name="Al Away")


@pytest.fixture
def auditor():
    return person(Role.AUDITOR, city_wide_team(Level.VIEW), name="Au Ditor")


def page(name: str, child) -> str:
    return reverse(name, args=[child.case_id])


def restrict(client, child, **changes):
    typed = {"ground": "staff", "reason": "Her aunt works here", "named": [], "aware": [], **changes}
    return client.post(page("restrict", child), typed, follow=True)


@pytest.fixture
def restricted(client_for, boss, worker, child):
    """Known to the team, named to nobody but who leads and the manager."""
    assert "Restricted" in text(restrict(client_for(boss), child, aware=[str(team_of(worker).pk)]))
    return child


def test_who_could_be_named_is_everybody_who_sees_it_now_but_the_lead_and_oneself(client_for, boss, colleague, child):
    shown = text(client_for(boss).get(page("restrict", child)))
    assert "Al Away" in shown
    assert "Jo Okafor" not in shown.split("Who keeps access")[1]


def test_what_is_missing_is_said_and_what_was_typed_is_still_there(client_for, boss, child):
    shown = text(restrict(client_for(boss), child, ground="", reason="She is the mayor’s niece"))
    assert "Select the ground" in shown
    assert "She is the mayor’s niece" in shown
    assert rows("SELECT count(*) FROM access_restriction") == [(0,)]


@pytest.mark.parametrize("field", ["named", "aware"])
def test_who_was_not_offered_is_not_taken(client_for, boss, child, field):
    stranger = social_worker()
    shown = text(restrict(client_for(boss), child, **{field: [str(stranger.pk + 9000)]}))
    assert "There is a problem" in shown
    assert rows("SELECT count(*) FROM access_restriction") == [(0,)]


def test_a_restricted_file_says_so_and_never_why(client_for, worker, boss, restricted):
    for user in (worker, boss):
        for name in ("case_file", "who_can_see", "notes"):
            shown = text(client_for(user).get(page(name, restricted)))
            assert "This file is restricted to people named on it." in shown
            assert "aunt" not in shown
    assert "aunt" in text(client_for(boss).get(page("lift_restriction", restricted)))


def test_its_pages_cost_the_same_number_of_queries(client_for, boss, child):
    client, address = client_for(boss), page("case_file", child)
    before = queries(client, address)
    restrict(client, child)
    assert queries(client, address) == before


def test_it_stays_in_the_lists_of_those_named(client_for, boss, worker, restricted):
    assert "Thorne" in text(client_for(worker).get("/children/"))
    assert "Thorne" in text(client_for(boss).get("/children/?tab=team"))


@pytest.mark.parametrize("words", ["Thorne", "Maya Thorn", "Tho", "CRE-000042", "485 777 3456"])
def test_who_may_know_of_it_finds_whom_to_ask_by_any_of_its_names(client_for, boss, worker, colleague, words):
    child = led_child(worker, nhs_number="4857773456")
    with seeding():
        CaseFile.objects.filter(pk=child.case_id).update(reference="CRE-000042")
    restrict(client_for(boss), child, aware=[str(team_of(worker).pk)])
    shown = text(client_for(colleague).get("/search/", {"q": words}))
    assert "Bo Boss, Team manager, 01332 000001" in shown
    assert "CRE-000042" in shown
    assert "Maya Thorne" not in shown
    ((listed,),) = rows("SELECT case_ids FROM access_auditevent WHERE kind = 'list' ORDER BY id DESC LIMIT 1")
    assert listed == [child.case_id]


@pytest.mark.parametrize("words", ["Ma", "Horne", "CRE-999999", "485 777 3457", "Maya Okafor"])
def test_what_does_not_match_finds_nothing(client_for, worker, colleague, restricted, words):
    assert "Restricted record" not in text(client_for(colleague).get("/search/", {"q": words}))


def test_for_everybody_else_it_is_not_there(client_for, boss, colleague, child):
    restrict(client_for(boss), child)
    client = client_for(colleague)
    hidden = client.get("/search/", {"q": "Thorne"}).content.replace(b"Thorne", b"Nobody")
    absent = client.get("/search/", {"q": "Nobody"}).content
    assert without_tokens(hidden) == without_tokens(absent)
    assert client.get(page("case_file", child)).status_code == client.get(page("break_glass", child)).status_code == 404


def without_tokens(body: bytes) -> list[bytes]:
    return [line for line in body.splitlines() if b"csrfmiddlewaretoken" not in line and b"nonce" not in line]


def test_an_emergency_opens_it_and_those_who_answer_for_it_hear(client_for, boss, worker, colleague, restricted):
    client = client_for(colleague)
    assert client.get(page("case_file", restricted)).status_code == 404
    asked = text(client.get(page("break_glass", restricted)))
    assert "First try to reach Bo Boss, 01332 000001." in asked
    assert "Thorne" not in asked
    short = text(client.post(page("break_glass", restricted), {"reason": "I must see"}))
    assert "20 letters or more" in short
    opened = client.post(page("break_glass", restricted), {"reason": EMERGENCY}, follow=True)
    assert "Maya Thorne" in text(opened)
    assert "This file is restricted" in text(opened)
    for user in (boss, worker):
        assert "A restricted file was opened in an emergency." in text(client_for(user).get("/notices/"))
    assert EMERGENCY in text(client_for(boss).get(page("who_can_see", restricted)))
    assert client.get(page("add_note", restricted)).status_code == 403
    assert client.get(page("break_glass", restricted)).status_code == 404  # it is open to them


def test_an_emergency_asks_for_proof(client_for, settings, colleague, restricted):
    client = client_for(colleague)
    settings.STEP_UP_MINUTES = 0
    assert client.post(page("break_glass", restricted), {"reason": EMERGENCY}).status_code == 401
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'break_glass'") == [(0,)]


def test_an_auditor_reviews_it_in_a_list_that_says_what_is_overdue(client_for, auditor, colleague, restricted):
    client_for(colleague).post(page("break_glass", restricted), {"reason": EMERGENCY})
    client = client_for(auditor)
    shown = text(client.get("/emergencies/"))
    assert "Al Away" in shown
    assert EMERGENCY in shown
    assert "Overdue" not in shown
    ((access,),) = rows("SELECT id FROM access_caseaccess WHERE source = 'break_glass'")
    review = reverse("review_emergency", args=[access])
    assert "Say what you found" in text(client.post(review, {"was_needed": "yes", "finding": ""}))
    done = client.post(review, {"was_needed": "no", "finding": "The manager was at her desk"}, follow=True)
    assert "Not needed: The manager was at her desk" in text(done)
    assert client.get(reverse("review_emergency", args=[access + 999])).status_code == 404


def test_a_review_after_a_week_is_overdue(client_for, auditor, worker, child):
    night = person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.WORK), name="Ni Ght")
    case = CaseFile(pk=child.case_id, opened_by=night)
    give(case, night, source="stated_reason", since=timedelta(days=8))
    assert "Overdue" in text(client_for(auditor).get("/emergencies/"))


@pytest.fixture
def opened_long_ago(restricted, colleague):
    """Opened in an emergency eight days ago."""
    case = CaseFile(pk=restricted.case_id, opened_by=colleague)
    return give(case, colleague, source="break_glass", since=timedelta(days=8), until=timedelta(days=-7))


OVERDUE = "Opened in an emergency, and not reviewed for a week."


def test_a_manager_of_the_file_hears_on_the_first_page_of_a_review_that_is_overdue(
    client_for, boss, colleague, restricted, opened_long_ago
):
    shown = client_for(boss).get("/children/")
    assert OVERDUE in text(shown)
    assert page("who_has_looked", restricted) in shown.content.decode()
    ((listed,),) = rows("SELECT case_ids FROM access_auditevent WHERE kind = 'list'")
    assert restricted.case_id in listed
    other = person(Role.TEAM_MANAGER, TeamFactory(agency=agency(), receives_contacts=True))
    for user in (other, colleague):
        assert OVERDUE not in text(client_for(user).get("/children/"))


def test_it_is_silent_once_reviewed_and_before_a_week_is_over(client_for, boss, auditor, restricted, opened_long_ago):
    reviewed = {"was_needed": "yes", "finding": "She rang first"}
    client_for(auditor).post(reverse("review_emergency", args=[opened_long_ago.pk]), reviewed)
    case = CaseFile(pk=restricted.case_id, opened_by=boss)
    give(case, person(Role.SOCIAL_WORKER), source="break_glass", since=timedelta(days=6), until=timedelta(days=-5))
    assert OVERDUE not in text(client_for(boss).get("/children/"))


def test_a_person_is_named_and_taken_off(client_for, boss, colleague, restricted):
    client = client_for(boss)
    typed = {
        "person": "Al Away", "labels": ["casework", "plan"], "level": "2", "purpose": "Keeping the child safe now",
        "lawful_basis": "public_task", "reason": "He takes her to school",
    }  # fmt: skip
    assert "Enter the name" in text(client.post(page("name_person", restricted), typed | {"person": ""}))
    shown = text(client.post(page("name_person", restricted), typed, follow=True))
    assert "Al Away can see this file now." in shown
    assert client_for(colleague).get(page("case_file", restricted)).status_code == 200
    ((naming,),) = rows("SELECT max(id) FROM access_caseaccess WHERE source = 'named'")
    ended = client.post(reverse("end_naming", args=[restricted.case_id, naming]), follow=True)
    assert "They no longer see this file." in text(ended)
    assert client_for(colleague).get(page("case_file", restricted)).status_code == 404


def test_the_last_manager_is_told_why_they_stay(client_for, boss, restricted):
    ((naming,),) = rows("SELECT id FROM access_caseaccess WHERE source = 'named' AND valid_until IS NULL")
    shown = text(client_for(boss).post(reverse("end_naming", args=[restricted.case_id, naming])))
    assert "The last manager of a restricted file stays named." in shown


def test_it_is_lifted_with_a_reason(client_for, boss, colleague, restricted):
    client = client_for(boss)
    assert "Say why" in text(client.post(page("lift_restriction", restricted), {"reason": ""}))
    client.post(page("lift_restriction", restricted), {"reason": "Her aunt has left"})
    assert client_for(colleague).get(page("case_file", restricted)).status_code == 200
    assert client.get(page("lift_restriction", restricted)).status_code == 404


def test_a_team_is_told_that_a_restricted_file_exists_and_no_more(client_for, boss, restricted):
    nurse = person(Role.HEALTH_PRACTITIONER)
    client, address = client_for(boss), page("share", restricted)
    assert "Tell a team that this file exists" in text(client.get(address))
    until = timezone.localdate() + timedelta(days=30)
    typed = {
        "team": str(team_of(nurse).pk), "level": "0", "purpose": "Keeping the child safe now",
        "lawful_basis": "public_task", "agreement": "not_asked", "reason": "They may ask us",
        "until_day": str(until.day), "until_month": str(until.month), "until_year": str(until.year),
    }  # fmt: skip
    assert "There is a problem" in text(client.post(address, typed | {"level": "1", "labels": ["plan"]}))
    told = text(client.post(address, typed, follow=True))
    assert "Know that there is a file, and no more" in told
    assert client_for(nurse).get(page("case_file", restricted)).status_code == 404
    assert "Restricted record" in text(client_for(nurse).get("/search/", {"q": "Thorne"}))
