"""Who may change accounts, teams and roles. The SQL is in access/sql/staff.sql."""

from pathlib import Path

from django.db import migrations

STAFF = Path(__file__).resolve().parent.parent / "sql" / "staff.sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0002_walls"), ("accounts", "0002_cache")]

    operations = [migrations.RunSQL(STAFF.read_text(), reverse_sql=migrations.RunSQL.noop)]
