"""The clock knows who is named on a restricted file, so that none of its clocks falls silent."""

from django.db import migrations

CLOCK = """
DROP POLICY clock ON access_caseaccess;
CREATE POLICY clock ON access_caseaccess FOR SELECT TO cre_worker USING (source IN ('team', 'oversight', 'named'));
GRANT SELECT (restricted_at) ON access_casefile TO cre_worker;
GRANT SELECT (user_id) ON accounts_subject TO cre_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0014_restriction"), ("deadlines", "0006_clock_walls")]

    operations = [migrations.RunSQL(CLOCK, reverse_sql=migrations.RunSQL.noop)]
