"""Whom to tell of a clock. Nobody who has left, nobody the file is closed to; and never nobody, if it can be helped.

Read by the clock's own role for a batch of clocks at a time: so many queries, however many clocks.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from access.models import Allocation, CaseAccess, CaseFile, ConflictExclusion
from accounts.models import Membership, Notice, User
from accounts.roles import Role
from deadlines.rules import DONE_BY
from deadlines.steps import BEFORE, DUE, Told, told

Kind = Notice.Kind


@dataclass
class Staff:
    """What must be known of files and people to find who is told."""

    references: dict[UUID, str] = field(default_factory=dict)
    leads: dict[UUID, int] = field(default_factory=dict)
    teams: dict[UUID, set[int]] = field(default_factory=lambda: defaultdict(set))
    excluded: set[tuple[UUID, int]] = field(default_factory=set)
    here: set[int] = field(default_factory=set)  # those with an account and a live role
    managers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # by team
    on_duty: list[int] = field(default_factory=list)  # managers of the teams that receive contacts
    service_managers: list[int] = field(default_factory=list)
    overseers: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(list))  # CPMs who were given the file
    named: dict[UUID, dict[int, set[str]]] = field(default_factory=dict)  # of restricted files: who, in which roles

    def can_hear(self, case: UUID, user: int | None) -> bool:
        open_to = case not in self.named or user in self.named[case] or user == self.leads.get(case)
        return user in self.here and open_to and (case, user) not in self.excluded

    def managers_of(self, case: UUID) -> list[int]:
        """The managers of the team that leads on the file, or holds it; if there is none, whoever receives contacts.

        Of a restricted file the managers named on it.
        """
        if case in self.named:
            named = [user for user, roles in sorted(self.named[case].items()) if Role.TEAM_MANAGER in roles]
            return [user for user in named if self.can_hear(case, user)]
        own = [user for team in sorted(self.teams[case]) for user in self.managers[team] if self.can_hear(case, user)]
        return own or [user for user in self.on_duty if self.can_hear(case, user)]


def read_staff(cases: Collection[UUID], owners: Collection[int], using: str) -> Staff:
    """Everything about these files and people, in eight queries, and one more where a file is restricted."""
    staff = Staff()
    files = CaseFile.objects.using(using).filter(pk__in=cases)
    for case, reference, restricted_at in files.values_list("pk", "reference", "restricted_at"):
        staff.references[case] = reference
        if restricted_at:
            staff.named[case] = defaultdict(set)
    leads = Allocation.objects.using(using).filter(case__in=cases, ended_at__isnull=True)
    for case, worker, team in leads.values_list("case_id", "worker_id", "team_id"):
        staff.leads[case] = worker
        staff.teams[case].add(team)
    _read_holders(staff, [case for case in cases if case not in staff.leads], using)
    excluded = ConflictExclusion.objects.using(using).filter(case__in=cases, ended_at__isnull=True)
    staff.excluded = set(excluded.values_list("case_id", "user_id"))
    _read_people(staff, {*owners, *staff.leads.values()}, using)
    _read_overseers(staff, cases, using)
    if staff.named:
        _read_named(staff, using)
    return staff


def _read_holders(staff: Staff, cases: Collection[UUID], using: str) -> None:
    """Files that nobody leads on: the teams that hold them."""
    held = CaseAccess.objects.using(using).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=Now()), case__in=cases, source=CaseAccess.Source.TEAM,
        valid_from__lte=Now(), subject__team__isnull=False,
    )  # fmt: skip
    for case, team in held.values_list("case_id", "subject__team_id"):
        staff.teams[case].add(team)


def _read_overseers(staff: Staff, cases: Collection[UUID], using: str) -> None:
    """Child Protection Managers of the teams that were given these files to oversee."""
    given = CaseAccess.objects.using(using).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=Now()), case__in=cases, source=CaseAccess.Source.OVERSIGHT,
        valid_from__lte=Now(), subject__team__ended_at__isnull=True, subject__team__agency__ended_at__isnull=True,
        subject__team__memberships__role=Role.CHILD_PROTECTION_MANAGER,
        subject__team__memberships__ended_at__isnull=True, subject__team__memberships__user__is_active=True,
    )  # fmt: skip
    for case, user in given.values_list("case_id", "subject__team__memberships__user_id").distinct():
        staff.here.add(user)
        staff.overseers[case].append(user)


def _read_named(staff: Staff, using: str) -> None:
    """The people named on restricted files. A Child Protection Manager among them oversees."""
    named = CaseAccess.objects.using(using).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=Now()), case__in=staff.named,
        source=CaseAccess.Source.NAMED, valid_from__lte=Now(),
    )  # fmt: skip
    holders = list(named.values_list("case_id", "subject__user_id"))
    live = Membership.objects.using(using).filter(
        user__in={user for _, user in holders}, user__is_active=True, ended_at__isnull=True,
        team__ended_at__isnull=True, team__agency__ended_at__isnull=True,
    )  # fmt: skip
    roles = defaultdict(set)
    for user, role in live.order_by("pk").values_list("user_id", "role"):
        roles[user].add(role)
    for case, user in holders:
        staff.here.update({user} if roles[user] else ())
        staff.named[case][user] |= roles[user]
        if Role.CHILD_PROTECTION_MANAGER in roles[user]:
            staff.overseers[case].append(user)


def _read_people(staff: Staff, people: Collection[int], using: str) -> None:
    named = User.objects.using(using).filter(username__in=settings.SERVICE_MANAGERS)
    chosen = list(named.order_by("pk").values_list("pk", flat=True))
    live = Membership.objects.using(using).filter(
        user__is_active=True, ended_at__isnull=True, team__ended_at__isnull=True, team__agency__ended_at__isnull=True
    )
    manages = Q(role=Role.TEAM_MANAGER) & (
        Q(team__in=set().union(*staff.teams.values())) | Q(team__receives_contacts=True)
    )
    wanted = live.filter(manages | Q(user__in={*people, *chosen})).order_by("user_id", "pk")
    for user, team, role, receives in wanted.values_list("user_id", "team_id", "role", "team__receives_contacts"):
        staff.here.add(user)
        if role == Role.TEAM_MANAGER:
            staff.managers[team].append(user)
            if receives:
                staff.on_duty.append(user)
    staff.service_managers = [user for user in chosen if user in staff.here]


def doers(staff: Staff, case: UUID, owner: int | None, rule_id: str) -> list[int]:
    """Who is to do it and can hear: the owner, else those whose part it is, else the worker who leads."""
    if owner is not None:
        named: list[int | None] = [owner]
    elif DONE_BY.get(rule_id) == Role.TEAM_MANAGER:
        named = [*staff.managers_of(case)]
    elif DONE_BY.get(rule_id) == Role.CHILD_PROTECTION_MANAGER:
        named = [*staff.overseers[case]]
    else:
        named = [staff.leads.get(case)]
    return [user for user in named if user is not None and staff.can_hear(case, user)]


def recipients(staff: Staff, case: UUID, owner: int | None, rule_id: str, step: str) -> dict[int, Notice.Kind]:
    """Each person to tell of a step of a clock, with the sentence for them. Empty: nobody is there at all.

    Those who are to do it; where there is nobody, or the file is closed to them, the managers of the team. From the
    first working day late these too, and later the service managers.
    """
    managers, audience = staff.managers_of(case), told(step)
    found: dict[int, Notice.Kind] = {}
    if Told.SERVICE_MANAGER in audience:
        found |= {user: Kind.SERVICE_OVERDUE for user in staff.service_managers if staff.can_hear(case, user)}
    if Told.TEAM_MANAGER in audience:
        found |= dict.fromkeys(managers, Kind.TEAM_OVERDUE)
    to_do = doers(staff, case, owner, rule_id)
    if to_do:
        return found | dict.fromkeys(to_do, _own(step))
    if managers:
        return found | dict.fromkeys(managers, Kind.UNOWNED)
    # Nobody manages the team and nobody receives contacts: the last who could see to it. Of a restricted file too: they
    # hear a reference, and no more, of what would else fall silent.
    last = [user for user in staff.service_managers if (case, user) not in staff.excluded]
    return found | dict.fromkeys(last, Kind.UNOWNED)


def _own(step: str) -> Notice.Kind:
    if step.startswith(BEFORE):
        return Kind.SOON
    return Kind.DUE if step == DUE else Kind.OVERDUE
