-- Who may do what with a request to see the record. May be run again: each migration that changes it does.
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- What is ended is never changed, nor what was asked; and nothing is decided once a second reader has it.
CREATE OR REPLACE FUNCTION sec.check_access_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    work text[] := ARRAY['version', 'state', 'longer_because', 'prepared_by_id', 'prepared_at', 'question', 'decided_by_id',
                         'decided_at', 'answer', 'given_as_id'];
BEGIN
    IF OLD.state NOT IN ('preparing', 'prepared') THEN
        PERFORM sec.refuse('A request that has ended is never changed.');
    END IF;
    IF to_jsonb(NEW) - work <> to_jsonb(OLD) - work THEN
        PERFORM sec.refuse('What was asked, and by whom, is never changed.');
    END IF;
    IF NEW.state = 'given' AND (OLD.state <> 'prepared' OR NEW.prepared_by_id IS DISTINCT FROM OLD.prepared_by_id) THEN
        PERFORM sec.refuse('An answer is given by a second person, as it was put to them.');
    END IF;
    IF NEW.state = 'given' AND NOT EXISTS (
        SELECT FROM plans_copy AS c
        WHERE c.id = NEW.given_as_id AND c.case_id = NEW.case_id AND c.kind = 'record' AND c.author_id = NEW.decided_by_id
    ) THEN
        PERFORM sec.refuse('What is given is a copy of this record, asked for by whoever gives it.');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION sec.check_passage_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM subject_access_subjectaccessrequest AS r
        WHERE r.id = NEW.request_id AND r.case_id = NEW.case_id AND r.state = 'preparing'
          AND (NEW.ground <> 'child_abuse' OR r.asker = 'parent')
    ) THEN
        PERFORM sec.refuse('Passages are decided on while the answer of this very file is being prepared.');
    END IF;
    RETURN NEW;
END $$;

-- Whether whoever is asking may ask for the copy of the record that an answer is given as.
CREATE OR REPLACE FUNCTION sec.may_give_record(wanted_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT sec.may('release_subject_access', wanted_case) AND EXISTS (
        SELECT FROM subject_access_subjectaccessrequest AS r
        WHERE r.case_id = wanted_case AND r.state = 'prepared' AND r.prepared_by_id <> sec.principal()
          AND NOT (r.asker = 'parent' AND sec.family_copy_is_barred(r.case_id, r.person_id))
    )
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.check_access_request(), sec.check_passage_decision(), sec.may_give_record(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.may_give_record(uuid) TO cre_app;
