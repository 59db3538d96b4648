-- Watching how files are read, from the ledger alone.
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT, INSERT, UPDATE ON access_readingalert TO cre_sec;
SET LOCAL ROLE cre_sec;

-- How many different files whoever is asking opened in the last hour; 0 where this one was among them, since to open it
-- again is nothing new.
CREATE FUNCTION sec.files_opened_beside(this_case uuid) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    files integer;
    again boolean;
BEGIN
    SELECT count(DISTINCT e.case_id), bool_or(e.case_id = this_case) INTO files, again
    FROM access_auditevent AS e
    WHERE e.principal_id = sec.principal() AND e.at > now() - interval '1 hour' AND e.kind = 'read';
    RETURN CASE WHEN again THEN 0 ELSE files END;
END $$;

-- How often whoever is asking searched for a child in the last hour.
CREATE FUNCTION sec.searches_lately() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT count(*)::integer FROM access_auditevent AS e
    WHERE e.principal_id = sec.principal() AND e.at > now() - interval '1 hour' AND e.kind = 'list'
      AND e.detail LIKE 'Searched for:%'
$$;

-- What of the last hour is more than anybody's work asks for: one alert a person, pattern and day, which grows.
CREATE FUNCTION sec.watch_reading(most_files integer, most_refusals integer, most_searches integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    noted integer;
BEGIN
    INSERT INTO access_readingalert AS a (person_id, pattern, day, amount, first_at, last_at)
    SELECT r.principal_id, p.pattern, (now() AT TIME ZONE 'Europe/London')::date, p.amount, now(), now()
    FROM (
        SELECT e.principal_id, count(DISTINCT e.case_id) FILTER (WHERE e.kind = 'read') AS files,
               count(*) FILTER (WHERE e.kind IN ('denied', 'not_found')) AS refusals,
               count(*) FILTER (WHERE e.kind = 'list' AND e.detail LIKE 'Searched for:%') AS searches
        FROM access_auditevent AS e WHERE e.at > now() - interval '1 hour' AND e.principal_id IS NOT NULL GROUP BY e.principal_id
    ) AS r
    CROSS JOIN LATERAL (VALUES ('files', r.files, most_files), ('refusals', r.refusals, most_refusals),
                               ('searches', r.searches, most_searches)) AS p (pattern, amount, most)
    WHERE p.amount > p.most
    ON CONFLICT (person_id, pattern, day) DO UPDATE SET amount = excluded.amount, last_at = now()
        WHERE excluded.amount > a.amount;
    GET DIAGNOSTICS noted = ROW_COUNT;
    RETURN noted;
END $$;

CREATE FUNCTION sec.audits() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sec.standing() AS st
                   JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'search_ledger')
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.files_opened_beside(uuid), sec.searches_lately(), sec.audits(),
    sec.watch_reading(integer, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.files_opened_beside(uuid), sec.searches_lately(), sec.audits() TO cre_app;
GRANT EXECUTE ON FUNCTION sec.watch_reading(integer, integer, integer) TO cre_worker;

-- Alerts are for auditors, to read and to answer: each once, and nobody their own.
ALTER TABLE access_readingalert ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_readingalert FORCE ROW LEVEL SECURITY;
CREATE POLICY audits ON access_readingalert FOR SELECT TO cre_app USING ((SELECT sec.audits()));
CREATE POLICY answer ON access_readingalert FOR UPDATE TO cre_app
    USING ((SELECT sec.audits()) AND answered_at IS NULL AND person_id <> (SELECT sec.principal()))
    WITH CHECK (answered_by_id = (SELECT sec.principal()) AND answered_at IS NOT NULL);
GRANT SELECT, UPDATE (answer, answered_by_id, answered_at) ON access_readingalert TO cre_app;
