import pytest

from access.models import CaseFile
from accounts.models import Team, User
from accounts.roles import Role
from children.models import Child
from referrals.models import Service
from tests.children.factories import child_on_file, holding
from tests.factories import person
from tests.referrals.factories import direct_worker, provider_team, received_here


@pytest.fixture
def child(db) -> Child:
    return child_on_file()


@pytest.fixture
def case(child) -> CaseFile:
    return child.case


@pytest.fixture
def worker(case) -> User:
    return holding(case, name="Jo Okafor")


@pytest.fixture
def manager(case) -> User:
    return holding(case, Role.TEAM_MANAGER)


@pytest.fixture
def team(db) -> Team:
    return provider_team()


@pytest.fixture
def service(team) -> Service:
    return received_here(team, name="Safe Steps")


@pytest.fixture
def provider(team) -> User:
    return direct_worker(team, name="Jamal Renwick")


@pytest.fixture
def admin(db) -> User:
    return person(Role.DIRECTORY_ADMIN)


@pytest.fixture
def officer(db) -> User:
    return person(Role.POLICE_OFFICER, name="PC Lane")
