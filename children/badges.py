"""Tags of the identity bar that packages to the left add, each by its place in `BADGES`: this package knows no tier."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Badge:
    """One tag beside a child's name.

    Args:
        read: the subquery, for a person, that the query finding the file asks as well; its file is `OuterRef("pk")`.
        tag: from what was read to the tag's `text` and `colour`. Not asked where nothing was found.
    """

    read: Callable[[User], Any]
    tag: Callable[[Any], dict[str, str]]


BADGES: dict[str, Badge] = {}
