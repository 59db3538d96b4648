"""Inviting professionals, the child and each parent or carer; deciding on those held; what each answers."""

from django.utils import timezone

from access.actions import case_action, part_of_action
from access.permissions import NotAllowed, sentence
from access.refusals import Refused
from access.roles import Action
from access.services import invite
from access.standing import read_standing
from access.versions import save_version
from accounts.models import Agency, User
from children.models import Child, Person
from meetings.checks import COMES, said, still_arranged
from meetings.models import Invitation, Meeting
from meetings.rules import ACCESS_AFTER
from meetings.safety import (
    NOT_INVITED,
    Standing,
    chair_decides,
    excluded_people,
    is_chair,
    shared_with,
    standings,
    unsafe_way,
)

ANSWERS = frozenset({Invitation.Reply.ACCEPTED, Invitation.Reply.APOLOGIES, Invitation.Reply.DEPUTY})


@case_action(Action.ARRANGE_MEETING)
def invite_professional(
    meeting: Meeting, *, by: User, user: User | None = None, name: str = "", agency: Agency | None = None,
    agency_name: str = "",
) -> Invitation:  # fmt: skip
    """Invites a professional: somebody with an account, who may then open the file, or somebody by name.

    Access covers the file itself (who the child is) until `ACCESS_AFTER` the meeting, and their own agency's items.

    Raises:
        Refused: they were invited before, have no post, or the file is closed to them.
    """
    current = still_arranged(meeting)
    if user is None:
        made = _add(
            current, by=by, of=Invitation.Of.PROFESSIONAL, name=said(name, "Say whom you invite."), agency=agency,
            agency_name=said(agency_name or str(agency or ""), "Say for which agency."),
        )  # fmt: skip
        _tell_agency(current, agency)
        return made
    if Invitation.objects.filter(meeting=current, user=user).exists():
        raise Refused(f"{user.name} is on the list already.")
    posts = read_standing(user).posts
    if not posts:
        raise Refused(f"{user.name} has no role at present. Invite somebody who has.")
    theirs = next((post for post in posts if agency is None or post.agency_id == agency.pk), posts[0])
    of = Agency.objects.get(pk=theirs.agency_id)
    made = _add(
        current, by=by, of=Invitation.Of.PROFESSIONAL, name=user.name, user=user, agency=of, agency_name=of.name
    )
    if not theirs.in_council:
        _tell_agency(current, of)
    if user != by:
        until = max(current.starts_at, timezone.now()) + ACCESS_AFTER
        invite(current.case, by=by, user=user, until=until, reason=f"Invited: {current.get_kind_display()}")
    return made


@part_of_action
def _add(meeting: Meeting, *, by: User, **about: object) -> Invitation:
    made: Invitation = Invitation.objects.create(case=meeting.case, meeting=meeting, invited_by=by, **about)
    return made


def _tell_agency(meeting: Meeting, agency: Agency | None) -> None:
    """The meeting is the own item of each agency invited."""
    if agency and agency.pk not in meeting.agencies:
        save_version(meeting, meeting.version, agencies=sorted({*meeting.agencies, agency.pk}))
        meeting.refresh_from_db()


@case_action(Action.ARRANGE_MEETING)
def invite_child(meeting: Meeting, *, by: User, by_way_of: str) -> Invitation:
    """Invites the child. The invitation never passes through an adult who must not be reached (BR-08)."""
    current = still_arranged(meeting)
    way = said(by_way_of, "Say how the invitation reaches the child safely.")
    wrong = unsafe_way(way, excluded_people(current.case))
    if wrong:
        raise Refused(wrong)
    if Invitation.objects.filter(meeting=current, of=Invitation.Of.CHILD).exists():
        raise Refused("The child is on the list already.")
    name = str(Child.objects.get(case=current.case_id))
    return _add(current, by=by, of=Invitation.Of.CHILD, name=name, by_way_of=way)


@case_action(Action.ARRANGE_MEETING)
def invite_family(
    meeting: Meeting, *, by: User, person: Person, by_way_of: str = "", shared_is_safe: bool = False
) -> Invitation:
    """Invites one parent, carer or relative, each by themselves (BR-08, ruling Q5).

    Considered complicit: recorded as not invited; one with parental responsibility, for a conference, waits for the
    chair to record the exclusion. Suspected, or unsafe to contact: held. Unsafe to meet together: apart.

    Args:
        shared_is_safe: the worker has seen the warning that an excluded adult shares an address, phone or email, and
            made sure that the invitation does not reach them.

    Raises:
        Refused: they are on the list already, or the invitation could reach somebody who is excluded.
    """
    current = still_arranged(meeting)
    if person.case_id != current.case_id or person.ended_at:
        raise Refused("Choose somebody of this child’s family as it is today.")
    if Invitation.objects.filter(meeting=current, person=person).exists():
        raise Refused(f"{person.name} is on the list already.")
    known = standings(current.case)
    standing = known.get(person.pk, Standing())
    about = {"of": Invitation.Of.FAMILY, "name": person.name, "person": person, "by_way_of": by_way_of.strip()}
    if standing.is_never_invited and not chair_decides(current, person):
        return _add(current, by=by, **about, reply=Invitation.Reply.NOT_INVITED, not_invited_because=NOT_INVITED,
                    decided_by_id=standing.decided_by)  # fmt: skip
    if standing.is_excluded:
        return _add(current, by=by, **about, reply=Invitation.Reply.HELD, apart=standing.unsafe_to_meet_together)
    excluded = excluded_people(current.case, known)
    wrong = unsafe_way(by_way_of, excluded)
    if wrong:
        raise Refused(wrong)
    warnings = shared_with(person, excluded)
    if warnings and not (shared_is_safe and by_way_of.strip()):
        raise Refused(f"{' '.join(warnings)} Say how the invitation reaches {person.name} safely, and confirm it.")
    return _add(current, by=by, **about, apart=standing.unsafe_to_meet_together)


@case_action(Action.DECIDE_COMPLICITY)
def decide_invitation(
    invitation: Invitation, *, by: User, version: int, is_invited: bool, reason: str = "",
    legal_advice_taken: bool | None = None, by_way_of: str = "",
) -> Invitation:  # fmt: skip
    """A manager or chair decides on an invitation that is held, or leaves somebody out of a meeting, with the reason.

    Args:
        legal_advice_taken: asked where somebody with parental responsibility is left out of a conference or review;
            None is no answer.

    Raises:
        Refused: no reason, considered complicit, or the chair must decide; StaleRecord.
    """
    current = Invitation.objects.select_related("person").get(pk=invitation.pk)
    meeting = still_arranged(current.meeting)
    if current.person is None:
        raise Refused("Only an invitation of a parent, carer or relative is decided on.")
    if is_invited:
        return _release(current, by, version, by_way_of)
    because = said(reason, "Say why this person is not invited.")
    if chair_decides(meeting, current.person):
        if not is_chair(meeting, by):
            raise Refused("Leaving out somebody with parental responsibility is the chair’s decision. Ask the chair.")
        if legal_advice_taken is None:
            raise Refused("This person has legal rights. Say whether legal advice was taken.")
    left_out: Invitation = save_version(
        current, version, reply=Invitation.Reply.NOT_INVITED, not_invited_because=because, decided_by=by,
        legal_advice_taken=bool(legal_advice_taken), attendance="",
    )  # fmt: skip
    return left_out


def _release(invitation: Invitation, by: User, version: int, by_way_of: str) -> Invitation:
    known = standings(invitation.case)
    standing = known.get(invitation.person_id or 0, Standing())
    if standing.is_never_invited:
        raise Refused("This person is considered complicit and is never invited. Only clearing them changes that.")
    if invitation.reply in COMES:
        raise Refused("This person is invited already.")
    way = by_way_of.strip() or invitation.by_way_of
    if standing.unsafe_to_contact and not way:
        raise Refused("This person is unsafe to contact. Say how the invitation reaches them safely.")
    others = [one for one in excluded_people(invitation.case, known) if one.pk != invitation.person_id]
    wrong = unsafe_way(way, others)
    if wrong:
        raise Refused(wrong)
    return save_version(
        invitation, version, reply=Invitation.Reply.INVITED, not_invited_because="", decided_by=by, by_way_of=way,
        apart=standing.unsafe_to_meet_together,
    )  # fmt: skip


def _answer(invitation: Invitation, version: int, reply: str) -> Invitation:
    current = Invitation.objects.get(pk=invitation.pk)
    if reply not in ANSWERS:
        raise Refused("Say whether they come, send apologies or send a deputy.")
    if current.reply not in COMES:
        raise Refused("This person has not been invited.")
    return save_version(current, version, reply=reply)


@case_action(Action.ARRANGE_MEETING)
def record_reply(invitation: Invitation, *, by: User, version: int, reply: str) -> Invitation:
    """Writes down what somebody answered by phone or in person."""
    still_arranged(invitation.meeting)
    return _answer(invitation, version, reply)


@case_action(Action.REPLY_TO_INVITATION)
def reply_to(invitation: Invitation, *, by: User, version: int, reply: str) -> Invitation:
    """An agency answers its own invitation: "accepted", "apologies" or "deputy"."""
    own = _own(invitation, by)
    if own.meeting.state != Meeting.State.ARRANGED:
        raise Refused("This meeting has been held or cancelled; an answer is no longer needed.")
    return _answer(own, version, reply)


@case_action(Action.REPLY_TO_INVITATION)
def send_report(invitation: Invitation, *, by: User, version: int, report: str) -> Invitation:
    """An agency sends its report for the meeting, before or after it."""
    own = _own(invitation, by)
    if own.meeting.state == Meeting.State.CANCELLED:
        raise Refused("This meeting was cancelled.")
    return save_version(own, version, report=said(report, "Write the report."))


def _own(invitation: Invitation, by: User) -> Invitation:
    found: Invitation | None = (
        Invitation.objects.allowing(by, Action.REPLY_TO_INVITATION)
        .select_related("meeting")
        .filter(pk=invitation.pk)
        .first()
    )
    if found is None:
        raise NotAllowed(sentence(Action.REPLY_TO_INVITATION))
    return found
