"""Closing a file and opening it again are events of the file, after those that the view has already."""

from django.db import migrations

EVENTS = """
DO $$ BEGIN
EXECUTE 'CREATE OR REPLACE VIEW cre_case_event WITH (security_invoker = true) AS '
    || rtrim(pg_get_viewdef('cre_case_event'::regclass), ';') || $more$
UNION ALL
SELECT c.id, c.case_id, e.kind, e.at, u.name::text, e.said, c.reason::text, NULL, NULL, NULL, NULL
FROM plans_caseclosure AS c
CROSS JOIN LATERAL (VALUES ('closed', c.decided_at, c.decided_by_id, c.answer),
                           ('reopened', c.reopened_at, c.reopened_by_id, c.reopened_because)) AS e (kind, at, by_id, said)
JOIN accounts_user AS u ON u.id = e.by_id
WHERE c.state IN ('closed', 'reopened') AND e.at IS NOT NULL
$more$;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("cre_case", "0001_event"), ("plans", "0004_closing")]

    operations = [migrations.RunSQL(EVENTS, reverse_sql=migrations.RunSQL.noop)]
