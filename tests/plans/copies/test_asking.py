"""Who may have a copy, and who never: by the service, by the database, and again when it is made."""

from datetime import timedelta

import pytest
from django.db import connection

from access.models import DisclosureDecision
from access.parts import Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from children.models import ContactSafetyDecision
from duties.models import MandatoryReport
from duties.services import decide_family_told
from offer.duties import DUTIES, FamilyTold
from plans.copies.contents import CHANGED, new_copy, sheet_of
from plans.copies.family import BARRED
from plans.copies.services import ask_for_copy
from plans.models import Copy, SafetyPlan, ServicePlan
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import PersonFactory, SafetyFactory, child_on_file, holding
from tests.database import seeding
from tests.factories import agency, give, person, team_of
from tests.plans.copies.world import DECISION, canary

pytestmark = pytest.mark.django_db


def for_family(case, by, **about):
    return ask_for_copy(case, by=by, **{**DECISION, "kind": "family", "safe_to_tell_family": True, **about})


def for_team(case, by, team, **about):
    facts = {**DECISION, "kind": "partner", "recipient_name": "PC Lane", "recipient_team": team, **about}
    return ask_for_copy(case, by=by, **facts)


def for_professional(case, by, **about):
    return ask_for_copy(case, by=by, **{**DECISION, "kind": "professional", "recipient_name": "HHJ Reed", **about})


def test_each_copy_is_one_decision_and_has_the_next_number(case, worker, file, police):
    first, second = for_family(case, worker), for_team(case, worker, police)
    assert (first.number, second.number) == (1, 2)
    assert (first.state, first.tries, first.pdf, first.recipient_name) == ("waiting", 0, None, "Maya")
    decision = second.disclosure
    assert (decision.recipient, decision.decided_by, decision.labels) == ("PC Lane", worker, ["core", "plan", "safety"])
    assert (second.agency, second.plan_version, second.safety_plan) == (police.agency, 3, file.safety_plan)
    with acting_as(worker.pk):
        assert DisclosureDecision.objects.of(case).count() == 2


def test_the_numbers_of_two_files_are_apart(case, worker):
    for_family(case, worker)
    other = child_on_file().case
    give(other, worker)
    with seeding():
        SafetyPlan.objects.create(
            case=other,
            kind="interim",
            state="in_force",
            author=worker,
            approved_by=worker,
            approved_at="2026-11-20T09:00Z",
        )
    assert for_family(other, worker).number == 1


# People considered complicit, or unsafe, and the rest


EXCLUDING = [
    {"complicity": "considered_complicit"},
    {"complicity": "suspected"},
    {"complicity": "not_considered", "unsafe_to_contact": True},
    {"complicity": "cleared", "unsafe_to_contact": True},
]


def raw_family_copy(case, by, person_of_file):
    decision = DisclosureDecision.objects.create(
        case=case, labels=["core"], recipient="x", purpose="x", lawful_basis="public_task", necessity="x",
        agreement="agreed", method="x", decided_by=by,
    )  # fmt: skip
    Copy.objects.create(
        case=case, kind="family", number=99, recipient_name="x", recipient_person=person_of_file, plan_version=3,
        author=by, disclosure=decision,
    )  # fmt: skip


@pytest.mark.parametrize("decision", EXCLUDING)
def test_an_excluded_person_gets_no_copy_neither_by_the_service_nor_past_it(case, worker, file, decision):
    SafetyFactory(case=case, person=file.mother, **decision)
    with pytest.raises(Refused, match=BARRED):
        for_family(case, worker, recipient_person=file.mother)
    with refused(worker, BARRED):
        raw_family_copy(case, worker, file.mother)
    with acting_as(worker.pk):
        assert not Copy.objects.of(case).exists()
        assert not DisclosureDecision.objects.of(case).exists()


CLEARED = [
    {"complicity": "cleared", "review_on": None},
    {"complicity": "not_considered", "review_on": None},
    {"complicity": "not_considered", "unsafe_to_meet_together": True},
]


@pytest.mark.parametrize("decision", CLEARED)
def test_others_may_have_one(case, worker, file, decision):
    SafetyFactory(
        case=case, person=file.mother, complicity="suspected", decided_at="2026-01-01T09:00Z", review_on="2026-02-01"
    )
    SafetyFactory(case=case, person=file.mother, **decision)
    assert for_family(case, worker, recipient_person=file.mother).recipient_name == "Esi Tansley"


def test_who_left_the_childs_life_gets_none(case, worker):
    gone = PersonFactory(case=case, name="Gone", ended_at="2026-01-01T09:00Z")
    with pytest.raises(Refused, match=BARRED):
        for_family(case, worker, recipient_person=gone)
    with refused(worker, BARRED):
        raw_family_copy(case, worker, gone)


def test_a_person_of_another_file_gets_none(case, worker):
    stranger = PersonFactory()
    with pytest.raises(Refused, match=BARRED):
        for_family(case, worker, recipient_person=stranger)
    with refused(worker, BARRED):
        raw_family_copy(case, worker, stranger)


def test_somebody_who_may_not_see_complicity_is_refused_all_the_same(case, file):
    """The service cannot know; the database does."""
    without = person(Role.SOCIAL_WORKER)
    give(case, without, frozenset(Label) - {Label.COMPLICITY, Label.POLICE, Label.HEALTH})
    with acting_as(without.pk):
        assert not ContactSafetyDecision.objects.exists()
    with pytest.raises(Refused, match=BARRED):
        for_family(case, without, recipient_person=file.father)


HELD = [rule for rule, duty in DUTIES.items() if duty.family is not FamilyTold.JUDGEMENT]


@pytest.mark.parametrize("rule", HELD)
def test_nothing_reaches_family_until_a_manager_decides_about_a_hidden_report(case, worker, file, rule):
    with seeding():
        report = MandatoryReport.objects.create(
            case=case, rule_id=rule, trigger="x", discovered_by=worker, discovered_at="2026-11-20T09:00Z",
            author=worker, agency=agency(),
        )  # fmt: skip
    with pytest.raises(Refused, match=BARRED):
        for_family(case, worker, recipient_person=file.mother)
    with refused(worker, BARRED):
        raw_family_copy(case, worker, file.mother)
    manager = person(Role.TEAM_MANAGER)
    give(case, manager)
    decide_family_told(report, by=manager, version=report.version, because="Police and the CPM advise that it is safe.")
    assert for_family(case, worker, recipient_person=file.mother)


def test_the_name_of_a_person_of_the_file_does_not_pass_as_a_professional(case, worker):
    with pytest.raises(Refused, match="family copy"):
        for_professional(case, worker, recipient_name="  dale   ZQFATHER ")


# Texts of a family copy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nan, and Dale at the weekend", "names somebody"),
        ("my friend zqfriend", "names somebody"),
        ("Nan, 5 Zqfatherhouse Road", "names somebody"),
        ("Stay away from Marlon Briggs", "names somebody"),
        ("Police say that the flat above the shop is used", "repeats a passage"),
    ],
)
def test_a_family_copy_names_no_other_child_no_excluded_adult_and_no_exploiter(case, worker, file, text, words):
    with seeding():
        SafetyPlan.objects.filter(pk=file.safety_plan.pk).update(trusted_people=text)
        risk = file.safety_plan.risks.filter(removed_at=None)
        risk.update(
            from_whom="Marlon Briggs (24)", what="Police say that the flat above the shop is used for storing drugs"
        )
    with pytest.raises(Refused, match=words):
        for_family(case, worker)


@pytest.mark.parametrize(
    "text", ["I will call Nan. Mum, Esi Tansley", "Maya’s gran", "The flat above the shop is scary"]
)
def test_ordinary_words_are_no_names(case, worker, file, text):
    PersonFactory(case=case, name="Will Other", is_adult=False)
    with seeding():
        SafetyPlan.objects.filter(pk=file.safety_plan.pk).update(trusted_people=text)
    assert for_family(case, worker)


def test_an_action_that_names_an_excluded_adult_is_not_put_in(case, worker, file):
    with seeding():
        type(file.items["own"]).objects.filter(pk=file.items["own"].pk).update(title="Keep Dale away")
    assert for_family(case, worker)
    with pytest.raises(Refused, match="names somebody"):
        for_family(case, worker, items=[file.items["own"].pk])


# Partners and professionals


def test_a_partner_copy_is_for_a_team_that_holds_the_file(case, worker, officer):
    team = team_of(officer)
    with pytest.raises(Refused, match="does not hold this file"):
        for_team(case, worker, team)
    give(case, team, {Label.PLAN}, since=timedelta(days=9), until=timedelta(days=-1))
    with pytest.raises(Refused, match="does not hold this file"):
        for_team(case, worker, team)
    with refused(worker, "does not hold the file"):
        decision = DisclosureDecision.objects.create(
            case=case, labels=["core"], recipient="x", purpose="x", lawful_basis="public_task", necessity="x",
            agreement="agreed", method="x", decided_by=worker,
        )  # fmt: skip
        Copy.objects.create(
            case=case, kind="partner", number=9, recipient_name="x", recipient_team=team, agency=team.agency,
            plan_version=3, author=worker, disclosure=decision,
        )  # fmt: skip


def test_each_kind_of_copy_is_for_its_kind_of_team(case, worker, police):
    give(case, team_of(worker))
    with pytest.raises(Refused, match="another agency"):
        for_team(case, worker, team_of(worker))
    with pytest.raises(Refused, match="partner copy"):
        for_professional(case, worker, recipient_team=police)
    assert for_professional(case, worker, recipient_team=team_of(worker)).agency is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"recipient_name": "  "}, "by name"),
        ({"purpose": " "}, "what the copy is for"),
        ({"necessity": ""}, "why this person needs it"),
        ({"kind": "other"}, "what kind"),
    ],
)
def test_what_is_missing_is_said(case, worker, wrong, words):
    with pytest.raises(Refused, match=words):
        for_professional(case, worker, **wrong)


def test_no_family_copy_while_paper_is_not_safe(case, worker):
    with pytest.raises(Refused, match="not safe"):
        for_family(case, worker, safe_to_tell_family=False)


def test_there_must_be_a_plan_in_force(case, worker, file):
    with seeding():
        SafetyPlan.objects.filter(pk=file.safety_plan.pk).update(state="replaced")
    with pytest.raises(Refused, match="no safety plan in force"):
        for_family(case, worker)
    assert for_professional(case, worker)


def test_a_file_without_any_plan_has_nothing_to_copy(worker):
    case = child_on_file().case
    give(case, worker)
    with pytest.raises(Refused, match="no plan to copy"):
        for_professional(case, worker)


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER, Role.REVIEWING_OFFICER])
def test_those_who_may_make_copies(case, role):
    assert for_family(case, holding(case, role)).state == "waiting"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.POLICE_OFFICER, Role.HEALTH_PRACTITIONER, Role.VOLUNTARY_WORKER])
def test_nobody_else_makes_one(case, role):
    with pytest.raises(NotAllowed):
        for_family(case, holding(case, role))


# What the database refuses by itself


def test_nobody_asks_in_anothers_name(case, worker, file):
    manager = holding(case, Role.TEAM_MANAGER)
    with acting_as(worker.pk):
        decision = for_family(case, worker).disclosure
    with refused(manager, "one file"):
        Copy.objects.create(
            case=case,
            kind="family",
            number=5,
            recipient_name="Maya",
            plan_version=3,
            author=manager,
            disclosure=decision,
        )
    with refused(manager, BY_A_POLICY):
        execute(
            "INSERT INTO plans_copy (case_id, kind, number, state, recipient_name, plan_version, items, author_id,"
            " asked_at, tries, sha256, problem, disclosure_id)"
            " SELECT case_id, 'family', 7, 'waiting', 'x', 3, '{}', %s, now(), 0, '', '', id"
            " FROM access_disclosuredecision WHERE id = %s AND decided_by_id = %s",
            worker.pk, decision.pk, worker.pk,
        )  # fmt: skip


@pytest.mark.parametrize(
    "column", ["recipient_name", "number", "kind", "plan_version", "tries", "taken_at", "asked_at"]
)
def test_what_was_asked_for_is_never_changed(case, worker, column):
    copy = for_family(case, worker)
    with refused(worker, BY_A_PRIVILEGE):
        execute(f"UPDATE plans_copy SET {column} = {column} WHERE id = %s", copy.pk)
    with connection.cursor() as cursor, pytest.raises(Exception, match="never changed"), seeding():
        cursor.execute("UPDATE plans_copy SET recipient_name = 'Dale' WHERE id = %s", [copy.pk])


def test_the_hash_is_of_the_bytes_and_a_made_copy_is_frozen(case, worker):
    copy = for_family(case, worker)
    made = (
        "UPDATE plans_copy SET state = 'ready', pdf = 'x'::bytea, made_at = now(), content = '{}', sha256 = %s"
        " WHERE id = %s"
    )
    with refused(worker, "copy_sha256_is_of_its_bytes"):
        execute(made, "0" * 64, copy.pk)
    with acting_as(worker.pk):
        right = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of one letter x
        assert execute(made, right, copy.pk) == 1
        assert execute(made, right, copy.pk) == 0
    with connection.cursor() as cursor, pytest.raises(Exception, match="never changed"), seeding():
        cursor.execute("UPDATE plans_copy SET problem = 'x' WHERE id = %s", [copy.pk])


def test_only_who_asked_puts_in_what_was_made(case, worker):
    copy = for_family(case, worker)
    with acting_as(holding(case, Role.TEAM_MANAGER).pk):
        assert execute("UPDATE plans_copy SET state = 'failed', problem = 'x' WHERE id = %s", copy.pk) == 0


# Nothing stale


def test_a_copy_of_a_plan_that_changed_meanwhile_is_not_made(case, worker, file):
    copy = for_family(case, worker)
    with seeding():
        ServicePlan.objects.filter(pk=file.plan.pk).update(version=4)
    with acting_as(worker.pk), pytest.raises(Refused, match=CHANGED):
        sheet_of(copy, worker)


def test_the_same_plan_says_the_same_each_time(case, worker, file):
    with acting_as(worker.pk):
        copies = [new_copy(case, worker, kind="professional", recipient_name="A") for _ in range(2)]
        first, second = (sheet_of(copy, worker).as_data() for copy in copies)
    assert first == second
    assert canary("safety child_words") in str(first)
