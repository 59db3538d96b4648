"""Search keys of names, computed here so that the database compares plain text and leaks nothing.

A name is found by the beginning of any of its parts, and by how a part sounds.
"""

import unicodedata

import jellyfish

SHORTEST_SEARCH = 3  # letters: a shorter beginning would list the city
LONGEST_PART = 40  # letters: nobody types more, and a key has room for it
JOINED_UP_TO = 3  # letters: "Mc", "De", "Van" are also written in one word with what follows

# Signs inside a word: "O'Brien", "O’Brien" and "OBrien" are one name.
APOSTROPHES = frozenset("'’‘ʼ`´")
# Letters that Unicode does not take apart into a plain letter and a sign.
SPELLED_OUT = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Ð": "D", "Þ": "TH", "Æ": "AE", "Œ": "OE", "Ħ": "H"})


def _plain(character: str) -> str:
    """A letter as it is, nothing for a sign on or in a word, a space for what stands between words."""
    category = unicodedata.category(character)
    if character in APOSTROPHES or category[0] == "M" or category == "Cf":
        return ""
    return character if category[0] == "L" else " "


def parts(name: str) -> list[str]:
    """The words of a name in capitals without accents or signs: "O'Brien-Núñez" -> ["OBRIEN", "NUNEZ"].

    Letters of other scripts stay as they are, so that a child recorded in them is found by typing them.
    """
    capitals = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).upper())
    plain = "".join(map(_plain, capitals.translate(SPELLED_OUT)))
    return [part[:LONGEST_PART] for part in plain.split()]


def joined(first: str, second: str) -> str | None:
    """Two words as one, where names are written both ways: "MC", "DONALD" -> "MCDONALD"."""
    return (first + second)[:LONGEST_PART] if len(first) <= JOINED_UP_TO else None


def sound(part: str) -> str | None:
    """How a part sounds, marked with a "~" so that it can never be taken for letters.

    None for a part too short to tell by its sound, or in another script. A vowel written Y is heard as I, so
    that Bronwyn and Bronwin are one sound.
    """
    spoken = part[:1] + part[1:].replace("Y", "I")
    heard = jellyfish.metaphone(spoken) if len(part) >= SHORTEST_SEARCH and part.isascii() else ""
    return f"~{heard}" if heard else None


def keys(*names: str) -> set[str]:
    """Every key under which these names are to be found."""
    found: set[str] = set()
    for name in names:
        words = parts(name)
        found.update(words)
        found.update(filter(None, map(joined, words, words[1:])))
    return found | {heard for part in found if (heard := sound(part))}
