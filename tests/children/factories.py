"""Invented children and what their files hold, inserted by the seeding role, past the rules."""

from datetime import date, datetime, timedelta

import factory
from django.utils import timezone

from access.models import CaseFile
from accounts.models import User
from accounts.roles import AgencyKind, Role
from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    NameKey,
    OtherPlan,
    Person,
    WorkerSafetyWarning,
)
from children.names import keys
from tests.database import seeding
from tests.factories import CaseFileFactory, Seeded, TeamFactory, UserFactory, agency, give, person


def ago(**units: float) -> datetime:
    return timezone.now() - timedelta(**units)


def days_from_today(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


class OnFile(Seeded):
    class Meta:
        abstract = True

    case = factory.SubFactory(CaseFileFactory)


class ContactFactory(OnFile):
    class Meta:
        model = Contact

    received_at = factory.LazyFunction(lambda: ago(hours=2))
    recorded_at = factory.LazyFunction(lambda: ago(hours=1))
    method = Contact.Method.PHONE
    source = Contact.Source.SCHOOL
    details = "New phone and new clothes, and nobody knows from where."
    recorded_by = factory.SubFactory(UserFactory)

    class Params:
        accepted = factory.Trait(
            outcome=Contact.Outcome.ACCEPTED,
            screened_by=factory.SubFactory(UserFactory),
            screened_at=factory.LazyFunction(timezone.now),
        )


class ChildFactory(OnFile):
    class Meta:
        model = Child

    given_names = "Mia"
    family_name = "Fenwick"
    date_of_birth = date(2012, 3, 27)
    created_by = factory.SubFactory(UserFactory)


class ProfileFactory(OnFile):
    class Meta:
        model = ChildProfile


class AliasFactory(OnFile):
    class Meta:
        model = Alias

    name = "Mimi"
    added_by = factory.SubFactory(UserFactory)


class AddressFactory(OnFile):
    class Meta:
        model = Address

    kind = Address.Kind.HOME
    lines = "12 Marsh Lane"
    from_on = date(2020, 1, 1)
    recorded_by = factory.SubFactory(UserFactory)


class PersonFactory(OnFile):
    class Meta:
        model = Person

    name = "Dana Fenwick"
    relationship = Person.Relationship.MOTHER
    recorded_by = factory.SubFactory(UserFactory)


class SafetyFactory(OnFile):
    class Meta:
        model = ContactSafetyDecision

    person = factory.SubFactory(PersonFactory, case=factory.SelfAttribute("..case"))
    complicity = ContactSafetyDecision.Complicity.SUSPECTED
    reason = "Drove the child to the address twice."
    review_on = factory.LazyFunction(lambda: days_from_today(20))
    decided_by = factory.SubFactory(UserFactory)


class PlanFactory(OnFile):
    class Meta:
        model = OtherPlan

    kind = OtherPlan.Kind.CHILD_IN_NEED
    started_on = date(2026, 1, 5)
    recorded_by = factory.SubFactory(UserFactory)


class WarningFactory(OnFile):
    class Meta:
        model = WorkerSafetyWarning

    advice = "Visit in pairs"
    raised_by = factory.SubFactory(UserFactory)


class NoteFactory(OnFile):
    class Meta:
        model = CaseNote

    kind = CaseNote.Kind.NOTE
    happened_at = factory.LazyFunction(lambda: ago(hours=3))
    recorded_at = factory.LazyFunction(timezone.now)
    author = factory.SubFactory(UserFactory)
    agency = factory.LazyFunction(agency)
    text = "Spoke with the school."


def child_on_file(case: CaseFile | None = None, *, nhs_number: str = "", aliases=(), **about) -> Child:
    """A child with profile, other names and search keys, as the services would leave them."""
    case = case or CaseFileFactory()
    ContactFactory(case=case, accepted=True)
    child = ChildFactory(case=case, **about)
    ProfileFactory(case=case, nhs_number=nhs_number)
    for name in aliases:
        AliasFactory(case=case, name=name)
    with seeding():
        found = keys(child.given_names, child.family_name, child.known_as, *aliases)
        NameKey.objects.bulk_create(NameKey(case=case, key=key) for key in sorted(found))
    return child


def council_team(**about):
    return TeamFactory(agency=agency(AgencyKind.COUNCIL), **about)


def holding(case: CaseFile, role: Role = Role.SOCIAL_WORKER, **about) -> User:
    """Somebody with the role whose own grant opens the file with the parts that social care holds."""
    user = person(role, **about)
    give(case, user)
    return user


def partner(case: CaseFile, role: Role, labels=()) -> User:
    """Somebody of another agency to whom the file itself, and these parts of it, are shared."""
    user = person(role)
    give(case, user, labels)
    return user
