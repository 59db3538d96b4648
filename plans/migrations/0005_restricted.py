"""A restricted file is kept by those named on it; who only knows that a file exists is given no copy."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0014_restriction"), ("plans", "0004_closing")]

    operations = [
        migrations.RunSQL((SQL / "closing.sql").read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "copies.sql").read_text(), reverse_sql=migrations.RunSQL.noop),
    ]
