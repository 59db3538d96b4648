"""Who may not be named in what a family is given, and where a text names them. Pure rules."""

import re
from collections.abc import Callable, Iterable

from children.models import Person

Span = tuple[int, int]  # where words of a text begin and end, in characters

SHORTEST_NAME = 3

# Names that are English words too: only with a capital are they read as names.
WORDS_TOO = frozenset({
    "amber", "angel", "april", "art", "august", "autumn", "bill", "chance", "chase", "dean", "drew", "faith", "frank",
    "grace", "grant", "guy", "honey", "hope", "jack", "joy", "june", "mark", "max", "may", "melody", "pat", "ray",
    "rob", "rose", "ruby", "sue", "summer", "sunny", "will",
})  # fmt: skip

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]{2,}(?: [A-Z][\w’'-]+)*|\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")


def withheld_names(
    people: Iterable[Person], recipient: Person | None, child_names: str, *, may_be_named: Callable[[Person], bool]
) -> list[str]:
    """Names that may not stand in what a family is given: of other children, and of adults who may not be named.

    A part of a name that the child or the recipient bears too is not enough to tell whom a text is about.
    """
    own = {word.casefold() for word in WORD.findall(f"{child_names} {recipient.name if recipient else ''}")}
    names: list[str] = []
    for person in people:
        if person == recipient or (person.is_adult and may_be_named(person)):
            continue
        parts = [part for part in WORD.findall(person.name) if len(part) >= SHORTEST_NAME]
        names += [part for part in parts if part.casefold() not in own]
    return names


def names_in(text: str) -> list[str]:
    """What looks like a name in a text about who a risk comes from: capitals that do not begin a sentence."""
    return NAME.findall(text)


def spans_of_names(text: str, names: Iterable[str]) -> list[Span]:
    """Where a text names one of these people or places, in the order of the text; spans may overlap."""
    typed = list(WORD.finditer(text))
    words = [found[0] for found in typed]
    folded = [word.casefold() for word in words]
    spans: set[Span] = set()
    for name in set(names):
        parts = WORD.findall(name)
        is_a_word = len(parts) == 1 and parts[0].casefold() in WORDS_TOO
        wanted, among = (parts, words) if is_a_word else ([part.casefold() for part in parts], folded)
        for start in range(len(among) - len(wanted) + 1 if wanted else 0):
            if among[start : start + len(wanted)] == wanted:
                spans.add((typed[start].start(), typed[start + len(wanted) - 1].end()))
    return sorted(spans)
