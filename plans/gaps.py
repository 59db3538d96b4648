"""What keeps a plan from being complete, in words (ruling Q7). A plan may be approved with gaps; each is chased."""

from collections.abc import Iterable
from dataclasses import dataclass

from offer.catalogue import ITEMS
from offer.levels import Tier
from plans.models import PlanItem, ServicePlan, TriggerPlan


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: what to do, and the item it is about (None for the plan as a whole)."""

    sentence: str
    item: int | None = None


def is_above(item: PlanItem, tier: Tier) -> bool:
    """The item belongs to a higher tier than the plan's: it is ended, or continued with a reason."""
    belongs = ITEMS[item.code].tier if item.code in ITEMS else None
    return belongs is not None and belongs > tier


def gaps_of(plan: ServicePlan, items: Iterable[PlanItem], trigger_plan: TriggerPlan | None) -> tuple[Gap, ...]:
    """Every gap of a plan. Items on hold for a Child Protection Manager are none.

    A gap is an item without a disposition, an item above the tier that was neither ended nor continued, and, at High,
    a trigger plan that was not requested or an officer who is not named (BR-03, BR-06).
    """
    tier, found = Tier[plan.tier.upper()], []
    for item in items:
        if item.ended_at or item.on_hold:
            continue
        name = f"{item.code} {item.title}".strip()
        if is_above(item, tier) and not item.continued_because:
            found.append(Gap(f"{name}: end it, or say why it continues at {tier.value}.", item.pk))
        elif not item.disposition:
            found.append(Gap(f"{name}: say what happens with it.", item.pk))
    if tier is Tier.HIGH:
        found += _police_gaps(trigger_plan)
    return tuple(found)


def _police_gaps(trigger_plan: TriggerPlan | None) -> list[Gap]:
    if trigger_plan is None or trigger_plan.status == TriggerPlan.Status.NEEDED:
        return [Gap("Request the police trigger plan and an allocated officer.")]
    return [] if trigger_plan.officer else [Gap("Record the allocated police officer.")]
