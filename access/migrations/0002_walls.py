"""Puts up the second wall. The SQL is in access/sql."""

from pathlib import Path

from django.db import migrations

from access.operations import exclude_conflicted, keep_history, open_to_runtime, protect_case_table
from access.parts import Label

SQL = Path(__file__).resolve().parent.parent / "sql"

EVENT_COLUMNS = "id, kind, action, case_id, case_ids, record, detail, claimed_user, request_id, address"

LEDGER = [
    "ALTER TABLE access_auditevent ALTER COLUMN at SET DEFAULT clock_timestamp()",
    "ALTER TABLE access_auditevent ALTER COLUMN principal_id SET DEFAULT sec.principal()",
    f"GRANT INSERT ({EVENT_COLUMNS}) ON access_auditevent TO cre_app",
    "ALTER TABLE access_auditevent ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_auditevent FORCE ROW LEVEL SECURITY",
    "CREATE POLICY add ON access_auditevent FOR INSERT TO cre_app WITH CHECK (true)",
    "ALTER TABLE access_rowhistory ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_rowhistory FORCE ROW LEVEL SECURITY",
]

# A grant is read by its own subject only; anyone else's through sec.grants_of.
OWN_GRANTS = [
    "ALTER TABLE access_caseaccess ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_caseaccess FORCE ROW LEVEL SECURITY",
    """CREATE POLICY own ON access_caseaccess FOR SELECT TO cre_app
       USING (subject_id = ANY ((SELECT sec.subjects())::bigint[]))""",
    exclude_conflicted("access_caseaccess"),
    keep_history("access_caseaccess"),
    "GRANT SELECT ON access_caseaccess TO cre_app",
]

SEEDING = [
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO cre_seed",
    "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO cre_seed",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO cre_seed",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO cre_seed",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO cre_app, cre_sec",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cre_app",
]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("accounts", "0001_initial"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL((SQL / "walls.sql").read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "grants.sql").read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(LEDGER, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(OWN_GRANTS, reverse_sql=migrations.RunSQL.noop),
        # Whoever may add anything to a file, a partner's own note too, locks its row while they do; not so to change it.
        protect_case_table("access_casefile", Label.CORE, case="id", writes=["UPDATE"], work_label=Label.CORE),
        migrations.RunSQL(
            "CREATE POLICY change_needs_casework ON access_casefile AS RESTRICTIVE FOR UPDATE TO cre_app "
            "USING (true) WITH CHECK (sec.may('edit_child', id))",
            reverse_sql=migrations.RunSQL.noop,
        ),
        protect_case_table("access_allocation", Label.CORE),
        protect_case_table("access_conflictexclusion", Label.CASEWORK, writes=[]),
        open_to_runtime("SELECT, INSERT, UPDATE", "accounts_agency", "accounts_team", "accounts_membership"),
        open_to_runtime("SELECT, INSERT, UPDATE", "accounts_user", "access_submission"),
        open_to_runtime("SELECT", "accounts_subject", "django_migrations"),
        open_to_runtime("SELECT, INSERT, UPDATE, DELETE", "django_session", "account_emailaddress"),
        open_to_runtime("SELECT", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"),
        open_to_runtime("SELECT", "accounts_user_groups", "accounts_user_user_permissions"),
        migrations.RunSQL(SEEDING, reverse_sql=migrations.RunSQL.noop),
    ]
