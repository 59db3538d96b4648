"""Words of one family, or of the police, pasted into what another family is given: found by eight words in a row."""

import random
from collections import defaultdict

import pytest

from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import AgencyKind
from plans.copies.family import LONGEST_REPEAT, repeated
from plans.copies.passages import written_for_professionals
from plans.models import SafetyPlan
from tests.children.factories import ContactFactory, NoteFactory, child_on_file
from tests.database import seeding
from tests.factories import CaseFileFactory, agency, give
from tests.matrix import assessments, duties, meetings, plans, referrals
from tests.plans.copies.test_asking import for_family

pytestmark = pytest.mark.django_db

PASSAGE = "officers saw the two brothers outside the garage in a silver van"
EVERYDAY = (
    "you can ring me on any day and I will call back if you do not feel safe tell your nan or go home by bus after "
    "school we will meet at the library when it is dark wait for mum inside the shop take your phone with you"
)
PASTED = "Remember what we said. Officers saw the two brothers outside the garage, in a silver van!"


@pytest.fixture
def other(worker):
    """Another child's file, which the same worker holds."""
    case = CaseFileFactory(opened_by=worker)
    child_on_file(case)
    give(case, worker)
    return case


def paste(file, text=PASTED):
    with seeding():
        SafetyPlan.objects.filter(pk=file.safety_plan.pk).update(if_missing=text)


def write_with(package, case, by):
    with seeding():
        package.fill(case, defaultdict(lambda: PASSAGE), by, agency(AgencyKind.COUNCIL))


@pytest.mark.parametrize("package", [assessments, duties, meetings, plans, referrals])
def test_what_stands_in_another_file_is_found_wherever_it_was_written(case, worker, file, other, package):
    write_with(package, other, worker)
    assert for_family(case, worker)
    paste(file)
    with pytest.raises(Refused, match="repeats a passage that is not for the family"):
        for_family(case, worker)


@pytest.mark.parametrize("which", ["this file", "another"])
@pytest.mark.parametrize("write", [
    lambda case, by: NoteFactory(case=case, author=by, text=f"Strategy discussion. {PASSAGE}."),
    lambda case, by: ContactFactory(case=case, recorded_by=by, details=f"{PASSAGE}, the caller says"),
])  # fmt: skip
def test_notes_and_contacts_of_any_file_that_may_be_opened(case, worker, file, other, write, which):
    write(case if which == "this file" else other, worker)
    paste(file)
    with pytest.raises(Refused, match="repeats a passage"):
        for_family(case, worker)


def test_nothing_is_told_of_a_file_that_may_not_be_opened(case, worker, file):
    """A refusal would say that the words stand in a file that is hidden."""
    hidden = CaseFileFactory()
    NoteFactory(case=hidden, text=PASSAGE)
    paste(file)
    assert for_family(case, worker)


def test_what_a_child_said_may_be_said_again(case, worker, file):
    words = "I want to go to the allotment with Grandad on Sunday mornings"
    NoteFactory(case=case, author=worker, text="A visit", child_words=words)
    paste(file, words)
    assert for_family(case, worker)


def test_seven_words_in_a_row_are_chance_and_eight_are_not():
    words = PASSAGE.split()
    for length in range(len(words)):
        found = repeated({"Ring " + " ".join(words[:length]): "Tonight"}, [PASSAGE])
        assert bool(found) == (length > LONGEST_REPEAT)


def test_one_question_for_each_kind_of_record_however_many_there_are(case, worker, other, django_assert_num_queries):
    for _ in range(3):
        NoteFactory(case=other, author=worker, text=PASSAGE)
    with acting_as(worker.pk):
        list(written_for_professionals(worker))  # what is asked once and then kept
        with django_assert_num_queries(15):
            assert list(written_for_professionals(worker)).count(PASSAGE) == 3


def test_of_two_hundred_clean_texts_none_is_stopped_and_of_two_hundred_pasted_all_are():
    """Texts of the same everyday words: what two of them share by chance is shorter than a passage."""
    everyday = tuple(EVERYDAY.split())
    chance = random.Random(1)
    withheld = [" ".join(chance.choices(everyday, k=80)) for _ in range(200)]
    clean = [" ".join(chance.choices(everyday, k=40)) for _ in range(200)]
    assert sum(bool(repeated({text: "Tonight"}, withheld)) for text in clean) == 0
    pasted = [f"{text} {' '.join(source.split()[30:38])}" for text, source in zip(clean, withheld, strict=True)]
    assert sum(bool(repeated({text: "Tonight"}, withheld)) for text in pasted) == 200
