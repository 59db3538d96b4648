"""Small numbers are left out, so that a count tells of nobody. Pure rules.

Source: usual practice for published statistics of children, to be confirmed for Derby.
"""

from collections.abc import Sequence

SMALLEST = 5
"""Counts from 1 up to this, itself not included, are left out. [PROPOSED]"""


def suppressed(counts: Sequence[int]) -> list[int | None]:
    """The counts of one column, None where one is left out.

    Where a single one is small, the next smallest is left out too: else the total would give it away. Nought is no
    secret, and stays.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALLEST}
    others = [(count, place) for place, count in enumerate(counts) if count >= SMALLEST]
    if len(hidden) == 1 and others:
        hidden.add(min(others)[1])
    return [None if place in hidden else count for place, count in enumerate(counts)]
