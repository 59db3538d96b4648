"""Creating and ending accounts, teams and roles: the system administrator's doors, each a line of the ledger.

The database holds the same rules (access/sql/staff.sql). Whatever changes what somebody may do also ends their
sessions, so that it holds from their next click.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from access.actions import role_action
from access.ledger import Kind
from access.permissions import NotAllowed, sentence
from access.refusals import Refused
from access.roles import Action
from access.standing import read_standing
from access.versions import save_version
from accounts import lockout
from accounts.models import Agency, Membership, Team, User
from accounts.roles import AGENCY_KINDS, AgencyKind, Role, pair_objection

staff_action = role_action(Action.MANAGE_STAFF, kind=Kind.STAFF)

USER_NAME_TAKEN = "There is an account with this user name already. Choose another user name."
AGENCY_NAME_TAKEN = "There is an agency with this name already."
TEAM_NAME_TAKEN = "This agency has a team with this name already."
COUNCIL_RECEIVES = "Only a team of the council can receive contacts."


@contextmanager
def _unique(objection: str) -> Iterator[None]:
    """Says what is taken, also where somebody else takes it in the same moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(objection) from error


def _take_turn(by: User, person: User) -> User:
    """The person as they are now, locked.

    Two administrators who end each other take turns here, and the second finds that they no longer are one.
    """
    locked = User.objects.select_for_update().filter(pk__in={by.pk, person.pk}).order_by("pk")
    now = {user.pk: user for user in locked}
    if not read_standing(now[by.pk]).allows(Action.MANAGE_STAFF):
        raise NotAllowed(sentence(Action.MANAGE_STAFF))
    if not now[person.pk].is_active:
        raise Refused("This account has ended. Nothing about it can be changed.")
    return now[person.pk]


def _end_sessions(*people: User) -> None:
    User.objects.filter(pk__in=[person.pk for person in people]).update(session_epoch=F("session_epoch") + 1)


@staff_action
def create_person(*, by: User, username: str, name: str, job_title: str, email: str = "", phone: str = "") -> User:
    """An account without any role yet. Its one-time password is in `shown_once` of what is returned."""
    person = User(username=username.lower(), name=name, job_title=job_title, email=email, phone=phone)
    person.set_one_time_password()
    with _unique(USER_NAME_TAKEN):
        person.save()
    return person


@staff_action
def give_one_time_password(*, by: User, person: User) -> User:
    """A password that must be changed at the first sign-in, in `shown_once`. Ends every session of the person."""
    if person == by:
        raise Refused("Change your own password on the page behind your name.")
    person = _take_turn(by, person)
    person.set_one_time_password()
    person.save(update_fields=["password", "must_change_password", "one_time_password_until"])
    _end_sessions(person)
    lockout.forget(person.username)
    return person


@staff_action
def take_off_second_factor(*, by: User, person: User) -> User:
    """For somebody whose telephone is lost: ends every session, and the next sign-in sets up a new one.

    Raises:
        Refused: one's own, or there is none. Who checks that it is they who ask is the administrator.
    """
    if person == by:
        raise Refused("Use another telephone: see the page behind your name.")
    person = _take_turn(by, person)
    taken, _ = Authenticator.objects.filter(user=person).delete()
    if not taken:
        raise Refused("There is no second factor on this account.")
    _end_sessions(person)
    return person


@staff_action
def update_person(
    *, by: User, person: User, version: int, name: str, job_title: str, email: str, phone: str
) -> User:  # fmt: skip
    """Changes details.

    Raises:
        StaleRecord: somebody else changed them since `version`.
    """
    person = _take_turn(by, person)
    return save_version(person, version, name=name, job_title=job_title, email=email, phone=phone)


@staff_action
def end_person(*, by: User, person: User) -> User:
    """Ends an account for good: every role, every session and every lead. What the person did stays in the record.

    What was granted to them in person stays as history: it opens nothing for an account without a role.
    """
    if person == by:
        raise Refused("You cannot end your own account. Ask another system administrator.")
    person = _take_turn(by, person)
    _end_memberships(by, Membership.objects.filter(user=person))
    User.objects.filter(pk=person.pk).update(is_active=False, ended_at=Now())
    _end_sessions(person)
    return person


def _refuse_role(person: User, team: Team, role: Role) -> None:
    """Objections to a role, in the order in which somebody would mend them."""
    if team.ended_at is not None or team.agency.ended_at is not None:
        raise Refused("This team has ended. Choose another.")
    if AgencyKind(team.agency.kind) not in AGENCY_KINDS[role]:
        raise Refused(f"{role.label} is not a role that people of {team.agency.name} can have.")
    held = Membership.objects.filter(user=person, ended_at__isnull=True)
    if held.filter(team=team, role=role).exists():
        raise Refused(f"{person.name} has this role in this team already.")
    for one in held:
        objection = pair_objection(Role(one.role), role)
        if objection:
            raise Refused(objection)


@staff_action
def join_team(*, by: User, person: User, team: Team, role: Role) -> Membership:
    """Gives somebody a role in a team.

    Raises:
        Refused: to oneself, to somebody who has left, in a team that has ended, a role that agency cannot have,
            or one that cannot be held together with another (DOMAIN 5.5).
    """
    if person == by:
        raise Refused("You cannot give a role to yourself. Ask another system administrator.")
    person = _take_turn(by, person)
    _refuse_role(person, team, role)
    membership = Membership.objects.create(user=person, team=team, role=role, started_by=by)
    _end_sessions(person)
    return membership


@staff_action
def end_membership(*, by: User, membership: Membership) -> Membership:
    """Takes a role away at once. Files the person leads on in that team wait there to be allocated."""
    if membership.user == by:
        raise Refused("You cannot take a role from yourself. Ask another system administrator.")
    person = _take_turn(by, membership.user)
    if not _end_memberships(by, Membership.objects.filter(pk=membership.pk)):
        raise Refused("This role has been taken away already.")
    _end_sessions(person)
    membership.refresh_from_db()
    return membership


def _end_memberships(by: User, wanted: QuerySet[Membership]) -> int:
    return wanted.filter(ended_at__isnull=True).update(ended_at=Now(), ended_by=by)


@staff_action
def create_agency(*, by: User, name: str, kind: str) -> Agency:
    if Agency.objects.filter(name__iexact=name).exists():
        raise Refused(AGENCY_NAME_TAKEN)
    with _unique(AGENCY_NAME_TAKEN):
        return Agency.objects.create(name=name, kind=kind)


@staff_action
def rename_agency(*, by: User, agency: Agency, name: str) -> Agency:
    """Only the name: what may be shared with an agency depends on its kind, so that stays."""
    if Agency.objects.filter(name__iexact=name).exclude(pk=agency.pk).exists():
        raise Refused(AGENCY_NAME_TAKEN)
    agency.name = name
    with _unique(AGENCY_NAME_TAKEN):
        agency.save(update_fields=["name"])
    return agency


@staff_action
def end_agency(*, by: User, agency: Agency) -> Agency:
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.ended_at is not None:
        raise Refused("This agency has ended already.")
    if agency.teams.filter(ended_at__isnull=True).exists():
        raise Refused("End the teams of this agency first.")
    Agency.objects.filter(pk=agency.pk).update(ended_at=Now())
    agency.refresh_from_db()
    return agency


def _refuse_contacts(agency: Agency, receives_contacts: bool) -> None:  # noqa: FBT001 -- a fact about the team
    if receives_contacts and agency.kind != AgencyKind.COUNCIL:
        raise Refused(COUNCIL_RECEIVES)


@staff_action
def create_team(*, by: User, agency: Agency, name: str, receives_contacts: bool = False) -> Team:
    """A team without standing access to anything: access to every file is not given on a page."""
    if agency.ended_at is not None:
        raise Refused("This agency has ended. Choose another.")
    _refuse_contacts(agency, receives_contacts)
    if Team.objects.filter(agency=agency, name__iexact=name).exists():
        raise Refused(TEAM_NAME_TAKEN)
    with _unique(TEAM_NAME_TAKEN):
        return Team.objects.create(agency=agency, name=name, receives_contacts=receives_contacts)


@staff_action
def update_team(*, by: User, team: Team, name: str, receives_contacts: bool) -> Team:
    """The name, and whether new contacts about children go to this team."""
    if team.ended_at is not None:
        raise Refused("This team has ended. Nothing about it can be changed.")
    _refuse_contacts(team.agency, receives_contacts)
    if Team.objects.filter(agency=team.agency_id, name__iexact=name).exclude(pk=team.pk).exists():
        raise Refused(TEAM_NAME_TAKEN)
    team.name, team.receives_contacts = name, receives_contacts
    with _unique(TEAM_NAME_TAKEN):
        team.save(update_fields=["name", "receives_contacts"])
    return team


def _holds_files(team: Team) -> bool:
    """Yes or no is all a system administrator learns of a team's files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.team_holds_files(%s)", [team.pk])
        return bool(cursor.fetchone()[0])


@staff_action
def end_team(*, by: User, team: Team) -> Team:
    """Ends a team and every role in it. Not while it holds files, which nobody would see any more."""
    team = Team.objects.select_for_update(of=("self",)).select_related("agency").get(pk=team.pk)
    members = list(User.objects.filter(memberships__team=team, memberships__ended_at__isnull=True).distinct())
    if team.ended_at is not None:
        raise Refused("This team has ended already.")
    if by in members:
        raise Refused("You cannot end a team that you are in. Ask another system administrator.")
    if _holds_files(team):
        raise Refused("This team still holds children’s files. Its manager must hand them to another team first.")
    _end_memberships(by, Membership.objects.filter(team=team))
    Team.objects.filter(pk=team.pk).update(ended_at=Now())
    _end_sessions(*members)
    team.refresh_from_db()
    return team
