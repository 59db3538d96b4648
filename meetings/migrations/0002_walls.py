"""Puts the meetings behind the second wall, and keeps who is never invited from being invited."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

INVITED = {"agencies": Own.AGENCIES, "author_id": Own.PERSON}

SAFETY = """
GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT ON children_contactsafetydecision, children_person, meetings_meeting, meetings_consultedfor TO cre_sec;
GRANT SELECT, UPDATE ON meetings_invitation TO cre_sec;
SET LOCAL ROLE cre_sec;

-- The latest decision on each person of a file, for whoever arranges its meetings: they may not hold the part it is in.
CREATE FUNCTION sec.contact_safety(wanted_case uuid)
RETURNS TABLE (person bigint, complicity text, unsafe_to_contact boolean, unsafe_to_meet_together boolean, decider bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT DISTINCT ON (d.person_id) d.person_id, d.complicity::text, d.unsafe_to_contact, d.unsafe_to_meet_together,
           d.decided_by_id
    FROM children_contactsafetydecision AS d
    WHERE d.case_id = wanted_case AND sec.may('arrange_meeting', wanted_case)
    ORDER BY d.person_id, d.decided_at DESC, d.id DESC
$$;

-- Nobody considered complicit is invited, whoever writes it; who is suspected or unsafe to contact is invited only
-- by a decision; what is held or refused is released by whoever may decide. A partner changes its reply and report.
CREATE FUNCTION sec.guard_invitation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    latest record;
    asker bigint := sec.principal();
    may_arrange boolean := asker IS NULL OR sec.may('arrange_meeting', NEW.case_id);
    is_invited boolean := NEW.reply NOT IN ('not_invited', 'held');
BEGIN
    IF TG_OP = 'UPDATE' AND NOT may_arrange AND (
        to_jsonb(NEW) - ARRAY['reply', 'report', 'version'] <> to_jsonb(OLD) - ARRAY['reply', 'report', 'version']
        OR (NEW.reply <> OLD.reply
            AND (NEW.reply NOT IN ('accepted', 'apologies', 'deputy') OR OLD.reply IN ('not_invited', 'held')))
    ) THEN
        PERFORM sec.refuse('An agency answers its invitation and sends its report; nothing else of it is changed.');
    END IF;
    IF NEW.person_id IS NULL OR NOT is_invited THEN
        RETURN NEW;
    END IF;
    SELECT d.complicity, d.unsafe_to_contact INTO latest FROM children_contactsafetydecision AS d
    WHERE d.person_id = NEW.person_id AND d.case_id = NEW.case_id ORDER BY d.decided_at DESC, d.id DESC LIMIT 1;
    IF latest.complicity = 'considered_complicit' THEN
        PERFORM sec.refuse('This person is never invited.');
    END IF;
    IF (latest.complicity = 'suspected' OR latest.unsafe_to_contact) AND NEW.decided_by_id IS NULL THEN
        PERFORM sec.refuse('A manager or chair decides first whether this person is invited.');
    END IF;
    IF asker IS NOT NULL AND ((TG_OP = 'UPDATE' AND OLD.reply IN ('not_invited', 'held'))
                              OR (TG_OP = 'INSERT' AND NEW.decided_by_id IS NOT NULL))
       AND NOT (NEW.decided_by_id = asker AND sec.may('decide_complicity', NEW.case_id)) THEN
        PERFORM sec.refuse('A manager or chair decides first whether this person is invited.');
    END IF;
    RETURN NEW;
END $$;

-- A later decision takes back, or holds, every invitation to a meeting still to come, in the same transaction.
CREATE FUNCTION sec.take_back_invitations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.complicity NOT IN ('considered_complicit', 'suspected') AND NOT NEW.unsafe_to_contact THEN
        RETURN NEW;
    END IF;
    UPDATE meetings_invitation AS i
    SET version = i.version + 1, decided_by_id = CASE WHEN held.stays THEN NULL ELSE NEW.decided_by_id END,
        reply = CASE WHEN held.stays THEN 'held' ELSE 'not_invited' END,
        not_invited_because = CASE WHEN held.stays THEN ''
                                   ELSE 'A manager or chair decided that this person is not to be invited.' END
    FROM (
        SELECT m.id, NEW.complicity <> 'considered_complicit'
            OR (m.kind IN ('icpc', 'rcpc', 'lac_review') AND p.parental_responsibility = 'yes') AS stays
        FROM meetings_meeting AS m, children_person AS p
        WHERE m.case_id = NEW.case_id AND m.state = 'arranged' AND p.id = NEW.person_id
    ) AS held
    WHERE i.meeting_id = held.id AND i.person_id = NEW.person_id AND i.reply NOT IN ('not_invited', 'held');
    RETURN NEW;
END $$;

-- A threshold discussion rests on at least one consultation (BR-05).
CREATE FUNCTION sec.threshold_rests_on_consultation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM meetings_consultedfor AS c WHERE c.discussion_id = NEW.id) THEN
        RAISE check_violation USING MESSAGE = 'Consult at least one agency first, and record what they think.';
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.contact_safety(uuid), sec.guard_invitation(), sec.take_back_invitations(),
    sec.threshold_rests_on_consultation() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.contact_safety(uuid) TO cre_app, cre_seed;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON meetings_invitation
    FOR EACH ROW EXECUTE FUNCTION sec.guard_invitation();
CREATE TRIGGER take_back_invitations AFTER INSERT ON children_contactsafetydecision
    FOR EACH ROW EXECUTE FUNCTION sec.take_back_invitations();
CREATE CONSTRAINT TRIGGER rests_on_consultation AFTER INSERT ON meetings_thresholddiscussion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sec.threshold_rests_on_consultation();
"""

# What the tables' own label cannot say. Each rule is also in the services, with its sentence.
RULES = """
-- A meeting is arranged and recorded in one's own name by a role that may; once held or cancelled it stays as it is.
CREATE POLICY arranged_by_its_author ON meetings_meeting AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND state = 'arranged' AND sec.may('arrange_meeting', case_id));
CREATE POLICY until_recorded ON meetings_meeting AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state = 'arranged' AND sec.may('arrange_meeting', case_id)) WITH CHECK (true);
REVOKE UPDATE ON meetings_meeting FROM cre_app;
GRANT UPDATE (state, starts_at, place, access_needs, chair_name, chair_id, agencies, summary, child_took_part,
    counts_as_review, review_statement, held_at, next_on, cancel_reason, version) ON meetings_meeting TO cre_app;

CREATE POLICY invited_by_its_author ON meetings_invitation AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (invited_by_id = (SELECT sec.principal()) AND attendance = '' AND sec.may('arrange_meeting', case_id));
REVOKE UPDATE ON meetings_invitation FROM cre_app;
GRANT UPDATE (by_way_of, apart, reply, not_invited_because, decided_by_id, legal_advice_taken, report, attendance,
    version) ON meetings_invitation TO cre_app;

-- Nobody records in another's name.
CREATE POLICY decided_by_its_author ON meetings_meetingdecision AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND sec.may('record_meeting', case_id));
CREATE POLICY dissent_by_its_author ON meetings_dissent AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND sec.may('record_meeting', case_id));
CREATE POLICY strategy_by_its_author ON meetings_strategyoutcome AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND sec.may('record_meeting', case_id));
CREATE POLICY consulted_by_its_author ON meetings_agencyconsultation AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND sec.may('hold_threshold_discussion', case_id));
CREATE POLICY threshold_by_its_author ON meetings_thresholddiscussion AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND sec.may('hold_threshold_discussion', case_id));
CREATE POLICY consulted_for_by_who_may ON meetings_consultedfor AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (sec.may('hold_threshold_discussion', case_id));
CREATE POLICY listed_by_its_author ON meetings_taskinglisting AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND state = 'listed');
CREATE POLICY until_discussed ON meetings_taskinglisting AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state = 'listed') WITH CHECK (true);
REVOKE UPDATE ON meetings_taskinglisting FROM cre_app;
GRANT UPDATE (state, discussed_on, outcome, next_on, version) ON meetings_taskinglisting TO cre_app;

-- What belongs together is on one file. The foreign keys by id alone do not say so, and see past row security.
ALTER TABLE meetings_meeting ADD CONSTRAINT meeting_id_and_file UNIQUE (id, case_id);
ALTER TABLE meetings_invitation ADD CONSTRAINT invitation_meeting_on_its_file
    FOREIGN KEY (meeting_id, case_id) REFERENCES meetings_meeting (id, case_id);
ALTER TABLE meetings_invitation ADD CONSTRAINT invitation_person_on_its_file
    FOREIGN KEY (person_id, case_id) REFERENCES children_person (id, case_id);
ALTER TABLE meetings_meetingdecision ADD CONSTRAINT decision_meeting_on_its_file
    FOREIGN KEY (meeting_id, case_id) REFERENCES meetings_meeting (id, case_id);
ALTER TABLE meetings_meetingdecision ADD CONSTRAINT meeting_decision_id_and_file UNIQUE (id, case_id);
ALTER TABLE meetings_dissent ADD CONSTRAINT dissent_decision_on_its_file
    FOREIGN KEY (decision_id, case_id) REFERENCES meetings_meetingdecision (id, case_id);
ALTER TABLE meetings_strategyoutcome ADD CONSTRAINT strategy_meeting_on_its_file
    FOREIGN KEY (meeting_id, case_id) REFERENCES meetings_meeting (id, case_id);
ALTER TABLE meetings_agencyconsultation ADD CONSTRAINT consultation_id_and_file UNIQUE (id, case_id);
ALTER TABLE meetings_thresholddiscussion ADD CONSTRAINT threshold_id_and_file UNIQUE (id, case_id);
ALTER TABLE meetings_consultedfor ADD CONSTRAINT consulted_discussion_on_its_file
    FOREIGN KEY (discussion_id, case_id) REFERENCES meetings_thresholddiscussion (id, case_id);
ALTER TABLE meetings_consultedfor ADD CONSTRAINT consulted_consultation_on_its_file
    FOREIGN KEY (consultation_id, case_id) REFERENCES meetings_agencyconsultation (id, case_id);
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("access", "0005_giving"), ("children", "0002_walls")]

    operations = [
        protect_case_table("meetings_meeting", Label.CASEWORK, own=INVITED),
        protect_case_table("meetings_invitation", Label.CASEWORK, own={"agency_id": Own.AGENCY, "user_id": Own.PERSON}),
        protect_case_table("meetings_meetingdecision", Label.CASEWORK, writes=["INSERT"], own=INVITED),
        protect_case_table("meetings_dissent", Label.CASEWORK, writes=["INSERT"], own=INVITED),
        protect_case_table("meetings_strategyoutcome", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_agencyconsultation", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_thresholddiscussion", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_consultedfor", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_taskinglisting", Label.SAFETY),
        migrations.RunSQL(SAFETY, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
