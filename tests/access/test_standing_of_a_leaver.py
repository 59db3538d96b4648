"""Whoever left, or whose team or agency ended, stands nowhere: each fact by itself is enough, in the database too."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from access.principal import acting_as
from access.roles import Level
from accounts.models import Agency, Membership, Team, User
from accounts.roles import Role
from tests.database import seeding
from tests.factories import city_wide_team, person

pytestmark = pytest.mark.django_db

WHERE_THEY_STAND = {
    "SELECT count(*) FROM sec.standing()": (1, 0),
    "SELECT cardinality(sec.subjects()) > 0": (True, False),
    "SELECT sec.city_wide('core')": (Level.WORK, 0),
}


def ended(model, **of_whom):
    about = {"ended_at": timezone.now()}
    if model is User:
        about["is_active"] = False
    with seeding():
        assert model.objects.filter(**of_whom).update(**about) == 1


ENDINGS = {
    "the person": lambda one, team: ended(User, pk=one.pk),
    "the membership": lambda one, team: ended(Membership, user=one),
    "the team": lambda one, team: ended(Team, pk=team.pk),
    "the agency": lambda one, team: ended(Agency, pk=team.agency_id),
}


def answer(query, user):
    with transaction.atomic(), acting_as(user.pk), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("query", WHERE_THEY_STAND)
@pytest.mark.parametrize("ending", ENDINGS)
def test_each_ending_alone_is_enough(query, ending):
    team = city_wide_team(Level.WORK)
    worker = person(Role.OUT_OF_HOURS_WORKER, team)
    before, after = WHERE_THEY_STAND[query]
    assert answer(query, worker) == before
    ENDINGS[ending](worker, team)
    assert answer(query, worker) == after
