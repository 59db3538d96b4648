"""Low, Medium, High: what the answers suggest, when Low may take effect, and the floor while it waits.

The front page of four modules: `levels` (the tiers), `answers` (the facts), `suggestion` (what they suggest) and
`low_tier` (the guard on Low).
"""

from offer.answers import Answer, Answered, Weight
from offer.levels import Tier
from offer.low_tier import (
    AssessmentKind,
    CPMAgreement,
    CPMOutcome,
    LowFacts,
    Objection,
    ObjectionCode,
    SendStatus,
    agreement_objections,
    effective_tier,
    floor_while_waiting,
    low_objections,
    lowering_objections,
    protection_grounds,
)
from offer.suggestion import (
    INSUFFICIENT_INFORMATION,
    NO_CURRENT_CONCERN,
    PROPOSED_THRESHOLDS,
    Suggestion,
    Thresholds,
    strategy_discussion_now,
    suggest,
)

__all__ = [
    "INSUFFICIENT_INFORMATION",
    "NO_CURRENT_CONCERN",
    "PROPOSED_THRESHOLDS",
    "Answer",
    "Answered",
    "AssessmentKind",
    "CPMAgreement",
    "CPMOutcome",
    "LowFacts",
    "Objection",
    "ObjectionCode",
    "SendStatus",
    "Suggestion",
    "Thresholds",
    "Tier",
    "Weight",
    "agreement_objections",
    "effective_tier",
    "floor_while_waiting",
    "low_objections",
    "lowering_objections",
    "protection_grounds",
    "strategy_discussion_now",
    "suggest",
]
