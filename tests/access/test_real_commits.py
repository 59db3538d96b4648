"""What holds on real commits, where a test inside one rolled-back transaction might be kinder than life."""

from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from access import ledger
from access.models import CaseFile
from access.principal import acting_as, current_token
from access.tasks import watch
from accounts.roles import Role
from tests import database
from tests.counted import COUNTED
from tests.cre_case.makers import child_on
from tests.factories import CaseFileFactory, give, person


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_casefile")
        return cursor.fetchone()[0]


def test_outside_a_transaction_there_is_no_principal(committed):
    worker = person(Role.SOCIAL_WORKER)
    give(CaseFileFactory(), worker)
    with acting_as(worker.pk):
        assert count() == 0
        with transaction.atomic():
            assert count() == 1
        assert count() == 0


def test_the_worker_watches_the_ledger_each_minute(committed, settings):
    settings.READING_BUDGET = 2
    worker = person(Role.SOCIAL_WORKER)
    for _ in range(3):
        with acting_as(worker.pk), transaction.atomic():
            ledger.record(ledger.Kind.READ, action="view_file", case=uuid4())
    watch()
    assert database.rows("SELECT person_id, pattern, amount FROM access_readingalert") == [(worker.pk, "files", 3)]
    assert settings.CELERY_BEAT_SCHEDULE["watch"]["schedule"] == 60.0


def test_one_connection_serves_many_people_and_mixes_up_none(committed):
    workers = [person(Role.SOCIAL_WORKER) for _ in range(4)]
    for grants, worker in enumerate(workers):
        for _ in range(grants):
            give(CaseFileFactory(), worker)
    for _ in range(3):
        for grants, worker in enumerate(workers):
            with acting_as(worker.pk), transaction.atomic():
                assert count() == grants
        with transaction.atomic():
            assert count() == 0


# What an attacker might put where a reference belongs. The view is as careless as can be; the walls are not.
PAYLOADS = [
    "' OR '1'='1",
    "' OR 1=1 --",
    "' UNION SELECT reference FROM access_casefile --",
    "' UNION SELECT case_id::text FROM access_caseaccess --",
    "' UNION SELECT given_names FROM children_child --",
    "' UNION SELECT text FROM children_casenote --",
    "' UNION SELECT lines FROM children_address --",
    "' UNION SELECT reason FROM access_conflictexclusion --",
    "' UNION SELECT after::text FROM access_rowhistory --",
    "' UNION SELECT detail FROM access_auditevent --",
    "' UNION SELECT encode(secret, 'hex') FROM sec.key --",
    "' UNION SELECT role FROM sec.role_action --",
    "' UNION SELECT (sec.grants_of(id)).reason FROM access_casefile --",
    "' UNION SELECT set_config('app.principal', '1', true) --",
    "'; SELECT set_config('app.principal', '1', false); SELECT reference FROM access_casefile --",
    "'; SET row_security = off; SELECT reference FROM access_casefile --",
    "'; SET ROLE cre_owner; SELECT reference FROM access_casefile --",
    "'; SET ROLE cre_seed; SELECT reference FROM access_casefile --",
    "'; SET ROLE cre_sec; SELECT reference FROM access_casefile --",
    "'; SET SESSION AUTHORIZATION postgres; SELECT reference FROM access_casefile --",
    "'; ALTER TABLE access_casefile DISABLE ROW LEVEL SECURITY; SELECT reference FROM access_casefile --",
    "'; DROP POLICY see ON access_casefile; SELECT reference FROM access_casefile --",
    "'; CREATE FUNCTION sec.subjects() RETURNS bigint[] LANGUAGE sql AS 'SELECT NULL'; SELECT 'x' --",
    "'; CREATE TABLE stolen AS SELECT * FROM access_casefile; SELECT reference FROM stolen --",
    "'; COPY (SELECT 1) TO PROGRAM 'id'; --",
    "' UNION SELECT pg_read_file('PG_VERSION') --",
    "' AND 1 = (SELECT count(*)::int / (count(*)::int - 2) FROM access_casefile) --",
    "' UNION SELECT query_to_xml('SELECT reference FROM access_casefile', true, true, '')::text --",
    "' UNION SELECT sec.open_case(1, ARRAY['core'], 'mine')::text --",
    "'; INSERT INTO access_caseaccess SELECT * FROM access_caseaccess; --",
    "'; UPDATE access_caseaccess SET valid_until = NULL; --",
    "'; DELETE FROM access_auditevent; --",
    "'; UPDATE access_auditevent SET detail = ''; --",
    "'; TRUNCATE access_auditevent; --",
]


def test_a_prepared_statement_shows_each_person_only_their_own_files(committed):
    """The plan that PostgreSQL keeps for everybody asks anew who it is, each time."""
    first, second = person(Role.SOCIAL_WORKER), person(Role.SOCIAL_WORKER)
    own = {one.pk: CaseFileFactory() for one in (first, second)}
    give(own[first.pk], first)
    give(own[second.pk], second)
    everything = CaseFile.objects.order_by("pk")
    for worker in (first, second) * 10:
        with acting_as(worker.pk), transaction.atomic():
            assert list(everything.all()) == [own[worker.pk]]
            assert list(everything.filter(pk=own[first.pk].pk)) == [own[first.pk]] * (worker == first)
    with transaction.atomic():
        assert list(everything.all()) == []
    assert plans_kept_for("access_casefile") >= 2


def plans_kept_for(table: str) -> int:
    """How many prepared statements on the table have been answered by a plan made once for all arguments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE generic_plans > 0 AND position(%s IN statement) > 0",
            [table],
        )
        return cursor.fetchone()[0]


def careless_view(connection: psycopg.Connection, typed: str, token: str) -> list[str]:
    """As bad as a view can be: text typed by a person pasted into SQL. Signed in as the runtime role itself."""
    try:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.principal', %s, true)", [token])
            cursor.execute(f"SELECT reference FROM access_casefile WHERE reference = '{typed}'")
            found = [str(row[0]) for row in cursor.fetchall()] if cursor.description else []
            while cursor.nextset():
                found += [str(row[0]) for row in cursor.fetchall()] if cursor.description else []
            return found
    except psycopg.Error:
        return []


@pytest.fixture
def hidden_city(committed):
    """One file the caller holds, and others it does not, with something to find in each."""
    worker = person(Role.SOCIAL_WORKER)
    mine = CaseFileFactory(reference="CRE-MINE")
    give(mine, worker)
    hidden = [CaseFileFactory(reference=f"CRE-HIDDEN{n}") for n in range(3)]
    for case in hidden:
        give(case, person(Role.SOCIAL_WORKER))
        child_on(case, family="Hiddenchild")
    words = {case.reference for case in hidden} | {"Hiddenchild"}
    return committed, worker, {str(case.pk) for case in hidden} | words


def test_the_careless_view_works_for_the_callers_own_file(hidden_city):
    name, worker, _ = hidden_city
    with acting_as(worker.pk), database.runtime_connection(name) as runtime:
        assert careless_view(runtime, "CRE-MINE", current_token()) == ["CRE-MINE"]
        assert careless_view(runtime, "' OR '1'='1", current_token()) == ["CRE-MINE"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_injected_statement_finds_nothing_beyond_the_callers_own(hidden_city, payload):
    name, worker, hidden = hidden_city
    with acting_as(worker.pk), database.runtime_connection(name) as runtime:
        found = " ".join(careless_view(runtime, payload, current_token()))
    assert [secret for secret in hidden if secret in found] == []
    with database.admin_of(name) as truth:
        assert truth.execute("SELECT count(*) FROM access_casefile").fetchone()[0] >= 4
        assert truth.execute("SELECT count(*) FROM access_caseaccess WHERE valid_until IS NOT NULL").fetchone() == (4,)


# A way to ask for everything that a table holds, whatever its columns; and one for everything a function gives.
OF_EACH_TABLE = (
    "' UNION SELECT t::text FROM {} AS t --",
    "' UNION SELECT to_jsonb(t)::text FROM {} AS t --",
    "' UNION SELECT string_agg(t::text, '') FROM {} AS t --",
    "' OR EXISTS (SELECT FROM {} AS t WHERE CAST(t::text AS integer) = 1) --",
    "' UNION SELECT query_to_xml('SELECT * FROM {}', true, true, '')::text --",
    "'; SELECT t::text FROM {} AS t; --",
    "'; SET LOCAL row_security = off; SELECT t::text FROM {} AS t; --",
)
OF_EACH_FUNCTION = ("' UNION SELECT {}::text --", "'; SELECT t::text FROM {} AS t; --")


def generated_payloads(runtime: psycopg.Connection, hidden: str) -> list[str]:
    """Each form for each table of the program, and for each function of the second wall with a hidden file's id."""
    tables = runtime.execute(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname IN ('public', 'sec') AND c.relkind = 'r'"
    )
    functions = runtime.execute(
        "SELECT format('sec.%I(%s)', p.proname, array_to_string(ARRAY(SELECT CASE WHEN t = 'uuid'::regtype "
        "THEN quote_literal(%s) || '::uuid' ELSE format('NULL::%%s', format_type(t, NULL)) END "
        "FROM unnest(p.proargtypes) AS t), ', ')) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = 'sec'".replace("%I(%s)", "%%I(%%s)"),
        [hidden],
    )
    of_tables = [form.format(name) for (name,) in tables.fetchall() for form in OF_EACH_TABLE]
    return of_tables + [form.format(call) for (call,) in functions.fetchall() for form in OF_EACH_FUNCTION]


def test_five_hundred_payloads_find_nothing_beyond_the_callers_own(hidden_city):
    """The id that was pasted in comes back from some functions; no word and no reference of a hidden file does."""
    name, worker, hidden = hidden_city
    wanted = next(secret for secret in sorted(hidden) if "-" in secret and not secret.startswith("CRE"))
    found, works = set(), 0
    with acting_as(worker.pk), database.runtime_connection(name) as runtime:
        payloads = generated_payloads(runtime, wanted)
        runtime.rollback()  # so that each payload has a transaction of its own, and leaves no setting behind
        for payload in payloads:
            answer = " ".join(careless_view(runtime, payload, current_token()))
            found |= {(secret, payload) for secret in hidden - {wanted} if secret in answer}
            works += "CRE-MINE" in answer
    COUNTED["injected statements"] += len(payloads)
    assert found == set()
    assert len([one for one in payloads if "sec." in one and "(" in one]) > 50
    assert len(payloads) + len(PAYLOADS) >= 500
    assert works >= 4  # they do find what is the caller's own


@pytest.mark.parametrize("token", ["", "1", "1.9999999999." + "0" * 64])
def test_a_bare_or_forged_principal_finds_nothing_at_all(hidden_city, token):
    name, *_ = hidden_city
    with database.runtime_connection(name) as runtime:
        assert careless_view(runtime, "' OR '1'='1", token) == []
