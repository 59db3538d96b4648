"""Whoever left, or whose team or agency ended, stands nowhere: each fact by itself is enough, for either wall."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from access.principal import acting_as
from access.roles import Action, Level
from access.standing import read_standing, standing_of
from accounts.models import Agency, Membership, Team, User
from accounts.roles import Role
from tests.database import seeding
from tests.factories import TeamFactory, city_wide_team, person

pytestmark = pytest.mark.django_db

OF_THE_SECOND_WALL = {
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


@pytest.mark.parametrize("query", OF_THE_SECOND_WALL)
@pytest.mark.parametrize("ending", ENDINGS)
def test_each_ending_alone_is_enough_for_the_second_wall(query, ending):
    team = city_wide_team(Level.WORK)
    worker = person(Role.OUT_OF_HOURS_WORKER, team)
    before, after = OF_THE_SECOND_WALL[query]
    assert answer(query, worker) == before
    ENDINGS[ending](worker, team)
    assert answer(query, worker) == after


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_ending_alone_is_enough_for_the_first_wall(ending):
    team = city_wide_team(Level.WORK)
    worker = person(Role.OUT_OF_HOURS_WORKER, team)
    assert len(read_standing(worker).posts) == 1
    ENDINGS[ending](worker, team)
    assert read_standing(worker).posts == ()


def test_a_team_that_may_look_at_every_file_does_not_work_on_it():
    looking = standing_of(person(Role.OUT_OF_HOURS_WORKER, city_wide_team(Level.VIEW)))
    assert looking.city_wide(Action.VIEW_FILE)
    assert looking.allows(Action.ADD_NOTE)
    assert not looking.city_wide(Action.ADD_NOTE)


def test_standing_access_reaches_the_parts_that_its_team_was_given_and_no_other():
    """Each of the three by itself: the part, the level, and a role that may."""
    team = TeamFactory(city_wide_level=Level.VIEW, city_wide_labels=["core", "casework"])
    standing = standing_of(person(Role.OUT_OF_HOURS_WORKER, team))
    assert standing.city_wide(Action.VIEW_NOTES)
    assert standing.allows(Action.VIEW_LOCATION)
    assert not standing.city_wide(Action.VIEW_LOCATION), "addresses were not given"
    assert not standing.city_wide(Action.ADD_NOTE), "to look only"
    assert not standing_of(person(Role.POLICE_OFFICER, team)).city_wide(Action.VIEW_CONTACTS), "no role for it"
