"""Puts the reports behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}


# Nobody reports in another's name, what was found is not reworded, and what is closed stays closed.
RULES = """
CREATE POLICY opened_by_its_author ON duties_mandatoryreport AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'open' AND author_id = (SELECT sec.principal()) AND discovered_by_id = (SELECT sec.principal())
                AND opened_as = rule_id AND reported_at IS NULL AND reporter_id IS NULL AND closed_at IS NULL
                AND family_decided_by_id IS NULL AND extension_approved_by_id IS NULL
                AND (hidden_from_family OR rule_id NOT IN ('MR-01', 'MR-01b', 'MR-04', 'MR-06', 'MR-09')));
CREATE POLICY made_by_who_must ON duties_mandatoryreport AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state <> 'closed')
    WITH CHECK ((state <> 'reported' OR (reporter_id IS NOT NULL
                                         AND (rule_id NOT IN ('MR-01', 'MR-03') OR reporter_id = discovered_by_id)))
                AND (state <> 'closed' OR (closed_by_id = (SELECT sec.principal()) AND sec.may('close_report', case_id)))
                AND (hidden_from_family OR rule_id NOT IN ('MR-01', 'MR-01b', 'MR-04', 'MR-06', 'MR-09')
                     OR (family_decided_by_id IS NOT NULL AND family_decision <> '')));
REVOKE UPDATE ON duties_mandatoryreport FROM cre_app;
GRANT UPDATE (rule_id, how_known, profession, state, hidden_from_family, family_decision, family_decided_by_id,
    safeguarding_lead_told, child_told, extension_reason, extension_approved_by_id, reported_at, reporter_id, recipient,
    method, reference, helped_by, consent, returned_at, interviewed_at, reasonable_grounds, reasonable_on,
    conclusive_grounds, conclusive_on, not_reported, not_reported_because, outcome, closed_at, closed_by_id, version)
    ON duties_mandatoryreport TO cre_app;

-- What only the row before and the row after together can say.
CREATE FUNCTION duties_never_unsaid() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.reported_at IS NOT NULL AND (NEW.state = 'open' OR NEW.not_reported <> ''
            OR (NEW.reported_at, NEW.reporter_id, NEW.recipient, NEW.method)
               IS DISTINCT FROM (OLD.reported_at, OLD.reporter_id, OLD.recipient, OLD.method)) THEN
        RAISE check_violation USING MESSAGE = 'A report that was made is not taken back.';
    END IF;
    IF OLD.reported_at IS NULL AND NEW.reported_at IS NOT NULL
            AND (NEW.state <> 'reported' OR NEW.reporter_id IS DISTINCT FROM sec.principal()) THEN
        RAISE check_violation USING MESSAGE = 'Nobody reports in another''s name.';
    END IF;
    IF NEW.rule_id <> OLD.rule_id AND (OLD.state <> 'open'
            OR OLD.rule_id NOT IN ('MR-01', 'MR-01b') OR NEW.rule_id NOT IN ('MR-01', 'MR-01b')) THEN
        RAISE check_violation USING MESSAGE = 'A report stays the report of its duty.';
    END IF;
    IF (NEW.rule_id, NEW.how_known, NEW.profession) IS DISTINCT FROM (OLD.rule_id, OLD.how_known, OLD.profession)
            AND (OLD.state <> 'open' OR OLD.discovered_by_id IS DISTINCT FROM sec.principal()) THEN
        RAISE check_violation USING MESSAGE = 'Only who found it says how they know.';
    END IF;
    IF (NEW.hidden_from_family, NEW.family_decision, NEW.family_decided_by_id)
            IS DISTINCT FROM (OLD.hidden_from_family, OLD.family_decision, OLD.family_decided_by_id)
            AND (NEW.family_decided_by_id IS DISTINCT FROM sec.principal()
                 OR NOT sec.may('close_report', NEW.case_id)) THEN
        RAISE check_violation USING MESSAGE = 'A manager decides, in their own name, what the family may know.';
    END IF;
    IF (NEW.extension_reason, NEW.extension_approved_by_id)
            IS DISTINCT FROM (OLD.extension_reason, OLD.extension_approved_by_id)
            AND (NEW.extension_approved_by_id IS DISTINCT FROM sec.principal() OR NEW.extension_reason = ''
                 OR NOT sec.may('close_report', NEW.case_id)) THEN
        RAISE check_violation USING MESSAGE = 'A manager approves an extension, in their own name and with a reason.';
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
