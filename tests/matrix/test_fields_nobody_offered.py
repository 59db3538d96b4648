"""Every form, sent with a value for each column of each table beside what it asks: what is kept is what the form asked.

The forms, and what is typed into them, are those of `test_whatever_is_typed`. What was kept is read from the history
of rows, which one trigger writes: two sends of one form, each taken back, must leave the same history.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from access.models import CaseFile
from accounts.models import User
from accounts.roles import Role
from tests.database import rows
from tests.matrix.test_matrix import undone
from tests.matrix.test_whatever_is_typed import FORMS, asked, in_turn

pytestmark = pytest.mark.django_db
__all__ = ["asked"]  # the fixture

TABLES = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00)?")


def columns() -> Iterator[models.Field]:
    for model in apps.get_models():
        if model.__module__.partition(".")[0] not in ("allauth", "django"):
            yield from model._meta.concrete_fields


def hostile(world: Any) -> dict[str, str]:
    """A value for each name of a column: of somebody else, of another file, of a day long ago, of the last choice."""
    sent = {}
    for column in columns():
        value = _value(column, world)
        sent |= {column.name: value, column.attname: value}
    return sent


def _value(column: models.Field, world: Any) -> str:
    if column.related_model is CaseFile:
        return str(world.cases["unrelated"])
    if column.related_model is User:
        return str(world.users[Role.POLICE_OFFICER].pk)
    if column.choices:
        return str(list(column.flatchoices)[-1][0])
    if isinstance(column, models.BooleanField):
        return "on"
    if isinstance(column, models.DateField):
        return "2001-01-01"
    return "7" if isinstance(column, models.IntegerField) else str(world.cases["unrelated"])


def kept(send: Any, sent: dict[str, Any]) -> tuple[int, list[Any]]:
    """The answer's status and what the history of rows says of it, without what is new each time; then taken back."""
    with undone():
        before = rows("SELECT coalesce(max(id), 0) FROM access_rowhistory")[0][0]
        status = send(sent).status_code
        history = rows(
            "SELECT table_name, operation, row_id, after FROM access_rowhistory WHERE id > %s ORDER BY id", before
        )
    new = {(table, row_id) for table, operation, row_id, _ in history if operation == "INSERT"}
    return status, [(table, operation, _without(new, table, after)) for table, operation, _, after in history]


def _without(new: set[tuple[str, str]], table: str, after: Any) -> dict[str, Any]:
    """The row, with the same words for every moment, and for every row that this send made."""
    fields = {field.column: field for field in TABLES[table]._meta.concrete_fields}
    row = json.loads(after) if isinstance(after, str) else after
    return {column: _said(new, fields[column], value) for column, value in (row or {}).items()}


def _said(new: set[tuple[str, str]], field: models.Field, value: Any) -> Any:
    of = field.related_model if field.related_model else field.model if field.primary_key else None
    if of and (of._meta.db_table, str(value)) in new:
        return "a new row"
    if field.name == "about":  # what a clock is of: its kind and its id
        return re.sub(r"\d+", "a row", value)
    if field.name == "reference":
        return "a number"
    return MOMENT.sub("a moment", value) if isinstance(value, str) else value


@in_turn(FORMS, 1)
def test_a_column_that_the_form_does_not_ask_is_not_kept(asked, world):
    plain = asked.filled("Typed by hand")
    more = {name: [value] for name, value in hostile(world).items() if name not in asked.form.boxes}
    assert len(more) > 300
    assert kept(asked.send, more | plain) == kept(asked.send, plain)


def test_the_fields_sent_are_those_of_the_tables(world):
    """What is sent would be taken, if it were asked: the names are real, and the ids are of rows that are there."""
    sent = hostile(world)
    assert {"case", "case_id", "author", "decided_by", "agency", "confidential", "tier", "session_epoch"} <= set(sent)
    assert CaseFile.objects.none().model._meta.pk.to_python(sent["case"]) in world.cases.values()
