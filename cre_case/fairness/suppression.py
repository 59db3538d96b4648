"""Small numbers are left out, so that a count tells of nobody. Pure rules.

Source: usual practice for published statistics of children, to be confirmed for Derby.
"""

from collections.abc import Sequence


def suppressed(counts: Sequence[int], smallest: int) -> list[int | None]:
    """The counts of one column, None where one is left out: those from 1 up to `smallest`, itself not included.

    Where a single one is small, the next smallest is left out too: else the total would give it away. Nought is no
    secret, and stays.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < smallest}
    others = [(count, place) for place, count in enumerate(counts) if count >= smallest]
    if len(hidden) == 1 and others:
        hidden.add(min(others)[1])
    return [None if place in hidden else count for place, count in enumerate(counts)]
