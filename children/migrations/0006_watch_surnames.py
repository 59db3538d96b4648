"""The watch over reading learns of names in common (SECURITY T2)."""

from django.db import migrations

WATCH = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Notes, for the auditor, who in the last hour for the first time opened the file of a child that has their own surname
-- (one part of it is enough), and does not lead on it. Capitals and signs are compared as PostgreSQL has them, so an
-- accent that only one of the two spells is not seen.
CREATE FUNCTION sec.watch_surnames() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    noted integer;
BEGIN
    INSERT INTO access_readingalert AS a (person_id, pattern, day, amount, first_at, last_at)
    SELECT e.principal_id, 'surname', (now() AT TIME ZONE 'Europe/London')::date, count(DISTINCT e.case_id), now(), now()
    FROM access_auditevent AS e
    JOIN accounts_user AS u ON u.id = e.principal_id
    WHERE e.at > now() - interval '1 hour' AND e.kind = 'read'
      AND EXISTS (
            SELECT FROM children_namekey AS n
            WHERE n.case_id = e.case_id
              AND n.key = ANY (regexp_split_to_array(upper(regexp_replace(btrim(u.name), '^.*\\s', '')), '[^[:alpha:]]+')))
      AND NOT EXISTS (SELECT FROM access_allocation AS l
                      WHERE l.case_id = e.case_id AND l.worker_id = e.principal_id AND l.ended_at IS NULL)
      AND NOT EXISTS (SELECT FROM access_auditevent AS b
                      WHERE b.principal_id = e.principal_id AND b.case_id = e.case_id AND b.kind = 'read'
                        AND b.at <= now() - interval '1 hour')
    GROUP BY e.principal_id
    ON CONFLICT (person_id, pattern, day) DO UPDATE SET amount = excluded.amount, last_at = now()
        WHERE excluded.amount > a.amount;
    GET DIAGNOSTICS noted = ROW_COUNT;
    RETURN noted;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.watch_surnames() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.watch_surnames() TO cre_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0015_surname"), ("children", "0005_known_to_exist")]

    operations = [migrations.RunSQL(WATCH, reverse_sql=migrations.RunSQL.noop)]
