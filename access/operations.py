"""The migration operations that put tables behind the second wall."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.migrations import RunSQL

from access.parts import Label, Own

# Whose grant it is, is not asked here: by its own policy everybody finds their own in access_caseaccess, and no other.
_LIVE_GRANT = """EXISTS (
    SELECT 1 FROM access_caseaccess AS a
    WHERE a.case_id = {table}.{case}
      AND {label} = ANY (a.labels)
      AND a.level >= {level}
      AND a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now()))"""


_MINE = {
    Own.PERSON: "{column} = (SELECT sec.principal())",
    Own.AGENCY: "{column} = ANY ((SELECT sec.partner_agencies())::bigint[])",
    Own.AGENCIES: "{column} && (SELECT sec.partner_agencies())::bigint[]",
    Own.TEAM: "{column} = ANY ((SELECT sec.teams())::bigint[])",
}


def _reach(table: str, case: str, label: str, level: int) -> str:
    """SQL: the file is city-wide for the caller, or a live grant of theirs carries the label and level."""
    grant = _LIVE_GRANT.format(table=table, case=case, label=label, level=level)
    city_wide = f"(SELECT sec.city_wide({label})) >= {level}"
    if not label.startswith("'"):
        # A label that differs by row cannot be asked once per statement; it is asked once for each of the two.
        open_label, locked_label = f"'{Label.LOCATION}'", f"'{Label.LOCKED_LOCATION}'"
        city_wide = (
            f"CASE {label} WHEN {locked_label} THEN (SELECT sec.city_wide({locked_label})) "
            f"ELSE (SELECT sec.city_wide({open_label})) END >= {level}"
        )
    return f"({city_wide} OR {grant})"


def exclude_conflicted(table: str, case: str = "case_id") -> str:
    """SQL: no row of a file the caller is excluded from, whatever other policies say."""
    return (
        f"CREATE POLICY excluded ON {table} AS RESTRICTIVE FOR ALL TO cre_app "
        f"USING ({table}.{case} <> ALL ((SELECT sec.excluded_cases())::uuid[]))"
    )


def keep_history(table: str) -> str:
    """SQL: each version of each row is kept."""
    return (
        f"CREATE TRIGGER keep_history AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sec.keep_history()"
    )


def protect_case_table(
    table: str,
    label: Label | None = None,
    *,
    case: str = "case_id",
    label_sql: str | None = None,
    writes: Sequence[str] = ("INSERT", "UPDATE"),
    work_label: Label = Label.CASEWORK,
    own: Mapping[str, Own] | None = None,
    history: bool = True,
) -> RunSQL:
    """Puts a case table behind row-level security, with history, and opens it to the runtime role.

    Args:
        table: the database table.
        label: the record-part label every row carries.
        case: the column that holds the file's id.
        label_sql: an expression over the row, for the one table whose label differs by row (a locked address).
        writes: what the runtime role may do besides reading; an append-only table is ("INSERT",), and only
            what is worked out from other rows may be deleted.
        work_label: the label a grant must carry, at the level WORK, to write.
        own: columns that make a row somebody's own, as the model's `own_by` says: such rows they read, and write at
            the level WORK, while they hold the file itself (label core).
        history: whether each version of a row is kept. Not for words that are still being typed: they are no record.
    """
    label_expression = label_sql or f"'{label}'"
    see = _reach(table, case, label_expression, 1)
    work = _reach(table, case, f"'{work_label}'", 2)
    if own:
        mine = " OR ".join(_MINE[how].format(column=f"{table}.{column}") for column, how in own.items())
        see_file, work_file = (_reach(table, case, f"'{Label.CORE}'", level) for level in (1, 2))
        see, work = f"({see} OR (({mine}) AND {see_file}))", f"({work} OR (({mine}) AND {work_file}))"
    statements: list[Any] = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY see ON {table} FOR SELECT TO cre_app USING ({see})",
        exclude_conflicted(table, case),
        *([keep_history(table)] if history else []),
        f"GRANT {', '.join(['SELECT', *writes])} ON {table} TO cre_app",
    ]
    if "INSERT" in writes:
        statements.append(f"CREATE POLICY add ON {table} FOR INSERT TO cre_app WITH CHECK ({work})")
    if "UPDATE" in writes:
        statements.append(f"CREATE POLICY change ON {table} FOR UPDATE TO cre_app USING ({work}) WITH CHECK ({work})")
    if "DELETE" in writes:
        statements.append(f"CREATE POLICY remove ON {table} FOR DELETE TO cre_app USING ({work})")
    return RunSQL(statements, reverse_sql=RunSQL.noop)


def open_to_runtime(privileges: str, *tables: str) -> RunSQL:
    """Opens tables that hold no case data to the runtime role. A table not named anywhere stays shut."""
    return RunSQL(f"GRANT {privileges} ON {', '.join(tables)} TO cre_app", reverse_sql=RunSQL.noop)
