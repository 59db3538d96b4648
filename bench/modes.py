"""Ways to run the same program with a part of its safety left out, to learn what that part costs.

The switches are here and not in the program: they replace functions of the process that measures.
"""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

STAMP = "stamp_principal"


class Mode(StrEnum):
    FULL = "full"
    NO_WALL_2 = "no second wall"
    NO_STAMP = "no second wall, no stamp"
    NO_LEDGER = "no ledger"
    BARE = "none of them"


@dataclass(frozen=True, slots=True)
class Without:
    wall_2: bool = False
    stamp: bool = False
    ledger: bool = False


WITHOUT: dict[Mode, Without] = {
    Mode.FULL: Without(),
    Mode.NO_WALL_2: Without(wall_2=True),
    Mode.NO_STAMP: Without(wall_2=True, stamp=True),
    Mode.NO_LEDGER: Without(ledger=True),
    Mode.BARE: Without(wall_2=True, stamp=True, ledger=True),
}


def apply(mode: Mode) -> None:
    """Changes this process; the database role is chosen by its address."""
    if WITHOUT[mode].stamp:
        _stamp_once_per_person()
    if WITHOUT[mode].ledger:
        _write_no_ledger()


def _write_no_ledger() -> None:
    from access import ledger  # noqa: PLC0415 -- after Django is set up

    def record(*args: Any, **kwargs: Any) -> None:
        pass

    ledger.record = record


def _stamp_once_per_person() -> None:
    """The first wall too asks the database who is asking, so the stamp is kept for the connection instead."""
    from access.postgres.base import DatabaseWrapper  # noqa: PLC0415 -- after Django is set up
    from access.principal import current_principal, current_token  # noqa: PLC0415 -- the same

    lasting: dict[int, tuple[int | None, float]] = {}

    def stamp_principal(self: Any) -> None:
        person, now = current_principal(), time.monotonic()
        stamped, until = lasting.get(id(self.connection), (None, 0.0))
        if person is None or (stamped == person and now < until):
            return
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.principal', %s, false)", [current_token()])
        lasting[id(self.connection)] = (person, now + 300)

    setattr(DatabaseWrapper, STAMP, stamp_principal)
