"""Whether the time to answer tells a file that is hidden from one that never was.

A worker's browser asks for both in turn, and a guesser tries to tell them apart by the milliseconds alone. The figure
is the chance that a hidden file's answer took longer than an absent one's (the area under the guesser's curve): one
half is no better than tossing a coin.
"""

from bisect import bisect_left, bisect_right
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

import psycopg

from bench.modes import Mode
from bench.pages import WARM_UP, Process
from launch.database import Urls

ASKED = 2000  # of each
A_ROUND = 20
PERSON = "area1.worker1"
ADDRESSES = ("/cases/{}/", "/cases/{}/plan/", "/cases/{}/notes/")

_HIDDEN = """
SELECT f.id FROM access_casefile AS f
WHERE NOT EXISTS (SELECT FROM access_caseaccess AS a JOIN accounts_subject AS s ON s.id = a.subject_id
    LEFT JOIN accounts_membership AS m ON m.team_id = s.team_id
    JOIN accounts_user AS u ON u.id IN (s.user_id, m.user_id)
    WHERE a.case_id = f.id AND u.username = %s)
ORDER BY md5(f.reference) LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Hiding:
    """Of one address: how many of each were asked, and the chance that the hidden one took longer."""

    address: str
    asked: int
    chance: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def chance_that_it_is_longer(some: list[float], others: list[float]) -> float:
    """The chance that one of `some` is above one of `others`, a draw counting as half."""
    others = sorted(others)
    above = sum((bisect_left(others, one) + bisect_right(others, one)) / 2 for one in some)
    return above / (len(some) * len(others))


def measure_hiding(urls: Urls, asked: int = ASKED) -> list[Hiding]:
    with psycopg.connect(urls.owner) as connection:
        hidden = [str(row[0]) for row in connection.execute(_HIDDEN, [PERSON, A_ROUND]).fetchall()]
    process = Process(urls, Mode.FULL)
    try:
        process.ask("sign_in", username=PERSON)
        return [_measure(process, address, hidden, asked) for address in ADDRESSES]
    finally:
        process.stop()


def _measure(process: Process, address: str, hidden: list[str], asked: int) -> Hiding:
    absent = [str(uuid4()) for _ in hidden]
    pages = {name: [address.format(file) for file in files] for name, files in (("hidden", hidden), ("absent", absent))}
    times: dict[str, list[float]] = {"hidden": [], "absent": []}
    for turn in range(-WARM_UP // A_ROUND, asked // A_ROUND):
        for name in sorted(pages, reverse=turn % 2 == 0):  # whoever goes first finds colder caches
            answer = process.ask("times", username=PERSON, paths=pages[name], count=A_ROUND, start=0, status=404)
            times[name] += answer["times"] if turn >= 0 else []
    return Hiding(address, asked, round(chance_that_it_is_longer(times["hidden"], times["absent"]), 3))
