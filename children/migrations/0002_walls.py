"""Puts the child's tables behind the second wall, and finds duplicates that nobody may see."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

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
-- birth and a name key, unless the pair is known already. Says nothing to the caller. The few candidates are
-- found by index before the caller's right to see each is asked for.
CREATE FUNCTION sec.flag_hidden_duplicates(new_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT sec.may('edit_child', new_case) THEN
        PERFORM sec.refuse('You cannot check this file.');
    END IF;
    INSERT INTO children_duplicatealert (case_id, other_case_id, raised_at, outcome)
    WITH candidates AS MATERIALIZED (
        SELECT other.case_id
        FROM children_childprofile AS this
        JOIN children_childprofile AS other ON other.nhs_number = this.nhs_number AND other.nhs_number <> ''
        WHERE this.case_id = new_case AND other.case_id <> new_case
        UNION
        SELECT other.case_id
        FROM children_child AS this
        JOIN children_child AS other ON other.date_of_birth = this.date_of_birth
        WHERE this.case_id = new_case AND other.case_id <> new_case AND EXISTS (
            SELECT FROM children_namekey AS a JOIN children_namekey AS b ON b.key = a.key
            WHERE a.case_id = new_case AND b.case_id = other.case_id)
    )
    SELECT new_case, c.case_id, now(), ''
    FROM candidates AS c
    WHERE NOT sec.may('view_file', c.case_id)
      AND NOT EXISTS (
        SELECT FROM children_duplicatealert AS d WHERE d.case_id = c.case_id AND d.other_case_id = new_case)
    ON CONFLICT DO NOTHING;
END $$;

-- The reference of a file that stands in an alert, for whoever receives contacts: they need not see the file.
CREATE FUNCTION sec.alerted_reference(wanted_case uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT f.reference FROM access_casefile AS f
    WHERE f.id = wanted_case AND sec.receives_contacts() AND wanted_case <> ALL (sec.excluded_cases())
      AND EXISTS (SELECT FROM children_duplicatealert AS d WHERE d.case_id = f.id OR d.other_case_id = f.id)
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.receives_contacts(), sec.flag_hidden_duplicates(uuid), sec.alerted_reference(uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.receives_contacts(), sec.flag_hidden_duplicates(uuid), sec.alerted_reference(uuid)
    TO cre_app, cre_seed;

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

# What the tables' own label cannot say. Each rule is also in children/services.py, with its sentence.
RULES = """
-- A contact is screened once, by a role that may, and what was told is never changed. Linking moves it to a file
-- on which the screener may record contacts.
CREATE POLICY starts_unscreened ON children_contact AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (outcome = 'received' AND recorded_by_id = (SELECT sec.principal()));
CREATE POLICY screened_once ON children_contact AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (outcome = 'received' AND sec.may('screen_contact', case_id))
    WITH CHECK (outcome <> 'received' AND screened_by_id = (SELECT sec.principal())
                AND sec.may('record_contact', case_id));
REVOKE UPDATE ON children_contact FROM cre_app;
GRANT UPDATE (case_id, outcome, screening_reason, screened_by_id, screened_at) ON children_contact TO cre_app;

-- A file gets its child once a manager has accepted a contact on it.
CREATE POLICY after_acceptance ON children_child AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (created_by_id = (SELECT sec.principal()) AND EXISTS (
        SELECT FROM children_contact AS c WHERE c.case_id = children_child.case_id AND c.outcome = 'accepted'));

-- Nobody decides on complicity in another's name, or with a role that may not.
CREATE POLICY decided_by_who_may ON children_contactsafetydecision AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (decided_by_id = (SELECT sec.principal()) AND sec.may('decide_complicity', case_id));

-- Nobody writes a note in another's name or for an agency not theirs; management decisions are a manager's.
CREATE POLICY written_by_its_author ON children_casenote AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal())
                AND agency_id = ANY ((SELECT sec.agencies())::bigint[])
                AND (kind <> 'manager' OR EXISTS (SELECT FROM sec.standing() AS st WHERE st.role = 'team_manager')));

-- A warning or another name is ended, never reworded.
REVOKE UPDATE ON children_workersafetywarning, children_alias FROM cre_app;
GRANT UPDATE (ended_at, ended_by_id) ON children_workersafetywarning TO cre_app;
GRANT UPDATE (ended_at) ON children_alias TO cre_app;

-- Closing is all that is ever done to an alert.
REVOKE UPDATE ON children_duplicatealert FROM cre_app;
GRANT UPDATE (closed_at, closed_by_id, outcome) ON children_duplicatealert TO cre_app;

-- What belongs together is on one file. The foreign keys by id alone do not say so, and see past row security.
ALTER TABLE children_casenote ADD CONSTRAINT note_id_and_file UNIQUE (id, case_id);
ALTER TABLE children_casenote ADD CONSTRAINT note_corrects_on_its_file
    FOREIGN KEY (corrects_id, case_id) REFERENCES children_casenote (id, case_id);
ALTER TABLE children_person ADD CONSTRAINT person_id_and_file UNIQUE (id, case_id);
ALTER TABLE children_contactsafetydecision ADD CONSTRAINT contact_safety_person_on_its_file
    FOREIGN KEY (person_id, case_id) REFERENCES children_person (id, case_id);
ALTER TABLE children_workersafetywarning ADD CONSTRAINT warning_id_and_file UNIQUE (id, case_id);
ALTER TABLE children_workersafetyreason ADD CONSTRAINT warning_reason_on_its_file
    FOREIGN KEY (warning_id, case_id) REFERENCES children_workersafetywarning (id, case_id);
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
        protect_case_table(
            "children_casenote",
            Label.CASEWORK,
            writes=["INSERT"],
            own={"agency_id": Own.AGENCY, "author_id": Own.PERSON},
        ),
        migrations.RunSQL(DUPLICATES, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
