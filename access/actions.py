"""The door every write goes through: authorise, lock, run, write the ledger, in one transaction."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from access import ledger
from access.models import CaseFile
from access.permissions import NotAllowed, may, sentence
from access.principal import acting_as
from access.roles import CASE_ACTIONS, Action
from accounts.models import User

P = ParamSpec("P")
R = TypeVar("R")

_inside: ContextVar[CaseFile | None] = ContextVar("inside", default=None)  # the file whose door is open now


class NoDoorOpen(RuntimeError):
    """Something that is only ever part of an action on a file was called by itself, or for another file."""


def _named(result: Any) -> str:
    return f"{result._meta.label_lower}:{result.pk}" if isinstance(result, models.Model) else ""


def _refuse(by: User, action: Action, case: CaseFile | None) -> NotAllowed:
    ledger.record_denial(
        ledger.Kind.DENIED, action=action, case=case.pk if case else None, detail=f"{by.username}: {sentence(action)}"
    )
    return NotAllowed(sentence(action))


def _file_of(record: Any) -> CaseFile:
    """The file a record is of, by its id alone: whoever asks may not be able to read the file itself."""
    return record if isinstance(record, CaseFile) else CaseFile(pk=record.case_id)


def _locked(case: CaseFile, by: User, action: Action) -> bool:
    """Takes the lock on the file's row, if the person may do the action: `may`, and the lock, in one query."""
    allowed = CaseFile.objects.allowing_own(by, action).select_for_update(of=("self",))
    return action in CASE_ACTIONS and allowed.filter(pk=case.pk).first() is not None


@contextmanager
def _open(case: CaseFile) -> Iterator[None]:
    mark = _inside.set(case)
    try:
        yield
    finally:
        _inside.reset(mark)


def part_of_action(function: Callable[P, R]) -> Callable[P, R]:
    """Makes a function that only runs inside another one's door on the same file: a clock that a decision starts.

    It has no authority of its own: the open action's is enough, its lock is held, and its line of the ledger stands
    for both. The second wall asks about each row as ever. The record comes first, `by` is required.

    Raises:
        NoDoorOpen: no action on this file is under way.
    """

    @functools.wraps(function)
    def door(record: Any, /, *, by: User, **given: Any) -> R:
        opened = _inside.get()
        if opened is None or opened.pk != _file_of(record).pk:
            raise NoDoorOpen(f"{function.__name__} is part of an action on the file; call it from one.")
        return function(record, by=by, **given)  # type: ignore[arg-type]

    door.declared_action = None  # type: ignore[attr-defined]
    return door  # type: ignore[return-value]


def case_action(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function the only way to do `action` on a file.

    The function takes the file, or a record of one, first; everything else by keyword, with `by`, the person
    who does it, required. The file's row is locked while it runs, so two writers to one file take turns.

    Raises:
        NotAllowed: the person may not do this; the refusal is in the ledger.
        LedgerUnavailable: it could not be recorded, so it was not done.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def door(record: Any, /, *, by: User, **given: Any) -> R:
            with acting_as(by.pk), transaction.atomic():
                case = _file_of(record)
                if not _locked(case, by, action):
                    raise _refuse(by, action, case)
                with _open(case):
                    result = function(record, by=by, **given)  # type: ignore[arg-type]
                ledger.record(ledger.Kind.WRITE, action=action, case=case.pk, record=_named(result))
                return result

        door.declared_action = action  # type: ignore[attr-defined]
        return door  # type: ignore[return-value]

    return decorate


def private_words(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function the door to words that somebody is still typing, and that they alone see until they save them.

    No lock and no line of the ledger: nothing of the file changes, and it is done every few seconds. The page has asked
    the first wall whether they may do `action` on the file; the second asks it of the row.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def door(record: Any, /, *, by: User, **given: Any) -> R:
            with acting_as(by.pk), transaction.atomic():
                return function(record, by=by, **given)  # type: ignore[arg-type]

        door.declared_action = action  # type: ignore[attr-defined]
        return door  # type: ignore[return-value]

    return decorate


def role_action(action: Action, kind: ledger.Kind = ledger.Kind.WRITE) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same door for what concerns no file yet (opening one) or none at all (accounts)."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def door(*, by: User, **given: Any) -> R:
            with acting_as(by.pk), transaction.atomic():
                if not may(by, action):
                    raise _refuse(by, action, None)
                result = function(by=by, **given)  # type: ignore[arg-type, call-arg]
                case = result.pk if isinstance(result, CaseFile) else getattr(result, "case_id", None)
                # One action covers all that is done to accounts, so the line says which thing it was.
                detail = function.__name__.replace("_", " ") if kind == ledger.Kind.STAFF else ""
                ledger.record(kind, action=action, case=case, record=_named(result), detail=detail)
                return result

        door.declared_action = action  # type: ignore[attr-defined]
        return door  # type: ignore[return-value]

    return decorate


def machine_work(function: Callable[P, R]) -> Callable[P, R]:
    """Declares work the program does by itself, on tables that hold no case data. It has no principal, so the
    second wall shows it no file."""

    @functools.wraps(function)
    def door(*args: P.args, **kwargs: P.kwargs) -> R:
        with acting_as(None), transaction.atomic():
            return function(*args, **kwargs)

    door.declared_action = None  # type: ignore[attr-defined]
    return door
