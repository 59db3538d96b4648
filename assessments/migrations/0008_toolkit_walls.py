"""A version of the toolkit is loaded and published by who may, and never edited, whoever asks the database to."""

from django.db import migrations

TABLES = ("assessments_toolkitversion", "assessments_toolkitsection", "assessments_toolkititem")

RULES = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT ON assessments_toolkitversion, assessments_toolkitsection TO cre_sec;
SET LOCAL ROLE cre_sec;

CREATE FUNCTION sec.may_manage_toolkit() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM sec.standing() AS st
        JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'manage_toolkit')
$$;

-- Whether a section or an item may still come to a version: not once anybody may have assessed with it.
CREATE FUNCTION sec.toolkit_is_open(version bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM assessments_toolkitversion AS v WHERE v.id = version AND v.published_at IS NULL)
$$;

CREATE FUNCTION sec.toolkit_of(section bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT s.toolkit_id FROM assessments_toolkitsection AS s WHERE s.id = section
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.may_manage_toolkit(), sec.toolkit_is_open(bigint), sec.toolkit_of(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.may_manage_toolkit(), sec.toolkit_is_open(bigint), sec.toolkit_of(bigint) TO cre_app;

GRANT INSERT ON assessments_toolkitversion, assessments_toolkitsection, assessments_toolkititem TO cre_app;
GRANT UPDATE (is_current, published_at, published_by_id) ON assessments_toolkitversion TO cre_app;

CREATE POLICY add ON assessments_toolkitversion FOR INSERT TO cre_app
    WITH CHECK (NOT is_current AND published_at IS NULL AND loaded_by_id = (SELECT sec.principal())
                AND (SELECT sec.may_manage_toolkit()));
CREATE POLICY publish ON assessments_toolkitversion FOR UPDATE TO cre_app
    USING ((SELECT sec.may_manage_toolkit()))
    WITH CHECK (published_at IS NOT NULL AND (NOT is_current OR published_by_id = (SELECT sec.principal())));
CREATE POLICY add ON assessments_toolkitsection FOR INSERT TO cre_app
    WITH CHECK ((SELECT sec.may_manage_toolkit()) AND sec.toolkit_is_open(toolkit_id));
CREATE POLICY add ON assessments_toolkititem FOR INSERT TO cre_app
    WITH CHECK ((SELECT sec.may_manage_toolkit()) AND sec.toolkit_is_open(sec.toolkit_of(section_id)));
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_toolkit_published"), ("access", "0004_disclosure")]

    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY see ON {table} FOR SELECT TO cre_app USING (true)",
                reverse_sql=migrations.RunSQL.noop,
            )
            for table in TABLES
        ),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
