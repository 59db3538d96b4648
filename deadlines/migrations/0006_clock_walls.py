"""What the clock's own database role may see and do, and what of a clock nobody may write by hand."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label

# Each rule is also in deadlines/services.py, with its sentence.
RULES = """
-- A clock is started by whoever acts, runs, and is ended once by whoever acts. What it counts is never changed.
CREATE POLICY started_by_who_acts ON deadlines_deadline AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (started_by_id = (SELECT sec.principal()) AND state = 'open');
CREATE POLICY ended_once ON deadlines_deadline AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state = 'open') WITH CHECK (state <> 'open' AND ended_by_id = (SELECT sec.principal()));
REVOKE UPDATE ON deadlines_deadline FROM cre_app;
GRANT UPDATE (state, ended_at, ended_by_id, end_reason, next_step, next_step_at) ON deadlines_deadline TO cre_app;
ALTER TABLE deadlines_deadline ADD CONSTRAINT deadline_reminds_only_while_open
    CHECK ((next_step = '') = (next_step_at IS NULL) AND (state = 'open' OR next_step = ''));

CREATE POLICY approved_by_who_may ON deadlines_breach AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (approved_by_id = (SELECT sec.principal()) AND sec.may('record_breach', case_id));

-- What belongs together is on one file.
ALTER TABLE deadlines_deadline ADD CONSTRAINT deadline_id_and_file UNIQUE (id, case_id);
ALTER TABLE deadlines_breach ADD CONSTRAINT breach_on_its_file
    FOREIGN KEY (deadline_id, case_id) REFERENCES deadlines_deadline (id, case_id);
ALTER TABLE deadlines_reminder ADD CONSTRAINT reminder_on_its_file
    FOREIGN KEY (deadline_id, case_id) REFERENCES deadlines_deadline (id, case_id);
"""

# The clock. It sees clocks that run, a file's reference, who leads on it and which team holds it, who is excluded from
# it, and people's addresses. No name of anybody, no other case table, no function of the second wall.
CLOCK = """
GRANT SELECT, INSERT, UPDATE ON deadlines_heartbeat TO cre_worker;

CREATE POLICY clock ON deadlines_deadline FOR SELECT TO cre_worker USING (state = 'open');
CREATE POLICY clock_goes_on ON deadlines_deadline FOR UPDATE TO cre_worker
    USING (state = 'open') WITH CHECK (state = 'open');
GRANT SELECT (id, case_id, rule_id, started_at, limit_at, limit_on, owner_id, state, next_step, next_step_at)
    ON deadlines_deadline TO cre_worker;
GRANT UPDATE (next_step, next_step_at) ON deadlines_deadline TO cre_worker;

CREATE POLICY clock ON deadlines_reminder FOR SELECT TO cre_worker USING (true);
CREATE POLICY clock_tells ON deadlines_reminder FOR INSERT TO cre_worker WITH CHECK (true);
GRANT SELECT, INSERT ON deadlines_reminder TO cre_worker;

CREATE POLICY clock ON accounts_notice FOR SELECT TO cre_worker USING (true);
CREATE POLICY clock_tells ON accounts_notice FOR INSERT TO cre_worker WITH CHECK (read_at IS NULL);
CREATE POLICY clock_mails ON accounts_notice FOR UPDATE TO cre_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON accounts_notice TO cre_worker;
GRANT UPDATE (mailed_at, try_after, attempts) ON accounts_notice TO cre_worker;

CREATE POLICY clock ON access_casefile FOR SELECT TO cre_worker USING (true);
GRANT SELECT (id, reference) ON access_casefile TO cre_worker;
CREATE POLICY clock ON access_allocation FOR SELECT TO cre_worker USING (ended_at IS NULL);
GRANT SELECT (case_id, worker_id, team_id, ended_at) ON access_allocation TO cre_worker;
CREATE POLICY clock ON access_caseaccess FOR SELECT TO cre_worker USING (source IN ('team', 'oversight'));
GRANT SELECT (case_id, subject_id, source, valid_from, valid_until) ON access_caseaccess TO cre_worker;
CREATE POLICY clock ON access_conflictexclusion FOR SELECT TO cre_worker USING (ended_at IS NULL);
GRANT SELECT (case_id, user_id, ended_at) ON access_conflictexclusion TO cre_worker;
GRANT SELECT (id, user_id, team_id, role, ended_at) ON accounts_membership TO cre_worker;
GRANT SELECT (id, agency_id, receives_contacts, ended_at) ON accounts_team TO cre_worker;
GRANT SELECT (id, ended_at) ON accounts_agency TO cre_worker;
GRANT SELECT (id, team_id) ON accounts_subject TO cre_worker;
GRANT SELECT (id, username, email, is_active) ON accounts_user TO cre_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0005_reminder"), ("access", "0006_notices")]

    operations = [
        protect_case_table("deadlines_reminder", Label.CASEWORK, writes=[]),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(CLOCK, reverse_sql=migrations.RunSQL.noop),
    ]
