"""The child's pages: what is typed wrongly comes back with a sentence and nothing lost; nothing is done twice."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from access.principal import acting_as
from access.roles import Level
from access.services import open_case
from accounts.roles import Role
from children.models import Child, Contact, Person
from children.services import add_person, create_child, record_contact, screen_contact
from tests import factories
from tests.database import rows
from tests.factories import TeamFactory, agency, give, person, team_of

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> \u202egnp.exe ' OR 1=1 -- 😀"


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


@pytest.fixture
def team():
    return TeamFactory(agency=agency(), receives_contacts=True)


@pytest.fixture
def worker(team):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def manager(team):
    return person(Role.TEAM_MANAGER, team)


@pytest.fixture
def contact(worker, manager, team):
    received = record_contact(
        by=worker, team=team, received_at=timezone.now(), method="phone", source="school", details="Told in class",
        child_given_names="Ada", child_family_name="Quist", child_date_of_birth=date(2013, 4, 3),
    )  # fmt: skip
    return screen_contact(received, by=manager, accepted=True, reason="")


@pytest.fixture
def child(contact, worker):
    return create_child(contact.case, by=worker, given_names="Ada", family_name="Quist", date_of_birth=date(2013, 4, 3))


def moment(name: str, hours_ago: int = 1) -> dict[str, str]:
    when = timezone.localtime(timezone.now() - timedelta(hours=hours_ago))
    return {**day(name, when.date()), f"{name}_time": f"{when:%H:%M}"}


def contact_form(team, /, **changes) -> dict[str, str]:
    return {
        **moment("received_at"), "team": str(team.pk), "method": "phone", "source": "school",
        "details": "A new phone nobody gave her", "once": str(uuid4()), **changes,
    }  # fmt: skip


def test_a_contact_opens_a_file_and_shows_it(client_for, worker, team):
    response = client_for(worker).post(reverse("record_contact"), contact_form(team), follow=True)
    assert response.status_code == 200
    assert "Waiting to be screened" in response.content.decode()


def test_the_same_form_sent_twice_opens_one_file(client_for, worker, team):
    client, form = client_for(worker), contact_form(team)
    first, second = (client.post(reverse("record_contact"), form) for _ in range(2))
    assert first.url == second.url
    assert rows("SELECT count(*) FROM children_contact") == [(1,)]


def test_gone_back_to_and_sent_with_other_words_it_is_not_lost(client_for, worker, team):
    client, form = client_for(worker), contact_form(team)
    first, second = (
        client.post(reverse("record_contact"), form | {"details": words}) for words in ("She rang", "She wrote")
    )
    assert first.url != second.url
    assert rows("SELECT details FROM children_contact ORDER BY id") == [("She rang",), ("She wrote",)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"received_at_day": "31", "received_at_month": "2"}, "must be a real date"),
        ({"received_at_year": "2099"}, "must not be in the future"),
        ({"received_at_time": "25:99"}, "time"),
        ({"details": ""}, "Enter what they told us"),
        ({"details": "x" * 20_001}, "must be 10,000 characters or fewer"),
        ({"child_family_name": "n" * 101}, "must be 100 characters or fewer"),
        ({"method": "pigeon"}, "Select"),
        ({"team": "999999"}, "Select"),
        (
            {"child_date_of_birth_year": "1950", "child_date_of_birth_day": "1", "child_date_of_birth_month": "1"},
            "in the last 25",
        ),
    ],
)
def test_a_contact_typed_wrongly_comes_back_with_a_sentence_and_everything_typed(
    client_for, worker, team, changes, sentence
):
    form = contact_form(team, from_name="Mrs Kept", **changes)
    response = client_for(worker).post(reverse("record_contact"), form)
    body = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in body
    assert sentence.lower() in body.lower()
    assert "Mrs Kept" in body
    assert rows("SELECT count(*) FROM children_contact") == [(0,)]


def test_hostile_text_is_kept_and_shown_as_text(client_for, worker, team):
    response = client_for(worker).post(reverse("record_contact"), contact_form(team, details=HOSTILE), follow=True)
    body = response.content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_control_characters_are_refused_with_a_sentence(client_for, worker, team):
    response = client_for(worker).post(reverse("record_contact"), contact_form(team, details="a\x00b"))
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()


def child_form(**changes) -> dict[str, str]:
    return {
        "given_names": "Ada", "family_name": "Quist", **day("date_of_birth", date(2013, 4, 3)), "sex": "F",
        "send_status": "not_known", "nhs_number": "", "upn": "", "once": str(uuid4()), **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nhs_number": "999 000 0001"}, "NHS number"),
        ({"nhs_number": "12"}, "10 digits"),
        ({"upn": "A123"}, "13 characters"),
        ({"given_names": " "}, "Enter first names"),
    ],
)
def test_impossible_identifiers_come_back_with_a_sentence(client_for, worker, contact, changes, sentence):
    response = client_for(worker).post(reverse("create_child", args=[contact.case_id]), child_form(**changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert rows("SELECT count(*) FROM children_child") == [(0,)]


def test_a_child_who_may_be_known_is_shown_before_another_is_made(client_for, worker, manager, team, child):
    second = record_contact(
        by=worker, team=team, received_at=timezone.now(), method="phone", source="police", details="Seen at the station"
    )
    screen_contact(second, by=manager, accepted=True, reason="")
    client, address = client_for(worker), reverse("create_child", args=[second.case_id])
    asked = client.post(address, child_form(known_as="Kept as typed"))
    assert "may be the same" in asked.content.decode()
    assert child.case.reference in asked.content.decode()
    assert "Kept as typed" in asked.content.decode()
    made = client.post(address, child_form(different_child="on"))
    assert made.status_code == 302
    assert rows("SELECT count(*) FROM children_child") == [(2,)]


def test_a_child_nobody_here_may_see_is_not_shown_as_a_duplicate(client_for, worker, manager, team, child):
    elsewhere = person(Role.SOCIAL_WORKER, TeamFactory(agency=agency(), receives_contacts=True))
    boss = person(Role.TEAM_MANAGER, team_of(elsewhere))
    theirs = record_contact(
        by=elsewhere, team=team_of(elsewhere), received_at=timezone.now(), method="phone", source="school", details="x"
    )
    screen_contact(theirs, by=boss, accepted=True, reason="")
    made = client_for(elsewhere).post(reverse("create_child", args=[theirs.case_id]), child_form())
    assert made.status_code == 302
    assert rows("SELECT count(*) FROM children_duplicatealert") == [(1,)]


def test_a_stale_save_shows_both_texts_and_overwrites_nothing(client_for, worker, child):
    with acting_as(worker.pk):
        someone = add_person(child.case, by=worker, name="Esi Quist", relationship="mother")
    address = reverse("edit_person", args=[child.case_id, someone.pk])
    form = {"name": "Esi", "relationship": "mother", "parental_responsibility": "yes", "lives_with_child": "yes",
            "is_adult": "on", "phone": "", "version": "1"}  # fmt: skip
    client = client_for(worker)
    assert client.post(address, {**form, "phone": "01632 960001", "once": str(uuid4())}).status_code == 302
    stale = client.post(address, {**form, "phone": "01632 960002", "once": str(uuid4())})
    assert stale.status_code == 409
    assert "01632 960001" in stale.content.decode()
    assert "01632 960002" in stale.content.decode()
    looks = rows("SELECT count(*) FROM access_auditevent WHERE kind = 'read' AND record = 'EditPerson'")
    assert looks == [(1,)], "the other text was shown, and so is a line of the ledger"
    with acting_as(worker.pk):
        assert Person.objects.get().phone == "01632 960001"


def test_a_note_cannot_be_of_the_future_and_what_was_typed_stays(client_for, worker, child):
    form = {"kind": "note", **moment("happened_at", -48), "text": "Kept as typed", "once": str(uuid4())}
    response = client_for(worker).post(reverse("add_note", args=[child.case_id]), form)
    assert response.status_code == 200
    assert "must not be in the future" in response.content.decode()
    assert "Kept as typed" in response.content.decode()


def test_a_correction_stands_beside_the_note_it_corrects(client_for, worker, child):
    client = client_for(worker)
    note = {"kind": "note", **moment("happened_at"), "once": str(uuid4())}
    client.post(reverse("add_note", args=[child.case_id]), {**note, "text": "Seen at noon"})
    (first,) = rows("SELECT id FROM children_casenote")
    correction = {**note, "text": "Seen at one", "once": str(uuid4())}
    client.post(reverse("correct_note", args=[child.case_id, first[0]]), correction)
    body = client.get(reverse("notes", args=[child.case_id])).content.decode()
    assert "Seen at noon" in body
    assert "Correction" in body


def test_a_complicit_parent_needs_a_review_date(client_for, manager, worker, child):
    with acting_as(worker.pk):
        father = add_person(child.case, by=worker, name="Dale Quist", relationship="father")
    address = reverse("decide_contact_safety", args=[child.case_id, father.pk])
    form = {"complicity": "considered_complicit", "reason": "Messages seen by police", "once": str(uuid4())}
    refused = client_for(manager).post(address, form)
    assert "Say when this will be reviewed" in refused.content.decode()
    decided = client_for(manager).post(address, {**form, **day("review_on", date(2099, 1, 1))})
    assert decided.status_code == 302
    partner = person(Role.POLICE_OFFICER)
    give(child.case, partner, ["network"], level=Level.VIEW)
    seen = client_for(partner).get(reverse("people", args=[child.case_id])).content.decode()
    assert "Dale Quist" in seen
    assert "complicit" not in seen.lower()


def test_a_record_of_another_file_is_not_found_under_this_one(client_for, worker, team, child):
    other = open_case(by=worker, team=team, reason="Another contact")
    with acting_as(worker.pk):
        theirs = add_person(other, by=worker, name="Someone else", relationship="other")
    assert client_for(worker).get(reverse("edit_person", args=[child.case_id, theirs.pk])).status_code == 404


def test_a_contact_is_screened_once(client_for, manager, worker, team):
    waiting = record_contact(
        by=worker, team=team, received_at=timezone.now(), method="phone", source="school", details="x"
    )
    client, address = client_for(manager), reverse("screen_contact", args=[waiting.case_id, waiting.pk])
    no_reason = client.post(address, {"decision": "no", "once": str(uuid4())})
    assert "Say why no further action is needed" in no_reason.content.decode()
    for _ in range(2):
        client.post(address, {"decision": "no", "reason": "Known to another council", "once": str(uuid4())})
    with acting_as(manager.pk):
        assert Contact.objects.get().outcome == "screened_out"
        assert not Child.objects.exists()


def test_a_contact_is_added_to_a_known_childs_file(client_for, manager, worker, team, child):
    waiting = record_contact(
        by=worker, team=team, received_at=timezone.now(), method="phone", source="school", details="About Ada again"
    )
    address = reverse("link_contact", args=[waiting.case_id, waiting.pk])
    unknown = client_for(manager).post(address, {"reference": "CRE-999999", "once": str(uuid4())})
    assert "no file with that reference" in unknown.content.decode()
    linked = client_for(manager).post(address, {"reference": child.case.reference, "once": str(uuid4())}, follow=True)
    assert "About Ada again" in linked.content.decode()
    with acting_as(manager.pk):
        assert Contact.objects.get(pk=waiting.pk).case_id == child.case_id


@pytest.mark.parametrize("rows_on_page", [1, 3, 30])
def test_the_list_of_notes_asks_the_same_of_the_database_for_one_row_or_thirty(
    client_for, worker, child, rows_on_page, django_assert_max_num_queries
):
    for _ in range(rows_on_page):
        factories_note(child, worker)
    client = client_for(worker)
    client.get(reverse("notes", args=[child.case_id]))
    with django_assert_max_num_queries(14):
        client.get(reverse("notes", args=[child.case_id]))


def factories_note(child, worker) -> None:
    from children.models import CaseNote
    from tests.database import seeding

    with seeding():
        CaseNote.objects.create(
            case=child.case, kind="note", happened_at=timezone.now() - timedelta(hours=2), author=worker,
            agency=factories.agency(), text="Went well",
        )  # fmt: skip
