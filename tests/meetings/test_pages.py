"""Arranging a meeting, and who sees what of it: no word typed is lost, nothing of another agency is shown."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from meetings.models import Dissent, Invitation, Meeting, MeetingDecision, TaskingListing
from tests.children.factories import PersonFactory, ago, child_on_file, partner
from tests.cre_case.makers import queries
from tests.database import rows, seeding
from tests.deadlines.making import due_clock
from tests.factories import CaseFileFactory, give, person, team_of
from tests.meetings.asking import LONG, address, day, text
from tests.meetings.conftest import arrange, current, decide, hold

pytestmark = pytest.mark.django_db


def arranging(**about) -> dict[str, str]:
    when = timezone.localdate() + timedelta(days=5)
    return {"kind": "taf", **day("starts_at", when, "10:00"), "place": "Room 2", "chair_name": "Jo Okafor"} | about


# Arranging


def test_a_meeting_is_arranged_and_stands_in_the_list(client_for, case, worker):
    client = client_for(worker)
    made = client.post(address("arrange_meeting", case), arranging(), follow=True)
    assert "Arranged." in text(made)
    shown = text(client.get(address("case_meetings", case)))
    assert "Team Around the Family" in shown
    assert "Room 2" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"starts_at_year": "2020"}, "time to come"),
        ({"chair_name": ""}, "Choose who chairs, or enter their name"),
        ({"kind": "icpc"}, "independent chair"),
        ({"place": ""}, "Enter an answer to “Where?”"),
        ({"place": LONG}, "300"),
        ({"starts_at_time": "25:00"}, "real time"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client_for, case, worker, wrong, sentence):
    shown = text(client_for(worker).post(address("arrange_meeting", case), arranging(access_needs="Stairs", **wrong)))
    assert "There is a problem" in shown
    assert sentence in shown
    assert "Stairs" in shown
    assert rows("SELECT count(*) FROM meetings_meeting") == [(0,)]


def test_a_form_sent_twice_arranges_once(client_for, case, worker):
    client = client_for(worker)
    key = "6f4b4f56-8f7e-4f4e-9a35-0d2c1a1f9c11"
    for _ in range(2):
        assert client.post(address("arrange_meeting", case), arranging(once=key)).status_code == 302
    assert rows("SELECT count(*) FROM meetings_meeting") == [(1,)]


def test_by_when_is_said_before_and_after(client_for, case, worker):
    due_clock(case, rule_id="TG-TAF", days=3, waits=timedelta(days=1))
    client = client_for(worker)
    assert "Team Around the Family meeting: by" in text(client.get(address("arrange_meeting", case)))
    made = client.post(address("arrange_meeting", case), arranging(), follow=True)
    assert "after its limit" in text(made)


def test_a_clock_leads_to_the_meeting_it_waits_for(client_for, case, worker):
    due_clock(case, rule_id="TG-TAF", days=3, waits=timedelta(days=1))
    asked = f"{address('arrange_meeting', case)}?kind=taf"
    client = client_for(worker)
    assert f'href="{asked}"' in text(client.get(address("case_meetings", case)))
    assert '<option value="taf" selected>' in text(client.get(asked))


def test_meetings_stand_by_what_became_of_them(client_for, case, worker):
    arrange(case, worker, place="Room later", starts_at=timezone.now() + timedelta(days=9))
    arrange(case, worker, place="Room sooner")
    hold(arrange(case, worker, place="Room over"), worker)
    dropped = arrange(case, worker, place="Room dropped")
    forgotten = arrange(case, worker, place="Room forgotten")
    with seeding():
        Meeting.objects.filter(pk=forgotten.pk).update(starts_at=ago(days=1))
    client = client_for(worker)
    assert "Meetings cancelled" not in text(client.get(address("case_meetings", case)))
    page = address("cancel_meeting", case, dropped.pk)
    assert client.post(page, {"version": dropped.version, "reason": "She is unwell"}).status_code == 302
    shown = text(client.get(address("case_meetings", case)))
    order = ["to come", "Room forgotten", "Room sooner", "Room later", "held", "Room over", "cancelled", "Room dropped"]
    shown = shown[shown.index("Meetings to come") :]
    assert sorted(order, key=shown.index) == order
    assert shown.count("Not recorded yet") == 1
    assert "She is unwell" in text(client.get(address("meeting", case, dropped.pk)))


def test_a_cancellation_needs_a_reason(client_for, case, worker):
    meeting = arrange(case, worker)
    shown = text(client_for(worker).post(address("cancel_meeting", case, meeting.pk), {"version": meeting.version}))
    assert "There is a problem" in shown
    assert current(meeting, worker).state == Meeting.State.ARRANGED


def test_a_conference_says_its_limit_and_is_warned_of_when_it_is_too_late(client_for, case, worker, officer):
    due_clock(case, rule_id="TS-06", days=7, waits=timedelta(days=1))
    client = client_for(worker)
    given = arranging(kind="icpc", chair=officer.pk, chair_name="")
    assert "Working Together" in text(client.get(address("arrange_meeting", case))), "by whose rule"
    in_time = text(client.post(address("arrange_meeting", case), given, follow=True))
    assert "Its limit is" in in_time
    assert "govuk-warning-text" not in in_time
    late = given | day("starts_at", timezone.localdate() + timedelta(days=20), "10:00")
    warned = text(client.post(address("arrange_meeting", case), late, follow=True))
    assert "It is arranged for after its limit" in warned
    assert "govuk-warning-text" in warned


def test_a_conference_is_not_chaired_by_whoever_works_on_the_case(client_for, case, worker, manager):
    given = arranging(kind="icpc", chair=manager.pk, chair_name="", access_needs="Stairs")
    shown = text(client_for(worker).post(address("arrange_meeting", case), given))
    assert "Choose an independent chair" in shown
    assert "Stairs" in shown


# Who sees what


SECRET = "zqsecret"


@pytest.fixture
def planted(case, worker):
    """A meeting that no partner is invited to, and one that the police are."""
    arrange(case, worker, place=SECRET)
    return arrange(case, worker, place="Room 2")


def test_a_partner_sees_the_meeting_it_is_invited_to_and_no_other(client_for, case, worker, planted):
    officer = partner(case, Role.POLICE_OFFICER)
    client = client_for(officer)
    assert "You are invited to no meeting" in text(client.get(address("case_meetings", case)))
    assert client.get(address("meeting", case, planted.pk)).status_code == 404
    with seeding():
        Invitation.objects.create(
            case=case, meeting=planted, of="professional", name="PC Lane", user=officer, agency=team_of(officer).agency,
            invited_by=worker,
        )  # fmt: skip
        Invitation.objects.create(
            case=case, meeting=planted, of="professional", name=SECRET, agency=team_of(worker).agency, invited_by=worker
        )
        Meeting.objects.filter(pk=planted.pk).update(agencies=[team_of(officer).agency_id])
    client = client_for(officer)
    for shown in (client.get(address("case_meetings", case)), client.get(address("meeting", case, planted.pk)),
                  client.get(reverse("my_meetings"))):  # fmt: skip
        assert "Room 2" in text(shown)
        assert SECRET not in text(shown)


@pytest.mark.parametrize("name", ["case_meetings", "arrange_meeting", "consult_agency", "hold_threshold"])
def test_out_of_sight_is_absent(client_for, name):
    stranger = person(Role.TEAM_MANAGER)
    assert client_for(stranger).get(address(name, CaseFileFactory())).status_code == 404


def test_a_meeting_of_another_file_is_absent(client_for, case, worker, planted):
    other = CaseFileFactory()
    give(other, worker)
    client = client_for(worker)
    for name in ("meeting", "cancel_meeting", "record_meeting", "invite_family"):
        assert client.get(address(name, other, planted.pk)).status_code == 404


def test_my_meetings_are_those_that_concern_me_and_are_to_come(client_for, case, worker, manager):
    arrange(case, manager, place="Mine", chair=worker, chair_name="")
    arrange(case, manager, place="Another one’s")
    hold(arrange(case, manager, place="Over", chair=worker, chair_name=""), manager)
    shown = text(client_for(worker).get(reverse("my_meetings")))
    assert ("Mine" in shown, "Another one" in shown, "Over" in shown) == (True, False, False)


def test_one_meeting_and_three_take_the_same_queries(client_for, case, worker, manager):
    meeting = arrange(case, manager, chair=worker, chair_name="")
    client = client_for(worker)
    pages = [address("case_meetings", case), reverse("my_meetings"), address("meeting", case, meeting.pk)]
    first = [queries(client, page) for page in pages]
    for number in range(2):
        arrange(case, manager, chair=worker, chair_name="", place=f"Room {number}")
        with seeding():
            Invitation.objects.create(
                case=case, meeting=meeting, of="professional", name=f"N {number}", invited_by=worker
            )
    assert [queries(client, page) for page in pages] == first
    assert max(first) <= 15, first


def test_a_list_of_meetings_goes_on_on_the_next_page(client_for, monkeypatch, case, worker, manager):
    monkeypatch.setattr("meetings.views.meetings.PER_PAGE", 2)
    for number in range(3):
        arrange(case, manager, chair=worker, chair_name="", place=f"Room {number}",
                starts_at=timezone.now() + timedelta(days=number + 1))  # fmt: skip
    client = client_for(worker)
    seen = [text(client.get(f"{reverse('my_meetings')}?page={page}")) for page in (1, 2, "nonsense")]
    assert [("Room 1" in one, "Room 2" in one) for one in seen] == [(True, False), (False, True), (True, False)]


def invited(case, meeting, agency, by, name="PC Lane") -> Invitation:
    with seeding():
        Meeting.objects.filter(pk=meeting.pk).update(agencies=[agency.pk])
        return Invitation.objects.create(
            case=case, meeting=meeting, of="professional", name=name, agency=agency, invited_by=by
        )


def test_a_partners_pages_take_the_same_queries_for_one_and_three(client_for, case, worker):
    nurse = partner(case, Role.HEALTH_PRACTITIONER)
    client, agency = client_for(nurse), team_of(nurse).agency
    meeting = hold(arrange(case, worker), worker)
    pages = [reverse("my_meetings"), address("case_meetings", case), address("meeting", case, meeting.pk)]
    counts = []
    for more in (1, 2):
        for _ in range(more):
            invited(case, arrange(case, worker), agency, worker)
            invited(case, meeting, agency, worker)
            with seeding():
                decision = MeetingDecision.objects.create(
                    case=case, meeting=meeting, number=MeetingDecision.objects.count() + 1, text="One", agreed="all",
                    agencies=[agency.pk], author=worker,
                )  # fmt: skip
                Dissent.objects.create(
                    case=case, decision=decision, who="School", reason="x", agencies=[agency.pk], author=worker
                )
        counts.append([queries(client, page) for page in pages])
    assert (counts[1], max(counts[0]) <= 15) == (counts[0], True)
    assert text(client.get(pages[2])).count("School does not agree") == 3


def test_an_address_no_meeting_can_have_is_absent(client_for, case, worker):
    assert client_for(worker).get(address("meeting", case, 10**30)).status_code == 404


def test_one_of_the_list_and_three_take_the_same_queries(client_for, manager):
    client, page = client_for(manager), reverse("tasking_list")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            child = child_on_file()
            give(child.case, team_of(manager))
            with seeding():
                TaskingListing.objects.create(case=child.case, listed_at=ago(days=2), why="High", author=manager)
        counts.append(queries(client, page))
    assert (counts[0], counts[0] <= 15) == (counts[1], True)


def test_a_form_about_one_person_and_three_takes_the_same_queries(client_for, case, worker, mother):
    meeting = arrange(case, worker)
    client, page = client_for(worker), address("invite_family", case, meeting.pk)
    first = queries(client, page)
    for number in range(2):
        decide(PersonFactory(case=case, name=f"Aunt {number}"), "suspected")
    assert (queries(client, page), first <= 15) == (first, True)
