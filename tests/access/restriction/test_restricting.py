"""Restricted files: named people alone, from the first moment until it is lifted (DOMAIN 5.3)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.actions import case_action
from access.models import CaseFile, Restriction
from access.parts import SOCIAL_CARE_LABELS, Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action, Level
from access.selectors import grants_of, known_to_exist, live_grant
from access.services import (
    allocate,
    break_glass,
    end_naming,
    give_by_referral,
    give_oversight,
    lift_restriction,
    name_person,
    share,
)
from accounts.roles import Role
from deadlines import reminders
from tests import factories
from tests.access.restriction.making import about, asks, restricted
from tests.access.test_granting import can_see, sharing
from tests.database import rows, seeding
from tests.deadlines.making import as_the_clock, due_clock
from tests.factories import TeamFactory, city_wide_team, give, person, subject_of, team_of

pytestmark = pytest.mark.django_db


# Restricting


def test_from_the_moment_it_is_restricted_only_named_people_see_a_file(case, manager, worker, colleague, officer):
    other = person(Role.SOCIAL_WORKER, team_of(worker))
    everybody = (manager, worker, colleague, other, officer)
    assert [can_see(user, case) for user in everybody] == [True] * 5
    restricted(case, manager, named=[colleague])
    assert [can_see(user, case) for user in everybody] == [True, True, True, False, False]


def test_who_is_named_keeps_what_they_held_and_no_more(case, manager, officer):
    restricted(case, manager, named=[officer])
    with acting_as(manager.pk):
        (named,) = [one for one in grants_of(case) if one.subject == subject_of(officer)]
    assert (named.source, named.level, set(named.labels)) == ("named", Level.VIEW, {"core", "plan"})
    assert named.valid_until is not None  # a share that had an end still has it


def test_nobody_is_named_who_could_not_see_the_file(case, manager):
    with pytest.raises(Refused, match="Only somebody who can see the file now can be named"):
        restricted(case, manager, named=[person(Role.SOCIAL_WORKER)])
    assert can_see(manager, case)


def test_nobody_is_named_whom_the_file_is_closed_to(case, manager, colleague):
    factories.exclude(case, colleague)
    with pytest.raises(Refused, match="Only somebody who can see"):
        restricted(case, manager, named=[colleague])


def test_a_worker_cannot_restrict_a_file(case, worker):
    with pytest.raises(NotAllowed, match="Only a team manager"):
        restricted(case, worker)


@pytest.mark.parametrize("wrong", [{"ground": "because"}, {"reason": "  "}])
def test_a_restriction_has_a_ground_and_a_reason(case, manager, wrong):
    with pytest.raises(Refused, match="Say why this file is restricted"):
        restricted(case, manager, **wrong)


def test_a_file_is_restricted_once(case, manager):
    restricted(case, manager)
    with pytest.raises(Refused, match="restricted already"):
        restricted(case, manager)


def test_why_a_file_is_restricted_is_known_to_managers_named_on_it_alone(case, manager, worker):
    auditor = person(Role.AUDITOR, city_wide_team(Level.VIEW))
    restricted(case, manager, reason="Her aunt works here")
    seen = {}
    for user in (manager, worker, auditor):
        with acting_as(user.pk):
            seen[user] = list(Restriction.objects.filter(case=case).values_list("reason", flat=True))
    assert seen == {manager: ["Her aunt works here"], worker: [], auditor: []}


@pytest.mark.parametrize("column", ["restricted_at", "closed_at"])
def test_nobody_restricts_a_file_or_opens_it_by_writing_the_column(case, manager, column):
    with acting_as(manager.pk), transaction.atomic(), pytest.raises(DatabaseError):
        CaseFile.objects.filter(pk=case.pk).update(**{column: timezone.now()})


# The database says so too, to whoever gets past the services


def test_the_database_lets_only_a_manager_of_the_file_restrict_it(case, manager, worker):
    call = "sec.restrict_case(%s, 'staff', 'Because', %s::bigint[], '{}')"
    for user in (worker, person(Role.TEAM_MANAGER)):
        with pytest.raises(DatabaseError, match="You cannot restrict this file"):
            asks(user, call, case.pk, [user.pk])
    asks(manager, call, case.pk, [])


def test_the_database_lets_only_a_manager_named_on_it_lift_it(case, manager, worker, team):
    restricted(case, manager, aware=[team])
    for user in (worker, person(Role.TEAM_MANAGER, team)):
        with pytest.raises(DatabaseError, match="You cannot lift"):
            asks(user, "sec.lift_restriction(%s, 'Because')", case.pk)


def test_the_database_restricts_no_closed_file(case, manager):
    with seeding():
        CaseFile.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    with pytest.raises(DatabaseError, match="restricted already, or closed"):
        asks(manager, "sec.restrict_case(%s, 'staff', 'Because', '{}', '{}')", case.pk)


# While it is restricted


def test_no_team_is_given_a_restricted_file_by_whatever_way(case, manager, team):
    restricted(case, manager)
    with pytest.raises(Refused, match="given to people by name"):
        share(case, by=manager, team=team_of(person(Role.SOCIAL_WORKER)), **sharing())
    with pytest.raises(DatabaseError, match="by name, not to a team"):
        give(case, team)


def test_a_referral_gives_no_team_a_restricted_file(case, manager):
    restricted(case, manager)

    @case_action(Action.SEND_REFERRAL)
    def refer(case, *, by):
        return give_by_referral(case, by=by, team=TeamFactory(), reason="r", until=timezone.now() + timedelta(days=9))

    with pytest.raises(Refused, match="no team is given it"):
        refer(case, by=manager)


def test_who_oversees_a_restricted_file_is_named_first(case, manager):
    restricted(case, manager)
    cpm = person(Role.CHILD_PROTECTION_MANAGER)

    @case_action(Action.ARRANGE_MEETING)
    def oversee(case, *, by):
        give_oversight(case, by=by, teams=[team_of(cpm)], reason="Low is proposed")

    with pytest.raises(Refused, match="name the Child Protection Manager"):
        oversee(case, by=manager)
    name_person(case, by=manager, person=cpm, team=team_of(cpm), **about(labels=SOCIAL_CARE_LABELS, level=Level.WORK))
    oversee(case, by=manager)
    assert can_see(cpm, case)


def test_a_person_is_named_with_an_end_unless_they_are_of_the_council(case, manager, officer, colleague):
    restricted(case, manager)
    with pytest.raises(Refused, match="Choose an end date"):
        name_person(case, by=manager, person=officer, team=team_of(officer), **about())
    until = timezone.now() + timedelta(days=5)
    name_person(case, by=manager, person=officer, team=team_of(officer), until=until, **about())
    name_person(case, by=manager, person=colleague, team=team_of(colleague), **about())
    assert can_see(officer, case)
    assert can_see(colleague, case)
    decided = rows("SELECT method, recipient FROM access_disclosuredecision WHERE case_id = %s ORDER BY id", case.pk)
    assert [method for method, _ in decided] == ["Named on the restricted file"] * 2


def test_naming_obeys_what_an_agency_may_hold(case, manager, officer):
    restricted(case, manager)
    until = timezone.now() + timedelta(days=5)
    with pytest.raises(Refused, match="may not be given: complicity"):
        name_person(
            case, by=manager, person=officer, team=team_of(officer), until=until, **about(labels=[Label.COMPLICITY])
        )


def test_nobody_is_named_on_a_file_that_is_not_restricted(case, manager, colleague):
    with pytest.raises(Refused, match="on a file that is restricted"):
        name_person(case, by=manager, person=colleague, team=team_of(colleague), **about())


def test_who_is_taken_off_sees_nothing_at_the_next_click(case, manager, colleague):
    restricted(case, manager, named=[colleague])
    with acting_as(manager.pk):
        (grant,) = [one for one in grants_of(case) if one.subject == subject_of(colleague)]
        assert live_grant(case, grant.pk, "named")
    end_naming(case, by=manager, grant=grant)
    assert not can_see(colleague, case)


def test_the_last_manager_stays_named(case, manager):
    restricted(case, manager)
    with acting_as(manager.pk):
        (grant,) = [one for one in grants_of(case) if one.subject == subject_of(manager)]
    with pytest.raises(Refused, match="last manager"):
        end_naming(case, by=manager, grant=grant)
    assert can_see(manager, case)


def test_a_restricted_file_is_allocated_to_a_worker_and_not_to_their_team(case, manager, worker, colleague, team):
    restricted(case, manager)
    allocate(case, by=manager, worker=colleague, team=team, reason="He is away")
    other = person(Role.SOCIAL_WORKER, team)
    assert [can_see(user, case) for user in (colleague, worker, other)] == [True, False, False]


def test_a_restricted_file_moves_to_a_team_only_where_a_manager_of_it_is_named(case, manager):
    restricted(case, manager)
    elsewhere = TeamFactory(agency=factories.agency())
    newcomer, boss = person(Role.SOCIAL_WORKER, elsewhere), person(Role.TEAM_MANAGER, elsewhere)
    with pytest.raises(Refused, match="First name a manager of"):
        allocate(case, by=manager, worker=newcomer, team=elsewhere, reason="Moved")
    name_person(case, by=manager, person=boss, team=elsewhere, **about(labels=SOCIAL_CARE_LABELS, level=Level.WORK))
    allocate(case, by=manager, worker=newcomer, team=elsewhere, reason="Moved")
    assert can_see(newcomer, case)


def test_a_manager_who_holds_it_for_some_days_alone_cannot_be_the_only_one(case):
    elsewhere = TeamFactory(agency=factories.agency())
    give(case, elsewhere, until=timedelta(days=9))
    with pytest.raises(Refused, match="Name a manager"):
        restricted(case, person(Role.TEAM_MANAGER, elsewhere))


def test_another_chair_named_is_not_the_chair_who_is_to_oversee(case, manager):
    restricted(case, manager)
    named, chair = person(Role.CHILD_PROTECTION_MANAGER), person(Role.REVIEWING_OFFICER)
    name_person(
        case, by=manager, person=named, team=team_of(named), **about(labels=SOCIAL_CARE_LABELS, level=Level.WORK)
    )

    @case_action(Action.ARRANGE_MEETING)
    def oversee(case, *, by):
        give_oversight(case, by=by, teams=[team_of(chair)], reason="Chairs the review")

    with pytest.raises(Refused, match="name the Child Protection Manager or chair"):
        oversee(case, by=manager)


def test_a_chair_who_oversees_nothing_needs_no_naming(case, manager):
    restricted(case, manager)

    @case_action(Action.ARRANGE_MEETING)
    def oversee(case, *, by):
        give_oversight(case, by=by, teams=[], reason="A manager chairs")

    oversee(case, by=manager)


def test_who_leaves_the_agency_is_named_no_more_and_a_file_without_a_manager_is_known_to_its_team(case, manager, team):
    restricted(case, manager)
    successor = person(Role.TEAM_MANAGER, team)
    with seeding():
        manager.memberships.update(ended_at=timezone.now(), ended_by=manager)
    with acting_as(successor.pk):
        known = known_to_exist(case.pk)
    assert known is not None
    break_glass(by=successor, case=CaseFile(pk=case.pk), reason="Nobody manages this file any more")
    with acting_as(successor.pk):
        assert CaseFile.objects.allowing(successor, Action.RESTRICT).filter(pk=case.pk).exists()


def test_who_was_named_before_a_restriction_was_lifted_leaves_no_trace_on_the_file(case, manager, team):
    restricted(case, manager)
    lift_restriction(case, by=manager, reason="Her aunt has left")
    with seeding():
        manager.memberships.update(ended_at=timezone.now(), ended_by=manager)
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'existence'") == [(0,)]


# Lifting


def test_lifting_gives_back_what_would_still_last(case, manager, worker, colleague, officer):
    short = person(Role.POLICE_OFFICER)
    give(case, team_of(short), [Label.CORE], until=timedelta(minutes=-1), since=timedelta(days=2))
    restricted(case, manager, named=[colleague])
    lift_restriction(case, by=manager, reason="Her aunt has left")
    everybody = (manager, worker, colleague, officer, short)
    assert [can_see(user, case) for user in everybody] == [True, True, True, True, False]
    with acting_as(manager.pk):
        live = {(one.source, one.subject_id) for one in grants_of(case) if one.valid_until is None}
    assert live == {("team", subject_of(team_of(worker)).pk), ("allocation", subject_of(worker).pk)}


def test_lifting_gives_the_file_to_the_team_that_leads_by_then(case, manager):
    elsewhere = TeamFactory(agency=factories.agency())
    newcomer, boss = person(Role.SOCIAL_WORKER, elsewhere), person(Role.TEAM_MANAGER, elsewhere)
    restricted(case, manager)
    name_person(case, by=manager, person=boss, team=elsewhere, **about(labels=SOCIAL_CARE_LABELS, level=Level.WORK))
    allocate(case, by=manager, worker=newcomer, team=elsewhere, reason="Moved")
    lift_restriction(case, by=boss, reason="Safe now")
    assert can_see(person(Role.SOCIAL_WORKER, elsewhere), case)
    assert not can_see(manager, case)


@pytest.mark.parametrize(("reason", "sentence"), [("", "Say why"), ("Safe now", "not restricted")])
def test_a_file_that_is_not_restricted_is_not_lifted_nor_without_a_reason(case, manager, reason, sentence):
    with pytest.raises(Refused, match=sentence):
        lift_restriction(case, by=manager, reason=reason)


# Its clocks go on


def notices() -> dict[int, str]:
    return dict(rows("SELECT recipient_id, kind FROM accounts_notice"))


@pytest.fixture
def tick(monkeypatch, settings):
    settings.REMINDER_HOUR = 0

    def go() -> int:
        with as_the_clock(monkeypatch):
            return reminders.send_due()

    return go


def test_who_leads_and_the_managers_named_hear_of_a_restricted_file_and_nobody_else(tick, case, manager, worker, team):
    person(Role.TEAM_MANAGER, team)
    person(Role.TEAM_MANAGER, TeamFactory(agency=factories.agency(), receives_contacts=True))
    restricted(case, manager)
    due_clock(case, days=-9)
    assert tick() == 2
    assert notices() == {worker.pk: "overdue", manager.pk: "team_overdue"}


def test_a_child_protection_manager_named_on_it_hears_of_what_is_theirs(tick, case, manager):
    cpm = person(Role.CHILD_PROTECTION_MANAGER)
    restricted(case, manager)
    name_person(case, by=manager, person=cpm, team=team_of(cpm), **about(labels=SOCIAL_CARE_LABELS, level=Level.WORK))
    due_clock(case, rule_id="TG-CPM")
    tick()
    assert notices() == {cpm.pk: "due"}


def test_where_nobody_is_left_on_it_the_service_manager_hears(tick, case, manager, worker, settings):
    chief = person(Role.TEAM_MANAGER, TeamFactory(agency=factories.agency()))
    settings.SERVICE_MANAGERS = [chief.username]
    restricted(case, manager)
    with seeding():
        worker.memberships.update(ended_at=timezone.now(), ended_by=manager)
        manager.memberships.update(ended_at=timezone.now(), ended_by=manager)
    due_clock(case)
    tick()
    assert notices() == {chief.pk: "unowned"}
