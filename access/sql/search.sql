-- Searching the whole ledger, for whoever audits it. Newest first, by the database's own clock.
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Conditions that are not asked for are left out, so that each kind of search has a plan of its own. Lines that name a
-- file closed to the auditor are not shown, nor are lists it stood in.
CREATE FUNCTION sec.search_ledger(who bigint, wanted_case uuid, wanted_kind text, since timestamptz, until timestamptz,
                                  after uuid, at_most integer)
RETURNS SETOF access_auditevent
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    closed uuid[] := sec.excluded_cases();
BEGIN
    IF NOT EXISTS (SELECT FROM sec.standing() AS st
                   JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'search_ledger') THEN
        PERFORM sec.refuse('Only an auditor can search the ledger.');
    END IF;
    RETURN QUERY EXECUTE
        'SELECT e.* FROM access_auditevent AS e
         WHERE (e.case_id IS NULL OR e.case_id <> ALL ($1)) AND NOT coalesce(e.case_ids && $1, false)'
        || CASE WHEN who IS NULL THEN '' ELSE ' AND e.principal_id = $2' END
        || CASE WHEN wanted_case IS NULL THEN '' ELSE ' AND (e.case_id = $3 OR e.case_ids @> ARRAY[$3])' END
        || CASE WHEN wanted_kind IS NULL THEN '' ELSE ' AND e.kind = $4' END
        || CASE WHEN since IS NULL THEN '' ELSE ' AND e.at >= $5' END
        || CASE WHEN until IS NULL THEN '' ELSE ' AND e.at < $6' END
        || CASE WHEN after IS NULL THEN ''
                ELSE ' AND (e.at, e.id) < (SELECT l.at, l.id FROM access_auditevent AS l WHERE l.id = $7)' END
        || ' ORDER BY e.at DESC, e.id DESC LIMIT $8'
        USING closed, who, wanted_case, wanted_kind, since, until, after, at_most;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.search_ledger(bigint, uuid, text, timestamptz, timestamptz, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.search_ledger(bigint, uuid, text, timestamptz, timestamptz, uuid, integer) TO cre_app;
