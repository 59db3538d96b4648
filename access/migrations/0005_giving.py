"""Further ways to be given access, and what was disclosed. The SQL is in access/sql/grants.sql."""

from pathlib import Path

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label

GRANTS = Path(__file__).resolve().parent.parent / "sql" / "grants.sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0004_disclosure")]

    operations = [
        migrations.RunSQL(GRANTS.read_text(), reverse_sql=migrations.RunSQL.noop),
        protect_case_table("access_disclosuredecision", Label.CASEWORK, writes=["INSERT"]),
        migrations.RunSQL(
            "CREATE POLICY decided_by_its_author ON access_disclosuredecision AS RESTRICTIVE FOR INSERT TO cre_app "
            "WITH CHECK (decided_by_id = (SELECT sec.principal()))",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
