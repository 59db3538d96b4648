"""Search keys of names, computed here so that the database compares plain text and leaks nothing.

A name is found by the beginning of any of its parts, and by how a part sounds.
"""

import re
import unicodedata

import jellyfish

SHORTEST_SEARCH = 3  # letters: a shorter beginning would list the city


def parts(name: str) -> list[str]:
    """The words of a name in capitals without accents or signs: "O'Brien-Núñez" -> ["OBRIEN", "NUNEZ"]."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return [part for part in re.split(r"[^A-Z]+", plain.replace("'", "")) if part]


def sound(part: str) -> str:
    """How a part sounds, marked with a "~" so that it can never be taken for letters."""
    return f"~{jellyfish.metaphone(part)}"


def keys(*names: str) -> set[str]:
    """Every key under which these names are to be found."""
    found = {part for name in names for part in parts(name)}
    return found | {sound(part) for part in found if len(part) >= SHORTEST_SEARCH}
