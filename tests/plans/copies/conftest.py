import pytest

from access.parts import Label
from accounts.roles import Role
from plans.copies.rendering import Renderer
from tests.factories import give, person, team_of
from tests.plans.copies.world import planned_file


@pytest.fixture
def worker(db):
    return person(Role.SOCIAL_WORKER, name="J. Okafor", phone="01332 000000")


@pytest.fixture
def officer(db):
    return person(Role.POLICE_OFFICER, name="PC Lane")


@pytest.fixture
def file(worker, officer):
    return planned_file(worker, partner=team_of(officer).agency)


@pytest.fixture
def case(file):
    return file.case


@pytest.fixture
def police(case, officer):
    """A police team that holds the plan and the safety plan."""
    team = team_of(officer)
    give(case, team, {Label.PLAN, Label.SAFETY})
    return team


@pytest.fixture(scope="session")
def renderer():
    """One process that lays out pages, for all tests of this worker."""
    made = Renderer()
    yield made
    made.close()
