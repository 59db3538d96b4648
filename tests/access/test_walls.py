"""Both walls: what a person may see through the queryset, and what the database shows without it."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.models import Allocation, CaseFile
from access.parts import Label
from access.permissions import may
from access.principal import acting_as
from access.roles import Action, Level
from access.services import allocate, end_share, open_case, share
from accounts.roles import Role
from children.models import Alias, CaseNote
from tests.database import second_wall_gone, seeding
from tests.factories import CaseFileFactory, TeamFactory, agency, city_wide_team, exclude, give, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return person(Role.SOCIAL_WORKER)


def seen_raw() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_casefile")
        return cursor.fetchone()[0]


def test_a_live_grant_opens_the_file_through_both_walls(worker):
    case, other = CaseFileFactory(), CaseFileFactory()
    give(case, worker)
    with acting_as(worker.pk):
        assert list(CaseFile.objects.allowing(worker, Action.VIEW_FILE)) == [case]
        assert list(CaseFile.objects.all()) == [case]
    assert other.pk != case.pk


def test_nobody_sees_nothing(worker):
    give(CaseFileFactory(), worker)
    assert seen_raw() == 0


def test_exclusion_beats_a_grant(worker):
    case = CaseFileFactory()
    give(case, worker)
    exclude(case, worker)
    with acting_as(worker.pk):
        assert seen_raw() == 0
        assert not CaseFile.objects.allowing(worker, Action.VIEW_FILE).exists()


def test_an_exclusion_holds_by_the_queryset_alone_for_every_record_and_in_every_spelling(worker):
    """As a role that row security does not bind, each way to ask for records leaves the file out by itself."""
    mine, closed = CaseFileFactory(), CaseFileFactory()
    for case in (mine, closed):
        give(case, worker)
        with seeding():
            Allocation.objects.create(
                case=case, worker=worker, team=team_of(worker), allocated_by=worker, reason="Knows the area"
            )
    exclude(closed, worker)
    with acting_as(worker.pk), second_wall_gone():
        records = Allocation.objects
        assert records.count() == 2
        assert [one.case for one in records.allowing(worker, Action.VIEW_FILE)] == [mine]
        assert [one.case for one in records.allowing_in_search(worker, Action.VIEW_FILE)] == [mine]
        for files in (CaseFile.objects.allowing(worker, Action.VIEW_FILE),
                      CaseFile.objects.allowing_own(worker, Action.VIEW_FILE),
                      CaseFile.objects.with_permissions(worker, [Action.VIEW_FILE])):  # fmt: skip
            assert list(files) == [mine]


def test_a_grant_that_has_not_begun_or_has_ended_opens_nothing_by_the_queryset_alone(worker):
    begun, to_come, over = CaseFileFactory(), CaseFileFactory(), CaseFileFactory()
    give(begun, worker)
    give(to_come, worker, since=timedelta(days=-2))
    give(over, worker, since=timedelta(days=2), until=timedelta(days=-1))
    with acting_as(worker.pk), second_wall_gone():
        assert list(CaseFile.objects.allowing(worker, Action.VIEW_FILE)) == [begun]
        held = {one.pk: one.hold for one in CaseFile.objects.with_permissions(worker, [Action.VIEW_FILE])}
        assert held == {begun.pk: [True], to_come.pk: [False], over.pk: [False]}


def write_note(case: CaseFile, author) -> CaseNote:
    at = timezone.now() - timedelta(hours=1)
    return CaseNote.objects.create(
        case=case, author=author, agency=team_of(author).agency, kind="note", happened_at=at, text="Seen at the station"
    )


@pytest.mark.parametrize(
    ("level", "sees", "may_add"), [(None, False, False), (Level.VIEW, True, False), (Level.WORK, True, True)]
)
def test_an_agency_reads_and_adds_its_own_notes_only_while_it_holds_the_file_by_the_database_alone(
    worker, level, sees, may_add
):
    officer, case = person(Role.POLICE_OFFICER), CaseFileFactory()
    with seeding():
        own, _ = write_note(case, officer), write_note(case, worker)
    if level is not None:
        give(case, officer, {Label.CORE}, level=level)
    with acting_as(officer.pk):
        assert list(CaseNote.objects.all()) == [own] * sees
        refused = pytest.raises(DatabaseError, match="row-level security")
        with nullcontext() if may_add else refused, transaction.atomic():
            write_note(case, officer)


@pytest.mark.parametrize(("level", "may_add"), [(Level.VIEW, False), (Level.WORK, True)])
def test_the_database_alone_lets_nobody_add_who_may_only_look(worker, level, may_add):
    case = CaseFileFactory()
    give(case, worker, level=level)
    with acting_as(worker.pk):
        assert seen_raw() == 1
        with nullcontext() if may_add else pytest.raises(DatabaseError, match="row-level security"):
            Alias.objects.create(case=case, name="Kay", added_by=worker)


@pytest.mark.parametrize("wide", [False, True])
def test_the_database_says_that_whoever_is_excluded_may_do_nothing_on_a_file(wide):
    """Services ask it before they act (`sec.may`), so an exclusion is asked there too, beside each table."""
    team = city_wide_team(Level.WORK) if wide else TeamFactory(agency=agency())
    worker, case = person(Role.SOCIAL_WORKER, team), CaseFileFactory()
    if not wide:
        give(case, team)
    for may_edit in (True, False):
        with acting_as(worker.pk), connection.cursor() as cursor:
            cursor.execute("SELECT sec.may('edit_child', %s)", [case.pk])
            assert cursor.fetchone() == (may_edit,)
        if may_edit:
            exclude(case, worker)


@pytest.mark.parametrize("wide", [False, True])
def test_an_account_that_ended_opens_nothing_though_its_role_was_left_standing(wide):
    """Ending an account ends its roles too; the database does not count on that."""
    team = city_wide_team(Level.WORK) if wide else TeamFactory(agency=agency())
    leaver, case = person(Role.SOCIAL_WORKER, team), CaseFileFactory()
    if not wide:
        give(case, team)
    asked = "SELECT sec.may('edit_child', %s), sec.city_wide('core')"
    for active in (True, False):
        with seeding():
            ended = {} if active else {"ended_at": "2026-01-01T00:00Z"}
            type(leaver).objects.filter(pk=leaver.pk).update(is_active=active, **ended)
        with acting_as(leaver.pk), connection.cursor() as cursor:
            cursor.execute(asked, [case.pk])
            may_edit, level = cursor.fetchone()
            assert (may_edit, level > 0, seen_raw()) == (active, active and wide, int(active))


def test_open_allocate_share_and_end():
    manager = person(Role.TEAM_MANAGER, TeamFactory(agency=agency(), receives_contacts=True))
    worker = person(Role.SOCIAL_WORKER, team_of(manager))
    officer = person(Role.POLICE_OFFICER)
    case = open_case(by=worker, team=team_of(worker), reason="New contact")
    allocate(case, by=manager, worker=worker, team=team_of(worker), reason="Knows the area")
    with acting_as(officer.pk):
        assert seen_raw() == 0
    from datetime import timedelta

    from django.utils import timezone

    from access.roles import Level

    grant = share(
        case,
        by=worker,
        team=team_of(officer),
        labels=[Label.PROFILE],
        level=Level.VIEW,
        purpose="Tasking",
        lawful_basis="public_task",
        reason="Police need to know",
        until=timezone.now() + timedelta(days=7),
    )
    assert may(officer, Action.VIEW_FILE, case) is False  # nobody is asking
    with acting_as(officer.pk):
        assert seen_raw() == 1
        assert may(officer, Action.VIEW_PROFILE, case)
        assert not may(officer, Action.VIEW_LOCATION, case)
    end_share(case, by=worker, grant=grant)
    with acting_as(officer.pk):
        assert seen_raw() == 0
