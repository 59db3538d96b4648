"""Opening a file, and deciding who may see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from access.actions import case_action, part_of_action, role_action
from access.models import (
    Allocation,
    CaseAccess,
    CaseFile,
    ConflictExclusion,
    DisclosureDecision,
    ReadingAlert,
    Restriction,
)
from access.parts import SOCIAL_CARE_LABELS, Label
from access.permissions import NotAllowed, authorise
from access.refusals import Refused
from access.roles import SHAREABLE_LABELS, Action, Level
from access.selectors import grants_of, is_live, is_restricted, named_with_role
from accounts.models import Subject, Team, User
from accounts.roles import OVERSEERS, AgencyKind, Role

GROUNDS_NOT_TO_SHARE = (
    "It would harm the child more than it helps",
    "It is not relevant to what they do",
    "It would not be safe",
)
NOT_SHARED = "Not shared"
REASON_HOURS = 12  # local: how long a stated reason opens a file to somebody with city-wide access


class CannotShare(Refused):
    """A share or allocation that makes no sense. The text is a sentence for the person who tried."""


def _call(function: str, *arguments: Any) -> Any:
    """Calls one of the second wall's functions; its refusal becomes ours, with the same sentence."""
    places = ", ".join(["%s"] * len(arguments))
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}({places})", arguments)
            return cursor.fetchone()[0]
    except DatabaseError as error:
        cause = error.__cause__
        if getattr(cause, "sqlstate", None) == "42501":
            raise NotAllowed(str(cause.diag.message_primary)) from error  # type: ignore[union-attr]
        raise


def _call_or_explain(function: str, *arguments: Any) -> Any:
    """The same, where what the database refuses is a matter of what was asked for, not of who asks."""
    try:
        return _call(function, *arguments)
    except NotAllowed as refusal:
        raise CannotShare(str(refusal)) from refusal


def _grant(
    case: CaseFile, subject: Subject, source: str, labels: Iterable[Label], *, level: Level = Level.WORK,
    purpose: str, reason: str, until: datetime | None = None, basis: str = CaseAccess.LawfulBasis.PUBLIC_TASK,
) -> int:  # fmt: skip
    given = sorted(str(label) for label in labels)
    return int(
        _call("sec.grant_access", case.pk, subject.pk, int(level), given, source, purpose, str(basis), reason, until)
    )


@role_action(Action.OPEN_CASE)
def open_case(*, by: User, team: Team, reason: str) -> CaseFile:
    """Opens a new, empty file held by `team`: one `by` works in, or one that receives contacts."""
    labels = sorted(str(label) for label in SOCIAL_CARE_LABELS)
    case_id: UUID = _call("sec.open_case", team.pk, labels, reason)
    return CaseFile.objects.get(pk=case_id)


@case_action(Action.ALLOCATE)
def allocate(case: CaseFile, *, by: User, worker: User, team: Team, reason: str) -> Allocation:
    """Makes `worker`, a member of `team`, the one who leads on the file from now.

    The worker before and the team that held the file before lose what they held by it, at once. A restricted file is
    given to the worker alone.

    Raises:
        CannotShare: the worker is not in that team, or on a restricted file nobody who manages the team is named.
    """
    if not worker.memberships.filter(team=team, ended_at__isnull=True, user__is_active=True).exists():
        raise CannotShare(f"{worker.name} does not work in {team.name}. Choose somebody who does.")
    restricted = is_restricted(case)
    if restricted and not named_with_role(case, Role.TEAM_MANAGER, team):
        raise CannotShare(
            f"This file is restricted. First name a manager of {team.name} on it (Who can see this file)."
        )
    now = timezone.now()
    before = grants_of(case)
    Allocation.objects.filter(case=case, ended_at__isnull=True).update(ended_at=now)
    allocation = Allocation.objects.create(
        case=case, worker=worker, team=team, allocated_by=by, reason=reason, started_at=now
    )
    _grant(case, worker.subject, "allocation", SOCIAL_CARE_LABELS, purpose="Allocated worker", reason=reason)
    if not restricted:
        _grant(case, team.subject, "team", SOCIAL_CARE_LABELS, purpose="Direct work", reason=reason)
    ended = [grant.pk for grant in before if grant.source in ("allocation", "team") and is_live(grant, now)]
    _call("sec.revoke_access", ended)
    return allocation


@case_action(Action.SHARE)
def share(
    case: CaseFile, *, by: User, team: Team, labels: Iterable[Label], level: Level, purpose: str,
    lawful_basis: str, reason: str, until: datetime, agreement: str = DisclosureDecision.Agreement.NOT_ASKED,
    safe_to_tell_family: bool = False,
) -> CaseAccess:  # fmt: skip
    """Shares parts of the file with a team until a moment (aware; at most a year ahead), as a decision written down.

    Raises:
        CannotShare: a part that this kind of agency may not hold, or an end that has passed or is too far off.
    """
    if is_restricted(case) and level > Level.EXISTENCE:
        raise CannotShare("This file is restricted: it is given to people by name. Name them (Who can see this file).")
    wanted = _may_be_given(labels if level else (), team)
    _check_end(until)
    _decide_to_give(
        case, by, str(team), wanted, purpose=purpose, lawful_basis=lawful_basis, necessity=reason,
        agreement=agreement, safe_to_tell_family=safe_to_tell_family, expires_at=until,
        method="Told that there is a file" if level == Level.EXISTENCE else "Access to the file",
    )  # fmt: skip
    grant = _grant(
        case, team.subject, "share", wanted, level=level, purpose=purpose, reason=reason, until=until,
        basis=lawful_basis,
    )  # fmt: skip
    return next(one for one in grants_of(case) if one.pk == grant)


def _may_be_given(labels: Iterable[Label], team: Team) -> frozenset[Label]:
    """The labels, with the file itself, if this kind of agency may hold them all."""
    wanted = frozenset(labels) | {Label.CORE}
    refused = wanted - SHAREABLE_LABELS[AgencyKind(team.agency.kind)]
    if refused:
        raise CannotShare(f"{team.agency.name} may not be given: {', '.join(sorted(refused))}.")
    return wanted


def _check_end(until: datetime) -> None:
    now = timezone.now()
    if not now < until <= now.replace(year=now.year + 1, day=min(now.day, 28)):
        raise CannotShare("Choose an end date after today and within a year.")


def _decide_to_give(case: CaseFile, by: User, recipient: str, labels: Iterable[Label], **about: Any) -> None:
    """Writes down that something is given, to whom and why, before it is."""
    given = sorted(str(label) for label in labels)
    DisclosureDecision.objects.create(case=case, labels=given, recipient=recipient[:200], decided_by=by, **about)


@case_action(Action.SHARE)
def decide_not_to_share(
    case: CaseFile, *, by: User, recipient: str, asked_for: str, ground: str, reason: str
) -> DisclosureDecision:
    """Writes down that something was asked for and not given, and why (Children Act 2004 as amended: whoever holds it
    must share, unless that harms the child more).

    Args:
        ground: why not, in the words of `GROUNDS_NOT_TO_SHARE`.

    Raises:
        CannotShare: nobody, nothing or no reason is named.
    """
    if ground not in GROUNDS_NOT_TO_SHARE or not all(words.strip() for words in (recipient, asked_for, reason)):
        raise CannotShare("Say who asked, for what, and why it is not shared.")
    decision: DisclosureDecision = DisclosureDecision.objects.create(
        case=case, labels=[], recipient=recipient.strip()[:200], purpose=asked_for.strip()[:200],
        lawful_basis=CaseAccess.LawfulBasis.PUBLIC_TASK, necessity=f"{ground}. {reason.strip()}",
        agreement=DisclosureDecision.Agreement.NOT_ASKED, method=NOT_SHARED, decided_by=by,
    )  # fmt: skip
    return decision


@case_action(Action.SHARE)
def end_share(case: CaseFile, *, by: User, grant: CaseAccess) -> CaseAccess:
    """Ends a share now: the next click of whoever held it finds nothing."""
    _call("sec.revoke_access", [grant.pk])
    return grant


@part_of_action
def give_by_referral(case: CaseFile, *, by: User, team: Team, reason: str, until: datetime) -> int:
    """Opens the file itself (name, age and who leads) to the team that receives a referral, to look and add, until a
    moment (aware). Returns the grant's id. Part of sending the referral.

    Raises:
        CannotShare: the file is restricted, so no team is given it.
    """
    if is_restricted(case):
        raise CannotShare(
            "This file is restricted: no team is given it. Telephone one person there, and write it as a note."
        )
    return _grant(case, team.subject, "referral", [Label.CORE], purpose="Referral", reason=reason, until=until)


@part_of_action
def end_by_referral(case: CaseFile, *, by: User, grant: int) -> None:
    """Ends now what a referral gave. Its receiver may give it up; who sends referrals may take it back.

    After it the receiver sees nothing of the file, so it comes last in an action of theirs.
    """
    _call("sec.revoke_access", [grant])


@part_of_action
def invite(case: CaseFile, *, by: User, user: User, until: datetime, reason: str) -> int | None:
    """Lets somebody who is invited to a meeting open the file itself, not its parts, until a moment (aware).

    None if they hold the file until then already, by a grant of their own or of a team.

    Raises:
        CannotShare: the file is closed to this person.
    """
    subjects = {user.subject.pk, *(one.team.subject.pk for one in user.memberships.filter(ended_at__isnull=True))}
    held = [one for one in grants_of(case) if one.subject_id in subjects and is_live(one, timezone.now())]
    if any(one.level >= Level.WORK and (one.valid_until is None or one.valid_until >= until) for one in held):
        return None
    try:
        return _grant(case, user.subject, "invitation", {Label.CORE}, purpose="Meeting", reason=reason, until=until)
    except NotAllowed as refusal:
        raise CannotShare(str(refusal)) from refusal


@part_of_action
def end_invitation(case: CaseFile, *, by: User, user: User) -> None:
    """Ends what somebody holds of the file by invitation alone."""
    now = timezone.now()
    given = [one.pk for one in grants_of(case) if one.subject_id == user.subject.pk and one.source == "invitation"
             and is_live(one, now)]  # fmt: skip
    if given:
        _call("sec.revoke_access", given)


@part_of_action
def give_oversight(case: CaseFile, *, by: User, teams: Iterable[Team], reason: str) -> None:
    """Opens the file, without an end, to teams of Child Protection Managers or reviewing officers (ruling Q21).

    A team that holds it without an end already keeps what it has. A restricted file is opened to no team: somebody who
    oversees must be named on it.

    Raises:
        CannotShare: whoever causes it holds less of the file than those who oversee it need, or it is restricted and
            nobody who could oversee it is named.
    """
    wanted = list(teams)
    if is_restricted(case):
        if wanted and not any(named_with_role(case, role, team) for team in wanted for role in OVERSEERS):
            raise CannotShare(
                "This file is restricted. First ask a manager to name the Child Protection Manager or chair on it "
                "(Who can see this file)."
            )
        return
    held = {one.subject_id for one in grants_of(case) if one.valid_until is None}
    for team in wanted:
        if team.subject.pk not in held:
            _let_oversee(case, team, reason)


def _let_oversee(case: CaseFile, team: Team, reason: str) -> None:
    try:
        _grant(case, team.subject, "oversight", SOCIAL_CARE_LABELS, purpose="Oversight", reason=reason)
    except NotAllowed as refusal:
        raise CannotShare(f"{refusal} Ask somebody of the team that holds it to do this.") from refusal


@case_action(Action.RESTRICT)
def restrict(
    case: CaseFile, *, by: User, ground: str, reason: str, named: Iterable[User], aware: Iterable[Team]
) -> CaseFile:
    """Restricts the file to people by name, at once: what every team holds of it ends (DOMAIN 5.3).

    `by` and whoever leads are always among them.

    Args:
        ground: one of `Restriction.Ground`; never shown with the banner.
        named: who keeps what they hold of it today, by themselves and by their teams.
        aware: teams of the council that may know that there is a file, and whom to ask. Social care of these can open
            it in an emergency.

    Raises:
        CannotShare: no reason, a named person who cannot see the file now, or it is restricted already or closed.
    """
    if ground not in Restriction.Ground or not reason.strip():
        raise CannotShare("Say why this file is restricted.")
    people, teams = sorted(user.pk for user in named), sorted(team.pk for team in aware)
    _call_or_explain("sec.restrict_case", case.pk, str(ground), reason.strip(), people, teams)
    return case


@case_action(Action.RESTRICT)
def lift_restriction(case: CaseFile, *, by: User, reason: str) -> CaseFile:
    """Opens the file to its teams again, as they held it before and as far as that would still last.

    Raises:
        CannotShare: no reason, it is not restricted, or no team would hold it.
    """
    if not reason.strip():
        raise CannotShare("Say why the restriction is lifted.")
    _call_or_explain("sec.lift_restriction", case.pk, reason.strip())
    return case


@case_action(Action.RESTRICT)
def name_person(
    case: CaseFile, *, by: User, person: User, team: Team, labels: Iterable[Label], level: Level, purpose: str,
    lawful_basis: str, reason: str, until: datetime | None = None,
) -> int:  # fmt: skip
    """Names one more person on a restricted file, as somebody of one of their teams. Returns the grant's id.

    Args:
        until: the end (aware); None, for people of the council only, while the restriction lasts.

    Raises:
        CannotShare: a part that their agency may not hold, no end for somebody outside the council, an end that has
            passed or is too far off, a person who works in another team, or whom the file is closed to.
    """
    if not person.memberships.filter(team=team, ended_at__isnull=True, user__is_active=True).exists():
        raise CannotShare(f"{person.name} does not work in {team.name}.")
    if until is not None:
        _check_end(until)
    elif team.agency.kind != AgencyKind.COUNCIL:
        raise CannotShare("Choose an end date: only people of the council are named without one.")
    wanted = _may_be_given(labels, team)
    _decide_to_give(
        case, by, f"{person.name}, {team}", wanted, purpose=purpose, lawful_basis=lawful_basis, necessity=reason,
        agreement=DisclosureDecision.Agreement.NOT_ASKED, expires_at=until, method="Named on the restricted file",
    )  # fmt: skip
    try:
        return _grant(
            case, person.subject, "named", wanted, level=level, purpose=purpose, reason=reason, until=until,
            basis=lawful_basis,
        )  # fmt: skip
    except NotAllowed as refusal:
        raise CannotShare(str(refusal)) from refusal


@case_action(Action.RESTRICT)
def end_naming(case: CaseFile, *, by: User, grant: CaseAccess) -> CaseAccess:
    """Ends now what somebody holds by being named.

    Raises:
        CannotShare: they are the last manager named.
    """
    _call_or_explain("sec.revoke_access", [grant.pk])
    return grant


@role_action(Action.BREAK_GLASS)
def break_glass(*, by: User, case: CaseFile, reason: str) -> CaseFile:
    """Opens a restricted file that one knows to exist, to look, for `settings.EMERGENCY_HOURS`.

    The worker who leads, the managers named and the auditors are told in the same moment, and an auditor reviews it. A
    manager takes the file over by it where no manager is named on it any more.

    Raises:
        CannotShare: the reason is shorter than a sentence of 20 letters.
    """
    _call_or_explain("sec.break_glass", case.pk, reason, settings.EMERGENCY_HOURS)
    return case


@role_action(Action.REVIEW_EMERGENCIES)
def review_emergency(*, by: User, access: int, was_needed: bool, finding: str) -> None:
    """Writes down what an auditor found about one opening of a file for a reason or in an emergency. Once.

    Raises:
        CannotShare: no words, their own, or reviewed already.
    """
    if not finding.strip():
        raise CannotShare("Say what you found out.")
    _call_or_explain("sec.review_emergency", access, was_needed, finding.strip())


@role_action(Action.STATE_REASON)
def state_reason(*, by: User, case: CaseFile, reason: str) -> CaseFile:
    """Opens one file to somebody with city-wide access, for `REASON_HOURS`, with the reason kept."""
    _call("sec.state_reason", case.pk, reason, REASON_HOURS)
    return case


@case_action(Action.EXCLUDE)
def exclude(case: CaseFile, *, by: User, person: User, reason: str) -> int:
    """Closes the file to one person, at once and whatever they hold. They are not told."""
    if person == by:
        raise CannotShare("Ask another manager to close this file to you, so that somebody still leads on it.")
    return int(_call("sec.exclude", case.pk, person.pk, reason))


@role_action(Action.DECLARE_CONFLICT)
def declare_conflict(*, by: User, case: CaseFile, reason: str) -> CaseFile:
    """Closes the file to oneself, at once: a relative, a neighbour, the suspect's colleague.

    Also for who may only look, and so could not lock the file as other actions on it do.

    Raises:
        Refused: no reason, or they lead on the file, which somebody must.
    """
    if not reason.strip():
        raise Refused("Say how you know the child or family.")
    authorise(by, Action.DECLARE_CONFLICT, case)
    try:
        _call("sec.declare_conflict", case.pk, reason.strip())
    except NotAllowed as refusal:
        raise Refused(str(refusal)) from refusal
    return case


@role_action(Action.SEARCH_LEDGER)
def answer_alert(*, by: User, alert: ReadingAlert, answer: str) -> ReadingAlert:
    """Writes down what an auditor found out about unusual reading. Once, and not about themselves.

    Raises:
        Refused: no words, their own, or answered already.
    """
    if not answer.strip():
        raise Refused("Say what you found out.")
    if alert.person_id == by.pk:
        raise Refused("This is about you. Another auditor looks at it.")
    found = ReadingAlert.objects.filter(pk=alert.pk, answered_at__isnull=True)
    if not found.update(answer=answer.strip(), answered_by=by, answered_at=timezone.now()):
        raise Refused("Somebody else has answered this already.")
    return alert


@case_action(Action.EXCLUDE)
def end_exclusion(case: CaseFile, *, by: User, exclusion: ConflictExclusion) -> ConflictExclusion:
    """Opens the file again to a person who was excluded, as far as they hold access."""
    _call("sec.end_exclusion", exclusion.pk)
    return exclusion
