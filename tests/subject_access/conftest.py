from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from children.models import Address, CaseNote
from tests.children.factories import PersonFactory, SafetyFactory
from tests.cre_case.makers import child_on
from tests.database import seeding
from tests.factories import CaseFileFactory, give, person, team_of

NOTE = "Maya was seen with Kyle Marsh near the arcade. She said she wants to go back to school."


@pytest.fixture
def worker(db):
    return person(Role.SOCIAL_WORKER, name="Priya Nair")


@pytest.fixture
def manager(worker):
    return person(Role.TEAM_MANAGER, team_of(worker), name="Dan Wells")


@pytest.fixture
def case(worker):
    """A file with a mother, a man considered complicit, another child, a note that names him, and a locked address."""
    case = CaseFileFactory()
    give(case, team_of(worker), source="team", until=None)
    child_on(case, "Maya", "Thorne")
    with seeding():
        agency = team_of(worker).agency
        for days, text in ((3, NOTE), (2, "Maya talked about her week.")):
            CaseNote.objects.create(
                case=case, kind="note", happened_at=timezone.now() - timedelta(days=days), author=worker, agency=agency,
                text=text,
            )  # fmt: skip
        Address.objects.create(
            case=case, kind="placement", lines="4 Leaf Street", postcode="DE1 2AB", confidential=True,
            from_on=timezone.localdate(), recorded_by=worker,
        )  # fmt: skip
    return case


@pytest.fixture
def mother(case):
    return PersonFactory(case=case, name="Rita Thorne", relationship="mother", is_adult=True)


@pytest.fixture
def complicit(case):
    him = PersonFactory(case=case, name="Kyle Marsh", relationship="other", is_adult=True, phone="07700 900123")
    SafetyFactory(person=him, case=case, complicity="considered_complicit")
    return him
