"""One file being written: what every row of it shares, and the rows so far."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from cre_case.demo.clock import Clock
from cre_case.demo.place import Place
from cre_case.demo.town import Ids, Town

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Toolkit:
    """What a risk assessment is made with: keys of the version, of its items (with code and weight), of one factor."""

    version: int
    items: tuple[tuple[int, str, str], ...]
    factor: int


@dataclass(slots=True)
class Desk:
    """What is handed out across files: keys, references, the town and its calendar."""

    clock: Clock
    town: Town
    ids: Ids
    references: Iterator[int]
    toolkit: Toolkit | None = None

    def next_reference(self) -> str:
        return f"CRE-{next(self.references):06d}"


@dataclass(slots=True)
class Folder:
    """A file under way. `add` fills in what each row of a file has."""

    desk: Desk
    dice: random.Random
    place: Place
    case: UUID
    rows: list[models.Model] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        return self.desk.clock

    def user(self, username: str) -> int:
        return self.desk.town.users[username]

    @property
    def author(self) -> int:
        """Who writes in the file: whoever leads, else whoever opened it."""
        return self.user(self.place.lead or self.place.opened_by)

    @property
    def manager(self) -> int:
        return self.user(self.place.manager)

    def add(self, model: type[M], **values: Any) -> M:
        row = model(id=self.desk.ids.next(model), case_id=self.case, **values)
        self.rows.append(row)
        return row


def open_folder(desk: Desk, dice: random.Random, place: Place) -> Folder:
    return Folder(desk, dice, place, UUID(int=dice.getrandbits(128), version=4))
