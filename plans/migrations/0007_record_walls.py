"""A copy of the record says what it says from the start. Who may ask for one: subject_access."""

from pathlib import Path

from django.db import migrations

COPIES = Path(__file__).resolve().parent.parent / "sql" / "copies.sql"

RULES = """
DROP POLICY asked_by_its_author ON plans_copy;
CREATE POLICY asked_by_its_author ON plans_copy AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'waiting' AND tries = 0 AND pdf IS NULL AND (content IS NULL OR kind = 'record')
                AND author_id = (SELECT sec.principal()) AND sec.may('make_copy', case_id));
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0006_record")]

    operations = [
        migrations.RunSQL(COPIES.read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
