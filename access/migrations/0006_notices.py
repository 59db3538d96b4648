"""Puts the inbox behind the second wall: one's own notices, to read and to mark read. Only the clock adds one."""

from django.db import migrations

WALLS = """
ALTER TABLE accounts_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts_notice FOR SELECT TO cre_app USING (recipient_id = (SELECT sec.principal()));
CREATE POLICY mark_read ON accounts_notice FOR UPDATE TO cre_app
    USING (recipient_id = (SELECT sec.principal())) WITH CHECK (recipient_id = (SELECT sec.principal()));
GRANT SELECT, UPDATE (read_at) ON accounts_notice TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_giving"), ("accounts", "0003_notice")]

    operations = [migrations.RunSQL(WALLS, reverse_sql=migrations.RunSQL.noop)]
