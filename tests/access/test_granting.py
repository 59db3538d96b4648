"""Giving and ending access: who may, what may be given, and how soon it stops."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.actions import case_action
from access.models import Allocation, CaseFile, ConflictExclusion, DisclosureDecision
from access.parts import SOCIAL_CARE_LABELS, Label
from access.permissions import NotAllowed, may, permitted
from access.principal import acting_as
from access.refusals import Refused
from access.roles import CASE_ACTIONS, OWN_AGENCY_ACTIONS, ROLE_ACTIONS, Action, Level
from access.selectors import grants_of, ledger_of
from access.services import (
    allocate,
    decide_not_to_share,
    declare_conflict,
    end_exclusion,
    exclude,
    give_oversight,
    open_case,
    share,
    state_reason,
)
from accounts.models import Membership
from accounts.roles import Role
from children.models import CaseNote
from children.services import add_note
from tests import factories
from tests.database import seeding
from tests.factories import CaseFileFactory, TeamFactory, agency, city_wide_team, give, person, subject_of, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(agency=agency(), receives_contacts=True)


@pytest.fixture
def manager(team):
    return person(Role.TEAM_MANAGER, team)


@pytest.fixture
def worker(team):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def officer():
    return person(Role.POLICE_OFFICER)


@pytest.fixture
def case(worker, team):
    return open_case(by=worker, team=team, reason="New contact")


def sharing(**changes):
    return {
        "labels": [Label.PROFILE],
        "level": Level.VIEW,
        "purpose": "Tasking",
        "lawful_basis": "public_task",
        "reason": "The police look for the child tonight",
        "until": timezone.now() + timedelta(days=7),
    } | changes


def can_see(user, case) -> bool:
    with acting_as(user.pk):
        both = CaseFile.objects.filter(pk=case.pk).exists()
        assert both == CaseFile.objects.allowing(user, Action.VIEW_FILE).filter(pk=case.pk).exists()
        return both


def test_a_new_file_is_held_by_its_team_and_nobody_else(case, worker, manager, officer):
    assert (can_see(worker, case), can_see(manager, case), can_see(officer, case)) == (True, True, False)


def test_a_file_cannot_be_opened_for_a_team_that_is_not_ones_own(worker):
    with pytest.raises(NotAllowed, match="cannot open a file for that team"):
        open_case(by=worker, team=TeamFactory(agency=agency()), reason="New contact")


def test_a_police_officer_cannot_open_a_file(officer):
    with pytest.raises(NotAllowed):
        open_case(by=officer, team=team_of(officer), reason="New contact")


def test_allocation_gives_to_the_new_and_takes_from_the_old(case, worker, manager):
    elsewhere = TeamFactory(agency=agency())
    first, second = person(Role.SOCIAL_WORKER, elsewhere), person(Role.SOCIAL_WORKER)
    manager_there = person(Role.TEAM_MANAGER, elsewhere)
    allocate(case, by=manager, worker=first, team=elsewhere, reason="Lives there")
    assert (can_see(first, case), can_see(worker, case)) == (True, False)
    allocate(case, by=manager_there, worker=second, team=team_of(second), reason="First worker left")
    assert (can_see(second, case), can_see(first, case)) == (True, False)
    with acting_as(second.pk):
        assert list(Allocation.objects.filter(ended_at=None).values_list("worker", flat=True)) == [second.pk]
        assert Allocation.objects.count() == 2


def test_a_worker_must_be_in_the_team_that_is_named(case, manager, worker):
    with pytest.raises(Refused, match="does not work in"):
        allocate(case, by=manager, worker=worker, team=TeamFactory(agency=agency()), reason="x")


# Those who oversee the work of another team


@pytest.mark.parametrize("role", [Role.CHILD_PROTECTION_MANAGER, Role.REVIEWING_OFFICER])
def test_those_who_oversee_are_given_the_file_once_and_without_an_end(case, worker, role):
    chair = person(role)
    for _ in range(2):
        oversee(case, by=worker, teams=[team_of(chair)])
    assert can_see(chair, case)
    with acting_as(worker.pk):
        given = [(one.labels, one.valid_until) for one in grants_of(case) if one.source == "oversight"]
    assert given == [(sorted(map(str, SOCIAL_CARE_LABELS)), None)]


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.POLICE_OFFICER, Role.AUDITOR])
def test_no_other_team_oversees(case, worker, role):
    with pytest.raises(Refused, match="Only Child Protection Managers"):
        oversee(case, by=worker, teams=[team_of(person(role))])


def test_a_role_that_ended_oversees_nothing(case, worker):
    team = team_of(person(Role.CHILD_PROTECTION_MANAGER))
    with seeding():
        Membership.objects.filter(team=team).update(ended_at=timezone.now())
    with pytest.raises(Refused, match="Only Child Protection Managers"):
        oversee(case, by=worker, teams=[team])


def test_who_holds_less_of_the_file_than_an_overseer_needs_is_told_whom_to_ask(case):
    holds_less, chair = person(Role.SOCIAL_WORKER), person(Role.REVIEWING_OFFICER)
    give(case, holds_less, SOCIAL_CARE_LABELS - {Label.COMPLICITY})
    with pytest.raises(Refused, match="Ask somebody of the team that holds it"):
        oversee(case, by=holds_less, teams=[team_of(chair)])
    assert not can_see(chair, case)


def test_a_partner_calls_nobody_in(case, worker, officer):
    share(case, by=worker, team=team_of(officer), **sharing(level=Level.WORK))
    chair = person(Role.CHILD_PROTECTION_MANAGER)
    with pytest.raises(Refused, match="cannot give access"):
        oversee(case, by=officer, teams=[team_of(chair)])
    assert not can_see(chair, case)


def test_an_excluded_overseer_sees_nothing_through_the_team(case, worker, manager):
    chair = person(Role.CHILD_PROTECTION_MANAGER)
    exclude(case, by=manager, person=chair, reason="The child’s aunt")
    oversee(case, by=worker, teams=[team_of(chair)])
    assert not can_see(chair, case)


@case_action(Action.VIEW_FILE)
def oversee(case, *, by, teams):
    give_oversight(case, by=by, teams=teams, reason="Low proposed for a child of 12")


# What a partner may open on any file it holds, and finds its own items on alone.
OWN_ITEMS = {
    Action.VIEW_NOTES, Action.VIEW_REPORTS, Action.VIEW_ITEMS, Action.VIEW_COPIES, Action.VIEW_MEETINGS,
    Action.VIEW_REFERRALS,
}  # fmt: skip


def test_a_share_shows_what_it_names_and_nothing_else(case, worker, officer):
    share(case, by=worker, team=team_of(officer), **sharing())
    with acting_as(officer.pk):
        seen = permitted(officer, case, CASE_ACTIONS)
    assert seen == {Action.VIEW_FILE, Action.DECLARE_CONFLICT, Action.VIEW_PROFILE, *OWN_ITEMS}


def test_a_share_that_has_run_out_shows_nothing(case, officer):
    give(case, team_of(officer), [Label.PROFILE], since=timedelta(days=9), until=timedelta(days=-1))
    assert not can_see(officer, case)


def test_a_share_that_has_not_begun_shows_nothing(case, officer):
    give(case, team_of(officer), [Label.PROFILE], since=timedelta(days=-1))
    assert not can_see(officer, case)


@pytest.mark.parametrize(
    "label", [Label.CASEWORK, Label.COMPLICITY, Label.LEGAL, Label.HEALTH, Label.LOCKED_LOCATION], ids=str
)
def test_what_the_police_may_not_hold_cannot_be_shared_with_them(case, worker, officer, label):
    with pytest.raises(Refused, match="may not be given"):
        share(case, by=worker, team=team_of(officer), **sharing(labels=[label]))


@pytest.mark.parametrize("days", [-1, 400])
def test_a_share_ends_after_now_and_within_a_year(case, worker, officer, days):
    with pytest.raises(Refused, match="within a year"):
        share(case, by=worker, team=team_of(officer), **sharing(until=timezone.now() + timedelta(days=days)))


def test_a_partner_cannot_pass_on_what_was_shared_with_them(case, worker, officer):
    share(case, by=worker, team=team_of(officer), **sharing(level=Level.WORK))
    with pytest.raises(NotAllowed):
        share(case, by=officer, team=team_of(person(Role.POLICE_OFFICER)), **sharing())


def test_the_database_refuses_to_give_a_label_the_giver_does_not_hold(worker, officer):
    case = CaseFileFactory()
    give(case, worker, [Label.CASEWORK])
    with pytest.raises(NotAllowed, match="do not hold yourself"):
        share(case, by=worker, team=team_of(officer), **sharing(labels=[Label.LOCATION]))


def call(function: str, *arguments):
    with transaction.atomic(), connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(arguments))
        cursor.execute(f"SELECT {function}({places})", arguments)


def test_nobody_can_call_the_database_to_give_themselves_a_file(case, worker, officer):
    mine = subject_of(officer).pk
    grant = (case.pk, mine, 2, ["core"], "share", "x", "public_task", "x", timezone.now() + timedelta(days=1))
    with acting_as(officer.pk), pytest.raises(DatabaseError, match="cannot give access"):
        call("sec.grant_access", *grant)
    own = (case.pk, subject_of(worker).pk, *grant[2:])
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="to yourself"):
        call("sec.grant_access", *own)


@pytest.mark.parametrize("source", ["stated_reason", "break_glass", ""])
def test_the_database_knows_no_other_way_of_giving(case, worker, officer, source):
    grant = (case.pk, subject_of(officer).pk, 1, ["core"], source, "x", "public_task", "x", timezone.now())
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="cannot be given that way"):
        call("sec.grant_access", *grant)


def test_exclusion_beats_team_allocation_share_and_city_wide(case, manager):
    team = city_wide_team(Level.WORK)
    relative = person(Role.OUT_OF_HOURS_WORKER, team)
    give(case, relative)
    give(case, team)
    assert can_see(relative, case)
    exclude(case, by=manager, person=relative, reason="Uncle of the child")
    assert not can_see(relative, case)
    with pytest.raises(NotAllowed, match="cannot open this file"):
        state_reason(by=relative, case=case, reason="Looking for the child tonight")


def test_an_excluded_person_cannot_be_given_the_file(case, manager, worker):
    relative = person(Role.SOCIAL_WORKER, team_of(worker))
    exclude(case, by=manager, person=relative, reason="Aunt of the child")
    with pytest.raises(NotAllowed, match="cannot be given access"):
        allocate(case, by=manager, worker=relative, team=team_of(relative), reason="Free")


def test_an_exclusion_can_be_ended_by_a_manager_and_is_kept(case, manager, worker):
    relative = person(Role.SOCIAL_WORKER, team_of(worker))
    exclude(case, by=manager, person=relative, reason="Aunt of the child")
    from access.models import ConflictExclusion

    with acting_as(manager.pk):
        kept = ConflictExclusion.objects.get()
    end_exclusion(case, by=manager, exclusion=kept)
    assert can_see(relative, case)
    with acting_as(manager.pk):
        assert ConflictExclusion.objects.get().ended_by_id == manager.pk


def test_the_excluded_person_cannot_see_that_there_is_an_exclusion(case, manager, worker):
    from access.models import ConflictExclusion

    relative = person(Role.SOCIAL_WORKER, team_of(worker))
    exclude(case, by=manager, person=relative, reason="Aunt of the child")
    with acting_as(relative.pk):
        assert not ConflictExclusion.objects.exists()


@pytest.mark.parametrize(
    ("of_the_grant", "held"),
    [
        ({"until": timedelta(days=1)}, True),
        ({"until": timedelta(minutes=-1)}, False),
        ({"since": timedelta(days=-1), "until": timedelta(days=2)}, False),
        ({"labels": [Label.CORE]}, False),
    ],
)
def test_what_may_be_passed_on_is_what_a_grant_holds_today(case, officer, of_the_grant, held):
    """Not what is over, is to come, or is another part."""
    give(case, officer, **{"labels": [Label.POLICE], "since": timedelta(days=5), **of_the_grant})
    with acting_as(officer.pk), connection.cursor() as cursor:
        cursor.execute("SELECT sec.holds(%s, 'police')", [case.pk])
        assert cursor.fetchone() == (held,)


def test_city_wide_standing_without_a_reason_lists_but_a_reason_is_asked_at_the_file(case):
    duty = person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.WORK))
    assert can_see(duty, case)
    with pytest.raises(NotAllowed, match="Say in a sentence"):
        state_reason(by=duty, case=case, reason="short")
    state_reason(by=duty, case=case, reason="Missing tonight, looking for contacts")
    with acting_as(duty.pk):
        (grant,) = [grant for grant in grants_of(case) if grant.source == "stated_reason"]
    assert grant.reason == "Missing tonight, looking for contacts"
    assert grant.valid_until - grant.valid_from == timedelta(hours=12)


def test_standing_access_is_to_the_parts_it_names(case):
    duty = person(Role.OUT_OF_HOURS_WORKER, TeamFactory(city_wide_level=Level.WORK, city_wide_labels=["core", "plan"]))
    with acting_as(duty.pk), connection.cursor() as cursor:
        cursor.execute("SELECT sec.city_wide('core'), sec.city_wide('plan'), sec.city_wide('casework')")
        assert cursor.fetchone() == (Level.WORK, Level.WORK, 0)


@pytest.mark.parametrize("hours", [0, 25])
def test_the_database_opens_a_file_for_a_reason_for_a_day_at_most(case, hours):
    duty = person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.WORK))
    refused = pytest.raises(DatabaseError, match="Say in a sentence")
    with refused, acting_as(duty.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sec.state_reason(%s, 'Missing tonight, looking for contacts', %s)", [case.pk, hours])


def test_the_database_takes_a_reason_from_standing_access_alone(case, worker):
    refused = pytest.raises(DatabaseError, match="You cannot open this file")
    with refused, acting_as(worker.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sec.state_reason(%s, 'Missing tonight, looking for contacts', 4)", [case.pk])


@pytest.mark.parametrize("role", OWN_AGENCY_ACTIONS)
def test_what_a_role_may_do_to_its_own_agencys_items_it_may_not_do_to_a_file(case, role):
    """`sec.may` speaks of the file, so it says no to what is allowed for own items alone."""
    holder = person(role)
    give(case, holder, Label)
    wider = ROLE_ACTIONS[role]
    with acting_as(holder.pk), connection.cursor() as cursor:
        for action in OWN_AGENCY_ACTIONS[role]:
            cursor.execute("SELECT sec.may(%s, %s)", [action, case.pk])
            assert cursor.fetchone() == (action in wider,), action


NOTES_AT_WORK = {Label.CORE, Label.CASEWORK}  # what a note needs, beside the level of work


@pytest.mark.parametrize(
    ("labels", "level", "may_write"),
    [
        (NOTES_AT_WORK, Level.WORK, True),
        (NOTES_AT_WORK, Level.VIEW, False),
        ({Label.CORE, Label.PLAN}, Level.WORK, False),
    ],
)
def test_an_action_needs_its_part_at_its_level_by_a_grant_and_by_standing_alike(case, labels, level, may_write):
    granted = person(Role.SOCIAL_WORKER, TeamFactory(agency=agency()))
    give(case, granted, labels, level=level)
    wide = TeamFactory(city_wide_level=level, city_wide_labels=sorted(str(label) for label in labels))
    for user in (granted, person(Role.OUT_OF_HOURS_WORKER, wide)):
        with acting_as(user.pk), connection.cursor() as cursor:
            cursor.execute("SELECT sec.may('add_note', %s)", [case.pk])
            assert cursor.fetchone() == (may_write,)


def test_the_database_lets_nobody_end_access_they_may_not_give(case, worker, officer):
    given = give(case, person(Role.HEALTH_PRACTITIONER), [Label.HEALTH])
    give(case, officer, Label)
    for user in (officer, person(Role.SOCIAL_WORKER)):
        refused = pytest.raises(DatabaseError, match="You cannot end this access")
        with refused, acting_as(user.pk), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT sec.revoke_access(%s::bigint[])", [[given.pk]])


def test_a_leaver_holds_nothing_at_once(case, worker):
    with seeding():
        type(worker).objects.filter(pk=worker.pk).update(is_active=False, ended_at=timezone.now())
    worker = type(worker).objects.get(pk=worker.pk)
    assert not can_see(worker, case)


def test_an_ended_membership_holds_nothing_at_once(case, worker):
    with seeding():
        Membership.objects.filter(user=worker).update(ended_at=timezone.now())
    assert not can_see(type(worker).objects.get(pk=worker.pk), case)


def test_a_role_in_one_team_gives_nothing_on_another_teams_files(case, worker, manager):
    """A manager there is a worker here: what the role in one team allows is not carried to the other's grants."""
    other = TeamFactory(agency=agency())
    factories.MembershipFactory(user=worker, team=other, role=Role.TEAM_MANAGER)
    both = type(worker).objects.get(pk=worker.pk)
    with acting_as(both.pk):
        assert may(both, Action.VIEW_FILE, case)
        assert not may(both, Action.ALLOCATE, case)
    with pytest.raises(NotAllowed):
        allocate(case, by=both, worker=both, team=other, reason="Mine")


def test_who_can_see_and_who_has_looked_answer_only_those_who_may_ask(case, worker, officer):
    share(case, by=worker, team=team_of(officer), **sharing())
    with acting_as(officer.pk):
        assert (grants_of(case), ledger_of(case, page=1)) == ([], [])
    with acting_as(worker.pk):
        assert {grant.source for grant in grants_of(case)} == {"team", "share"}
        assert {line.action for line in ledger_of(case, page=1)} == {"open_case", "share"}


def test_a_grant_is_seen_by_its_own_subject_only(case, worker, officer):
    from access.models import CaseAccess

    give(case, team_of(officer), [Label.PROFILE])
    with acting_as(officer.pk):
        assert {grant.subject.team for grant in CaseAccess.objects.all()} == {team_of(officer)}


def test_within_the_council_only_social_care_reads_social_cares_notes(case, worker):
    """An early help practitioner is in the same agency as the social worker; "own agency" must not mean social care."""
    helper = person(Role.EARLY_HELP, TeamFactory(agency=agency()))
    give(case, helper, [Label.PROFILE])
    add_note(case, by=worker, kind="note", happened_at=timezone.now(), text="For social care alone")
    own = add_note(case, by=helper, kind="note", happened_at=timezone.now(), text="Mine")
    with acting_as(helper.pk):
        assert list(CaseNote.objects.all()) == [own]
        assert list(CaseNote.objects.allowing(helper, Action.VIEW_NOTES)) == [own]


def test_social_care_does_not_hold_police_or_sensitive_health_by_itself():
    assert {Label.POLICE, Label.HEALTH} & SOCIAL_CARE_LABELS == set()


# A share is a decision


def test_a_share_is_a_decision_written_down(case, worker, officer):
    share(case, by=worker, team=team_of(officer), **sharing())
    with acting_as(worker.pk):
        (made,) = DisclosureDecision.objects.filter(case=case)
    assert (made.labels, made.recipient, made.decided_by) == (["core", "profile"], str(team_of(officer)), worker)
    assert (made.necessity, made.agreement) == ("The police look for the child tonight", "not_asked")
    assert made.expires_at is not None


def test_the_database_shares_nothing_without_a_decision(case, worker, officer):
    grant = (case.pk, subject_of(team_of(officer)).pk, 1, ["core"], "share", "x", "public_task", "y", timezone.now())
    with acting_as(worker.pk), pytest.raises(DatabaseError, match="Say first why it is shared"), transaction.atomic():
        call("sec.grant_access", *grant)


def test_a_decision_about_less_does_not_carry_a_share_of_more(case, worker, officer):
    grant = (case.pk, subject_of(team_of(officer)).pk, 1, ["core", "plan"], "share", "x", "public_task", "y",
             timezone.now())  # fmt: skip
    with acting_as(worker.pk):
        DisclosureDecision.objects.create(
            case=case, labels=["core"], recipient="Police", purpose="x", lawful_basis="public_task", necessity="y",
            agreement="not_asked", method="Access to the file", decided_by=worker,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="Say first why it is shared"), transaction.atomic():
            call("sec.grant_access", *grant)


WHY_NOT = {"recipient": "A journalist", "asked_for": "Her name", "ground": "It would not be safe", "reason": "Press"}


def test_what_is_not_shared_is_a_decision_too(case, worker, officer):
    decide_not_to_share(case, by=worker, **WHY_NOT)
    with acting_as(worker.pk):
        (made,) = DisclosureDecision.objects.filter(case=case)
    assert (made.labels, made.method, made.necessity) == ([], "Not shared", "It would not be safe. Press")


@pytest.mark.parametrize(
    "missing", [{"recipient": " "}, {"asked_for": ""}, {"reason": ""}, {"ground": ""}, {"ground": "I would rather not"}]
)
def test_not_sharing_needs_a_reason(case, worker, missing):
    with pytest.raises(Refused, match="why it is not shared"):
        decide_not_to_share(case, by=worker, **{**WHY_NOT, **missing})


# Knowing the family


def test_somebody_who_knows_the_family_closes_the_file_to_themselves(case, worker, manager):
    declare_conflict(case=case, by=worker, reason="Her aunt")
    assert not can_see(worker, case)
    with acting_as(manager.pk):
        (one,) = case_exclusions(case)
    assert (one.user, one.declared_by, one.reason) == (worker, worker, "Her aunt")


def case_exclusions(case):
    return list(ConflictExclusion.objects.filter(case=case))


def test_a_partner_may_say_so_too(case, worker, officer):
    share(case, by=worker, team=team_of(officer), **sharing())
    declare_conflict(case=case, by=officer, reason="My neighbour")
    assert not can_see(officer, case)


def test_who_leads_is_told_to_have_it_allocated_first(case, worker, manager):
    allocate(case, by=manager, worker=worker, team=team_of(worker), reason="Knows the school")
    with pytest.raises(Refused, match="Tell your manager now"):
        declare_conflict(case=case, by=worker, reason="Her aunt")
    assert can_see(worker, case)


def test_nobody_learns_of_a_file_by_saying_they_know_the_family(case, officer):
    with pytest.raises(NotAllowed):
        declare_conflict(case=case, by=officer, reason="My neighbour")
    with acting_as(officer.pk), pytest.raises(DatabaseError, match="cannot open this file"), transaction.atomic():
        call("sec.declare_conflict", case.pk, "My neighbour")
