"""Stale saves: nobody's text is lost because two people edited at once."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import F

V = TypeVar("V", bound=models.Model)


class StaleRecord(Exception):
    """Somebody saved the record after this edit began. Carries the record as it is now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__("Somebody else changed this while you were editing.")
        self.current = current


def save_version(record: V, started_from: int, **changes: Any) -> V:
    """Saves `changes` if the record is still at version `started_from`, and counts the version up.

    Raises:
        StaleRecord: it is not; nothing was saved.
    """
    manager = type(record)._default_manager
    saved = manager.filter(pk=record.pk, version=started_from).update(version=F("version") + 1, **changes)
    current = manager.get(pk=record.pk)
    if not saved:
        raise StaleRecord(current)
    return current
