"""The service plan: in step with the tier, settled item by item, approved with or without gaps."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from children.models import Person
from deadlines.models import Deadline
from plans import services
from plans.gaps import gaps_of
from plans.models import PlanItem, ServicePlan, TriggerPlan
from plans.transition.services import consider_transition
from tests.assessments.making import work
from tests.children.factories import PersonFactory, SafetyFactory
from tests.factories import give, person, team_of

pytestmark = pytest.mark.django_db
LOW, MEDIUM, HIGH = {"F02": "current"}, {"B02": "current"}, {"D01": "current"}


def items(of, **about) -> list[PlanItem]:
    with acting_as(of.worker.pk):
        return list(PlanItem.objects.filter(case=of.case, **about).order_by("pk"))


def plan(of) -> ServicePlan:
    with acting_as(of.worker.pk):
        return ServicePlan.objects.get(case=of.case)


def clock(of, rule_id: str) -> Deadline | None:
    with acting_as(of.worker.pk):
        return Deadline.objects.filter(case=of.case, rule_id=rule_id).order_by("-pk").first()


def settle_all(of, disposition="planned"):
    for one in items(of, ended_at=None, disposition=""):
        with acting_as(of.worker.pk):
            services.settle_item(one, by=of.worker, version=one.version, disposition=disposition)


@pytest.mark.parametrize(("tier", "answers", "number"), [("low", LOW, 12), ("medium", MEDIUM, 26), ("high", HIGH, 32)])
def test_each_tier_opens_its_items(tier, answers, number):
    child = work()
    child.decide(child.propose(tier, answers))
    assert len(items(child)) == number
    assert plan(child).tier == tier


def test_case_a_twelve_items_each_needs_an_answer_and_complete_is_refused_with_one_blank():
    amira = work()
    amira.decide(amira.propose("low", LOW))
    assert [one.code for one in items(amira)] == [f"L{number:02}" for number in range(1, 13)]
    first, *rest = items(amira)
    for one in rest:
        with acting_as(amira.worker.pk):
            services.settle_item(one, by=amira.worker, version=one.version, disposition="planned")
    with pytest.raises(Refused, match=r"1 left\. L01"):
        services.approve_plan(plan(amira), by=amira.manager, version=plan(amira).version, complete=True)
    with_gaps = services.approve_plan(plan(amira), by=amira.manager, version=plan(amira).version, complete=False)
    assert with_gaps.state == "with_gaps"
    services.settle_item(first, by=amira.worker, version=first.version, disposition="not_appropriate")
    complete = services.approve_plan(plan(amira), by=amira.manager, version=plan(amira).version, complete=True)
    assert (complete.state, complete.approved_by) == ("complete", amira.manager)
    assert clock(amira, "TG-GAP").state == "met"


def test_case_d_the_m_items_are_on_hold_and_end_when_low_is_agreed():
    theo = work(born=date(2014, 9, 14))
    decision = theo.decide(theo.propose("low", LOW))
    held = items(theo, on_hold=True)
    assert (len(items(theo)), {one.code[0] for one in held}, len(held)) == (26, {"M"}, 14)
    theo.eha(day=timezone.localdate())
    theo.agree(decision, names=("cre", "eha"))
    ended = items(theo, ended_at__isnull=False)
    assert {one.end_reason for one in ended} == {services.AGREED_LOW}
    assert (len(ended), len(items(theo, ended_at=None, on_hold=False))) == (14, 12)
    assert plan(theo).tier == "low"


def test_raising_adds_what_is_missing_and_keeps_what_is_there():
    child = work()
    child.decide(child.propose("low", LOW))
    settle_all(child)
    child.decide(child.propose("high", HIGH))
    kept = items(child, code__startswith="L")
    assert ({one.disposition for one in kept}, len(items(child))) == ({"planned"}, 32)


def test_lowering_deletes_nothing_and_asks_about_each_item_above():
    child = work()
    child.decide(child.propose("medium", MEDIUM))
    settle_all(child)
    child.decide(child.propose("low", LOW))
    with acting_as(child.worker.pk):
        gaps = gaps_of(plan(child), items(child), None)
    assert len(gaps) == 14
    above = items(child, code="M09")[0]
    services.end_item(above, by=child.worker, version=above.version, reason="No longer wanted")
    other = items(child, code="M08")[0]
    services.continue_item(other, by=child.worker, version=other.version, reason="Therapy goes on")
    assert len(gaps_of(plan(child), items(child), None)) == 12
    own = items(child, code="L01")[0]
    with pytest.raises(Refused, match="The offer gives this"):
        services.end_item(own, by=child.worker, version=own.version, reason="x")


@pytest.mark.parametrize(
    ("code", "given", "refused"),
    [
        ("L04", {"disposition": "not_appropriate"}, None),
        ("M08", {"disposition": "not_appropriate"}, "Say why"),
        ("M08", {"disposition": "declined", "reason": "Not now"}, "Say who"),
        ("M08", {"disposition": "declined", "reason": "Not now", "who": "Kofi"}, None),
        ("L04", {"disposition": "already_provided"}, "Say who"),
        ("L04", {"disposition": "unavailable"}, "Say why"),
        ("L04", {"disposition": "maybe"}, "Choose"),
    ],
)
def test_an_item_is_set_aside_only_as_the_offer_allows(code, given, refused):
    child = work()
    child.decide(child.propose("medium", MEDIUM))
    (item,) = items(child, code=code)
    if refused is None:
        assert services.settle_item(item, by=child.worker, version=item.version, **given).disposition
        return
    with pytest.raises(Refused, match=refused):
        services.settle_item(item, by=child.worker, version=item.version, **given)


def test_high_needs_a_trigger_plan_and_an_officer_the_next_working_day():
    child = work()
    with child.on(date(2026, 12, 24)):
        child.decide(child.propose("high", HIGH))
    assert clock(child, "TG-TRIGGER").limit_on == date(2026, 12, 29)
    settle_all(child)
    with acting_as(child.worker.pk):
        trigger = TriggerPlan.objects.get(case=child.case)
    with pytest.raises(Refused, match="trigger plan"):
        services.approve_plan(plan(child), by=child.manager, version=plan(child).version, complete=True)
    asked = services.request_trigger_plan(trigger, by=child.worker, version=trigger.version)
    with pytest.raises(Refused, match="officer"):
        services.approve_plan(plan(child), by=child.manager, version=plan(child).version, complete=True)
    assert clock(child, "TG-TRIGGER").state == "open"
    services.record_on_system(
        asked, by=child.worker, version=asked.version, officer="DC Ashgrove", police_reference="TP-1",
        on=timezone.localdate(),
    )  # fmt: skip
    assert clock(child, "TG-TRIGGER").state == "met"
    services.approve_plan(plan(child), by=child.manager, version=plan(child).version, complete=True)


def test_a_parent_owns_an_action_and_a_complicit_one_never():
    child = work()
    child.decide(child.propose("low", LOW))
    with acting_as(child.worker.pk):
        esi, dale = (PersonFactory(case=child.case, name=name) for name in ("Esi", "Dale"))
    SafetyFactory(case=child.case, person=dale, complicity="considered_complicit")
    (item,) = items(child, code="L11")
    mine = services.assign_item(item, by=child.worker, version=item.version, owner_person=esi)
    assert mine.owner_name == "Esi"
    with pytest.raises(Refused, match="cannot be given a part"):
        services.assign_item(mine, by=child.worker, version=mine.version, owner_person=dale)
    with acting_as(child.worker.pk), pytest.raises(DatabaseError, match="cannot be given a part"), transaction.atomic():
        PlanItem.objects.filter(pk=item.pk).update(owner_person=Person.objects.get(name="Dale"))


@pytest.fixture
def shared():
    child = work()
    child.decide(child.propose("low", LOW))
    mentor = person(Role.HEALTH_PRACTITIONER)
    give(child.case, team_of(mentor), [])
    (item,) = items(child, code="L04")
    services.assign_item(item, by=child.worker, version=item.version, agency=team_of(mentor).agency)
    return child, mentor, items(child, code="L04")[0]


def test_a_partner_says_how_far_its_own_action_is(shared):
    child, mentor, item = shared
    with acting_as(mentor.pk):
        assert list(PlanItem.objects.all()) == [item]
    done = services.settle_item(item, by=mentor, version=item.version, disposition="offered")
    session = services.record_session(done, by=mentor, on=timezone.localdate(), note="We met in the library.")
    assert session.agency == team_of(mentor).agency
    assert items(child, code="L04")[0].disposition == "in_progress"


def test_a_partner_changes_nothing_else_of_it(shared):
    child, mentor, item = shared
    with pytest.raises(NotAllowed):
        services.assign_item(item, by=mentor, version=item.version, owner=mentor)
    with pytest.raises(NotAllowed):
        services.end_item(item, by=mentor, version=item.version, reason="x")
    other = items(child, code="L05")[0]
    with pytest.raises(PlanItem.DoesNotExist):
        services.settle_item(other, by=mentor, version=other.version, disposition="planned")
    for column in ("due_on = now()::date", "ended_at = now(), end_reason = 'x'", "agency_id = NULL"):
        statement = f"UPDATE plans_planitem SET {column} WHERE id = %s"
        with (
            acting_as(mentor.pk),
            pytest.raises(DatabaseError, match=r"nothing else of it|row-level"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [item.pk])


def test_a_secure_placement_is_planned_only_with_everything_written_down():
    child = work()
    child.decide(child.propose("low", LOW))
    with pytest.raises(Refused, match="last option"):
        services.open_exceptional(child.case, by=child.worker, code="X02", reason="Nothing else holds")
    made = services.open_exceptional(child.case, by=child.worker, code="X02", reason="By a court", already_made=True)
    assert made.code == "X02"
    with pytest.raises(Refused, match="open already"):
        services.open_exceptional(child.case, by=child.worker, code="X02", reason="x", already_made=True)
    stops = dict.fromkeys(services.SECURE_STOPS, "Written")
    other = work()
    other.decide(other.propose("low", LOW))
    assert services.open_exceptional(other.case, by=other.worker, code="X02", reason="x", stops=stops)


def test_case_f_transition_is_considered_by_the_day_the_offer_gives():
    callum = work(born=date(2009, 11, 30))
    with callum.on(date(2026, 10, 19)):
        callum.decide(callum.propose("medium", MEDIUM))
    assert clock(callum, "TG-TRANSITION").limit_on == date(2026, 12, 30)
    with callum.on(date(2026, 12, 3)):
        with pytest.raises(Refused, match="Say why"):
            consider_transition(callum.case, by=callum.worker, outcome="not_needed")
        with pytest.raises(Refused, match="3 March 2027"):
            consider_transition(
                callum.case, by=callum.worker, outcome="deferred", reason="x", deferred_until=date(2027, 3, 4)
            )
        consider_transition(callum.case, by=callum.worker, outcome="plan_and_referral_to_adult_social_care")
    assert clock(callum, "TG-TRANSITION").state == "met"


def test_nobody_of_15_has_a_clock_of_transition():
    child = work(born=date(2011, 6, 14))
    child.decide(child.propose("low", LOW))
    assert clock(child, "TG-TRANSITION") is None


def test_a_deferred_consideration_comes_back():
    child = work(born=timezone.localdate() - timedelta(days=17 * 366))
    child.decide(child.propose("low", LOW))
    until = timezone.localdate() + timedelta(days=30)
    consider_transition(child.case, by=child.worker, outcome="deferred", reason="Later", deferred_until=until)
    again = clock(child, "TG-TRANSITION")
    assert (again.state, timezone.localdate(again.started_at)) == ("open", until)
    assert isinstance(again.limit_at, datetime)
