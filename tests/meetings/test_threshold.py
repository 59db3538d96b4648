"""From the tier to its meetings: the threshold discussion, the strategy discussion, the tasking list."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from children.models import OtherPlan
from meetings.models import AgencyConsultation, TaskingListing, ThresholdDiscussion
from meetings.tasking.services import record_tasking
from meetings.threshold import services
from tests.assessments.making import moment, work
from tests.children.factories import PlanFactory, partner
from tests.database import rows
from tests.factories import person
from tests.meetings.conftest import arrange, execute, hold
from tests.meetings.test_meetings import clock

pytestmark = pytest.mark.django_db
LOW, MEDIUM, HIGH = {"F02": "current"}, {"B02": "current"}, {"D01": "current"}


def consult(case, by, **about) -> AgencyConsultation:
    given = {"agency_name": "School", "person_name": "Mrs Rao", "on": timezone.localdate(), "view": "Worried", **about}
    with acting_as(by.pk):
        return services.consult_agency(case, by=by, **given)


def discuss(case, by, cpm, consultations, **about) -> ThresholdDiscussion:
    given = {"manager": by, "level": "intensive", "outcome": "cin", "reason": "Harm outside the home",
             "held_at": timezone.now(), **about}  # fmt: skip
    with acting_as(by.pk):
        return services.hold_threshold_discussion(case, by=by, cpm=cpm, consultations=consultations, **given)


def test_a_discussion_without_a_consultation_is_refused_and_so_in_the_database(case, manager, cpm):
    with pytest.raises(Refused, match="at least one agency"):
        discuss(case, manager, cpm, [])
    insert = """INSERT INTO meetings_thresholddiscussion (case_id, manager_id, cpm_id, level, outcome, reason, held_at,
        author_id) VALUES (%s, %s, %s, 'intensive', 'cin', 'x', now(), %s)"""
    with acting_as(manager.pk), pytest.raises(DatabaseError, match="at least one agency"):
        execute(insert, case.pk, manager.pk, cpm.pk, manager.pk)


def test_manager_and_cpm_are_two_people_with_those_roles(case, manager, cpm, worker):
    asked = [consult(case, manager)]
    for about, sentence in (
        ({"manager": manager, "cpm": manager}, "two different people"),
        ({"manager": worker, "cpm": cpm}, "not a team manager"),
        ({"manager": manager, "cpm": worker}, "not a Child Protection Manager"),
        ({"manager": person(Role.TEAM_MANAGER), "cpm": cpm}, "One of the two"),
    ):
        with acting_as(manager.pk), pytest.raises(Refused, match=sentence):
            services.hold_threshold_discussion(
                case, by=manager, consultations=asked, level="intensive", outcome="cin", reason="x",
                held_at=timezone.now(), **about,
            )  # fmt: skip
    with acting_as(manager.pk), pytest.raises(DatabaseError, match="manager_is_not_cpm"), transaction.atomic():
        ThresholdDiscussion.objects.create(
            case=case, manager=manager, cpm=manager, level="x", outcome="cin", reason="x", author=manager,
            held_at=timezone.now(),
        )  # fmt: skip


def test_only_a_manager_or_cpm_holds_it(case, worker, manager, cpm):
    asked = [consult(case, manager)]
    for other in (worker, partner(case, Role.POLICE_OFFICER)):
        with acting_as(other.pk), pytest.raises(NotAllowed):
            consult(case, other)
        with acting_as(other.pk), pytest.raises(NotAllowed):
            discuss(case, other, cpm, asked)


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"held_at": timezone.now() + timedelta(days=1)}, "future"),
        ({"held_at": timezone.now() - timedelta(days=3)}, "before the discussion"),
        ({"reason": ""}, "reason"),
        ({"outcome": "lac"}, "looked after"),
    ],
)
def test_a_discussion_that_does_not_hold_is_refused(case, manager, cpm, about, sentence):
    with pytest.raises(Refused, match=sentence):
        discuss(case, manager, cpm, [consult(case, manager)], **about)


def test_lac_is_for_a_child_who_is_looked_after_or_about_to_be(case, manager, cpm):
    asked = [consult(case, manager)]
    discuss(case, manager, cpm, asked, outcome="lac", about_to_be_looked_after=True)
    PlanFactory(case=case, kind=OtherPlan.Kind.LOOKED_AFTER)
    discuss(case, manager, cpm, asked, outcome="lac")


@pytest.mark.parametrize(
    ("outcome", "rule", "about"),
    [("cp", "TG-STRATEGY", ""), ("cin", "TG-MEETING", "cin"), ("none_early_help", "TG-EVENT", "threshold")],
)
def test_each_outcome_starts_what_it_leads_to_and_never_a_conference(case, manager, cpm, outcome, rule, about):
    discuss(case, manager, cpm, [consult(case, manager)], outcome=outcome)
    started = rows("SELECT rule_id, about FROM deadlines_deadline WHERE case_id = %s", case.pk)
    assert started == [(rule, about)]


def test_case_b_from_the_tier_to_the_review_of_the_child_in_need_plan():
    kofi = work(born=date(2012, 3, 2))
    with kofi.on(date(2026, 12, 23)):
        kofi.decide(kofi.propose("medium", {"B02": "current", "E01": "current", "D02": "suspected"}))
    assert clock(kofi.case, "TG-THRESHOLD") == (date(2027, 1, 4), date(2027, 1, 4))
    with kofi.on(date(2026, 12, 31)):
        discuss(kofi.case, kofi.manager, kofi.cpm, [consult(kofi.case, kofi.manager)])
    assert clock(kofi.case, "TG-THRESHOLD", "met")
    assert clock(kofi.case, "TG-MEETING") == (date(2027, 1, 22), date(2027, 1, 22))
    with kofi.on(date(2027, 1, 14)):
        meeting = arrange(kofi.case, kofi.worker, starts_at=moment(date(2027, 1, 15)))
    with kofi.on(date(2027, 1, 15), hour=15):
        hold(meeting, kofi.worker, held_at=moment(date(2027, 1, 15)))
    assert clock(kofi.case, "TG-MEETING", "met")
    assert clock(kofi.case, "TS-11") == (date(2027, 2, 26), date(2027, 2, 26))


def strategy(child, day, *, met=True, **about):
    with child.on(day, hour=9):
        meeting = arrange(child.case, child.worker, "strategy", starts_at=moment(day))
    with child.on(day, hour=15):
        hold(meeting, child.worker, held_at=moment(day))
        given = {"who_sees_child": "Her social worker, today", "immediate_safety": "At her aunt’s", "reason": "Harm",
                 "enquiry": "joint" if met else "", **about}  # fmt: skip
        with acting_as(child.worker.pk):
            return services.record_strategy_outcome(meeting, by=child.worker, s47_met=met, **given)


def test_a_child_at_high_from_the_decision_to_the_conference():
    maya = work()
    with maya.on(date(2027, 1, 11)):
        maya.decide(maya.propose("high", HIGH))
    assert clock(maya.case, "TG-THRESHOLD") == (date(2027, 1, 18), date(2027, 1, 18))
    assert clock(maya.case, "TG-STRATEGY") == (date(2027, 1, 12), date(2027, 1, 12))
    assert clock(maya.case, "TG-TASKING")[0] == date(2027, 2, 1)
    assert rows("SELECT state FROM meetings_taskinglisting") == [("listed",)]
    strategy(maya, date(2027, 1, 12))
    assert clock(maya.case, "TG-STRATEGY", "met")
    assert clock(maya.case, "TS-06") == (date(2027, 2, 2), date(2027, 2, 2))
    strategy(maya, date(2027, 1, 20))
    assert clock(maya.case, "TS-06") == (date(2027, 2, 2), date(2027, 2, 2)), "the first one counts"
    with maya.on(date(2027, 2, 1), hour=9):
        conference = arrange(maya.case, maya.worker, "icpc", starts_at=moment(date(2027, 2, 1)), chair=maya.cpm)
    with maya.on(date(2027, 2, 1), hour=15):
        hold(conference, maya.worker, held_at=moment(date(2027, 2, 1)))
    assert clock(maya.case, "TS-06", "met")
    assert clock(maya.case, "TS-07") == (date(2027, 2, 15), date(2027, 2, 15))
    assert clock(maya.case, "TS-08") == (date(2027, 5, 1), date(2027, 4, 30))


def test_a_strategy_discussion_that_does_not_meet_the_test_starts_no_conference():
    maya = work()
    with maya.on(date(2027, 1, 11)):
        maya.decide(maya.propose("high", HIGH))
    strategy(maya, date(2027, 1, 12), met=False)
    assert clock(maya.case, "TG-STRATEGY", "met")
    assert clock(maya.case, "TS-06") is None


def test_the_outcome_of_a_strategy_discussion_is_recorded_once_after_it_was_held(case, worker):
    meeting = arrange(case, worker, "strategy")
    about = {"s47_met": True, "who_sees_child": "x", "immediate_safety": "x", "reason": "x", "enquiry": "joint"}
    with acting_as(worker.pk), pytest.raises(Refused, match="was held first"):
        services.record_strategy_outcome(meeting, by=worker, **about)
    hold(meeting, worker)
    with acting_as(worker.pk):
        with pytest.raises(Refused, match="joint"):
            services.record_strategy_outcome(meeting, by=worker, **{**about, "enquiry": ""})
        services.record_strategy_outcome(meeting, by=worker, **about)
        with pytest.raises(Refused, match="already"):
            services.record_strategy_outcome(meeting, by=worker, **about)


def test_a_manager_refuses_a_strategy_discussion_with_a_reason_but_not_one_the_threshold_asked_for():
    maya = work()
    with maya.on(date(2027, 1, 11)):
        with acting_as(maya.manager.pk), pytest.raises(Refused, match="No strategy discussion waits"):
            services.refuse_strategy(maya.case, by=maya.manager, reason="x")
        maya.decide(maya.propose("high", HIGH))
        with acting_as(maya.worker.pk), pytest.raises(NotAllowed):
            services.refuse_strategy(maya.case, by=maya.worker, reason="x")
        with acting_as(maya.manager.pk):
            ended = services.refuse_strategy(maya.case, by=maya.manager, reason="One was held on Friday")
        assert ended.end_reason == "Not held: One was held on Friday"
        discuss(maya.case, maya.manager, maya.cpm, [consult(maya.case, maya.manager)], outcome="cp")
        with acting_as(maya.manager.pk), pytest.raises(Refused, match="is held"):
            services.refuse_strategy(maya.case, by=maya.manager, reason="x")


def test_an_enquiry_may_end_without_a_conference():
    maya = work()
    strategy(maya, date(2027, 1, 12))
    with maya.on(date(2027, 1, 18)), acting_as(maya.manager.pk):
        with pytest.raises(Refused, match="how the enquiry ended"):
            services.end_enquiry(maya.case, by=maya.manager, outcome="x", reason="x")
        services.end_enquiry(maya.case, by=maya.manager, outcome="no_continuing_risk", reason="He has moved")
        with pytest.raises(Refused, match="No section 47"):
            services.end_enquiry(maya.case, by=maya.manager, outcome="not_substantiated", reason="x")
    assert clock(maya.case, "TS-06") is None
    assert clock(maya.case, "TG-MEETING")


def test_low_asks_for_a_team_around_the_family_and_a_provisional_floor_for_nothing():
    amira = work()
    with amira.on(date(2026, 11, 9)):
        amira.decide(amira.propose("low", LOW))
    assert clock(amira.case, "TG-TAF") == (date(2026, 11, 30), date(2026, 11, 30))
    assert clock(amira.case, "TG-THRESHOLD") is None
    theo = work(born=date(2014, 2, 14))
    with theo.on(date(2026, 1, 27)):
        theo.decide(theo.propose("low", LOW))
    assert [clock(theo.case, rule) for rule in ("TG-THRESHOLD", "TG-TAF", "TG-STRATEGY")] == [None] * 3


def test_a_child_who_leaves_high_comes_off_the_list_with_that_reason():
    maya = work()
    with maya.on(date(2027, 1, 11)):
        maya.decide(maya.propose("high", HIGH))
    with maya.on(date(2027, 2, 11)):
        proposal = maya.propose("medium", MEDIUM)
        maya.decide(proposal, second_decider=maya.cpm)
    assert rows("SELECT state, outcome FROM meetings_taskinglisting") == [("taken_off", "The tier is no longer high")]
    assert clock(maya.case, "TG-TASKING", "ended")


def test_a_tasking_meeting_is_recorded_and_the_next_is_due_in_three_weeks():
    maya = work()
    with maya.on(date(2027, 1, 11)):
        maya.decide(maya.propose("high", HIGH))
    with maya.on(date(2027, 1, 27)), acting_as(maya.manager.pk):
        listing = TaskingListing.objects.get(case=maya.case)
        for about, sentence in (
            ({"discussed_on": date(2027, 1, 28), "outcome": "x"}, "future"),
            ({"discussed_on": date(2027, 1, 4), "outcome": "x"}, "put on the list"),
            ({"discussed_on": date(2027, 1, 26), "outcome": " "}, "what was agreed"),
            ({"discussed_on": date(2027, 1, 26), "outcome": "x", "next_on": date(2027, 1, 26)}, "later day"),
        ):
            with pytest.raises(Refused, match=sentence):
                record_tasking(listing, by=maya.manager, version=1, **about)
        done = record_tasking(
            listing, by=maya.manager, version=1, discussed_on=date(2027, 1, 26), outcome="A warning notice is served"
        )
        with pytest.raises(Refused, match="already"):
            record_tasking(listing, by=maya.manager, version=2, discussed_on=date(2027, 1, 26), outcome="x")
    assert done.next_on == date(2027, 2, 16)
    assert clock(maya.case, "TG-TASKING", "met")
    assert clock(maya.case, "TG-TASKING")[0] == date(2027, 2, 16)
    assert rows("SELECT state FROM meetings_taskinglisting ORDER BY id") == [("discussed",), ("listed",)]
