"""The directory's first entries, read from a file beside this one: each service that the offer names."""

import json
from pathlib import Path
from typing import Any

from referrals.models import Service

FILE = Path(__file__).resolve().parent / "directory.json"


def read(path: Path = FILE) -> list[dict[str, Any]]:
    """The entries of a file, as fields of `Service`."""
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["services"]
    return entries


def load(path: Path = FILE) -> int:
    """Adds the entries that are not there by name, and returns how many. One that is there stays as people left it.

    Run by the owner of the tables: it is nobody's act, so its versions name nobody.
    """
    known = {name.casefold() for name in Service.objects.values_list("name", flat=True)}
    missing = [entry for entry in read(path) if entry["name"].casefold() not in known]
    for entry in missing:
        Service.objects.create(**entry)
    return len(missing)
