-- Restricted files: open to named people alone (DOMAIN 5.3), and what is known of them outside.
--
-- A restriction ends what teams hold and gives it to the people who are named, so no other rule needs to know of it. While
-- it lasts no team can be given the file. It keeps what it ended, and gives it back when it is lifted.
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT, INSERT, UPDATE ON access_restriction TO cre_sec;
GRANT SELECT, INSERT ON access_emergencyreview TO cre_sec;
GRANT INSERT ON accounts_notice TO cre_sec;
SET LOCAL ROLE cre_sec;

CREATE FUNCTION sec.is_live(a access_caseaccess) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.valid_from <= now() AND (a.valid_until IS NULL OR a.valid_until > now())
$$;

-- The people who are given a file by name and can work on it today, with the roles they have; `lasts`: without an end.
CREATE FUNCTION sec.named_on(wanted_case uuid) RETURNS TABLE (user_id bigint, role text, lasts boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT DISTINCT s.user_id, m.role::text, a.valid_until IS NULL
    FROM access_caseaccess AS a
    JOIN accounts_subject AS s ON s.id = a.subject_id
    JOIN accounts_user AS u ON u.id = s.user_id AND u.is_active
    JOIN accounts_membership AS m ON m.user_id = u.id AND m.ended_at IS NULL
    JOIN accounts_team AS t ON t.id = m.team_id AND t.ended_at IS NULL
    JOIN accounts_agency AS g ON g.id = t.agency_id AND g.ended_at IS NULL
    WHERE a.case_id = wanted_case AND a.source IN ('named', 'allocation') AND a.level = 2 AND sec.is_live(a)
      AND NOT EXISTS (SELECT FROM access_conflictexclusion AS x
                      WHERE x.case_id = a.case_id AND x.user_id = u.id AND x.ended_at IS NULL)
$$;

-- Somebody decides on the file, and no day is coming on which nobody would.
CREATE FUNCTION sec.has_named_manager(wanted_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sec.named_on(wanted_case) AS n WHERE n.role = 'team_manager' AND n.lasts)
$$;

-- What a person holds of a file, by their own grants and those of their teams, all together. No row: nothing.
CREATE FUNCTION sec.held_by(wanted_case uuid, wanted_user bigint)
RETURNS TABLE (level smallint, labels text[], until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT max(a.level), array_agg(DISTINCT l.label)::text[],
           CASE WHEN bool_and(a.valid_until IS NOT NULL) THEN max(a.valid_until) END
    FROM access_caseaccess AS a CROSS JOIN LATERAL unnest(a.labels) AS l (label)
    JOIN accounts_subject AS s ON s.id = a.subject_id
    WHERE a.case_id = wanted_case AND a.level > 0 AND sec.is_live(a)
      AND (s.user_id = wanted_user OR s.team_id IN (
            SELECT m.team_id FROM accounts_membership AS m JOIN accounts_user AS u ON u.id = m.user_id AND u.is_active
            WHERE m.user_id = wanted_user AND m.ended_at IS NULL))
    HAVING count(*) > 0
$$;

-- While a file is restricted no team is given it: it may know that there is one, and no more.
CREATE FUNCTION sec.check_restricted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.level > 0 AND sec.is_live(NEW)
       AND EXISTS (SELECT FROM access_casefile AS f WHERE f.id = NEW.case_id AND f.restricted_at IS NOT NULL)
       AND EXISTS (SELECT FROM accounts_subject AS s WHERE s.id = NEW.subject_id AND s.team_id IS NOT NULL) THEN
        PERFORM sec.refuse('This file is restricted: it is given to people by name, not to a team.');
    END IF;
    RETURN NEW;
END $$;

-- Restricts a file to the people named, whoever leads on it and whoever is asking. The teams may know that it exists.
CREATE FUNCTION sec.restrict_case(wanted_case uuid, why_ground text, why text, named bigint[], aware bigint[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
    wanted bigint[] := ARRAY(SELECT DISTINCT unnest(named || asker));
    leads bigint := (SELECT l.worker_id FROM access_allocation AS l WHERE l.case_id = wanted_case AND l.ended_at IS NULL);
    ending access_caseaccess[];
    given integer;
BEGIN
    IF NOT sec.may('restrict', wanted_case) THEN
        PERFORM sec.refuse('You cannot restrict this file.');
    END IF;
    PERFORM FROM access_casefile AS f WHERE f.id = wanted_case AND f.restricted_at IS NULL AND f.closed_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM sec.refuse('This file is restricted already, or closed.');
    END IF;
    -- What standing access opened for a reason goes on, for its hours; who leads keeps what they hold as lead.
    ending := ARRAY(SELECT a FROM access_caseaccess AS a WHERE a.case_id = wanted_case AND sec.is_live(a)
                    AND a.source NOT IN ('allocation', 'stated_reason') ORDER BY a.id FOR UPDATE);
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, valid_until, granted_by_id)
    SELECT wanted_case, s.id, h.level, h.labels, 'named', 'Restricted file', 'public_task',
           'Named when the file was restricted', now(), h.until, asker
    FROM unnest(wanted) AS w (user_id)
    JOIN accounts_subject AS s ON s.user_id = w.user_id
    CROSS JOIN LATERAL sec.held_by(wanted_case, w.user_id) AS h
    WHERE w.user_id IS DISTINCT FROM leads AND NOT EXISTS (
        SELECT FROM access_conflictexclusion AS x
        WHERE x.case_id = wanted_case AND x.user_id = w.user_id AND x.ended_at IS NULL);
    GET DIAGNOSTICS given = ROW_COUNT;
    IF given <> cardinality(array_remove(wanted, leads)) THEN
        PERFORM sec.refuse('Only somebody who can see the file now can be named on it.');
    END IF;
    UPDATE access_caseaccess SET valid_until = now(), ended_by_id = asker WHERE id IN (SELECT e.id FROM unnest(ending) AS e);
    UPDATE access_casefile SET restricted_at = now() WHERE id = wanted_case;
    INSERT INTO access_restriction (case_id, ground, reason, restricted_by_id, restricted_at, held)
    VALUES (wanted_case, why_ground, why, asker, now(), to_jsonb(ending));
    PERFORM sec.let_know(wanted_case, aware, 'Told that it exists when it was restricted');
    IF NOT sec.has_named_manager(wanted_case) THEN
        PERFORM sec.refuse('Name a manager, so that somebody decides on this file.');
    END IF;
END $$;

-- Lets teams know that a file exists and whom to ask. Part of other functions.
CREATE FUNCTION sec.let_know(wanted_case uuid, aware bigint[], why text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason, valid_from, granted_by_id)
    SELECT wanted_case, s.id, 0, ARRAY['core'], 'existence', 'Restricted file', 'public_task', why, now(), sec.principal()
    FROM accounts_subject AS s JOIN accounts_team AS t ON t.id = s.team_id AND t.ended_at IS NULL WHERE t.id = ANY (aware)
$$;

-- Gives back what the restriction ended, as far as it would still hold. The team that leads today holds it.
CREATE FUNCTION sec.lift_restriction(wanted_case uuid, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
    leads bigint := (SELECT l.team_id FROM access_allocation AS l WHERE l.case_id = wanted_case AND l.ended_at IS NULL);
    before jsonb;
BEGIN
    IF NOT sec.may('restrict', wanted_case) THEN
        PERFORM sec.refuse('You cannot lift the restriction of this file.');
    END IF;
    PERFORM FROM access_casefile AS f WHERE f.id = wanted_case FOR UPDATE;
    UPDATE access_restriction SET lifted_at = now(), lifted_by_id = asker, lifted_because = why
    WHERE case_id = wanted_case AND lifted_at IS NULL RETURNING held INTO before;
    IF NOT FOUND THEN
        PERFORM sec.refuse('This file is not restricted.');
    END IF;
    UPDATE access_casefile SET restricted_at = NULL WHERE id = wanted_case;
    UPDATE access_caseaccess AS a SET valid_until = now(), ended_by_id = asker
    WHERE a.case_id = wanted_case AND sec.is_live(a) AND a.source IN ('named', 'existence', 'break_glass');
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, valid_until, granted_by_id)
    SELECT wanted_case, h.subject_id, h.level, h.labels, h.source, h.purpose, h.lawful_basis, h.reason,
           now(), h.valid_until, h.granted_by_id
    FROM jsonb_populate_recordset(NULL::access_caseaccess, before) AS h
    JOIN accounts_subject AS s ON s.id = h.subject_id
    LEFT JOIN accounts_team AS t ON t.id = s.team_id
    WHERE (h.valid_until IS NULL OR h.valid_until > now()) AND t.ended_at IS NULL
      AND (h.source <> 'team' OR leads IS NULL OR s.team_id = leads);
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason, valid_from, granted_by_id)
    SELECT wanted_case, s.id, 2, a.labels, 'team', 'Direct work', a.lawful_basis, why, now(), asker
    FROM access_caseaccess AS a, accounts_subject AS s
    WHERE a.case_id = wanted_case AND a.source = 'allocation' AND sec.is_live(a) AND s.team_id = leads AND NOT EXISTS (
        SELECT FROM access_caseaccess AS b
        WHERE b.case_id = wanted_case AND b.subject_id = s.id AND b.source = 'team' AND sec.is_live(b));
    IF NOT EXISTS (SELECT FROM access_caseaccess AS a WHERE a.case_id = wanted_case AND a.source = 'team' AND sec.is_live(a)) THEN
        PERFORM sec.refuse('No team would hold this file. Allocate it first.');
    END IF;
END $$;

-- Tells who leads, the managers named and every auditor that a restricted file was opened, in the same transaction.
CREATE FUNCTION sec.tell_of_emergency(wanted_case uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    INSERT INTO accounts_notice (recipient_id, kind, reference, path, mail)
    SELECT who.user_id, 'emergency', f.reference,
           CASE WHEN bool_or(who.works) THEN '/cases/' || f.id || '/access/' ELSE '/emergencies/' END, 'at_once'
    FROM access_casefile AS f
    CROSS JOIN LATERAL (
        SELECT n.user_id, true AS works FROM sec.named_on(wanted_case) AS n
        WHERE n.role = 'team_manager' OR n.user_id IN (
            SELECT l.worker_id FROM access_allocation AS l WHERE l.case_id = wanted_case AND l.ended_at IS NULL)
        UNION ALL
        SELECT m.user_id, false FROM accounts_membership AS m
        JOIN accounts_user AS u ON u.id = m.user_id AND u.is_active
        JOIN sec.role_action AS ra ON ra.role = m.role AND ra.action = 'review_emergencies'
        WHERE m.ended_at IS NULL AND NOT EXISTS (
            SELECT FROM access_conflictexclusion AS x
            WHERE x.case_id = wanted_case AND x.user_id = m.user_id AND x.ended_at IS NULL)
    ) AS who
    WHERE f.id = wanted_case AND who.user_id <> sec.principal()
    GROUP BY who.user_id, f.id, f.reference
$$;

-- The files that whoever is asking knows of and cannot see, with whom to ask.
CREATE FUNCTION sec.known_to_exist()
RETURNS TABLE (case_id uuid, reference text, is_restricted boolean, contact text, job_title text, phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT f.id, f.reference::text, f.restricted_at IS NOT NULL, ask.name::text, ask.job_title::text, ask.phone::text
    FROM access_casefile AS f
    LEFT JOIN LATERAL (
        SELECT u.name, u.job_title, u.phone FROM sec.named_on(f.id) AS n JOIN accounts_user AS u ON u.id = n.user_id
        ORDER BY n.role = 'team_manager' DESC, u.id LIMIT 1
    ) AS ask ON true
    WHERE f.id IN (SELECT a.case_id FROM access_caseaccess AS a
                   WHERE a.subject_id = ANY (sec.subjects()) AND a.level = 0 AND sec.is_live(a))
      AND f.id <> ALL (sec.excluded_cases())
      AND NOT EXISTS (SELECT FROM access_caseaccess AS a WHERE a.case_id = f.id AND a.subject_id = ANY (sec.subjects())
                      AND a.level > 0 AND sec.is_live(a))
$$;

-- Opens a restricted file that somebody of social care knows of, for some hours, to look. Those who answer for it hear.
-- A manager takes it over by it where no manager is named any more, so that no file is left to nobody.
CREATE FUNCTION sec.break_glass(wanted_case uuid, why text, hours integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    IF hours NOT BETWEEN 1 AND 24 OR length(btrim(why)) < 20 THEN
        PERFORM sec.refuse('Say in a sentence of 20 letters or more what the emergency is.');
    END IF;
    IF NOT EXISTS (SELECT FROM sec.known_to_exist() AS k WHERE k.case_id = wanted_case AND k.is_restricted)
       OR NOT EXISTS (SELECT FROM sec.standing() AS st JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'break_glass') THEN
        PERFORM sec.refuse('You cannot open this file.');
    END IF;
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                   valid_from, valid_until, granted_by_id)
    SELECT wanted_case, s.id, 1, array_agg(DISTINCT l.label), 'break_glass', 'Emergency', 'public_task',
           why, now(), now() + make_interval(hours => hours), sec.principal()
    FROM accounts_subject AS s, access_restriction AS r
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::access_caseaccess, r.held) AS h
    CROSS JOIN LATERAL unnest(h.labels) AS l (label)
    WHERE s.user_id = sec.principal() AND r.case_id = wanted_case AND r.lifted_at IS NULL AND h.source = 'team'
      AND l.label NOT IN ('police', 'health')
    GROUP BY s.id
    RETURNING id INTO new_id;
    IF NOT sec.has_named_manager(wanted_case) AND EXISTS (SELECT FROM sec.standing() AS st WHERE st.role = 'team_manager') THEN
        INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason,
                                       valid_from, granted_by_id)
        SELECT a.case_id, a.subject_id, 2, a.labels, 'named', 'Restricted file', a.lawful_basis, a.reason, now(), a.granted_by_id
        FROM access_caseaccess AS a WHERE a.id = new_id;
    END IF;
    PERFORM sec.tell_of_emergency(wanted_case);
    RETURN new_id;
END $$;

CREATE FUNCTION sec.reviews_emergencies() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sec.standing() AS st
                   JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'review_emergencies')
$$;

-- Who opened a file for a reason of their own, for the auditor who reviews it: what waits first, the oldest on top.
CREATE FUNCTION sec.emergencies(wanted bigint, at_most integer, skipping integer)
RETURNS TABLE (access_id bigint, case_id uuid, reference text, is_restricted boolean, person_id bigint, person text, source text,
               reason text, since timestamptz, until timestamptz, was_needed boolean, finding text, reviewed_by text,
               reviewed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT a.id, f.id, f.reference::text, f.restricted_at IS NOT NULL, u.id, u.name::text, a.source::text, a.reason, a.valid_from,
           a.valid_until, r.was_needed, r.finding, reviewer.name::text, r.reviewed_at
    FROM access_caseaccess AS a
    JOIN access_casefile AS f ON f.id = a.case_id
    JOIN accounts_subject AS s ON s.id = a.subject_id
    JOIN accounts_user AS u ON u.id = s.user_id
    LEFT JOIN access_emergencyreview AS r ON r.access_id = a.id
    LEFT JOIN accounts_user AS reviewer ON reviewer.id = r.reviewed_by_id
    WHERE a.source IN ('stated_reason', 'break_glass') AND (wanted IS NULL OR a.id = wanted)
      AND sec.reviews_emergencies() AND f.id <> ALL (sec.excluded_cases())
    ORDER BY r.id IS NOT NULL, CASE WHEN r.id IS NULL THEN a.valid_from END, a.valid_from DESC, a.id DESC
    LIMIT at_most OFFSET skipping
$$;

CREATE FUNCTION sec.review_emergency(wanted bigint, needed boolean, words text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO access_emergencyreview (case_id, access_id, was_needed, finding, reviewed_by_id, reviewed_at)
    SELECT a.case_id, a.id, needed, words, sec.principal(), now()
    FROM access_caseaccess AS a JOIN accounts_subject AS s ON s.id = a.subject_id
    WHERE a.id = wanted AND a.source IN ('stated_reason', 'break_glass') AND s.user_id <> sec.principal()
      AND sec.reviews_emergencies() AND a.case_id <> ALL (sec.excluded_cases())
      AND NOT EXISTS (SELECT FROM access_emergencyreview AS r WHERE r.access_id = a.id);
    IF NOT FOUND THEN
        PERFORM sec.refuse('You cannot review this.');
    END IF;
END $$;

-- Somebody who leaves an agency is named on no file any more. Where that leaves a file without a manager, the teams that
-- held it before come to know of it, so that one of their managers can take it over.
CREATE FUNCTION sec.leave_agency() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM accounts_membership AS m JOIN accounts_team AS t ON t.id = m.team_id
        JOIN accounts_team AS left_team ON left_team.id = NEW.team_id AND left_team.agency_id = t.agency_id
        WHERE m.user_id = NEW.user_id AND m.ended_at IS NULL
    ) THEN
        UPDATE access_caseaccess AS a SET valid_until = greatest(now(), a.valid_from), ended_by_id = NEW.ended_by_id
        FROM accounts_subject AS s
        WHERE s.user_id = NEW.user_id AND a.subject_id = s.id AND a.source = 'named' AND sec.is_live(a);
    END IF;
    INSERT INTO access_caseaccess (case_id, subject_id, level, labels, source, purpose, lawful_basis, reason, valid_from, granted_by_id)
    SELECT DISTINCT r.case_id, s.id, 0, ARRAY['core'], 'existence', 'Restricted file', 'public_task',
           'No manager is named on it any more', now(), coalesce(NEW.ended_by_id, r.restricted_by_id)
    FROM access_caseaccess AS a
    JOIN accounts_subject AS own ON own.id = a.subject_id AND own.user_id = NEW.user_id
    JOIN access_restriction AS r ON r.case_id = a.case_id AND r.lifted_at IS NULL
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::access_caseaccess, r.held) AS h
    JOIN accounts_subject AS s ON s.id = h.subject_id AND s.team_id IS NOT NULL
    JOIN accounts_team AS t ON t.id = s.team_id AND t.ended_at IS NULL
    WHERE a.source = 'named' AND h.source = 'team' AND NOT sec.has_named_manager(r.case_id)
      AND NOT EXISTS (SELECT FROM access_caseaccess AS k
                      WHERE k.case_id = r.case_id AND k.subject_id = s.id AND k.level = 0 AND sec.is_live(k));
    RETURN NULL;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.is_live(access_caseaccess), sec.named_on(uuid), sec.has_named_manager(uuid),
    sec.held_by(uuid, bigint), sec.check_restricted(), sec.leave_agency(),
    sec.restrict_case(uuid, text, text, bigint[], bigint[]), sec.let_know(uuid, bigint[], text),
    sec.lift_restriction(uuid, text), sec.tell_of_emergency(uuid), sec.known_to_exist(), sec.break_glass(uuid, text, integer),
    sec.reviews_emergencies(), sec.emergencies(bigint, integer, integer), sec.review_emergency(bigint, boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.restrict_case(uuid, text, text, bigint[], bigint[]),
    sec.lift_restriction(uuid, text), sec.known_to_exist(), sec.break_glass(uuid, text, integer), sec.reviews_emergencies(),
    sec.emergencies(bigint, integer, integer), sec.review_emergency(bigint, boolean, text) TO cre_app;

CREATE TRIGGER check_restricted BEFORE INSERT OR UPDATE ON access_caseaccess
    FOR EACH ROW EXECUTE FUNCTION sec.check_restricted();
CREATE TRIGGER leave_agency AFTER UPDATE ON accounts_membership
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION sec.leave_agency();
