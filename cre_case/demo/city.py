"""The whole city, file by file: the demo's cast first, then as many areas as the wanted number of children needs."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from children.models import Contact, DuplicateAlert
from cre_case.demo import SEED, words
from cre_case.demo.access_rows import write_access
from cre_case.demo.casework_rows import write_casework
from cre_case.demo.cast import (
    EXCLUDED,
    FEATURES,
    FORMER,
    GROUPS,
    PARTNER_NOTES,
    REASONS_STATED,
    SHARES,
    TWICE,
    Group,
    Slot,
    cast,
)
from cre_case.demo.child_rows import write_child, write_contact
from cre_case.demo.clock import Clock
from cre_case.demo.desk import Desk, Folder, open_folder
from cre_case.demo.grown import grown_place
from cre_case.demo.identifiers import UniquePupilNumbers, nhs_numbers
from cre_case.demo.imagine import About, imagine
from cre_case.demo.place import Feature, Place
from cre_case.demo.staff import AREA_CHILDREN, CHILDREN_OF_A_WORKER, Staffing, demo_staffing, grown_staffing

CAST = sum(group.count for group in GROUPS)
CONTACTS_WITHOUT_A_CHILD = len(words.WAITING) + len(words.SCREENED_OUT)
RECEIVER, RECEIVING_MANAGER = "irt.worker", "irt.manager"
LOOKED_AFTER = frozenset({Feature.FOSTERED, Feature.PLACED_HERE, Feature.PLACED_AWAY, Feature.CHILD_PROTECTION})

Rows = list[models.Model]


@dataclass(frozen=True, slots=True)
class City:
    """The city for a number of children; no fewer than the demo's."""

    clock: Clock
    children: int = CAST
    seed: str = SEED

    @property
    def areas(self) -> int:
        return -(-max(0, self.children - CAST) // AREA_CHILDREN)

    @property
    def files(self) -> int:
        return max(CAST, self.children) + CONTACTS_WITHOUT_A_CHILD

    def staffing(self) -> Staffing:
        return grown_staffing(self.areas) if self.areas else demo_staffing()

    def rows(self, desk: Desk) -> Iterator[Rows]:
        """The rows of one file after another, oldest of the demo's first, in an order that can be inserted."""
        pupils, numbers = UniquePupilNumbers(), nhs_numbers()
        yield from self._demo(desk, pupils, numbers)
        for number in range(self.children - CAST):
            dice = random.Random(f"{self.seed}:grown:{number}")  # noqa: S311 -- invents, does not protect
            about = imagine(dice, self.clock, next(numbers, ""), pupils)
            folder = open_folder(desk, dice, grown_place(dice, number))
            yield _file(folder, about, whole=number % AREA_CHILDREN < CHILDREN_OF_A_WORKER)

    def _demo(self, desk: Desk, pupils: UniquePupilNumbers, numbers: Iterator[str]) -> Iterator[Rows]:
        drafts = [
            *self._cast(desk, pupils, numbers),
            *self._screened_out(desk, pupils),
            *self._waiting(desk, pupils),
        ]
        slots = {}
        for slot, folder, about in sorted(drafts, key=lambda draft: -draft[1].place.days):
            slots[slot] = folder
            yield (
                _file(folder, about)
                if slot[0] not in ("waiting", "screened out")
                else _contact_only(folder, about, slot)
            )
        first, second = (slots[slot].case for slot in TWICE)
        yield [
            DuplicateAlert(
                id=desk.ids.next(DuplicateAlert),
                case_id=second,
                other_case_id=first,
                raised_at=self.clock.at(-1, 11, 5),
            )
        ]

    def _dice(self, slot: Slot) -> random.Random:
        return random.Random(f"{self.seed}:{slot[0]}:{slot[1]}")  # noqa: S311 -- invents, does not protect

    def _cast(
        self, desk: Desk, pupils: UniquePupilNumbers, numbers: Iterator[str]
    ) -> Iterator[tuple[Slot, Folder, About]]:
        def invented() -> Iterator[About]:
            for group in GROUPS:
                for number in range(group.count):
                    yield imagine(self._dice((group.name, number)), self.clock, next(numbers, ""), pupils)

        for group, slot, about in cast(self.clock, invented()):
            dice = random.Random(f"{self.seed}:file:{slot[0]}:{slot[1]}")  # noqa: S311 -- invents
            yield slot, open_folder(desk, dice, _demo_place(dice, group, slot)), about

    def _waiting(self, desk: Desk, pupils: UniquePupilNumbers) -> Iterator[tuple[Slot, Folder, About]]:
        for number in range(len(words.WAITING)):
            opened_by = "edt" if number % 2 else RECEIVER
            place = Place("irt", RECEIVING_MANAGER, opened_by, days=1 + number // 3)
            yield self._without_child(desk, pupils, ("waiting", number), place)

    def _screened_out(self, desk: Desk, pupils: UniquePupilNumbers) -> Iterator[tuple[Slot, Folder, About]]:
        for number in range(len(words.SCREENED_OUT)):
            place = Place("irt", RECEIVING_MANAGER, RECEIVER, days=4 + 9 * number)
            yield self._without_child(desk, pupils, ("screened out", number), place)

    def _without_child(
        self, desk: Desk, pupils: UniquePupilNumbers, slot: Slot, place: Place
    ) -> tuple[Slot, Folder, About]:
        dice = self._dice(slot)
        about = imagine(dice, self.clock, "", pupils)
        return slot, open_folder(desk, dice, place), about


def _demo_place(dice: random.Random, group: Group, slot: Slot) -> Place:
    features = FEATURES.get(slot, frozenset())
    return Place(
        team=group.team,
        manager=group.manager,
        opened_by=RECEIVER,
        days=dice.randrange(30, 300) if group.lead else dice.randrange(2, 6),
        lead=group.lead,
        former=FORMER[group.name] if Feature.FORMER_WORKER in features else None,
        shares=SHARES.get(slot, ()),
        chairs="iro" if features & LOOKED_AFTER else None,
        partners=PARTNER_NOTES.get(slot, ()),
        features=features,
        excluded=EXCLUDED.get(slot),
        reason_stated_by=REASONS_STATED.get(slot),
    )


def _file(folder: Folder, about: About, *, whole: bool = True) -> Rows:
    write_access(folder, about.called)
    write_child(folder, about)
    write_casework(folder, about, whole=whole)
    return folder.rows


def _contact_only(folder: Folder, about: About, slot: Slot) -> Rows:
    kind, number = slot
    write_access(folder, about.called)
    if kind == "waiting":
        write_contact(folder, about, Contact.Outcome.RECEIVED, words.WAITING[number])
    else:
        details, reason = words.SCREENED_OUT[number]
        write_contact(folder, about, Contact.Outcome.SCREENED_OUT, details, reason)
    return folder.rows
