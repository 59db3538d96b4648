"""The items of the risk assessment: a file for each version, loaded into rows that are never edited."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
CURRENT = FOLDER / "version-1.json"
WEIGHTS = frozenset({"plain", "significant", "critical"})
KINDS = frozenset({"harm", "vulnerability", "context", "protective"})
TYPES = frozenset("SCLTORFH")  # sexual, criminal, county lines, trafficking, online, radicalisation, financial, harmful


class BadToolkit(ValueError):
    """The file is no toolkit. Its `mistakes` are sentences; nothing was loaded."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Tables:
    """The models to load into: those of today or, in a migration, those of then."""

    version: Any
    section: Any
    item: Any


def read(path: Path) -> dict[str, Any]:
    """The content of a file. Raises BadToolkit with every mistake in it."""
    try:
        data = json.loads(path.read_text())
    except ValueError as error:
        raise BadToolkit([f"The file is not JSON: {error}."]) from error
    mistakes = list(_mistakes(data))
    if mistakes:
        raise BadToolkit(mistakes)
    return dict(data)


def _mistakes(data: Any) -> Iterator[str]:
    if not isinstance(data, dict) or not data.get("name") or not isinstance(data.get("number"), int):
        yield "A toolkit has a name and a number."
        return
    sections = data.get("sections") or []
    kinds = {section.get("kind") for section in sections}
    for missing in sorted(KINDS - kinds):
        yield f"There is no section of the kind {missing}."
    for section in sections:
        yield from _mistakes_of(section)
    codes = [item.get("code") for section in sections for item in section.get("items", ())]
    codes += [section.get("code") for section in sections]
    for twice in sorted({str(code) for code in codes if codes.count(code) > 1}):
        yield f"The code {twice} stands there twice."


def _mistakes_of(section: Mapping[str, Any]) -> Iterator[str]:
    code = section.get("code")
    if not code or not section.get("title"):
        yield "Every section has a code and a title."
    if section.get("kind") not in KINDS:
        yield f"Section {code}: the kind {section.get('kind')} is not known."
    if not section.get("items"):
        yield f"Section {code} has no items."
    for item in section.get("items", ()):
        name = item.get("code")
        if not name or not str(name).startswith(str(code)) or not item.get("label"):
            yield f"Section {code}: every item has a code that begins with {code}, and a label."
        if item.get("weight") not in WEIGHTS:
            yield f"Item {name}: the weight {item.get('weight')} is not known."
        if not set(item.get("types", ())) <= TYPES:
            yield f"Item {name}: a type is not known."


def load(data: Mapping[str, Any], tables: Tables) -> Any:
    """Loads a version and makes it the current one. The same content again changes nothing.

    Raises:
        BadToolkit: another version has that number. Versions are never edited: give it the next number.
    """
    content_hash = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    found = tables.version.objects.filter(content_hash=content_hash).first()
    if found is None:
        if tables.version.objects.filter(number=data["number"]).exists():
            raise BadToolkit(
                [f"Version {data['number']} is loaded already, with other content. Give it the next number."]
            )
        found = _rows(data, content_hash, tables)
    tables.version.objects.filter(is_current=True).exclude(pk=found.pk).update(is_current=False)
    tables.version.objects.filter(pk=found.pk).update(is_current=True)
    return found


def _rows(data: Mapping[str, Any], content_hash: str, tables: Tables) -> Any:
    version = tables.version.objects.create(
        name=data["name"], number=data["number"], source=data.get("source", ""),
        thresholds=data.get("thresholds", {}), content_hash=content_hash,
    )  # fmt: skip
    for place, section in enumerate(data["sections"]):
        kept = tables.section.objects.create(
            toolkit=version, code=section["code"], title=section["title"], kind=section["kind"], place=place
        )
        tables.item.objects.bulk_create(
            tables.item(
                section=kept, code=item["code"], label=item["label"], definition=item.get("definition", ""),
                weight=item["weight"], types=item.get("types", []), place=number,
            )
            for number, item in enumerate(section["items"])
        )  # fmt: skip
    return version
