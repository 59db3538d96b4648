"""The passages of a file: each record in words, as whoever prepares the answer may read it. One kind is one query."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from access.models import CaseFile
from access.parts import LABEL_NAMES, Label
from accounts.models import User
from offer.duties import DUTIES
from offer.subject_access import Asker, Ground
from subject_access.kinds import CALLED, KINDS, NO_WORDS, Kind
from subject_access.models import SubjectAccessRequest
from ui.dates import long_date, short_moment


@dataclass(frozen=True)
class Passage:
    """One record in words. `ground`: on which it is proposed to be kept back as a whole."""

    source: str
    chapter: str
    title: str
    text: str
    ground: Ground | None

    @cached_property
    def digest(self) -> str:
        """Of what a decision on it is bound to."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


def passages_of(asked: SubjectAccessRequest, user: User, chapter: str = "") -> list[Passage]:
    """Every passage of the file that this person may read, or those of one chapter, in the order they are given."""
    kinds = [kind for kind in KINDS if chapter in ("", kind.chapter)]
    return [passage for kind in kinds for passage in _passages(kind, asked, user)]


def _passages(kind: Kind, asked: SubjectAccessRequest, user: User) -> Iterator[Passage]:
    for record in _records(kind, asked.case, user):
        if text := in_words(record):
            yield Passage(
                source=f"{record._meta.label_lower}:{record.pk}", chapter=kind.chapter, title=_title(kind, record),
                text=text, ground=_ground(kind, asked, record),
            )  # fmt: skip


def _records(kind: Kind, case: CaseFile, user: User) -> Any:
    found = kind.model.objects.allowing(user, kind.action).filter(kind.only, case=case)
    found = found.select_related(kind.about) if kind.about else found
    return found.order_by(*filter(None, (kind.dated, "pk")))


def _ground(kind: Kind, asked: SubjectAccessRequest, record: Any) -> Ground | None:
    if asked.person_id and f"{record._meta.label_lower}:{record.pk}" == f"children.person:{asked.person_id}":
        return None  # what is written down of whoever asks
    if getattr(record, "restricted", False):
        return Ground.SERIOUS_HARM  # whoever wrote it down said that it is not for everybody
    for_parent = kind.for_parent if Asker[asked.asker.upper()] is Asker.PARENT else None
    return kind.ground or for_parent


def _title(kind: Kind, record: Any) -> str:
    about = getattr(record, kind.about) if kind.about else None
    dated = getattr(record, kind.dated) if kind.dated else None
    return ", ".join(filter(None, (kind.title, str(about) if about else "", _dated(dated))))


def _dated(when: date | datetime | None) -> str:
    return short_moment(when) if isinstance(when, datetime) else long_date(when)


def in_words(record: Any) -> str:
    """What a record says: a line for each of its columns that says something."""
    lines = [_line(record, field) for field in record._meta.concrete_fields]
    return "\n".join(filter(None, lines))


def _line(record: Any, field: Any) -> str:
    if field.is_relation or field.name in NO_WORDS:
        return ""
    words = _words(record, field)
    name = CALLED.get(field.name) or str(field.verbose_name).capitalize()
    return f"{name}: {words}" if words else ""


def _words(record: Any, field: Any) -> str:
    value = getattr(record, field.name)
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    if field.name == "rule_id":
        return DUTIES[value].title
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return short_moment(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, list | tuple):
        return "; ".join(LABEL_NAMES[Label(one)] if field.name == "labels" else str(one) for one in value)
    # As a form sends it back, so that what is marked can be compared with it.
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
