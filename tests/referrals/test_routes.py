"""The escalation route (BR-04, ruling Q9): one open at a time, with its history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from deadlines.models import Deadline
from meetings.models import Meeting, StrategyOutcome
from referrals.escalation import services
from referrals.models import EscalationRoute
from referrals.selectors import route_objections
from tests.children.database import execute, refused
from tests.children.factories import ago, holding
from tests.database import rows, seeding
from tests.factories import lead

pytestmark = pytest.mark.django_db
Route = EscalationRoute.Route


def strategy(case, by, *, s47: bool) -> None:
    with seeding():
        meeting = Meeting.objects.create(
            case=case, kind="strategy", starts_at=timezone.now(), place="Video", chair_name="A Chair", author=by
        )
        StrategyOutcome.objects.create(
            case=case, meeting=meeting, s47_met=s47, enquiry="joint" if s47 else "", who_sees_child="A worker",
            immediate_safety="At home", reason="Heard", author=by,
        )  # fmt: skip


def written_clock(user) -> Deadline:
    with acting_as(user.pk):
        return Deadline.objects.select_related("owner").get(rule_id="TS-02")


def test_a_telephone_referral_must_be_confirmed_within_48_hours(case, worker):
    called = ago(hours=3)
    route = services.open_route(case, by=worker, route=Route.IRT, opened_at=called, by_telephone=True)
    clock = written_clock(worker)
    assert (clock.about, clock.limit_at, clock.owner) == (f"route:{route.pk}", called + timedelta(hours=48), worker)
    services.confirm_in_writing(route, by=worker, confirmed_at=timezone.now())
    assert written_clock(worker).state == Deadline.State.MET
    with pytest.raises(Refused, match="no telephone referral here"):
        services.confirm_in_writing(route, by=worker, confirmed_at=timezone.now())


def test_one_route_at_a_time_and_re_routing_keeps_the_first(case, worker):
    first = services.open_route(case, by=worker, route=Route.VCM_EHA, opened_at=ago(days=2))
    with pytest.raises(Refused, match="A route is open: Early Help Assessment"):
        services.open_route(case, by=worker, route=Route.IRT, opened_at=ago(days=1))
    with pytest.raises(Refused, match="Say why"):
        services.close_route(first, by=worker, reason=" ")
    services.close_route(first, by=worker, reason="The meeting passed the child on")
    services.open_route(case, by=worker, route=Route.IRT, opened_at=ago(days=1))
    with pytest.raises(Refused, match="already closed"):
        services.close_route(first, by=worker, reason="Again")
    found = "SELECT route, closed_at IS NULL, close_reason FROM referrals_escalationroute ORDER BY id"
    assert rows(found) == [("vcm_eha", False, "The meeting passed the child on"), ("irt", True, "")]


def test_a_closed_route_no_longer_waits_for_writing(case, worker):
    route = services.open_route(case, by=worker, route=Route.IRT, opened_at=ago(hours=1), by_telephone=True)
    services.close_route(route, by=worker, reason="Called the wrong team")
    assert written_clock(worker).state == Deadline.State.ENDED


def test_irt_is_not_offered_where_a_social_worker_is_allocated(case, worker):
    lead(case, worker)
    with pytest.raises(Refused, match="Jo Okafor is the allocated social worker"):
        services.open_route(case, by=worker, route=Route.IRT, opened_at=ago(hours=1))
    insert = "INSERT INTO referrals_escalationroute (case_id, route, by_telephone, opened_at, author_id, note,"
    insert += " close_reason) VALUES (%s, 'irt', false, now(), %s, '', '')"
    with refused(worker, "does not fit who leads"):
        execute(insert, case.pk, worker.pk)
    assert services.open_route(case, by=worker, route=Route.EXISTING_SW, opened_at=ago(hours=1)).closed_at is None


def test_an_existing_social_worker_must_exist(case, worker):
    with pytest.raises(Refused, match="No social worker is allocated"):
        services.open_route(case, by=worker, route=Route.EXISTING_SW, opened_at=ago(hours=1))


def test_a_section_47_enquiry_follows_the_strategy_discussion(case, worker):
    strategy(case, worker, s47=True)
    with acting_as(worker.pk):
        assert set(route_objections(case, worker)) == set(Route)
    with pytest.raises(Refused, match="follow the strategy discussion"):
        services.open_route(case, by=worker, route=Route.VCM_EHA, opened_at=ago(hours=1))


def test_a_strategy_discussion_without_section_47_changes_nothing(case, worker):
    strategy(case, worker, s47=False)
    assert services.open_route(case, by=worker, route=Route.VCM_EHA, opened_at=ago(hours=1)).pk


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"opened_at": timezone.now() + timedelta(days=1)}, "future"), ({"route": "letter"}, "Route"),
     ({"by_telephone": True}, "made by telephone")],
)  # fmt: skip
def test_a_route_that_makes_no_sense_is_refused(case, worker, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        services.open_route(case, by=worker, **{"route": Route.EXISTING_MAT, "opened_at": ago(hours=1), **facts})


def test_writing_does_not_come_before_the_call(case, worker):
    route = services.open_route(case, by=worker, route=Route.IRT, opened_at=ago(hours=1), by_telephone=True)
    with pytest.raises(Refused, match="before it was made"):
        services.confirm_in_writing(route, by=worker, confirmed_at=ago(hours=2))


@pytest.mark.parametrize("role", [Role.POLICE_OFFICER, Role.EARLY_HELP, Role.AUDITOR, Role.REVIEWING_OFFICER])
def test_only_caseworkers_escalate(case, role):
    with pytest.raises(NotAllowed):
        services.open_route(case, by=holding(case, role), route=Route.IRT, opened_at=ago(hours=1))


def test_the_database_keeps_a_route_as_it_was(case, worker, manager):
    route = services.open_route(case, by=worker, route=Route.EXISTING_MAT, opened_at=ago(hours=1))
    with refused(worker, "permission denied"):
        execute("UPDATE referrals_escalationroute SET route = 'irt'")
    with refused(worker, "stays so"):
        execute("UPDATE referrals_escalationroute SET closed_at = now(), closed_by_id = %s, close_reason = 'x'",
                manager.pk)  # fmt: skip
    services.close_route(route, by=worker, reason="Done")
    with refused(worker, "stays so"):
        execute("UPDATE referrals_escalationroute SET close_reason = 'Other'")
