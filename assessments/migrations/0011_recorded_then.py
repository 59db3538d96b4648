"""The guard on low counts the date of birth as it was recorded when the assessment was submitted, beside what it is now.

A correction after it may show that a child is older; it does not take away who must agree.
"""

from django.db import migrations

GUARD = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

CREATE OR REPLACE FUNCTION sec.guard_low_tier() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    decision assessments_tierdecision;
    made assessments_assessment;
    agreed assessments_cpmagreement;
    born date;
    send text;
BEGIN
    IF NEW.tier NOT IN ('low', 'none') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO decision FROM assessments_tierdecision WHERE id = NEW.decision_id AND case_id = NEW.case_id;
    SELECT * INTO made FROM assessments_assessment WHERE id = decision.assessment_id AND case_id = NEW.case_id;
    IF decision.id IS NULL OR decision.decided <> NEW.tier OR made.submitted_at IS NULL THEN
        RAISE check_violation USING MESSAGE = 'Low rests on a decision of low, on a submitted assessment.';
    END IF;
    SELECT c.date_of_birth, c.send_status INTO born, send FROM children_child AS c WHERE c.case_id = NEW.case_id;
    IF NOT (sec.protected_by_age(made.date_of_birth_then, (made.submitted_at AT TIME ZONE 'Europe/London')::date)
            OR sec.protected_by_age(born, (made.submitted_at AT TIME ZONE 'Europe/London')::date)
            OR sec.protected_by_age(born, (decision.decided_at AT TIME ZONE 'Europe/London')::date)
            OR sec.protected_by_age(born, (NEW.from_at AT TIME ZONE 'Europe/London')::date)
            OR send IS DISTINCT FROM 'none' OR made.send_then IS DISTINCT FROM 'none'
            OR EXISTS (SELECT FROM assessments_cpmmatter AS m WHERE m.case_id = NEW.case_id AND m.closed_at IS NULL))
    THEN
        RETURN NEW;
    END IF;
    SELECT * INTO agreed FROM assessments_cpmagreement
        WHERE id = NEW.agreement_id AND case_id = NEW.case_id AND outcome = 'agreed'
          AND decision_id = decision.id AND assessment_id = made.id AND content_hash = made.content_hash
          AND 'cre' = ANY (names) AND decided_by_id NOT IN (made.author_id, decision.decided_by_id);
    IF agreed.id IS NULL THEN
        RAISE check_violation USING
            MESSAGE = 'No child under 13 or with SEND is low until a Child Protection Manager agrees.';
    END IF;
    IF agreed.sufficient_because = '' AND NOT EXISTS (
        SELECT FROM assessments_supportingassessment AS s
        WHERE s.case_id = NEW.case_id
          AND (s.state = 'authorised' OR (s.state = 'completed' AND s.kind <> 'single_assessment')))
    THEN
        RAISE check_violation USING MESSAGE = 'Thorough assessments come before a Child Protection Manager agrees.';
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_age_corrected")]

    operations = [migrations.RunSQL(GUARD, reverse_sql=migrations.RunSQL.noop)]
