"""Who is told of what is due, once, by a role that sees no child."""

from datetime import timedelta

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from accounts.models import Notice
from accounts.roles import Role
from deadlines import reminders
from deadlines.models import Reminder
from deadlines.steps import step_after
from deadlines.tasks import tick
from tests.access.test_catalogue import CLOCK_SEES, case_tables
from tests.database import rows, seeding
from tests.deadlines.making import as_the_clock, due_clock
from tests.factories import CaseFileFactory, TeamFactory, exclude, give, lead, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, settings):
    """The tick, at whatever hour the tests run: the morning of today has come."""
    settings.REMINDER_HOUR = 0

    def go() -> int:
        with as_the_clock(monkeypatch):
            return reminders.send_due()

    return go


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def manager(team):
    return person(Role.TEAM_MANAGER, team)


@pytest.fixture
def worker(team, manager):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def case(worker, team):
    case = CaseFileFactory()
    give(case, team, source="team", until=None)
    lead(case, worker)
    return case


def told() -> dict[int | None, str]:
    return dict(rows("SELECT recipient_id, kind FROM accounts_notice ORDER BY id"))


def end(user) -> None:
    with seeding():
        user.memberships.update(ended_at="2026-01-01T00:00Z", started_at="2025-01-01T00:00Z")


def test_the_one_who_leads_is_told_once_and_the_clock_goes_on(run, case, worker):
    clock = due_clock(case)
    assert run() == 1
    assert told() == {worker.pk: "due"}
    ((step, at),) = rows("SELECT next_step, next_step_at FROM deadlines_deadline")
    ahead = step_after(clock.started_at, clock.limit_on, clock.next_step_at, settings.REMINDER_HOUR)
    assert (step, at) == ("late-1", ahead.at)
    assert (run(), len(told())) == (0, 1)


def test_the_owner_is_told_and_not_who_leads(run, case, team):
    owner = person(Role.SOCIAL_WORKER, team)
    due_clock(case, owner=owner)
    run()
    assert told() == {owner.pk: "due"}


# Whose part it is: a manager decides, a Child Protection Manager answers (BR-01, M03)


@pytest.mark.parametrize("rule", ["TG-MANAGER", "TG-MANAGER-HIGH"])
def test_a_decision_that_waits_is_told_to_the_managers_of_the_team(run, case, manager, rule):
    due_clock(case, rule_id=rule)
    run()
    assert told() == {manager.pk: "due"}


@pytest.mark.parametrize("rule", ["TG-CPM", "TG-THRESHOLD"])
def test_an_answer_that_waits_is_told_to_those_who_were_given_the_file_for_it(run, case, rule):
    answers, elsewhere = (person(Role.CHILD_PROTECTION_MANAGER) for _ in range(2))
    give(case, team_of(answers), source="oversight", until=None)
    person(Role.REVIEWING_OFFICER, team_of(answers))
    due_clock(case, rule_id=rule)
    run()
    assert told() == {answers.pk: "due"}
    assert elsewhere.pk not in told()


def test_what_a_child_protection_manager_leaves_is_told_to_the_managers_as_well(run, case, manager):
    answers = person(Role.CHILD_PROTECTION_MANAGER)
    give(case, team_of(answers), source="oversight", until=None)
    due_clock(case, rule_id="TG-CPM", days=-4)
    run()
    assert told() == {answers.pk: "overdue", manager.pk: "team_overdue"}


@pytest.mark.parametrize("why", ["nobody was given the file", "they have left", "it is closed to them"])
def test_where_nobody_can_answer_the_managers_see_to_it(run, case, manager, why):
    answers = person(Role.CHILD_PROTECTION_MANAGER)
    if why != "nobody was given the file":
        give(case, team_of(answers), source="oversight", until=None)
    if why == "they have left":
        end(answers)
    if why == "it is closed to them":
        exclude(case, answers)
    due_clock(case, rule_id="TG-CPM")
    run()
    assert told() == {manager.pk: "unowned"}


def test_what_is_not_due_or_has_ended_is_left_alone(run, case):
    due_clock(case, waits=timedelta(hours=1))
    with seeding():
        ended = due_clock(case, rule_id="TS-01")
        type(ended).objects.filter(pk=ended.pk).update(
            state="met", ended_at="2026-01-01T00:00Z", ended_by=case.opened_by, next_step="", next_step_at=None
        )
    assert (run(), told()) == (0, {})


def test_a_step_that_was_told_already_is_not_told_again(run, case, worker):
    """Even where the mark of it was lost: the key (clock, step, recipient) stands."""
    clock = due_clock(case)
    with seeding():
        Reminder.objects.create(case=case, deadline=clock, step="due", recipient=worker)
    assert (run(), told()) == (0, {})


def test_from_the_first_working_day_late_the_team_manager_too(run, case, worker, manager):
    due_clock(case, days=-4, step="late-1")
    run()
    assert told() == {manager.pk: "team_overdue", worker.pk: "overdue"}


def test_from_the_fifth_working_day_late_the_service_manager_too(run, case, worker, manager, settings):
    chief = person(Role.TEAM_MANAGER)
    settings.SERVICE_MANAGERS = [chief.username]
    due_clock(case, days=-14, step="late-5")
    run()
    assert told() == {chief.pk: "service_overdue", manager.pk: "team_overdue", worker.pk: "overdue"}


def test_what_was_missed_while_nothing_ran_is_said_once(run, case, worker, manager):
    due_clock(case, days=-10, step="before-5")
    assert run() == 2
    assert {step for (step,) in rows("SELECT step FROM deadlines_reminder")} != {"before-5"}
    assert set(told()) == {worker.pk, manager.pk}


@pytest.mark.parametrize("gone", ["left", "no account", "excluded"])
@pytest.mark.parametrize("as_owner", [True, False])
def test_who_has_left_or_may_not_see_the_file_is_not_told_but_the_manager_is(
    run, case, worker, manager, gone, as_owner
):
    due_clock(case, owner=worker if as_owner else None)
    if gone == "left":
        end(worker)
    elif gone == "no account":
        with seeding():
            type(worker).objects.filter(pk=worker.pk).update(is_active=False, ended_at="2026-01-01T00:00Z")
    else:
        exclude(case, worker)
    run()
    assert told() == {manager.pk: "unowned"}
    assert told() == {manager.pk: "unowned"}


def test_an_excluded_manager_is_passed_over_for_another(run, case, worker, manager, team):
    second = person(Role.TEAM_MANAGER, team)
    exclude(case, worker)
    exclude(case, manager)
    due_clock(case)
    run()
    assert told() == {second.pk: "unowned"}


def test_a_file_nobody_leads_on_is_its_teams_managers_to_see_to(run, team, manager):
    case = CaseFileFactory()
    give(case, team, source="team", until=None)
    due_clock(case, rule_id="TS-01")
    run()
    assert told() == {manager.pk: "unowned"}


def test_where_no_manager_is_left_whoever_receives_contacts_is_told(run, case, worker, manager):
    on_duty = person(Role.TEAM_MANAGER, TeamFactory(receives_contacts=True))
    end(worker)
    end(manager)
    due_clock(case)
    run()
    assert told() == {on_duty.pk: "unowned"}


def test_nobody_at_all_is_said_in_the_log_and_holds_up_nothing(run, case, worker, manager, caplog):
    end(worker)
    end(manager)
    due_clock(case)
    other = CaseFileFactory()
    other_worker = person(Role.SOCIAL_WORKER)
    lead(other, other_worker)
    due_clock(other)
    run()
    assert told() == {other_worker.pk: "due"}
    assert rows("SELECT count(*) FROM deadlines_reminder WHERE recipient_id IS NULL") == [(1,)]
    assert "Nobody could be told" in caplog.text


@pytest.mark.parametrize(
    ("rule_id", "mail"),
    [
        ("TS-12", "at_once"),  # statute
        ("TS-03", "digest"),  # statutory guidance
        ("RV-HIGH", "at_once"),
        ("RV-LOW", "digest"),
        ("TG-TRIGGER", "at_once"),
        ("TG-STRATEGY", "at_once"),
        ("MR-02", "at_once"),
        ("TS-19", "at_once"),
        ("GONE-01", "at_once"),  # a rule that nobody knows any more is never kept waiting
    ],
)
def test_statute_and_high_one_by_one_the_rest_once_a_day(run, case, rule_id, mail):
    due_clock(case, rule_id=rule_id)
    run()
    assert rows("SELECT mail FROM accounts_notice") == [(mail,)]


def test_a_notice_is_a_sentence_a_reference_and_a_path(run, case):
    due_clock(case, rule_id="MR-04")
    run()
    ((kind, reference, path),) = rows("SELECT kind, reference, path FROM accounts_notice")
    assert (kind, reference, path) == ("due", case.reference, f"/cases/{case.pk}/due/")
    assert Notice.Kind(kind).label == "A task of yours has reached its time limit."


def test_one_clock_and_thirty_take_the_same_queries(run, case, django_assert_num_queries, team):
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            run()
        return len(captured)

    due_clock(case)
    one = cost()
    for number in range(30):
        other = CaseFileFactory()
        lead(other, person(Role.SOCIAL_WORKER, team))
        due_clock(other, about=f"x:{number}")
    assert cost() == one


def test_what_is_due_is_found_by_its_index(case):
    """However many clocks run, only those that are due are read."""
    due_clock(case)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE cre_worker")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM deadlines_deadline WHERE state = 'open' AND next_step_at <= now() "
            "ORDER BY next_step_at LIMIT 100 FOR UPDATE SKIP LOCKED"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET LOCAL ROLE cre_app")
    assert "deadline_next_step" in plan


def as_role(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)


def test_the_clock_sees_no_child_and_no_other_table(case):
    """As the role itself: every table of files but its own is shut, and of its own every column it does not need."""
    everything = {model._meta.db_table for model in apps.get_models()} | case_tables() | {"access_rowhistory"}
    shut = [f"SELECT 1 FROM {table} LIMIT 1" for table in sorted(everything - CLOCK_SEES.keys())]
    shut += [f"SELECT {column} FROM accounts_user LIMIT 1" for column in ("name", "password", "phone")]
    for statement in shut:
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_role("cre_worker", statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deadlines_deadline SET limit_at = now()",
        "UPDATE deadlines_deadline SET state = 'met'",
        "UPDATE accounts_notice SET read_at = now()",
        "DELETE FROM deadlines_reminder",
        "DELETE FROM accounts_notice",
        "INSERT INTO access_caseaccess (case_id) VALUES (gen_random_uuid())",
        "SELECT set_config('app.principal', '1', true), sec.principal()",
    ],
)
def test_the_clock_can_change_nothing_of_a_case(case, statement):
    due_clock(case)
    with pytest.raises(ProgrammingError, match="permission denied"):
        as_role("cre_worker", statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accounts_notice (recipient_id, kind) VALUES (1, 'due')",
        "UPDATE accounts_notice SET kind = 'soon'",
        "DELETE FROM accounts_notice",
        "INSERT INTO deadlines_reminder (case_id, deadline_id, step) SELECT case_id, id, 'due' FROM deadlines_deadline",
    ],
)
def test_the_program_itself_can_tell_nobody_and_hide_nothing(case, statement):
    due_clock(case)
    with pytest.raises(ProgrammingError, match="permission denied"):
        as_role("cre_app", statement)


def test_a_tick_that_fails_is_no_sign_of_life(monkeypatch):
    def fails() -> None:
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(reminders, "send_due", fails)
    with pytest.raises(psycopg.OperationalError):
        tick()
    assert rows("SELECT count(*) FROM deadlines_heartbeat") == [(0,)]


def test_the_tick_on_its_own_connection_is_the_clocks_role():
    from django.db import connections

    with connections["clock"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("cre_worker",)
