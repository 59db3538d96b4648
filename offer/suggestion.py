"""The tier that a completed risk assessment suggests.

A suggestion with its reasons, never a score and never a decision: the author proposes, a manager decides. The
thresholds are local and proposed; no published source sets them.

    High     any critical item (★) CURRENT, or two or more ★ SUSPECTED
    Medium   any significant item (◆) CURRENT, or one ★ SUSPECTED, or three or more items CURRENT or SUSPECTED
    Low      any item CURRENT or SUSPECTED, or any ★ HISTORIC
    Insufficient information   none of these, and a ★ is NOT_KNOWN (or nothing was answered)
    No current concern         none of these

What does not count as evidence of exploitation by itself:
    groups V and N (vulnerability; history, context, identity) are left out altogether;
    groups G and J (health and wellbeing; engagement) alone never go above Low;
    K02 (FGM) and K04 (forced marriage) open their duty and a strategy discussion at once. They make the suggestion at
    least Low and are left out of the counts for Medium and High.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from offer.answers import Answer, Answered, Answers, Weight, in_order
from offer.levels import Tier
from offer.sources import Status, cite

NO_CURRENT_CONCERN = "No current concern"
INSUFFICIENT_INFORMATION = "Insufficient information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What makes each tier in a suggestion. Local and proposed: versioned with the toolkit, changed by settings.

    critical_current_for_high: ★ CURRENT that make High. critical_suspected_for_high: ★ SUSPECTED that make High.
    significant_current_for_medium: ◆ CURRENT that make Medium. critical_suspected_for_medium: likewise ★ SUSPECTED.
    present_for_medium: items of any weight, CURRENT or SUSPECTED, that make Medium.
    not_evidence: groups that never count. not_alone: groups that alone never go above Low.
    duty_items: items that open a duty at once and do not by themselves go above Low.
    young_group, young_below: a child under this age with an item of this group needs a strategy discussion now.
    """

    critical_current_for_high: int = 1
    critical_suspected_for_high: int = 2
    significant_current_for_medium: int = 1
    critical_suspected_for_medium: int = 1
    present_for_medium: int = 3
    not_evidence: frozenset[str] = frozenset({"V", "N"})
    not_alone: frozenset[str] = frozenset({"G", "J"})
    duty_items: frozenset[str] = frozenset({"K02", "K04"})
    young_group: str = "C"
    young_below: int = 13
    status: Status = Status.PROPOSED
    source: str = cite("PROJECT", "rulings on the suggestion")

    def __post_init__(self) -> None:
        """Raises ValueError for a count below 1, at which a tier would be suggested by nothing at all."""
        counts = (
            self.critical_current_for_high,
            self.critical_suspected_for_high,
            self.significant_current_for_medium,
            self.critical_suspected_for_medium,
            self.present_for_medium,
        )
        if min(counts) < 1:
            raise ValueError("Every threshold is at least 1.")


PROPOSED_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the answers suggest: a tier or None, its label, and the reasons in sentences that name the items."""

    tier: Tier | None
    label: str
    reasons: tuple[str, ...]


def suggest(answers: Answers, thresholds: Thresholds = PROPOSED_THRESHOLDS) -> Suggestion:
    """The tier that the answers suggest, with every reason for it.

    answers: the answered items (a sequence, or a mapping by code). Raises ValueError if a code is answered twice.
    Source: DDSCP toolkit practice; thresholds proposed.
    """
    items = tuple(item for item in in_order(answers) if item.group not in thresholds.not_evidence)
    counted = tuple(item for item in items if item.code not in thresholds.duty_items)
    more = _duty_reasons(items, thresholds) + _unknown_reasons(items)
    for tier, reasons in (
        (Tier.HIGH, _reasons_for_high(counted, thresholds)),
        (Tier.MEDIUM, _reasons_for_medium(counted, thresholds)),
        (Tier.LOW, _reasons_for_low(items, thresholds)),
    ):
        if reasons:
            return Suggestion(tier, tier.value, reasons + more)
    if not items:
        return Suggestion(None, INSUFFICIENT_INFORMATION, ("No indicator has been answered.",))
    if more:
        return Suggestion(None, INSUFFICIENT_INFORMATION, more)
    return Suggestion(None, NO_CURRENT_CONCERN, ("No indicator is current, suspected or, if critical, historic.",))


def strategy_discussion_now(
    age: int | None, answers: Answers, thresholds: Thresholds = PROPOSED_THRESHOLDS
) -> tuple[str, ...]:
    """Why a strategy discussion is needed now, whatever the tier; empty if nothing calls for one.

    Included if, and only if: the child is under 13, or of unknown age, and an item of group C is CURRENT or
    SUSPECTED; or K02 or K04 is CURRENT, SUSPECTED or HISTORIC (cutting, or a marriage, does not lapse with time).

    age: completed years, None if the date of birth is not known. Source: ruling on the suggestion, local.
    """
    items = in_order(answers)
    reasons: list[str] = []
    young = age is None or age < thresholds.young_below
    sexual = [item for item in items if item.group == thresholds.young_group and item.answer.is_present]
    if young and sexual:
        who = "The child's age is not known" if age is None else f"The child is under {thresholds.young_below}"
        reasons.append(f"{who} and a sign of sexual exploitation is recorded ({_codes(sexual)}).")
    duties = [item for item in items if item.code in thresholds.duty_items and item.answer.is_positive]
    reasons += [f"{item.code} calls for a strategy discussion at once." for item in duties]
    return tuple(reasons)


def _reasons_for_high(items: tuple[Answered, ...], thresholds: Thresholds) -> tuple[str, ...]:
    if _only_of_groups(items, thresholds.not_alone):
        return ()
    current = _matching(items, Weight.CRITICAL, Answer.CURRENT)
    suspected = _matching(items, Weight.CRITICAL, Answer.SUSPECTED)
    return _reason("Critical and current", current, thresholds.critical_current_for_high) + _reason(
        "Critical and suspected", suspected, thresholds.critical_suspected_for_high
    )


def _reasons_for_medium(items: tuple[Answered, ...], thresholds: Thresholds) -> tuple[str, ...]:
    if _only_of_groups(items, thresholds.not_alone):
        return ()
    significant = _matching(items, Weight.SIGNIFICANT, Answer.CURRENT)
    critical = _matching(items, Weight.CRITICAL, Answer.SUSPECTED)
    present = tuple(item for item in items if item.answer.is_present)
    return (
        _reason("Significant and current", significant, thresholds.significant_current_for_medium)
        + _reason("Critical and suspected", critical, thresholds.critical_suspected_for_medium)
        + _reason("Several indicators current or suspected", present, thresholds.present_for_medium)
    )


def _reasons_for_low(items: tuple[Answered, ...], thresholds: Thresholds) -> tuple[str, ...]:
    duties = tuple(item for item in items if item.code in thresholds.duty_items and item.answer.is_positive)
    others = tuple(item for item in items if item.code not in thresholds.duty_items)
    return (
        _reason("Current or suspected", tuple(item for item in others if item.answer.is_present), 1)
        + _reason("Critical and historic", _matching(others, Weight.CRITICAL, Answer.HISTORIC), 1)
        + _reason("Recorded, and by themselves not above Low", duties, 1)
    )


def _duty_reasons(items: Iterable[Answered], thresholds: Thresholds) -> tuple[str, ...]:
    opened = (item for item in items if item.code in thresholds.duty_items and item.answer.is_positive)
    return tuple(f"{item.code} opens its duty and a strategy discussion at once." for item in opened)


def _unknown_reasons(items: Iterable[Answered]) -> tuple[str, ...]:
    return _reason("Critical and not known; find out", _matching(items, Weight.CRITICAL, Answer.NOT_KNOWN), 1)


def _only_of_groups(items: Iterable[Answered], groups: frozenset[str]) -> bool:
    return {item.group for item in items if item.answer.is_present} <= groups


def _matching(items: Iterable[Answered], weight: Weight, answer: Answer) -> tuple[Answered, ...]:
    return tuple(item for item in items if item.weight is weight and item.answer is answer)


def _reason(what: str, items: tuple[Answered, ...], enough: int) -> tuple[str, ...]:
    return (f"{what}: {_codes(items)}.",) if len(items) >= enough else ()


def _codes(items: Iterable[Answered]) -> str:
    return ", ".join(item.code for item in items)
