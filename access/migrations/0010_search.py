"""An auditor searches the ledger. The SQL is in access/sql/search.sql."""

from pathlib import Path

from django.db import migrations, models

SEARCH = Path(__file__).resolve().parent.parent / "sql" / "search.sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0009_seals")]

    operations = [
        migrations.AddIndex("auditevent", models.Index(fields=["-at", "-id"], name="event_by_time")),
        migrations.RunSQL(SEARCH.read_text(), reverse_sql=migrations.RunSQL.noop),
    ]
