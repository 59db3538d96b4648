import pytest

from accounts.roles import AgencyKind, Role
from tests import factories


@pytest.fixture
def admin():
    return factories.person(Role.SYSTEM_ADMIN, name="Beth Farrow")


@pytest.fixture
def other_admin():
    return factories.person(Role.SYSTEM_ADMIN, name="Sam Otley")


@pytest.fixture
def worker():
    return factories.person(Role.SOCIAL_WORKER, name="Maryam Osei", username="maryam.osei", job_title="Social worker")


@pytest.fixture
def team():
    return factories.TeamFactory(agency=factories.agency(), name="Locality 3")


@pytest.fixture
def police_team():
    return factories.TeamFactory(agency=factories.agency(AgencyKind.POLICE), name="Exploitation team")
