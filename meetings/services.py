"""Arranging a meeting, and recording what it decided."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from access.actions import case_action
from access.models import Allocation, CaseFile
from access.refusals import Refused
from access.roles import Action
from access.services import end_invitation, give_oversight
from access.standing import read_standing
from access.versions import save_version
from accounts.models import Agency, Team, User
from accounts.roles import OVERSEERS, Role
from assessments.decisions.guard import current_tier
from assessments.decisions.services import REVIEWS
from assessments.models import Assessment
from children.models import Person
from deadlines.models import Deadline
from deadlines.services import start_clock, stop_clock
from meetings.checks import COMES, not_to_come, said, still_arranged
from meetings.models import Dissent, Invitation, Meeting, MeetingDecision
from meetings.rules import CONFERENCES, FROM_NOTHING, ROWS, STARTS, STOPS
from plans.models import PlanItem
from plans.services import add_action


def _check_chair(case: CaseFile, kind: str, chair: User | None) -> None:
    """A conference is chaired by somebody who does not manage the case (DOMAIN 8)."""
    if kind not in CONFERENCES or chair is None:
        return
    lead = Allocation.objects.filter(case=case, ended_at__isnull=True).first()
    posts = read_standing(chair).posts
    manages = any(post.role == Role.TEAM_MANAGER and (not lead or post.team_id == lead.team_id) for post in posts)
    if manages or (lead and lead.worker_id == chair.pk):
        raise Refused(f"{chair.name} works on or manages this case. Choose an independent chair.")


@case_action(Action.ARRANGE_MEETING)
def arrange_meeting(
    case: CaseFile, *, by: User, kind: str, starts_at: datetime, place: str, chair: User | None = None,
    chair_name: str = "", access_needs: str = "",
) -> Meeting:  # fmt: skip
    """Arranges a meeting about one child.

    Args:
        kind: a key of `meetings.kinds.MeetingKind`, lower case. starts_at: aware, to come.
        chair: somebody with an account, or `chair_name`. access_needs: interpreter, accessibility, advocate.

    Raises:
        Refused: it begins in the past, has no place or chair, or a conference has a chair who manages the case.
    """
    if starts_at < timezone.now():
        raise Refused("A meeting is arranged for a time to come.")
    if chair is None and kind in CONFERENCES:
        raise Refused("Choose the chair: a conference or review has an independent chair with an account here.")
    name = chair.name if chair else said(chair_name, "Say who chairs the meeting.")
    _check_chair(case, kind, chair)
    meeting: Meeting = Meeting.objects.create(
        case=case, kind=kind, starts_at=starts_at, place=said(place, "Say where the meeting is held."),
        chair=chair, chair_name=name, access_needs=access_needs.strip(), author=by,
    )  # fmt: skip
    if chair is not None:
        _show_to_chair(meeting, by, chair)
    return meeting


def _show_to_chair(meeting: Meeting, by: User, chair: User) -> None:
    """Opens the file to the team of a chair who oversees: an independent chair reads it before the meeting."""
    posts = [post.team_id for post in read_standing(chair).posts if post.role in OVERSEERS]
    teams = Team.objects.filter(pk__in=posts).select_related("subject")
    give_oversight(meeting.case, by=by, teams=teams, reason=f"{chair.name} chairs a meeting about the child")


@case_action(Action.ARRANGE_MEETING)
def cancel_meeting(meeting: Meeting, *, by: User, version: int, reason: str) -> Meeting:
    """Cancels a meeting, with the reason. Access that came by its invitations alone ends at once."""
    still_arranged(meeting)
    changes: dict[str, Any] = {"state": Meeting.State.CANCELLED, "cancel_reason": said(reason, "Say why.")}
    cancelled = save_version(meeting, version, **changes)
    invited = Invitation.objects.filter(meeting=meeting, user__isnull=False).select_related("user__subject")
    for invitation in invited:
        others = Invitation.objects.filter(case=meeting.case_id, user=invitation.user).exclude(meeting=meeting)
        if not others.filter(meeting__state=Meeting.State.ARRANGED).exists():
            end_invitation(meeting.case, by=by, user=invitation.user)
    return cancelled


@case_action(Action.RECORD_MEETING)
def record_meeting(
    meeting: Meeting, *, by: User, version: int, held_at: datetime, attendance: Mapping[int, str], summary: str,
    child_took_part: str, counts_as_review: bool = False, review_statement: str = "", next_on: date | None = None,
) -> Meeting:  # fmt: skip
    """Records that a meeting was held. Its clocks stop, those that follow from it start, at the time it was held.

    Args:
        held_at: aware. attendance: of each invitation that was made, by its id.
        counts_as_review: it is the CRE review too (BR-16, ruling Q14); the review clock starts anew.
        review_statement: the signed "no change"; needed where no assessment was submitted since the clock began.

    Raises:
        Refused: something is missing or to come; StaleRecord: somebody saved it meanwhile.
    """
    current = still_arranged(meeting)
    not_to_come(held_at, "The time at which it was held")
    took_part = said(child_took_part, "Say how the child took part, or why not.")
    _record_attendance(current, attendance)
    if counts_as_review:
        _review(current, by, held_at, review_statement)
    changes: dict[str, Any] = {
        "state": Meeting.State.HELD, "held_at": held_at, "summary": said(summary, "Write what was discussed."),
        "child_took_part": took_part, "counts_as_review": counts_as_review,
        "review_statement": review_statement.strip(), "next_on": next_on,
    }  # fmt: skip
    held = save_version(current, version, **changes)
    _move_clocks(held, by, held_at)
    return held


def _record_attendance(meeting: Meeting, attendance: Mapping[int, str]) -> None:
    for one in Invitation.objects.filter(meeting=meeting, reply__in=COMES):
        given = attendance.get(one.pk, "")
        if given not in Invitation.Attendance.values:
            raise Refused(f"Say whether {one.name} attended.")
        save_version(one, one.version, attendance=given)


def _review(meeting: Meeting, by: User, held_at: datetime, statement: str) -> None:
    """Restarts the review clock of the tier in effect."""
    tier = current_tier(meeting.case)
    if tier is None or tier.tier not in REVIEWS:
        raise Refused("No tier is in effect, so there is no review to count this meeting as.")
    if held_at < tier.from_at:
        raise Refused("The meeting was held before the tier took effect, so it cannot be its review.")
    rule = REVIEWS[tier.tier]
    running = Deadline.objects.filter(case=meeting.case_id, rule_id=rule, state=Deadline.State.OPEN).first()
    since = running.started_at if running else tier.from_at
    submitted = Assessment.objects.filter(
        case=meeting.case_id, submitted_at__gt=since, submitted_at__lte=timezone.now()
    )
    if not statement.strip() and not submitted.exists():
        raise Refused("Nothing was assessed anew. Write and sign the statement that the risk has not changed, and why.")
    stop_clock(meeting.case, by=by, rule_id=rule, done_at=held_at)
    start_clock(meeting.case, by=by, rule_id=rule, started_at=held_at)


def _move_clocks(meeting: Meeting, by: User, at: datetime) -> None:
    case = meeting.case
    for rule, about in STOPS.get(meeting.kind, ()):
        stop_clock(case, by=by, rule_id=rule, about=about, done_at=at)
    for rule in STARTS.get(meeting.kind, ()):
        start_clock(case, by=by, rule_id=rule, started_at=at)
    row = ROWS.get(meeting.kind, ())
    stopped = [rule for rule in row if stop_clock(case, by=by, rule_id=rule, done_at=at)]
    if row:
        following = row[min(row.index(stopped[-1]) + 1, len(row) - 1)] if stopped else FROM_NOTHING[meeting.kind]
        start_clock(case, by=by, rule_id=following, started_at=at)


def _held(meeting: Meeting) -> Meeting:
    current = Meeting.objects.get(pk=meeting.pk)
    if current.state != Meeting.State.HELD:
        raise Refused("Record that the meeting was held first.")
    return current


@case_action(Action.RECORD_MEETING)
def record_decision(meeting: Meeting, *, by: User, text: str, agreed: str) -> MeetingDecision:
    """Records the next numbered decision. `agreed`: "all", "majority" or "chair"."""
    held = _held(meeting)
    last = MeetingDecision.objects.filter(meeting=held).aggregate(last=Max("number"))["last"] or 0
    decision: MeetingDecision = MeetingDecision.objects.create(
        case=held.case, meeting=held, number=last + 1, text=said(text, "Write what was decided."), agreed=agreed,
        agencies=held.agencies, author=by,
    )  # fmt: skip
    return decision


@case_action(Action.RECORD_MEETING)
def record_dissent(decision: MeetingDecision, *, by: User, who: str, reason: str, escalation: str = "") -> Dissent:
    """Records that an agency does not agree, why, and what it does about it."""
    dissent: Dissent = Dissent.objects.create(
        case=decision.case, decision=decision, who=said(who, "Say who does not agree."),
        reason=said(reason, "Say why they do not agree."), escalation=escalation.strip(),
        agencies=decision.agencies, author=by,
    )  # fmt: skip
    return dissent


@case_action(Action.RECORD_MEETING)
def add_meeting_action(
    decision: MeetingDecision, *, by: User, title: str, owner: User | None = None, owner_person: Person | None = None,
    owner_name: str = "", agency: Agency | None = None, due_on: date | None = None, measure: str = "",
) -> PlanItem:  # fmt: skip
    """An action that a decision agreed. It is part of the plan at once and cites its meeting and decision (Q11)."""
    meeting = decision.meeting
    held = timezone.localdate(meeting.held_at)
    item: PlanItem = add_action(
        decision.case, by=by, title=title, source=PlanItem.Source.MEETING, owner=owner, owner_person=owner_person,
        owner_name=owner_name, agency=agency, due_on=due_on, measure=measure,
        agreed_at=f"{meeting.get_kind_display()} {held:%-d %B %Y}, decision {decision.number}",
    )  # fmt: skip
    return item


@case_action(Action.RECORD_MEETING)
def record_decisions(meeting: Meeting, *, by: User, decisions: Sequence[Mapping[str, Any]]) -> Meeting:
    """Records several decisions in one go, each with its dissent and its action where it has them.

    Args:
        decisions: each with `text` and `agreed`; `dissent_who`, `dissent_reason`, `escalation`; `action`, `owner_name`,
            `agency`, `due_on`, `measure`.
    """
    if not decisions:
        raise Refused("Write at least one decision.")
    for one in decisions:
        decision = record_decision(meeting, by=by, text=one["text"], agreed=one["agreed"])
        if one.get("dissent_who"):
            record_dissent(
                decision, by=by, who=one["dissent_who"], reason=one.get("dissent_reason", ""),
                escalation=one.get("escalation", ""),
            )  # fmt: skip
        if one.get("action"):
            add_meeting_action(
                decision, by=by, title=one["action"], owner_name=one.get("owner_name", ""), agency=one.get("agency"),
                due_on=one.get("due_on"), measure=one.get("measure", ""),
            )  # fmt: skip
    return Meeting.objects.get(pk=meeting.pk)
