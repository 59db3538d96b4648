"""Creating and ending accounts, teams and roles: the system administrator's doors, each a line of the ledger."""

import secrets

from django.db.models import F
from django.utils import timezone

from access.actions import role_action
from access.ledger import Kind
from access.refusals import Refused
from access.roles import Action
from accounts.models import Agency, Membership, Team, User
from accounts.roles import AGENCY_KINDS, AgencyKind, Role, pair_objection

WORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another when read aloud

staff_action = role_action(Action.MANAGE_STAFF, kind=Kind.STAFF)


def _one_time_password() -> str:
    return "-".join("".join(secrets.choice(WORD_LETTERS) for _ in range(5)) for _ in range(4))


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


@staff_action
def create_person(*, by: User, username: str, name: str, job_title: str = "", email: str = "", phone: str = "") -> User:
    """An account without any role yet. Its one-time password is made apart (`give_one_time_password`)."""
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("There is an account with this user name. Choose another.")
    user = User(username=username, name=name, job_title=job_title, email=email, phone=phone)
    user.set_unusable_password()
    user.save()
    return user


@staff_action
def give_one_time_password(*, by: User, person: User) -> str:
    """A password that must be changed at the first sign-in; returned once and kept only as a hash."""
    if not person.is_active:
        raise Refused("This account has ended.")
    password = _one_time_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    _end_sessions(person)
    return password


@staff_action
def update_person(*, by: User, person: User, name: str, job_title: str, email: str, phone: str) -> User:
    User.objects.filter(pk=person.pk).update(name=name, job_title=job_title, email=email, phone=phone)
    return User.objects.get(pk=person.pk)


@staff_action
def end_person(*, by: User, person: User) -> User:
    """Ends an account at once: every role and every session. What the person did stays in the record."""
    if person == by:
        raise Refused("You cannot end your own account. Ask another system administrator.")
    now = timezone.now()
    Membership.objects.filter(user=person, ended_at__isnull=True).update(ended_at=now, ended_by=by)
    User.objects.filter(pk=person.pk, is_active=True).update(is_active=False, ended_at=now)
    _end_sessions(person)
    return User.objects.get(pk=person.pk)


@staff_action
def join_team(*, by: User, person: User, team: Team, role: Role) -> Membership:
    """Gives somebody a role in a team.

    Raises:
        Refused: to oneself, to somebody who has left, a role that agency cannot have, or a forbidden pair (DOMAIN 5.5).
    """
    if person == by:
        raise Refused("You cannot give a role to yourself. Ask another system administrator.")
    if not person.is_active:
        raise Refused("This account has ended.")
    if team.ended_at is not None:
        raise Refused("This team has ended. Choose another.")
    if AgencyKind(team.agency.kind) not in AGENCY_KINDS[role]:
        raise Refused(f"{role.label} is not a role of {team.agency.name}.")
    held = list(Membership.objects.filter(user=person, ended_at__isnull=True))
    if any((one.team_id, one.role) == (team.pk, role) for one in held):
        raise Refused(f"{person.name} already has this role in {team.name}.")
    objections = [pair_objection(Role(one.role), role) for one in held]
    for objection in filter(None, objections):
        raise Refused(objection)
    membership = Membership.objects.create(user=person, team=team, role=role, started_by=by)
    _end_sessions(person)
    return membership


@staff_action
def end_membership(*, by: User, membership: Membership) -> Membership:
    """Takes a role away at once."""
    ended = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True)
    ended.update(ended_at=timezone.now(), ended_by=by)
    _end_sessions(membership.user)
    return Membership.objects.get(pk=membership.pk)


@staff_action
def create_agency(*, by: User, name: str, kind: str) -> Agency:
    if Agency.objects.filter(name__iexact=name).exists():
        raise Refused("There is an agency with this name.")
    return Agency.objects.create(name=name, kind=kind)


@staff_action
def create_team(*, by: User, agency: Agency, name: str, receives_contacts: bool = False) -> Team:
    """A team without standing access to anything. City-wide standing is not given on a page."""
    if Team.objects.filter(agency=agency, name__iexact=name).exists():
        raise Refused("This agency has a team with this name.")
    return Team.objects.create(agency=agency, name=name, receives_contacts=receives_contacts)


@staff_action
def end_team(*, by: User, team: Team) -> Team:
    """Ends a team at once: its members hold nothing through it any more."""
    if team.memberships.filter(user=by, ended_at__isnull=True).exists():
        raise Refused("You cannot end a team you are in.")
    Team.objects.filter(pk=team.pk, ended_at__isnull=True).update(ended_at=timezone.now())
    return Team.objects.get(pk=team.pk)
