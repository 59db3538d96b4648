"""Why somebody may not decide or answer, in the words that the page shows and the service refuses with.

They read through the second wall alone: for use on records that came through the first, and inside an action.
"""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from assessments.content import Content
from assessments.decisions.guard import agreement, low_facts
from assessments.models import CPMAgreement, CPMMatter, SupportingAssessment, TierDecision, TierProposal
from children.models import Child
from offer.low_tier import AssessmentKind, CPMOutcome, agreement_objections

AUTHOR_DECIDES = "The author of the assessment cannot decide the tier; another manager must."


def why_settled(proposal: TierProposal) -> str:
    """Why nothing can be done with a proposal any more; empty while it waits."""
    if proposal.state == TierProposal.State.SUPERSEDED:
        return "A later assessment was submitted. Decide on its proposal instead."
    if proposal.state != TierProposal.State.WAITING:
        return "Somebody has already decided on this proposal. Open the file to see what was decided."
    return ""


def why_not_decide(proposal: TierProposal, by: User) -> str:
    """Why this person may decide no tier on a proposal, whichever it is; empty if they may."""
    is_author = by.pk in (proposal.author_id, proposal.assessment.author_id)
    return why_settled(proposal) or (AUTHOR_DECIDES if is_author else "")


def why_not_answer(decision: TierDecision, by: User) -> str:
    """Why this person may give no answer to a decision of low, whichever it is; empty if they may."""
    if not CPMMatter.objects.filter(decision=decision, closed_at__isnull=True).exists():
        return "This no longer waits for an answer. Open the file to see what was decided."
    if by.pk in (decision.decided_by_id, decision.assessment.author_id):
        return "You wrote the assessment or decided the tier; another Child Protection Manager must answer."
    return ""


def why_not_agree(
    decision: TierDecision, content: Content, child: Child, supporting: Sequence[SupportingAssessment], *, by: User
) -> str:
    """Why a decision of low cannot be agreed to now, whatever would be named and said; empty if it can."""
    fullest = CPMAgreement(
        case_id=decision.case_id, decision=decision, assessment=decision.assessment, decided_by=by,
        outcome=CPMOutcome.AGREED.name.lower(), names=[kind.name.lower() for kind in AssessmentKind],
        sufficient_because="Said when it is agreed", decided_at=timezone.now(),
    )  # fmt: skip
    return objection_to(fullest, content, child, supporting)


def objection_to(
    answer: CPMAgreement, content: Content, child: Child, supporting: Sequence[SupportingAssessment] | None = None
) -> str:
    """What the first rule that objects to an answer says; empty if none does. Earlier answers do not count in it."""
    decision = answer.decision
    facts = low_facts(
        content, child, manager=decision.decided_by_id, decided_on=timezone.localdate(decision.decided_at),
        asked_on=timezone.localdate(answer.decided_at), supporting=supporting, agreements=(),
    )  # fmt: skip
    objections = agreement_objections(facts, agreement(answer))
    return objections[0].sentence if objections else ""
