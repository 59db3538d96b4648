"""Puts referrals behind the second wall, and the service directory in the hands of those who keep it."""

from django.db import migrations

from access.operations import exclude_conflicted, keep_history, open_to_runtime, protect_case_table
from access.parts import Label, Own

FUNCTIONS = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT ON referrals_service, referrals_servicemaintainer, referrals_referral, referrals_informationreport, auth_permission,
    plans_planitem, access_disclosuredecision, children_contactsafetydecision, meetings_strategyoutcome TO cre_sec;
GRANT INSERT ON referrals_serviceversion TO cre_sec;
SET LOCAL ROLE cre_sec;

-- Whether some role of whoever is asking allows an action that is about no file.
CREATE FUNCTION sec.allows(wanted_action text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM sec.standing() AS st JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = wanted_action)
$$;

-- The entries that whoever is asking keeps up to date: those they were given, while they work for the provider.
CREATE FUNCTION sec.maintained_services() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(m.content_object_id), '{}')
    FROM referrals_servicemaintainer AS m
    JOIN auth_permission AS p ON p.id = m.permission_id AND p.codename = 'maintain_service'
    JOIN referrals_service AS s ON s.id = m.content_object_id
    WHERE m.user_id = sec.principal() AND s.provider_id = ANY (sec.agencies())
$$;

-- How many files have an open referral to each entry: a count, for anybody who reads the directory.
CREATE FUNCTION sec.service_use() RETURNS TABLE (service_id bigint, files bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT r.service_id, count(DISTINCT r.case_id) FROM referrals_referral AS r
    WHERE r.state IN ('sent', 'accepted') AND sec.allows('view_directory') GROUP BY r.service_id
$$;

-- An ended entry stays as it was. Whom it sends referrals to, and what of the offer it serves, the directory
-- administrator alone decides. Without a principal it is the owner's loading.
CREATE FUNCTION sec.check_service() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF sec.principal() IS NULL THEN
        RETURN NEW;
    END IF;
    IF OLD.ended_at IS NOT NULL THEN
        PERFORM sec.refuse('This entry has ended.');
    END IF;
    IF (NEW.name, NEW.provider_id, NEW.team_id, NEW.items, NEW.lowest_tier)
        IS DISTINCT FROM (OLD.name, OLD.provider_id, OLD.team_id, OLD.items, OLD.lowest_tier)
       AND NOT sec.allows('manage_directory') THEN
        PERFORM sec.refuse('Only a directory administrator can change the name, provider, team, items and tier.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sec.keep_service_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO referrals_serviceversion (service_id, version, facts, by_id, at)
    VALUES (NEW.id, NEW.version, to_jsonb(NEW), sec.principal(), clock_timestamp());
    RETURN NULL;
END $$;

-- What was last decided on contact with a person, for whoever may refer them; NULL where nothing was.
CREATE FUNCTION sec.complicity_for_referral(wanted_case uuid, wanted_person bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT d.complicity FROM children_contactsafetydecision AS d
    WHERE d.case_id = wanted_case AND d.person_id = wanted_person AND sec.may('send_referral', wanted_case)
    ORDER BY d.decided_at DESC, d.id DESC LIMIT 1
$$;

-- A referral is sent in one's own name to a service that takes referrals, for somebody who may be referred, and
-- gives access to nobody but the team of that service.
CREATE FUNCTION sec.check_new_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
    wanted referrals_service;
    complicity text;
BEGIN
    IF asker IS NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.author_id <> asker OR NEW.state <> 'sent' OR NEW.answered_by_id IS NOT NULL OR NEW.ended_by_id IS NOT NULL
       OR NOT sec.may('send_referral', NEW.case_id) THEN
        PERFORM sec.refuse('You cannot send this referral.');
    END IF;
    SELECT * INTO wanted FROM referrals_service WHERE id = NEW.service_id;
    IF wanted.ended_at IS NOT NULL OR wanted.paused_until >= (now() AT TIME ZONE 'Europe/London')::date
       OR wanted.team_id IS DISTINCT FROM NEW.team_id THEN
        PERFORM sec.refuse('This service takes no referrals now.');
    END IF;
    complicity := sec.complicity_for_referral(NEW.case_id, NEW.person_id);
    IF complicity = 'considered_complicit'
       OR (complicity = 'suspected' AND NOT sec.may('decide_complicity', NEW.case_id)) THEN
        PERFORM sec.refuse('This person cannot be referred.');
    END IF;
    IF NOT EXISTS (SELECT FROM access_disclosuredecision AS d WHERE d.id = NEW.disclosure_id AND d.case_id = NEW.case_id)
       OR (NEW.item_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM plans_planitem AS i WHERE i.id = NEW.item_id AND i.case_id = NEW.case_id))
       OR (NEW."grant" IS NOT NULL AND NOT EXISTS (
            SELECT FROM access_caseaccess AS a JOIN accounts_subject AS s ON s.id = a.subject_id
            WHERE a.id = NEW."grant" AND a.case_id = NEW.case_id AND a.source = 'referral' AND s.team_id = NEW.team_id))
       THEN
        PERFORM sec.refuse('What belongs to a referral is on the same file.');
    END IF;
    RETURN NEW;
END $$;

-- Who received a referral answers it, once; who sent it withdraws it. What is over stays as it was.
CREATE FUNCTION sec.check_referral() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    asker bigint := sec.principal();
    sends boolean := sec.may('send_referral', OLD.case_id);
    receives boolean := CASE WHEN OLD.team_id IS NULL THEN sends ELSE OLD.team_id = ANY (sec.teams()) END;
    step text := OLD.state || ' ' || NEW.state;
BEGIN
    IF asker IS NULL THEN
        RETURN NEW;
    END IF;
    IF step NOT IN ('sent accepted', 'sent declined', 'sent withdrawn', 'accepted accepted', 'accepted ended',
                    'accepted withdrawn') THEN
        PERFORM sec.refuse('This referral has been answered or is over.');
    END IF;
    IF step IN ('sent accepted', 'sent declined') THEN
        IF NOT receives OR NEW.answered_by_id IS DISTINCT FROM asker THEN
            PERFORM sec.refuse('Only the service that received this referral can answer it.');
        END IF;
    ELSIF (NEW.answered_by_id, NEW.answered_at, NEW.answer)
        IS DISTINCT FROM (OLD.answered_by_id, OLD.answered_at, OLD.answer) THEN
        PERFORM sec.refuse('An answer is given once.');
    END IF;
    IF NEW.state = 'withdrawn' AND NOT sends OR NEW.state <> 'withdrawn' AND NOT receives
       OR NEW.state IN ('withdrawn', 'ended') AND NEW.ended_by_id IS DISTINCT FROM asker THEN
        PERFORM sec.refuse('You cannot change this referral.');
    END IF;
    RETURN NEW;
END $$;

-- A route fits who leads on the file, and none is opened where a section 47 enquiry runs (BR-04).
CREATE FUNCTION sec.check_new_route() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    led boolean := EXISTS (SELECT FROM access_allocation AS a WHERE a.case_id = NEW.case_id AND a.ended_at IS NULL);
BEGIN
    IF sec.principal() IS NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.author_id <> sec.principal() OR NOT sec.may('escalate', NEW.case_id) OR NEW.closed_at IS NOT NULL
       OR NEW.confirmed_at IS NOT NULL THEN
        PERFORM sec.refuse('You cannot open this route.');
    END IF;
    IF NEW.route = 'irt' AND led OR NEW.route = 'existing_sw' AND NOT led THEN
        PERFORM sec.refuse('This route does not fit who leads on the file.');
    END IF;
    IF EXISTS (SELECT FROM meetings_strategyoutcome AS o WHERE o.case_id = NEW.case_id AND o.s47_met) THEN
        PERFORM sec.refuse('A section 47 enquiry follows the strategy discussion.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sec.check_route() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF sec.principal() IS NULL THEN
        RETURN NEW;
    END IF;
    IF OLD.closed_at IS NOT NULL OR NOT sec.may('escalate', OLD.case_id)
       OR (NEW.closed_at IS NOT NULL AND NEW.closed_by_id IS DISTINCT FROM sec.principal())
       OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) THEN
        PERFORM sec.refuse('A route that is closed or confirmed stays so.');
    END IF;
    RETURN NEW;
END $$;

-- Whether whoever is asking is one of those in the police who receive information reports.
CREATE FUNCTION sec.receives_information() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM sec.standing() AS st
        JOIN accounts_agency AS a ON a.id = st.agency_id AND a.kind = 'police'
        JOIN sec.role_action AS ra ON ra.role = st.role AND ra.action = 'receive_information')
$$;

-- How many reports were sent about a child: all that social care is told.
CREATE FUNCTION sec.information_sent(wanted_case uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT count(*) FROM referrals_informationreport AS r
    WHERE r.case_id = wanted_case AND sec.may('view_notes', wanted_case)
$$;

-- A report is acknowledged once.
CREATE FUNCTION sec.check_information() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF sec.principal() IS NULL THEN
        RETURN NEW;
    END IF;
    IF OLD.acknowledged_at IS NULL AND NEW.acknowledged_by_id IS DISTINCT FROM sec.principal()
       OR OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_by_id, NEW.acknowledged_at)
          IS DISTINCT FROM (OLD.acknowledged_by_id, OLD.acknowledged_at) THEN
        PERFORM sec.refuse('A report is acknowledged once, in one’s own name.');
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.allows(text), sec.maintained_services(), sec.service_use(), sec.check_service(),
    sec.keep_service_version(), sec.complicity_for_referral(uuid, bigint), sec.check_new_referral(),
    sec.check_referral(), sec.check_new_route(), sec.check_route(), sec.receives_information(),
    sec.information_sent(uuid), sec.check_information() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.allows(text), sec.maintained_services(), sec.service_use(), sec.check_service(),
    sec.keep_service_version(), sec.complicity_for_referral(uuid, bigint), sec.check_new_referral(),
    sec.check_referral(), sec.check_new_route(), sec.check_route(), sec.receives_information(),
    sec.information_sent(uuid), sec.check_information() TO cre_app, cre_seed;
"""

DIRECTORY = f"""
ALTER TABLE referrals_service ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals_service FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON referrals_service FOR SELECT TO cre_app USING (true);
CREATE POLICY add ON referrals_service FOR INSERT TO cre_app WITH CHECK ((SELECT sec.allows('manage_directory')));
CREATE POLICY change ON referrals_service FOR UPDATE TO cre_app
    USING ((SELECT sec.allows('manage_directory')) OR id = ANY ((SELECT sec.maintained_services())::bigint[]));
CREATE TRIGGER check_service BEFORE UPDATE ON referrals_service FOR EACH ROW EXECUTE FUNCTION sec.check_service();
CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON referrals_service
    FOR EACH ROW EXECUTE FUNCTION sec.keep_service_version();

-- A right on an entry is given and taken by the directory administrator alone.
ALTER TABLE referrals_servicemaintainer ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals_servicemaintainer FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON referrals_servicemaintainer FOR SELECT TO cre_app USING (true);
CREATE POLICY give ON referrals_servicemaintainer FOR INSERT TO cre_app
    WITH CHECK ((SELECT sec.allows('manage_directory')));
CREATE POLICY take ON referrals_servicemaintainer FOR DELETE TO cre_app
    USING ((SELECT sec.allows('manage_directory')));
{keep_history("referrals_servicemaintainer")};
"""

RULES = f"""
-- Referrals: who may do what is in the triggers; what was sent is never changed.
REVOKE UPDATE ON referrals_referral FROM cre_app;
GRANT UPDATE (state, answered_by_id, answered_at, answer, first_attended_on, outcome, ended_by_id, ended_at, version)
    ON referrals_referral TO cre_app;
CREATE TRIGGER check_new BEFORE INSERT ON referrals_referral FOR EACH ROW EXECUTE FUNCTION sec.check_new_referral();
CREATE TRIGGER check_change BEFORE UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION sec.check_referral();
ALTER TABLE referrals_referral ADD CONSTRAINT referral_person_on_its_file
    FOREIGN KEY (person_id, case_id) REFERENCES children_person (id, case_id);

-- A route is confirmed and closed, never rewritten.
REVOKE UPDATE ON referrals_escalationroute FROM cre_app;
GRANT UPDATE (confirmed_at, closed_at, closed_by_id, close_reason) ON referrals_escalationroute TO cre_app;
CREATE TRIGGER check_new BEFORE INSERT ON referrals_escalationroute
    FOR EACH ROW EXECUTE FUNCTION sec.check_new_route();
CREATE TRIGGER check_change BEFORE UPDATE ON referrals_escalationroute
    FOR EACH ROW EXECUTE FUNCTION sec.check_route();

-- Information for the police: its sender reads their own while they hold the file; those who receive it read all and
-- answer. No label of a grant opens it. What was sent is locked.
ALTER TABLE referrals_informationreport ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals_informationreport FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON referrals_informationreport FOR SELECT TO cre_app
    USING ((SELECT sec.receives_information())
           OR (author_id = (SELECT sec.principal()) AND sec.holds(case_id, '{Label.CORE}')));
CREATE POLICY add ON referrals_informationreport FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND agency_id = ANY ((SELECT sec.agencies())::bigint[])
                AND acknowledged_at IS NULL AND sec.may('send_information', case_id));
CREATE POLICY change ON referrals_informationreport FOR UPDATE TO cre_app
    USING ((SELECT sec.receives_information()));
{exclude_conflicted("referrals_informationreport")};
{keep_history("referrals_informationreport")};
GRANT SELECT, INSERT ON referrals_informationreport TO cre_app;
GRANT UPDATE (acknowledged_by_id, acknowledged_at, police_reference, reply) ON referrals_informationreport TO cre_app;
CREATE TRIGGER check_change BEFORE UPDATE ON referrals_informationreport
    FOR EACH ROW EXECUTE FUNCTION sec.check_information();

-- The police alone grade, and alone read how they graded.
ALTER TABLE referrals_informationreport ADD CONSTRAINT information_id_and_file UNIQUE (id, case_id);
ALTER TABLE referrals_informationgrading ADD CONSTRAINT grading_on_its_file
    FOREIGN KEY (report_id, case_id) REFERENCES referrals_informationreport (id, case_id);
ALTER TABLE referrals_informationgrading ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals_informationgrading FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON referrals_informationgrading FOR SELECT TO cre_app USING ((SELECT sec.receives_information()));
CREATE POLICY add ON referrals_informationgrading FOR INSERT TO cre_app
    WITH CHECK ((SELECT sec.receives_information()) AND graded_by_id = (SELECT sec.principal()));
{exclude_conflicted("referrals_informationgrading")};
{keep_history("referrals_informationgrading")};
GRANT SELECT, INSERT ON referrals_informationgrading TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("access", "0005_giving"), ("meetings", "0002_walls")]

    operations = [
        migrations.RunSQL(FUNCTIONS, reverse_sql=migrations.RunSQL.noop),
        open_to_runtime("SELECT, INSERT, UPDATE", "referrals_service"),
        open_to_runtime("SELECT", "referrals_serviceversion"),
        open_to_runtime("SELECT, INSERT, DELETE", "referrals_servicemaintainer"),
        migrations.RunSQL(DIRECTORY, reverse_sql=migrations.RunSQL.noop),
        protect_case_table("referrals_referral", Label.CASEWORK, own={"team_id": Own.TEAM, "author_id": Own.PERSON}),
        protect_case_table("referrals_escalationroute", Label.CASEWORK),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
