"""Invented people and files. Everything is inserted by the seeding role; the test itself runs as the runtime role."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from access.models import Allocation, CaseAccess, CaseFile, ConflictExclusion
from access.parts import SOCIAL_CARE_LABELS, Label
from access.roles import Level
from accounts.models import Agency, Membership, Subject, Team, User
from accounts.roles import AgencyKind, Role
from tests.database import seeding


class Seeded(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with seeding():
            return super()._create(model_class, *args, **kwargs)


class AgencyFactory(Seeded):
    class Meta:
        model = Agency
        django_get_or_create = ["name"]

    name = "Derby City Council"
    kind = AgencyKind.COUNCIL


class TeamFactory(Seeded):
    class Meta:
        model = Team

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(Seeded):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class MembershipFactory(Seeded):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = Role.SOCIAL_WORKER


class CaseFileFactory(Seeded):
    class Meta:
        model = CaseFile

    reference = factory.Sequence(lambda n: f"CRE-T{n:05d}")
    opened_by = factory.SubFactory(UserFactory)


AGENCIES = {
    AgencyKind.COUNCIL: "Derby City Council",
    AgencyKind.POLICE: "Derbyshire Constabulary",
    AgencyKind.EDUCATION: "Riverside Academy",
    AgencyKind.HEALTH: "Derwent Health Trust",
    AgencyKind.VOLUNTARY: "Safe and Sound",
}


def agency(kind: AgencyKind = AgencyKind.COUNCIL) -> Agency:
    return AgencyFactory(name=AGENCIES[kind], kind=kind)


def person(role: Role, team: Team | None = None, **about) -> User:
    """Somebody with one role in a team (of the kind of agency the role belongs to)."""
    from accounts.roles import AGENCY_KINDS

    team = team or TeamFactory(agency=agency(sorted(AGENCY_KINDS[role])[0]))
    user = UserFactory(**about)
    MembershipFactory(user=user, team=team, role=role)
    return user


def team_of(user: User) -> Team:
    return Team.objects.get(memberships__user=user, memberships__ended_at__isnull=True)


def city_wide_team(level: Level, **about) -> Team:
    """A team with standing access to every file."""
    labels = [str(label) for label in SOCIAL_CARE_LABELS]
    return TeamFactory(city_wide_level=level, city_wide_labels=labels, **about)


def subject_of(holder: User | Team) -> Subject:
    return Subject.objects.get(user=holder) if isinstance(holder, User) else Subject.objects.get(team=holder)


def give(
    case: CaseFile,
    holder: User | Team,
    labels=SOCIAL_CARE_LABELS,
    *,
    level: Level = Level.WORK,
    source: str = "share",
    until=timedelta(days=30),
    since=timedelta(0),
) -> CaseAccess:
    """A grant, live from some minutes ago (or `since` before that) until `until` from now.

    The database's now is when the transaction began, and a test is one transaction.
    """
    now = timezone.now()
    with seeding():
        return CaseAccess.objects.create(
            case=case,
            subject=subject_of(holder),
            level=level,
            labels=sorted(str(label) for label in {*labels, Label.CORE}),
            source=source,
            purpose="Direct work",
            lawful_basis=CaseAccess.LawfulBasis.PUBLIC_TASK,
            reason="Works with the child",
            valid_from=now - since - timedelta(minutes=5),
            valid_until=now + until if until is not None else None,
            granted_by=case.opened_by,
        )


def lead(case: CaseFile, worker: User) -> Allocation:
    """Makes somebody the allocated worker, with the access that goes with it."""
    give(case, worker, source="allocation", until=None)
    with seeding():
        return Allocation.objects.create(
            case=case, worker=worker, team=team_of(worker), allocated_by=case.opened_by, reason="Has capacity"
        )


def exclude(case: CaseFile, user: User) -> ConflictExclusion:
    with seeding():
        return ConflictExclusion.objects.create(
            case=case, user=user, reason="A relative of the child", declared_by=case.opened_by
        )
