"""From records to what the pages of meetings show. Templates contain no rule and no query."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from access.roles import Action
from accounts.models import Membership
from children.models import Child, Person
from deadlines.models import Deadline
from deadlines.presenters import by_whose_rule, due_marker, what_is_due
from meetings.checks import COMES
from meetings.models import (
    AgencyConsultation,
    Invitation,
    Meeting,
    MeetingDecision,
    StrategyOutcome,
    TaskingListing,
    ThresholdDiscussion,
)
from meetings.rules import EXPECTED, STRATEGY
from meetings.safety import NOT_INVITED, Complicity, Standing
from meetings.selectors import kind_awaited
from meetings.threshold.services import LEVELS
from ui.dates import long_date, short_moment

State, Reply = Meeting.State, Invitation.Reply
STATE_COLOURS = {State.ARRANGED: "blue", State.HELD: "green", State.CANCELLED: "grey"}
REPLY_COLOURS = {
    Reply.INVITED: "yellow", Reply.ACCEPTED: "green", Reply.APOLOGIES: "grey", Reply.DEPUTY: "blue",
    Reply.NOT_INVITED: "red", Reply.HELD: "orange",
}  # fmt: skip
LEVEL_NAMES = dict(LEVELS)

Rows = list[dict[str, str]]


def _rows(*facts: tuple[str, str]) -> Rows:
    return [{"key": key, "value": value} for key, value in facts if value]


def state_tag(meeting: Meeting, now: datetime) -> dict[str, str]:
    if meeting.state == State.ARRANGED and meeting.starts_at < now:
        return {"text": "Not recorded yet", "colour": "yellow"}
    return {"text": meeting.get_state_display(), "colour": STATE_COLOURS[State(meeting.state)]}


def meeting_groups(meetings: Iterable[Meeting], now: datetime) -> list[dict[str, Any]]:
    """The meetings of a file, given latest first: those to come with the soonest first, then the held and cancelled."""
    of: dict[str, list[Meeting]] = {state: [one for one in meetings if one.state == state] for state in State}
    groups = (
        ("Meetings to come", reversed(of[State.ARRANGED])),
        ("Meetings held", of[State.HELD]),
        ("Meetings cancelled", of[State.CANCELLED]),
    )
    found = [{"title": title, "lines": [meeting_line(one, now) for one in some]} for title, some in groups]
    return [group for group in found if group["lines"]]


def meeting_line(meeting: Meeting, now: datetime) -> dict[str, Any]:
    """A meeting as a row of a list."""
    at = meeting.held_at or meeting.starts_at
    return {
        "href": reverse("meeting", args=[meeting.case_id, meeting.pk]),
        "title": meeting.get_kind_display(),
        "at": short_moment(at),
        "place": meeting.place,
        "chair": meeting.chair_name,
        "state": state_tag(meeting, now),
    }


def my_meeting_line(meeting: Meeting, child: Child | None, now: datetime) -> dict[str, Any]:
    about = {"child": str(child) if child else "A child", "reference": meeting.case.reference}
    return {**meeting_line(meeting, now), **about}


def limit_task(
    clock: Deadline, now: datetime, *, may_arrange: bool, may_discuss: bool, without_outcome: Meeting | None = None
) -> dict[str, Any]:
    """A clock that a meeting stops, with where that is arranged.

    Args:
        without_outcome: the strategy discussion that was held, while its outcome is not recorded yet.
    """
    case = [clock.case_id]
    href = ""
    if clock.rule_id == "TG-THRESHOLD" and may_discuss:
        href = reverse("hold_threshold", args=case)
    elif without_outcome and may_arrange and kind_awaited(clock) == STRATEGY:
        href = reverse("record_strategy", args=[*case, without_outcome.pk])
    elif may_arrange and kind_awaited(clock):
        href = f"{reverse('arrange_meeting', args=case)}?kind={kind_awaited(clock)}"
    return {"text": what_is_due(clock), "hint": by_whose_rule(clock), "href": href, "due": due_marker(clock, now)}


def limit_sentence(meeting: Meeting, clock: Deadline | None) -> str:
    """Whether a meeting that is arranged keeps its limit, as a sentence; nothing where none runs."""
    if clock is None or meeting.state != State.ARRANGED:
        return ""
    limit = limit_words(clock)
    if is_too_late(meeting, clock):
        return f"It is arranged for after its limit, {limit} ({what_is_due(clock)}). Arrange an earlier day."
    return f"Its limit is {limit} ({what_is_due(clock)})."


def is_too_late(meeting: Meeting, clock: Deadline | None) -> bool:
    """It is arranged for after the limit that it has to keep."""
    return clock is not None and meeting.state == State.ARRANGED and meeting.starts_at > clock.limit_at


def limit_words(clock: Deadline) -> str:
    """The last day, and where that is no working day the one before it, by which it is booked."""
    booked = long_date(clock.book_by) if clock.book_by and clock.book_by != clock.limit_on else ""
    return f"{long_date(clock.limit_at)}, booked for {booked} or before" if booked else long_date(clock.limit_at)


def limit_line(clock: Deadline) -> dict[str, str]:
    """By when a kind of meeting is due, and by whose rule."""
    return {"text": f"{what_is_due(clock)}: by {limit_words(clock)}.", "rule": by_whose_rule(clock)}


def meeting_rows(meeting: Meeting) -> Rows:
    review = f"Yes. {meeting.review_statement}".strip() if meeting.counts_as_review else ""
    return _rows(
        ("Begins", short_moment(meeting.starts_at)),
        ("Held", short_moment(meeting.held_at) if meeting.held_at else ""),
        ("Where", meeting.place),
        ("Chair", meeting.chair_name),
        ("What people need", meeting.access_needs),
        ("Who belongs there", ", ".join(EXPECTED.get(meeting.kind, ()))),
        ("Cancelled because", meeting.cancel_reason),
        ("What was discussed", meeting.summary),
        ("How the child took part", meeting.child_took_part),
        ("Counts as the CRE review", review),
        ("Next one", long_date(meeting.next_on) if meeting.next_on else ""),
    )


def meeting_buttons(meeting: Meeting, allowed: frozenset[Action], *, has_strategy: bool) -> list[dict[str, str]]:
    """What may be done with a meeting now, the commonest first."""
    is_open, was_held = meeting.state == State.ARRANGED, meeting.state == State.HELD
    offered = (
        ("Record the meeting", "record_meeting", Action.RECORD_MEETING, is_open),
        ("Invite a professional", "invite_professional", Action.ARRANGE_MEETING, is_open),
        ("Invite a parent or relative", "invite_family", Action.ARRANGE_MEETING, is_open),
        ("Invite the child", "invite_child", Action.ARRANGE_MEETING, is_open),
        ("Cancel it", "cancel_meeting", Action.ARRANGE_MEETING, is_open),
        ("Record the outcome", "record_strategy", Action.RECORD_MEETING,
         was_held and meeting.kind == STRATEGY and not has_strategy),
        ("Add a decision", "add_decision", Action.RECORD_MEETING, was_held),
    )  # fmt: skip
    return [
        {"text": text, "href": reverse(name, args=[meeting.case_id, meeting.pk])}
        for text, name, action, fits in offered
        if fits and action in allowed
    ]


def invitation_row(
    one: Invitation, meeting: Meeting, allowed: frozenset[Action], own: frozenset[int]
) -> dict[str, Any]:
    """Somebody on the list. `own`: invitations this person answers for their agency."""
    note = [one.not_invited_because, "Comes to a part of their own" if one.apart else "",
            f"By way of: {one.by_way_of}" if one.by_way_of else ""]  # fmt: skip
    if one.decided_by and one.reply == Reply.NOT_INVITED:
        note.append(f"Decided by {one.decided_by.name}")
    return {
        "name": one.name,
        "of": one.agency_name or one.get_of_display(),
        "reply": {"text": one.get_reply_display(), "colour": REPLY_COLOURS[Reply(one.reply)]},
        "attended": _attended(one, meeting),
        "note": ". ".join(part.rstrip(".") for part in note if part),
        "report": one.report,
        "links": _invitation_links(one, meeting, allowed, own),
    }


def _attended(one: Invitation, meeting: Meeting) -> str:
    if one.attendance:
        return one.get_attendance_display()
    return "Was not invited" if meeting.state == State.HELD else "Not held yet"


def _invitation_links(
    one: Invitation, meeting: Meeting, allowed: frozenset[Action], own: frozenset[int]
) -> list[dict[str, str]]:
    is_open = meeting.state == State.ARRANGED
    answers, is_own = is_open and one.reply in COMES, one.pk in own and Action.REPLY_TO_INVITATION in allowed
    offered = (
        ("Record their answer", "record_reply", answers and Action.ARRANGE_MEETING in allowed),
        ("Answer", "reply_to_invitation", answers and is_own),
        ("Send a report", "send_meeting_report", meeting.state != State.CANCELLED and is_own),
        ("Decide", "decide_invitation", is_open and bool(one.person_id) and Action.DECIDE_COMPLICITY in allowed),
    )
    return [
        {"text": text, "href": reverse(name, args=[one.case_id, one.pk]), "about": one.name}
        for text, name, fits in offered
        if fits
    ]


def decision_card(decision: MeetingDecision, *, may_record: bool) -> dict[str, Any]:
    """A numbered decision with who does not agree, and what may be added to it."""
    args = [decision.case_id, decision.pk]
    links = [("Add an action", "add_meeting_action"), ("Somebody does not agree", "record_dissent")]
    return {
        "title": f"Decision {decision.number}",
        "text": decision.text,
        "agreed": decision.get_agreed_display(),
        "dissent": [_dissent(one) for one in decision.dissent],  # type: ignore[attr-defined]
        "links": [{"text": text, "href": reverse(name, args=args)} for text, name in links if may_record],
    }


def _dissent(one: Any) -> str:
    return f"{one.who} does not agree: {one.reason}" + (f" What they do: {one.escalation}" if one.escalation else "")


def strategy_rows(outcome: StrategyOutcome) -> Rows:
    met = f"Yes: {outcome.get_enquiry_display()}" if outcome.s47_met else "No"
    return _rows(
        ("Section 47 test met", met),
        ("Who sees the child", outcome.who_sees_child),
        ("What keeps the child safe now", outcome.immediate_safety),
        ("Medical examination", outcome.medical),
        ("Other children at risk", outcome.others_at_risk),
        ("Disruption", outcome.disruption),
        ("Reason", outcome.reason),
    )


def consultation_rows(asked: Iterable[AgencyConsultation]) -> list[list[str]]:
    return [[one.agency_name, f"{one.person_name}, {long_date(one.on)}", one.view] for one in asked]


def threshold_event(discussion: ThresholdDiscussion) -> dict[str, Any]:
    """A threshold discussion as an event of a timeline."""
    level = LEVEL_NAMES.get(discussion.level, discussion.level)
    return {
        "title": f"Threshold discussion: {discussion.get_outcome_display()}",
        "by": f"{discussion.manager.name} and {discussion.cpm.name}",
        "at": short_moment(discussion.held_at),
        "text": f"{discussion.reason} Level: {level.lower()}.",
    }


def listing_rows(listing: TaskingListing) -> Rows:
    return _rows(
        ("State", listing.get_state_display()),
        ("Since", short_moment(listing.listed_at)),
        ("Why", listing.why),
        ("Next tasking meeting", long_date(listing.next_on) if listing.next_on else ""),
        ("Discussed", long_date(listing.discussed_on) if listing.discussed_on else ""),
        ("What was agreed", listing.outcome),
    )


def tasking_line(listing: TaskingListing, child: Child | None, *, may_record: bool) -> dict[str, Any]:
    """A child as a row of the tasking list, with where what was agreed is written down."""
    return {
        "child": str(child) if child else "A child",
        "reference": listing.case.reference,
        "href": reverse("case_file", args=[listing.case_id]),
        "why": listing.why,
        "since": long_date(listing.listed_at),
        "next": long_date(listing.next_on) if listing.next_on else "Not fixed yet",
        "record": reverse("record_tasking", args=[listing.case_id, listing.pk]) if may_record else "",
    }


def member_choice(one: Membership) -> tuple[str, str]:
    """Somebody with an account as a choice."""
    job = one.user.job_title or one.team.name
    return str(one.user_id), f"{one.user.name}, {job}, {one.team.agency.name}"


def family_choices(
    people: Iterable[Person], known: Mapping[int, Standing]
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Parents and relatives as choices, and beside each what choosing them means where a decision stands."""
    people = list(people)
    choices = [(str(one.pk), f"{one.name}, {one.get_relationship_display().lower()}") for one in people]
    hints = {str(one.pk): _standing_words(known[one.pk]) for one in people if one.pk in known}
    return choices, {pk: words for pk, words in hints.items() if words}


def _standing_words(standing: Standing) -> str:
    if standing.is_never_invited:
        return f"Cannot be invited. {NOT_INVITED} Choosing them records that."
    if standing.is_held:
        return "Held: a manager or the chair decides before anything is sent."
    return "Invited to a part of their own: not together with other family." if standing.unsafe_to_meet_together else ""


def standing_rows(invitation: Invitation, standing: Standing) -> Rows:
    """What whoever decides on an invitation has to know of the person; only they are shown it (R15)."""
    person = invitation.person
    if person is None:
        return []
    unsafe = (
        ("Unsafe to contact", standing.unsafe_to_contact),
        ("Unsafe to meet together with others", standing.unsafe_to_meet_together),
    )
    return _rows(
        ("Relationship", person.get_relationship_display()),
        ("Parental responsibility", person.get_parental_responsibility_display()),
        ("Complicity", Complicity(standing.complicity).label),
        ("Safety", ". ".join(words for words, is_so in unsafe if is_so)),
        ("The invitation", invitation.get_reply_display()),
    )
