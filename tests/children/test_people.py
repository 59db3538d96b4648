"""People around the child, and whether each may be contacted (BR-08, ruling Q5)."""

import pytest
from django.utils import timezone

from access.parts import SOCIAL_CARE_LABELS, Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.versions import StaleRecord
from accounts.roles import Role
from children import services
from children.models import ContactSafetyDecision
from children.selectors import people_of
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import PersonFactory, SafetyFactory, ago, days_from_today, holding, partner
from tests.factories import give, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother(case):
    return PersonFactory(case=case)


def seen_by(user, case) -> list[tuple[str, str | None]]:
    with acting_as(user.pk):
        return [(one.name, one.safety and one.safety.complicity) for one in people_of(case, user)]


def test_nothing_is_assumed_of_a_person(case, worker):
    added = services.add_person(case, by=worker, name="Dana Fenwick", relationship="mother")
    assert (added.parental_responsibility, added.lives_with_child, added.is_carer) == ("not_known", "not_known", False)
    assert (added.is_adult, added.recorded_by) == (True, worker)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"name": ""}, "Name"), ({"relationship": "aunt's cat"}, "Relationship"), ({"email": "not an address"}, "Email")],
)
def test_what_cannot_be_of_a_person_is_refused(case, worker, wrong, words):
    with pytest.raises(Refused, match=words):
        services.add_person(case, by=worker, **{"name": "Dana", "relationship": "mother", **wrong})


def test_a_change_counts_the_version_and_a_stale_one_is_not_saved(mother, worker):
    changed = services.update_person(mother, by=worker, version=1, parental_responsibility="yes")
    assert (changed.parental_responsibility, changed.version) == ("yes", 2)
    with pytest.raises(StaleRecord):
        services.update_person(mother, by=worker, version=1, phone="0")


def test_a_person_who_left_the_childs_life_stays_on_record(case, mother, worker):
    ended = services.end_person(mother, by=worker)
    assert ended.ended_at is not None
    assert seen_by(worker, case) == [("Dana Fenwick", None)]


def test_an_edit_begun_before_somebody_ended_the_person_is_stale(mother, worker, manager):
    services.end_person(mother, by=manager)
    with pytest.raises(StaleRecord):
        services.update_person(mother, by=worker, version=1, phone="0")


def test_carers_come_first_and_who_left_comes_last(case, worker):
    PersonFactory(case=case, name="Left", is_carer=True, ended_at=ago(days=3))
    PersonFactory(case=case, name="Aunt")
    PersonFactory(case=case, name="Carer", is_carer=True)
    assert [name for name, _ in seen_by(worker, case)] == ["Carer", "Aunt", "Left"]


def test_a_decision_is_about_one_adult_alone(case, mother, manager):
    PersonFactory(case=case, name="Father")
    services.decide_contact_safety(
        mother, by=manager, complicity="considered_complicit", reason="Took payment.", review_on=days_from_today(20)
    )
    assert seen_by(manager, case) == [("Dana Fenwick", "considered_complicit"), ("Father", None)]


def test_the_latest_decision_counts_and_the_earlier_ones_stay(case, mother, manager):
    SafetyFactory(case=case, person=mother, complicity="suspected", decided_at=ago(days=9))
    services.decide_contact_safety(mother, by=manager, complicity="cleared", reason="Police found otherwise.")
    SafetyFactory(case=case, person=mother, complicity="suspected", decided_at=ago(days=30))
    assert seen_by(manager, case) == [("Dana Fenwick", "cleared")]
    with acting_as(manager.pk):
        assert ContactSafetyDecision.objects.of(case).count() == 3


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_rests_on_something(mother, manager, reason):
    with pytest.raises(Refused, match="rests on"):
        services.decide_contact_safety(mother, by=manager, complicity="cleared", reason=reason)


NOT_CLEAR = [
    {"complicity": "suspected"},
    {"complicity": "considered_complicit"},
    {"complicity": "cleared", "unsafe_to_contact": True},
    {"complicity": "not_considered", "unsafe_to_meet_together": True},
]


@pytest.mark.parametrize("decision", NOT_CLEAR)
def test_anything_but_a_clear_answer_is_reviewed(mother, manager, decision):
    with pytest.raises(Refused, match="when this will be reviewed"):
        services.decide_contact_safety(mother, by=manager, reason="Seen.", **decision)
    assert services.decide_contact_safety(
        mother, by=manager, reason="Seen.", review_on=days_from_today(1), **decision
    ).review_on == days_from_today(1)


@pytest.mark.parametrize("days", [0, -1])
def test_a_review_lies_ahead(mother, manager, days):
    with pytest.raises(Refused, match="after today"):
        services.decide_contact_safety(
            mother, by=manager, complicity="suspected", reason="Seen.", review_on=days_from_today(days)
        )


def test_an_unknown_answer_is_refused(mother, manager):
    with pytest.raises(Refused, match="Complicity"):
        services.decide_contact_safety(
            mother, by=manager, complicity="maybe", reason="Seen.", review_on=days_from_today(3)
        )


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER, Role.REVIEWING_OFFICER])
def test_a_manager_or_chair_decides(case, mother, role):
    decision = services.decide_contact_safety(mother, by=holding(case, role), complicity="cleared", reason="Seen.")
    assert decision.complicity == "cleared"


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.AUDITOR, Role.OUT_OF_HOURS_WORKER])
def test_nobody_else_decides_neither_by_the_service_nor_past_it(case, mother, role):
    user = holding(case, role)
    with pytest.raises(NotAllowed, match="can decide this"):
        services.decide_contact_safety(mother, by=user, complicity="cleared", reason="Seen.")
    with refused(user, BY_A_POLICY):
        ContactSafetyDecision.objects.create(
            case=case, person=mother, complicity="cleared", reason="Seen.", decided_by=user
        )


def test_complicity_is_shown_only_with_its_own_label(case, mother):
    SafetyFactory(case=case, person=mother)
    without = person(Role.SOCIAL_WORKER)
    give(case, without, SOCIAL_CARE_LABELS - {Label.COMPLICITY})
    officer = partner(case, Role.POLICE_OFFICER, {Label.NETWORK})
    assert seen_by(holding(case), case) == [("Dana Fenwick", "suspected")]
    assert seen_by(without, case) == seen_by(officer, case) == [("Dana Fenwick", None)]
    with acting_as(officer.pk):
        assert not ContactSafetyDecision.objects.exists()


def test_people_are_shown_only_with_their_own_label(case, mother):
    assert seen_by(partner(case, Role.POLICE_OFFICER), case) == []


# What the database refuses by itself


def decide_raw(case, who, by, **about):
    facts = {"complicity": "suspected", "reason": "Seen.", "review_on": days_from_today(3), "decided_by": by, **about}
    return ContactSafetyDecision.objects.create(case=case, person=who, **facts)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"reason": ""}, "contact_safety_has_a_reason"),
        ({"review_on": None}, "contact_safety_has_a_review_date"),
        ({"complicity": "cleared", "unsafe_to_contact": True, "review_on": None}, "contact_safety_has_a_review_date"),
        ({"review_on": days_from_today(-1)}, "contact_safety_reviewed_later"),
        ({"complicity": "maybe"}, "contact_safety_known_complicity"),
    ],
)
def test_the_database_takes_no_incomplete_decision(case, mother, manager, wrong, rule):
    with refused(manager, rule):
        decide_raw(case, mother, manager, **wrong)


def test_the_database_takes_no_decision_in_anothers_name(case, mother, manager, worker):
    with refused(manager, BY_A_POLICY):
        decide_raw(case, mother, manager, decided_by=holding(case, Role.TEAM_MANAGER))


def test_the_database_takes_no_decision_about_a_person_of_another_file(case, manager):
    with refused(manager, "contact_safety_person_on_its_file"):
        decide_raw(case, PersonFactory(), manager)


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x' WHERE id = %s", "DELETE FROM {} WHERE id = %s"])
def test_a_decision_is_never_edited_or_deleted(case, manager, statement):
    decision = SafetyFactory(case=case, decided_at=timezone.now())
    with refused(manager, BY_A_PRIVILEGE):
        execute(statement.format("children_contactsafetydecision"), decision.pk)
