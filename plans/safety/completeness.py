"""What a full safety plan still needs before it can be in force, in sentences (BR-09)."""

from collections.abc import Collection, Iterator

from plans.models import ContextualRisk, SafetyPlan

Direction, Context = ContextualRisk.Direction, ContextualRisk.Context

WRITTEN = {
    "child_words": "Write the safety steps in the child’s own words.",
    "trusted_people": "Name people the child trusts.",
    "safe_places": "Name safe places.",
    "signal_word": "Agree a signal or code word.",
    "if_missing": "Say what happens if the child is missing.",
    "impact_practical": "Answer the practical impact.",
    "impact_physical": "Answer the physical impact.",
    "impact_psychological": "Answer the psychological impact.",
    "impact_behavioural": "Answer the behavioural impact.",
    "child_view": "Record whether the child agrees, in their view.",
    "parents_view": "Record the parents’ view, or why they were not asked.",
}


def missing_from(
    plan: SafetyPlan, risks: Collection[ContextualRisk], acted_on: Collection[int], *, dual_status: bool
) -> tuple[str, ...]:
    """What is missing; empty if it may be in force. An interim plan needs only whom to ring and what is done tonight.

    Args:
        risks: those that were not removed. acted_on: ids of the risks with at least one action.
        dual_status: the child is also alleged to have harmed others: risk from the child is then compulsory (BR-11).
    """
    if plan.kind == SafetyPlan.Kind.INTERIM:
        return tuple(_missing_tonight(plan))
    return (*_missing_risks(plan, risks, acted_on, dual_status=dual_status), *_missing_words(plan))


def _missing_tonight(plan: SafetyPlan) -> Iterator[str]:
    if not plan.whom_to_ring:
        yield "Say whom to ring."
    if not plan.tonight:
        yield "Say what is done tonight."


def _missing_risks(
    plan: SafetyPlan, risks: Collection[ContextualRisk], acted_on: Collection[int], *, dual_status: bool
) -> Iterator[str]:
    if not any(risk.direction == Direction.TO for risk in risks) and not plan.no_risk_to_because:
        yield "Record a risk to the child, or say why none is identified."
    risk_from = any(risk.direction == Direction.FROM for risk in risks)
    if not risk_from and dual_status:
        yield "The child may also be causing harm: record the risk from the child."
    elif not risk_from and not plan.no_risk_from_because:
        yield "Record a risk from the child, or say why none is identified."
    if not any(risk.who_else for risk in risks) and not plan.nobody_else_because:
        yield "Say who else is at risk, or why nobody is identified."
    without = [risk for risk in risks if risk.pk not in acted_on]
    if without:
        yield f"Agree at least one action for each risk: {len(without)} without."


def _missing_words(plan: SafetyPlan) -> Iterator[str]:
    left = [context.label for context in Context if context.value not in plan.contexts_considered]
    if left:
        yield f"Consider each context: {', '.join(left)}."
    for name, sentence in WRITTEN.items():
        if not getattr(plan, name):
            yield sentence
    if plan.review_on is None:
        yield "Set the review date."
