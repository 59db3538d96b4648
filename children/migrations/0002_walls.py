"""Puts the child's tables behind the second wall, and finds duplicates that nobody may see."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label

ADDRESS_LABEL = f"(CASE WHEN children_address.confidential THEN '{Label.LOCKED_LOCATION}' ELSE '{Label.LOCATION}' END)"

DUPLICATES = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT ON children_child, children_childprofile, children_namekey TO cre_sec;
GRANT SELECT, INSERT, UPDATE ON children_duplicatealert TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Whether whoever is asking works in a team that receives contacts.
CREATE FUNCTION sec.receives_contacts() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sec.standing() AS st JOIN accounts_team AS t ON t.id = st.team_id AND t.receives_contacts)
$$;

-- Raises an alert for each file the caller may not see that has the same NHS number, or shares a date of
-- birth and a name key. Says nothing to the caller.
CREATE FUNCTION sec.flag_hidden_duplicates(new_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT sec.may('edit_child', new_case) THEN
        PERFORM sec.refuse('You cannot check this file.');
    END IF;
    INSERT INTO children_duplicatealert (case_id, other_case_id, raised_at)
    SELECT DISTINCT new_case, other.case_id, now()
    FROM children_child AS this
    JOIN children_child AS other ON other.case_id <> this.case_id
    WHERE this.case_id = new_case
      AND NOT sec.may('view_file', other.case_id)
      AND (
        (other.date_of_birth = this.date_of_birth AND EXISTS (
            SELECT FROM children_namekey AS a JOIN children_namekey AS b ON b.key = a.key
            WHERE a.case_id = new_case AND b.case_id = other.case_id))
        OR other.case_id IN (
            SELECT p.case_id FROM children_childprofile AS p
            JOIN children_childprofile AS mine ON mine.case_id = new_case AND mine.nhs_number <> ''
            WHERE p.nhs_number = mine.nhs_number AND p.case_id <> new_case))
    ON CONFLICT DO NOTHING;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.receives_contacts(), sec.flag_hidden_duplicates(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.receives_contacts(), sec.flag_hidden_duplicates(uuid) TO cre_app, cre_seed;

ALTER TABLE children_duplicatealert ENABLE ROW LEVEL SECURITY;
ALTER TABLE children_duplicatealert FORCE ROW LEVEL SECURITY;
CREATE POLICY receive ON children_duplicatealert TO cre_app
    USING ((SELECT sec.receives_contacts())) WITH CHECK ((SELECT sec.receives_contacts()));
CREATE POLICY excluded ON children_duplicatealert AS RESTRICTIVE FOR ALL TO cre_app
    USING (case_id <> ALL ((SELECT sec.excluded_cases())::uuid[])
       AND other_case_id <> ALL ((SELECT sec.excluded_cases())::uuid[]));
GRANT SELECT, UPDATE ON children_duplicatealert TO cre_app;
CREATE TRIGGER keep_history AFTER INSERT OR UPDATE OR DELETE ON children_duplicatealert
    FOR EACH ROW EXECUTE FUNCTION sec.keep_history();
CREATE INDEX child_by_date_of_birth ON children_child (date_of_birth);
"""


class Migration(migrations.Migration):
    dependencies = [("children", "0001_initial"), ("access", "0002_walls")]

    operations = [
        protect_case_table("children_contact", Label.CASEWORK),
        protect_case_table("children_child", Label.CORE),
        protect_case_table("children_childprofile", Label.PROFILE),
        protect_case_table("children_alias", Label.CORE),
        protect_case_table("children_namekey", Label.CORE, writes=["INSERT", "DELETE"]),
        protect_case_table("children_address", label_sql=ADDRESS_LABEL),
        protect_case_table("children_otherplan", Label.CORE),
        protect_case_table("children_person", Label.NETWORK),
        protect_case_table(
            "children_contactsafetydecision", Label.COMPLICITY, writes=["INSERT"], work_label=Label.COMPLICITY
        ),
        protect_case_table("children_workersafetywarning", Label.CORE),
        protect_case_table("children_workersafetyreason", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("children_casenote", Label.CASEWORK, writes=["INSERT"], own_agency="agency_id"),
        migrations.RunSQL(DUPLICATES, reverse_sql=migrations.RunSQL.noop),
    ]
