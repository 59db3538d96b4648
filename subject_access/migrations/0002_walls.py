"""Puts requests to see the record behind the second wall: prepared by one, given by another. Sentences: the services."""

from pathlib import Path

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label

REQUESTS = Path(__file__).resolve().parent.parent / "sql" / "requests.sql"

GRANTS = "GRANT SELECT ON subject_access_subjectaccessrequest TO cre_sec;"

RULES = """
CREATE TRIGGER check_access_request BEFORE UPDATE ON subject_access_subjectaccessrequest
    FOR EACH ROW EXECUTE FUNCTION sec.check_access_request();
CREATE TRIGGER check_passage_decision BEFORE INSERT OR UPDATE ON subject_access_passagedecision
    FOR EACH ROW EXECUTE FUNCTION sec.check_passage_decision();

CREATE POLICY recorded_by_its_author ON subject_access_subjectaccessrequest AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'preparing' AND prepared_by_id IS NULL AND recorded_by_id = (SELECT sec.principal())
                AND sec.may('prepare_subject_access', case_id));
CREATE POLICY moved_by_who_may ON subject_access_subjectaccessrequest AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (sec.may('prepare_subject_access', case_id) OR sec.may('release_subject_access', case_id))
    WITH CHECK (CASE state
        WHEN 'prepared' THEN prepared_by_id = (SELECT sec.principal()) AND sec.may('prepare_subject_access', case_id)
        WHEN 'preparing' THEN true
        ELSE decided_by_id = (SELECT sec.principal()) AND sec.may('release_subject_access', case_id) END);
CREATE POLICY decided_by_its_author ON subject_access_passagedecision AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (decided_by_id = (SELECT sec.principal()) AND sec.may('prepare_subject_access', case_id));
CREATE POLICY decided_again_by_its_author ON subject_access_passagedecision AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (true)
    WITH CHECK (decided_by_id = (SELECT sec.principal()) AND sec.may('prepare_subject_access', case_id));

-- A copy of the record is only ever the answer to a request that somebody else prepared.
CREATE POLICY record_given_by_a_second_person ON plans_copy AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (kind <> 'record' OR sec.may_give_record(case_id));
-- It holds words of every part of the file, a confidential address too, so casework is not enough to read it.
CREATE POLICY record_read_by_who_sees_addresses ON plans_copy AS RESTRICTIVE FOR SELECT TO cre_app
    USING (kind <> 'record' OR sec.may('view_locked_location', case_id));
"""


class Migration(migrations.Migration):
    dependencies = [("subject_access", "0001_initial"), ("plans", "0007_record_walls"), ("access", "0014_restriction")]

    operations = [
        protect_case_table("subject_access_subjectaccessrequest", Label.CASEWORK),
        protect_case_table("subject_access_passagedecision", Label.CASEWORK),
        migrations.RunSQL(GRANTS, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(REQUESTS.read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
