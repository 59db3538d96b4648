"""Whether a file is a toolkit: every mistake in it, in a sentence of its own."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from offer.suggestion import PROPOSED_THRESHOLDS

WEIGHTS = frozenset({"plain", "significant", "critical"})
KINDS = frozenset({"harm", "vulnerability", "context", "protective"})
TYPES = frozenset("SCLTORFH")  # sexual, criminal, county lines, trafficking, online, radicalisation, financial, harmful
LONGEST = {"name": 120, "source": 300, "title": 120, "label": 300, "definition": 2000}
SECTION_CODE, ITEM_CODE, BIGGEST = 4, 6, 2**31 - 1
COUNTS = (
    "critical_current_for_high", "critical_suspected_for_high", "significant_current_for_medium",
    "critical_suspected_for_medium", "present_for_medium", "young_below",
)  # fmt: skip
CODES = ("not_evidence", "not_alone", "duty_items")


class BadToolkit(ValueError):
    """The file is no toolkit. Its `mistakes` are sentences; nothing was loaded."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = mistakes


def read(text: str) -> dict[str, Any]:
    """The content of a file. Raises BadToolkit with every mistake in it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadToolkit(["The file is not JSON. Export it again as JSON, and load that."]) from error
    mistakes = list(_mistakes(data))
    if mistakes:
        raise BadToolkit(mistakes)
    return dict(data)


def _mistakes(data: Any) -> Iterator[str]:
    if not isinstance(data, dict) or not _is_text(data, "name", needed=True) or not _is_count(data.get("number")):
        yield "A toolkit has a name and a number, which is 1 or more."
        return
    if not _is_text(data, "source"):
        yield f"The source of a toolkit is a text of {LONGEST['source']} letters or fewer."
    sections = data.get("sections")
    if not isinstance(sections, list) or not all(isinstance(one, dict) for one in sections):
        yield "A toolkit has a list of sections."
        return
    kinds = {section.get("kind") for section in sections if isinstance(section.get("kind"), str)}
    for missing in sorted(KINDS - kinds):
        yield f"There is no section of the kind {missing}."
    for section in sections:
        yield from _mistakes_of(section)
    codes = [str(one.get("code")) for section in sections for one in (section, *_items(section))]
    for twice in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"The code {twice} stands there twice."
    yield from _mistakes_in_thresholds(data.get("thresholds", {}), set(codes))


def _is_text(one: Mapping[str, Any], name: str, *, needed: bool = False) -> bool:
    value = one.get(name, "")
    return isinstance(value, str) and len(value) <= LONGEST[name] and bool(value.strip() or not needed)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= BIGGEST


def _is_code(value: Any, longest: int) -> bool:
    return isinstance(value, str) and value.isascii() and value.isalnum() and len(value) <= longest


def _items(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = section.get("items")
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def _mistakes_of(section: Mapping[str, Any]) -> Iterator[str]:
    code = section.get("code")
    if not _is_code(code, SECTION_CODE) or not _is_text(section, "title", needed=True):
        yield f"Every section has a code of {SECTION_CODE} signs or fewer, and a title."
    if section.get("kind") not in sorted(KINDS):
        yield f"Section {code}: the kind {section.get('kind')} is not known."
    items = _items(section)
    if not items or items != section["items"]:
        yield f"Section {code} has no list of items."
    for item in items:
        yield from _mistakes_of_item(item, code)


def _mistakes_of_item(item: Mapping[str, Any], section: Any) -> Iterator[str]:
    code, types = item.get("code"), item.get("types", [])
    if not _is_code(code, ITEM_CODE) or not str(code).startswith(str(section)):
        yield f"Section {section}: every item has a code of {ITEM_CODE} signs or fewer that begins with {section}."
    if not _is_text(item, "label", needed=True) or not _is_text(item, "definition"):
        longest = f"{LONGEST['label']} letters or fewer, and help of {LONGEST['definition']}"
        yield f"Item {code}: it has a label of {longest}."
    if item.get("weight") not in sorted(WEIGHTS):
        yield f"Item {code}: the weight {item.get('weight')} is not known."
    if not isinstance(types, list) or any(one not in sorted(TYPES) for one in types):
        yield f"Item {code}: a type is not known."


def _mistakes_in_thresholds(changed: Any, codes: set[str]) -> Iterator[str]:
    if not isinstance(changed, dict):
        yield "The thresholds are names with what each is."
        return
    for name, value in changed.items():
        yield from _mistakes_in_threshold(name, value)
    for name in CODES:
        named = changed.get(name, getattr(PROPOSED_THRESHOLDS, name))
        for code in sorted(set(map(str, named)) - codes) if isinstance(named, list | frozenset) else ():
            yield f"Threshold {name} names {code}, which is not in the file. Add it, or change the threshold."


def _mistakes_in_threshold(name: str, value: Any) -> Iterator[str]:
    if name not in (*COUNTS, *CODES):
        yield f"Threshold {name} is not known."
    elif name in COUNTS and not _is_count(value):
        yield f"Threshold {name}: a whole number, 1 or more."
    elif name in CODES and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        yield f"Threshold {name}: a list of codes."
