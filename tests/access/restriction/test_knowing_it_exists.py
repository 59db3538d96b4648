"""Access to no more than that a restricted file exists (DOMAIN 5.3)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from access.models import CaseAccess, CaseFile
from access.parts import Label
from access.permissions import NotAllowed
from access.principal import acting_as
from access.roles import Level
from access.selectors import known_to_exist
from access.services import break_glass, share
from accounts.roles import Role
from tests import factories
from tests.access.restriction.making import EMERGENCY, restricted
from tests.access.test_granting import can_see, sharing
from tests.database import seeding
from tests.factories import TeamFactory, give, person, team_of

pytestmark = pytest.mark.django_db


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


def test_knowing_of_a_file_ends(case, manager, team, colleague):
    restricted(case, manager, aware=[team])
    with seeding():
        CaseAccess.objects.filter(source="existence").update(
            valid_from=timezone.now() - timedelta(days=2), valid_until=timezone.now() - timedelta(days=1)
        )
    with acting_as(colleague.pk):
        assert known_to_exist(case.pk) is None
