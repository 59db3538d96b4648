"""What a system administrator may do to accounts, teams and roles, and what nobody may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import Allocation, CaseAccess, CaseFile
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action
from access.staff import services
from access.staff.selectors import people
from access.versions import StaleRecord
from accounts.models import Membership, User
from accounts.roles import AgencyKind, Role
from tests import factories
from tests.database import rows, seeding

pytestmark = pytest.mark.django_db


def fresh(person):
    return User.objects.get(pk=person.pk)


def details(**changes):
    return {"name": "Maryam Osei", "job_title": "Social worker", "email": "", "phone": ""} | changes


def ledger_lines():
    return rows("SELECT record, detail FROM access_auditevent WHERE kind = 'staff' ORDER BY at")


def test_a_new_account_has_a_one_time_password_and_no_role(admin):
    made = services.create_person(by=admin, username="Jo.Smith", name="Jo Smith", job_title="Social worker")
    stored = fresh(made)
    assert (stored.username, stored.memberships.count(), stored.must_change_password) == ("jo.smith", 0, True)
    assert stored.check_password(made.shown_once)
    assert stored.shown_once == ""
    assert timezone.now() < stored.one_time_password_until < timezone.now() + timedelta(days=4)


def test_one_time_passwords_are_long_and_never_the_same(admin, worker):
    made = {services.give_one_time_password(by=admin, person=worker).shown_once for _ in range(5)}
    assert len(made) == 5
    assert all(len(password) == 19 for password in made)


@pytest.mark.parametrize("username", ["maryam.osei", "Maryam.Osei"])
def test_a_user_name_is_used_once(admin, worker, username):
    with pytest.raises(Refused, match="user name already"):
        services.create_person(by=admin, username=username, name="Another", job_title="")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_nobody_but_a_system_administrator_manages_accounts(role, worker):
    somebody = factories.person(role)
    with pytest.raises(NotAllowed, match="Only a system administrator"):
        services.end_person(by=somebody, person=worker)
    assert fresh(worker).is_active


def test_each_thing_done_is_a_line_that_says_what_and_to_whom(admin, worker, team):
    membership = services.join_team(by=admin, person=worker, team=team, role=Role.TEAM_MANAGER)
    services.give_one_time_password(by=admin, person=worker)
    services.end_person(by=admin, person=worker)
    person = f"accounts.user:{worker.pk}"
    assert ledger_lines() == [
        (f"accounts.membership:{membership.pk}", "join team"),
        (person, "give one time password"),
        (person, "end person"),
    ]


def test_an_account_that_ends_loses_every_role_and_every_session(admin, worker):
    before = worker.get_session_auth_hash()
    services.end_person(by=admin, person=worker)
    ended = fresh(worker)
    assert (ended.is_active, ended.ended_at is not None) == (False, True)
    assert ended.get_session_auth_hash() != before
    (membership,) = Membership.objects.filter(user=worker)
    assert (membership.ended_at is not None, membership.ended_by) == (True, admin)


def test_what_a_leaver_held_stays_as_history_and_opens_nothing(admin, worker):
    case = factories.CaseFileFactory()
    factories.give(case, worker)
    services.end_person(by=admin, person=worker)
    assert rows("SELECT count(*) FROM access_caseaccess WHERE case_id = %s", case.pk)[0][0] == 1
    leaver = fresh(worker)
    with acting_as(leaver.pk):
        assert not CaseFile.objects.allowing(leaver, Action.VIEW_FILE).exists()
        assert not CaseFile.objects.exists()


def test_nobody_ends_their_own_account(admin):
    with pytest.raises(Refused, match="your own account"):
        services.end_person(by=admin, person=admin)


def test_of_two_administrators_who_end_each_other_one_is_left(admin, other_admin):
    services.end_person(by=admin, person=other_admin)
    with pytest.raises(NotAllowed):
        services.end_person(by=other_admin, person=admin)
    assert fresh(admin).is_active


def test_an_administrator_whose_role_ends_while_they_wait_their_turn_is_refused(admin, other_admin, worker):
    """Their right was looked at before they had to wait for the lock, and is looked at again after it."""
    admin._standing = services.read_standing(admin)
    with seeding():
        Membership.objects.filter(user=admin).update(ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        services.end_person(by=admin, person=worker)


def test_an_ended_account_is_not_changed_any_more(admin, worker, team):
    services.end_person(by=admin, person=worker)
    for act in (
        lambda: services.end_person(by=admin, person=worker),
        lambda: services.give_one_time_password(by=admin, person=worker),
        lambda: services.join_team(by=admin, person=worker, team=team, role=Role.SOCIAL_WORKER),
        lambda: services.update_person(by=admin, person=worker, version=1, **details()),
    ):
        with pytest.raises(Refused, match="account has ended"):
            act()


def test_nobody_gives_a_role_to_themselves(admin, team):
    with pytest.raises(Refused, match="to yourself"):
        services.join_team(by=admin, person=admin, team=team, role=Role.SOCIAL_WORKER)


def test_nobody_takes_a_role_from_themselves(admin):
    with pytest.raises(Refused, match="from yourself"):
        services.end_membership(by=admin, membership=admin.memberships.get())


def test_nobody_makes_a_one_time_password_for_themselves(admin):
    with pytest.raises(Refused, match="your own password"):
        services.give_one_time_password(by=admin, person=admin)


def test_a_system_administrator_holds_no_other_role(admin, other_admin, worker, team):
    sentence = "Create a separate account for the system administrator"
    with pytest.raises(Refused, match=sentence):
        services.join_team(by=admin, person=worker, team=team, role=Role.SYSTEM_ADMIN)
    with pytest.raises(Refused, match=sentence):
        services.join_team(by=admin, person=other_admin, team=team, role=Role.SOCIAL_WORKER)


def test_other_roles_may_be_held_together(admin, worker, team):
    services.join_team(by=admin, person=worker, team=team, role=Role.TEAM_MANAGER)
    assert worker.memberships.filter(ended_at__isnull=True).count() == 2


def test_a_role_is_one_that_the_agency_can_have(admin, police_team):
    newcomer = factories.UserFactory()
    with pytest.raises(Refused, match="Social worker is not a role that people of Derbyshire Constabulary can have"):
        services.join_team(by=admin, person=newcomer, team=police_team, role=Role.SOCIAL_WORKER)


def test_a_role_is_given_once(admin, worker):
    with pytest.raises(Refused, match="has this role in this team already"):
        services.join_team(by=admin, person=worker, team=factories.team_of(worker), role=Role.SOCIAL_WORKER)


def test_no_role_in_a_team_that_has_ended(admin, worker, team):
    with seeding():
        team.ended_at = timezone.now()
        team.save()
    with pytest.raises(Refused, match="team has ended"):
        services.join_team(by=admin, person=worker, team=team, role=Role.TEAM_MANAGER)


def test_giving_or_taking_a_role_ends_the_sessions_of_that_person_alone(admin, other_admin, worker, team):
    epochs = lambda: [fresh(one).session_epoch for one in (worker, admin, other_admin)]  # noqa: E731
    membership = services.join_team(by=admin, person=worker, team=team, role=Role.TEAM_MANAGER)
    assert epochs() == [1, 0, 0]
    services.end_membership(by=admin, membership=membership)
    assert epochs() == [2, 0, 0]
    with pytest.raises(Refused, match="taken away already"):
        services.end_membership(by=admin, membership=membership)


def test_who_leaves_a_team_leads_on_nothing_there(admin, worker, team):
    """A later role elsewhere must not open again what they held as lead."""
    case = factories.CaseFileFactory()
    factories.lead(case, worker)
    services.end_membership(by=admin, membership=worker.memberships.get())
    services.join_team(by=admin, person=worker, team=team, role=Role.SOCIAL_WORKER)
    assert rows("SELECT count(*) FROM access_allocation WHERE ended_at IS NULL")[0][0] == 0
    mover = fresh(worker)
    with acting_as(mover.pk):
        assert not CaseFile.objects.allowing(mover, Action.VIEW_FILE).exists()
        assert not CaseFile.objects.exists()


def test_who_keeps_another_role_in_the_team_still_leads(admin, worker):
    case = factories.CaseFileFactory()
    factories.lead(case, worker)
    own = factories.team_of(worker)
    services.join_team(by=admin, person=worker, team=own, role=Role.TEAM_MANAGER)
    services.end_membership(by=admin, membership=worker.memberships.get(role=Role.SOCIAL_WORKER))
    with acting_as(worker.pk):
        assert Allocation.objects.filter(case=case, ended_at__isnull=True).exists()
        assert CaseAccess.objects.filter(case=case, valid_until__isnull=True).exists()


def test_details_are_changed_and_a_stale_save_is_not(admin, worker):
    services.update_person(by=admin, person=worker, version=1, **details(name="Maryam Osei-Lund"))
    assert (fresh(worker).name, fresh(worker).version) == ("Maryam Osei-Lund", 2)
    with pytest.raises(StaleRecord):
        services.update_person(by=admin, person=worker, version=1, **details(name="Somebody else"))
    assert fresh(worker).name == "Maryam Osei-Lund"


def test_agencies(admin):
    agency = services.create_agency(by=admin, name="Riverside Academy", kind=AgencyKind.EDUCATION)
    with pytest.raises(Refused, match="agency with this name"):
        services.create_agency(by=admin, name="riverside academy", kind=AgencyKind.EDUCATION)
    services.rename_agency(by=admin, agency=agency, name="Riverbank Academy")
    team = services.create_team(by=admin, agency=agency, name="Safeguarding")
    with pytest.raises(Refused, match="End the teams"):
        services.end_agency(by=admin, agency=agency)
    services.end_team(by=admin, team=team)
    assert services.end_agency(by=admin, agency=agency).ended_at
    with pytest.raises(Refused, match="ended already"):
        services.end_agency(by=admin, agency=agency)


def test_teams(admin, team):
    with pytest.raises(Refused, match="team with this name"):
        services.create_team(by=admin, agency=team.agency, name="LOCALITY 3")
    services.update_team(by=admin, team=team, name="Locality 4", receives_contacts=True)
    team.refresh_from_db()
    assert (team.name, team.receives_contacts, team.city_wide_level) == ("Locality 4", True, 0)


def test_only_a_team_of_the_council_receives_contacts(admin, police_team):
    with pytest.raises(Refused, match="Only a team of the council"):
        services.update_team(by=admin, team=police_team, name="Exploitation team", receives_contacts=True)
    with pytest.raises(Refused, match="Only a team of the council"):
        services.create_team(by=admin, agency=police_team.agency, name="Another", receives_contacts=True)


def test_a_team_ends_with_every_role_in_it(admin, worker):
    own = factories.team_of(worker)
    services.end_team(by=admin, team=own)
    assert not worker.memberships.filter(ended_at__isnull=True).exists()
    assert fresh(worker).session_epoch == 1
    for act in (
        lambda: services.end_team(by=admin, team=own),
        lambda: services.update_team(
            by=admin, team=type(own).objects.get(pk=own.pk), name="Back", receives_contacts=False
        ),
    ):
        with pytest.raises(Refused, match="has ended"):
            act()


def test_a_team_that_holds_files_does_not_end(admin, team):
    factories.give(factories.CaseFileFactory(), team, source="team", until=None)
    with pytest.raises(Refused, match="still holds children"):
        services.end_team(by=admin, team=team)


def test_nobody_ends_a_team_they_are_in(admin):
    with pytest.raises(Refused, match="that you are in"):
        services.end_team(by=admin, team=factories.team_of(admin))


def test_a_system_administrator_sees_no_child(admin, other_admin):
    case = factories.CaseFileFactory()
    factories.give(case, admin)  # whatever a mistake might give them
    with acting_as(admin.pk):
        assert not CaseFile.objects.allowing(admin, Action.VIEW_FILE).exists()


def test_people_are_found_by_the_words_of_their_name(admin, worker):
    assert list(people(words="osei maryam")) == [worker]
    assert list(people(words="zzz")) == []
    assert list(people(team=factories.team_of(worker).pk)) == [worker]
    services.end_person(by=admin, person=worker)
    assert list(people(words="osei")) == []
    assert list(people(words="osei", ended=True)) == [worker]
