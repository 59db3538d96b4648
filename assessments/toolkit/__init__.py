"""The items of the risk assessment: a file for each version, loaded into rows that are never edited."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models.functions import Coalesce, Now

from assessments.toolkit.checking import CODES, BadToolkit
from offer.suggestion import Thresholds

FOLDER = Path(__file__).resolve().parent
CURRENT = FOLDER / "version-1.json"


@dataclass(frozen=True, slots=True)
class Tables:
    """The models to load into: those of today or, in a migration, those of then."""

    version: Any
    section: Any
    item: Any


def thresholds_from(changed: Mapping[str, Any]) -> Thresholds:
    """The thresholds of a version: those proposed, but for what it changes."""
    values: dict[str, Any] = {
        name: frozenset(value) if name in CODES else value for name, value in changed.items()
    }  # fmt: skip
    return Thresholds(**values)


def load(data: Mapping[str, Any], tables: Tables) -> Any:
    """Loads a version and makes it the current one. The same content again changes nothing.

    Raises:
        BadToolkit: as `keep` does.
    """
    version = keep(data, tables)
    make_current(version, tables)
    return version


def keep(data: Mapping[str, Any], tables: Tables, **about: Any) -> Any:
    """Puts a version into rows, for nobody to use yet. The same content again is the same version.

    Args:
        about: who loaded it, where the table says so.

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
        found = _rows(data, content_hash, tables, about)
    return found


def make_current(version: Any, tables: Tables, **about: Any) -> None:
    """New assessments are made with this version; those there are stay with theirs."""
    tables.version.objects.filter(is_current=True).exclude(pk=version.pk).update(is_current=False)
    tables.version.objects.filter(pk=version.pk).update(
        is_current=True, published_at=Coalesce("published_at", Now()), **about
    )


def _rows(data: Mapping[str, Any], content_hash: str, tables: Tables, about: Mapping[str, Any]) -> Any:
    version = tables.version.objects.create(
        name=data["name"], number=data["number"], source=data.get("source", ""),
        thresholds=data.get("thresholds", {}), content_hash=content_hash, **about,
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
