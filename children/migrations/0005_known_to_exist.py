"""Finding a file that one only knows to exist: by its reference, its child's NHS number or name."""

from django.db import migrations

FINDING = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Of the files that whoever is asking knows of and cannot see, those that match: by reference, by NHS number, or where
-- each word begins a name or (its sound) is one. "" and no words match nothing.
CREATE FUNCTION sec.find_known_to_exist(wanted_reference text, nhs text, words text[], sounds text[])
RETURNS TABLE (case_id uuid, reference text, is_restricted boolean, contact text, job_title text, phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT k.* FROM sec.known_to_exist() AS k
    WHERE k.reference = wanted_reference
       OR EXISTS (SELECT FROM children_childprofile AS p WHERE p.case_id = k.case_id AND p.nhs_number = nhs AND nhs <> '')
       OR (cardinality(words) > 0 AND NOT EXISTS (
            SELECT FROM unnest(words, sounds) AS w (word, sound) WHERE NOT EXISTS (
                SELECT FROM children_namekey AS n WHERE n.case_id = k.case_id
                  AND (n.key = w.word OR n.key = nullif(w.sound, '') OR (length(w.word) > 2 AND starts_with(n.key, w.word))))))
    ORDER BY k.reference
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.find_known_to_exist(text, text, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.find_known_to_exist(text, text, text[], text[]) TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0014_restriction"), ("children", "0004_identifiers_by_value")]

    operations = [migrations.RunSQL(FINDING, reverse_sql=migrations.RunSQL.noop)]
