"""From the rows of a file to the facts that the guard on low asks for (`offer.low_tier`)."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from access.models import CaseFile
from assessments.content import Content, answered, critical_present
from assessments.models import NO_CONCERN, CPMAgreement, CPMMatter, EffectiveTier, SupportingAssessment
from children.models import Child
from offer.answers import Answer as Given
from offer.answers import Weight
from offer.levels import Tier
from offer.low_tier import AssessmentKind, CPMOutcome, LowFacts, Recorded, SendStatus
from offer.low_tier import CPMAgreement as Agreement

Kind, State = AssessmentKind, SupportingAssessment.State
EHA, SINGLE = Kind.EHA.name.lower(), Kind.SINGLE_ASSESSMENT.name.lower()


def low_facts(
    content: Content, child: Child, *, manager: int, decided_on: date, asked_on: date | None = None,
    protective_factors_only: bool = False, override_reason: str = "",
    supporting: Sequence[SupportingAssessment] | None = None, agreements: Sequence[CPMAgreement] | None = None,
) -> LowFacts:  # fmt: skip
    """What is known when low is asked about.

    Args:
        manager: who decides. decided_on: the day they do. asked_on: the day low would take effect, if it is a later
            one. All days in London.
        supporting, agreements: every one of the file, where they are at hand or the question does not turn on them;
            read if not given.
    """
    assessment, case = content.assessment, content.assessment.case_id
    if supporting is None:
        supporting = list(SupportingAssessment.objects.filter(case=case))
    if agreements is None:
        agreements = list(CPMAgreement.objects.filter(case=case).order_by("decided_at", "pk"))
    answers = answered(content)
    without_reason = {
        item.code
        for item in content.asked
        if item.pk in content.answers and not content.answers[item.pk].not_known_because
    }
    critical = [one for one in answers if one.weight is Weight.CRITICAL]
    return LowFacts(
        date_of_birth=child.date_of_birth,
        date_of_birth_when_submitted=assessment.date_of_birth_then,
        assessment=assessment.pk,
        submitted_on=timezone.localdate(assessment.submitted_at) if assessment.submitted_at else None,
        decided_on=decided_on,
        effective_on=asked_on,
        send_when_submitted=SendStatus[(assessment.send_then or child.send_status).upper()],
        send_when_decided=SendStatus[child.send_status.upper()],
        every_item_answered=len(answers) == len(content.asked),
        author=assessment.author_id,
        manager=manager,
        single_assessment_authorised_on=_first(supporting, SINGLE, "authorised_on"),
        eha_completed_on=_first(supporting, EHA, "completed_on"),
        eha_declined=any(one.kind == EHA and one.state == State.DECLINED for one in supporting),
        single_assessment_not_met=any(one.kind == SINGLE and one.state == State.NOT_MET for one in supporting),
        agreements=tuple(map(agreement, agreements)),
        cpm_matter_open=CPMMatter.objects.filter(case=case, closed_at__isnull=True).exists(),
        critical_not_known=tuple(
            one.code for one in critical if one.answer is Given.NOT_KNOWN and one.code in without_reason
        ),
        critical_current=tuple(critical_present(content)),
        lowered_on_protective_factors_only=protective_factors_only,
        override_reason=override_reason,
    )


def recorded(child: Child) -> Recorded:
    """What of a child decides whether they are protected, as the rules read it."""
    return Recorded(date_of_birth=child.date_of_birth, send=SendStatus[child.send_status.upper()])


def agreement(row: CPMAgreement) -> Agreement:
    """A CPM's answer as the rules read it."""
    return Agreement(
        assessment=row.assessment_id,
        cpm=row.decided_by_id,
        outcome=CPMOutcome[row.outcome.upper()],
        on=timezone.localdate(row.decided_at),
        assessments_named=frozenset(AssessmentKind[name.upper()] for name in row.names),
        sufficient_because=row.sufficient_because,
    )


def _first(supporting: Sequence[SupportingAssessment], kind: str, day: str) -> date | None:
    """The first day on which one of the kind was done; one that was declined or not met is none."""
    done = (State.COMPLETED, State.AUTHORISED)
    days = [getattr(one, day) for one in supporting if one.kind == kind and one.state in done]
    return min((one for one in days if one is not None), default=None)


def tier_of(name: str) -> Tier | None:
    """The tier of a row's name; None for "no current concern"."""
    return None if name == NO_CONCERN else Tier[name.upper()]


def current_tier(case: CaseFile) -> EffectiveTier | None:
    """The tier in effect, through the second wall alone: for use inside an action."""
    found: EffectiveTier | None = EffectiveTier.objects.filter(case=case, until_at__isnull=True).first()
    return found
