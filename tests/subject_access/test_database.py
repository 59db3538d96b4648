"""What the database itself refuses of a request to see the record, whatever the program says."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import DisclosureDecision
from access.parts import SOCIAL_CARE_LABELS, Label
from access.principal import acting_as
from accounts.roles import Role
from plans.models import Copy
from subject_access.models import PassageDecision, SubjectAccessRequest
from subject_access.services import end_request, give_record
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, refused
from tests.children.factories import SafetyFactory
from tests.database import seeding
from tests.factories import CaseFileFactory, MembershipFactory, give, person, team_of
from tests.signed_in import sign_in
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


@pytest.mark.parametrize("before", [False, True])
def test_an_answer_that_was_not_put_to_a_second_person_is_not_given(case, worker, manager, before):
    """Nor where whoever prepares it wrote down beforehand that they had."""
    first, asked = prepared(case, worker), request_of(case, worker)
    with acting_as(manager.pk):
        copy = record_copy(first.case, manager)
    by_whom = {"prepared_by": worker, "prepared_at": timezone.now()}
    if before:
        with acting_as(worker.pk):
            change(asked, **by_whom)
    with refused(manager, "given by a second person"):
        change(asked, **given_by(manager, copy), **({} if before else by_whom))


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


# Each term of these rules by itself


def given_by(manager, copy=None, **about):
    facts = {"state": "given", "decided_by": manager, "decided_at": timezone.now(), "answer": "x", "given_as": copy}
    return facts | about


def test_an_answer_is_not_given_as_a_copy_of_another_file(case, worker, manager):
    other = CaseFileFactory()
    give(other, team_of(worker))
    asked = prepared(case, worker)
    prepared(other, worker)
    with acting_as(manager.pk):
        copy = record_copy(other, manager)
    with refused(manager, "a copy of this record"):
        change(asked, **given_by(manager, copy))


def test_an_answer_is_not_given_as_a_copy_of_something_else(case, worker, manager):
    asked = prepared(case, worker)
    with acting_as(manager.pk):
        copy = record_copy(case, manager)
    with seeding():
        plain = Copy.objects.get(pk=copy.pk)
        disclosure = DisclosureDecision.objects.get(pk=plain.disclosure_id)
        disclosure.pk = None
        disclosure.save(force_insert=True)
        plain.pk, plain.kind, plain.number, plain.disclosure = None, "professional", 98, disclosure
        plain.save(force_insert=True)
    with refused(manager, "a copy of this record"):
        change(asked, **given_by(manager, plain))


def test_an_answer_is_given_as_it_was_put_to_the_second_person(case, worker, manager):
    asked, other = prepared(case, worker), person(Role.SOCIAL_WORKER, team_of(worker))
    with acting_as(manager.pk):
        copy = record_copy(case, manager)
    with refused(manager, "as it was put to them"):
        change(asked, **given_by(manager, copy, prepared_by=other))


def test_a_record_is_not_given_twice_on_one_answer(case, worker, manager):
    give_record(prepared(case, worker), by=manager, answer="In person")
    with refused(manager, BY_A_POLICY):
        record_copy(case, manager)


def test_another_social_worker_makes_no_copy_of_the_record(case, worker):
    prepared(case, worker)
    with refused(other := person(Role.SOCIAL_WORKER, team_of(worker)), BY_A_POLICY):
        record_copy(case, other)


def test_whoever_prepared_it_makes_no_copy_of_the_record_with_any_role(case, worker):
    MembershipFactory(user=worker, team=team_of(worker), role=Role.TEAM_MANAGER)
    prepared(case, worker)
    with refused(worker, BY_A_POLICY):
        record_copy(case, worker)


def test_no_copy_of_the_record_is_made_for_a_parent_who_is_complicit(case, worker, manager, mother):
    prepared(case, worker, asker="parent", asker_name="Rita Thorne", person=mother)
    SafetyFactory(case=case, person=mother, complicity="suspected")
    with refused(manager, BY_A_POLICY):
        record_copy(case, manager)


def ask(case, by, **about):
    facts = {"asker": "child", "asker_name": "x", "how_known": "x", "received_on": timezone.localdate()}
    SubjectAccessRequest.objects.create(**{**facts, "case": case, "recorded_by": by, **about})


def test_a_request_begins_as_its_author_records_it(case, worker, manager):
    prepared_at = {"prepared_by": worker, "prepared_at": timezone.now()}
    for by, about in (
        (worker, {"recorded_by": manager}), (worker, {"state": "prepared"}), (worker, prepared_at), (manager, {}),
    ):  # fmt: skip
        with refused(by, BY_A_POLICY):
            ask(case, by, **about)


def test_an_answer_is_put_to_a_reader_by_who_prepares_in_their_own_name(case, worker, manager):
    asked = request_of(case, worker)
    for by, named in ((manager, manager), (manager, worker), (worker, manager)):
        with refused(by, BY_A_POLICY):
            change(asked, state="prepared", prepared_by=named, prepared_at=timezone.now())


def test_a_request_is_ended_by_who_may_give_in_their_own_name(case, worker, manager):
    asked = request_of(case, worker)
    for by, named in ((worker, worker), (manager, worker)):
        with refused(by, BY_A_POLICY):
            change(asked, state="refused", decided_by=named, decided_at=timezone.now(), answer="x")


def test_nobody_changes_what_another_decided_but_in_their_own_name_and_as_who_prepares(case, worker, manager):
    asked = request_of(case, worker)
    with acting_as(worker.pk):
        decide(asked, worker)
    for by, named in ((manager, manager), (worker, manager)):
        with refused(by, BY_A_POLICY):
            PassageDecision.objects.filter(request=asked).update(decided_by=named)


def test_a_copy_of_the_plan_says_nothing_before_it_is_made(case, worker):
    decision = DisclosureDecision(
        case=case, labels=["core"], recipient="x", purpose="x", lawful_basis="public_task", necessity="x",
        agreement="agreed", method="x", decided_by=worker,
    )  # fmt: skip
    with refused(worker, BY_A_POLICY):
        decision.save()
        Copy.objects.create(
            case=case, kind="professional", number=99, recipient_name="x", plan_version=0, author=worker,
            disclosure=decision, content={"title": "x"},
        )  # fmt: skip


def test_a_copy_of_the_record_is_read_by_who_may_read_the_confidential_address(case, worker, manager):
    """It holds it: casework, which other copies ask for, is not enough. By the pages and by the database."""
    given = give_record(prepared(case, worker), by=manager, answer="In person")
    colleague = person(Role.SOCIAL_WORKER)
    give(case, colleague, set(SOCIAL_CARE_LABELS) - {Label.LOCKED_LOCATION})
    for name, send in (("print_copy", "get"), ("download_copy", "post")):
        for who, status in ((colleague, {404}), (manager, {200, 404} if name == "download_copy" else {200})):
            address = reverse(name, args=[case.pk, given.given_as_id])
            assert getattr(sign_in(Client(), who), send)(address).status_code in status
    with acting_as(colleague.pk):
        assert not Copy.objects.filter(pk=given.given_as_id).exists()
    with acting_as(manager.pk):
        assert Copy.objects.filter(pk=given.given_as_id).exists()
