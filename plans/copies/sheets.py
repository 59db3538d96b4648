"""What a copy says, as plain data: kept in its row word for word, printed by one template on paper and on screen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MARK = "OFFICIAL-SENSITIVE"

Cell = str | dict[str, str]  # words, or {"text", "tone"} for a status


@dataclass(frozen=True)
class Section:
    """A part of a copy. `kind`: text, quote, alert, list or table; `head` and `rows` are a table's."""

    title: str
    kind: str
    lines: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    last: bool = False  # stays on the page of what comes before it


@dataclass(frozen=True)
class Sheet:
    """One copy. `mark` stands on top of each page, `footer` at the bottom beside the page number."""

    title: str
    heading: str
    caption: str
    mark: str
    footer: str
    facts: Sequence[Sequence[Cell]] = ()
    sections: Sequence[Section] = field(default_factory=tuple)
    large: bool = False

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def paragraphs(text: str) -> list[str]:
    """A text as typed, line by line, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def text_section(title: str, text: str, kind: str = "text") -> list[Section]:
    """A section for a text, or none where nothing was written."""
    lines = paragraphs(text)
    return [Section(title, kind, lines=lines)] if lines else []


def table_section(title: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Section]:
    return [Section(title, "table", head=head, rows=rows)] if rows else []


def list_section(title: str, lines: Sequence[str]) -> list[Section]:
    return [Section(title, "list", lines=lines)] if lines else []
