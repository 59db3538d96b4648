"""Meetings for whoever may see them: of a file, of a person, and what waits for one."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, Prefetch, Q, QuerySet

from access.models import Allocation, CaseFile
from access.roles import Action
from access.standing import standing_of
from accounts.models import Membership, User
from accounts.roles import OVERSEERS, AgencyKind, Role
from children.models import Person
from children.selectors import people_of
from deadlines.models import Deadline
from meetings.models import (
    AgencyConsultation,
    Dissent,
    Invitation,
    Meeting,
    MeetingDecision,
    StrategyOutcome,
    TaskingListing,
    ThresholdDiscussion,
)
from meetings.rules import MEETING_RULES, STRATEGY, WAIT_FOR

ENQUIRY = "TS-06"  # runs from a strategy discussion that starts a section 47 enquiry until its conference
CHAIRING = OVERSEERS | {Role.TEAM_MANAGER}


def meetings_of(case: CaseFile, user: User) -> list[Meeting]:
    """Every meeting of the file that this person may see, the latest first."""
    found = Meeting.objects.allowing(user, Action.VIEW_MEETINGS).filter(case=case)
    return list(found.order_by("-starts_at", "-pk"))


def invitations_of(meeting: Meeting, user: User) -> list[Invitation]:
    """Who was invited, as far as this person may see it: partners see their own agency's alone."""
    found = Invitation.objects.allowing(user, Action.VIEW_MEETINGS).filter(meeting=meeting)
    return list(found.select_related("decided_by", "person").order_by("of", "pk"))


def decisions_of(meeting: Meeting, user: User) -> list[MeetingDecision]:
    """The numbered decisions, each with `dissent`: those who did not agree."""
    dissents = Dissent.objects.allowing(user, Action.VIEW_MEETINGS).order_by("pk")
    found = MeetingDecision.objects.allowing(user, Action.VIEW_MEETINGS).filter(meeting=meeting)
    return list(found.prefetch_related(Prefetch("dissents", queryset=dissents, to_attr="dissent")).order_by("number"))


def strategy_of(meeting: Meeting, user: User) -> StrategyOutcome | None:
    found: StrategyOutcome | None = (
        StrategyOutcome.objects.allowing(user, Action.VIEW_MEETINGS).filter(meeting=meeting).first()
    )
    return found


def waiting_for_meetings(case: CaseFile, user: User) -> list[Deadline]:
    """The clocks of the file that a meeting or discussion stops, what runs out first first."""
    running = Deadline.objects.allowing(user, Action.VIEW_DEADLINES).filter(case=case, state=Deadline.State.OPEN)
    return list(running.filter(rule_id__in=MEETING_RULES).select_related("owner").order_by("limit_at", "pk"))


def limit_for(kind: str, waiting: Iterable[Deadline]) -> Deadline | None:
    """The clock that a meeting of this kind has to keep, if one runs."""
    return next((one for one in waiting if kind_awaited(one) == kind), None)


def kind_awaited(clock: Deadline) -> str:
    """The kind of meeting that a clock waits for; nothing for a discussion or the tasking meeting."""
    return clock.about if clock.rule_id == "TG-MEETING" else WAIT_FOR.get(clock.rule_id, "")


def threshold_of(case: CaseFile, user: User) -> list[ThresholdDiscussion]:
    found = ThresholdDiscussion.objects.allowing(user, Action.VIEW_MEETINGS).filter(case=case)
    return list(found.select_related("manager", "cpm").order_by("-held_at", "-pk"))


def consultations_of(case: CaseFile, user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = AgencyConsultation.objects.allowing(user, Action.VIEW_MEETINGS).filter(case=case)
    return found.order_by("-on", "-pk")


def listings_of(case: CaseFile, user: User) -> list[TaskingListing]:
    found = TaskingListing.objects.allowing(user, Action.VIEW_TASKING).filter(case=case)
    return list(found.order_by("-listed_at", "-pk"))


def on_the_tasking_list(user: User) -> QuerySet[Any]:
    """Children on the list of the next tasking meeting, for whoever prepares it or attends it."""
    found: QuerySet[Any] = TaskingListing.objects.allowing(user, Action.VIEW_TASKING)
    return found.filter(state=TaskingListing.State.LISTED).select_related("case").order_by("next_on", "listed_at", "pk")


def may_record_on(cases: Collection[UUID], user: User) -> set[UUID]:
    """On which of these files this person records what a meeting agreed."""
    found = CaseFile.objects.allowing(user, Action.RECORD_MEETING).filter(pk__in=cases)
    return set(found.values_list("pk", flat=True))


def still_open(case: CaseFile, user: User) -> list[str]:
    """What of meetings keeps a file from being closed, in sentences."""
    arranged = Meeting.objects.allowing(user, Action.VIEW_MEETINGS).filter(case=case, state=Meeting.State.ARRANGED)
    running = Deadline.objects.allowing(user, Action.VIEW_DEADLINES).filter(case=case, state=Deadline.State.OPEN)
    enquiry = running.filter(rule_id=ENQUIRY)
    is_arranged, is_enquired = CaseFile.objects.values_list(Exists(arranged), Exists(enquiry)).get(pk=case.pk)
    said = ["A meeting is arranged. Record it, or cancel it."] if is_arranged else []
    if is_enquired:
        said.append("A section 47 enquiry is under way. Hold its conference, or record how it ended.")
    return said


def my_meetings(user: User, *, since: Any) -> QuerySet[Any]:
    """Meetings to come that this person chairs, arranged or is invited to, and those of the children they lead on."""
    invited = Invitation.objects.allowing(user, Action.VIEW_MEETINGS).filter(user=user)
    leads = Allocation.objects.allowing(user, Action.VIEW_FILE).filter(worker=user, ended_at__isnull=True)
    mine = Q(chair=user) | Q(author=user) | Q(pk__in=invited.values("meeting")) | Q(case__in=leads.values("case"))
    agencies = sorted(standing_of(user).partner_agency_ids)
    if agencies:
        mine |= Q(agencies__overlap=agencies)
    found: QuerySet[Any] = Meeting.objects.allowing(user, Action.VIEW_MEETINGS).filter(mine, starts_at__gte=since)
    return found.filter(state__literally=Meeting.State.ARRANGED).select_related("case").order_by("starts_at", "pk")


def without_outcome(case: CaseFile, user: User) -> Meeting | None:
    """A strategy discussion that was held and has no outcome yet."""
    held = Meeting.objects.allowing(user, Action.VIEW_MEETINGS).filter(case=case, kind=STRATEGY)
    found: Meeting | None = (
        held.filter(state=Meeting.State.HELD, strategy__isnull=True).order_by("-held_at", "-pk").first()
    )
    return found


def family_to_invite(meeting: Meeting, user: User) -> list[Person]:
    """People of today who are not on the list of a meeting yet."""
    on_list = set(Invitation.objects.filter(meeting=meeting, person__isnull=False).values_list("person_id", flat=True))
    return [one for one in people_of(meeting.case, user) if one.ended_at is None and one.pk not in on_list]


def _live(**about: Any) -> QuerySet[Membership]:
    live = Membership.objects.filter(
        ended_at__isnull=True, user__is_active=True, team__ended_at__isnull=True, team__agency__ended_at__isnull=True
    )
    return live.filter(**about).select_related("user", "team__agency").order_by("user__name", "pk")


def chairs() -> list[Membership]:
    """People of the council who chair meetings."""
    return list(_live(role__in=CHAIRING, team__agency__kind=AgencyKind.COUNCIL))


def colleagues_of(team: int) -> list[Membership]:
    """The people of one team, who may be invited."""
    return list(_live(team=team))


def deciders(role: Role) -> list[Membership]:
    return list(_live(role=role))


def written_for_professionals(user: User) -> list[QuerySet[Any, Any]]:
    """What was said, reported and decided at meetings that somebody may open: words that no family is given."""
    return [
        model.objects.allowing(user, Action.VIEW_MEETINGS).values_list(*texts)
        for model, texts in (
            (Meeting, ("summary", "review_statement")),
            (Invitation, ("report",)),
            (MeetingDecision, ("text",)),
            (Dissent, ("reason",)),
            (StrategyOutcome, ("immediate_safety", "others_at_risk", "disruption", "reason")),
            (AgencyConsultation, ("view",)),
            (ThresholdDiscussion, ("reason",)),
        )
    ]
