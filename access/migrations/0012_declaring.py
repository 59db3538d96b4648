"""A share is a decision written down, and somebody who knows a family closes its file to themselves."""

from pathlib import Path

from django.db import migrations

GRANTS = Path(__file__).resolve().parent.parent / "sql" / "grants.sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0011_second_factor")]

    operations = [
        migrations.RunSQL("GRANT SELECT ON access_disclosuredecision TO cre_sec", reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS.read_text(), reverse_sql=migrations.RunSQL.noop),
    ]
