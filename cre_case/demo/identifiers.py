"""Identifiers that look right and belong to nobody: test ranges, and postcodes that cannot exist."""

import random
from collections.abc import Iterator

# The test range of the NHS number has a million beginnings; a stride prime to that visits each once.
_NHS_BEGINNINGS = 1_000_000
_NHS_STRIDE = 610_639
_NHS_TAKEN = frozenset({"9990001006", "9990001073", "9990001219", "9990001359"})  # the worked cases

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# Derby first; then neighbours, for when a year's thousand numbers are used up.
_UPN_AUTHORITIES = ("831", "830", "892", "891", "856", "855", "860", "861", "330", "373", "333", "335")
_UPN_FIRST = 100  # below it are the worked cases

# Letters that the second half of a postcode never has.
_NO_POSTCODE = "CIKMOV"


def nhs_check_digit(beginning: str) -> int:
    """The tenth digit for nine; 10 where there is none."""
    remainder = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(beginning)) % 11
    return 0 if remainder == 11 else remainder


def nhs_numbers() -> Iterator[str]:
    """Valid numbers of the range 999 000 0000 to 999 999 9999, each once, in no visible order."""
    for step in range(1, _NHS_BEGINNINGS):
        beginning = f"999{step * _NHS_STRIDE % _NHS_BEGINNINGS:06d}"
        check = nhs_check_digit(beginning)
        number = f"{beginning}{check}"
        if check < 10 and number not in _NHS_TAKEN:
            yield number


def upn_check_letter(rest: str) -> str:
    """The first letter for the twelve characters that follow it."""
    return _UPN_LETTERS[sum(place * int(digit) for place, digit in enumerate(rest, start=2)) % 23]


class UniquePupilNumbers:
    """Gives out valid pupil numbers of the test school 9999, counted by year of entry."""

    def __init__(self) -> None:
        self._given: dict[int, int] = {}

    def next(self, year: int) -> str:
        """The next number of a year of entry; empty when that year has no more."""
        count = self._given.get(year, 0)
        self._given[year] = count + 1
        authority, serial = divmod(count + _UPN_FIRST, 1000)
        if authority >= len(_UPN_AUTHORITIES):
            return ""
        rest = f"{_UPN_AUTHORITIES[authority]}9999{year % 100:02d}{serial:03d}"
        return upn_check_letter(rest) + rest


def postcode(dice: random.Random) -> str:
    """A Derby postcode that cannot exist."""
    return f"DE{dice.randint(91, 99)} {dice.randint(1, 9)}{dice.choice(_NO_POSTCODE)}{dice.choice(_NO_POSTCODE)}"


def mobile(dice: random.Random) -> str:
    """A number of the range kept for drama."""
    return f"07700 900{dice.randint(0, 999):03d}"


def landline(dice: random.Random) -> str:
    return f"01632 960{dice.randint(0, 999):03d}"
