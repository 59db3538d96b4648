"""A child's file with family, a worker, a manager, a Child Protection Manager, and meetings made by the services."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from access.models import CaseFile
from access.principal import acting_as
from accounts.models import User
from accounts.roles import Role
from children.models import Child, Person
from meetings import services
from meetings.models import Invitation, Meeting
from tests.children.factories import PersonFactory, SafetyFactory, child_on_file, days_from_today, holding


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


@pytest.fixture
def cpm(case) -> User:
    return holding(case, Role.CHILD_PROTECTION_MANAGER)


@pytest.fixture
def officer(case) -> User:
    return holding(case, Role.REVIEWING_OFFICER)


@pytest.fixture
def mother(case) -> Person:
    return PersonFactory(case=case, name="Esi Fenwick", parental_responsibility="yes")


@pytest.fixture
def father(case) -> Person:
    return PersonFactory(
        case=case, name="Dale Fenwick", relationship="father", parental_responsibility="yes", address="9 Mill Row",
        phone="01632 960 001",
    )  # fmt: skip


def decide(person: Person, complicity: str = "considered_complicit", **about):
    return SafetyFactory(case=person.case, person=person, complicity=complicity, review_on=days_from_today(30), **about)


def arrange(case: CaseFile, by: User, kind: str = "cin", **about) -> Meeting:
    given = {"starts_at": timezone.now() + timedelta(days=3), "place": "Room 2", "chair_name": "Jo Okafor", **about}
    with acting_as(by.pk):
        return services.arrange_meeting(case, by=by, kind=kind, **given)


def current(record, by: User):
    with acting_as(by.pk):
        return type(record).objects.get(pk=record.pk)


def everyone_present(meeting: Meeting, by: User) -> dict[int, str]:
    with acting_as(by.pk):
        invited = Invitation.objects.filter(meeting=meeting).exclude(reply__in=["not_invited", "held"])
        return {one.pk: "present" for one in invited}


def hold(meeting: Meeting, by: User, **about) -> Meeting:
    given = {
        "version": current(meeting, by).version, "held_at": timezone.now(), "summary": "We spoke about school.",
        "attendance": everyone_present(meeting, by), "child_took_part": "Came for the first half.", **about,
    }  # fmt: skip
    with acting_as(by.pk):
        return services.record_meeting(meeting, by=by, **given)


def execute(statement: str, *arguments: object) -> int:
    """Runs one statement as whoever is acting, checks what is deferred, and says how many rows it touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments or None)
        touched = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return touched
