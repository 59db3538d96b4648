-- Giving access and ending it. May be run again: each migration that changes it does.
GRANT CREATE ON SCHEMA sec TO cre_sec;
SET LOCAL ROLE cre_sec;

-- The teams of whoever is asking.
CREATE OR REPLACE FUNCTION sec.teams() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT team_id), '{}') FROM sec.standing()
$$;

-- Whether whoever is asking holds a label on a file.
CREATE OR REPLACE FUNCTION sec.holds(wanted_case uuid, wanted_label text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT sec.city_wide(wanted_label) > 0 OR EXISTS (
        SELECT FROM access_caseaccess AS a
        WHERE a.case_id = wanted_case AND a.subject_id = ANY (sec.subjects()) AND wanted_label = ANY (a.labels)
          AND a.level > 0 AND a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now()))
$$;

-- Somebody with standing access to every file says why they open this one. Lasts some hours.
CREATE OR REPLACE FUNCTION sec.state_reason(wanted_case uuid, why text, hours integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    IF hours NOT BETWEEN 1 AND 24 OR length(btrim(why)) < 10 THEN
        PERFORM sec.refuse('Say in a sentence why you need to open this file.');
    END IF;
    IF sec.city_wide('core') = 0 OR wanted_case = ANY (sec.excluded_cases())
       OR NOT EXISTS (SELECT FROM access_casefile WHERE id = wanted_case) THEN
        PERFORM sec.refuse('You cannot open this file.');
    END IF;
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, valid_until, granted_by_id)
    SELECT wanted_case, s.id, max(st.level), min(st.labels), 'stated_reason', 'Standing city-wide access', 'public_task',
           why, now(), now() + make_interval(hours => hours), sec.principal()
    FROM sec.standing() AS st, accounts_subject AS s
    WHERE s.user_id = sec.principal() AND st.level > 0
    GROUP BY s.id
    RETURNING id INTO new_id;
    IF EXISTS (SELECT FROM access_casefile AS f WHERE f.id = wanted_case AND f.restricted_at IS NOT NULL) THEN
        PERFORM sec.tell_of_emergency(wanted_case);
    END IF;
    RETURN new_id;
END $$;

-- The action without which access cannot be given in a way, nor ended; NULL for a way that is none.
CREATE OR REPLACE FUNCTION sec.action_to_give(way text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE way WHEN 'allocation' THEN 'allocate' WHEN 'team' THEN 'allocate' WHEN 'share' THEN 'share'
                    WHEN 'referral' THEN 'send_referral' WHEN 'invitation' THEN 'arrange_meeting'
                    WHEN 'oversight' THEN 'arrange_meeting' WHEN 'named' THEN 'restrict' END
$$;

-- Gives a team or a person access to a file. Nobody can give to themselves, to a person excluded from the
-- file, or labels they do not hold on it.
CREATE OR REPLACE FUNCTION sec.grant_access(to_case uuid, to_subject bigint, given_level smallint, given_labels text[],
                                 from_source text, why_purpose text, basis text, why text, until timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    giver bigint := sec.principal();
    new_id bigint;
BEGIN
    IF sec.action_to_give(from_source) IS NULL THEN
        PERFORM sec.refuse('Access cannot be given that way.');
    END IF;
    IF NOT sec.may(sec.action_to_give(from_source), to_case) THEN
        PERFORM sec.refuse('You cannot give access to this file.');
    END IF;
    IF from_source = 'named' AND NOT EXISTS (
        SELECT FROM access_casefile AS f, accounts_subject AS s
        WHERE f.id = to_case AND f.restricted_at IS NOT NULL AND s.id = to_subject AND s.user_id IS NOT NULL
    ) THEN
        PERFORM sec.refuse('Only people are named, on a file that is restricted.');
    END IF;
    IF from_source = 'oversight' AND NOT EXISTS (
        SELECT FROM accounts_subject AS s JOIN accounts_membership AS m ON m.team_id = s.team_id
        WHERE s.id = to_subject AND m.ended_at IS NULL AND m.role IN ('child_protection_manager', 'reviewing_officer')
    ) THEN
        PERFORM sec.refuse('Only Child Protection Managers and reviewing officers oversee a file.');
    END IF;
    IF EXISTS (SELECT FROM accounts_subject AS s WHERE s.id = to_subject AND s.user_id = giver) AND from_source <> 'allocation' THEN
        PERFORM sec.refuse('You cannot give access to yourself.');
    END IF;
    IF EXISTS (
        SELECT FROM accounts_subject AS s JOIN access_conflictexclusion AS x ON x.user_id = s.user_id
        WHERE s.id = to_subject AND x.case_id = to_case AND x.ended_at IS NULL
    ) THEN
        PERFORM sec.refuse('This person cannot be given access to this file.');
    END IF;
    IF EXISTS (SELECT FROM unnest(given_labels) AS l (label) WHERE NOT sec.holds(to_case, l.label)) THEN
        PERFORM sec.refuse('You cannot share a part of the file that you do not hold yourself.');
    END IF;
    -- Nothing is shared without a decision that says why, made in the same transaction (DOMAIN 5.2).
    IF from_source IN ('share', 'named') AND NOT EXISTS (
        SELECT FROM access_disclosuredecision AS d
        WHERE d.case_id = to_case AND d.decided_by_id = giver AND d.decided_at >= now() AND d.labels::text[] @> given_labels
    ) THEN
        PERFORM sec.refuse('Say first why it is shared: a share is a decision that is written down.');
    END IF;
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, valid_until, granted_by_id)
    VALUES (to_case, to_subject, given_level, given_labels, from_source, why_purpose, basis, why, now(), until, giver)
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

-- Closes a file to whoever is asking: they know the family. Not to who leads on it, until somebody else does.
CREATE OR REPLACE FUNCTION sec.declare_conflict(wanted_case uuid, why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    IF NOT sec.may('declare_conflict', wanted_case) THEN
        PERFORM sec.refuse('You cannot open this file.');
    END IF;
    IF EXISTS (SELECT FROM access_allocation AS a WHERE a.case_id = wanted_case AND a.ended_at IS NULL
               AND a.worker_id = sec.principal()) THEN
        PERFORM sec.refuse('You lead on this file. Tell your manager now: they allocate it to somebody else first.');
    END IF;
    INSERT INTO access_conflictexclusion (case_id, user_id, reason, declared_by_id, declared_at)
    VALUES (wanted_case, sec.principal(), why, sec.principal(), now())
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

-- Ends grants now. What came by a referral may be given up by whoever received it. All are checked before any is
-- ended, since ending one may end the caller's own right.
CREATE OR REPLACE FUNCTION sec.revoke_access(wanted_grants bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM access_caseaccess AS a WHERE a.id = ANY (wanted_grants) ORDER BY a.id FOR UPDATE;
    IF EXISTS (
        SELECT FROM unnest(wanted_grants) AS w (id) LEFT JOIN access_caseaccess AS a ON a.id = w.id
        WHERE a.id IS NULL
           OR NOT (sec.may(coalesce(sec.action_to_give(a.source), 'share'), a.case_id)
                   OR (a.source = 'referral' AND a.subject_id = ANY (sec.subjects())))
    ) THEN
        PERFORM sec.refuse('You cannot end this access.');
    END IF;
    UPDATE access_caseaccess SET valid_until = now(), ended_by_id = sec.principal()
    WHERE id = ANY (wanted_grants) AND (valid_until IS NULL OR valid_until > now());
    IF EXISTS (SELECT FROM access_caseaccess AS a JOIN access_casefile AS f ON f.id = a.case_id
               WHERE a.id = ANY (wanted_grants) AND a.source = 'named' AND f.restricted_at IS NOT NULL
                 AND NOT sec.has_named_manager(a.case_id)) THEN
        PERFORM sec.refuse('The last manager of a restricted file stays named. Name another one first.');
    END IF;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.declare_conflict(uuid, text), sec.teams(), sec.action_to_give(text), sec.revoke_access(bigint[]),
    sec.holds(uuid, text), sec.state_reason(uuid, text, integer),
    sec.grant_access(uuid, bigint, smallint, text[], text, text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.declare_conflict(uuid, text), sec.teams(), sec.action_to_give(text), sec.revoke_access(bigint[]),
    sec.holds(uuid, text), sec.state_reason(uuid, text, integer),
    sec.grant_access(uuid, bigint, smallint, text[], text, text, text, text, timestamptz) TO cre_app, cre_seed;
