-- Who may change accounts, teams and roles: the rules of access/staff/services.py once more, in the database.
--
-- They bind the runtime role only. The owner migrates and loads, and standing access to every file is given by
-- nobody else.

GRANT CREATE ON SCHEMA sec TO cre_sec;

-- Which roles make sense in which kinds of agency, mirrored from accounts/roles.py after each migration.
CREATE TABLE sec.role_agency (role text NOT NULL, kind text NOT NULL, PRIMARY KEY (role, kind));
GRANT SELECT ON sec.role_agency TO cre_sec;

SET LOCAL ROLE cre_sec;

-- Whether whoever is asking is a system administrator.
CREATE FUNCTION sec.manages_staff() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sec.standing() AS st
                   JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'manage_staff')
$$;

-- Whether a role is one of an agency's that this team belongs to, and the team is there.
CREATE FUNCTION sec.role_fits(wanted_role text, wanted_team bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM accounts_team AS t
                   JOIN accounts_agency AS a ON a.id = t.agency_id AND a.ended_at IS NULL
                   JOIN sec.role_agency AS ra ON ra.role = wanted_role AND ra.kind = a.kind
                   WHERE t.id = wanted_team AND t.ended_at IS NULL)
$$;

-- Whether files would be left with nobody if a team ended. Says yes or no, and to system administrators only.
CREATE FUNCTION sec.team_holds_files(wanted_team bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT sec.manages_staff() AND (
        EXISTS (SELECT FROM access_allocation AS l WHERE l.team_id = wanted_team AND l.ended_at IS NULL)
        OR EXISTS (SELECT FROM access_caseaccess AS a JOIN accounts_subject AS s ON s.id = a.subject_id
                   WHERE s.team_id = wanted_team AND a.source = 'team'
                     AND (a.valid_until IS NULL OR a.valid_until > now())))
$$;

CREATE FUNCTION sec.check_membership() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'cre_app' THEN
        RETURN NEW;
    END IF;
    IF NOT sec.manages_staff() THEN
        PERFORM sec.refuse('Only a system administrator can give or take away a role.');
    END IF;
    IF NEW.user_id = sec.principal() THEN
        PERFORM sec.refuse('Nobody changes their own roles.');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.started_by_id IS DISTINCT FROM sec.principal() THEN
            PERFORM sec.refuse('A role is given in one''s own name.');
        END IF;
        IF NOT sec.role_fits(NEW.role, NEW.team_id)
           OR NOT EXISTS (SELECT FROM accounts_user AS u WHERE u.id = NEW.user_id AND u.is_active) THEN
            PERFORM sec.refuse('This role cannot be held by this person in this team.');
        END IF;
    ELSIF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.ended_by_id IS DISTINCT FROM sec.principal()
        OR (NEW.user_id, NEW.team_id, NEW.role, NEW.started_at, NEW.started_by_id)
           IS DISTINCT FROM (OLD.user_id, OLD.team_id, OLD.role, OLD.started_at, OLD.started_by_id) THEN
        PERFORM sec.refuse('A role that was given can only be ended, once, and in one''s own name.');
    END IF;
    RETURN NEW;
END $$;

-- Somebody who leaves a team leads on no file in it any more: those files wait in the team to be allocated, and
-- what the person held as lead ends, so that a later role elsewhere does not open it again.
CREATE FUNCTION sec.leave_team() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_membership AS m
               WHERE m.user_id = NEW.user_id AND m.team_id = NEW.team_id AND m.ended_at IS NULL) THEN
        RETURN NULL;
    END IF;
    UPDATE access_caseaccess AS a SET valid_until = greatest(now(), a.valid_from), ended_by_id = NEW.ended_by_id
    FROM accounts_subject AS s, access_allocation AS l
    WHERE s.user_id = NEW.user_id AND a.subject_id = s.id AND a.source = 'allocation'
      AND (a.valid_until IS NULL OR a.valid_until > now())
      AND l.case_id = a.case_id AND l.worker_id = NEW.user_id AND l.team_id = NEW.team_id AND l.ended_at IS NULL;
    UPDATE access_allocation SET ended_at = greatest(now(), started_at)
    WHERE worker_id = NEW.user_id AND team_id = NEW.team_id AND ended_at IS NULL;
    RETURN NULL;
END $$;

-- With nobody asking, as at sign-in, only the time of it and the hash of the same password may be written.
CREATE FUNCTION sec.check_person() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
BEGIN
    IF current_user <> 'cre_app' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT sec.manages_staff() THEN
            PERFORM sec.refuse('Only a system administrator can manage accounts.');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.username, NEW.name, NEW.job_title, NEW.email, NEW.phone, NEW.is_active, NEW.ended_at, NEW.created_at,
        NEW.session_epoch, NEW.version)
       IS DISTINCT FROM (OLD.username, OLD.name, OLD.job_title, OLD.email, OLD.phone, OLD.is_active, OLD.ended_at,
        OLD.created_at, OLD.session_epoch, OLD.version)
       AND NOT sec.manages_staff() THEN
        PERFORM sec.refuse('Only a system administrator can manage accounts.');
    END IF;
    IF NEW.ended_at IS DISTINCT FROM OLD.ended_at AND (OLD.ended_at IS NOT NULL OR NEW.id = asker) THEN
        PERFORM sec.refuse('An account that has ended stays ended, and nobody ends their own.');
    END IF;
    IF OLD.must_change_password AND NOT NEW.must_change_password AND asker IS DISTINCT FROM NEW.id THEN
        PERFORM sec.refuse('Only the person can replace a one-time password.');
    END IF;
    IF NEW.password <> OLD.password AND asker <> NEW.id AND NOT (NEW.must_change_password AND sec.manages_staff()) THEN
        PERFORM sec.refuse('Somebody else''s password can only be replaced by a one-time password.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sec.check_team() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'cre_app' THEN
        RETURN NEW;
    END IF;
    IF NOT sec.manages_staff() THEN
        PERFORM sec.refuse('Only a system administrator can manage teams.');
    END IF;
    IF TG_OP = 'INSERT' AND NEW.city_wide_level <> 0 OR TG_OP = 'UPDATE' AND
       (NEW.city_wide_level, NEW.city_wide_labels) IS DISTINCT FROM (OLD.city_wide_level, OLD.city_wide_labels) THEN
        PERFORM sec.refuse('Standing access to every file is not given here.');
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.agency_id <> OLD.agency_id OR OLD.ended_at IS NOT NULL) THEN
        PERFORM sec.refuse('A team stays with its agency, and one that has ended stays ended.');
    END IF;
    IF NEW.receives_contacts AND NEW.ended_at IS NULL
       AND NOT EXISTS (SELECT FROM accounts_agency AS a WHERE a.id = NEW.agency_id AND a.kind = 'council') THEN
        PERFORM sec.refuse('Only a team of the council can receive contacts.');
    END IF;
    IF NEW.ended_at IS NOT NULL AND sec.team_holds_files(NEW.id) THEN
        PERFORM sec.refuse('This team still holds files.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sec.check_agency() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'cre_app' THEN
        RETURN NEW;
    END IF;
    IF NOT sec.manages_staff() THEN
        PERFORM sec.refuse('Only a system administrator can manage agencies.');
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.kind <> OLD.kind OR OLD.ended_at IS NOT NULL) THEN
        PERFORM sec.refuse('An agency keeps its kind, and one that has ended stays ended.');
    END IF;
    IF NEW.ended_at IS NOT NULL
       AND EXISTS (SELECT FROM accounts_team AS t WHERE t.agency_id = NEW.id AND t.ended_at IS NULL) THEN
        PERFORM sec.refuse('This agency still has teams.');
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;

REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA sec FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.manages_staff(), sec.role_fits(text, bigint), sec.team_holds_files(bigint) TO cre_app;

CREATE TRIGGER check_membership BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION sec.check_membership();
CREATE TRIGGER leave_team AFTER UPDATE OF ended_at ON accounts_membership
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION sec.leave_team();
CREATE TRIGGER check_person BEFORE INSERT OR UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION sec.check_person();
CREATE TRIGGER check_team BEFORE INSERT OR UPDATE ON accounts_team
    FOR EACH ROW EXECUTE FUNCTION sec.check_team();
CREATE TRIGGER check_agency BEFORE INSERT OR UPDATE ON accounts_agency
    FOR EACH ROW EXECUTE FUNCTION sec.check_agency();
