"""`python -m tests.access.mutation [part of a name]`: takes each term of the rule of access away, one at a time, in a
copy of the program, and asks whether a test turns red. Prints what nothing noticed.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launch import postgres
from launch.testing import TEST_DATA, environment

ROOT = Path(__file__).resolve().parents[2]
# Those that notice most come first: the first that fails ends it. None is random: a term that luck alone notices
# (tests/access/test_random_worlds.py) has no test of its own.
TESTS = (
    "tests/access/test_walls.py", "tests/access/test_granting.py",
    "tests/access/restriction", "tests/access/test_standing_of_a_leaver.py",
    "tests/cre_case/test_restriction_pages.py",
    "tests/access/test_principal.py", "tests/access/test_part_of_action.py", "tests/access/test_catalogue.py",
    "tests/access/test_real_commits.py", "tests/staff", "tests/matrix/test_addresses_on_a_file.py",
)  # fmt: skip
LIVE, STANDING_ROLE = "access/querysets.py", "access/standing.py"
WALLS, GRANTS, POLICY = "access/sql/walls.sql", "access/sql/grants.sql", "access/operations.py"
OWN_GRANTS = "access/migrations/0002_walls.py"
RESTRICTION, OVERDUE = "access/sql/restriction.sql", "access/migrations/0017_overdue_reviews.py"


@dataclass(frozen=True)
class Mutant:
    """A term, and what stands there without it. `nth` of several places that read alike."""

    file: str
    term: str
    without: str = ""
    nth: int = 0
    tests: tuple[str, ...] = TESTS

    def __str__(self) -> str:
        return f"{self.file}: {' '.join(self.term.split())[:90]} [{self.nth}]"

    def apply(self, folder: Path) -> None:
        path = folder / self.file
        pieces = path.read_text().split(self.term)
        if len(pieces) < self.nth + 2:
            raise SystemExit(f"{self}: the term is not there any more. Bring this list up to date.")
        before = self.term.join(pieces[: self.nth + 1])
        path.write_text(before + self.without + self.term.join(pieces[self.nth + 1 :]))


def each(file: str, term: str, without: str, times: int) -> list[Mutant]:
    return [Mutant(file, term, without, nth) for nth in range(times)]


FIRST_WALL = [
    Mutant(LIVE, "g.subject_id = ANY (%s::bigint[])", "%s::bigint[] IS NOT NULL"),
    Mutant(LIVE, "g.labels @> %s::varchar[]", "%s::varchar[] IS NOT NULL"),
    Mutant(LIVE, "g.level >= %s", "%s::int IS NOT NULL"),
    Mutant(LIVE, "g.valid_from <= now() AND "),
    Mutant(LIVE, " AND (g.valid_until IS NULL OR g.valid_until > now())"),
    Mutant(LIVE, 'return allowed_cases(standing_of(user), action, "pk") & not_excluded("pk")',
           'return allowed_cases(standing_of(user), action, "pk")'),
    Mutant(LIVE, 'allowed_at_least_own(standing_of(user), action), not_excluded("pk")',
           "allowed_at_least_own(standing_of(user), action)"),
    Mutant(LIVE, 'allowed_records(self.model, user, action), not_excluded("case")',
           "allowed_records(self.model, user, action)"),
    Mutant(LIVE, "mine & _own_items(model.own_by, standing, user)", "mine"),
    Mutant(LIVE, "bool_or({reaches})", "bool_or(true)"),
    Mutant(LIVE, "g.case_id = {file} AND {in_force} GROUP", "{in_force} GROUP"),
    Mutant(LIVE, "g.case_id = {file} AND {in_force} GROUP", "g.case_id = {file} GROUP"),
    Mutant(LIVE, "if not subjects:\n        return NOTHING", "if not subjects:\n        return Q(pk__isnull=False)"),
    Mutant(STANDING_ROLE, "action in ROLE_ACTIONS[post.role]\n            and "),
    Mutant(STANDING_ROLE, "post.city_wide_level >= needs.level\n            and "),
    Mutant(STANDING_ROLE, "\n            and needs.part.label in post.city_wide_labels"),
    Mutant(STANDING_ROLE, " if action in table.get(post.role, ())]", "]"),
    Mutant(STANDING_ROLE, " AND u.is_active"),
    Mutant(STANDING_ROLE, " AND t.ended_at IS NULL"),
    Mutant(STANDING_ROLE, " AND a.ended_at IS NULL"),
    Mutant(STANDING_ROLE, " AND m.ended_at IS NULL ORDER", " ORDER"),
]  # fmt: skip
SECOND_WALL = [
    Mutant(OWN_GRANTS, "subject_id = ANY ((SELECT sec.subjects())::bigint[])", "true"),
    Mutant(POLICY, "\n      AND {label} = ANY (a.labels)"),
    Mutant(POLICY, "\n      AND a.level >= {level}"),
    Mutant(POLICY, "AND a.valid_from <= now() ", ""),
    Mutant(POLICY, " AND (a.valid_until IS NULL OR a.valid_until > now())"),
    Mutant(POLICY, "a.case_id = {table}.{case}\n      AND ", ""),
    Mutant(POLICY, "{table}.{case} <> ALL ((SELECT sec.excluded_cases())::uuid[])", "true"),
    Mutant(POLICY, "(SELECT sec.city_wide({label})) >= {level}", "(SELECT sec.city_wide({label})) >= 0"),
    Mutant(POLICY, "(({mine}) AND {see_file})", "({mine})"),
    Mutant(POLICY, "(({mine}) AND {work_file})", "({mine})"),
    Mutant(POLICY, 'WITH CHECK ({work})")', 'WITH CHECK (true)")'),
    Mutant(WALLS, "WHERE token = message || '.'", "WHERE token IS NOT NULL OR token = message || '.'"),
    Mutant(WALLS, " OR split_part(message, '.', 2)::bigint <= extract(epoch FROM clock_timestamp())"),
    *each(WALLS, " AND u.is_active", "", 3),
    *each(WALLS, "AND t.ended_at IS NULL\n    JOIN", "\n    JOIN", 2),
    *each(WALLS, " AND m.ended_at IS NULL", "", 3),
    Mutant(WALLS, " AND label = ANY (t.city_wide_labels)"),
    Mutant(WALLS, " AND x.ended_at IS NULL"),
    Mutant(WALLS, "coalesce(wanted_case <> ALL (sec.excluded_cases()), false) AND "),
    Mutant(WALLS, " AND ra.action = wanted_action"),
    Mutant(WALLS, " AND NOT ra.own_agency"),
    Mutant(WALLS, "st.level >= ra.level AND ra.label = ANY (st.labels)", "st.level >= ra.level"),
    Mutant(WALLS, "st.level >= ra.level AND ra.label = ANY (st.labels)", "ra.label = ANY (st.labels)"),
    Mutant(WALLS, "a.case_id = wanted_case AND a.level >= ra.level", "a.case_id = wanted_case"),
    Mutant(WALLS, " AND ra.label = ANY (a.labels)"),
    Mutant(WALLS, "AND a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now())"),
    Mutant(WALLS, " AND a.kind <> 'council'"),
]  # fmt: skip
REFUSALS = [
    Mutant(GRANTS, "IF sec.action_to_give(from_source) IS NULL THEN", "IF false THEN"),
    Mutant(GRANTS, "IF NOT sec.may(sec.action_to_give(from_source), to_case) THEN", "IF false THEN"),
    Mutant(GRANTS, "IF from_source = 'oversight' AND NOT EXISTS", "IF false AND NOT EXISTS"),
    Mutant(GRANTS, "IF from_source IN ('share', 'named') AND NOT EXISTS", "IF false AND NOT EXISTS"),
    Mutant(GRANTS, "IF from_source = 'named' AND NOT EXISTS", "IF false AND NOT EXISTS"),
    Mutant(GRANTS, "AND a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now())"),
    Mutant(GRANTS, "AND a.level > 0 "),
    Mutant(GRANTS, "hours NOT BETWEEN 1 AND 24 OR "),
    Mutant(GRANTS, "sec.city_wide('core') = 0 OR "),
    Mutant(GRANTS, "WHERE f.id = wanted_case AND f.restricted_at IS NOT NULL)", "WHERE false)"),
    Mutant(GRANTS, "AND NOT sec.has_named_manager(a.case_id)", "AND false"),
    Mutant(GRANTS, " AND d.labels::text[] @> given_labels"),
    Mutant(GRANTS, "s.user_id = giver) AND from_source <> 'allocation'", "s.user_id = giver) AND false"),
    Mutant(GRANTS, "WHERE s.id = to_subject AND x.case_id = to_case AND x.ended_at IS NULL", "WHERE false"),
    Mutant(GRANTS, "WHERE NOT sec.holds(to_case, l.label)", "WHERE false"),
    Mutant(GRANTS, "OR NOT (sec.may(coalesce(sec.action_to_give(a.source), 'share'), a.case_id)",
           "OR NOT (true OR sec.may(coalesce(sec.action_to_give(a.source), 'share'), a.case_id)"),
    Mutant(GRANTS, "IF NOT sec.may('declare_conflict', wanted_case) THEN", "IF false THEN"),
    Mutant(GRANTS, "AND a.ended_at IS NULL\n               AND a.worker_id = sec.principal()", "AND false"),
]  # fmt: skip
RESTRICTED = [
    Mutant(RESTRICTION, "IF NEW.level > 0 AND sec.is_live(NEW)", "IF false"),
    *each(RESTRICTION, "IF NOT sec.may('restrict', wanted_case) THEN", "IF false THEN", 2),
    Mutant(RESTRICTION, "AND f.restricted_at IS NULL AND f.closed_at IS NULL FOR UPDATE", "FOR UPDATE"),
    Mutant(RESTRICTION, "IF given <> cardinality(array_remove(wanted, leads)) THEN", "IF false THEN"),
    Mutant(RESTRICTION, "valid_until = now(), ended_by_id = asker WHERE id IN (SELECT e.id FROM unnest(ending) AS e)",
           "reason = reason WHERE false"),
    Mutant(RESTRICTION, "AND f.id <> ALL (sec.excluded_cases())\n      AND NOT EXISTS", "AND NOT EXISTS"),
    Mutant(RESTRICTION, "a.subject_id = ANY (sec.subjects()) AND a.level = 0", "a.level = 0"),
    Mutant(RESTRICTION, "a.level = 0 AND sec.is_live(a)", "a.level = 0"),
    Mutant(RESTRICTION, "hours NOT BETWEEN 1 AND 24 OR length(btrim(why)) < 20", "false"),
    Mutant(RESTRICTION, "WHERE k.case_id = wanted_case AND k.is_restricted)", "WHERE k.case_id = wanted_case)"),
    Mutant(RESTRICTION, " AND ra.action = 'break_glass'"),
    Mutant(RESTRICTION, "IF NOT sec.has_named_manager(wanted_case) AND EXISTS", "IF EXISTS"),
    Mutant(RESTRICTION, "    PERFORM sec.tell_of_emergency(wanted_case);\n"),
    Mutant(RESTRICTION, "AND (wanted IS NULL OR a.id = wanted)\n      AND sec.reviews_emergencies() AND",
           "AND (wanted IS NULL OR a.id = wanted)\n      AND"),
    Mutant(RESTRICTION, " AND s.user_id <> sec.principal()"),
    Mutant(RESTRICTION, "AND r.lifted_at IS NULL\n    CROSS", "CROSS"),
    Mutant(OVERDUE, " AND a.valid_from < now() - patience"),
    Mutant(OVERDUE, "AND NOT EXISTS (SELECT FROM access_emergencyreview AS r WHERE r.access_id = a.id)\n"),
    Mutant(OVERDUE, "AND sec.may('restrict', f.id)\n"),
]  # fmt: skip
REQUESTS, OF_REQUESTS = "subject_access/sql/requests.sql", "subject_access/migrations/0002_walls.py"
TOOLKIT, COPIES = "assessments/migrations/0008_toolkit_walls.py", "plans/migrations/0007_record_walls.py"
GUARD = "assessments/migrations/0011_recorded_then.py"
ASKED = ("tests/subject_access/test_database.py", "tests/subject_access", "tests/plans/copies/test_asking.py")
RECORDS = [
    Mutant(REQUESTS, "IF OLD.state NOT IN ('preparing', 'prepared') THEN", "IF false THEN", tests=ASKED),
    Mutant(REQUESTS, "IF to_jsonb(NEW) - work <> to_jsonb(OLD) - work THEN", "IF false THEN", tests=ASKED),
    Mutant(REQUESTS, "OLD.state <> 'prepared' OR NEW.prepared_by_id", "NEW.prepared_by_id", tests=ASKED),
    Mutant(REQUESTS, " OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id", tests=ASKED),
    Mutant(REQUESTS, " AND c.case_id = NEW.case_id", tests=ASKED),
    Mutant(REQUESTS, " AND c.kind = 'record'", tests=ASKED),
    Mutant(REQUESTS, " AND c.author_id = NEW.decided_by_id", tests=ASKED),
    Mutant(REQUESTS, " AND r.case_id = NEW.case_id", tests=ASKED),
    Mutant(REQUESTS, " AND r.state = 'preparing'", tests=ASKED),
    Mutant(REQUESTS, "\n          AND (NEW.ground <> 'child_abuse' OR r.asker = 'parent')", tests=ASKED),
    Mutant(REQUESTS, "sec.may('release_subject_access', wanted_case) AND EXISTS", "EXISTS", tests=ASKED),
    Mutant(REQUESTS, " AND r.state = 'prepared'", tests=ASKED),
    Mutant(REQUESTS, " AND r.prepared_by_id <> sec.principal()", tests=ASKED),
    Mutant(REQUESTS, "NOT (r.asker = 'parent' AND sec.family_copy_is_barred(r.case_id, r.person_id))", "true",
           tests=ASKED),
    Mutant(OF_REQUESTS, "state = 'preparing' AND prepared_by_id IS NULL AND recorded_by_id = (SELECT sec.principal())",
           "true", tests=ASKED),
    Mutant(OF_REQUESTS, "\n                AND sec.may('prepare_subject_access', case_id));\nCREATE POLICY moved",
           ");\nCREATE POLICY moved", tests=ASKED),
    Mutant(OF_REQUESTS, "prepared_by_id = (SELECT sec.principal()) AND sec.may('prepare_subject_access', case_id)",
           "true", tests=ASKED),
    Mutant(OF_REQUESTS, "decided_by_id = (SELECT sec.principal()) AND sec.may('release_subject_access', case_id) END",
           "true END", tests=ASKED),
    *(Mutant(OF_REQUESTS, "decided_by_id = (SELECT sec.principal()) AND sec.may('prepare_subject_access', case_id)",
             "true", nth, ASKED) for nth in range(2)),
    Mutant(OF_REQUESTS, "kind <> 'record' OR sec.may_give_record(case_id)", "true", tests=ASKED),
    Mutant(OF_REQUESTS, "kind <> 'record' OR sec.may('view_locked_location', case_id)", "true", tests=ASKED),
    Mutant(COPIES, "content IS NULL OR kind = 'record'", "true", tests=ASKED),
    *(Mutant(TOOLKIT, term, "true", tests=("tests/assessments/test_toolkit.py",)) for term in (
        "NOT is_current AND published_at IS NULL", "loaded_by_id = (SELECT sec.principal())",
        "(SELECT sec.may_manage_toolkit()) AND sec.toolkit_is_open(toolkit_id)",
        "sec.toolkit_is_open(sec.toolkit_of(section_id))",
    )),
]  # fmt: skip
LOW = [
    Mutant(GUARD, term, "false", tests=("tests/assessments/test_raw_sql.py",)) for term in (
        "sec.protected_by_age(made.date_of_birth_then, (made.submitted_at AT TIME ZONE 'Europe/London')::date)",
        "send IS DISTINCT FROM 'none'", "made.send_then IS DISTINCT FROM 'none'", "decision.decided <> NEW.tier",
        "NEW.tier NOT IN ('low', 'none')",
    )
]  # fmt: skip
MUTANTS = [*FIRST_WALL, *SECOND_WALL, *REFUSALS, *RESTRICTED, *RECORDS, *LOW]


def ask(tests: tuple[str, ...], environ: dict[str, str], mutant: Mutant | None = None) -> str:
    """The last line of these tests in a copy of the program, with a term taken away or as it is."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), folder], check=True)
        if mutant:
            mutant.apply(Path(folder))
        # Of the long walk, the part that asks each wall alone.
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly",
                   "-m", "not prove and not browser", "--deselect",
                   "tests/matrix/test_addresses_on_a_file.py::test_addresses_about_a_file", *tests]  # fmt: skip
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return (done.stdout.strip() or done.stderr.strip()).rpartition("\n")[2]


def run(wanted: str) -> Iterator[Mutant]:
    """The mutants that no test noticed. One is noticed where a test fails: an error before any test, such as SQL that
    no longer reads, shows nothing of a rule. With no term taken away, all that is asked must be green."""
    environ = {**os.environ, **environment(), "TEST_DATABASE": "mutant", "WITHOUT_SHRINKING": "1"}
    chosen = [one for one in MUTANTS if wanted in str(one)]
    for tests in dict.fromkeys(one.tests for one in chosen):
        if " passed" not in (said := ask(tests, environ)) or " failed" in said:
            raise SystemExit(f"Without any change these are not green: {tests}: {said}")
    for number, mutant in enumerate(chosen, 1):
        noticed = " failed" in (said := ask(mutant.tests, environ, mutant))
        sys.stdout.write(f"{number}/{len(chosen)} {'noticed' if noticed else 'NOT NOTICED'}  {mutant}  ({said})\n")
        sys.stdout.flush()
        if not noticed:
            yield mutant


def main() -> int:
    was_running = postgres.running_pid(TEST_DATA) is not None
    try:
        missed = list(run(sys.argv[1] if len(sys.argv) > 1 else ""))
    finally:
        if not was_running:
            postgres.stop(TEST_DATA)
    sys.stdout.write(f"{len(missed)} not noticed\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
