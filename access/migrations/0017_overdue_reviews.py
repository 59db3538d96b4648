"""What a manager is told of: their files that were opened in an emergency, and whose review is overdue."""

from django.db import migrations

OVERDUE = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Files that whoever is asking manages, opened in an emergency longer ago than auditors have to review it, the oldest first.
CREATE FUNCTION sec.overdue_reviews(patience interval)
RETURNS TABLE (case_id uuid, reference text, person text, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT f.id, f.reference::text, u.name::text, a.valid_from
    FROM access_caseaccess AS a
    JOIN access_casefile AS f ON f.id = a.case_id
    JOIN accounts_subject AS s ON s.id = a.subject_id
    JOIN accounts_user AS u ON u.id = s.user_id
    WHERE a.source = 'break_glass' AND a.valid_from < now() - patience
      AND NOT EXISTS (SELECT FROM access_emergencyreview AS r WHERE r.access_id = a.id)
      AND sec.may('restrict', f.id)
    ORDER BY a.valid_from, a.id
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.overdue_reviews(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.overdue_reviews(interval) TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0016_single_sign_on")]

    operations = [migrations.RunSQL(OVERDUE, reverse_sql=migrations.RunSQL.noop)]
