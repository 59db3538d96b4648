"""What the database itself refuses of a request to see the record, whatever the program says."""

import pytest
from django.db import connection
from django.utils import timezone

from access.models import DisclosureDecision
from access.principal import acting_as
from plans.models import Copy
from subject_access.models import PassageDecision, SubjectAccessRequest
from subject_access.services import end_request, give_record
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, refused
from tests.factories import CaseFileFactory, give, team_of
from tests.subject_access.making import prepared, request_of

pytestmark = pytest.mark.django_db


def decide(asked, by, **about):
    facts = {
        "case": asked.case, "request": asked, "source": "children.casenote:1", "title": "Note", "digest": "0" * 64,
        "given": True, "decided_by": by, "decided_at": timezone.now(), **about,
    }  # fmt: skip
    PassageDecision.objects.create(**facts)


def record_copy(case, by):
    decision = DisclosureDecision.objects.create(
        case=case, labels=["core"], recipient="x", purpose="x", lawful_basis="public_task", necessity="x",
        agreement="agreed", method="x", decided_by=by,
    )  # fmt: skip
    return Copy.objects.create(
        case=case, kind="record", number=99, recipient_name="x", plan_version=0, author=by, disclosure=decision,
        content={"title": "x"},
    )  # fmt: skip


def change(asked, **changes):
    SubjectAccessRequest.objects.filter(pk=asked.pk).update(**changes)


def test_a_manager_decides_on_no_passage(case, worker, manager):
    asked = request_of(case, worker)
    with refused(manager, BY_A_POLICY):
        decide(asked, manager)


def test_nobody_decides_in_anothers_name(case, worker, manager):
    asked = request_of(case, worker)
    with refused(worker, BY_A_POLICY):
        decide(asked, manager)


def test_nothing_is_decided_while_a_second_person_reads(case, worker):
    asked = prepared(case, worker)
    with refused(worker, "while the answer of this very file is being prepared"):
        decide(asked, worker)


def test_a_decision_is_of_the_file_of_its_request(case, worker):
    asked = request_of(case, worker)
    other = CaseFileFactory()
    give(other, team_of(worker))
    with refused(worker, "of this very file"):
        decide(asked, worker, case=other)


def test_child_abuse_data_is_no_ground_where_the_child_asks(case, worker):
    asked = request_of(case, worker)
    with refused(worker, "being prepared"):
        decide(asked, worker, given=False, ground="child_abuse")


@pytest.mark.parametrize(
    "about",
    [
        {"given": False},
        {"given": True, "ground": "crime"},
        {"given": True, "kept_back": [[0, 4]]},
        {"given": False, "kept_back": [[0, 4]], "ground": "crime"},
    ],
)
def test_words_are_kept_back_on_a_ground_and_only_then(case, worker, about):
    asked = request_of(case, worker)
    with refused(worker, "passage_kept_back_on_a_ground"):
        decide(asked, worker, **about)


def test_no_copy_of_the_record_is_made_without_a_prepared_answer(case, worker, manager):
    request_of(case, worker)
    with refused(manager, BY_A_POLICY):
        record_copy(case, manager)


def test_no_copy_of_the_record_is_made_by_whoever_may_not_give_it(case, worker):
    prepared(case, worker)
    with refused(worker, BY_A_POLICY):
        record_copy(case, worker)


def test_an_answer_is_given_as_a_copy_of_this_record_by_who_asked_for_it(case, worker, manager):
    asked = prepared(case, worker)
    given = {"state": "given", "decided_by": manager, "decided_at": timezone.now(), "answer": "x"}
    with refused(manager, "asked for by whoever gives it"):
        change(asked, **given, given_as=None)
    with acting_as(manager.pk):
        copy = record_copy(case, manager)
    with refused(worker, "asked for by whoever gives it"):
        change(asked, **{**given, "decided_by": worker}, given_as=copy)


def test_an_answer_that_was_not_put_to_a_second_person_is_not_given(case, worker, manager):
    first, asked = prepared(case, worker), request_of(case, worker)
    with acting_as(manager.pk):
        copy = record_copy(first.case, manager)
    given = {"state": "given", "decided_by": manager, "decided_at": timezone.now(), "answer": "x", "given_as": copy}
    with refused(manager, "given by a second person"):
        change(asked, **given, prepared_by=worker, prepared_at=timezone.now())


@pytest.mark.parametrize("changes", [{"asker": "representative"}, {"asker_name": "Somebody else"}])
def test_what_was_asked_is_never_changed(case, worker, changes):
    asked = request_of(case, worker)
    with refused(worker, "never changed"):
        change(asked, **changes)


def test_what_has_ended_is_never_changed(case, worker, manager):
    asked = request_of(case, worker)
    end_request(asked, by=manager, outcome="withdrawn", answer="She rang")
    with refused(manager, "never changed"):
        change(asked, answer="Something else")


def test_what_a_copy_of_the_record_says_is_never_changed(case, worker, manager):
    given = give_record(prepared(case, worker), by=manager, answer="In person")
    with refused(manager, "What a copy says is never changed"):
        Copy.objects.filter(pk=given.given_as_id).update(content={"title": "other"})


@pytest.mark.parametrize("table", ["subject_access_subjectaccessrequest", "subject_access_passagedecision"])
def test_nothing_is_deleted(case, worker, table):
    request_of(case, worker)
    with refused(worker, BY_A_PRIVILEGE), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
