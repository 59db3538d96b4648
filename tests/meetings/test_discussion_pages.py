"""Pages of threshold and strategy discussions and of the tasking list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.parts import Label
from accounts.roles import Role
from deadlines.models import Deadline
from meetings.models import MeetingDecision, TaskingListing
from tests.children.factories import ago, days_from_today, holding, partner
from tests.database import rows, seeding
from tests.deadlines.making import due_clock
from tests.factories import CaseFileFactory, give, person
from tests.meetings.asking import address, day, text
from tests.meetings.conftest import arrange, hold

pytestmark = pytest.mark.django_db


# Threshold, strategy and tasking


def test_a_discussion_without_a_consultation_is_refused_on_its_page(client_for, case, manager, cpm):
    page, client = address("hold_threshold", case), client_for(manager)
    assert "No agency has been consulted yet" in text(client.get(page))
    given = {"other": cpm.pk, "level": "intensive", "outcome": "cin", "reason": "Harm outside the home",
             **day("held_at", timezone.localdate() - timedelta(days=1), "10:00")}  # fmt: skip
    shown = text(client.post(page, given))
    assert "There is a problem" in shown
    assert "Harm outside the home" in shown


@pytest.mark.parametrize("who", ["manager", "cpm"])
def test_either_of_the_two_writes_it_and_names_the_other(client_for, case, manager, cpm, who):
    writes, other = (manager, cpm) if who == "manager" else (cpm, manager)
    client = client_for(writes)
    yesterday = timezone.localdate() - timedelta(days=1)
    client.post(
        address("consult_agency", case),
        {"agency_name": "School", "person_name": "Mrs Rao", "view": "Worried", **day("on", yesterday)},
    )
    ((consulted,),) = rows("SELECT id FROM meetings_agencyconsultation")
    given = {"other": other.pk, "consulted": consulted, "level": "intensive", "outcome": "cin", "reason": "Harm",
             **day("held_at", timezone.localdate(), "00:01")}  # fmt: skip
    assert client.post(address("hold_threshold", case), given).status_code == 302
    shown = text(client.get(address("case_meetings", case)))
    assert "Threshold discussion: Child in need meeting" in shown
    assert f"{manager.name} and {cpm.name}" in shown


def test_an_enquiry_says_by_whom_and_starts_the_limit_of_the_conference(client_for, case, worker):
    meeting = hold(arrange(case, worker, "strategy"), worker)
    page, client = address("record_strategy", case, meeting.pk), client_for(worker)
    given = {"s47_met": "yes", "who_sees_child": "Her worker", "immediate_safety": "At her aunt’s", "reason": "Harm"}
    assert "Select whether social care enquires alone" in text(client.post(page, given))
    client.post(page, {**given, "enquiry": "joint"})
    assert "Initial child protection conference" in text(client.get(address("case_meetings", case)))
    assert "Joint enquiry with the police" in text(client.get(address("meeting", case, meeting.pk)))


def test_a_discussion_that_was_held_leads_to_its_outcome(client_for, case, worker):
    due_clock(case, rule_id="TG-STRATEGY", days=1, waits=timedelta(days=1))
    client, page = client_for(worker), address("case_meetings", case)
    assert f"{address('arrange_meeting', case)}?kind=strategy" in text(client.get(page))
    meeting = hold(arrange(case, worker, "strategy"), worker)
    outcome = address("record_strategy", case, meeting.pk)
    assert f'href="{outcome}"' in text(client.get(page))
    given = {"s47_met": "no", "who_sees_child": "Her worker", "immediate_safety": "Her aunt", "reason": "No harm found"}
    assert "No harm found" in text(client.post(outcome, {**given, "immediate_safety": ""}))
    assert client.post(outcome, given).status_code == 302
    assert "recorded already" in text(client.post(outcome, given))


def test_what_an_agency_thinks_is_dated_and_kept_while_something_is_wrong(client_for, case, manager):
    page, client = address("consult_agency", case), client_for(manager)
    given = {"agency_name": "School", "person_name": "Mrs Rao", "view": "Worried"}
    for wrong in ({}, day("on", days_from_today(2))):
        shown = text(client.post(page, {**given, **wrong}))
        assert "There is a problem" in shown
        assert "Worried" in shown
    assert client.post(page, {**given, **day("on", timezone.localdate())}).status_code == 302


def test_a_manager_refuses_a_strategy_discussion_and_ends_an_enquiry_with_a_reason(client_for, case, manager):
    client = client_for(manager)
    for rule, name, given in (
        ("TG-STRATEGY", "refuse_strategy", {"reason": "No new harm"}),
        ("TS-06", "end_enquiry", {"reason": "Looked into", "outcome": "not_substantiated"}),
    ):
        clock = due_clock(case, rule_id=rule, days=3, waits=timedelta(days=1))
        assert client.post(address(name, case), given).status_code == 302
        assert rows("SELECT state FROM deadlines_deadline WHERE id = %s", clock.pk) == [(Deadline.State.ENDED,)]
        assert "There is a problem" in text(client.post(address(name, case), given)), "nothing waits any more"


@pytest.fixture
def listing(case, worker):
    with seeding():
        return TaskingListing.objects.create(case=case, listed_at=ago(days=2), why="The tier is high", author=worker)


def test_the_tasking_list_has_the_children_whose_files_one_holds(client_for, case, manager, listing):
    shown = text(client_for(manager).get(reverse("tasking_list")))
    assert (case.reference in shown, "The tier is high" in shown) == (True, True)
    assert case.reference not in text(client_for(person(Role.TEAM_MANAGER)).get(reverse("tasking_list")))


def test_who_may_record_is_led_there_from_the_list_and_the_police_read_it(client_for, case, manager, listing):
    page = address("record_tasking", case, listing.pk)
    assert f'href="{page}"' in text(client_for(manager).get(reverse("tasking_list")))
    officer = partner(case, Role.POLICE_OFFICER, [Label.SAFETY])
    shown = text(client_for(officer).get(reverse("tasking_list")))
    assert (case.reference in shown, page in shown) == (True, False)


def test_what_the_tasking_meeting_agreed_is_recorded(client_for, case, worker, listing):
    page, client = address("record_tasking", case, listing.pk), client_for(worker)
    given = {"version": listing.version, "outcome": "Patrols", **day("discussed_on", days_from_today(-5))}
    assert "The child was put on the list after that day" in text(client.post(page, given))
    assert client.post(page, given | day("discussed_on", timezone.localdate())).status_code == 302
    assert "Patrols" in text(client_for(holding(case, Role.TEAM_MANAGER)).get(address("case_meetings", case)))


def test_a_decision_is_never_of_another_file(client_for, case, worker):
    meeting = hold(arrange(case, worker), worker)
    with seeding():
        decision = MeetingDecision.objects.create(
            case=case, meeting=meeting, number=1, text="One", agreed="all", author=worker
        )
    other = CaseFileFactory()
    give(other, worker)
    for name in ("record_dissent", "add_meeting_action"):
        assert client_for(worker).get(address(name, other, decision.pk)).status_code == 404
