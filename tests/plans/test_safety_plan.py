"""The safety plan: an interim one at once, a full one only when everything the offer asks for is in it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.versions import StaleRecord
from plans.models import PlanItem, SafetyPlan
from plans.safety import services
from tests.assessments.making import work

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=14)


@pytest.fixture
def child():
    child = work()
    child.decide(child.propose("medium", {"B02": "current"}))
    return child


def written(child, **but) -> SafetyPlan:
    plan = services.start_safety_plan(child.case, by=child.worker, kind="full")
    facts = dict.fromkeys(services.WRITTEN, "Written.") | {
        "contexts_considered": ["place", "peer", "adult", "environment", "online", "home"], "review_on": SOON,
        "no_risk_from_because": "None is known", "nobody_else_because": "Nobody is known",
    }  # fmt: skip
    return services.write_safety_plan(plan, by=child.worker, version=plan.version, **(facts | but))


def risk(child, plan, direction="to"):
    return services.add_risk(
        plan, by=child.worker, direction=direction, context="place", what="Approached by men in cars",
        where="Bus station", from_whom="Not known", source="The child; certain",
    )  # fmt: skip


def act(child, on):
    return services.add_risk_action(
        on,
        by=child.worker,
        title="Meet at school instead",
        due_on=SOON,
        measure="No more meetings there",
        owner_name="Mum",
    )


def test_an_interim_plan_is_in_force_tonight(child):
    plan = services.start_safety_plan(child.case, by=child.worker, kind="interim")
    with pytest.raises(Refused, match="whom to ring"):
        services.bring_into_force(plan, by=child.worker, version=plan.version)
    plan = services.write_safety_plan(
        plan, by=child.worker, version=plan.version, whom_to_ring="Aunt, 101", tonight="Stays at her aunt's"
    )
    assert services.bring_into_force(plan, by=child.worker, version=plan.version).state == "in_force"


def test_a_full_plan_with_everything_replaces_the_one_before(child):
    interim = services.start_safety_plan(child.case, by=child.worker, kind="interim")
    interim = services.write_safety_plan(
        interim, by=child.worker, version=interim.version, whom_to_ring="Aunt", tonight="Stays in"
    )
    services.bring_into_force(interim, by=child.worker, version=interim.version)
    plan = written(child)
    item = act(child, risk(child, plan))
    full = services.bring_into_force(plan, by=child.worker, version=plan.version)
    with acting_as(child.worker.pk):
        assert (full.state, SafetyPlan.objects.get(pk=interim.pk).state) == ("in_force", "replaced")
        assert PlanItem.objects.get(pk=item.pk).source == "safety_plan"


@pytest.mark.parametrize(
    ("but", "sentence"),
    [
        ({"no_risk_from_because": ""}, "risk from the child"),
        ({"nobody_else_because": ""}, "who else is at risk"),
        ({"contexts_considered": ["place"]}, "Consider each context"),
        ({"impact_psychological": ""}, "psychological"),
        ({"signal_word": ""}, "signal"),
        ({"child_view": ""}, "child agrees"),
        ({"review_on": None}, "review date"),
    ],
)
def test_each_thing_the_offer_asks_for_is_needed(child, but, sentence):
    plan = written(child, **but)
    act(child, risk(child, plan))
    with pytest.raises(Refused, match=sentence):
        services.bring_into_force(plan, by=child.worker, version=plan.version)


def test_each_risk_needs_an_action(child):
    plan = written(child)
    act(child, risk(child, plan))
    risk(child, plan)
    with pytest.raises(Refused, match="1 without"):
        services.bring_into_force(plan, by=child.worker, version=plan.version)


def test_a_child_who_may_also_be_causing_harm_needs_the_risk_from_them(child):
    plan = written(child)
    act(child, risk(child, plan))
    with pytest.raises(Refused, match="may also be causing harm"):
        services.bring_into_force(plan, by=child.worker, version=plan.version, dual_status=True)
    act(child, risk(child, plan, "from"))
    assert services.bring_into_force(plan, by=child.worker, version=plan.version, dual_status=True)


def test_the_review_lies_within_the_interval_of_the_tier(child):
    plan = services.start_safety_plan(child.case, by=child.worker, kind="full")
    with pytest.raises(Refused, match="reviewed by"):
        services.write_safety_plan(
            plan, by=child.worker, version=plan.version, review_on=timezone.localdate() + timedelta(days=60)
        )


def test_of_two_who_save_one_is_told(child):
    plan = services.start_safety_plan(child.case, by=child.worker, kind="full")
    services.write_safety_plan(plan, by=child.worker, version=plan.version, safe_places="School")
    with pytest.raises(StaleRecord):
        services.write_safety_plan(plan, by=child.manager, version=plan.version, safe_places="Library")


def test_a_plan_in_force_is_not_changed(child):
    plan = services.start_safety_plan(child.case, by=child.worker, kind="interim")
    plan = services.write_safety_plan(plan, by=child.worker, version=plan.version, whom_to_ring="A", tonight="B")
    plan = services.bring_into_force(plan, by=child.worker, version=plan.version)
    with pytest.raises(Refused, match="in force"):
        services.write_safety_plan(plan, by=child.worker, version=plan.version, tonight="C")
    with acting_as(child.worker.pk), pytest.raises(DatabaseError, match="replaced, not changed"), transaction.atomic():
        SafetyPlan.objects.filter(pk=plan.pk).update(tonight="C")


def test_who_only_reads_writes_nothing(child):
    with pytest.raises(NotAllowed):
        services.start_safety_plan(child.case, by=child.cpm, kind="full")
