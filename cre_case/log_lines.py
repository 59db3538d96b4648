"""Lines of the log that hold no word of a case.

What went wrong is said by the kind of error and the place in the code. The words of an error are left out: the
database's name the row that it refused, and others what was typed.
"""

import copy
import logging
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

SAID_BY_CELERY = frozenset({"exc", "traceback", "args", "kwargs"})  # what a task's failure would be told with


class WithoutWords(logging.Formatter):
    """Formats a record with the kinds of its errors and their places, without their words."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_text = None  # made by another handler, with every word
        if isinstance(bare.args, Mapping):
            bare.args = {key: "" if key in SAID_BY_CELERY else value for key, value in bare.args.items()}
        elif isinstance(bare.args, tuple):
            bare.args = tuple(kind_of(one) if isinstance(one, BaseException) else one for one in bare.args)
        return super().format(bare)

    def formatException(self, ei: Any) -> str:  # noqa: N802 -- the name is logging's
        lines = [line for error, trace in _chain(ei[1], ei[2]) for line in (*_places(trace), kind_of(error))]
        return "\n".join(lines)


def kind_of(error: BaseException | None) -> str:
    """The kind of an error and, of the database's, its code and the rule that was broken."""
    if error is None:
        return "No error"
    diag = getattr(error, "diag", None)
    facts = [fact for fact in (getattr(error, "sqlstate", None), getattr(diag, "constraint_name", None)) if fact]
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} ({', '.join(facts)})" if facts else name


def _chain(error: BaseException | None, trace: TracebackType | None) -> Iterator[tuple[BaseException, Any]]:
    """The error, after what it came from."""
    if error is None:
        return
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before, before.__traceback__)
    yield error, trace


def _places(trace: Any) -> list[str]:
    return [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
