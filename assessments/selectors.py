"""What comes back of assessments and tiers. Each starts from `allowing`."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Subquery

from access.models import CaseFile
from access.roles import Action
from access.standing import standing_of
from accounts.models import User
from accounts.roles import OVERSEERS
from assessments.models import (
    Answer,
    Assessment,
    CPMAgreement,
    CPMMatter,
    EffectiveTier,
    SupportingAssessment,
    TierDecision,
    TierProposal,
)
from children.models import Child
from offer.exploitation_types import ExploitationType


def assessments_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """The draft first, then the newest."""
    found = Assessment.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("author", "agency", "toolkit", "proposal").order_by(
        "-started_at", "-pk"
    )
    return ordered


def assessment_before(assessment: Assessment, user: User) -> Assessment | None:
    """The last one of the child that was submitted before this one."""
    earlier = Assessment.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(
        case=assessment.case_id, state=Assessment.State.SUBMITTED, submitted_at__lt=assessment.submitted_at
    )
    before: Assessment | None = earlier.order_by("-submitted_at", "-pk").first()
    return before


def draft_of(case: CaseFile, user: User) -> Assessment | None:
    """What this person's agency is writing, if it is: an agency has one draft on a file."""
    found = Assessment.objects.allowing(user, Action.ASSESS).filter(
        case=case, state=Assessment.State.DRAFT, agency__in=standing_of(user).agency_ids
    )
    draft: Assessment | None = found.first()
    return draft


def last_answers(assessment: Assessment, user: User, codes: Iterable[str]) -> dict[str, Answer]:
    """By the item's code, what the latest submitted assessment of the child said, with its item and its assessment. The
    version of the toolkit may have been another one.
    """
    submitted = Assessment.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(
        case=assessment.case_id, state=Assessment.State.SUBMITTED
    )
    latest = submitted.order_by("-submitted_at", "-pk").values("pk")[:1]
    said = Answer.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(
        assessment=Subquery(latest), item__code__in=list(codes)
    )
    return {one.item.code: one for one in said.select_related("item", "assessment")}


def supporting_of(case: CaseFile, user: User) -> QuerySet[Any]:
    found = SupportingAssessment.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("author", "authorised_by").order_by("-started_at", "-pk")
    return ordered


def tier_history(case: CaseFile, user: User) -> QuerySet[Any]:
    """Every tier there was, the newest first."""
    found = EffectiveTier.objects.allowing(user, Action.VIEW_TIER).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("set_by").order_by("-from_at", "-pk")
    return ordered


def decisions_of(case: CaseFile, user: User) -> QuerySet[Any]:
    """Every decision with its reasons, the newest first."""
    found = TierDecision.objects.allowing(user, Action.VIEW_TIER_REASONS).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("decided_by", "second_decider").order_by("-decided_at", "-pk")
    return ordered


def answers_of_cpm(case: CaseFile, user: User) -> QuerySet[Any]:
    found = CPMAgreement.objects.allowing(user, Action.VIEW_ASSESSMENTS).filter(case=case)
    ordered: QuerySet[Any] = found.select_related("decided_by").order_by("-decided_at", "-pk")
    return ordered


def open_matter(case: CaseFile, user: User) -> CPMMatter | None:
    found: CPMMatter | None = (
        CPMMatter.objects.allowing(user, Action.VIEW_ASSESSMENTS)
        .filter(case=case, closed_at__isnull=True)
        .select_related("decision")
        .first()
    )
    return found


def types_in_words(assessment: Assessment) -> list[str]:
    """The types of exploitation that were recorded, of an assessment fetched through the first wall."""
    recorded = assessment.types.exclude(status="none").order_by("type")
    return [f"{ExploitationType[one.type.upper()].value}: {one.get_status_display().lower()}" for one in recorded]


def second_deciders() -> list[User]:
    """Who may agree to lowering from High: Child Protection Managers and chairs."""
    live = User.objects.filter(is_active=True, memberships__role__in=OVERSEERS, memberships__ended_at__isnull=True)
    return list(live.distinct().order_by("name"))


# What waits for a decision


def proposals_waiting(user: User) -> QuerySet[Any]:
    """Proposals this person may decide on, the oldest first. Not their own."""
    found = TierProposal.objects.allowing(user, Action.DECIDE_TIER).filter(state=TierProposal.State.WAITING)
    ordered: QuerySet[Any] = found.exclude(author=user).select_related("case", "author").order_by("submitted_at", "pk")
    return ordered


def matters_waiting(user: User) -> QuerySet[Any]:
    """Low proposals this person may answer as Child Protection Manager, the oldest first."""
    found = CPMMatter.objects.allowing(user, Action.ANSWER_LOW).filter(closed_at__isnull=True)
    ordered: QuerySet[Any] = found.select_related("case", "decision").order_by("opened_at", "pk")
    return ordered


def children_on(cases: Iterable[Any], user: User) -> dict[Any, Child]:
    """The child of each of these files."""
    return {one.case_id: one for one in Child.objects.allowing(user, Action.VIEW_FILE).filter(case__in=list(cases))}
