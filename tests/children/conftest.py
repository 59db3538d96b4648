import pytest

from access.models import CaseFile
from accounts.models import User
from accounts.roles import Role
from children.models import Child
from tests.children.factories import child_on_file, holding


@pytest.fixture
def child(db) -> Child:
    return child_on_file()


@pytest.fixture
def case(child) -> CaseFile:
    return child.case


@pytest.fixture
def worker(case) -> User:
    return holding(case)


@pytest.fixture
def manager(case) -> User:
    return holding(case, Role.TEAM_MANAGER)
