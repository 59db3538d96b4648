"""Puts the assessments and tiers behind the second wall."""

from django.db import migrations

from access.operations import open_to_runtime, protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}

# The guard on low (BR-01) once more, for whoever comes past the services: raw SQL, an import, a mistake of ours.
# cre_sec owns the functions, since whoever writes a tier need not see all that it rests on.
GUARD = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT ON assessments_assessment, assessments_tierproposal, assessments_tierdecision, assessments_cpmmatter,
    assessments_cpmagreement, assessments_supportingassessment TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Whether age alone protects on a day: under 13 (who is born on 29 February turns 13 on 1 March), or not known.
CREATE FUNCTION sec.protected_by_age(born date, day date) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT born IS NULL OR day < CASE
        WHEN extract(month FROM born) = 2 AND extract(day FROM born) = 29
        THEN make_date(extract(year FROM born)::integer + 13, 3, 1) ELSE (born + interval '13 years')::date END
$$;

CREATE FUNCTION sec.guard_low_tier() RETURNS trigger
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
    IF NOT (sec.protected_by_age(born, (made.submitted_at AT TIME ZONE 'Europe/London')::date)
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

-- The manager who decides did not write it; the Child Protection Manager did neither. All is on one file.
CREATE FUNCTION sec.guard_decider() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM assessments_assessment AS a
                   WHERE a.id = NEW.assessment_id AND a.case_id = NEW.case_id AND a.author_id <> NEW.decided_by_id) THEN
        RAISE check_violation USING MESSAGE = 'The author of an assessment does not decide on it.';
    END IF;
    IF TG_TABLE_NAME = 'assessments_tierdecision' THEN
        IF NOT EXISTS (SELECT FROM assessments_tierproposal AS p
                       WHERE p.id = NEW.proposal_id AND p.case_id = NEW.case_id
                         AND p.assessment_id = NEW.assessment_id AND p.author_id <> NEW.decided_by_id) THEN
            RAISE check_violation USING MESSAGE = 'A decision is on a proposal somebody else made of that assessment.';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM assessments_tierdecision AS d
                      WHERE d.id = NEW.decision_id AND d.case_id = NEW.case_id
                        AND d.assessment_id = NEW.assessment_id AND d.decided_by_id <> NEW.decided_by_id) THEN
        RAISE check_violation USING MESSAGE = 'Who decided the tier does not agree it as Child Protection Manager.';
    END IF;
    RETURN NEW;
END $$;

-- What was submitted stays as it was.
CREATE FUNCTION sec.guard_submitted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'assessments_assessment' THEN
        IF OLD.state <> 'draft' THEN
            RAISE check_violation USING MESSAGE = 'A submitted assessment is not changed.';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM assessments_assessment AS a WHERE a.id = NEW.assessment_id AND a.state = 'draft') THEN
        RAISE check_violation USING MESSAGE = 'Only a draft is written in.';
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.protected_by_age(date, date), sec.guard_low_tier(), sec.guard_decider(),
    sec.guard_submitted() FROM PUBLIC;

CREATE TRIGGER guard_low_tier BEFORE INSERT ON assessments_effectivetier
    FOR EACH ROW EXECUTE FUNCTION sec.guard_low_tier();
CREATE TRIGGER guard_decider BEFORE INSERT ON assessments_tierdecision
    FOR EACH ROW EXECUTE FUNCTION sec.guard_decider();
CREATE TRIGGER guard_decider BEFORE INSERT ON assessments_cpmagreement
    FOR EACH ROW EXECUTE FUNCTION sec.guard_decider();
CREATE TRIGGER guard_submitted BEFORE UPDATE ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION sec.guard_submitted();
ALTER TABLE assessments_assessment ADD CONSTRAINT assessment_id_and_file UNIQUE (id, case_id);
"""

# What is written in a draft, table by table: on its file, by whoever writes, and only while it is one.
DRAFT = """
CREATE TRIGGER guard_submitted BEFORE UPDATE ON assessments_{part}
    FOR EACH ROW EXECUTE FUNCTION sec.guard_submitted();
ALTER TABLE assessments_{part} ADD CONSTRAINT {part}_on_its_file
    FOREIGN KEY (assessment_id, case_id) REFERENCES assessments_assessment (id, case_id);
CREATE POLICY in_a_draft ON assessments_{part} AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND EXISTS (
        SELECT FROM assessments_assessment AS a WHERE a.id = assessment_id AND a.state = 'draft'));
"""
PARTS = ("answer", "protectivefactor", "consideredtype", "carerview")
DRAFTS = "".join(DRAFT.format(part=part) for part in PARTS)

# Who may, in whose name, and what of a row may ever change. Each rule is also in the services, with its sentence.
RULES = """
CREATE POLICY started_by_its_author ON assessments_assessment AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'draft' AND author_id = (SELECT sec.principal()));
REVOKE UPDATE ON assessments_assessment FROM cre_app;
GRANT UPDATE (state, reason, concern_on, sources_used, agencies_consulted, child_words, voice, voice_on,
    voice_missing_because, no_protective_because, people_and_places, worried_about, working_well, would_make_worse,
    not_known_yet, threshold_level, submitted_at, content_hash, date_of_birth_then, send_then, version)
    ON assessments_assessment TO cre_app;

CREATE POLICY by_its_author ON assessments_supportingassessment AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'in_progress' AND author_id = (SELECT sec.principal()));
CREATE POLICY authorised_by_who_may ON assessments_supportingassessment AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state IN ('in_progress', 'completed'))
    WITH CHECK (authorised_by_id IS NULL OR (authorised_by_id = (SELECT sec.principal())
                                             AND sec.may('authorise_assessment', case_id)));
REVOKE UPDATE ON assessments_supportingassessment FROM cre_app;
GRANT UPDATE (state, summary, completed_on, authorised_on, authorised_by_id, end_reason, version)
    ON assessments_supportingassessment TO cre_app;

CREATE POLICY by_its_author ON assessments_tierproposal AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'waiting' AND author_id = (SELECT sec.principal()));
CREATE POLICY settled_once ON assessments_tierproposal AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state = 'waiting') WITH CHECK (state <> 'waiting');
REVOKE UPDATE ON assessments_tierproposal FROM cre_app;
GRANT UPDATE (state, question) ON assessments_tierproposal TO cre_app;

CREATE POLICY by_who_may ON assessments_tierdecision AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (decided_by_id = (SELECT sec.principal()) AND sec.may('decide_tier', case_id));
CREATE POLICY by_who_may ON assessments_cpmagreement AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (decided_by_id = (SELECT sec.principal()) AND sec.may('answer_low', case_id));

CREATE POLICY opened_by_who_may ON assessments_cpmmatter AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (sec.may('decide_tier', case_id) OR (opened_because = 'send_recorded' AND sec.may('edit_child', case_id)));
CREATE POLICY closed_by_who_may ON assessments_cpmmatter AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (closed_at IS NULL) WITH CHECK (sec.may('decide_tier', case_id) OR sec.may('answer_low', case_id));
REVOKE UPDATE ON assessments_cpmmatter FROM cre_app;
GRANT UPDATE (decision_id, closed_at) ON assessments_cpmmatter TO cre_app;

CREATE POLICY by_who_may ON assessments_effectivetier AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (until_at IS NULL AND set_by_id = (SELECT sec.principal()) AND CASE
        WHEN cause IN ('decision', 'floor') THEN sec.may('decide_tier', case_id)
        WHEN cause IN ('agreement', 'refusal') THEN sec.may('answer_low', case_id)
        ELSE sec.may('edit_child', case_id) END);
CREATE POLICY ended_once ON assessments_effectivetier AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (until_at IS NULL) WITH CHECK (until_at IS NOT NULL);
REVOKE UPDATE ON assessments_effectivetier FROM cre_app;
GRANT UPDATE (until_at) ON assessments_effectivetier TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("access", "0005_giving")]

    operations = [
        open_to_runtime(
            "SELECT", "assessments_toolkitversion", "assessments_toolkitsection", "assessments_toolkititem"
        ),
        protect_case_table("assessments_assessment", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_answer", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_protectivefactor", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_consideredtype", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_carerview", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_supportingassessment", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_tierproposal", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_tierdecision", Label.SAFETY, writes=["INSERT"]),
        protect_case_table("assessments_cpmmatter", Label.CASEWORK),
        protect_case_table("assessments_cpmagreement", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("assessments_effectivetier", Label.PLAN),
        *(migrations.RunSQL(one, reverse_sql=migrations.RunSQL.noop) for one in (GUARD, DRAFTS, RULES)),
    ]
