"""The same rules in the database: statements that no page sends are refused as well."""

import pytest
from django.db import DatabaseError, connection, transaction

from access.principal import acting_as
from accounts.models import Membership, Team, User
from accounts.roles import AGENCY_KINDS, Role
from tests import factories
from tests.database import admin_of

pytestmark = pytest.mark.django_db


def refused(by, statement, *values) -> str:
    """What the database says to a statement of the runtime role in this person's name."""
    with acting_as(by.pk if by else None), pytest.raises(DatabaseError) as caught, transaction.atomic():
        done(statement, *values)
    return str(caught.value)


def done(statement, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


GIVE = "INSERT INTO accounts_membership (user_id, team_id, role, started_by_id) VALUES (%s, %s, %s, %s)"
PERSON = (
    "INSERT INTO accounts_user (username, name, password, job_title, email, phone, is_superuser, is_active,"
    " must_change_password, session_epoch, version) VALUES (%s, 'X', '!', '', '', '', false, true, false, 0, 1)"
)


def test_only_a_system_administrator_gives_a_role(worker, team):
    other = factories.UserFactory()
    assert "Only a system administrator" in refused(worker, GIVE, other.pk, team.pk, "team_manager", worker.pk)
    assert "Only a system administrator" in refused(None, GIVE, other.pk, team.pk, "team_manager", worker.pk)


def test_nobody_gives_a_role_to_themselves_or_in_anothers_name(admin, other_admin, worker, team):
    own = (GIVE, admin.pk, team.pk, "social_worker")
    assert "their own roles" in refused(admin, *own, admin.pk)
    assert "their own roles" in refused(admin, *own, other_admin.pk)
    assert "one's own name" in refused(admin, GIVE, worker.pk, team.pk, "team_manager", other_admin.pk)
    assert "one's own name" in refused(admin, GIVE, worker.pk, team.pk, "team_manager", None)


def test_a_forbidden_pair(admin, worker, other_admin, team):
    assert "holds no other role" in refused(admin, GIVE, worker.pk, team.pk, "system_admin", admin.pk)
    assert "holds no other role" in refused(admin, GIVE, other_admin.pk, team.pk, "social_worker", admin.pk)


def test_a_role_that_does_not_fit_the_agency_the_team_or_the_person(admin, worker, team, police_team):
    cannot = "cannot be held by this person"
    newcomer = factories.UserFactory()
    assert cannot in refused(admin, GIVE, newcomer.pk, police_team.pk, "social_worker", admin.pk)
    with acting_as(admin.pk):
        done("UPDATE accounts_team SET ended_at = now() WHERE id = %s", team.pk)
        done("UPDATE accounts_user SET is_active = false, ended_at = now() WHERE id = %s", newcomer.pk)
    assert cannot in refused(admin, GIVE, worker.pk, team.pk, "team_manager", admin.pk)
    own = factories.team_of(worker)
    assert cannot in refused(admin, GIVE, newcomer.pk, own.pk, "social_worker", admin.pk)


def test_where_each_role_may_be_is_mirrored(database_name):
    with admin_of(database_name) as owner:
        mirrored = set(owner.execute("SELECT role, kind FROM sec.role_agency").fetchall())
    assert mirrored == {(str(role), str(kind)) for role, kinds in AGENCY_KINDS.items() for kind in kinds}


@pytest.mark.parametrize(
    "change", ["role = 'team_manager'", "ended_at = NULL", "started_by_id = NULL", "ended_at = now()"]
)
def test_a_role_that_was_given_can_only_be_ended(admin, worker, change):
    membership = worker.memberships.get()
    assert "only be ended" in refused(admin, f"UPDATE accounts_membership SET {change} WHERE id = %s", membership.pk)


def test_a_role_is_not_taken_away_by_anybody_else(worker):
    membership = factories.person(Role.TEAM_MANAGER).memberships.get()
    statement = "UPDATE accounts_membership SET ended_at = now(), ended_by_id = %s WHERE id = %s"
    assert "Only a system administrator" in refused(worker, statement, worker.pk, membership.pk)


def test_an_account_is_made_and_changed_by_a_system_administrator_alone(admin, worker):
    assert "Only a system administrator" in refused(worker, PERSON, "new")
    assert "Only a system administrator" in refused(None, PERSON, "new")
    for change in (
        "name = 'Me'",
        "username = 'me'",
        "is_active = false, ended_at = now()",
        "session_epoch = 0 - 0 + 5",
    ):
        statement = f"UPDATE accounts_user SET {change} WHERE id = %s"
        assert "Only a system administrator" in refused(worker, statement, worker.pk)
        assert "Only a system administrator" in refused(None, statement, worker.pk)
    with acting_as(admin.pk):
        done("UPDATE accounts_user SET name = 'Somebody' WHERE id = %s", worker.pk)


def test_nobody_ends_their_own_account_or_brings_one_back(admin, worker):
    end = "UPDATE accounts_user SET is_active = false, ended_at = now() WHERE id = %s"
    assert "nobody ends their own" in refused(admin, end, admin.pk)
    with acting_as(admin.pk):
        done(end, worker.pk)
    back = "UPDATE accounts_user SET is_active = true, ended_at = NULL WHERE id = %s"
    assert "stays ended" in refused(admin, back, worker.pk)


def test_a_password_of_somebody_else_can_only_be_a_one_time_password(admin, worker):
    other = factories.person(Role.SOCIAL_WORKER)
    set_it = "UPDATE accounts_user SET password = 'known' WHERE id = %s"
    assert "one-time password" in refused(other, set_it, worker.pk)
    assert "one-time password" in refused(admin, set_it, worker.pk)
    with acting_as(admin.pk):
        done("UPDATE accounts_user SET password = 'x', must_change_password = true WHERE id = %s", worker.pk)
    kept = "UPDATE accounts_user SET must_change_password = false, one_time_password_until = NULL WHERE id = %s"
    assert "Only the person" in refused(admin, kept, worker.pk)
    assert "Only the person" in refused(None, kept, worker.pk)
    with acting_as(worker.pk):
        done("UPDATE accounts_user SET password = 'own', must_change_password = false WHERE id = %s", worker.pk)


def test_nobody_is_a_superuser(admin, worker):
    assert "user_is_never_superuser" in refused(
        admin, "UPDATE accounts_user SET is_superuser = true WHERE id = %s", worker.pk
    )


def test_user_names_are_lower_case(admin):
    assert "user_name_is_lower_case" in refused(admin, PERSON, "Jo")


def test_standing_access_to_every_file_is_not_given_by_the_program(admin, team):
    change = "UPDATE accounts_team SET city_wide_level = 2, city_wide_labels = '{core}' WHERE id = %s"
    assert "Standing access" in refused(admin, change, team.pk)
    with acting_as(admin.pk), pytest.raises(DatabaseError, match="Standing access"), transaction.atomic():
        Team.objects.create(agency=team.agency, name="All", city_wide_level=1, city_wide_labels=["core"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_team SET receives_contacts = true WHERE id = %s",
        "UPDATE accounts_team SET name = 'Mine' WHERE id = %s",
        "UPDATE accounts_agency SET name = 'Mine' WHERE id = (SELECT agency_id FROM accounts_team WHERE id = %s)",
    ],
)
def test_teams_and_agencies_are_changed_by_a_system_administrator_alone(worker, team, statement):
    assert "Only a system administrator" in refused(worker, statement, team.pk)


def test_only_a_team_of_the_council_receives_contacts(admin, police_team):
    statement = "UPDATE accounts_team SET receives_contacts = true WHERE id = %s"
    assert "Only a team of the council" in refused(admin, statement, police_team.pk)


def test_a_team_keeps_its_agency_and_an_agency_its_kind(admin, team, police_team):
    moved = "UPDATE accounts_team SET agency_id = %s WHERE id = %s"
    assert "stays with its agency" in refused(admin, moved, police_team.agency_id, team.pk)
    assert "keeps its kind" in refused(
        admin, "UPDATE accounts_agency SET kind = 'police' WHERE id = %s", team.agency_id
    )


def test_a_team_with_files_and_an_agency_with_teams_do_not_end(admin, team):
    factories.give(factories.CaseFileFactory(), team, source="team", until=None)
    assert "still holds files" in refused(admin, "UPDATE accounts_team SET ended_at = now() WHERE id = %s", team.pk)
    ended = "UPDATE accounts_agency SET ended_at = now() WHERE id = %s"
    assert "still has teams" in refused(admin, ended, team.agency_id)


def test_whether_a_team_holds_files_is_told_to_nobody_else(worker, team):
    factories.give(factories.CaseFileFactory(), team, source="team", until=None)
    with acting_as(worker.pk), connection.cursor() as cursor:
        cursor.execute("SELECT sec.team_holds_files(%s)", [team.pk])
        assert cursor.fetchone() == (False,)


def test_nothing_of_it_is_deleted(admin, worker):
    for model in (User, Team, Membership):
        assert "permission denied" in refused(admin, f"DELETE FROM {model._meta.db_table}")
