-- Closing a file and opening it again. May be run again: each migration that changes it does.
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Closes a file as it was proposed. Every access to it ends; the team that held it, or on a restricted file those who were
-- named, may read it from now on.
CREATE OR REPLACE FUNCTION sec.close_case(wanted bigint, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    proposed plans_caseclosure;
    held access_caseaccess[];
BEGIN
    SELECT * INTO proposed FROM plans_caseclosure WHERE id = wanted AND state = 'proposed' FOR UPDATE;
    IF proposed.id IS NULL OR proposed.proposed_by_id = sec.principal()
       OR NOT sec.may('close_case', proposed.case_id) THEN
        PERFORM sec.refuse('You cannot close this file.');
    END IF;
    PERFORM sec.check_closing(proposed.case_id, proposed.reason);
    UPDATE plans_caseclosure SET state = 'closed', answer = words, decided_by_id = sec.principal(), decided_at = now()
    WHERE id = wanted;
    UPDATE access_casefile SET closed_at = now() WHERE id = proposed.case_id;
    held := ARRAY(SELECT a FROM access_caseaccess AS a WHERE a.case_id = proposed.case_id
                  AND a.level > 0 AND (a.valid_until IS NULL OR a.valid_until > now()) ORDER BY a.id FOR UPDATE);
    IF NOT EXISTS (SELECT FROM unnest(held) AS h WHERE h.source IN ('team', 'named')) THEN
        PERFORM sec.refuse('No team holds this file, so nobody would keep it. Allocate it first.');
    END IF;
    UPDATE access_caseaccess SET valid_until = now(), ended_by_id = sec.principal()
    WHERE id IN (SELECT h.id FROM unnest(held) AS h);
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, granted_by_id)
    SELECT DISTINCT ON (h.subject_id) h.case_id, h.subject_id, 1, h.labels, h.source, 'Keeps the closed file',
           h.lawful_basis, words, now(), sec.principal()
    FROM unnest(held) AS h WHERE h.source IN ('team', 'named') ORDER BY h.subject_id, h.id DESC;
END $$;

-- Opens a closed file again, to those who keep it.
CREATE OR REPLACE FUNCTION sec.reopen_case(wanted bigint, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    closed plans_caseclosure;
    kept access_caseaccess[];
BEGIN
    SELECT * INTO closed FROM plans_caseclosure WHERE id = wanted AND state = 'closed' FOR UPDATE;
    IF closed.id IS NULL OR NOT sec.may('reopen_case', closed.case_id) THEN
        PERFORM sec.refuse('You cannot open this file again.');
    END IF;
    UPDATE plans_caseclosure SET state = 'reopened', reopened_because = words, reopened_by_id = sec.principal(),
        reopened_at = now() WHERE id = wanted;
    UPDATE access_casefile SET closed_at = NULL WHERE id = closed.case_id;
    kept := ARRAY(SELECT a FROM access_caseaccess AS a WHERE a.case_id = closed.case_id AND a.source IN ('team', 'named')
                  AND (a.valid_until IS NULL OR a.valid_until > now()) ORDER BY a.id FOR UPDATE);
    UPDATE access_caseaccess SET valid_until = now(), ended_by_id = sec.principal()
    WHERE id IN (SELECT k.id FROM unnest(kept) AS k);
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, granted_by_id)
    SELECT DISTINCT ON (k.subject_id) k.case_id, k.subject_id, 2, k.labels, k.source, 'Direct work', k.lawful_basis, words,
           now(), sec.principal()
    FROM unnest(kept) AS k ORDER BY k.subject_id, k.id DESC;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.close_case(bigint, text), sec.reopen_case(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.close_case(bigint, text), sec.reopen_case(bigint, text) TO cre_app, cre_seed;
