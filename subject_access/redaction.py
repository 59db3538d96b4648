"""Words of a passage that are kept back, marked in the text itself with [[ and ]]. Pure rules.

Whoever prepares an answer marks words and changes none: what is given is the original, less what is marked.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from plans.copies.names import Span

OPEN, CLOSE = "[[", "]]"
IN_PLACE = "[kept back]"
MARKS = re.compile(r"\[\[|\]\]")


class NotTheText(ValueError):
    """What was sent is not the passage with marks. The text is a sentence for whoever sent it."""


def can_be_marked(text: str) -> bool:
    """False where the passage holds such marks of its own: it is given or kept back as a whole."""
    return not MARKS.search(text)


def merged(spans: Iterable[Sequence[int]]) -> list[Span]:
    """The same words as spans in order that neither touch nor overlap."""
    found: list[Span] = []
    for start, end in sorted((one[0], one[1]) for one in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def marked(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The text with what is kept back between marks."""
    return _with(text, spans, lambda words: f"{OPEN}{words}{CLOSE}")


def given(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The text as it is given: something stands where words were kept back, and never how many."""
    return _with(text, spans, lambda _: IN_PLACE)


def _with(text: str, spans: Iterable[Sequence[int]], replace: Callable[[str], str]) -> str:
    parts, at = [], 0
    for start, end in merged(spans):
        parts += [text[at:start], replace(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def read_marks(typed: str, text: str) -> list[Span]:
    """What of a text is kept back, from the text as it was sent back with marks.

    Raises:
        NotTheText: a mark has no partner, or a word was changed.
    """
    spans, plain, opened = [], "", -1
    for piece in re.split(r"(\[\[|\]\])", typed):
        if piece == OPEN and opened < 0:
            opened = len(plain)
        elif piece == CLOSE and opened >= 0:
            spans.append((opened, len(plain)))
            opened = -1
        elif piece in (OPEN, CLOSE):
            raise NotTheText("Close each [[ with ]] before the next one begins.")
        else:
            plain += piece
    if opened >= 0:
        raise NotTheText("Close each [[ with ]] before the next one begins.")
    if plain != text:
        raise NotTheText("Change no word of it: only put [[ and ]] around the words that are kept back.")
    return merged(spans)
