"""What is only ever part of an action on a file has no door of its own."""

import pytest

from access.actions import NoDoorOpen, case_action, part_of_action
from access.roles import Action
from accounts.roles import Role
from tests.factories import CaseFileFactory, give, person

pytestmark = pytest.mark.django_db


@part_of_action
def _inner(case, *, by):
    return case.pk


@case_action(Action.ADD_NOTE)
def _outer(case, *, by, other=None):
    return _inner(other or case, by=by)


@pytest.fixture
def worker():
    return person(Role.SOCIAL_WORKER)


@pytest.fixture
def case(worker):
    case = CaseFileFactory()
    give(case, worker)
    return case


def test_it_runs_inside_an_action_on_the_same_file(case, worker):
    assert _outer(case, by=worker) == case.pk


def test_it_does_not_run_by_itself(case, worker):
    with pytest.raises(NoDoorOpen):
        _inner(case, by=worker)


def test_it_does_not_run_for_another_file(case, worker):
    with pytest.raises(NoDoorOpen):
        _outer(case, by=worker, other=CaseFileFactory())
    with pytest.raises(NoDoorOpen):
        _inner(case, by=worker)
