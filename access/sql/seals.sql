-- Seals: each minute the new lines of the ledger are hashed, one by one and together with the seal before, so that a
-- later change to any line, by whoever, is found (access/verifier.py works the same hashes out anew). A line is hashed as
-- a JSON array of texts, so that no two lines read alike.
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT, INSERT ON access_ledgerseal TO cre_sec;

-- A line's place is the number of the transaction that wrote it: all below the oldest one still running are there to
-- stay, so that none can slip in behind a seal. A restored database counts anew; the base carries on from the last line.
CREATE TABLE sec.ledger_base (base bigint NOT NULL);
INSERT INTO sec.ledger_base VALUES (0);
GRANT SELECT ON sec.ledger_base TO cre_sec;

SET LOCAL ROLE cre_sec;

CREATE FUNCTION sec.ledger_position() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN pg_current_xact_id()::text::bigint + (SELECT b.base FROM sec.ledger_base AS b);
END $$;

-- Seals what stands below a place and has no seal yet, at most about so many lines. No row: there was nothing.
CREATE FUNCTION sec.seal_up_to(settled bigint, at_most integer) RETURNS SETOF access_ledgerseal
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    last access_ledgerseal;
    made access_ledgerseal;
    first_place bigint;
    too_far bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access_ledgerseal'));
    SELECT * INTO last FROM access_ledgerseal ORDER BY number DESC LIMIT 1;
    made.number := coalesce(last.number, 0) + 1;
    made.starts := coalesce(last.ends, 0);
    SELECT min(position) INTO first_place FROM access_auditevent WHERE position >= made.starts AND position < settled;
    IF first_place IS NULL THEN
        RETURN;
    END IF;
    SELECT position INTO too_far FROM access_auditevent
        WHERE position >= made.starts AND position < settled ORDER BY position OFFSET at_most LIMIT 1;
    -- What one transaction wrote is never divided.
    made.ends := least(settled, greatest(coalesce(too_far, settled), first_place + 1));
    SELECT count(*), string_agg(sha256(convert_to(json_build_array(
            e.position::text, e.id::text, (extract(epoch FROM e.at) * 1000000)::bigint::text, e.principal_id::text,
            e.claimed_user, e.kind, e.action, e.case_id::text, array_to_string(e.case_ids, ' '), e.record, e.detail,
            e.request_id::text, host(e.address))::text, 'UTF8')), ''::bytea ORDER BY e.position, e.id)
        INTO made.lines, made.leaves
        FROM access_auditevent AS e WHERE e.position >= made.starts AND e.position < made.ends;
    made.sealed_at := clock_timestamp();
    made.digest := sha256(coalesce(last.digest, ''::bytea) || convert_to(json_build_array(
            made.number::text, made.starts::text, made.ends::text,
            (extract(epoch FROM made.sealed_at) * 1000000)::bigint::text, made.lines::text)::text, 'UTF8')
        || made.leaves);
    INSERT INTO access_ledgerseal SELECT made.*;
    RETURN NEXT made;
END $$;

-- Seals what is there to stay: what stands below the oldest transaction that still runs, in whatever database of the
-- server, since they are numbered together.
CREATE FUNCTION sec.seal_ledger(at_most integer) RETURNS SETOF access_ledgerseal
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT * FROM sec.seal_up_to(
        (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + b.base FROM sec.ledger_base AS b), at_most)
$$;

-- How long the oldest line without a seal waits.
CREATE FUNCTION sec.unsealed_for() RETURNS interval
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT clock_timestamp() - (
        SELECT e.at FROM access_auditevent AS e
        WHERE e.position >= coalesce((SELECT max(s.ends) FROM access_ledgerseal AS s), 0)
        ORDER BY e.position LIMIT 1)
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.ledger_position(), sec.seal_up_to(bigint, integer), sec.seal_ledger(integer),
    sec.unsealed_for() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.ledger_position() TO cre_app, cre_seed, cre_owner;
GRANT EXECUTE ON FUNCTION sec.unsealed_for() TO cre_app;
-- The machine that seals calls one function of the second wall, and can read neither lines nor seals.
GRANT USAGE ON SCHEMA sec TO cre_worker;
GRANT EXECUTE ON FUNCTION sec.seal_ledger(integer) TO cre_worker;
