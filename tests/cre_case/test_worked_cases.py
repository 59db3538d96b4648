"""The worked cases of the domain document, through the services, with every date they give. All people are invented."""

from datetime import UTC, date, datetime

import pytest

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from assessments import services
from assessments.models import CPMMatter, EffectiveTier
from children.models import Child, Person
from children.services import add_contact, decide_contact_safety, screen_contact, update_child
from deadlines.models import Deadline
from duties.models import MandatoryReport
from meetings.invitations.services import invite_child, invite_family
from offer.exploitation_types import ExploitationType
from offer.transition import transition_dates
from plans.closing.services import propose_closing
from plans.copies.contents import new_copy, sheet_of
from plans.copies.family import BARRED
from plans.copies.services import ask_for_copy
from plans.models import TransitionConsideration
from plans.safety import services as safety
from plans.services import AGREED_LOW, approve_plan, settle_item
from plans.transition.services import consider_transition
from referrals.escalation import services as escalation
from referrals.models import EscalationRoute
from tests.assessments.making import moment, work
from tests.children.factories import PersonFactory
from tests.meetings.conftest import arrange, hold
from tests.meetings.test_threshold import consult, discuss
from tests.plans.copies.world import DECISION
from tests.plans.test_plan import items, plan

pytestmark = pytest.mark.django_db
SCHOOL_RINGS = {"method": "phone", "source": "school", "details": "Two phones, and a car that waits."}


def limit(child, rule_id: str) -> date | None:
    """The day by which something is due, while its clock runs."""
    with acting_as(child.worker.pk):
        found = Deadline.objects.filter(case=child.case, rule_id=rule_id, state=Deadline.State.OPEN).first()
    return found.limit_on if found else None


def is_met(child, rule_id: str) -> bool:
    with acting_as(child.worker.pk):
        return Deadline.objects.filter(case=child.case, rule_id=rule_id, state=Deadline.State.MET).exists()


def codes(child, **about) -> list[str]:
    return sorted(one.code for one in items(child, **about))


def referred(child, at: datetime):
    """The school telephones, and the contact is accepted the next working day."""
    with acting_as(child.worker.pk):
        return add_contact(child.case, by=child.worker, received_at=at, **SCHOOL_RINGS)


def accepted(child, contact) -> None:
    with acting_as(child.manager.pk):
        screen_contact(contact, by=child.manager, accepted=True, reason="")


def clock(case, rule_id: str) -> Deadline | None:
    return Deadline.objects.filter(case=case, rule_id=rule_id).order_by("-pk").first()


def tier(case) -> tuple[str, bool]:
    row = EffectiveTier.objects.get(case=case, until_at__isnull=True)
    return row.tier, row.provisional


# Case A: LOW


def test_case_a_a_girl_of_15_is_low_without_a_child_protection_manager():
    amira = work(born=date(2011, 6, 14))
    with amira.on(date(2026, 11, 5)):
        proposal = amira.propose("low", {"F02": "current", "E04": "suspected"})
        assert (proposal.suggested, proposal.suggestion) == ("low", "Low")
        assert limit(amira, "TG-MANAGER") == date(2026, 11, 9)
        with pytest.raises(NotAllowed):
            amira.decide(proposal, by=amira.worker)
    with amira.on(date(2026, 11, 9)):
        decision = amira.decide(proposal)
        with acting_as(amira.worker.pk):
            assert (decision.waits_for_cpm, tier(amira.case)) == (False, ("low", False))
        assert is_met(amira, "TG-MANAGER")
        assert codes(amira) == [f"L{number:02}" for number in range(1, 13)]
        assert limit(amira, "TG-TAF") == date(2026, 11, 30)
        assert limit(amira, "RV-LOW") == date(2027, 2, 9)
        assert [limit(amira, rule) for rule in ("TG-CPM", "TS-03", "TS-06", "TS-01")] == [None] * 4
        for one in items(amira)[1:]:
            settle_item(one, by=amira.worker, version=one.version, disposition="planned")
        with pytest.raises(Refused, match="1 left"):
            approve_plan(plan(amira), by=amira.manager, version=plan(amira).version, complete=True)


# Case B: MEDIUM, one complicit parent


@pytest.fixture
def kofi():
    """Telephoned about on Monday 21 December, medium since Wednesday 23 December 2026."""
    child = work(born=date(2012, 3, 2), given_names="Kofi", known_as="Kofi")
    PersonFactory(case=child.case, name="Esi Brightwell", relationship="mother", parental_responsibility="yes")
    PersonFactory(case=child.case, name="Dale Brightwell", relationship="father", address="9 Other Road")
    with child.on(date(2026, 12, 21), hour=11):
        contact = referred(child, datetime(2026, 12, 21, 10, 15, tzinfo=UTC))
        with acting_as(child.worker.pk):
            services.start_supporting(
                child.case, by=child.worker, kind="single_assessment", started_at=contact.received_at
            )
            escalation.open_route(child.case, by=child.worker, route="irt", opened_at=contact.received_at)
    return child


def person(child, name: str) -> Person:
    with acting_as(child.worker.pk):
        return Person.objects.get(case=child.case, name__startswith=name)


def decided(child):
    with child.on(date(2026, 12, 23)):
        found = {"B02": "current", "E01": "current", "D02": "suspected"}
        proposal = child.propose("medium", found, types={ExploitationType.CCE_COUNTY_LINES: "suspected"})
        child.decide(proposal)
    return proposal


def left_out(child):
    with child.on(date(2026, 12, 23)), acting_as(child.manager.pk):
        decision = {"complicity": "considered_complicit", "reason": "Messages that were read with Kofi"}
        with pytest.raises(Refused, match="review"):
            decide_contact_safety(person(child, "Dale"), by=child.manager, **decision)
        decide_contact_safety(person(child, "Dale"), by=child.manager, review_on=date(2027, 3, 23), **decision)


def test_case_b_from_the_call_to_the_limit_of_the_assessment(kofi):
    assert limit(kofi, "TS-01") == date(2026, 12, 22)
    with acting_as(kofi.worker.pk):
        written = Deadline.objects.get(case=kofi.case, rule_id="TS-02", about__startswith="contact:")
        assert written.limit_at == datetime(2026, 12, 23, 10, 15, tzinfo=UTC)
    assert limit(kofi, "TS-04") == date(2027, 1, 7)
    assert limit(kofi, "TS-03") == date(2027, 2, 25)


def test_case_b_there_is_exactly_one_route(kofi):
    with kofi.on(date(2026, 12, 22)), acting_as(kofi.worker.pk):
        with pytest.raises(Refused):
            escalation.open_route(kofi.case, by=kofi.worker, route="vcm", opened_at=moment(date(2026, 12, 22), 9))
        assert [one.route for one in EscalationRoute.objects.filter(case=kofi.case)] == ["irt"]


def test_case_b_a_boy_of_14_is_medium_and_the_nrm_is_asked_for(kofi):
    proposal = decided(kofi)
    assert proposal.suggested == "medium"
    with acting_as(kofi.worker.pk):
        assert tier(kofi.case) == ("medium", False)
        nrm = MandatoryReport.objects.get(case=kofi.case, rule_id="MR-02")
        assert (nrm.state, nrm.consent) == ("open", False)
    assert limit(kofi, "RV-MEDIUM") == date(2027, 2, 3)
    assert limit(kofi, "TG-NRM") == date(2026, 12, 29)
    wanted = [*(f"L{number:02}" for number in range(1, 13)), *(f"M{number:02}" for number in range(1, 15))]
    assert codes(kofi) == wanted


def test_case_b_from_the_threshold_discussion_to_the_review_of_the_child_in_need_plan(kofi):
    decided(kofi)
    assert limit(kofi, "TG-THRESHOLD") == date(2027, 1, 4)
    with kofi.on(date(2026, 12, 31)):
        with pytest.raises(Refused, match="at least one agency"):
            discuss(kofi.case, kofi.manager, kofi.cpm, [])
        discuss(kofi.case, kofi.manager, kofi.cpm, [consult(kofi.case, kofi.manager)])
    assert is_met(kofi, "TG-THRESHOLD")
    assert limit(kofi, "TG-MEETING") == date(2027, 1, 22)
    with kofi.on(date(2027, 1, 14)):
        meeting = arrange(kofi.case, kofi.worker, starts_at=moment(date(2027, 1, 15)))
    with kofi.on(date(2027, 1, 15), hour=15):
        hold(meeting, kofi.worker, held_at=moment(date(2027, 1, 15)))
    assert is_met(kofi, "TG-MEETING")
    assert limit(kofi, "TS-11") == date(2027, 2, 26)


def test_case_b_only_the_boy_and_his_mother_are_invited_and_nothing_passes_through_his_father(kofi):
    decided(kofi)
    left_out(kofi)
    with kofi.on(date(2027, 1, 4)):
        meeting = arrange(kofi.case, kofi.worker, starts_at=moment(date(2027, 1, 15)))
        with acting_as(kofi.worker.pk):
            assert invite_family(meeting, by=kofi.worker, person=person(kofi, "Esi")).reply == "invited"
            assert invite_family(meeting, by=kofi.worker, person=person(kofi, "Dale")).reply == "not_invited"
            for way in ("Dale Brightwell tells him", "A letter to 9 Other Road"):
                with pytest.raises(Refused, match="must not pass through Dale"):
                    invite_child(meeting, by=kofi.worker, by_way_of=way)
            assert invite_child(meeting, by=kofi.worker, by_way_of="His form tutor").reply == "invited"


def test_case_b_a_copy_never_reaches_the_father_nor_names_him(kofi):
    decided(kofi)
    left_out(kofi)
    with kofi.on(date(2027, 1, 4)):
        with acting_as(kofi.worker.pk):
            draft = safety.start_safety_plan(kofi.case, by=kofi.worker, kind="interim")
            draft = safety.write_safety_plan(
                draft, by=kofi.worker, version=draft.version, whom_to_ring="Mum", tonight="He stays at home with Mum."
            )
            safety.bring_into_force(draft, by=kofi.worker, version=draft.version)
        with pytest.raises(Refused, match=BARRED):
            copy_for(kofi, person(kofi, "Dale"))
        assert copy_for(kofi, person(kofi, "Esi")).recipient_name == "Esi Brightwell"
        with acting_as(kofi.worker.pk):
            copy = new_copy(
                kofi.case, kofi.worker, kind="family", recipient_name="Esi", recipient_person=person(kofi, "Esi")
            )
            assert "Dale" not in str(sheet_of(copy, kofi.worker).as_data())


def copy_for(child, recipient):
    with acting_as(child.worker.pk):
        return ask_for_copy(
            child.case, by=child.worker, kind="family", recipient_person=recipient, safe_to_tell_family=True, **DECISION
        )


# Case D: under 13


@pytest.fixture
def theo():
    return work(born=date(2014, 2, 14))


def low_for_theo(theo):
    with theo.on(date(2027, 1, 26)):
        proposal = theo.propose("low", {"F02": "current", "E04": "suspected"})
    with theo.on(date(2027, 1, 27)):
        return theo.decide(proposal)


def test_case_d_a_boy_of_12_is_medium_until_the_child_protection_manager_agrees(theo):
    with theo.on(date(2027, 1, 19)):
        referred(theo, moment(date(2027, 1, 19), 10))
    assert limit(theo, "TS-01") == date(2027, 1, 20)
    with theo.on(date(2027, 1, 19)), acting_as(theo.worker.pk):
        single = services.start_supporting(
            theo.case, by=theo.worker, kind="single_assessment", started_at=moment(date(2027, 1, 19), 10)
        )
        assert clock(theo.case, "TS-03").limit_on == date(2027, 3, 23)
    decision = low_for_theo(theo)
    assert decision.waits_for_cpm
    assert (len(codes(theo)), len(codes(theo, on_hold=True))) == (26, 14)
    with acting_as(theo.worker.pk):
        assert tier(theo.case) == ("medium", True)
        assert clock(theo.case, "TG-CPM").limit_on == date(2027, 2, 3)
        assert clock(theo.case, "RV-MEDIUM").limit_on == date(2027, 3, 10)
        birthday = Deadline.objects.get(case=theo.case, about="turned_13")
        assert (birthday.started_at.date(), birthday.limit_on) == (date(2027, 2, 14), date(2027, 2, 16))
    with theo.on(date(2027, 2, 1)):
        theo.agree(decision, outcome="more_assessment_needed", more_needed="A Single Assessment", names=())
        with acting_as(theo.worker.pk):
            assert (tier(theo.case), clock(theo.case, "TG-CPM").state) == (("medium", True), "met")
    with theo.on(date(2027, 2, 15)), pytest.raises(Refused, match="must be authorised"):
        theo.agree(decision)
    with theo.on(date(2027, 3, 18)), acting_as(theo.worker.pk):
        single = services.complete_supporting(
            single, by=theo.worker, version=single.version, completed_on=date(2027, 3, 18), summary="All of it."
        )
    with theo.on(date(2027, 3, 18)), pytest.raises(Refused, match="must be authorised"):
        theo.agree(decision)
    with theo.on(date(2027, 3, 19)), acting_as(theo.manager.pk):
        services.authorise_supporting(single, by=theo.manager, version=single.version)
        assert clock(theo.case, "TS-03").state == "met"
        assert clock(theo.case, "TG-CPM").limit_on == date(2027, 3, 30)  # two bank holidays on the way
    with theo.on(date(2027, 3, 23)):
        theo.agree(decision, supporting=[single])
    with acting_as(theo.worker.pk):
        assert tier(theo.case) == ("low", False)
        assert EffectiveTier.objects.get(case=theo.case, until_at=None).from_at.date() == date(2027, 3, 23)
        assert clock(theo.case, "RV-LOW").limit_on == date(2027, 6, 23)
        assert not CPMMatter.objects.filter(case=theo.case, closed_at=None).exists()
    ended = items(theo, ended_at__isnull=False)
    assert {(one.code[0], one.end_reason) for one in ended} == {("M", AGREED_LOW)}
    assert len(codes(theo, ended_at=None)) == 12


def test_case_d_turning_13_changes_nothing_by_itself(theo):
    decision = low_for_theo(theo)
    with theo.on(date(2027, 2, 20)):
        with acting_as(theo.worker.pk):
            assert tier(theo.case) == ("medium", True)
        theo.eha(day=date(2027, 2, 19))
        theo.agree(decision, names=("cre", "eha"))
        with acting_as(theo.worker.pk):
            assert tier(theo.case) == ("low", False)


# Case F: from 17


def test_case_f_the_days_of_transition():
    dates = transition_dates(date(2009, 11, 30))
    assert dates.notice == date(2026, 8, 30)
    assert (dates.opens, dates.due) == (date(2026, 11, 30), date(2026, 12, 30))
    assert (dates.again, dates.again_book_by) == (date(2027, 5, 30), date(2027, 5, 28))
    assert dates.adult == date(2027, 11, 30)
    assert transition_dates(date(2012, 2, 29)).opens == date(2029, 3, 1)


def test_case_f_a_boy_turns_17_and_his_transition_is_considered():
    callum = work(born=date(2009, 11, 30))
    with callum.on(date(2026, 10, 19)):
        callum.decide(callum.propose("medium", {"B02": "current"}))
        assert limit(callum, "RV-MEDIUM") == date(2026, 11, 30)
        with acting_as(callum.worker.pk):
            event = Deadline.objects.get(case=callum.case, about="turned_17")
        assert (event.started_at.date(), event.limit_on) == (date(2026, 11, 30), date(2026, 12, 2))
        assert limit(callum, "TG-TRANSITION") == date(2026, 12, 30)
    with callum.on(date(2026, 12, 3)), acting_as(callum.worker.pk):
        consider_transition(callum.case, by=callum.worker, outcome="plan_and_referral_to_adult_social_care")
        assert TransitionConsideration.objects.get(case=callum.case).considered_by == callum.worker
    assert is_met(callum, "TG-TRANSITION")


def test_case_f_at_18_closing_without_an_outcome_is_refused():
    callum = work(born=date(2009, 11, 30))
    adult = {"reason": "turned_18", "summary": "He has a flat, and his mentor's number."}
    with callum.on(date(2026, 10, 19)):
        callum.decide(callum.propose("medium", {"B02": "current"}))
    with callum.on(date(2027, 11, 29)), acting_as(callum.worker.pk), pytest.raises(Refused, match="not 18 yet"):
        propose_closing(callum.case, by=callum.worker, **adult)
    with callum.on(date(2027, 11, 30)), acting_as(callum.worker.pk):
        with pytest.raises(Refused, match="Transition was not considered"):
            propose_closing(callum.case, by=callum.worker, **adult)
        consider_transition(callum.case, by=callum.worker, outcome="plan_and_referral_to_adult_social_care")
        assert propose_closing(callum.case, by=callum.worker, **adult).state == "proposed"


# Rules that the cases rest on


def test_send_recorded_for_a_child_who_is_low_is_never_left_at_low():
    amira = work()
    with amira.on(date(2026, 11, 9)):
        decision = amira.decide(amira.propose("low", {"F02": "current"}))
    with amira.on(date(2026, 11, 16)):
        with acting_as(amira.worker.pk):
            child = Child.objects.get(case=amira.case)
            update_child(child, by=amira.worker, version=child.version, send_status="recorded")
            assert tier(amira.case) == ("medium", True)
            assert clock(amira.case, "TG-CPM").limit_on == date(2026, 11, 23)
            assert clock(amira.case, "RV-LOW").state == "ended"
        amira.eha(day=date(2026, 11, 16))
        amira.agree(decision, names=("cre", "eha"))
        with acting_as(amira.worker.pk):
            assert tier(amira.case) == ("low", False)


def test_the_moment_of_the_clock_of_a_proposal_of_high_is_the_same_day():
    maya = work()
    with maya.on(date(2026, 11, 20)):
        maya.propose("high", {"D01": "current"})
        with acting_as(maya.worker.pk):
            limit = clock(maya.case, "TG-MANAGER-HIGH").limit_at
    assert limit == datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
