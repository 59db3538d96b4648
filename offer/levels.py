"""The three levels of risk of the service offer."""

from enum import Enum
from functools import total_ordering

from offer.sources import Status, cite


@total_ordering
class Tier(Enum):
    """Low, Medium, High, in that order. Services are cumulative: "all of the above and".

    Source: Derby CRE service offer. An order, not a score: tiers compare, and nothing adds them up.
    """

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"

    def __lt__(self, other: object) -> bool:
        """True if `other` is a higher level of risk."""
        if not isinstance(other, Tier):
            return NotImplemented
        order = tuple(Tier)
        return order.index(self) < order.index(other)

    @property
    def meaning(self) -> str:
        """The tier in plain English."""
        return MEANINGS[self]


MEANINGS = {
    Tier.LOW: "Worry or vulnerability, or a one-off indicator; no evidence that the child is being exploited now; "
    "universal services or early help can respond.",
    Tier.MEDIUM: "Evidence that the child is being targeted, groomed or drawn in, or is likely to be; social care must "
    "assess and co-ordinate.",
    Tier.HIGH: "Exploitation is happening or very likely; coercion, control or serious harm; the child needs a police "
    "and multi-agency protective response.",
}
MEANINGS_STATUS = Status.PROPOSED
MEANINGS_SOURCE = cite("PROJECT", "until the partnership supplies its own definitions")
