"""A file that is led, held and shared, and those around it."""

import pytest

from access.parts import Label
from access.roles import Level
from accounts.roles import Role
from tests import factories
from tests.access.restriction.making import restricted
from tests.factories import CaseFileFactory, TeamFactory, city_wide_team, give, lead, person, team_of


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


@pytest.fixture
def aware(case, manager, team):
    restricted(case, manager, aware=[team])
    return case


@pytest.fixture
def auditor():
    return person(Role.AUDITOR, city_wide_team(Level.VIEW))
