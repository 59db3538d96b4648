"""What ties a grant to whoever is asking stands in one place: the policy of the grants themselves.

`access.operations` wrote it into each policy of each case table as well, where nothing could notice that it was gone,
and where every statement read the asker's teams once more for each of its tables. A database made since then has
nothing to change.
"""

from django.db import migrations

ONCE = """
DO $$
DECLARE
    again CONSTANT text := '(a.subject_id = ANY (( SELECT sec.subjects() AS subjects)::bigint[])) AND ';
    one record;
BEGIN
    FOR one IN SELECT * FROM pg_policies WHERE position(again IN concat(qual, with_check)) > 0 LOOP
        EXECUTE format('ALTER POLICY %I ON %I.%I', one.policyname, one.schemaname, one.tablename)
            || coalesce(' USING (' || replace(one.qual, again, '') || ')', '')
            || coalesce(' WITH CHECK (' || replace(one.with_check, again, '') || ')', '');
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0017_overdue_reviews")]

    operations = [migrations.RunSQL(ONCE, reverse_sql=migrations.RunSQL.noop)]
