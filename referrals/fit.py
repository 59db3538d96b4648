"""Whether a service takes a child now: pure rules over an entry of the directory, each with its sentence."""

from datetime import date

from offer.levels import Tier
from referrals.models import Service
from ui.dates import long_date

STALE_MONTHS = 6  # local: an entry that nobody has checked for so long is listed


def tier_called(name: str) -> Tier | None:
    """The tier with this stored name; None for "no current concern" and for none."""
    return next((tier for tier in Tier if tier.name.lower() == name), None)


def ages(service: Service) -> str:
    """ "8 to 18", "from 8", "up to 18", "any age"."""
    if service.youngest is None and service.oldest is None:
        return "any age"
    if service.oldest is None:
        return f"from {service.youngest}"
    if service.youngest is None:
        return f"up to {service.oldest}"
    return f"{service.youngest} to {service.oldest}"


def is_paused(service: Service, today: date) -> bool:
    """It takes no new referrals; the last day of a pause counts."""
    return service.paused_until is not None and service.paused_until >= today


def closed(service: Service, today: date) -> str:
    """Why the service takes no referral at all now, as a sentence; empty where it does."""
    if service.ended_at is not None:
        return f"{service.name} has ended. Choose another service."
    if service.paused_until is not None and is_paused(service, today):
        return (
            f"{service.name} takes no new referrals until {long_date(service.paused_until)}: {service.pause_reason} "
            "Choose another service, or refer again after that day."
        )
    if service.team is not None and (service.team.ended_at or service.team.agency.ended_at):
        return f"The team that received referrals for {service.name} has ended. Tell the directory administrator."
    return ""


def outside_age(service: Service, age: int | None) -> str:
    """Why the child's age does not fit, or nothing. An age that is not known fits."""
    if age is None:
        return ""
    too_young = service.youngest is not None and age < service.youngest
    too_old = service.oldest is not None and age > service.oldest
    return f"{service.name} is for ages {ages(service)}; the child is {age}." if too_young or too_old else ""


def outside_tier(service: Service, tier: Tier | None) -> str:
    """Why the child's tier does not fit, or nothing. Where no tier is in effect there is nothing to compare with."""
    lowest = tier_called(service.lowest_tier)
    if tier is None or lowest is None or tier >= lowest:
        return ""
    return f"{service.name} is offered from {lowest.value}; the child’s tier is {tier.value}."


def outside(service: Service, age: int | None, tier: Tier | None) -> tuple[str, ...]:
    """Everything that does not fit: a referral all the same needs a reason."""
    return tuple(filter(None, (outside_age(service, age), outside_tier(service, tier))))


def not_checked_since(today: date) -> date:
    """Entries last checked on or before this day are to be checked again."""
    month = (today.month - STALE_MONTHS - 1) % 12 + 1
    year = today.year - (1 if today.month <= STALE_MONTHS else 0)
    return date(year, month, min(today.day, 28))
