"""Files in every relation to everybody, each part of each marked with words that must not be seen elsewhere."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from access.models import Allocation, CaseFile, ReadingAlert, Restriction
from access.parts import Label
from access.roles import Level
from accounts.models import User
from accounts.roles import AGENCY_KINDS, Role
from children.models import (
    Address,
    Alias,
    CaseNote,
    Child,
    ChildProfile,
    Contact,
    ContactSafetyDecision,
    DuplicateAlert,
    NameKey,
    OtherPlan,
    Person,
    WorkerSafetyReason,
    WorkerSafetyWarning,
)
from tests import factories
from tests.database import seeding
from tests.matrix import assessments, copies, deadlines, duties, meetings, plans, referrals, subject_access
from tests.matrix.vocabulary import HOLDS, STANDING

# `known`: a restricted file that they only know to exist.
RELATIONS = ("holding", "expired", "excluded", "unrelated", "known", "absent")


def canary(relation: str, label: Label) -> str:
    """A word that stands in this part of this file and nowhere else."""
    return f"zq{relation}{label.replace('_', '')}zq"


@dataclass
class World:
    users: dict[Role, User] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    ids: dict[str, dict[str, object]] = field(default_factory=dict)


def build() -> World:
    world = World()
    for role in Role:
        world.users[role] = _person(role)
    leader = factories.person(Role.SOCIAL_WORKER)
    for relation in RELATIONS[:-1]:
        case = factories.CaseFileFactory(opened_by=leader)
        world.cases[relation] = case.pk
        world.ids[relation] = fill(case, relation, leader)
    world.cases["absent"] = uuid4()
    world.ids["absent"] = dict(world.ids["unrelated"])
    for role, user in world.users.items():
        _relate(world, role, user)
    _restrict(world, leader)
    world.ids["staff"] = _staff_ids(world)
    return world


def _staff_ids(world: World) -> dict[str, object]:
    """What addresses about people, teams and alerts name; none is the system administrator's own."""
    post = factories.MembershipFactory(team=factories.TeamFactory(agency=factories.agency()))
    one, other = (CaseFile(pk=world.cases[relation], opened_by=post.user) for relation in ("unrelated", "expired"))
    with seeding():
        alert = DuplicateAlert.objects.create(case=one, other_case=other)
        now = timezone.now()
        reading = ReadingAlert.objects.create(
            person_id=post.user_id, pattern="files", day=now.date(), amount=99, first_at=now, last_at=now
        )
    opened = factories.give(one, post.user, source="stated_reason")
    return {
        "person": post.user_id, "membership": post.pk, "team": post.team_id, "agency": post.team.agency_id,
        "alert": alert.pk,
        "reading": reading.pk, "access": opened.pk, "provider_id": "oidc-elsewhere", "pk": 1,
        **{name: world.ids["unrelated"][name] for name in (*referrals.ELSEWHERE, "toolkit")},
    }  # fmt: skip


def _person(role: Role) -> User:
    team = None
    if role in STANDING:
        on_duty = role == Role.OUT_OF_HOURS_WORKER
        team = factories.city_wide_team(Level.WORK if on_duty else Level.VIEW, receives_contacts=on_duty)
    if role == Role.TEAM_MANAGER:
        team = factories.TeamFactory(agency=factories.agency(), receives_contacts=True)
    return factories.person(role, team)


def _relate(world: World, role: Role, user: User) -> None:
    level = Level.VIEW if role == Role.AUDITOR else Level.WORK
    for relation in ("holding", "excluded"):
        case = CaseFile(pk=world.cases[relation], opened_by=user)
        factories.give(case, user, HOLDS[role], level=level)
    expired = CaseFile(pk=world.cases["expired"], opened_by=user)
    factories.give(expired, user, HOLDS[role], level=level, since=timedelta(days=9), until=timedelta(days=-1))
    factories.exclude(CaseFile(pk=world.cases["excluded"], opened_by=user), user)
    known = CaseFile(pk=world.cases["known"], opened_by=user)
    factories.give(known, user, (), level=Level.EXISTENCE, source="existence", until=None)


def _restrict(world: World, leader: User) -> None:
    """Those who hold a file are named on it by themselves. Why it is restricted is for managers alone."""
    for relation in ("holding", "known"):
        case = CaseFile(pk=world.cases[relation], opened_by=leader)
        named = factories.give(case, leader, source="named", until=None)
        world.ids[relation]["naming"] = named.pk
        with seeding():
            Restriction.objects.create(
                case=case, ground="staff", reason=canary(relation, Label.COMPLICITY), restricted_by=leader, held=[]
            )
            CaseFile.objects.filter(pk=case.pk).update(restricted_at=timezone.now())


def fill(case: CaseFile, relation: str, by: User) -> dict[str, object]:
    """Puts one row in each table of the file, each with its part's canary; returns the ids addresses need."""
    word = {label: canary(relation, label) for label in Label}
    now = timezone.now()
    own = factories.agency(sorted(AGENCY_KINDS[Role.SOCIAL_WORKER])[0])
    with seeding():
        child = Child.objects.create(
            case=case, given_names="Ada", family_name=word[Label.CORE], date_of_birth=date(2012, 3, 2), created_by=by
        )
        NameKey.objects.create(case=case, key=word[Label.CORE].upper())
        profile = ChildProfile.objects.create(case=case, school=word[Label.PROFILE])
        alias = Alias.objects.create(case=case, name=word[Label.CORE], added_by=by)
        address = Address.objects.create(
            case=case, kind="home", lines=word[Label.LOCATION], from_on=date(2020, 1, 1), recorded_by=by
        )
        Address.objects.create(
            case=case, kind="placement", lines=word[Label.LOCKED_LOCATION], confidential=True,
            from_on=date(2020, 1, 1), recorded_by=by,
        )  # fmt: skip
        person = Person.objects.create(case=case, name=word[Label.NETWORK], relationship="mother", recorded_by=by)
        ContactSafetyDecision.objects.create(
            case=case, person=person, complicity="suspected", reason=word[Label.COMPLICITY],
            review_on=date(2027, 1, 1), decided_by=by,
        )  # fmt: skip
        contact = Contact.objects.create(
            case=case, received_at=now, method="phone", source="school", details=word[Label.CASEWORK], recorded_by=by
        )
        note = CaseNote.objects.create(
            case=case, kind="visit", seen="alone", happened_at=now - timedelta(hours=1), author=by, agency=own,
            text=word[Label.CASEWORK], child_words=word[Label.CASEWORK],
        )  # fmt: skip
        plan = OtherPlan.objects.create(case=case, kind="ehc_plan", started_on=date(2024, 1, 1), recorded_by=by)
        warning = WorkerSafetyWarning.objects.create(case=case, advice="Visit in pairs", raised_by=by)
        WorkerSafetyReason.objects.create(case=case, warning=warning, reason=word[Label.CASEWORK])
        Allocation.objects.create(
            case=case, worker=by, team=factories.team_of(by), allocated_by=by, reason="Knows the area"
        )
        more: dict[str, object] = {}
        for package in (deadlines, duties, assessments, plans, copies, meetings, referrals, subject_access):
            more |= package.fill(case, word, by, own)
    grant = factories.give(case, factories.TeamFactory(agency=factories.agency()), [Label.CORE])
    exclusion = factories.exclude(case, factories.UserFactory())
    return more | {
        "child": child.pk, "profile": profile.pk, "alias": alias.pk, "address": address.pk, "person": person.pk,
        "contact": contact.pk, "note": note.pk, "plan": plan.pk, "warning": warning.pk, "grant": grant.pk,
        "exclusion": exclusion.pk, "naming": 0,
    }  # fmt: skip
