"""Puts the city into the database with COPY, through a connection that is past the second wall.

The rows satisfy every constraint that the product's own would: nothing is switched off but, for a big
city, the row history.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from access.models import CaseFile
from accounts.models import Agency, Subject, User
from assessments.models import ToolkitItem, ToolkitSection, ToolkitVersion
from assessments.toolkit import CURRENT, Tables, load
from assessments.toolkit.checking import read
from cre_case.demo import DEMO_PASSWORD
from cre_case.demo.city import City, Rows
from cre_case.demo.desk import Desk, Toolkit
from cre_case.demo.town import Ids, Town, staff_rows

MARK = "Fictional demo city: nobody in it exists. May be emptied."
MARKED_TABLE = CaseFile._meta.db_table
APPS = frozenset(
    {"accounts", "access", "children", "deadlines", "duties", "assessments", "plans", "meetings", "referrals"}
)
HISTORY = "keep_history"
BATCH = 500  # files whose rows go out together
ROOTS = (Agency, User, CaseFile)  # every row of the program hangs from one of these, or is of the ledger
LEDGER_TABLES = ("access_auditevent", "access_rowhistory", "access_submission", "django_session")


class NotADemo(Exception):
    """The database holds, or may hold, real records."""


def load_city(city: City, *, history: bool = True, say: Callable[[str], None] = lambda line: None) -> None:
    """Loads the city into a database without files, in one transaction.

    Args:
        city: what to load.
        history: keep the history of each row, as always. Without it the owner of the tables must load.
        say: told how far it is.

    Raises:
        NotADemo: there are files in the database already.
    """
    if CaseFile.objects.exists():
        raise NotADemo("There are files in this database already.")
    started, done = time.monotonic(), 0
    with transaction.atomic(), _history_kept(kept=history):
        ids = Ids({model: _first_free(model) for model in _counted_models()})
        desk = Desk(city.clock, _load_staff(city, ids), ids, _references(city.files), _toolkit())
        for batch in _batches(city.rows(desk)):
            _copy(row for rows in batch for row in rows)
            done += len(batch)
            say(f"{done} of {city.files} files, {time.monotonic() - started:.0f} s")
        _move_sequences()


def mark_as_demo() -> None:
    """Writes on the database that it may be emptied. Only the owner of the tables can, so no page ever could."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(MARKED_TABLE), sql.Literal(MARK)))


def is_demo() -> bool:
    return _rows("SELECT obj_description(%s::regclass, 'pg_class')", MARKED_TABLE) == [(MARK,)]


def holds_anything() -> bool:
    return CaseFile.objects.exists() or User.objects.exists()


def empty_demo() -> None:
    """Takes everything out of a demo: people, agencies, files, all that hangs from them, and the ledger. The toolkit,
    whose versions name who published them, is as it came.

    Raises:
        NotADemo: the database is not marked as one; nothing was touched.
    """
    with transaction.atomic():
        if not is_demo():
            raise NotADemo("This database is not marked as a demo, so nothing was deleted.")
        tables = [*(model._meta.db_table for model in ROOTS), *LEDGER_TABLES]
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
            cursor.execute("ALTER SEQUENCE sec.case_reference RESTART")
        load(read(CURRENT.read_text()), Tables(ToolkitVersion, ToolkitSection, ToolkitItem))


def settle() -> None:
    """Leaves the tables as a database that has run for a while: counted for the planner, and vacuumed."""
    for model in apps.get_models():
        if model._meta.app_label in APPS:
            _rows(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")


def _load_staff(city: City, ids: Ids) -> Town:
    town, rows = staff_rows(city.staffing(), city.clock, ids, make_password(DEMO_PASSWORD))
    _copy(rows)
    town.take_subjects(_rows("SELECT id, team_id, user_id FROM accounts_subject ORDER BY id"))
    return town


def _toolkit() -> Toolkit:
    """The toolkit that assessments are made with today."""
    version = ToolkitVersion.objects.get(is_current=True)
    items = ToolkitItem.objects.filter(section__toolkit=version).exclude(section__kind="protective")
    factor = ToolkitItem.objects.get(section__toolkit=version, code="PF01")
    return Toolkit(version.pk, tuple(items.values_list("pk", "code", "weight")), factor.pk)


def _rows(query: str, *arguments: str | int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments or None)
        return list(cursor.fetchall()) if cursor.description else []


def _counted_models() -> list[type[models.Model]]:
    """The models of the program whose key is a number that the database counts."""
    ours = [model for model in apps.get_models() if model._meta.app_label in APPS]
    return [model for model in ours if isinstance(model._meta.pk, models.AutoField) and model is not Subject]


def _first_free(model: type[models.Model]) -> int:
    last = model._base_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def _references(wanted: int) -> Iterator[int]:
    """References from the sequence that real files take theirs from, so that the next one is free."""
    return iter([row[0] for row in _rows("SELECT nextval('sec.case_reference') FROM generate_series(1, %s)", wanted)])


def _batches(files: Iterable[Rows]) -> Iterator[list[Rows]]:
    files = iter(files)
    while batch := list(islice(files, BATCH)):
        yield batch


def _copy(rows: Iterable[models.Model]) -> None:
    """Writes rows table by table, keeping the order in which the tables are first met."""
    tables: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for row in rows:
        tables[type(row)].append(row)
    with connection.cursor() as cursor:
        for model, found in sorted(tables.items(), key=lambda table: _depth(table[0])):
            fields = _fields(model)
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(column) for column, _ in fields)
            )
            take = attrgetter(*(attribute for _, attribute in fields))
            in_json = _json_places(model)
            with cursor.copy(statement) as copy:
                for row in found:
                    values = take(row)
                    copy.write_row(_with_json(values, in_json) if in_json else values)


@cache
def _fields(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    return tuple((str(field.column), field.attname) for field in model._meta.concrete_fields)


@cache
def _json_places(model: type[models.Model]) -> frozenset[int]:
    """Where the values stand that the database keeps as JSON: a list is otherwise taken for an array."""
    fields = enumerate(model._meta.concrete_fields)
    return frozenset(place for place, field in fields if isinstance(field, models.JSONField))


def _with_json(values: tuple[Any, ...], places: frozenset[int]) -> list[Any]:
    return [Jsonb(one) if place in places and one is not None else one for place, one in enumerate(values)]


@cache
def _depth(model: type[models.Model]) -> int:
    """How many tables must be filled before this one."""
    targets = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - {model}
    return max((1 + _depth(target) for target in targets if isinstance(target, type)), default=0)


def _move_sequences() -> None:
    """Leaves each sequence where the next row that the program adds is free."""
    for model in _counted_models():
        table, key = model._meta.db_table, str(model._meta.pk.column)
        last = _first_free(model) - 1
        if last:
            _rows(
                "SELECT setval(s, greatest(%s, (SELECT last_value FROM pg_sequences "
                "WHERE format('%%I.%%I', schemaname, sequencename)::regclass = s))) "
                "FROM CAST(pg_get_serial_sequence(%s, %s) AS regclass) AS s",
                last, table, key,
            )  # fmt: skip


@contextmanager
def _history_kept(*, kept: bool) -> Iterator[None]:
    """Does the block with the history trigger of every table on or off."""
    if kept:
        yield
        return
    found = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s"
    tables = [table for (table,) in _rows(found, HISTORY)]
    # A table with checks still to come refuses to have its triggers changed.
    _rows("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        _rows(f"ALTER TABLE {table} DISABLE TRIGGER {HISTORY}")
    yield
    for table in tables:
        _rows(f"ALTER TABLE {table} ENABLE TRIGGER {HISTORY}")
