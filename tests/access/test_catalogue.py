"""What the database itself says of its tables, roles and functions: no case table stands outside the wall."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from access.models import CaseFile
from access.roles import role_action_rows
from tests.database import admin_of

pytestmark = pytest.mark.django_db

RUNTIME_ROLES = ("cre_app", "cre_worker")


def query(sql: str, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def case_tables() -> set[str]:
    """Tables of models that hold a file or point to one."""
    pointing = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is CaseFile
    }
    return {CaseFile._meta.db_table, *pointing}


def test_the_case_tables_are_found():
    assert {"access_casefile", "access_caseaccess", "children_child", "children_casenote"} <= case_tables()


def test_every_case_table_is_under_forced_row_security():
    protected = {row[0] for row in query("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")}
    assert case_tables() - protected == set()
    assert {"access_auditevent", "access_rowhistory"} <= protected


def test_every_case_table_refuses_excluded_people_before_anything_else():
    restrictive = {row[0] for row in query("SELECT tablename FROM pg_policies WHERE permissive = 'RESTRICTIVE'")}
    assert case_tables() - restrictive == set()


def test_a_grant_is_seen_by_its_own_subject_alone_on_which_every_other_policy_relies():
    """They ask for any live grant of a file, and leave it to this policy that there is none but the asker's."""
    found = query("SELECT policyname::text, cmd, qual FROM pg_policies WHERE tablename = 'access_caseaccess' "
                  "AND roles = ARRAY['cre_app']::name[] AND permissive = 'PERMISSIVE'")  # fmt: skip
    assert found == [("own", "SELECT", "(subject_id = ANY (( SELECT sec.subjects() AS subjects)::bigint[]))")]


@pytest.mark.parametrize("policy", ["see", "add", "change"])
def test_a_database_from_before_asks_whose_grant_it_is_in_one_place_too(database_name, policy):
    """Of a policy that says what may be read, one of what may be written, and one of both."""
    asked = "SELECT qual, with_check FROM pg_policies WHERE tablename = 'children_child' AND policyname = %s"
    term = "a.subject_id = ANY ((SELECT sec.subjects())::bigint[])"
    with admin_of(database_name) as connection, connection.transaction(force_rollback=True):
        now = connection.execute(asked, [policy]).fetchone()
        clauses = [
            f"{clause} ({text.replace('(a.level', f'({term}) AND (a.level')})"
            for clause, text in zip(("USING", "WITH CHECK"), now, strict=True) if text
        ]  # fmt: skip
        connection.execute(f"ALTER POLICY {policy} ON children_child {' '.join(clauses)}")
        before = connection.execute(asked, [policy]).fetchone()
        assert [text and "sec.subjects()" in text for text in before] == [text and True for text in now]
        connection.execute(import_module("access.migrations.0018_grants_once").ONCE)
        assert connection.execute(asked, [policy]).fetchone() == now


WORDS_BEING_TYPED = {"assessments_unsavedpart"}  # no record yet


def test_every_case_table_keeps_its_history():
    kept = {row[0] for row in query("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_history'")}
    assert case_tables() - kept == WORDS_BEING_TYPED


# All that the clock needs to know when to tell whom of which reference. No name, no text of a case.
CLOCK_SEES = {
    "deadlines_deadline": {
        "id", "case_id", "rule_id", "started_at", "limit_at", "limit_on", "owner_id", "state", "next_step",
        "next_step_at",
    },
    "deadlines_reminder": {"id", "case_id", "deadline_id", "step", "recipient_id", "sent_at"},
    "accounts_notice": {
        "id", "recipient_id", "kind", "reference", "path", "created_at", "read_at", "mail", "mailed_at", "try_after",
        "attempts",
    },
    "access_casefile": {"id", "reference", "restricted_at"},
    "access_allocation": {"case_id", "worker_id", "team_id", "ended_at"},
    "access_caseaccess": {"case_id", "subject_id", "source", "valid_from", "valid_until"},
    "access_conflictexclusion": {"case_id", "user_id", "ended_at"},
    "accounts_membership": {"id", "user_id", "team_id", "role", "ended_at"},
    "accounts_team": {"id", "agency_id", "receives_contacts", "ended_at"},
    "accounts_agency": {"id", "ended_at"},
    "accounts_subject": {"id", "team_id", "user_id"},
    "accounts_user": {"id", "username", "email", "is_active"},
    "deadlines_heartbeat": {"process", "at"},
}  # fmt: skip
WITHOUT_POLICIES = {
    "accounts_membership", "accounts_team", "accounts_agency", "accounts_subject", "accounts_user",
    "deadlines_heartbeat",
}  # fmt: skip


def test_every_policy_is_for_the_runtime_role_or_for_the_clock_on_its_few_tables():
    others = query("SELECT tablename, roles::text[] FROM pg_policies WHERE roles <> ARRAY['cre_app']::name[]")
    assert [row for row in others if row[1] != ["cre_worker"]] == []
    assert {table for table, _ in others} == CLOCK_SEES.keys() - WITHOUT_POLICIES


def columns_open_to_the_clock(privilege: str) -> dict[str, set[str]]:
    found = query(
        "SELECT c.relname::text, array_agg(a.attname::text) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 "
        "AND NOT a.attisdropped AND has_column_privilege('cre_worker', c.oid, a.attnum, %s) GROUP BY c.relname",
        privilege,
    )
    return {table: set(columns) for table, columns in found}


def test_the_clock_sees_exactly_the_columns_it_needs():
    assert columns_open_to_the_clock("SELECT") == CLOCK_SEES


def test_the_clock_writes_only_what_it_is_for():
    assert columns_open_to_the_clock("UPDATE") == {
        "accounts_notice": {"attempts", "mailed_at", "try_after"},
        "deadlines_deadline": {"next_step", "next_step_at"},
        "deadlines_heartbeat": {"process", "at"},
    }
    assert columns_open_to_the_clock("INSERT").keys() == {
        "accounts_notice", "deadlines_reminder", "deadlines_heartbeat"
    }  # fmt: skip
    deletes = query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
                    "AND has_table_privilege('cre_worker', oid, 'DELETE, TRUNCATE, TRIGGER, REFERENCES')")  # fmt: skip
    assert deletes == []


def test_the_clock_may_call_three_functions_of_the_second_wall_which_seal_and_watch_the_ledger():
    callable_ = query("SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                      "WHERE n.nspname = 'sec' AND has_function_privilege('cre_worker', p.oid, 'execute')")  # fmt: skip
    assert sorted(callable_) == [("seal_ledger",), ("watch_reading",), ("watch_surnames",)]


@pytest.mark.parametrize("role", RUNTIME_ROLES)
def test_the_runtime_role_has_no_power_of_its_own(role):
    ((superuser, bypass, createrole, createdb),) = query(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", role
    )
    assert (superuser, bypass, createrole, createdb) == (False, False, False, False)
    assert query("SELECT 1 FROM pg_class WHERE pg_get_userbyid(relowner) = %s", role) == []
    memberships = query(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member "
        "JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname = %s",
        role,
    )
    assert memberships == []


def test_the_runtime_role_may_delete_only_what_is_worked_out_or_not_case_data():
    deletable = query(
        "SELECT table_name FROM information_schema.role_table_grants "
        "WHERE grantee = 'cre_app' AND privilege_type IN ('DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')"
    )
    assert {row[0] for row in deletable} & case_tables() == {"children_namekey"}


def test_the_ledger_can_only_be_added_to():
    allowed = query(
        "SELECT DISTINCT privilege_type FROM information_schema.column_privileges "
        "WHERE grantee = 'cre_app' AND table_name = 'access_auditevent'"
    )
    assert allowed == [("INSERT",)]


def test_who_did_it_cannot_be_written_into_the_ledger_by_hand():
    columns = query(
        "SELECT column_name FROM information_schema.column_privileges "
        "WHERE grantee = 'cre_app' AND table_name = 'access_auditevent'"
    )
    assert {row[0] for row in columns} & {"principal_id", "at"} == set()


def test_row_history_is_closed_to_the_runtime_role():
    assert query("SELECT 1 FROM information_schema.role_table_grants WHERE grantee = 'cre_app' "
                 "AND table_name = 'access_rowhistory'") == []  # fmt: skip


def test_access_is_granted_only_through_the_functions():
    allowed = query(
        "SELECT privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'cre_app' AND table_name = 'access_caseaccess'"
    )
    assert allowed == [("SELECT",)]


def test_every_function_of_the_second_wall_belongs_to_a_role_nobody_can_be():
    functions = query(
        "SELECT p.proname, pg_get_userbyid(p.proowner), p.proconfig, "
        "has_function_privilege('public', p.oid, 'execute') "
        "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'sec'"
    )
    assert len(functions) >= 15
    for name, owner, config, public in functions:
        assert owner == "cre_sec", name
        assert any(setting.startswith("search_path=") for setting in config or []), name
        assert not public, name
    assert query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'cre_sec'") == [(False,)]


def test_no_view_of_the_owner_looks_past_the_wall():
    views = query("SELECT c.relname, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                  "WHERE c.relkind IN ('v', 'm') AND n.nspname = 'public'")  # fmt: skip
    assert [name for name, options in views if "security_invoker=true" not in (options or [])] == []


def test_no_unique_key_on_personal_data_tells_of_a_hidden_file():
    """A unique violation is seen through row security, so uniques stand only on ids, keys and whole files."""
    unique = query(
        "SELECT t.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_index i "
        "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey) "
        "WHERE i.indisunique AND NOT i.indisprimary AND t.relname = ANY (%s) GROUP BY i.indexrelid, t.relname",
        sorted(case_tables()),
    )
    harmless = {
        ("access_casefile", ("reference",)),
        ("access_allocation", ("case_id",)),
        ("access_conflictexclusion", ("case_id", "user_id")),
        ("access_restriction", ("case_id",)),
        ("access_emergencyreview", ("access_id",)),
        ("children_child", ("case_id",)),
        ("children_childprofile", ("case_id",)),
        ("children_namekey", ("case_id", "key")),
        ("children_duplicatealert", ("case_id", "other_case_id")),
        # The primary key and its file, for foreign keys that stay on one file.
        ("children_casenote", ("case_id", "id")),
        ("children_person", ("case_id", "id")),
        ("children_workersafetywarning", ("case_id", "id")),
        # One of a kind on a file, or on a record of one that whoever may add to it has read.
        ("deadlines_deadline", ("about", "case_id", "rule_id")),
        ("deadlines_deadline", ("case_id", "id")),
        ("deadlines_reminder", ("deadline_id", "recipient_id", "step")),
        ("deadlines_breach", ("deadline_id",)),
        ("duties_mandatoryreport", ("case_id", "rule_id")),
        ("assessments_assessment", ("author_id", "case_id")),
        ("assessments_assessment", ("case_id", "id")),
        ("assessments_unsavedpart", ("assessment_id", "author_id", "part")),
        ("assessments_answer", ("assessment_id", "item_id")),
        ("assessments_protectivefactor", ("assessment_id", "item_id")),
        ("assessments_consideredtype", ("assessment_id", "type")),
        ("assessments_carerview", ("assessment_id", "person_id")),
        ("assessments_tierproposal", ("assessment_id",)),
        ("assessments_tierproposal", ("author_id", "case_id")),
        ("assessments_tierdecision", ("proposal_id",)),
        ("assessments_cpmmatter", ("case_id",)),
        ("assessments_effectivetier", ("case_id",)),
        ("plans_serviceplan", ("case_id",)),
        ("plans_planitem", ("code", "plan_id")),
        ("plans_planitem", ("case_id", "id")),
        ("plans_serviceplan", ("case_id", "id")),
        ("plans_safetyplan", ("case_id", "id")),
        ("plans_contextualrisk", ("case_id", "id")),
        ("plans_triggerplan", ("case_id",)),
        ("plans_safetyplan", ("case_id",)),
        ("plans_riskaction", ("item_id", "risk_id")),
        ("plans_caseclosure", ("case_id",)),
        ("plans_copy", ("case_id", "number")),
        ("plans_copy", ("disclosure_id",)),
        ("subject_access_subjectaccessrequest", ("given_as_id",)),
        ("subject_access_passagedecision", ("request_id", "source")),
        ("meetings_meeting", ("case_id", "id")),
        ("meetings_invitation", ("meeting_id",)),
        ("meetings_meetingdecision", ("case_id", "id")),
        ("meetings_agencyconsultation", ("case_id", "id")),
        ("meetings_thresholddiscussion", ("case_id", "id")),
        ("meetings_invitation", ("meeting_id", "person_id")),
        ("meetings_invitation", ("meeting_id", "user_id")),
        ("meetings_meetingdecision", ("meeting_id", "number")),
        ("meetings_strategyoutcome", ("meeting_id",)),
        ("meetings_consultedfor", ("consultation_id", "discussion_id")),
        ("meetings_taskinglisting", ("case_id",)),
        ("referrals_escalationroute", ("case_id",)),
        ("referrals_referral", ("case_id", "person_id", "service_id")),
        ("referrals_informationreport", ("case_id", "id")),
    }
    assert {(table, tuple(columns)) for table, columns in unique} == harmless


def test_the_matrix_in_the_database_is_the_matrix_in_the_code():
    from tests.database import admin_of

    with admin_of(connection.settings_dict["NAME"]) as past_the_walls:
        mirrored = past_the_walls.execute(
            "SELECT role, action, label, level, own_agency FROM sec.role_action"
        ).fetchall()
    assert sorted(mirrored) == sorted(role_action_rows())
