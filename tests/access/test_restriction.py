"""Restricted files: named people alone, existence-only access, emergencies and their review (DOMAIN 5.3, T20)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access.actions import case_action
from access.models import CaseAccess, CaseFile, EmergencyReview, Restriction
from access.parts import SOCIAL_CARE_LABELS, Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action, Level
from access.selectors import emergencies, grants_of, known_to_exist, live_grant
from access.services import (
    allocate,
    break_glass,
    end_naming,
    exclude,
    give_by_referral,
    give_oversight,
    lift_restriction,
    name_person,
    restrict,
    review_emergency,
    share,
    state_reason,
)
from accounts.roles import Role
from deadlines import reminders
from tests import factories
from tests.access.test_granting import can_see, sharing
from tests.database import rows, seeding
from tests.deadlines.making import as_the_clock, due_clock
from tests.factories import CaseFileFactory, TeamFactory, city_wide_team, give, lead, person, subject_of, team_of

pytestmark = pytest.mark.django_db

EMERGENCY = "She rang from the motorway and is alone"


@pytest.fixture
def team():
    return TeamFactory(agency=factories.agency())


@pytest.fixture
def manager(team):
    return person(Role.TEAM_MANAGER, team, name="Bo Boss", phone="01332 000001")


@pytest.fixture
def worker(team):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def colleague(team):
    return person(Role.SOCIAL_WORKER, team)


@pytest.fixture
def officer():
    return person(Role.POLICE_OFFICER)


@pytest.fixture
def case(team, worker, officer, manager):
    """A file that a worker leads, held by their team, and shared with the police for a month."""
    case = CaseFileFactory()
    give(case, team, source="team", until=None)
    give(case, worker, source="allocation", until=None)
    lead(case, worker)
    give(case, team_of(officer), [Label.CORE, Label.PLAN], level=Level.VIEW)
    return case


def restricted(case, by, *, named=(), aware=(), ground="staff", reason="Her aunt works here"):
    restrict(case, by=by, ground=ground, reason=reason, named=named, aware=aware)
    return case


def about(**changes) -> dict:
    return {
        "labels": [Label.PLAN], "level": Level.VIEW, "purpose": "Tasking", "lawful_basis": "public_task",
        "reason": "He leads the operation",
    } | changes  # fmt: skip


def told() -> set[tuple[int, str]]:
    return set(rows("SELECT recipient_id, path FROM accounts_notice WHERE kind = 'emergency'"))


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


def asks(user, call: str, *arguments) -> None:
    with acting_as(user.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", arguments)


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


def test_the_database_asks_for_a_role_a_sentence_and_few_hours_in_an_emergency(case, manager, team, colleague):
    helper = person(Role.EARLY_HELP, team)
    restricted(case, manager, aware=[team])
    for user, why, hours, refusal in (
        (helper, EMERGENCY, 4, "You cannot open this file"),
        (colleague, "Short", 4, "20 letters"),
        (colleague, EMERGENCY, 25, "20 letters"),
        (colleague, EMERGENCY, 0, "20 letters"),
    ):
        with pytest.raises(DatabaseError, match=refusal):
            asks(user, "sec.break_glass(%s, %s, %s)", case.pk, why, hours)


def test_an_emergency_opens_nothing_that_is_only_not_shared(case, manager):
    elsewhere = TeamFactory(agency=factories.agency())
    stranger = person(Role.SOCIAL_WORKER, elsewhere)
    share(case, by=manager, team=elsewhere, **sharing(level=Level.EXISTENCE))
    with pytest.raises(DatabaseError, match="You cannot open this file"):
        asks(stranger, "sec.break_glass(%s, %s, 4)", case.pk, EMERGENCY)


def test_the_database_lets_only_auditors_review(case, manager, worker):
    night = person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.WORK))
    state_reason(by=night, case=case, reason="She is at the police station")
    ((access,),) = rows("SELECT id FROM access_caseaccess WHERE source = 'stated_reason'")
    for user in (manager, worker, night):
        with pytest.raises(DatabaseError, match="cannot review"):
            asks(user, "sec.review_emergency(%s, true, 'Fine')", access)


def test_an_emergency_takes_over_no_file_that_has_a_manager(case, manager, team):
    restricted(case, manager, aware=[team])
    opened(case, person(Role.TEAM_MANAGER, team))
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'named'") == [(1,)]


def test_knowing_of_a_file_ends(case, manager, team, colleague):
    restricted(case, manager, aware=[team])
    with seeding():
        CaseAccess.objects.filter(source="existence").update(
            valid_from=timezone.now() - timedelta(days=2), valid_until=timezone.now() - timedelta(days=1)
        )
    with acting_as(colleague.pk):
        assert known_to_exist(case.pk) is None


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


# Knowing that it exists


def test_a_team_that_may_know_finds_whom_to_ask_and_sees_nothing(case, manager, colleague, team):
    restricted(case, manager, aware=[team])
    assert not can_see(colleague, case)
    with acting_as(colleague.pk):
        known = known_to_exist(case.pk)
    assert known is not None
    assert (known.reference, known.contact, known.phone) == (case.reference, "Bo Boss", "01332 000001")


def test_what_one_team_knows_of_another_does_not(case, manager, team):
    restricted(case, manager, aware=[team])
    with acting_as(person(Role.SOCIAL_WORKER, TeamFactory(agency=factories.agency())).pk):
        assert known_to_exist(case.pk) is None


def test_without_that_a_restricted_file_is_as_absent_as_none(case, manager, colleague):
    restricted(case, manager)
    with acting_as(colleague.pk):
        assert known_to_exist(case.pk) is None


def test_whom_the_file_is_closed_to_does_not_know_of_it_either(case, manager, colleague, team):
    factories.exclude(case, colleague)
    restricted(case, manager, aware=[team])
    with acting_as(colleague.pk):
        assert known_to_exist(case.pk) is None


def test_who_sees_the_file_does_not_only_know_of_it(case, manager, team):
    restricted(case, manager, aware=[team])
    with acting_as(manager.pk):
        assert known_to_exist(case.pk) is None


def test_that_a_file_exists_can_be_all_that_is_shared(case, manager):
    nurse = person(Role.HEALTH_PRACTITIONER)
    share(case, by=manager, team=team_of(nurse), **sharing(level=Level.EXISTENCE, labels=[Label.PLAN]))
    assert not can_see(nurse, case)
    with acting_as(nurse.pk):
        assert known_to_exist(case.pk) is not None
        assert not connection_holds(case, "core")
    with pytest.raises(NotAllowed):
        break_glass(by=nurse, case=CaseFile(pk=case.pk), reason=EMERGENCY)


def connection_holds(case, label: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.holds(%s, %s)", [case.pk, label])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("wrong", [{"labels": ["plan"]}, {"source": "referral"}])
def test_a_grant_of_existence_carries_nothing_else(case, officer, wrong):
    given = {"labels": ["core"], "level": Level.EXISTENCE, "source": "existence", "until": None} | wrong
    with pytest.raises(DatabaseError, match=r"access_existence_is_no_more|access_of_existence|access_shared"):
        give(case, team_of(officer), **given)


# Emergencies


@pytest.fixture
def aware(case, manager, team):
    restricted(case, manager, aware=[team])
    return case


def opened(case, by, reason=EMERGENCY):
    break_glass(by=by, case=CaseFile(pk=case.pk), reason=reason)


def test_in_an_emergency_it_opens_for_four_hours_to_look(aware, colleague):
    opened(aware, colleague)
    assert can_see(colleague, aware)
    with acting_as(colleague.pk):
        grant = CaseAccess.objects.get(subject=subject_of(colleague), source="break_glass")
        assert not CaseFile.objects.allowing(colleague, Action.EDIT_CHILD).exists()
    assert grant.valid_until - grant.valid_from == timedelta(hours=4)
    assert set(grant.labels) == SOCIAL_CARE_LABELS
    with seeding():
        CaseAccess.objects.filter(pk=grant.pk).update(
            valid_from=timezone.now() - timedelta(hours=5), valid_until=timezone.now() - timedelta(hours=1)
        )
    assert not can_see(colleague, aware)


def test_everybody_who_answers_for_it_hears_in_the_same_moment(aware, manager, worker, colleague):
    auditor, away = (person(Role.AUDITOR, city_wide_team(Level.VIEW)) for _ in range(2))
    factories.exclude(aware, away)
    opened(aware, colleague)
    page = f"/cases/{aware.pk}/access/"
    assert told() == {(worker.pk, page), (manager.pk, page), (auditor.pk, "/emergencies/")}


@pytest.mark.parametrize("reason", ["", "Because I must see", " " * 30])
def test_an_emergency_is_said_in_a_sentence(aware, colleague, reason):
    with pytest.raises(Refused, match="20 letters"):
        opened(aware, colleague, reason)
    assert told() == set()


def test_who_does_not_know_of_a_file_cannot_open_it(case, manager, colleague):
    restricted(case, manager)
    with pytest.raises(Refused, match="You cannot open this file"):
        opened(case, colleague)


def test_exclusion_beats_an_emergency(aware, colleague, manager):
    exclude(aware, by=manager, person=colleague, reason="His sister")
    with pytest.raises(Refused, match="You cannot open this file"):
        opened(aware, colleague)
    assert not can_see(colleague, aware)


def test_exclusion_ends_an_emergency_that_runs(aware, colleague, manager):
    opened(aware, colleague)
    exclude(aware, by=manager, person=colleague, reason="His sister")
    assert not can_see(colleague, aware)


def test_a_partner_who_knows_of_it_does_not_open_it(case, manager, officer):
    restricted(case, manager)
    share(case, by=manager, team=team_of(officer), **sharing(level=Level.EXISTENCE))
    with pytest.raises(NotAllowed, match="Only social care"):
        opened(case, officer)


def test_standing_access_to_a_restricted_file_is_told_as_well(case, manager, worker):
    night = person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.WORK))
    state_reason(by=night, case=case, reason="She is at the police station")
    assert told() == set()
    restricted(case, manager)
    state_reason(by=night, case=case, reason="She is at the police station again")
    assert {user for user, _ in told()} == {manager.pk, worker.pk}


# Their review


@pytest.fixture
def auditor():
    return person(Role.AUDITOR, city_wide_team(Level.VIEW))


def listed(user):
    with acting_as(user.pk):
        return emergencies(page=1, per_page=50)


def test_an_auditor_reviews_each_once(aware, colleague, auditor):
    opened(aware, colleague)
    (one,) = listed(auditor)
    assert (one.source, one.person, one.reason, one.reviewed_at) == ("break_glass", colleague.pk, EMERGENCY, None)
    review_emergency(by=auditor, access=one.access, was_needed=True, finding="Rang, came home")
    (one,) = listed(auditor)
    assert (one.was_needed, one.finding) == (True, "Rang, came home")
    with pytest.raises(Refused, match="cannot review"):
        review_emergency(by=auditor, access=one.access, was_needed=False, finding="Again")
    assert rows("SELECT count(*) FROM access_emergencyreview") == [(1,)]


def test_nobody_reviews_their_own(auditor, case):
    state_reason(by=auditor, case=case, reason="Audit of thresholds in June")
    (one,) = listed(auditor)
    with pytest.raises(Refused, match="cannot review"):
        review_emergency(by=auditor, access=one.access, was_needed=True, finding="I know")
    review_emergency(
        by=person(Role.AUDITOR, team_of(auditor)), access=one.access, was_needed=True, finding="Part of the audit"
    )


def test_who_reviews_nothing_sees_no_list(aware, colleague, manager):
    opened(aware, colleague)
    assert listed(manager) == []
    with pytest.raises(NotAllowed, match="Only an auditor"):
        review_emergency(by=manager, access=1, was_needed=True, finding="Fine")


def test_what_an_auditor_is_excluded_from_is_not_in_their_list(aware, colleague, auditor):
    opened(aware, colleague)
    factories.exclude(aware, auditor)
    assert listed(auditor) == []


def test_nobody_writes_a_review_by_hand(aware, colleague, auditor):
    opened(aware, colleague)
    (one,) = listed(auditor)
    with acting_as(auditor.pk), transaction.atomic(), pytest.raises(DatabaseError):
        EmergencyReview.objects.create(
            case=aware, access_id=one.access, was_needed=True, finding="x", reviewed_by=auditor
        )
