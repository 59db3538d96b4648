-- Who may be given a copy. May be run again: each migration that changes it does.
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- A copy is asked for by whoever is asking, for somebody who may have it; then it is made or fails, once.
CREATE OR REPLACE FUNCTION sec.check_copy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    made text[] := ARRAY['state', 'pdf', 'sha256', 'made_at', 'problem', 'content', 'tries', 'taken_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'waiting' THEN
            PERFORM sec.refuse('A copy that was made, or could not be made, is never changed.');
        END IF;
        IF OLD.content IS NOT NULL AND NEW.content IS DISTINCT FROM OLD.content THEN
            PERFORM sec.refuse('What a copy says is never changed.');
        END IF;
        IF to_jsonb(NEW) - made <> to_jsonb(OLD) - made THEN
            PERFORM sec.refuse('What was asked for is never changed.');
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM access_disclosuredecision AS d
        WHERE d.id = NEW.disclosure_id AND d.case_id = NEW.case_id AND d.decided_by_id = NEW.author_id
    ) OR (NEW.safety_plan_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM plans_safetyplan AS s WHERE s.id = NEW.safety_plan_id AND s.case_id = NEW.case_id
    )) THEN
        PERFORM sec.refuse('A copy and what it rests on are of one file.');
    END IF;
    IF NEW.kind = 'family' AND NEW.recipient_person_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.state = 'ready')
       AND sec.family_copy_is_barred(NEW.case_id, NEW.recipient_person_id) THEN
        PERFORM sec.refuse('No copy of the plan may be made for this person. Ask the team manager.');
    END IF;
    IF NEW.recipient_team_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.state = 'ready') AND NOT EXISTS (
        SELECT FROM access_caseaccess AS a
        JOIN accounts_subject AS s ON s.id = a.subject_id AND s.team_id = NEW.recipient_team_id
        JOIN accounts_team AS t ON t.id = s.team_id AND t.ended_at IS NULL
             AND (NEW.agency_id IS NULL OR t.agency_id = NEW.agency_id)
        WHERE a.case_id = NEW.case_id AND a.level > 0 AND a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now())
    ) THEN
        PERFORM sec.refuse('This team does not hold the file. Share it with them first.');
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.check_copy() FROM PUBLIC;
