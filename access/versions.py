"""Stale saves: nobody's text is lost because two people edited at once."""

from copy import copy
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import F, Q

V = TypeVar("V", bound=models.Model)
EVERY = Q()


class StaleRecord(Exception):
    """Somebody saved the record after this edit began. Carries the record as it is now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__("Somebody else changed this while you were editing.")
        self.current = current


def save_version(record: V, started_from: int, *, only: Q = EVERY, **changes: Any) -> V:
    """Saves `changes` if the record is still at version `started_from`, counts the version up, and returns it so.

    Args:
        only: what must be so of the record besides, in the very statement that saves.

    Raises:
        StaleRecord: it is not; nothing was saved.
    """
    manager: Any = type(record)._default_manager
    saved = manager.filter(only, pk=record.pk, version=started_from).update(version=F("version") + 1, **changes)
    if not saved:
        raise StaleRecord(manager.get(pk=record.pk))
    if vars(record)["version"] != started_from:
        return cast(V, manager.get(pk=record.pk))
    after = copy(record)  # every save counts up, so what is in hand at that version is what was in the database
    for name, value in {**changes, "version": started_from + 1}.items():
        setattr(after, name, value)
    return after
