"""A restricted file opened in an emergency, and the review of it (DOMAIN 5.3, T20)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from access.models import CaseAccess, CaseFile, EmergencyReview
from access.parts import SOCIAL_CARE_LABELS
from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from access.roles import Action, Level
from access.services import exclude, review_emergency, share, state_reason
from accounts.roles import Role
from tests import factories
from tests.access.restriction.making import EMERGENCY, asks, listed, opened, restricted, told
from tests.access.test_granting import can_see, sharing
from tests.database import rows, seeding
from tests.factories import TeamFactory, city_wide_team, person, subject_of, team_of

pytestmark = pytest.mark.django_db


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


def test_an_emergency_takes_over_no_file_that_has_a_manager(case, manager, team):
    restricted(case, manager, aware=[team])
    opened(case, person(Role.TEAM_MANAGER, team))
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'named'") == [(1,)]


# Their review


def test_the_database_lets_only_auditors_review(case, manager, worker):
    night = person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.WORK))
    state_reason(by=night, case=case, reason="She is at the police station")
    ((access,),) = rows("SELECT id FROM access_caseaccess WHERE source = 'stated_reason'")
    for user in (manager, worker, night):
        with pytest.raises(DatabaseError, match="cannot review"):
            asks(user, "sec.review_emergency(%s, true, 'Fine')", access)


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
