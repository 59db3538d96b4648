"""Arranging and recording a meeting: clocks, review, decisions, dissent, and actions that are the plan's at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.permissions import NotAllowed, may
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from access.versions import StaleRecord
from accounts.roles import Role
from deadlines.models import Deadline
from meetings import services
from meetings.invitations.services import invite_child
from meetings.models import MeetingDecision
from plans.models import PlanItem
from tests.assessments.making import moment, work
from tests.children.factories import holding, partner
from tests.database import rows
from tests.factories import lead, person
from tests.meetings.conftest import arrange, current, execute, hold

pytestmark = pytest.mark.django_db


def clock(case, rule: str, state: str = "open") -> Deadline | None:
    (found,) = rows("SELECT max(id) FROM deadlines_deadline WHERE case_id = %s AND rule_id = %s AND state = %s",
                    case.pk, rule, state)  # fmt: skip
    limit = rows("SELECT limit_on, book_by FROM deadlines_deadline WHERE id = %s", found[0])
    return limit[0] if limit else None


def test_a_meeting_needs_a_time_to_come_a_place_and_a_chair(case, worker):
    for about, sentence in (
        ({"starts_at": timezone.now() - timedelta(hours=1)}, "time to come"),
        ({"place": " "}, "where"),
        ({"chair_name": ""}, "who chairs"),
    ):
        with pytest.raises(Refused, match=sentence):
            arrange(case, worker, **about)


@pytest.mark.parametrize("role", [Role.CHILD_PROTECTION_MANAGER, Role.REVIEWING_OFFICER])
def test_an_independent_chair_is_given_the_file(case, worker, role):
    chair = person(role)
    meeting = arrange(case, worker, "icpc", chair=chair)
    with acting_as(chair.pk):
        assert may(chair, Action.RECORD_MEETING, meeting)


def test_any_other_chair_is_given_nothing_by_being_chair(case, worker):
    chair = person(Role.TEAM_MANAGER)
    meeting = arrange(case, worker, "taf", chair=chair)
    with acting_as(chair.pk):
        assert not may(chair, Action.VIEW_MEETINGS, meeting)


@pytest.mark.parametrize("kind", ["icpc", "rcpc", "lac_review"])
def test_a_conference_is_not_chaired_by_who_manages_or_leads_the_case(case, worker, manager, officer, kind):
    lead(case, worker)
    for chair in (worker, person(Role.TEAM_MANAGER, worker.memberships.get().team)):
        with pytest.raises(Refused, match="independent chair"):
            arrange(case, worker, kind, chair=chair)
    with pytest.raises(Refused, match="Choose the chair"):
        arrange(case, worker, kind)
    assert arrange(case, worker, kind, chair=officer).chair_name == officer.name


def test_only_social_care_arranges_and_records(case, worker):
    meeting = arrange(case, worker)
    for other in (partner(case, Role.POLICE_OFFICER), holding(case, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            arrange(case, other)
        with acting_as(other.pk), pytest.raises(NotAllowed):
            services.record_meeting(
                meeting, by=other, version=1, held_at=timezone.now(), attendance={}, summary="x", child_took_part="x"
            )


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"held_at": datetime(2099, 1, 1, tzinfo=UTC)}, "future"),
        ({"summary": " "}, "what was discussed"),
        ({"child_took_part": ""}, "how the child took part"),
        ({"counts_as_review": True}, "No tier is in effect"),
    ],
)
def test_a_record_that_lacks_something_is_refused(case, worker, about, sentence):
    with pytest.raises(Refused, match=sentence):
        hold(arrange(case, worker), worker, **about)


def test_everybody_invited_is_said_to_have_come_or_not(case, worker):
    meeting = arrange(case, worker)
    with acting_as(worker.pk):
        invite_child(meeting, by=worker, by_way_of="School")
    with pytest.raises(Refused, match="Mia Fenwick attended"):
        hold(meeting, worker, attendance={})
    hold(meeting, worker)
    assert rows("SELECT attendance FROM meetings_invitation") == [("present",)]


def test_what_was_recorded_is_not_changed_nor_recorded_twice(case, worker):
    meeting = hold(arrange(case, worker), worker)
    with pytest.raises(Refused, match="has been recorded"):
        hold(meeting, worker)
    with acting_as(worker.pk):
        assert execute("UPDATE meetings_meeting SET summary = 'other' WHERE id = %s", meeting.pk) == 0
    stale = arrange(case, worker)
    with pytest.raises(StaleRecord):
        hold(stale, worker, version=9)


NEXT = [
    ("cin", "TS-11", date(2027, 2, 26), date(2027, 2, 26)),
    ("icpc", "TS-07", date(2027, 1, 29), date(2027, 1, 29)),
    ("icpc", "TS-08", date(2027, 4, 15), date(2027, 4, 15)),
    ("rcpc", "TS-09", date(2027, 7, 15), date(2027, 7, 15)),
    ("core_group", "TS-07-LATER", date(2027, 2, 26), date(2027, 2, 26)),
    ("lac_review", "TS-13", date(2027, 4, 15), date(2027, 4, 15)),
]


@pytest.mark.parametrize(("kind", "rule", "limit", "book_by"), NEXT)
def test_the_next_date_runs_from_the_meeting(kind, rule, limit, book_by):
    child = work()
    with child.on(date(2027, 1, 14)):
        meeting = arrange(child.case, child.worker, kind, starts_at=moment(date(2027, 1, 15)), chair=child.cpm)
    with child.on(date(2027, 1, 15), hour=15):
        hold(meeting, child.worker, held_at=moment(date(2027, 1, 15)))
    assert clock(child.case, rule) == (limit, book_by)


def test_a_second_meeting_stops_the_clock_and_starts_the_one_that_follows():
    child = work()
    for day in (date(2027, 1, 15), date(2027, 2, 26)):
        with child.on(day, hour=9):
            meeting = arrange(child.case, child.worker, starts_at=moment(day))
        with child.on(day, hour=15):
            hold(meeting, child.worker, held_at=moment(day))
    assert clock(child.case, "TS-11", "met") == (date(2027, 2, 26), date(2027, 2, 26))
    assert clock(child.case, "TS-11-LATER") == (date(2027, 5, 26), date(2027, 5, 26))


def decided(case, by):
    meeting = hold(arrange(case, by), by, held_at=timezone.now())
    with acting_as(by.pk):
        return services.record_decision(meeting, by=by, text="Mentoring starts", agreed="majority")


def test_decisions_are_numbered_and_need_a_meeting_that_was_held(case, worker):
    first = decided(case, worker)
    with acting_as(worker.pk):
        second = services.record_decision(first.meeting, by=worker, text="School plan", agreed="all")
        with pytest.raises(Refused, match="was held first"):
            services.record_decision(arrange(case, worker), by=worker, text="x", agreed="all")
        with pytest.raises(Refused, match="what was decided"):
            services.record_decision(first.meeting, by=worker, text=" ", agreed="all")
    assert (first.number, second.number) == (1, 2)


def test_an_agency_that_does_not_agree_is_recorded_with_its_reason(case, worker):
    decision = decided(case, worker)
    with acting_as(worker.pk):
        with pytest.raises(Refused, match="why"):
            services.record_dissent(decision, by=worker, who="Police", reason="")
        dissent = services.record_dissent(decision, by=worker, who="Police", reason="Too late", escalation="Manager")
    assert dissent.decision == decision


def test_an_action_is_part_of_the_plan_at_once_and_cites_its_decision(case, worker):
    decision = decided(case, worker)
    with acting_as(worker.pk):
        services.add_meeting_action(
            decision, by=worker, title="Ring the mentor", owner_name="Jo", due_on=date(2027, 3, 1)
        )
        item = PlanItem.objects.get(case=case, source=PlanItem.Source.MEETING)
    day = timezone.localdate(decision.meeting.held_at)
    assert item.agreed_at == f"Child in need meeting {day:%-d %B %Y}, decision 1"


def test_several_decisions_are_recorded_in_one_go(case, worker):
    meeting = hold(arrange(case, worker), worker)
    with acting_as(worker.pk):
        services.record_decisions(
            meeting, by=worker,
            decisions=[
                {"text": "One", "agreed": "all", "action": "Ring", "owner_name": "Jo"},
                {"text": "Two", "agreed": "chair", "dissent_who": "School", "dissent_reason": "Not enough"},
            ],
        )  # fmt: skip
        with pytest.raises(Refused, match="at least one"):
            services.record_decisions(meeting, by=worker, decisions=[])
        assert list(MeetingDecision.objects.values_list("number", "text")) == [(1, "One"), (2, "Two")]
    assert rows("SELECT who FROM meetings_dissent") == [("School",)]
    assert rows("SELECT title FROM plans_planitem WHERE source = 'meeting'") == [("Ring",)]


@pytest.mark.parametrize(
    "table", ["meetingdecision", "dissent", "strategyoutcome", "thresholddiscussion", "consultedfor"]
)
@pytest.mark.parametrize("statement", ["UPDATE meetings_{} SET case_id = case_id", "DELETE FROM meetings_{}"])
def test_what_was_decided_is_never_changed_in_the_database(case, worker, table, statement):
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="permission denied"):
        execute(statement.format(table))


def test_nobody_records_a_decision_in_anothers_name(case, worker, manager):
    decision = decided(case, worker)
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        MeetingDecision.objects.create(
            case=case, meeting=decision.meeting, number=9, text="x", agreed="all", author=manager
        )


def test_a_meeting_that_counts_as_the_review_restarts_its_clock_with_a_signed_statement():
    child = work()
    with child.on(date(2026, 12, 23)):
        child.decide(child.propose("medium", {"B02": "current"}))
    with child.on(date(2027, 1, 15), hour=9):
        meeting = arrange(child.case, child.worker, starts_at=moment(date(2027, 1, 15)))
    with child.on(date(2027, 1, 15), hour=15):
        about = {"held_at": moment(date(2027, 1, 15)), "counts_as_review": True}
        with pytest.raises(Refused, match="Nothing was assessed anew"):
            hold(meeting, child.worker, **about)
        early = {"held_at": moment(date(2026, 12, 1)), "review_statement": "No change"}
        with pytest.raises(Refused, match="before the tier"):
            hold(meeting, child.worker, **{**about, **early})
        held = hold(meeting, child.worker, **about, review_statement="The risk has not changed: she was at home.")
    assert held.counts_as_review
    assert clock(child.case, "RV-MEDIUM", "met") == (date(2027, 2, 3), date(2027, 2, 3))
    assert clock(child.case, "RV-MEDIUM") == (date(2027, 2, 26), date(2027, 2, 26))


def test_a_meeting_is_cancelled_with_a_reason_and_then_not_recorded(case, worker):
    meeting = arrange(case, worker)
    with acting_as(worker.pk):
        services.cancel_meeting(meeting, by=worker, version=1, reason="Snow")
    assert current(meeting, worker).cancel_reason == "Snow"
    with pytest.raises(Refused, match="cancelled"):
        hold(meeting, worker)
