"""The rules about time as this council has set them: local targets may have other lengths, the law never."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings

from accounts.roles import Role
from offer.sources import Status
from offer.timescales import TIMESCALES, FixedByLawError, Timescale

# Told one by one; all others once a day (ruling Q25): statute, what belongs to HIGH, reports, return home interviews.
AT_ONCE_RULES = frozenset({"RV-HIGH", "TG-STRATEGY", "TG-TRIGGER", "TG-MANAGER-HIGH", "TG-GAP-HIGH", "TS-19"})
REPORTS = "MR-"
# Who does what a clock without an owner asks for, where it is not the worker who leads (BR-01, items L12 and M03).
DONE_BY: Mapping[str, Role] = {
    "TG-MANAGER": Role.TEAM_MANAGER,
    "TG-MANAGER-HIGH": Role.TEAM_MANAGER,
    "TG-CLOSING": Role.TEAM_MANAGER,
    "TG-SECOND-READER": Role.TEAM_MANAGER,
    "TG-CPM": Role.CHILD_PROTECTION_MANAGER,
    "TG-THRESHOLD": Role.CHILD_PROTECTION_MANAGER,
}


def rule_in_force(rule_id: str) -> Timescale:
    """The rule, with the length of `settings.LOCAL_TARGETS` where there is one.

    Raises:
        KeyError: there is no such rule.
    """
    lengths: Mapping[str, int] = settings.LOCAL_TARGETS
    return _with_length(rule_id, lengths[rule_id]) if rule_id in lengths else TIMESCALES[rule_id]


@cache
def _with_length(rule_id: str, length: int) -> Timescale:
    rule = TIMESCALES[rule_id]
    if rule.status is not Status.PROPOSED:
        raise FixedByLawError(f"{rule_id} is set by {rule.source}; only proposed local targets can be changed.")
    return rule.with_offset(length)


def check_local_targets() -> None:
    """At start: each length belongs to a local target that is known and may have it.

    Raises:
        ValueError: one does not; the sentence says which and why.
    """
    for rule_id, length in settings.LOCAL_TARGETS.items():
        if rule_id not in TIMESCALES:
            raise ValueError(f"LOCAL_TARGETS names {rule_id}, which is no rule.")
        if not isinstance(length, int) or isinstance(length, bool):
            raise ValueError(f"LOCAL_TARGETS: the length of {rule_id} must be a whole number, not {length!r}.")
        _with_length(rule_id, length)


def is_told_at_once(rule_id: str) -> bool:
    """Whether each reminder of the rule is a message of its own. So is one of a rule nobody knows any more."""
    rule = TIMESCALES.get(rule_id)
    return rule is None or rule.status is Status.STATUTE or rule_id in AT_ONCE_RULES or rule_id.startswith(REPORTS)
