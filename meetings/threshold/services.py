"""Consulting agencies, the threshold discussion (BR-05), the strategy discussion and its enquiry (BR-07)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from access.actions import case_action
from access.models import CaseFile
from access.refusals import Refused
from access.roles import Action
from access.standing import read_standing
from accounts.models import User
from accounts.roles import Role
from children.models import OtherPlan
from deadlines.models import Deadline
from deadlines.services import drop_clock, start_clock, stop_clock
from meetings.checks import not_to_come, said
from meetings.kinds import ThresholdOutcome
from meetings.models import AgencyConsultation, ConsultedFor, Meeting, StrategyOutcome, ThresholdDiscussion
from meetings.rules import CIN, LAC_REVIEW, STRATEGY

CP, CIN_PLAN, LAC, NONE = (one.name.lower() for one in ThresholdOutcome)
LEVELS = (
    ("universal", "Universal"),
    ("emerging", "Emerging needs"),
    ("intensive", "Intensive"),
    ("specialist", "Specialist"),
)
GIVE_REASON = "Give the reason."
LONGEST_REASON = 280


@case_action(Action.HOLD_THRESHOLD_DISCUSSION)
def consult_agency(
    case: CaseFile, *, by: User, agency_name: str, person_name: str, on: date, view: str
) -> AgencyConsultation:
    """Records that an agency was asked, whom, on which day (London), and what they think."""
    if on > timezone.localdate():
        raise Refused("The day on which you asked them must not be in the future.")
    asked: AgencyConsultation = AgencyConsultation.objects.create(
        case=case, agency_name=said(agency_name, "Say which agency you asked."),
        person_name=said(person_name, "Say whom you asked."), on=on, view=said(view, "Write what they think."),
        author=by,
    )  # fmt: skip
    return asked


@case_action(Action.HOLD_THRESHOLD_DISCUSSION)
def hold_threshold_discussion(
    case: CaseFile, *, by: User, manager: User, cpm: User, consultations: Sequence[AgencyConsultation], level: str,
    outcome: str, reason: str, held_at: datetime, about_to_be_looked_after: bool = False,
) -> ThresholdDiscussion:  # fmt: skip
    """Records the discussion of a manager and a Child Protection Manager, and starts what it leads to (ruling Q13).

    Args:
        outcome: "cp" opens a strategy discussion; "cin" and "lac" start the limit of that meeting; "none_early_help"
            asks for a fresh tier decision.
        held_at: aware; not before the agencies were asked.

    Raises:
        Refused: no agency was consulted, both are the same person, or LAC for a child who is not looked after.
    """
    not_to_come(held_at, "The time of the discussion")
    _check_people(by, manager, cpm)
    if not consultations:
        raise Refused("Consult at least one agency first, and record what they think.")
    if any(one.case_id != case.pk for one in consultations):
        raise Refused("Choose consultations about this child.")
    if any(one.on > timezone.localdate(held_at) for one in consultations):
        raise Refused("The agencies are consulted before the discussion. Check the dates.")
    if outcome == LAC and not (about_to_be_looked_after or _is_looked_after(case)):
        raise Refused("A looked-after child review is only for a child who is looked after or is about to be.")
    discussion: ThresholdDiscussion = ThresholdDiscussion.objects.create(
        case=case, manager=manager, cpm=cpm, level=level, outcome=outcome, held_at=held_at, author=by,
        reason=said(reason, "Give the reason for the outcome."),
    )  # fmt: skip
    for one in consultations:
        ConsultedFor.objects.create(case=case, discussion=discussion, consultation=one)
    stop_clock(case, by=by, rule_id="TG-THRESHOLD", done_at=held_at)
    rule, about = {CP: ("TG-STRATEGY", ""), CIN_PLAN: ("TG-MEETING", CIN), LAC: ("TG-MEETING", LAC_REVIEW),
                   NONE: ("TG-EVENT", "threshold")}[outcome]  # fmt: skip
    start_clock(case, by=by, rule_id=rule, about=about, started_at=held_at)
    return discussion


def _check_people(by: User, manager: User, cpm: User) -> None:
    if manager == cpm:
        raise Refused("The manager and the Child Protection Manager are two different people.")
    if Role.TEAM_MANAGER not in read_standing(manager).roles:
        raise Refused(f"{manager.name} is not a team manager.")
    if Role.CHILD_PROTECTION_MANAGER not in read_standing(cpm).roles:
        raise Refused(f"{cpm.name} is not a Child Protection Manager.")
    if by not in (manager, cpm):
        raise Refused("One of the two who held the discussion records it.")


def _is_looked_after(case: CaseFile) -> bool:
    plans = OtherPlan.objects.filter(case=case, kind=OtherPlan.Kind.LOOKED_AFTER)
    return any(plan.ended_on is None or plan.ended_on >= timezone.localdate() for plan in plans)


@case_action(Action.RECORD_MEETING)
def record_strategy_outcome(
    meeting: Meeting, *, by: User, s47_met: bool, who_sees_child: str, immediate_safety: str, reason: str,
    enquiry: str = "", medical: str = "", others_at_risk: str = "", disruption: str = "",
) -> StrategyOutcome:  # fmt: skip
    """Records what a strategy discussion decided. Where the section 47 test is met, the conference's limit runs from
    this discussion, unless an earlier one started an enquiry that still runs (TS-06: the first one counts)."""
    held = Meeting.objects.get(pk=meeting.pk)
    held_at = held.held_at
    if held.kind != STRATEGY or held_at is None:
        raise Refused("Record that the strategy discussion was held first.")
    if StrategyOutcome.objects.filter(meeting=held).exists():
        raise Refused("The outcome of this discussion is recorded already.")
    if s47_met and not enquiry:
        raise Refused("Say whether the enquiry is by social care alone or joint with the police.")
    outcome: StrategyOutcome = StrategyOutcome.objects.create(
        case=held.case, meeting=held, s47_met=s47_met, enquiry=enquiry if s47_met else "",
        who_sees_child=said(who_sees_child, "Say who sees the child and when."),
        immediate_safety=said(immediate_safety, "Say what keeps the child safe now."),
        medical=medical.strip(), others_at_risk=others_at_risk.strip(), disruption=disruption.strip(),
        reason=said(reason, GIVE_REASON), author=by,
    )  # fmt: skip
    stop_clock(held.case, by=by, rule_id="TG-STRATEGY", done_at=held_at)
    if s47_met:
        start_clock(held.case, by=by, rule_id="TS-06", started_at=held_at)
    return outcome


@case_action(Action.HOLD_THRESHOLD_DISCUSSION)
def refuse_strategy(case: CaseFile, *, by: User, reason: str) -> Deadline:
    """A manager decides that no strategy discussion is held, with the reason (BR-06). Not against a threshold
    discussion that asked for one."""
    because = said(reason, "Say why no strategy discussion is held.")
    if len(because) > LONGEST_REASON:
        raise Refused(f"Give the reason in {LONGEST_REASON} characters or fewer.")
    last = ThresholdDiscussion.objects.filter(case=case).order_by("-held_at", "-pk").first()
    held = Meeting.objects.filter(case=case, kind=STRATEGY, state=Meeting.State.HELD)
    if last and last.outcome == CP and not held.filter(held_at__gte=last.held_at).exists():
        raise Refused("The threshold discussion decided on child protection, so a strategy discussion is held.")
    ended = drop_clock(case, by=by, rule_id="TG-STRATEGY", reason=f"Not held: {because}")
    if ended is None:
        raise Refused("No strategy discussion waits to be held or refused.")
    return ended


@case_action(Action.HOLD_THRESHOLD_DISCUSSION)
def end_enquiry(case: CaseFile, *, by: User, outcome: str, reason: str) -> Deadline:
    """A section 47 enquiry ends without a conference (BR-07).

    Args:
        outcome: "not_substantiated", or "no_continuing_risk", which leads to a child in need meeting.
    """
    words = {"not_substantiated": "Not substantiated", "no_continuing_risk": "Substantiated, no continuing risk"}
    if outcome not in words:
        raise Refused("Say how the enquiry ended.")
    because = f"{words[outcome]}: {said(reason, GIVE_REASON)}"
    if len(because) > LONGEST_REASON:
        raise Refused("Give the reason in fewer words.")
    ended = drop_clock(case, by=by, rule_id="TS-06", reason=because)
    if ended is None:
        raise Refused("No section 47 enquiry waits for a conference.")
    if outcome == "no_continuing_risk":
        start_clock(case, by=by, rule_id="TG-MEETING", about=CIN, started_at=timezone.now())
    return ended
