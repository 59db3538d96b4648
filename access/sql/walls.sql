-- The second wall: what the database itself believes and allows.
--
-- Every function here is owned by cre_sec, which bypasses row security, has a fixed search_path and can be
-- executed by the runtime role only. cre_sec cannot sign in.

CREATE SCHEMA sec;
REVOKE ALL ON SCHEMA sec FROM PUBLIC;
GRANT USAGE ON SCHEMA sec TO cre_app, cre_seed;
GRANT USAGE, CREATE ON SCHEMA sec TO cre_sec;
GRANT USAGE ON SCHEMA public TO cre_app, cre_worker, cre_seed, cre_sec;

-- Keys that sign the principal. Two may be live while one is being replaced.
CREATE TABLE sec.key (
    fingerprint text PRIMARY KEY,
    secret bytea NOT NULL CHECK (octet_length(secret) >= 32)
);

-- The access matrix, mirrored from access/roles.py after each migration.
CREATE TABLE sec.role_action (
    role text NOT NULL,
    action text NOT NULL,
    label text NOT NULL,
    level smallint NOT NULL,
    own_agency boolean NOT NULL,
    PRIMARY KEY (role, action, own_agency)
);
GRANT SELECT ON sec.key, sec.role_action TO cre_sec;
GRANT SELECT ON accounts_user, accounts_subject, accounts_membership, accounts_team, accounts_agency TO cre_sec;
GRANT SELECT, INSERT, UPDATE ON access_casefile, access_caseaccess, access_allocation TO cre_sec;
GRANT SELECT, INSERT, UPDATE ON access_conflictexclusion TO cre_sec;
GRANT SELECT ON access_auditevent TO cre_sec;
GRANT INSERT ON access_rowhistory TO cre_sec;
CREATE SEQUENCE sec.case_reference;
GRANT USAGE ON SEQUENCE sec.case_reference TO cre_sec, cre_seed;

SET LOCAL ROLE cre_sec;

-- Who is asking: the user id in a token "id.expiry.signature", or NULL for anything else.
-- The signature is checked first. What is signed has its shape, so nothing else need be looked at; and every
-- policy of every statement asks, where a regular expression would take longer than all the rest.
CREATE FUNCTION sec.principal() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := current_setting('app.principal', true);
    message text := left(token, -65);
BEGIN
    PERFORM FROM sec.key AS k
        WHERE token = message || '.'
            || encode(sha256(k.secret || sha256(k.secret || convert_to(message, 'UTF8'))), 'hex');
    IF NOT FOUND OR split_part(message, '.', 2)::bigint <= extract(epoch FROM clock_timestamp()) THEN
        RETURN NULL;
    END IF;
    RETURN split_part(message, '.', 1)::bigint;
END $$;

-- The live memberships of whoever is asking. A leaver, or a member of an ended team or agency, has none.
CREATE FUNCTION sec.standing() RETURNS TABLE (subject_id bigint, team_id bigint, agency_id bigint, role text, level smallint, labels text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT s.id, t.id, a.id, m.role::text, t.city_wide_level, t.city_wide_labels::text[]
    FROM accounts_membership AS m
    JOIN accounts_user AS u ON u.id = m.user_id AND u.is_active
    JOIN accounts_team AS t ON t.id = m.team_id AND t.ended_at IS NULL
    JOIN accounts_agency AS a ON a.id = t.agency_id AND a.ended_at IS NULL
    JOIN accounts_subject AS s ON s.team_id = t.id
    WHERE m.user_id = sec.principal() AND m.ended_at IS NULL
$$;

-- The subjects whose grants whoever is asking may use: their teams, and themselves while they are in one.
-- This and the next ones run many times a page, so they are PL/pgSQL, whose plans are kept, and ask who it is once.
CREATE FUNCTION sec.subjects() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
    teams bigint[];
BEGIN
    SELECT array_agg(DISTINCT s.id) INTO teams
    FROM accounts_membership AS m
    JOIN accounts_user AS u ON u.id = m.user_id AND u.is_active
    JOIN accounts_team AS t ON t.id = m.team_id AND t.ended_at IS NULL
    JOIN accounts_agency AS a ON a.id = t.agency_id AND a.ended_at IS NULL
    JOIN accounts_subject AS s ON s.team_id = t.id
    WHERE m.user_id = asker AND m.ended_at IS NULL;
    IF teams IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN teams || ARRAY(SELECT s.id FROM accounts_subject AS s WHERE s.user_id = asker);
END $$;

CREATE FUNCTION sec.agencies() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT agency_id), '{}') FROM sec.standing()
$$;

-- The agencies whose own items whoever is asking may see. Not the council: its early help, youth justice and
-- adult workers are in one agency with social care, whose notes are not theirs to read. They see what they wrote.
CREATE FUNCTION sec.partner_agencies() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT s.agency_id), '{}')
    FROM sec.standing() AS s JOIN accounts_agency AS a ON a.id = s.agency_id AND a.kind <> 'council'
$$;

-- The level of standing access to every file for one label: 0 none, 1 look, 2 work.
CREATE FUNCTION sec.city_wide(label text) RETURNS smallint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
BEGIN
    RETURN coalesce((
        SELECT max(t.city_wide_level)
        FROM accounts_membership AS m
        JOIN accounts_user AS u ON u.id = m.user_id AND u.is_active
        JOIN accounts_team AS t ON t.id = m.team_id AND t.ended_at IS NULL
        JOIN accounts_agency AS a ON a.id = t.agency_id AND a.ended_at IS NULL
        WHERE m.user_id = asker AND m.ended_at IS NULL AND label = ANY (t.city_wide_labels)), 0);
END $$;

-- The files closed to whoever is asking because of a declared conflict. NULL (which refuses every row)
-- when nobody is asking.
CREATE FUNCTION sec.excluded_cases() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
BEGIN
    IF asker IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(SELECT x.case_id FROM access_conflictexclusion AS x WHERE x.user_id = asker AND x.ended_at IS NULL);
END $$;

-- Whether whoever is asking may do an action on a file: role, live grant with the label, no exclusion.
CREATE FUNCTION sec.may(wanted_action text, wanted_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT coalesce(wanted_case <> ALL (sec.excluded_cases()), false) AND EXISTS (
        SELECT FROM sec.standing() AS st
        JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = wanted_action AND NOT ra.own_agency
        WHERE (st.level >= ra.level AND ra.label = ANY (st.labels))
           OR EXISTS (
                SELECT FROM access_caseaccess AS a
                WHERE a.case_id = wanted_case AND a.level >= ra.level AND ra.label = ANY (a.labels)
                  AND a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now())
                  AND (a.subject_id = st.subject_id
                       OR a.subject_id = (SELECT s.id FROM accounts_subject AS s WHERE s.user_id = sec.principal()))
           )
    )
$$;

CREATE FUNCTION sec.refuse(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = sentence;
END $$;

-- Opens a file for a team the caller works in (or one that receives contacts) and grants it to that team.
CREATE FUNCTION sec.open_case(for_team bigint, given_labels text[], why text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    new_case uuid := gen_random_uuid();
    opener bigint := sec.principal();
    number text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM sec.standing() AS st JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'open_case'
        WHERE st.team_id = for_team
           OR EXISTS (SELECT FROM accounts_team AS t WHERE t.id = for_team AND t.receives_contacts AND t.ended_at IS NULL)
    ) THEN
        PERFORM sec.refuse('You cannot open a file for that team.');
    END IF;
    number := nextval('sec.case_reference')::text;
    INSERT INTO access_casefile (id, reference, opened_at, opened_by_id)
    VALUES (new_case, 'CRE-' || lpad(number, greatest(6, length(number)), '0'), now(), opener);
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, granted_by_id)
    SELECT new_case, s.id, 2, given_labels, 'team', 'Direct work', 'public_task', why, now(), opener
    FROM accounts_subject AS s WHERE s.team_id = for_team;
    RETURN new_case;
END $$;

-- Closes a file to one person, whatever they hold and will be given.
CREATE FUNCTION sec.exclude(wanted_case uuid, excluded_user bigint, why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    IF NOT sec.may('exclude', wanted_case) THEN
        PERFORM sec.refuse('You cannot exclude a person from this file.');
    END IF;
    INSERT INTO access_conflictexclusion (case_id, user_id, reason, declared_by_id, declared_at)
    VALUES (wanted_case, excluded_user, why, sec.principal(), now())
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

CREATE FUNCTION sec.end_exclusion(wanted bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE access_conflictexclusion SET ended_at = now(), ended_by_id = sec.principal()
    WHERE id = wanted AND ended_at IS NULL AND sec.may('exclude', case_id);
    IF NOT FOUND THEN
        PERFORM sec.refuse('You cannot end this exclusion.');
    END IF;
END $$;

-- Everyone's grants on one file, for the page that shows who can see it.
CREATE FUNCTION sec.grants_of(wanted_case uuid) RETURNS SETOF access_caseaccess
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT a.* FROM access_caseaccess AS a WHERE a.case_id = wanted_case AND sec.may('view_access', wanted_case)
$$;

-- What the ledger says of one file, newest first: direct reads and writes, and lists it stood in.
CREATE FUNCTION sec.ledger_of(wanted_case uuid, at_most integer, skipping integer) RETURNS SETOF access_auditevent
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT e.* FROM access_auditevent AS e
    WHERE (e.case_id = wanted_case OR e.case_ids @> ARRAY[wanted_case]) AND sec.may('view_ledger', wanted_case)
    ORDER BY e.at DESC, e.id DESC LIMIT at_most OFFSET skipping
$$;

-- Keeps every version of every row of every case table, whoever wrote it and however.
CREATE FUNCTION sec.keep_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    either jsonb := coalesce(new_row, old_row);
BEGIN
    INSERT INTO access_rowhistory (at, table_name, row_id, case_id, operation, principal_id, database_role, before, after)
    VALUES (clock_timestamp(), TG_TABLE_NAME, either ->> 'id',
            coalesce(either ->> 'case_id', CASE WHEN TG_TABLE_NAME = 'access_casefile' THEN either ->> 'id' END)::uuid,
            TG_OP, sec.principal(), session_user, old_row, new_row);
    RETURN NULL;
END $$;

-- Gives each new team and each new person the subject that access is granted to.
CREATE FUNCTION sec.make_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'accounts_team' THEN
        INSERT INTO accounts_subject (team_id) VALUES (NEW.id);
    ELSE
        INSERT INTO accounts_subject (user_id) VALUES (NEW.id);
    END IF;
    RETURN NULL;
END $$;

-- No account is system administrator and anything else (DOMAIN 5.5).
CREATE FUNCTION sec.check_role_pair() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('membership'), NEW.user_id::integer);
    IF NEW.ended_at IS NULL AND EXISTS (
        SELECT FROM accounts_membership AS m
        WHERE m.user_id = NEW.user_id AND m.ended_at IS NULL AND m.id <> NEW.id
          AND (m.role = 'system_admin') <> (NEW.role = 'system_admin')
    ) THEN
        RAISE check_violation USING MESSAGE = 'A system administrator holds no other role.';
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA sec FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sec TO cre_app, cre_seed;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
GRANT INSERT ON accounts_subject TO cre_sec;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cre_sec;

CREATE TRIGGER make_subject AFTER INSERT ON accounts_team FOR EACH ROW EXECUTE FUNCTION sec.make_subject();
CREATE TRIGGER make_subject AFTER INSERT ON accounts_user FOR EACH ROW EXECUTE FUNCTION sec.make_subject();
CREATE TRIGGER check_role_pair BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION sec.check_role_pair();
