"""Answers to the items of the risk assessment, as facts for the rules.

Source: the local risk assessment toolkit (Derby and Derbyshire procedures), whose items and weights are data; only
the five answers and the three weights are fixed here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from offer.months import add_months

PRESENT_FOR_MONTHS = 6
"""Calendar months for which something that happened counts as present: SERAF, West Midlands. [PROPOSED]"""


class Answer(Enum):
    """The answer to one item. CURRENT is present now or in the last six months; HISTORIC is earlier only."""

    NONE = "None"
    HISTORIC = "Historic"
    CURRENT = "Current"
    SUSPECTED = "Suspected"
    NOT_KNOWN = "Not known"

    @property
    def is_present(self) -> bool:
        """True if the thing is thought to be happening: CURRENT, or SUSPECTED (likely but unconfirmed)."""
        return self in {Answer.CURRENT, Answer.SUSPECTED}

    @property
    def is_positive(self) -> bool:
        """True if the thing is happening, is thought to be, or has happened. NOT_KNOWN is neither this nor NONE."""
        return self.is_present or self is Answer.HISTORIC

    @property
    def needs_a_fresh_source(self) -> bool:
        """True if a review asks anew what the last assessment answered so: what was CURRENT then is never said again
        in one act for the rest of a section. Source: ruling on reviews, local.
        """
        return self is Answer.CURRENT


def answer_for(last_happened: date, on: date) -> Answer:
    """CURRENT for something that happened in the last six calendar months, HISTORIC for something earlier.

    Args:
        last_happened, on: the day it happened last, and the day of the answer, both in Europe/London.
    """
    return Answer.CURRENT if last_happened >= add_months(on, -PRESENT_FOR_MONTHS) else Answer.HISTORIC


class Weight(Enum):
    """How heavily an item counts. The value is the sign the form prints beside it."""

    PLAIN = ""
    SIGNIFICANT = "◆"
    CRITICAL = "★"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered item: its code ("D02"), the group it stands in ("D"), its weight and the answer."""

    code: str
    group: str
    weight: Weight
    answer: Answer


Answers = Iterable[Answered] | Mapping[str, Answered]
"""What the rules accept: the answered items in any order, or by code."""


def in_order(answers: Answers) -> tuple[Answered, ...]:
    """The answered items in the order of their codes. Raises ValueError if an item is answered twice."""
    items = tuple(answers.values()) if isinstance(answers, Mapping) else tuple(answers)
    codes = [item.code for item in items]
    if len(set(codes)) != len(codes):
        raise ValueError("An item is answered twice; give each code once.")
    return tuple(sorted(items, key=lambda item: item.code))
