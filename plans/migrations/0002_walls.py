"""Puts the plans and copies behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}

# Whose name a row carries, and what of it may change. Each rule is also in the services, with its sentence.
RULES = """
CREATE POLICY opened_by_who_may ON plans_serviceplan AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (opened_by_id = (SELECT sec.principal()));
CREATE POLICY approved_by_who_may ON plans_serviceplan AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (true) WITH CHECK (approved_by_id IS NULL OR sec.may('edit_plan', case_id) OR sec.may('approve_plan', case_id));
REVOKE UPDATE ON plans_serviceplan FROM cre_app;
GRANT UPDATE (tier, state, child_agrees, child_says, parents_agree, parents_say, co_ordinator, approved_by_id, approved_at,
    version) ON plans_serviceplan TO cre_app;

CREATE POLICY added_by_its_author ON plans_planitem AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (added_by_id = (SELECT sec.principal()));
CREATE POLICY not_once_ended ON plans_planitem AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (ended_at IS NULL) WITH CHECK (true);
REVOKE UPDATE ON plans_planitem FROM cre_app;
GRANT UPDATE (disposition, reason, who, owner_id, owner_person_id, owner_name, agency_id, due_on, measure,
    offer_again_on, continued_because, on_hold, ended_at, end_reason, version) ON plans_planitem TO cre_app;

CREATE POLICY by_its_author ON plans_itemsession AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()) AND agency_id = ANY ((SELECT sec.agencies())::bigint[]));
CREATE POLICY by_its_author ON plans_safetyplan AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'draft' AND author_id = (SELECT sec.principal()));
CREATE POLICY by_its_author ON plans_contextualrisk AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (author_id = (SELECT sec.principal()));
REVOKE UPDATE ON plans_contextualrisk FROM cre_app;
GRANT UPDATE (removed_at) ON plans_contextualrisk TO cre_app;
CREATE POLICY by_its_author ON plans_transitionconsideration AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (considered_by_id = (SELECT sec.principal()));

GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT ON children_contactsafetydecision TO cre_sec;
SET LOCAL ROLE cre_sec;

-- A partner says how far its own action is; what the action is, whose, and when it ends, social care says.
CREATE FUNCTION sec.guard_own_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF sec.principal() IS NULL OR sec.may('edit_plan', NEW.case_id) OR sec.may('record_meeting', NEW.case_id)
       OR sec.may('decide_tier', NEW.case_id) OR sec.may('answer_low', NEW.case_id) THEN
        RETURN NEW;
    END IF;
    IF (NEW.owner_id, NEW.owner_person_id, NEW.owner_name, NEW.agency_id, NEW.due_on, NEW.measure, NEW.ended_at,
        NEW.on_hold, NEW.continued_because) IS DISTINCT FROM
       (OLD.owner_id, OLD.owner_person_id, OLD.owner_name, OLD.agency_id, OLD.due_on, OLD.measure, OLD.ended_at,
        OLD.on_hold, OLD.continued_because) THEN
        RAISE insufficient_privilege USING MESSAGE = 'An agency changes how far its action is, and nothing else of it.';
    END IF;
    RETURN NEW;
END $$;

-- Nobody considered complicit, or whose part is being decided, owns a part of the plan.
CREATE FUNCTION sec.guard_item_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.owner_person_id IS NOT NULL AND (
        SELECT d.complicity IN ('suspected', 'considered_complicit') OR d.unsafe_to_contact
        FROM children_contactsafetydecision AS d WHERE d.person_id = NEW.owner_person_id
        ORDER BY d.decided_at DESC, d.id DESC LIMIT 1)
    THEN
        RAISE check_violation USING MESSAGE = 'This person cannot be given a part of the plan.';
    END IF;
    RETURN NEW;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.guard_own_item(), sec.guard_item_owner() FROM PUBLIC;
CREATE TRIGGER guard_own_item BEFORE UPDATE ON plans_planitem FOR EACH ROW EXECUTE FUNCTION sec.guard_own_item();
CREATE TRIGGER guard_item_owner BEFORE INSERT OR UPDATE OF owner_person_id ON plans_planitem
    FOR EACH ROW EXECUTE FUNCTION sec.guard_item_owner();

-- A safety plan in force is not reworded: it is replaced.
CREATE FUNCTION plans_in_force_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'cre_app' AND OLD.state <> 'draft' AND NOT (OLD.state = 'in_force' AND NEW.state = 'replaced'
            AND to_jsonb(NEW) - 'state' - 'version' = to_jsonb(OLD) - 'state' - 'version') THEN
        RAISE check_violation USING MESSAGE = 'A safety plan in force is replaced, not changed.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_force_stays BEFORE UPDATE ON plans_safetyplan FOR EACH ROW EXECUTE FUNCTION plans_in_force_stays();

-- What belongs together is on one file.
ALTER TABLE plans_serviceplan ADD CONSTRAINT plan_id_and_file UNIQUE (id, case_id);
ALTER TABLE plans_planitem ADD CONSTRAINT item_id_and_file UNIQUE (id, case_id);
ALTER TABLE plans_planitem ADD CONSTRAINT item_on_its_file
    FOREIGN KEY (plan_id, case_id) REFERENCES plans_serviceplan (id, case_id);
ALTER TABLE plans_planitem ADD CONSTRAINT item_owner_on_its_file
    FOREIGN KEY (owner_person_id, case_id) REFERENCES children_person (id, case_id);
ALTER TABLE plans_itemsession ADD CONSTRAINT session_on_its_file
    FOREIGN KEY (item_id, case_id) REFERENCES plans_planitem (id, case_id);
ALTER TABLE plans_safetyplan ADD CONSTRAINT safety_plan_id_and_file UNIQUE (id, case_id);
ALTER TABLE plans_contextualrisk ADD CONSTRAINT risk_id_and_file UNIQUE (id, case_id);
ALTER TABLE plans_contextualrisk ADD CONSTRAINT risk_on_its_file
    FOREIGN KEY (safety_plan_id, case_id) REFERENCES plans_safetyplan (id, case_id);
ALTER TABLE plans_riskaction ADD CONSTRAINT risk_action_risk_on_its_file
    FOREIGN KEY (risk_id, case_id) REFERENCES plans_contextualrisk (id, case_id);
ALTER TABLE plans_riskaction ADD CONSTRAINT risk_action_item_on_its_file
    FOREIGN KEY (item_id, case_id) REFERENCES plans_planitem (id, case_id);
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("access", "0005_giving"), ("children", "0002_walls")]

    operations = [
        protect_case_table("plans_serviceplan", Label.PLAN),
        protect_case_table("plans_planitem", Label.PLAN, own={"agency_id": Own.AGENCY, "owner_id": Own.PERSON}),
        protect_case_table("plans_itemsession", Label.PLAN, writes=["INSERT"], own=AUTHOR),
        protect_case_table("plans_triggerplan", Label.SAFETY),
        protect_case_table("plans_safetyplan", Label.SAFETY),
        protect_case_table("plans_contextualrisk", Label.SAFETY),
        protect_case_table("plans_riskaction", Label.SAFETY, writes=["INSERT"]),
        protect_case_table("plans_transitionconsideration", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("plans_copy", Label.CASEWORK, own=AUTHOR),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
