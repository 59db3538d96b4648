"""Clocks on a file: started once, stopped in time or late, by what the rules of the offer say."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from access.actions import NoDoorOpen, case_action
from access.roles import Action
from accounts.roles import Role
from deadlines.models import Deadline
from deadlines.services import drop_clock, start_clock, stop_clock
from tests.database import seeding
from tests.factories import CaseFileFactory, give, person

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2026, 12, 21, 10, 15, tzinfo=UTC)


@case_action(Action.ADD_NOTE)
def _doing(case, *, by, what, **given):
    return what(case, by=by, **given)


@pytest.fixture
def worker():
    return person(Role.SOCIAL_WORKER)


@pytest.fixture
def case(worker):
    case = CaseFileFactory()
    give(case, worker)
    return case


def test_a_clock_keeps_its_rule_its_event_and_its_limits(case, worker):
    clock = _doing(case, by=worker, what=start_clock, rule_id="TS-03", started_at=RECEIVED)
    assert (clock.limit_on, clock.rule_version, clock.binding) == (date(2027, 2, 25), "1", True)
    assert clock.limit_at.astimezone(UTC) == datetime(2027, 2, 25, 23, 59, 59, tzinfo=UTC)


def test_a_limit_in_hours_is_a_moment(case, worker):
    clock = _doing(case, by=worker, what=start_clock, rule_id="TS-02", started_at=RECEIVED)
    assert (clock.limit_on, clock.limit_at) == (None, datetime(2026, 12, 23, 10, 15, tzinfo=UTC))


def test_a_clock_that_runs_goes_on(case, worker):
    first = _doing(case, by=worker, what=start_clock, rule_id="TG-EVENT", started_at=RECEIVED)
    later = _doing(case, by=worker, what=start_clock, rule_id="TG-EVENT", started_at=RECEIVED.replace(day=22))
    assert later == first


@pytest.mark.parametrize(("day", "state"), [(22, "met"), (24, "late")])
def test_what_was_waited_for_is_done_in_time_or_late(case, worker, day, state):
    _doing(case, by=worker, what=start_clock, rule_id="TS-01", started_at=RECEIVED)
    done = _doing(case, by=worker, what=stop_clock, rule_id="TS-01", done_at=RECEIVED.replace(day=day))
    assert done.state == state


def test_a_clock_that_is_not_needed_ends_with_a_reason(case, worker):
    _doing(case, by=worker, what=start_clock, rule_id="TS-01", started_at=RECEIVED)
    ended = _doing(case, by=worker, what=drop_clock, rule_id="TS-01", reason="Screened out")
    assert (ended.state, ended.end_reason) == ("ended", "Screened out")
    assert _doing(case, by=worker, what=stop_clock, rule_id="TS-01") is None


def test_no_clock_starts_outside_an_action_on_its_file(case, worker):
    with pytest.raises(NoDoorOpen):
        start_clock(case, by=worker, rule_id="TS-01", started_at=RECEIVED)


def test_the_database_keeps_one_open_clock_of_a_kind(case, worker):
    clock = _doing(case, by=worker, what=start_clock, rule_id="TS-01", started_at=RECEIVED)
    clock.pk = None
    with seeding(), pytest.raises(IntegrityError, match="deadline_open_once"), transaction.atomic():
        Deadline.objects.bulk_create([clock])
