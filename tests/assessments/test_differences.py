"""What differs between two assessments of a child is told item by item, and only to who may read both."""

import re
from datetime import date

import pytest

from access.principal import acting_as
from accounts.roles import Role
from assessments.content import Content, read_together
from assessments.differences import differences
from assessments.models import Assessment
from offer.exploitation_types import ExploitationType
from tests.assessments.making import work
from tests.assessments.test_pages import address
from tests.cre_case.makers import queries
from tests.database import seeding
from tests.factories import give, person

pytestmark = pytest.mark.django_db
CSE = ExploitationType.CSE
CODE = re.compile(r"(?<=^[A-Z]\d\d) .*")  # of an item the code is enough


@pytest.fixture
def child():
    return work(born=date(2011, 6, 14))


@pytest.fixture
def two(child) -> tuple[Assessment, Assessment]:
    """One that was submitted, and a later one that is being written."""
    why = {"difference_reason": "What her aunt says."}
    first = child.propose("medium", {"B02": "current", "F02": "suspected"}, **why).assessment
    return first, child.assess({"B02": "historic", "D01": "current"})


def told(child, one: Assessment, other: Assessment) -> dict[str, tuple[str, str]]:
    with acting_as(child.worker.pk):
        then, now = Content(Assessment.objects.get(pk=one.pk)), Content(Assessment.objects.get(pk=other.pk))
        read_together(then, now)
        found = differences(then, now)
    return {CODE.sub("", one.what): (one.before, one.after) for one in found}


def test_each_answer_that_is_not_the_same_is_named_with_both(child, two):
    found = told(child, *two)
    assert set(found) == {"B02", "D01", "F02"}
    answers = {code: tuple(side.partition(":")[0] for side in sides) for code, sides in found.items()}
    assert answers == {
        "B02": ("Present now", "In the past"),
        "D01": ("Not present", "Present now"),
        "F02": ("Suspected", "Not present"),
    }


def test_an_assessment_is_the_same_as_itself(child, two):
    assert told(child, two[0], two[0]) == {}


def test_every_part_is_compared(child, two):
    first, second = two
    words = {
        "child_words": "Something else", "worried_about": "More", "working_well": "Less", "would_make_worse": "Moving",
        "not_known_yet": "All", "threshold_level": "intensive", "people_and_places": "A garage",
        "sources_used": "Police", "agencies_consulted": "School",
    }  # fmt: skip
    with seeding():
        Assessment.objects.filter(pk=second.pk).update(**words)
        second.types.filter(type=CSE.name.lower()).update(status="suspected", evidence="Messages")
        second.protective.update(strength="absent", evidence="She moved")
    found = told(child, first, second)
    everything = " ".join(" ".join(pair) for pair in found.values())
    for word in (*words.values(), "Messages", "She moved"):
        assert word in everything, word


def test_reading_two_together_reads_the_same_as_each_by_itself(child, two):
    with acting_as(child.worker.pk):
        together, alone = Content(two[0]), Content(two[0])
        read_together(together, Content(two[1]))
        for name in ("answers", "protective", "types", "carer_views"):
            assert getattr(together, name) == getattr(alone, name), name
        assert together.answers


def test_the_page_compares_with_the_one_before_unless_another_is_chosen(child, two, client_for):
    client, (first, second) = client_for(child.worker), two
    page = client.get(address("compare_assessments", child, second.pk)).content.decode()
    assert "What is not named here is the same in both." in page
    assert "B02" in page
    assert "A02" not in page
    chosen = client.get(address("compare_assessments", child, second.pk) + f"?with={first.pk}").content.decode()
    rows = re.compile(r"<tbody.*?</tbody>", re.DOTALL)
    assert rows.findall(chosen) == rows.findall(page)
    nothing_before = client.get(address("compare_assessments", child, first.pk)).content.decode()
    assert "There is no earlier assessment of this child" in nothing_before
    assert f"?with={second.pk}" in nothing_before


@pytest.mark.parametrize("wanted", ["0", "x", "", "-1", "999999999999999999999"])
def test_what_is_no_assessment_of_this_child_is_not_found(child, two, client_for, wanted):
    client, elsewhere = client_for(child.worker), work()
    hidden = elsewhere.propose("medium", {"B02": "current"}).assessment
    page = address("compare_assessments", child, two[1].pk)
    assert client.get(f"{page}?with={wanted}").status_code == 404
    assert client.get(f"{page}?with={hidden.pk}").status_code == 404
    give(elsewhere.case, child.worker)
    assert client.get(f"{page}?with={hidden.pk}").status_code == 404, "of another child"


def test_early_help_compares_its_own_and_finds_no_other(child, two, client_for):
    family_support = person(Role.EARLY_HELP)
    give(child.case, family_support)
    assert client_for(family_support).get(address("compare_assessments", child, two[1].pk)).status_code == 404


def test_two_long_assessments_are_compared_in_few_queries(child, two, client_for):
    assert queries(client_for(child.worker), address("compare_assessments", child, two[1].pk)) <= 15


def test_an_answer_with_new_evidence_is_a_difference(child, two):
    first, second = two
    with seeding():
        second.answers.filter(item__code="F02").update(answer="suspected", evidence="Again", source="police")
    found = told(child, first, second)["F02"]
    assert found[0] != found[1]
    assert found[1].endswith("Again")


def test_what_a_draft_does_not_say_yet_is_no_difference(child, two, client_for):
    _, draft = two
    with seeding():
        Assessment.objects.filter(pk=draft.pk).update(voice="", child_words="", worried_about="")
    found = told(child, *two)
    assert set(found) == {"B02", "D01", "F02"}
    page = client_for(child.worker).get(address("compare_assessments", child, draft.pk)).content.decode()
    assert "One of the two is not finished: what it does not say yet is left out." in page
