"""What is not the same in two versions of the toolkit."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from assessments.models import ToolkitItem, ToolkitVersion
from assessments.toolkit import thresholds_from
from assessments.toolkit.checking import CODES, COUNTS
from offer.suggestion import Thresholds

NOTHING = "Not there"
SHOWN = (*COUNTS, *CODES)
THRESHOLD_NAMES: Mapping[str, str] = {
    "critical_current_for_high": "Critical items present now, for high",
    "critical_suspected_for_high": "Critical items suspected, for high",
    "significant_current_for_medium": "Significant items present now, for medium",
    "critical_suspected_for_medium": "Critical items suspected, for medium",
    "present_for_medium": "Items of any weight present or suspected, for medium",
    "young_below": "Age below which a sign of that group needs a strategy discussion",
    "not_evidence": "Sections that never count as evidence",
    "not_alone": "Sections that alone never go above low",
    "duty_items": "Items that open a duty at once",
}
WEIGHT_WORDS = {"plain": "no mark", "significant": "significant", "critical": "critical"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same, in words."""

    what: str
    before: str
    after: str


def changes(before: ToolkitVersion, after: ToolkitVersion) -> list[Change]:
    """Everything in which one version differs from the other: thresholds, sections and items, by their codes."""
    then = _thresholds(before) | _contents(before)
    now = _thresholds(after) | _contents(after)
    return [
        Change(what, then.get(what, NOTHING), now.get(what, NOTHING))
        for what in {**now, **then} if then.get(what) != now.get(what)
    ]  # fmt: skip


def _thresholds(version: ToolkitVersion) -> dict[str, str]:
    return thresholds_in_words(thresholds_from(version.thresholds))


def thresholds_in_words(thresholds: Thresholds) -> dict[str, str]:
    """Each threshold that a version may change, with its value."""
    values = {field.name: getattr(thresholds, field.name) for field in fields(thresholds)}
    return {THRESHOLD_NAMES[name]: _words(values[name]) for name in SHOWN}


def _words(value: Any) -> str:
    return ", ".join(sorted(value)) or "none" if isinstance(value, frozenset) else str(value)


def _contents(version: ToolkitVersion) -> dict[str, str]:
    found = {f"Section {one.code}": f"{one.title} ({one.get_kind_display().lower()})" for one in version.sections.all()}
    items = ToolkitItem.objects.filter(section__toolkit=version).order_by("section__place", "place")
    return found | {f"Item {one.code}": item_in_words(one) for one in items}


def item_in_words(item: ToolkitItem) -> str:
    """Everything a version says of an item, in one line."""
    types = f"; {''.join(item.types)}" if item.types else ""
    return f"{item.label} ({WEIGHT_WORDS[item.weight]}{types}). {item.definition}".strip()
