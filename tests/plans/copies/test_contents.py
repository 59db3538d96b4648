"""What stands in each kind of copy: a word of its own in each field of the file, hunted through the data and the HTML.

The hunt is done where nothing can hide: in the data that is kept and in the whole document that the PDF is laid out
from. That the PDF says nothing besides is in test_making: its text comes from that document alone.
"""

import json
from dataclasses import fields

import pytest

from access.parts import Label
from access.principal import acting_as
from accounts.roles import Role
from children.models import Child
from plans.copies.contents import new_copy, sheet_of
from plans.copies.family import KEPT, PROMISES
from plans.copies.rendering import document
from plans.copies.selectors import Material
from plans.models import SafetyPlan
from tests.database import seeding
from tests.factories import give, person, team_of
from tests.plans.copies.world import RISK_TEXTS, SAFETY_TEXTS, TRIGGER_TEXTS, canary, item

pytestmark = pytest.mark.django_db

EVERYWHERE = {canary(f"safety {name}") for name in SAFETY_TEXTS}
RISK = {canary(f"risk {name}") for name in RISK_TEXTS}
TRIGGER = {canary(f"trigger {name}") for name in TRIGGER_TEXTS}
NEVER = {
    canary(name) for name in (
        "home address", "locked address", "mother address", "complicity", "note", "report", "draft", "removed risk",
        "set aside", "ended action", "end reason", "measure", "agreed at", "plan child says", "plan parents say",
        "co ordinator", "trigger officer",
    )
} | {"Zqfather", "Zqfriend", "Zqfatherhouse", "960111", "960999"}  # fmt: skip
FAMILY_WORDS = {
    canary(f"safety {name}") for name in ("child_words", "safe_places", "trusted_people", "whom_to_ring", "if_missing")
}
HIDDEN_SAFETY = EVERYWHERE - FAMILY_WORDS - {canary("safety signal_word")}
TIER_WORDS = ("High", "Medium", "Low", "tier")


def said(file, **about) -> str:
    """Everything a copy says: the data kept of it and the document it is laid out from."""
    with acting_as(file.worker.pk):
        data = sheet_of(new_copy(file.case, file.worker, **about), file.worker).as_data()
    return json.dumps(data, ensure_ascii=False) + document(data)


def found(text: str, words) -> set[str]:
    return {word for word in words if word in text}


@pytest.fixture
def for_child(file):
    return said(file, kind="family")


@pytest.fixture
def for_mother(file):
    return said(file, kind="family", recipient_person=file.mother)


@pytest.fixture
def for_court(file):
    return said(file, kind="professional", recipient_name="HHJ Reed")


@pytest.fixture
def for_police(file, police):
    return said(file, kind="partner", recipient_name="PC Lane", recipient_team=police)


def test_the_words_that_are_hunted_stand_in_the_file(file):
    """A test of absence plants something that could be present."""
    with seeding():
        plan = SafetyPlan.objects.get(pk=file.safety_plan.pk)
        assert {getattr(plan, name) for name in SAFETY_TEXTS} == EVERYWHERE
    assert len(EVERYWHERE | RISK | TRIGGER | NEVER) > 40


def test_the_childs_copy_holds_what_it_should_and_no_more(file, for_child):
    assert found(for_child, FAMILY_WORDS | {canary("safety signal_word")}) == FAMILY_WORDS | {
        canary("safety signal_word")
    }
    withheld = HIDDEN_SAFETY | RISK | TRIGGER | NEVER | {
        canary("offer school"), canary("offer trigger"), canary("own action"), canary("partner action"),
        canary("owner"), "Tansley", file.case.reference, "OFFICIAL", "J. Okafor",
    }  # fmt: skip
    assert found(for_child, withheld) == set()
    assert found(for_child, TIER_WORDS) == set()
    assert PROMISES["L04"] in for_child
    assert PROMISES["M08"] not in for_child  # declined
    assert "When you are out" in for_child


def test_the_familys_copy_holds_no_code_word_and_nothing_withheld(file, for_mother):
    assert found(for_mother, FAMILY_WORDS) == FAMILY_WORDS
    withheld = HIDDEN_SAFETY | RISK | TRIGGER | NEVER | {
        canary("safety signal_word"), canary("offer school"), canary("offer trigger"), canary("own action"),
        canary("partner action"), canary("owner"), file.case.reference,
    }  # fmt: skip
    assert found(for_mother, withheld) == set()
    assert found(for_mother, TIER_WORDS) == set()


def test_a_chosen_action_is_named_by_its_title_and_nothing_else(file):
    text = said(file, kind="family", items=[file.items["own"].pk, file.items["police"].pk, file.items["ended"].pk])
    assert canary("own action") in text
    assert found(text, {canary("offer trigger"), canary("ended action"), canary("measure"), canary("owner")}) == set()


def test_actions_of_another_file_are_never_chosen(file, worker):
    from tests.plans.copies.world import planned_file

    other = planned_file(person(Role.SOCIAL_WORKER))
    give(other.case, worker)
    with acting_as(worker.pk):
        assert new_copy(file.case, worker, kind="family", items=[other.items["own"].pk]).items == []


@pytest.mark.parametrize("context", ["home", "peer", "adult"])
def test_risks_that_could_tell_whom_they_are_about_leave_no_trace(file, context):
    with seeding():
        file.safety_plan.risks.filter(removed_at=None).update(context=context)
    assert "Where we will help" not in said(file, kind="family")


def test_the_professionals_copy_holds_the_plan(file, for_court):
    wanted = RISK - {canary("risk source")} | {
        canary("own action"), canary("partner action"), canary("offer trigger"), canary("officer"),
        canary("safety child_words"), canary("safety whom_to_ring"), canary("safety tonight"),
        canary("trigger police_reference"), canary("trigger where_to_look"), "High", "J. Okafor, 01332 000000",
        file.case.reference, "OFFICIAL-SENSITIVE", "Maya Tansley", "call 999",
    }  # fmt: skip
    assert found(for_court, wanted) == wanted
    assert found(for_court, NEVER) == set()
    assert "Who has a copy" in for_court


def test_a_partners_copy_tells_its_own_actions_in_full_and_others_by_title(file, for_police):
    assert found(for_police, {canary("partner action"), canary("officer"), canary("own action")}) == {
        canary("partner action"), canary("officer"), canary("own action")
    }  # fmt: skip
    assert found(for_police, NEVER | {canary("owner")}) == set()
    assert "Actions of others" in for_police


def test_a_partner_that_holds_the_plan_alone_gets_nothing_of_the_safety_plan(file):
    volunteer = person(Role.VOLUNTARY_WORKER)
    team = team_of(volunteer)
    give(file.case, team, {Label.PLAN, Label.SAFETY, Label.CASEWORK, Label.NETWORK})  # more than such a team may hold
    text = said(file, kind="partner", recipient_name="Ms K", recipient_team=team)
    assert found(text, EVERYWHERE | RISK | TRIGGER | NEVER | {canary("officer")}) == set()
    assert found(text, {"High", canary("own action")}) == {"High", canary("own action")}


def test_a_partner_that_holds_only_the_file_gets_its_name_and_who_leads(file, police):
    team = team_of(person(Role.HEALTH_PRACTITIONER))
    give(file.case, team)
    with seeding():
        from access.models import CaseAccess

        CaseAccess.objects.filter(subject__team=team).update(labels=["core"])
    text = said(file, kind="partner", recipient_name="Dr B", recipient_team=team)
    assert found(text, EVERYWHERE | RISK | TRIGGER | NEVER | {canary("own action"), "High"}) == set()


def test_nobody_gets_more_than_who_asks_may_see(file, police):
    """The copy is built as whoever asks: without the safety label, not even a recipient who holds it gets it."""
    less = person(Role.SOCIAL_WORKER)
    give(file.case, less, frozenset(Label) - {Label.SAFETY, Label.POLICE, Label.HEALTH})
    with acting_as(less.pk):
        copy = new_copy(file.case, less, kind="partner", recipient_name="PC", recipient_team=police)
        text = document(sheet_of(copy, less).as_data())
    assert found(text, EVERYWHERE | RISK | TRIGGER) == set()


def test_another_childs_words_are_in_no_copy_of_this_one(file, for_court):
    from tests.plans.copies.world import planned_file

    other = planned_file(person(Role.SOCIAL_WORKER))
    with seeding():
        SafetyPlan.objects.filter(pk=other.safety_plan.pk).update(child_words="ZqotherChild")
    assert "ZqotherChild" not in said(file, kind="professional", recipient_name="X")


HOSTILE = [
    "<script>alert(1)</script>", "<img src=file:///etc/passwd>", '"><link rel=stylesheet href=http://a.invalid/x.css>',
    "<style>@import url(http://a.invalid)</style>", "{{ 1234 * 9 }}",
    "‮evil‬", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_text_and_nothing_else(file, text):
    with seeding():
        SafetyPlan.objects.filter(pk=file.safety_plan.pk).update(child_words=text)
        Child.objects.filter(case=file.case).update(known_as=text[:100])
    item(file, title=text, disposition="planned")
    with acting_as(file.worker.pk):
        copy = new_copy(file.case, file.worker, kind="professional", recipient_name=text)
        html = document(sheet_of(copy, file.worker).as_data())
    assert not found(html, {"<script", "<img", "<style", "@import url(http://a.invalid)<"})
    assert html.count("<link ") == 1
    assert "11106" not in html


def test_a_family_copy_is_made_of_few_kinds_of_record(file):
    """No address, note, person, decision or report is read for one: the material has no field for them."""
    names = {field.name for field in fields(Material)} | {name for name in vars(Material) if not name.startswith("_")}
    assert not names & {"addresses", "people", "notes", "decisions", "reports", "assessments"}
    assert "declined" not in KEPT
