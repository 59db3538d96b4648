import pytest

from accounts.roles import Role
from tests.database import admin_of
from tests.deadlines.making import due_clock
from tests.deadlines.thousand import CLOCKS
from tests.factories import CaseFileFactory, TeamFactory, lead, person


@pytest.fixture
def due(committed):
    """A thousand clocks that are due, on twenty files of four workers."""
    team = TeamFactory()
    workers = [person(Role.SOCIAL_WORKER, team) for _ in range(4)]
    for number in range(20):
        case = CaseFileFactory()
        lead(case, workers[number % 4])
        due_clock(case)
    with admin_of(committed) as connection:
        connection.execute(
            "INSERT INTO deadlines_deadline (case_id, rule_id, rule_version, about, started_at, limit_at, limit_on, "
            "binding, started_by_id, state, end_reason, next_step, next_step_at) "
            "SELECT case_id, rule_id, rule_version, 'x:' || n, started_at, limit_at, limit_on, binding, started_by_id, "
            "state, end_reason, next_step, next_step_at FROM deadlines_deadline, generate_series(1, %s) AS n",
            [CLOCKS // 20 - 1],
        )
    return committed
