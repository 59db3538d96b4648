"""Puts the reports behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}


# Nobody reports in another's name, what was found is not reworded, and what is closed stays closed.
RULES = """
CREATE POLICY opened_by_its_author ON duties_mandatoryreport AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'open' AND author_id = (SELECT sec.principal()));
CREATE POLICY made_by_who_must ON duties_mandatoryreport AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state <> 'closed')
    WITH CHECK ((state <> 'reported' OR (reporter_id IS NOT NULL AND (rule_id <> 'MR-01' OR reporter_id = discovered_by_id)))
                AND (state <> 'closed' OR (closed_by_id = (SELECT sec.principal()) AND sec.may('close_report', case_id)))
                AND (hidden_from_family OR rule_id NOT IN ('MR-01', 'MR-01b', 'MR-04', 'MR-06', 'MR-09')
                     OR (family_decided_by_id IS NOT NULL AND family_decision <> '')));
REVOKE UPDATE ON duties_mandatoryreport FROM cre_app;
GRANT UPDATE (rule_id, how_known, profession, state, hidden_from_family, family_decision, family_decided_by_id,
    safeguarding_lead_told, child_told, extension_reason, extension_approved_by_id, reported_at, reporter_id, recipient,
    method, reference, not_reported, not_reported_because, outcome, closed_at, closed_by_id, version)
    ON duties_mandatoryreport TO cre_app;

CREATE FUNCTION duties_never_unsaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'reported' AND (NEW.state = 'open' OR NEW.reported_at <> OLD.reported_at
                                   OR NEW.reporter_id <> OLD.reporter_id OR NEW.recipient <> OLD.recipient) THEN
        RAISE check_violation USING MESSAGE = 'A report that was made is not taken back.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER never_unsaid BEFORE UPDATE ON duties_mandatoryreport
    FOR EACH ROW EXECUTE FUNCTION duties_never_unsaid();
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial"), ("access", "0005_giving")]

    operations = [
        protect_case_table("duties_mandatoryreport", Label.CASEWORK, own=AUTHOR),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
